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
    },
    /// The certificate's time has not come, by this computer's clock.
    #[error("{host} shows a certificate that is not valid yet")]
    NotYetValid {
        /// The host that was asked.
        host: String,
    },
    /// A signature in the chain does not verify, or uses an algorithm that is not accepted.
    #[error("{host} shows a certificate whose signature is not accepted")]
    BadSignature {
        /// The host that was asked.
        host: String,
    },
    /// The certificate is not meant for servers.
    #[error("{host} shows a certificate that is not meant for a server")]
    WrongPurpose {
        /// The host that was asked.
        host: String,
    },
    /// The chain breaks another rule, or cannot be read.
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
            Self::UnknownIssuer { .. } | Self::Inspected { .. } => Remedy::ExemptFromInspection,
            Self::Expired { .. } | Self::NotYetValid { .. } => Remedy::SetClock,
            _ => Remedy::CorrectCertificate,
        }
    }

    /// The host whose certificate was refused.
    pub fn host(&self) -> &str {
        match self {
            Self::UnknownIssuer { host }
            | Self::Inspected { host }
            | Self::NameMismatch { host, .. }
            | Self::Expired { host }
            | Self::NotYetValid { host }
            | Self::BadSignature { host }
            | Self::WrongPurpose { host }
            | Self::Unacceptable { host, .. } => host,
        }
    }
}

message_ids!(impl TrustFault {
    UnknownIssuer => "fault-trust-unknown-issuer",
    Inspected => "fault-trust-inspected",
    NameMismatch => "fault-trust-name-mismatch",
    Expired => "fault-trust-expired",
    NotYetValid => "fault-trust-not-yet-valid",
    BadSignature => "fault-trust-bad-signature",
    WrongPurpose => "fault-trust-wrong-purpose",
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
