//! Faults of a plain HTTP fetch: what was in the way of revocation data.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;

use super::{PeerText, ProxyFault, ProxyResolutionFault};

/// Why a fetch brought nothing.
///
/// It says nothing about a certificate: whoever fetched decides what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FetchFault {
    /// The address is not `http`: fetching it could need the very check it is fetched for.
    #[error("addresses of the scheme {scheme} are not fetched")]
    UnsupportedScheme {
        /// The scheme, or what stands where it should.
        scheme: PeerText,
    },
    /// The address leads to this computer or into its own network, although the certificate that names it was not
    /// issued by a public authority.
    #[error("{address} is an address of this computer or its own network")]
    AddressRefused {
        /// The address.
        address: IpAddr,
    },
    /// This computer has no way to any network.
    #[error("this computer has no network")]
    NoNetwork,
    /// Which way leads there could not be decided; see [`ProxyResolutionFault`].
    #[error(transparent)]
    ProxyResolution(Box<ProxyResolutionFault>),
    /// The proxy on the way there cannot be reached, refuses, or wants a login that does not succeed; see [`ProxyFault`].
    #[error(transparent)]
    Proxy(Box<ProxyFault>),
    /// The name could not be resolved.
    #[error("the name cannot be resolved")]
    Dns,
    /// No TCP connection.
    #[error("no connection{}", if *.refused { ": refused" } else { "" })]
    Connect {
        /// Whether the host itself refused it.
        refused: bool,
    },
    /// It took too long.
    #[error("the time was over ({phase})")]
    Timeout {
        /// What was being waited for.
        phase: FetchPhase,
    },
    /// The body is larger than it may be.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The head has more than 16 KiB or more than 100 fields.
    #[error("the head is too large")]
    HeadTooLarge,
    /// The connection ended too early, or the body is not as long as the head says.
    #[error("the answer is shorter or longer than announced")]
    Truncated,
    /// A status other than 200.
    #[error("status {status}")]
    Status {
        /// The HTTP status.
        status: u16,
        /// How long the server asked to wait, at most a day.
        retry_after: Option<Duration>,
    },
    /// A page for people came: that of a proxy or of a captive portal.
    #[error("a page came instead (status {status})")]
    BlockPage {
        /// The HTTP status.
        status: u16,
    },
    /// A redirect that is not followed: to another scheme than `http`, or one too many.
    #[error("redirected (status {status})")]
    RedirectRefused {
        /// The HTTP status.
        status: u16,
        /// The scheme and host it would have led to.
        target: Option<PeerText>,
    },
    /// The body is in a content coding, although nobody asked for it.
    #[error("the answer is coded ({coding})")]
    EncodingRefused {
        /// The field `content-encoding` (RFC 9110, section 8.4).
        coding: PeerText,
    },
    /// The answer is not HTTP/1.1.
    #[error("the answer is not HTTP")]
    NotHttp,
}

/// What a fetch was waiting for when the time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FetchPhase {
    /// The TCP connection.
    Connect,
    /// The next bytes of the answer.
    Read,
    /// All of it.
    Whole,
}

impl fmt::Display for FetchPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Read => "reading",
            Self::Whole => "the whole fetch",
        })
    }
}
