//! Which certificates a CRL is about (RFC 5280, sections 5.2.5 and 6.3.3).

use super::error::{CrlError, OutOfScope, Unsupported};
use crate::error::PeerText;
use crate::x509::der::{DerError, Reader, tag};
use crate::x509::{Certificate, Extension, PointName, same_general_name};

/// The most names of a distribution point that are looked at. One or two are usual.
const MOST_NAMES: usize = 16;

/// The issuing distribution point extension.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct IssuingDistributionPoint<'a> {
    /// The name of the distribution point; `None` where the list is not tied to one.
    pub name: Option<PointName<'a>>,
    /// Whether the list is about certificates of end entities only.
    pub only_user_certificates: bool,
    /// Whether it is about certificates of CAs only.
    pub only_ca_certificates: bool,
    /// Whether it is about attribute certificates only.
    pub only_attribute_certificates: bool,
    /// Whether it covers only some reasons for a revocation.
    pub some_reasons_only: bool,
    /// Whether it holds entries for certificates of other issuers.
    pub indirect: bool,
}

impl<'a> IssuingDistributionPoint<'a> {
    pub(super) fn read(extension: &Extension<'a>) -> Result<Self, DerError> {
        let sequence = extension.only(tag::SEQUENCE)?;
        if sequence.contents.is_empty() {
            return Err(sequence.forbidden("empty issuing distribution point"));
        }
        let mut fields = sequence.reader();
        let point = Self {
            name: PointName::read(&mut fields)?,
            only_user_certificates: flag(&mut fields, 1)?,
            only_ca_certificates: flag(&mut fields, 2)?,
            some_reasons_only: fields.optional(tag::context(3))?.is_some(),
            indirect: flag(&mut fields, 4)?,
            only_attribute_certificates: flag(&mut fields, 5)?,
        };
        fields.finish()?;
        let kinds = [
            point.only_user_certificates,
            point.only_ca_certificates,
            point.only_attribute_certificates,
        ];
        if kinds.into_iter().filter(|only| *only).count() > 1 {
            return Err(sequence.forbidden("a list for more than one kind of certificate only"));
        }
        Ok(point)
    }

    /// Refuses what would be misread as a complete list.
    pub(super) fn require_supported(&self) -> Result<(), CrlError> {
        let unsupported = if self.indirect {
            Unsupported::Indirect
        } else if self.some_reasons_only {
            Unsupported::SomeReasons
        } else if matches!(self.name, Some(PointName::RelativeToIssuer)) {
            Unsupported::RelativeName
        } else {
            return Ok(());
        };
        Err(CrlError::Unsupported(unsupported))
    }

    /// Refuses a list that is not about `certificate`.
    pub(super) fn require_covers(&self, certificate: &Certificate<'_>) -> Result<(), CrlError> {
        let out_of_scope = if self.only_attribute_certificates {
            OutOfScope::AttributeCertificatesOnly
        } else if self.only_user_certificates && certificate.is_ca() {
            OutOfScope::UserCertificatesOnly
        } else if self.only_ca_certificates && !certificate.is_ca() {
            OutOfScope::CaCertificatesOnly
        } else if !self
            .is_named_by(certificate)
            .map_err(CrlError::Certificate)?
        {
            let urls = self.name.map_or(Ok(Vec::new()), |name| name.urls())?;
            OutOfScope::OtherPoint {
                urls: urls
                    .into_iter()
                    .take(MOST_NAMES)
                    .map(PeerText::new)
                    .collect(),
            }
        } else {
            return Ok(());
        };
        Err(CrlError::OutOfScope(out_of_scope))
    }

    /// Whether one of the certificate's distribution points has one of the names of this one.
    fn is_named_by(&self, certificate: &Certificate<'_>) -> Result<bool, DerError> {
        let Some(PointName::Full(ours)) = self.name else {
            return Ok(true);
        };
        for point in certificate.crl_distribution_points()? {
            let Some(PointName::Full(theirs)) = point.name else {
                continue;
            };
            if !point.other_issuer && have_common_name(ours, theirs)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether one of our names is one of theirs. Only [`MOST_NAMES`] of ours are looked at, so that a
/// hostile list cannot make it dear to compare each with each.
fn have_common_name(mut ours: Reader<'_>, theirs: Reader<'_>) -> Result<bool, DerError> {
    for _ in 0..MOST_NAMES {
        if ours.is_empty() {
            break;
        }
        let ours = ours.any()?;
        let mut theirs = theirs;
        while !theirs.is_empty() {
            if same_general_name(&ours, &theirs.any()?) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn flag(fields: &mut Reader<'_>, number: u8) -> Result<bool, DerError> {
    match fields.optional(tag::context(number))? {
        Some(flag) => flag.boolean(),
        None => Ok(false),
    }
}
