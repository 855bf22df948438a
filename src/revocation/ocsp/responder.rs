//! Who signed a response, and whether they may (RFC 6960, section 4.2.2.2).

use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, KeyUsage};

use super::error::{OcspError, Unauthorized};
use super::hash::HashAlgorithm;
use super::response::{ResponderId, Response};
use super::verify::{Profile, Responder};
use crate::error::PeerText;
use crate::revocation::Issuer;
use crate::x509::{Certificate, Name, Oid, PublicKey, SignatureError};

/// Finds who signed `response`: the issuer, or a delegate whose certificate came along.
///
/// Every candidate that the response could mean is tried. Where none will do, the error tells of
/// the one that came closest.
pub(super) fn authenticate(
    response: &Response<'_>,
    issuer: &Issuer<'_>,
    now: UnixTime,
    profile: &Profile<'_>,
) -> Result<Responder, OcspError> {
    let (count, limit) = (response.certificates.len(), profile.max_certificates);
    if count > limit {
        return Err(OcspError::TooManyCertificates { count, limit });
    }

    let mut signature_error = None;
    if is_meant(&response.responder, &issuer.subject, &issuer.public_key) {
        match response
            .signed
            .verify(&issuer.public_key, profile.algorithms)
        {
            Ok(()) => return Ok(Responder::Issuer),
            Err(error) => signature_error = Some(error),
        }
    }
    let mut authority_error = None;
    for der in &response.certificates {
        let Ok(delegate) = Certificate::from_bytes(der) else {
            continue;
        };
        if !is_meant(&response.responder, &delegate.subject, &delegate.public_key) {
            continue;
        }
        if let Err(error) = response
            .signed
            .verify(&delegate.public_key, profile.algorithms)
        {
            signature_error.get_or_insert(error);
            continue;
        }
        let der = CertificateDer::from(*der);
        match authorize(&der, &delegate, issuer, now, profile) {
            Ok(()) => {
                let no_check = delegate.no_check;
                return Ok(Responder::Delegate {
                    certificate: der.into_owned(),
                    no_check,
                });
            }
            Err(reason) => {
                let subject = delegate.subject.into();
                authority_error.get_or_insert(OcspError::UnauthorizedResponder { subject, reason });
            }
        }
    }

    Err(authority_error
        .or(signature_error.map(OcspError::Signature))
        .unwrap_or_else(|| OcspError::NoSigner {
            responder: show(&response.responder),
        }))
}

/// Whether the response could mean the owner of this name and key.
fn is_meant(responder: &ResponderId<'_>, subject: &Name<'_>, key: &PublicKey<'_>) -> bool {
    match responder {
        ResponderId::ByName(name) => name.matches(subject),
        ResponderId::ByKey(hash) => **hash == *HashAlgorithm::Sha1.digest(&[key.octets()]),
    }
}

/// Whether the owner of `delegate` may speak for the issuer. The path of one hop, validity,
/// purpose and not being a CA are judged by `rustls-webpki`.
fn authorize(
    der: &CertificateDer<'_>,
    delegate: &Certificate<'_>,
    issuer: &Issuer<'_>,
    now: UnixTime,
    profile: &Profile<'_>,
) -> Result<(), Unauthorized> {
    EndEntityCert::try_from(der)
        .and_then(|certificate| {
            certificate
                .verify_for_usage(
                    profile.algorithms,
                    &[issuer.as_anchor()],
                    &[],
                    now,
                    KeyUsage::required(Oid::OCSP_SIGNING.0),
                    None,
                    None,
                )
                .map(drop)
        })
        .map_err(|error| reason(error, delegate))?;
    if delegate
        .key_usage
        .is_some_and(|usage| !usage.digital_signature())
    {
        return Err(Unauthorized::NoDigitalSignature);
    }
    if profile.no_check_required && !delegate.no_check {
        return Err(Unauthorized::NoCheckMissing);
    }
    Ok(())
}

fn reason(error: webpki::Error, delegate: &Certificate<'_>) -> Unauthorized {
    use webpki::Error;
    let algorithm = || delegate.signed.algorithm_oid();
    match error {
        Error::UnknownIssuer | Error::InvalidSignatureForPublicKey => Unauthorized::NotDirect,
        Error::RequiredEkuNotFoundContext(_) | Error::EmptyEkuExtension => Unauthorized::NoEku,
        Error::CertExpired { not_after, .. } => Unauthorized::Expired { not_after },
        Error::CertNotValidYet { not_before, .. } => Unauthorized::NotYetValid { not_before },
        Error::CaUsedAsEndEntity => Unauthorized::IsCa,
        Error::UnsupportedCriticalExtension => Unauthorized::UnsupportedCritical,
        Error::UnsupportedSignatureAlgorithmContext(_) if algorithm().is_weak_signature() => {
            let algorithm = algorithm().into();
            Unauthorized::Signature(SignatureError::Weak { algorithm })
        }
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            Unauthorized::Signature(SignatureError::Unsupported {
                algorithm: algorithm().into(),
                key: delegate.public_key.algorithm_oid().into(),
            })
        }
        _ => Unauthorized::Invalid,
    }
}

fn show(responder: &ResponderId<'_>) -> PeerText {
    match responder {
        ResponderId::ByName(name) => (*name).into(),
        ResponderId::ByKey(hash) => {
            let digits: String = hash.iter().map(|octet| format!("{octet:02x}")).collect();
            digits.into()
        }
    }
}
