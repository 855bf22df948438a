//! What a failed handshake means: the errors of rustls and webpki as faults.

use std::io;

use rustls::{AlertDescription, InvalidMessage, PeerIncompatible};

use super::wire::Seen;
use crate::error::{PeerText, TlsFault, TrustFault};

/// A failure that rustls reports, other than a refused certificate.
pub(crate) fn tls_fault(host: &str, error: &rustls::Error, seen: &Seen) -> TlsFault {
    use rustls::Error as E;
    let host = host.to_owned();
    match error {
        E::AlertReceived(alert) => alert_fault(host, *alert),
        E::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => TlsFault::TooOld {
            host,
            chosen: chosen_version(&seen.first_bytes),
        },
        E::PeerIncompatible(PeerIncompatible::ExtendedMasterSecretExtensionRequired) => {
            TlsFault::EmsMissing { host }
        }
        E::PeerIncompatible(
            PeerIncompatible::NoCipherSuitesInCommon
            | PeerIncompatible::NoKxGroupsInCommon
            | PeerIncompatible::NoEcPointFormatsInCommon
            | PeerIncompatible::NoSignatureSchemesInCommon
            | PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon,
        ) => TlsFault::NoCommonParameters { host },
        E::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) if is_foreign(&seen.first_bytes) => TlsFault::NotTls {
            host,
            first_bytes: seen.first_bytes.clone(),
        },
        other => TlsFault::Misbehaved {
            host,
            detail: PeerText::new(&other.to_string()),
        },
    }
}

fn alert_fault(host: String, alert: AlertDescription) -> TlsFault {
    match alert {
        AlertDescription::ProtocolVersion => TlsFault::TooOld { host, chosen: None },
        AlertDescription::HandshakeFailure => TlsFault::NoCommonParameters { host },
        AlertDescription::UnrecognisedName => TlsFault::NameRefused { host },
        other => TlsFault::Alert {
            host,
            alert: PeerText::new(&format!("{other:?}")),
        },
    }
}

/// Every record of TLS begins with its type (20 to 23) and a version 3.x (RFC 8446, section 5.1).
fn is_foreign(first_bytes: &[u8]) -> bool {
    !first_bytes.is_empty() && !matches!(first_bytes, [20..=23, 3, ..])
}

/// The version in a ServerHello (type 2) at the beginning of a handshake record (type 22).
fn chosen_version(first_bytes: &[u8]) -> Option<u16> {
    match first_bytes {
        [22, _, _, _, _, 2, _, _, _, major, minor, ..] => {
            Some(u16::from_be_bytes([*major, *minor]))
        }
        _ => None,
    }
}

/// The stream ended or failed without a word of TLS about it.
pub(crate) fn ended(host: &str, seen: &Seen) -> TlsFault {
    let reset = matches!(
        seen.failure,
        Some(
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
        )
    );
    TlsFault::Ended {
        host: host.to_owned(),
        received: seen.received,
        reset,
    }
}

/// A certificate that webpki refuses.
pub(crate) fn trust_fault(host: &str, error: &webpki::Error) -> TrustFault {
    use webpki::Error as E;
    let host = host.to_owned();
    match error {
        E::UnknownIssuer => TrustFault::UnknownIssuer { host },
        E::CertNotValidForName(context) => {
            let presented = context
                .presented
                .iter()
                .take(8)
                .map(|name| PeerText::new(name))
                .collect();
            TrustFault::NameMismatch { host, presented }
        }
        E::CertExpired { time, not_after } => TrustFault::Expired {
            host,
            not_after: not_after.as_secs(),
            now: time.as_secs(),
        },
        E::CertNotValidYet { time, not_before } => TrustFault::NotYetValid {
            host,
            not_before: not_before.as_secs(),
            now: time.as_secs(),
        },
        E::InvalidSignatureForPublicKey => TrustFault::BadSignature { host },
        E::UnsupportedSignatureAlgorithmContext(_)
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            TrustFault::WeakSignature { host }
        }
        E::RequiredEkuNotFoundContext(_) | E::EmptyEkuExtension => {
            TrustFault::WrongPurpose { host }
        }
        E::CaUsedAsEndEntity => TrustFault::AuthorityAsServer { host },
        E::EndEntityUsedAsCa | E::PathLenConstraintViolated | E::NameConstraintViolation => {
            TrustFault::ConstraintViolated { host }
        }
        E::UnsupportedCriticalExtension => TrustFault::UnsupportedCritical { host },
        E::MaximumPathBuildCallsExceeded
        | E::MaximumPathDepthExceeded
        | E::MaximumSignatureChecksExceeded
        | E::MaximumNameConstraintComparisonsExceeded => TrustFault::TooComplex { host },
        E::BadDer
        | E::BadDerTime
        | E::ExtensionValueInvalid
        | E::InvalidCertValidity
        | E::InvalidNetworkMaskConstraint
        | E::InvalidSerialNumber
        | E::MalformedDnsIdentifier
        | E::MalformedExtensions
        | E::MalformedNameConstraint
        | E::SignatureAlgorithmMismatch
        | E::TrailingData(_)
        | E::UnsupportedCertVersion => TrustFault::Malformed {
            host,
            detail: PeerText::new(&error.to_string()),
        },
        other => TrustFault::Unacceptable {
            host,
            detail: PeerText::new(&other.to_string()),
        },
    }
}
