//! The fields of a CRL around its entries (RFC 5280, section 5.1), read and not judged.

use rustls_pki_types::UnixTime;

use super::entries;
use super::error::CrlError;
use super::number::Number;
use super::scope::IssuingDistributionPoint;
use crate::revocation::Revocation;
use crate::x509::der::{DerError, Reader, tag};
use crate::x509::{Extensions, Name, Oid, Signed, once, time};

/// A list of revoked certificates.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CertificateList<'a> {
    /// Who issued it.
    pub issuer: Name<'a>,
    /// When it was issued.
    pub this_update: UnixTime,
    /// When there will be something newer, if the issuer says.
    pub next_update: Option<UnixTime>,
    /// Its number, if it has one.
    pub number: Option<Number>,
    /// Which certificates it is about; `None` for all of its issuer.
    pub scope: Option<IssuingDistributionPoint<'a>>,
    /// Whether it only tells what changed since another list.
    pub delta: bool,
    /// The first critical extension that is not understood.
    pub unknown_critical: Option<Oid<'a>>,
    /// The signature over all of it.
    pub signed: Signed<'a>,
    entries: Reader<'a>,
}

impl<'a> CertificateList<'a> {
    /// Reads a list in DER; PEM is not accepted. The entries are not touched.
    ///
    /// # Errors
    /// The bytes are not DER, or not a CRL of version 2, or one of the extensions of this struct
    /// is malformed or occurs twice.
    pub fn parse(der: &'a [u8]) -> Result<Self, DerError> {
        let mut fields = Reader::only(der, tag::SEQUENCE)?.reader();
        let signed = Signed::read(&mut fields)?;
        fields.finish()?;

        let mut tbs = signed.fields()?;
        let place = tbs.offset();
        match tbs.optional(tag::INTEGER)? {
            Some(version) if version.contents == [1] => {}
            _ => return Err(DerError::forbidden(place, "CRL of a version other than 2")),
        }
        let algorithm = tbs.expect(tag::SEQUENCE)?;
        if algorithm.contents != signed.algorithm.contents {
            return Err(algorithm.forbidden("inner and outer signature algorithm differ"));
        }
        let issuer = Name::read(&mut tbs)?;
        let this_update = time(&mut tbs)?;
        let next_update = match tbs.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(time(&mut tbs)?),
            _ => None,
        };
        if next_update.is_some_and(|next_update| next_update <= this_update) {
            return Err(DerError::forbidden(
                place,
                "nextUpdate is not after thisUpdate",
            ));
        }
        let entries = match tbs.optional(tag::SEQUENCE)? {
            Some(list) if list.contents.is_empty() => {
                return Err(list.forbidden("empty list of entries"));
            }
            Some(list) => list.reader(),
            None => Reader::new(&[]),
        };
        let extensions = Extensions::read_tagged(&mut tbs, 0)?;
        tbs.finish()?;

        let mut list = Self {
            issuer,
            this_update,
            next_update,
            number: None,
            scope: None,
            delta: false,
            unknown_critical: None,
            signed,
            entries,
        };
        list.read_extensions(extensions)?;
        Ok(list)
    }

    /// Looks up the entry of the certificate with these octets as its serial number.
    ///
    /// The whole list is walked whatever it holds, so that a list with a damaged entry, or one
    /// that is not understood, is refused for every certificate alike. Nothing is allocated.
    ///
    /// # Errors
    /// [`CrlError::Malformed`], [`CrlError::UnsupportedCritical`], or [`CrlError::Unsupported`]
    /// where an entry names another issuer.
    pub fn find(&self, serial: &[u8]) -> Result<Option<Revocation>, CrlError> {
        entries::find(self.entries, serial)
    }

    fn read_extensions(&mut self, extensions: Extensions<'a>) -> Result<(), DerError> {
        for extension in extensions {
            let extension = extension?;
            let one = &extension;
            match one.oid {
                Oid::CRL_NUMBER => once(&mut self.number, one, Number::read(one))?,
                Oid::ISSUING_DISTRIBUTION_POINT => {
                    once(&mut self.scope, one, IssuingDistributionPoint::read(one))?;
                }
                Oid::DELTA_CRL_INDICATOR => self.delta = true,
                // Which of the issuer's keys signed it is found out by the signature.
                Oid::AUTHORITY_KEY_IDENTIFIER => {}
                oid if one.critical => {
                    self.unknown_critical.get_or_insert(oid);
                }
                _ => {}
            }
        }
        Ok(())
    }
}
