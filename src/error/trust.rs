//! Faults of the certificate that the other side showed.

use serde::Serialize;

use super::{PeerText, Remedy};
use crate::message::{Message, message_ids};

/// Why a certificate was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TrustFault {
    /// The chain ends at nobody who is trusted for this host.
    #[error("{host} shows a certificate of an authority that is not trusted for it")]
    UnknownIssuer {
        /// The host that was asked.
        host: String,
    },
    /// The chain ends at a root that is trusted, but not one of those that Microsoft publishes for this host: someone on
    /// the way inspects the connection.
    #[error("{host} shows a certificate of an authority that inspects connections")]
    Inspected {
        /// The host that was asked.
        host: String,
    },
    /// The chain ends at a public root, but not at one of those that Microsoft publishes for this host.
    #[error(
        "{host} shows a certificate of a public authority that is not Microsoft's choice for it"
    )]
    NotPinned {
        /// The host that was asked.
        host: String,
    },
    /// The certificate is signed by itself and by nobody else.
    #[error("{host} shows a certificate that only vouches for itself")]
    SelfSigned {
        /// The host that was asked.
        host: String,
    },
    /// The certificate belongs to another name.
    #[error("{host} shows a certificate for another name")]
    NameMismatch {
        /// The host that was asked.
        host: String,
        /// Names that the certificate holds, as far as known, at most 8.
        presented: Vec<PeerText>,
    },
    /// The certificate's time is over, by this computer's clock.
    #[error("{host} shows a certificate that has expired")]
    Expired {
        /// The host that was asked.
        host: String,
        /// The last second of its validity, since 1970 (UTC).
        not_after: u64,
        /// This computer's time, in seconds since 1970 (UTC).
        now: u64,
    },
    /// The certificate's time has not come, by this computer's clock.
    #[error("{host} shows a certificate that is not valid yet")]
    NotYetValid {
        /// The host that was asked.
        host: String,
        /// The first second of its validity, since 1970 (UTC).
        not_before: u64,
        /// This computer's time, in seconds since 1970 (UTC).
        now: u64,
    },
    /// A signature of the chain, or of the handshake, does not verify.
    #[error("{host} shows a certificate whose signature is not accepted")]
    BadSignature {
        /// The host that was asked.
        host: String,
    },
    /// A signature uses an algorithm that is not accepted, such as SHA-1, or a key that does not fit it.
    #[error("{host} shows a certificate with a signature algorithm that is not accepted")]
    WeakSignature {
        /// The host that was asked.
        host: String,
    },
    /// The certificate is not meant for servers.
    #[error("{host} shows a certificate that is not meant for a server")]
    WrongPurpose {
        /// The host that was asked.
        host: String,
    },
    /// The server shows the certificate of an authority as its own.
    #[error("{host} shows the certificate of an authority as its own")]
    AuthorityAsServer {
        /// The host that was asked.
        host: String,
    },
    /// An authority of the chain was not allowed to sign what it signed: by its path length, its name constraints, or
    /// because it is none (RFC 5280, sections 4.2.1.9 and 4.2.1.10).
    #[error("{host} shows a certificate beyond the limits of its authority")]
    ConstraintViolated {
        /// The host that was asked.
        host: String,
    },
    /// A certificate holds a critical extension that this crate does not know.
    #[error("{host} shows a certificate with an unknown critical extension")]
    UnsupportedCritical {
        /// The host that was asked.
        host: String,
    },
    /// So many certificates, or so intertwined, that the search for a path was given up.
    #[error("{host} shows certificates that lead nowhere within bounds")]
    TooComplex {
        /// The host that was asked.
        host: String,
    },
    /// A certificate cannot be read.
    #[error("{host} shows an unreadable certificate: {detail}")]
    Malformed {
        /// The host that was asked.
        host: String,
        /// What is wrong, in the words of the TLS library.
        detail: PeerText,
    },
    /// The chain breaks another rule.
    #[error("{host} shows an unacceptable certificate: {detail}")]
    Unacceptable {
        /// The host that was asked.
        host: String,
        /// The rule, in the words of the TLS library.
        detail: PeerText,
    },
}

impl TrustFault {
    /// Who can do what about it.
    pub const fn remedy(&self) -> Remedy {
        match self {
            Self::UnknownIssuer { .. } | Self::Inspected { .. } | Self::NotPinned { .. } => {
                Remedy::ExemptFromInspection
            }
            Self::Expired { .. } | Self::NotYetValid { .. } => Remedy::SetClock,
            _ => Remedy::CorrectCertificate,
        }
    }

    /// The host whose certificate was refused.
    pub fn host(&self) -> &str {
        match self {
            Self::UnknownIssuer { host }
            | Self::Inspected { host }
            | Self::NotPinned { host }
            | Self::SelfSigned { host }
            | Self::NameMismatch { host, .. }
            | Self::Expired { host, .. }
            | Self::NotYetValid { host, .. }
            | Self::BadSignature { host }
            | Self::WeakSignature { host }
            | Self::WrongPurpose { host }
            | Self::AuthorityAsServer { host }
            | Self::ConstraintViolated { host }
            | Self::UnsupportedCritical { host }
            | Self::TooComplex { host }
            | Self::Malformed { host, .. }
            | Self::Unacceptable { host, .. } => host,
        }
    }
}

message_ids!(impl TrustFault {
    UnknownIssuer => "fault-trust-unknown-issuer",
    Inspected => "fault-trust-inspected",
    NotPinned => "fault-trust-not-pinned",
    SelfSigned => "fault-trust-self-signed",
    NameMismatch => "fault-trust-name-mismatch",
    Expired => "fault-trust-expired",
    NotYetValid => "fault-trust-not-yet-valid",
    BadSignature => "fault-trust-bad-signature",
    WeakSignature => "fault-trust-weak-signature",
    WrongPurpose => "fault-trust-wrong-purpose",
    AuthorityAsServer => "fault-trust-authority-as-server",
    ConstraintViolated => "fault-trust-constraint-violated",
    UnsupportedCritical => "fault-trust-unsupported-critical",
    TooComplex => "fault-trust-too-complex",
    Malformed => "fault-trust-malformed",
    Unacceptable => "fault-trust-unacceptable",
});

impl Message for TrustFault {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        vec![("host", self.host().to_owned())]
    }
}
