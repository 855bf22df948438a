//! Faults of the TLS handshake that are not about trust.

use std::time::Duration;

use serde::Serialize;

use super::{PeerText, Remedy};
use crate::message::{Message, message_ids};

/// Why no TLS session came about, by what the other side did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TlsFault {
    /// The other side speaks only versions before TLS 1.2.
    #[error("{host} speaks no TLS 1.2 or newer")]
    TooOld {
        /// The host that was asked.
        host: String,
        /// The version that it chose, as on the wire (`0x0302` is TLS 1.1); `None` if it refused with an alert.
        chosen: Option<u16>,
    },
    /// Versions fit, but no cipher suite, group or signature scheme is common to both sides.
    #[error("{host} shares no handshake parameters with this side")]
    NoCommonParameters {
        /// The host that was asked.
        host: String,
    },
    /// TLS 1.2 without extended master secret (RFC 7627), which the settings demand.
    #[error("{host} offers no extended master secret")]
    EmsMissing {
        /// The host that was asked.
        host: String,
    },
    /// The other side does not serve the name that it was asked for (alert `unrecognized_name`, RFC 6066).
    #[error("{host} refuses to be called by that name")]
    NameRefused {
        /// The host that was asked.
        host: String,
    },
    /// The other side wants a certificate of the client, which nobody has before sign-in: often a middlebox, or an access
    /// product before the server.
    #[error("{host} wants a certificate of the client")]
    ClientCertificateWanted {
        /// The host that was asked.
        host: String,
    },
    /// What answered does not speak TLS.
    #[error("{host} does not answer with TLS (first bytes {first_bytes:02x?})")]
    NotTls {
        /// The host that was asked.
        host: String,
        /// The first bytes of the answer, at most 16.
        first_bytes: Vec<u8>,
    },
    /// The connection ended in the middle of the handshake.
    #[error("{host} ended the connection during the handshake ({received} bytes received)")]
    Ended {
        /// The host that was asked.
        host: String,
        /// How many bytes had come from the other side.
        received: u64,
        /// Whether it was reset (RST) rather than closed.
        reset: bool,
    },
    /// The handshake did not end in time.
    #[error("no handshake with {host} within {after:?} ({received} bytes received)")]
    TimedOut {
        /// The host that was asked.
        host: String,
        /// How many bytes had come from the other side.
        received: u64,
        /// How long was waited.
        after: Duration,
    },
    /// The other side refused with an alert (RFC 8446, section 6.2).
    #[error("{host} refused the handshake with alert {alert}")]
    Alert {
        /// The host that was asked.
        host: String,
        /// The name of the alert.
        alert: PeerText,
    },
    /// The other side broke the rules of the handshake.
    #[error("{host} broke the handshake: {detail}")]
    Misbehaved {
        /// The host that was asked.
        host: String,
        /// What it did, in the words of the TLS library.
        detail: PeerText,
    },
}

impl TlsFault {
    /// Who can do what about it.
    pub const fn remedy(&self) -> Remedy {
        match self {
            Self::TooOld { .. } | Self::NoCommonParameters { .. } | Self::EmsMissing { .. } => {
                Remedy::RaiseTls
            }
            Self::ClientCertificateWanted { .. }
            | Self::Ended { .. }
            | Self::Alert { .. }
            | Self::Misbehaved { .. } => Remedy::ExemptFromInspection,
            Self::NameRefused { .. } => Remedy::CorrectHostName,
            // As where a proxy puts something in the place of the host.
            Self::NotTls { .. } | Self::TimedOut { .. } => Remedy::OpenFirewall,
        }
    }

    /// The host whose handshake failed.
    pub fn host(&self) -> &str {
        match self {
            Self::TooOld { host, .. }
            | Self::NoCommonParameters { host }
            | Self::EmsMissing { host }
            | Self::NameRefused { host }
            | Self::ClientCertificateWanted { host }
            | Self::NotTls { host, .. }
            | Self::Ended { host, .. }
            | Self::TimedOut { host, .. }
            | Self::Alert { host, .. }
            | Self::Misbehaved { host, .. } => host,
        }
    }
}

message_ids!(impl TlsFault {
    TooOld => "fault-tls-too-old",
    NoCommonParameters => "fault-tls-no-common-parameters",
    EmsMissing => "fault-tls-ems-missing",
    NameRefused => "fault-tls-name-refused",
    ClientCertificateWanted => "fault-tls-client-certificate-wanted",
    NotTls => "fault-tls-not-tls",
    Ended => "fault-tls-ended",
    TimedOut => "fault-tls-timed-out",
    Alert => "fault-tls-alert",
    Misbehaved => "fault-tls-misbehaved",
});

impl Message for TlsFault {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        vec![("host", self.host().to_owned())]
    }
}
