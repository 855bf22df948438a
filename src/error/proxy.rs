//! Faults of the decision which way leads out.

use std::net::IpAddr;

use serde::Serialize;

use super::{PacError, PeerText, Remedy};
use crate::message::{Message, message_ids};

/// Why no way out could be decided. Nothing here is ever answered by going direct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProxyResolutionFault {
    /// A place that may name a proxy cannot be read, or what it holds makes no sense.
    #[error("{place}: {problem}")]
    Store {
        /// The place, for instance `HKLM\…\Connections\WinHttpSettings`.
        place: String,
        /// What is wrong there.
        problem: StoreProblem,
    },
    /// The store that decides names a proxy, but none that can be used for this address.
    #[error("{place} names no usable proxy: {problem} ({token})")]
    NoUsableServer {
        /// The place.
        place: String,
        /// What stands there, without credentials.
        token: PeerText,
        /// What is wrong with it.
        problem: ServerProblem,
    },
    /// The store that decides names a script, and no evaluator was given.
    #[error("{place} names a proxy script, and this build evaluates none")]
    PacEngineMissing {
        /// The place.
        place: String,
    },
    /// The script that decides gave no answer.
    #[error("the proxy script named by {place} gave no answer: {error}")]
    Pac {
        /// The place that names the script.
        place: String,
        /// What went wrong.
        error: PacError,
    },
    /// Automatic detection was asked for, nothing else is configured, and a policy forbids it.
    #[error("{place} forbids the automatic detection of proxies")]
    WpadDisabledByPolicy {
        /// The place of the policy.
        place: String,
    },
    /// The name that automatic detection would trust has an address outside of the own network.
    #[error("{name} leads to {address}, which is not of this network")]
    WpadUntrusted {
        /// The name that was resolved.
        name: String,
        /// The first address that is not trusted.
        address: IpAddr,
    },
    /// The host of the address to reach cannot be one.
    #[error("the host to reach is not usable: {problem}")]
    HostInvalid {
        /// What is wrong with it.
        problem: HostProblem,
    },
}

/// What is wrong with a place that may name a proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StoreProblem {
    /// It should exist, and does not.
    #[error("does not exist")]
    Missing,
    /// This process may not read it.
    #[error("may not be read")]
    Denied,
    /// Another program, or the system itself, keeps others from reading it.
    #[error("is in use")]
    InUse,
    /// What holds it is damaged.
    #[error("is damaged: {detail}")]
    Corrupt {
        /// What is wrong.
        detail: &'static str,
    },
    /// The operating system failed otherwise.
    #[error("cannot be read (system error {code})")]
    System {
        /// The error number of the operating system.
        code: i32,
    },
    /// The view that was given does not hold it.
    #[error("is not held by what was given")]
    NotHeld,
    /// The hive was not closed properly: what it holds may be out of date.
    #[error("was not closed properly; its values may be out of date")]
    Dirty,
    /// The checksum of the hive is wrong: nothing in it can be believed.
    #[error("has a wrong checksum")]
    Checksum,
    /// A value has another type than it should.
    #[error("has type {got}, not {expected}")]
    WrongType {
        /// The number of the type it should have (`winnt.h`).
        expected: u32,
        /// The number of the type it has.
        got: u32,
    },
    /// The size of a value does not fit its type.
    #[error("has {size} bytes, which do not fit its type")]
    WrongSize {
        /// Its size in bytes.
        size: usize,
    },
    /// A value is no text.
    #[error("is not text")]
    NotText,
    /// A connection blob cannot be read.
    #[error("{0}")]
    Blob(BlobError),
    /// The word that selects the mode is not known.
    #[error("says {word}")]
    UnknownWord {
        /// The word.
        word: PeerText,
    },
}

/// Why a connection blob cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BlobError {
    /// It ends within a field, or the length of a text points past the end.
    #[error("ends within its {field}")]
    Truncated {
        /// The field that is not complete.
        field: BlobField,
    },
    /// Its version is not one that is known.
    #[error("has the unknown version {version:#x}")]
    UnknownVersion {
        /// The version that it states.
        version: u32,
    },
    /// A text holds a NUL or something that is not ASCII.
    #[error("has a {field} that is not ASCII")]
    BadText {
        /// The text.
        field: BlobField,
    },
}

/// A field of a connection blob, in the order of the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BlobField {
    /// The version of the layout.
    Version,
    /// The counter of changes.
    Counter,
    /// Which of the texts are in effect.
    Flags,
    /// The manual proxy.
    Proxy,
    /// The list of exceptions.
    Bypass,
    /// The address of the script.
    PacUrl,
}

impl std::fmt::Display for BlobField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Version => "version",
            Self::Counter => "counter",
            Self::Flags => "flags",
            Self::Proxy => "proxy",
            Self::Bypass => "bypass list",
            Self::PacUrl => "script address",
        })
    }
}

/// Why a text does not name a proxy server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ServerProblem {
    /// There is no host.
    #[error("no host")]
    Empty,
    /// The port is no number from 1 to 65535.
    #[error("no usable port")]
    BadPort,
    /// It holds a user name or a password. Credentials are given to this crate elsewhere, bound to a named proxy.
    #[error("it holds credentials")]
    Userinfo,
    /// It holds a path, a query or a fragment.
    #[error("it holds more than host and port")]
    Path,
    /// The host cannot be one.
    #[error("the host is not usable: {0}")]
    Host(HostProblem),
    /// The way of speaking to the proxy is not known.
    #[error("unknown scheme {0}")]
    Scheme(PeerText),
    /// The key before `=` is none of `http`, `https`, `ftp` and `socks`.
    #[error("unknown key {0}")]
    Key(PeerText),
    /// Another server for the same use stands before it.
    #[error("another server stands before it")]
    Surplus,
    /// `HTTP_PROXY` beside `REQUEST_METHOD`: in a CGI program it may come from a request's `Proxy` header.
    #[error("it may come from a request (CGI)")]
    CgiHazard,
}

/// Why a text is no host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HostProblem {
    /// It is empty, or a label of it is.
    #[error("empty")]
    Empty,
    /// Longer than 253 bytes, or a label longer than 63 (RFC 1035, section 2.3.4), in the ASCII form.
    #[error("too long")]
    TooLong,
    /// It holds a character that no host name has, or is no valid internationalized name (UTS 46).
    #[error("not a host name")]
    NotAName,
    /// It is an IPv6 address with a zone, which means something on one computer only (RFC 4007).
    #[error("an address with a zone")]
    Zone,
    /// Without brackets it can be an IPv6 address, or one with a port.
    #[error("an IPv6 address that needs brackets")]
    NeedsBrackets,
}

impl ProxyResolutionFault {
    /// Who can do what about it.
    pub const fn remedy(&self) -> Remedy {
        match self {
            Self::PacEngineMissing { .. } => Remedy::CorrectSettings,
            Self::HostInvalid { .. } => Remedy::CorrectHostName,
            Self::Store { .. }
            | Self::NoUsableServer { .. }
            | Self::Pac { .. }
            | Self::WpadDisabledByPolicy { .. }
            | Self::WpadUntrusted { .. } => Remedy::CorrectProxySettings,
        }
    }
}

message_ids!(impl ProxyResolutionFault {
    Store => "fault-proxy-store",
    NoUsableServer => "fault-proxy-no-usable-server",
    PacEngineMissing => "fault-proxy-pac-engine-missing",
    Pac => "fault-proxy-pac",
    WpadDisabledByPolicy => "fault-proxy-wpad-disabled",
    WpadUntrusted => "fault-proxy-wpad-untrusted",
    HostInvalid => "fault-proxy-host-invalid",
});

impl Message for ProxyResolutionFault {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Store { place, .. }
            | Self::NoUsableServer { place, .. }
            | Self::PacEngineMissing { place }
            | Self::Pac { place, .. }
            | Self::WpadDisabledByPolicy { place } => vec![("place", place.clone())],
            Self::WpadUntrusted { name, .. } => vec![("host", name.clone())],
            Self::HostInvalid { .. } => Vec::new(),
        }
    }
}
