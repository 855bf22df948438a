//! Errors that say where the way was blocked, by what, and who can clear it.

mod clock;
mod evidence;
mod fault;
mod fetch;
mod gateway;
mod login;
mod pac;
mod peer_text;
mod proxy;
mod remedy;
mod revocation;
mod tls;
mod trust;
mod tunnel;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::clock::ClockFault;
pub use self::evidence::{AuthorityProblem, LinkProblem, ServerError, TimedPhase, UsernameProblem};
pub use self::fault::Fault;
pub use self::fetch::{FetchFault, FetchPhase};
pub use self::gateway::GatewayFault;
pub use self::login::{AuthScheme, DigestProblem, KerberosProblem, NtlmProblem};
pub use self::pac::{PacError, PacPhase, PacUrlProblem};
pub use self::peer_text::PeerText;
pub use self::proxy::{
    BlobError, BlobField, HostProblem, ProxyResolutionFault, ServerProblem, StoreProblem,
};
pub use self::remedy::{Remedy, Who};
pub use self::revocation::{AnswerFault, RevocationFault};
pub use self::tls::TlsFault;
pub use self::trust::{Issuer, TrustFault};
pub use self::tunnel::{FailedWay, ProxyFault, ProxyReply, SocksProblem};
use crate::message::{Message, message_ids};

/// The station of the way at which something went wrong, in the order of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Stage {
    /// What the embedding program or the tenant's administrator set.
    Configuration,
    /// What this computer says about itself is in the way: see [`machine::readiness`](crate::machine::readiness).
    Machine,
    /// This computer has no network.
    Network,
    /// Which way out could not be decided.
    ProxyResolution,
    /// The proxy refused or failed.
    Proxy,
    /// A host name could not be resolved.
    Dns,
    /// No TCP connection.
    Connect,
    /// The TLS handshake failed before it was about trust.
    Tls,
    /// The other side's certificate was not accepted.
    Trust,
    /// Whether a certificate was revoked could not be established, or it was.
    Revocation,
    /// The exchange of request and response failed, or the service is busy.
    Http,
    /// The answer did not follow the protocol.
    Protocol,
    /// The account cannot be reset this way.
    Account,
    /// The input, or the order of calls, on this computer.
    Local,
}

/// How much of a request may have reached the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sent {
    /// Certainly not one byte.
    Nothing,
    /// Some or all of it; the other side may have acted on it.
    Maybe,
}

/// The identifiers by which an administrator finds an attempt in the logs of both sides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Correlation {
    /// What this side sent as `client-request-id`.
    pub client: Option<String>,
    /// What the server answered as `x-ms-request-id` or `correlation_id`.
    pub server: Option<PeerText>,
}

/// What is in the way: the [`Stage`], the [`Fault`] with its evidence, and the [`Remedy`].
///
/// `Display` is one technical line in English for a log. What a person reads comes from
/// [`Messages`](crate::messages::Messages) by [`message_id`](Message::message_id). Neither holds a secret.
pub struct Error(Box<Inner>);

struct Inner {
    fault: Fault,
    sent: Sent,
    correlation: Correlation,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of which certainly nothing was sent, without a cause beneath it.
    pub fn new(fault: Fault) -> Self {
        Self(Box::new(Inner {
            fault,
            sent: Sent::Nothing,
            correlation: Correlation::default(),
            source: None,
        }))
    }

    /// Keeps the technical cause for [`source`](std::error::Error::source).
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Where on the way it happened.
    pub fn stage(&self) -> Stage {
        self.0.fault.stage()
    }

    /// What happened, with its evidence.
    pub fn fault(&self) -> &Fault {
        &self.0.fault
    }

    /// Who can do what about it.
    pub fn remedy(&self) -> Remedy {
        self.0.fault.remedy()
    }

    /// Whether the request that failed may have reached the server.
    pub fn sent(&self) -> Sent {
        self.0.sent
    }

    /// The identifiers of the attempt on both sides.
    pub fn correlation(&self) -> &Correlation {
        &self.0.correlation
    }

    /// How long the server asked to wait, where it gave a time.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.fault.retry_after()
    }

    pub(crate) fn with_sent(mut self, sent: Sent) -> Self {
        self.0.sent = sent;
        self
    }

    pub(crate) fn with_correlation(mut self, correlation: Correlation) -> Self {
        self.0.correlation = correlation;
        self
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::new(fault)
    }
}

impl From<GatewayFault> for Error {
    fn from(fault: GatewayFault) -> Self {
        Self::new(Fault::Gateway(fault))
    }
}

impl From<ProxyFault> for Error {
    fn from(fault: ProxyFault) -> Self {
        Self::new(Fault::Proxy(fault))
    }
}

impl Message for Error {
    fn message_id(&self) -> &'static str {
        self.0.fault.message_id()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        self.0.fault.message_args()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("stage", &self.stage())
            .field("fault", &self.0.fault)
            .field("remedy", &self.remedy())
            .field("sent", &self.0.sent)
            .field("correlation", &self.0.correlation)
            .field("source", &self.0.source)
            .finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.stage(), self.0.fault)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Stage {
    /// The stable name, as it is serialized: `proxy-resolution`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Machine => "machine",
            Self::Network => "network",
            Self::ProxyResolution => "proxy-resolution",
            Self::Proxy => "proxy",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Trust => "trust",
            Self::Revocation => "revocation",
            Self::Http => "http",
            Self::Protocol => "protocol",
            Self::Account => "account",
            Self::Local => "local",
        }
    }
}

message_ids!(impl Stage {
    Configuration => "stage-configuration",
    Machine => "stage-machine",
    Network => "stage-network",
    ProxyResolution => "stage-proxy-resolution",
    Proxy => "stage-proxy",
    Dns => "stage-dns",
    Connect => "stage-connect",
    Tls => "stage-tls",
    Trust => "stage-trust",
    Revocation => "stage-revocation",
    Http => "stage-http",
    Protocol => "stage-protocol",
    Account => "stage-account",
    Local => "stage-local",
});

impl Message for Stage {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }
}

/// The outcome of what can fail with an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;
