//! The verdict on an OCSP response (RFC 6960, section 3.2; RFC 9919, section 4).

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};

use super::error::{Mismatch, OcspError, Part};
use super::hash::HashAlgorithm;
use super::responder;
use super::response::{Response, SingleResponse, Status};
use crate::revocation::{Freshness, Issuer, Standing};
use crate::x509::{Certificate, Extensions, Oid};

/// What a response must satisfy.
///
/// [`leaf`](Self::leaf) and [`intermediate`](Self::intermediate) make the profiles for production
/// use; every field may then be changed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Profile<'a> {
    /// The signature algorithms that count: those of the crypto provider. None of them uses
    /// SHA-1 or MD5.
    pub algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
    /// How fresh the answer must be.
    pub freshness: Freshness,
    /// Whether a delegate's certificate must carry `id-pkix-ocsp-nocheck`. Default: false; the
    /// verdict says whether it does.
    pub no_check_required: bool,
    /// The nonce of the request, if it had one. A response without a nonce is judged by its times
    /// all the same (RFC 9919, section 5). Default: none.
    pub nonce: Option<&'a [u8]>,
    /// The largest response in bytes. Default: 64 KiB.
    pub max_size: usize,
    /// The most certificates a response may carry. Default: 8.
    pub max_certificates: usize,
}

impl<'a> Profile<'a> {
    /// The profile for a server's certificate.
    pub fn leaf(algorithms: &'a [&'a dyn SignatureVerificationAlgorithm]) -> Self {
        Self {
            algorithms,
            freshness: Freshness::LEAF,
            no_check_required: false,
            nonce: None,
            max_size: 64 * 1024,
            max_certificates: 8,
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

/// What an authentic, current response says about a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// The status.
    pub status: Status,
    /// Since when it is known to be so.
    pub this_update: UnixTime,
    /// Until when the response may be kept.
    pub next_update: Option<UnixTime>,
    /// When the response was signed.
    pub produced_at: UnixTime,
    /// Who signed it.
    pub responder: Responder,
    /// The hash by which it names the issuer.
    pub hash: HashAlgorithm,
}

impl Verdict {
    /// The row of the policy that this belongs to.
    pub fn standing(&self) -> Standing {
        match self.status {
            Status::Good => Standing::Good,
            Status::Unknown => Standing::Unknown,
            Status::Revoked(_) => Standing::Revoked,
        }
    }
}

/// Who signed a response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Responder {
    /// The issuer of the certificate itself.
    Issuer,
    /// Someone to whom the issuer gave a certificate for this purpose.
    Delegate {
        /// That certificate.
        certificate: CertificateDer<'static>,
        /// Whether it is exempt from revocation checks of its own. Where it is not, a strict
        /// policy has to check it or refuse.
        no_check: bool,
    },
}

/// Judges `response` as an answer about `certificate` at the time `now`.
///
/// `issuer` is the issuer of the *verified path*. The certificate's own signature and validity
/// are not judged here.
///
/// The signature is verified before the times are judged: so an error of time comes from the real
/// responder, and [`OcspError::Untimely`] tells what it says.
///
/// # Errors
/// See [`OcspError`]. A status of *unknown* or *revoked* is a verdict and no error.
pub fn verify(
    response: &[u8],
    certificate: &CertificateDer<'_>,
    issuer: &Issuer<'_>,
    now: UnixTime,
    profile: &Profile<'_>,
) -> Result<Verdict, OcspError> {
    let (size, limit) = (response.len(), profile.max_size);
    if size > limit {
        return Err(OcspError::TooLarge { size, limit });
    }
    let certificate = Certificate::parse(certificate).map_err(OcspError::Certificate)?;
    require_issuer(&certificate, issuer)?;
    let response = Response::parse(response)?;
    refuse_unknown_critical(&response)?;
    let responder = responder::authenticate(&response, issuer, now, profile)?;
    require_nonce(&response, profile)?;
    let (produced_at, validity) = (response.produced_at, certificate.validity);
    if !validity.contains(produced_at) {
        return Err(OcspError::BadProducedAt {
            produced_at,
            validity,
        });
    }
    let (answer, hash) = strictest(&response, &certificate, issuer, now, profile)?;
    Ok(Verdict {
        status: answer.status,
        this_update: answer.this_update,
        next_update: answer.next_update,
        produced_at,
        responder,
        hash,
    })
}

/// Judges the response that a server stapled into its TLS handshake; an empty one counts as none.
///
/// # Errors
/// As [`verify`]; and [`OcspError::MustStapleMissing`] where there is none although the
/// certificate demands one (RFC 7633).
pub fn verify_staple(
    staple: &[u8],
    certificate: &CertificateDer<'_>,
    issuer: &Issuer<'_>,
    now: UnixTime,
    profile: &Profile<'_>,
) -> Result<Option<Verdict>, OcspError> {
    if !staple.is_empty() {
        return verify(staple, certificate, issuer, now, profile).map(Some);
    }
    match Certificate::parse(certificate)
        .map_err(OcspError::Certificate)?
        .must_staple
    {
        true => Err(OcspError::MustStapleMissing),
        false => Ok(None),
    }
}

/// The certificate must name this issuer as its own.
pub(super) fn require_issuer(
    certificate: &Certificate<'_>,
    issuer: &Issuer<'_>,
) -> Result<(), OcspError> {
    match issuer.subject.matches(&certificate.issuer) {
        true => Ok(()),
        false => Err(OcspError::WrongIssuer {
            named: certificate.issuer.into(),
            given: issuer.subject.into(),
        }),
    }
}

/// Refuses critical extensions, of the response and of any answer in it, that are not understood.
///
/// The list of certificate timestamps is no concern of a verdict, so it may be critical.
fn refuse_unknown_critical(response: &Response<'_>) -> Result<(), OcspError> {
    refuse_critical_except(&response.extensions, Oid::OCSP_NONCE)?;
    response
        .answers
        .iter()
        .try_for_each(|answer| refuse_critical_except(&answer.extensions, Oid::OCSP_SCT_LIST))
}

fn refuse_critical_except(extensions: &Extensions<'_>, known: Oid<'_>) -> Result<(), OcspError> {
    match extensions
        .clone()
        .flatten()
        .find(|found| found.critical && found.oid != known)
    {
        None => Ok(()),
        Some(found) => Err(OcspError::UnsupportedCritical {
            extension: found.oid.into(),
        }),
    }
}

fn require_nonce(response: &Response<'_>, profile: &Profile<'_>) -> Result<(), OcspError> {
    let Some(sent) = profile.nonce else {
        return Ok(());
    };
    let received = response.nonce().map_err(|error| OcspError::Malformed {
        part: Part::Data,
        error,
    })?;
    match received {
        Some(received) if received != sent => Err(OcspError::NonceMismatch),
        _ => Ok(()),
    }
}

/// The answer that counts, of those about this certificate.
///
/// A revocation outranks everything, current or not, since it does not go away by itself. Then
/// what is current outranks what is not, and *unknown* outranks *good*.
fn strictest<'r, 'a>(
    response: &'r Response<'a>,
    certificate: &Certificate<'_>,
    issuer: &Issuer<'_>,
    now: UnixTime,
    profile: &Profile<'_>,
) -> Result<(&'r SingleResponse<'a>, HashAlgorithm), OcspError> {
    let mut strictest: Option<((bool, bool, bool), _, _, _)> = None;
    let mut closest = None;
    for answer in &response.answers {
        match answer.cert_id.compare(certificate, issuer) {
            Err(mismatch) => closest = closest.max(Some(mismatch)),
            Ok(hash) => {
                let timely = profile
                    .freshness
                    .judge(answer.this_update, answer.next_update, now);
                let (revoked, unknown) = match answer.status {
                    Status::Good => (false, false),
                    Status::Unknown => (false, true),
                    Status::Revoked(_) => (true, false),
                };
                let rank = (revoked, timely.is_ok(), unknown);
                if strictest.is_none_or(|(highest, ..)| rank > highest) {
                    strictest = Some((rank, answer, hash, timely));
                }
            }
        }
    }
    match (strictest, closest) {
        (Some((_, answer, hash, Ok(()))), _) => Ok((answer, hash)),
        (Some((_, answer, _, Err(reason))), _) => Err(OcspError::Untimely {
            reason,
            status: answer.status,
        }),
        (None, Some(Mismatch::Hash { algorithm })) => Err(OcspError::UnsupportedHash { algorithm }),
        (None, closest) => Err(OcspError::NoMatchingResponse {
            count: response.answers.len(),
            closest,
        }),
    }
}
