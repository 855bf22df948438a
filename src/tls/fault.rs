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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_what_is_no_tls() {
        assert!(is_foreign(b"HTTP/1.1"));
        assert!(is_foreign(&[22]));
        assert!(is_foreign(&[22, 2, 0]));
        assert!(!is_foreign(&[22, 3, 3, 0, 1]));
        assert!(!is_foreign(&[21, 3, 1]));
        assert!(!is_foreign(&[]), "nothing was seen");
    }

    #[test]
    fn the_chosen_version_is_read_from_a_server_hello_only() {
        assert_eq!(
            chosen_version(&[22, 3, 1, 0, 70, 2, 0, 0, 66, 3, 2, 0]),
            Some(0x0302)
        );
        assert_eq!(
            chosen_version(&[22, 3, 1, 0, 70, 1, 0, 0, 66, 3, 2, 0]),
            None
        );
        assert_eq!(chosen_version(&[21, 3, 1, 0, 2, 2, 70]), None);
    }

    #[test]
    fn garbage_after_the_handshake_is_misbehaviour() {
        let error = rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType);
        let fault = tls_fault("host", &error, &Seen::default());
        assert!(matches!(fault, TlsFault::Misbehaved { .. }), "{fault:?}");
    }

    #[test]
    fn a_missing_master_secret_extension_is_told() {
        let missing = PeerIncompatible::ExtendedMasterSecretExtensionRequired;
        let fault = tls_fault("host", &missing.into(), &Seen::default());
        assert_eq!(
            fault,
            TlsFault::EmsMissing {
                host: "host".into()
            }
        );
    }

    #[test]
    fn a_failure_of_the_stream_is_a_reset_if_it_says_so() {
        for (failure, expected) in [
            (None, false),
            (Some(io::ErrorKind::ConnectionReset), true),
            (Some(io::ErrorKind::BrokenPipe), true),
            (Some(io::ErrorKind::TimedOut), false),
        ] {
            let seen = Seen {
                failure,
                received: 7,
                ..Seen::default()
            };
            match ended("host", &seen) {
                TlsFault::Ended {
                    reset, received: 7, ..
                } => assert_eq!(reset, expected),
                other => panic!("{other:?}"),
            }
        }
    }
}
