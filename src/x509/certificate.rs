//! The fields and extensions of a certificate that the crate asks for.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, UnixTime};

use super::der::{DerError, Reader, tag};
use super::distribution::{self, DistributionPoint};
use super::extension::{Extension, Extensions, once};
use super::key::PublicKey;
use super::name::Name;
use super::oid::Oid;
use super::signed::Signed;
use super::time::time;

/// A certificate (RFC 5280, section 4.1), read and not judged.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Certificate<'a> {
    /// The octets of the serial number as they stand in the certificate, whether in the
    /// shortest form or not: revocation data must name exactly these.
    pub serial: &'a [u8],
    /// Who issued it.
    pub issuer: Name<'a>,
    /// Whom it is for.
    pub subject: Name<'a>,
    /// From when until when.
    pub validity: Validity,
    /// The subject's key.
    pub public_key: PublicKey<'a>,
    /// Whether the subject is a CA, if the certificate says.
    pub basic_constraints: Option<BasicConstraints>,
    /// What the key may do, if the certificate says.
    pub key_usage: Option<KeyUsage>,
    /// For what purposes, if the certificate says.
    pub extended_key_usage: Option<ExtendedKeyUsage<'a>>,
    /// Whether a TLS server must staple an OCSP response (`status_request` in the TLS feature
    /// extension, RFC 7633).
    pub must_staple: bool,
    /// Whether an OCSP responder's certificate is exempt from checks (`id-pkix-ocsp-nocheck`,
    /// RFC 6960, section 4.2.2.2.1).
    pub no_check: bool,
    /// The first critical extension that neither this crate nor `rustls-webpki` processes.
    pub unknown_critical: Option<Oid<'a>>,
    /// The signature over it.
    pub signed: Signed<'a>,
    information_access: Option<Extension<'a>>,
    distribution_points: Option<Extension<'a>>,
}

impl<'a> Certificate<'a> {
    /// Reads a certificate.
    ///
    /// # Errors
    /// The bytes are not DER, or not an X.509 certificate of version 1 to 3, or one of the
    /// extensions named in [`Certificate`] is malformed or occurs twice.
    pub fn parse(der: &'a CertificateDer<'_>) -> Result<Self, DerError> {
        Self::from_bytes(der.as_ref())
    }

    /// As [`parse`](Self::parse), from plain bytes.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn from_bytes(der: &'a [u8]) -> Result<Self, DerError> {
        let mut fields = Reader::only(der, tag::SEQUENCE)?.reader();
        let signed = Signed::read(&mut fields)?;
        fields.finish()?;

        let mut tbs = signed.fields()?;
        let version = version(&mut tbs)?;
        let serial = tbs.expect(tag::INTEGER)?;
        if serial.contents.is_empty() {
            return Err(serial.forbidden("empty serial number"));
        }
        let algorithm = tbs.expect(tag::SEQUENCE)?;
        if algorithm.contents != signed.algorithm.contents {
            return Err(algorithm.forbidden("inner and outer signature algorithm differ"));
        }
        let issuer = Name::read(&mut tbs)?;
        let validity = Validity::read(&mut tbs)?;
        let subject = Name::read(&mut tbs)?;
        let public_key = PublicKey::read(&mut tbs)?;
        tbs.optional(tag::context(1))?;
        tbs.optional(tag::context(2))?;
        let place = tbs.offset();
        let extensions = Extensions::read_tagged(&mut tbs, 3)?;
        tbs.finish()?;

        let mut certificate = Self {
            serial: serial.contents,
            issuer,
            subject,
            validity,
            public_key,
            basic_constraints: None,
            key_usage: None,
            extended_key_usage: None,
            must_staple: false,
            no_check: false,
            unknown_critical: None,
            signed,
            information_access: None,
            distribution_points: None,
        };
        certificate.read_extensions(extensions, version, place)?;
        Ok(certificate)
    }

    /// Whether the subject is a CA by its basic constraints.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints
            .is_some_and(|constraints| constraints.ca)
    }

    /// Whether it lives for seven days or less and so, by the CA/Browser Forum's baseline
    /// requirements (section 7.1.2.11.2), needs no revocation information.
    pub fn is_short_lived(&self) -> bool {
        self.validity.period() <= Duration::from_secs(7 * 24 * 60 * 60)
    }

    /// The OCSP responders of the authority information access extension (RFC 5280, section
    /// 4.2.2.1), in its order, with whatever scheme they have.
    ///
    /// # Errors
    /// The extension is malformed.
    pub fn ocsp_urls(&self) -> Result<Vec<&'a str>, DerError> {
        self.access_urls(Oid::OCSP)
    }

    /// Where the issuer's certificate can be fetched, as [`ocsp_urls`](Self::ocsp_urls).
    ///
    /// # Errors
    /// The extension is malformed.
    pub fn issuer_urls(&self) -> Result<Vec<&'a str>, DerError> {
        self.access_urls(Oid::CA_ISSUERS)
    }

    /// The CRL distribution points (RFC 5280, section 4.2.1.13).
    ///
    /// # Errors
    /// The extension is malformed.
    pub fn crl_distribution_points(&self) -> Result<Vec<DistributionPoint<'a>>, DerError> {
        match &self.distribution_points {
            Some(extension) => distribution::points(extension),
            None => Ok(Vec::new()),
        }
    }

    fn access_urls(&self, method: Oid<'_>) -> Result<Vec<&'a str>, DerError> {
        let Some(extension) = &self.information_access else {
            return Ok(Vec::new());
        };
        let mut urls = Vec::new();
        let mut descriptions = extension.only(tag::SEQUENCE)?.reader();
        while !descriptions.is_empty() {
            let mut fields = descriptions.expect(tag::SEQUENCE)?.reader();
            let found = fields.expect(tag::OID)?.contents;
            let location = fields.any()?;
            fields.finish()?;
            if found == method.0 {
                urls.extend(distribution::general_name_uri(&location)?);
            }
        }
        Ok(urls)
    }

    fn read_extensions(
        &mut self,
        extensions: Extensions<'a>,
        version: u8,
        place: usize,
    ) -> Result<(), DerError> {
        let (mut tls_feature, mut no_check) = (None, None);
        for extension in extensions {
            let extension = extension?;
            if version != 2 {
                return Err(DerError::forbidden(place, "extensions before version 3"));
            }
            let one = &extension;
            match one.oid {
                Oid::BASIC_CONSTRAINTS => {
                    once(
                        &mut self.basic_constraints,
                        one,
                        BasicConstraints::read(one),
                    )?;
                }
                Oid::KEY_USAGE => once(&mut self.key_usage, one, KeyUsage::read(one))?,
                Oid::EXTENDED_KEY_USAGE => {
                    once(
                        &mut self.extended_key_usage,
                        one,
                        ExtendedKeyUsage::read(one),
                    )?;
                }
                Oid::AUTHORITY_INFORMATION_ACCESS => {
                    once(&mut self.information_access, one, Ok(extension))?;
                }
                Oid::CRL_DISTRIBUTION_POINTS => {
                    once(&mut self.distribution_points, one, Ok(extension))?;
                }
                Oid::TLS_FEATURE => once(&mut tls_feature, one, requests_status(one))?,
                Oid::OCSP_NO_CHECK => once(&mut no_check, one, Ok(()))?,
                // Judged by `rustls-webpki` while it builds the path.
                Oid::SUBJECT_ALTERNATIVE_NAME | Oid::NAME_CONSTRAINTS => {}
                oid if one.critical => {
                    self.unknown_critical.get_or_insert(oid);
                }
                _ => {}
            }
        }
        self.must_staple = tls_feature.unwrap_or(false);
        self.no_check = no_check.is_some();
        Ok(())
    }
}

/// When a certificate is valid, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Validity {
    /// The first second.
    pub not_before: UnixTime,
    /// The last second.
    pub not_after: UnixTime,
}

impl Validity {
    /// Whether `now` lies within.
    pub fn contains(&self, now: UnixTime) -> bool {
        self.not_before <= now && now <= self.not_after
    }

    /// From the first to the last second; zero where they are in the wrong order.
    pub fn period(&self) -> Duration {
        Duration::from_secs(
            self.not_after
                .as_secs()
                .saturating_sub(self.not_before.as_secs()),
        )
    }

    fn read(tbs: &mut Reader<'_>) -> Result<Self, DerError> {
        let mut fields = tbs.expect(tag::SEQUENCE)?.reader();
        let validity = Self {
            not_before: time(&mut fields)?,
            not_after: time(&mut fields)?,
        };
        fields.finish()?;
        Ok(validity)
    }
}

/// The basic constraints extension (RFC 5280, section 4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BasicConstraints {
    /// Whether the subject is a CA.
    pub ca: bool,
    /// How many intermediate CAs may follow below, from 0 to 127.
    pub path_length: Option<u8>,
}

impl BasicConstraints {
    fn read(extension: &Extension<'_>) -> Result<Self, DerError> {
        let mut fields = extension.only(tag::SEQUENCE)?.reader();
        let ca = match fields.optional(tag::BOOLEAN)? {
            Some(ca) => ca.boolean()?,
            None => false,
        };
        let path_length = match fields.optional(tag::INTEGER)? {
            Some(length) => Some(length.small_number()?),
            None => None,
        };
        fields.finish()?;
        Ok(Self { ca, path_length })
    }
}

/// The key usage extension (RFC 5280, section 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    first_octet: u8,
}

impl KeyUsage {
    /// Whether the key may sign data other than certificates and CRLs.
    pub fn digital_signature(&self) -> bool {
        self.first_octet & 0x80 != 0
    }

    /// Whether the key may sign certificates.
    pub fn key_cert_sign(&self) -> bool {
        self.first_octet & 0x04 != 0
    }

    /// Whether the key may sign CRLs.
    pub fn crl_sign(&self) -> bool {
        self.first_octet & 0x02 != 0
    }

    fn read(extension: &Extension<'_>) -> Result<Self, DerError> {
        match extension.only(tag::BIT_STRING)?.contents {
            [0..=7, first_octet, ..] => Ok(Self {
                first_octet: *first_octet,
            }),
            _ => Err(extension.forbidden("key usage without a bit")),
        }
    }
}

/// The extended key usage extension (RFC 5280, section 4.2.1.12).
#[derive(Clone, Debug)]
pub struct ExtendedKeyUsage<'a> {
    purposes: Reader<'a>,
}

impl<'a> ExtendedKeyUsage<'a> {
    /// Whether it names this purpose; `anyExtendedKeyUsage` stands for no other.
    pub fn allows(&self, purpose: Oid<'_>) -> bool {
        self.purposes().any(|found| found == purpose)
    }

    /// The purposes it names.
    pub fn purposes(&self) -> impl Iterator<Item = Oid<'a>> + use<'a> {
        let mut purposes = self.purposes;
        std::iter::from_fn(move || purposes.expect(tag::OID).ok().map(|oid| Oid(oid.contents)))
    }

    fn read(extension: &Extension<'a>) -> Result<Self, DerError> {
        let list = extension.only(tag::SEQUENCE)?;
        let mut purposes = list.reader();
        if purposes.is_empty() {
            return Err(list.forbidden("extended key usage without a purpose"));
        }
        while !purposes.is_empty() {
            purposes.expect(tag::OID)?;
        }
        Ok(Self {
            purposes: list.reader(),
        })
    }
}

/// `[0] EXPLICIT INTEGER DEFAULT v1`; the value is one less than the version's name.
fn version(tbs: &mut Reader<'_>) -> Result<u8, DerError> {
    let Some(wrapper) = tbs.optional(tag::context_constructed(0))? else {
        return Ok(0);
    };
    let mut inner = wrapper.reader();
    let version = inner.expect(tag::INTEGER)?.small_number()?;
    inner.finish()?;
    match version {
        0..=2 => Ok(version),
        _ => Err(wrapper.forbidden("certificate of a version above 3")),
    }
}

/// Whether a TLS feature extension (RFC 7633) names `status_request`.
fn requests_status(extension: &Extension<'_>) -> Result<bool, DerError> {
    const STATUS_REQUEST: u8 = 5;
    let mut features = extension.only(tag::SEQUENCE)?.reader();
    let mut requested = false;
    while !features.is_empty() {
        requested |= features.expect(tag::INTEGER)?.contents == [STATUS_REQUEST];
    }
    Ok(requested)
}
