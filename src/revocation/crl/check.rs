//! The verdict on a CRL (RFC 5280, section 6.3.3).

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};

use super::error::{CrlError, Unsupported};
use super::list::CertificateList;
use super::number::Number;
use crate::revocation::{Freshness, Issuer, Revocation, Standing};
use crate::x509::{Certificate, Name};

/// What a list must satisfy.
///
/// [`leaf`](Self::leaf) and [`intermediate`](Self::intermediate) make the profiles for production
/// use; every field may then be changed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Profile<'a> {
    /// The signature algorithms that count: those of the crypto provider. None of them uses
    /// SHA-1 or MD5.
    pub algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
    /// How fresh the list must be.
    pub freshness: Freshness,
    /// The number of a list of this issuer and scope that was seen before: an older list is then
    /// refused. Default: none.
    pub known_number: Option<Number>,
    /// The largest list in bytes. Default: 5 MiB.
    pub max_size: usize,
}

impl<'a> Profile<'a> {
    /// The profile for a server's certificate.
    pub fn leaf(algorithms: &'a [&'a dyn SignatureVerificationAlgorithm]) -> Self {
        Self {
            algorithms,
            freshness: Freshness::LEAF,
            known_number: None,
            max_size: 5 * 1024 * 1024,
        }
    }

    /// The profile for a CA's certificate.
    pub fn intermediate(algorithms: &'a [&'a dyn SignatureVerificationAlgorithm]) -> Self {
        Self {
            freshness: Freshness::INTERMEDIATE,
            ..Self::leaf(algorithms)
        }
    }
}

/// What an authentic, current list says about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// When and why the certificate was revoked; `None` if it is not on the list.
    pub revocation: Option<Revocation>,
    /// When the list was issued.
    pub this_update: UnixTime,
    /// Until when the list may be kept.
    pub next_update: Option<UnixTime>,
    /// The number of the list.
    pub number: Option<Number>,
}

impl Verdict {
    /// The row of the policy that this belongs to.
    pub fn standing(&self) -> Standing {
        match self.revocation {
            Some(_) => Standing::Revoked,
            None => Standing::Good,
        }
    }
}

/// Looks `certificate` up in `list`, in DER, at the time `now`.
///
/// `issuer` is the issuer of the *verified path*. The certificate's own signature and validity
/// are not judged here. Where the issuer is an anchor, make it from the anchor's certificate if
/// that is at hand: a bare anchor does not tell whether it may sign CRLs.
///
/// # Errors
/// See [`CrlError`]. That the certificate is on the list is a verdict and no error.
pub fn check(
    list: &[u8],
    certificate: &CertificateDer<'_>,
    issuer: &Issuer<'_>,
    now: UnixTime,
    profile: &Profile<'_>,
) -> Result<Verdict, CrlError> {
    let (size, limit) = (list.len(), profile.max_size);
    if size > limit {
        return Err(CrlError::TooLarge { size, limit });
    }
    let certificate = Certificate::parse(certificate).map_err(CrlError::Certificate)?;
    require_issuer(&issuer.subject, &certificate)?;
    let list = CertificateList::parse(list)?;
    require_issuer(&list.issuer, &certificate)?;

    require_authentic(&list, issuer, profile)?;
    require_readable(&list)?;
    if let Some(scope) = &list.scope {
        scope.require_covers(&certificate)?;
    }
    if let Some(known) = profile
        .known_number
        .filter(|known| list.number.is_none_or(|number| number < *known))
    {
        return Err(CrlError::Rollback {
            number: list.number,
            known,
        });
    }

    let revocation = list.find(certificate.serial)?;
    let CertificateList {
        this_update,
        next_update,
        number,
        ..
    } = list;
    match profile.freshness.judge(this_update, next_update, now) {
        Ok(()) => Ok(Verdict {
            revocation,
            this_update,
            next_update,
            number,
        }),
        Err(reason) => Err(CrlError::Untimely {
            reason,
            this_update,
            revocation,
        }),
    }
}

/// The verdict of the freshest of several lists, each judged as by [`check`].
///
/// A list that does not count is passed over, unless it is the freshest, authentic, and says
/// that the certificate is revoked: then only the time is in doubt.
///
/// # Errors
/// The error of the list that came closest, where none counts; [`CrlError::NoList`] where there
/// is none.
pub fn check_freshest<'l>(
    lists: impl IntoIterator<Item = &'l [u8]>,
    certificate: &CertificateDer<'_>,
    issuer: &Issuer<'_>,
    now: UnixTime,
    profile: &Profile<'_>,
) -> Result<Verdict, CrlError> {
    lists
        .into_iter()
        .map(|list| check(list, certificate, issuer, now, profile))
        .max_by_key(|result| match result {
            Ok(verdict) => (2, Some(verdict.this_update), verdict.number),
            Err(CrlError::Untimely {
                this_update,
                revocation: Some(_),
                ..
            }) => (2, Some(*this_update), None),
            Err(CrlError::Untimely { this_update, .. }) => (1, Some(*this_update), None),
            Err(_) => (0, None, None),
        })
        .unwrap_or(Err(CrlError::NoList))
}

fn require_issuer(found: &Name<'_>, certificate: &Certificate<'_>) -> Result<(), CrlError> {
    match found.matches(&certificate.issuer) {
        true => Ok(()),
        false => Err(CrlError::WrongIssuer {
            expected: certificate.issuer.into(),
            found: (*found).into(),
        }),
    }
}

fn require_authentic(
    list: &CertificateList<'_>,
    issuer: &Issuer<'_>,
    profile: &Profile<'_>,
) -> Result<(), CrlError> {
    list.signed
        .verify(&issuer.public_key, profile.algorithms)
        .map_err(CrlError::Signature)?;
    match issuer.key_usage {
        Some(usage) if !usage.crl_sign() => Err(CrlError::UnauthorizedSigner {
            issuer: issuer.subject.into(),
        }),
        _ => Ok(()),
    }
}

/// Refuses lists that would be misread.
fn require_readable(list: &CertificateList<'_>) -> Result<(), CrlError> {
    if let Some(oid) = list.unknown_critical {
        return Err(CrlError::UnsupportedCritical {
            extension: oid.into(),
        });
    }
    if list.delta {
        return Err(CrlError::Unsupported(Unsupported::Delta));
    }
    list.scope
        .as_ref()
        .map_or(Ok(()), |scope| scope.require_supported())
}
