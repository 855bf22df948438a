//! Faults of a proxy: it cannot be reached, refuses, or cannot be logged in to.

use std::time::Duration;

use serde::Serialize;

use super::{
    AuthScheme, DigestProblem, Fault, KerberosProblem, NtlmProblem, PeerText, Remedy, Stage,
};
use crate::message::{Message, message_ids};

/// What a proxy answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProxyReply {
    /// The HTTP status.
    pub status: u16,
    /// The words after the status.
    pub reason: PeerText,
    /// The names of the ways to log in that it offered, in its order.
    pub offered: Vec<PeerText>,
}

impl std::fmt::Display for ProxyReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, self.reason)?;
        let mut before = "; offers ";
        for scheme in &self.offered {
            write!(f, "{before}{scheme}")?;
            before = ", ";
        }
        Ok(())
    }
}

/// A way that was tried, and what was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FailedWay {
    /// The proxy's address; `None` for the direct way.
    pub proxy: Option<String>,
    /// What was wrong.
    pub fault: Fault,
}

/// Why a proxy did not open the way. `proxy` is its address, as `http://proxy.corp.example:8080`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProxyFault {
    // It cannot be reached.
    /// Its name was not found, or no connection came about.
    #[error("the proxy {proxy} cannot be reached: {fault}")]
    Unreachable {
        /// The proxy.
        proxy: String,
        /// A fault of stage Dns or Connect.
        fault: Box<Fault>,
    },
    /// The TLS session with the proxy itself failed, or its certificate was not accepted.
    #[error("no TLS session with the proxy {proxy}: {fault}")]
    Tls {
        /// The proxy.
        proxy: String,
        /// A fault of stage Tls, Trust or Revocation.
        fault: Box<Fault>,
    },
    /// None of the ways that were decided could be gone.
    #[error("none of {} ways could be gone", ways.len())]
    AllFailed {
        /// All of them, in the order in which they were tried.
        ways: Vec<FailedWay>,
    },

    // It answers, but not as a proxy does.
    /// It ended the connection before it answered.
    #[error("the proxy {proxy} ended the connection before it answered")]
    Closed {
        /// The proxy.
        proxy: String,
    },
    /// It did not answer in time.
    #[error("the proxy {proxy} did not answer within {after:?}")]
    TimedOut {
        /// The proxy.
        proxy: String,
        /// How long was waited.
        after: Duration,
    },
    /// It speaks another protocol than its address says: TLS instead of plain text, or HTTP instead of SOCKS.
    #[error("the proxy {proxy} speaks another protocol (first bytes {first_bytes:02x?})")]
    ProtocolMismatch {
        /// The proxy.
        proxy: String,
        /// The first bytes of its answer, at most 16.
        first_bytes: Vec<u8>,
    },
    /// Its answer breaks the rules of HTTP.
    #[error("the answer of the proxy {proxy} is malformed: {detail}")]
    Malformed {
        /// The proxy.
        proxy: String,
        /// Which rule was broken.
        detail: &'static str,
    },
    /// The head of its answer has more than 16 KiB or more than 100 fields, or the body of a refusal never ends.
    #[error("the answer of the proxy {proxy} is too large")]
    TooLarge {
        /// The proxy.
        proxy: String,
    },
    /// It breaks the rules of SOCKS, or refuses by them.
    #[error("the proxy {proxy}: {problem}")]
    Socks {
        /// The proxy.
        proxy: String,
        /// What was wrong.
        problem: SocksProblem,
    },

    // It refuses.
    /// It refuses the destination, or cannot reach it.
    #[error("the proxy {proxy} refused: {reply}")]
    Refused {
        /// The proxy.
        proxy: String,
        /// What it said.
        reply: ProxyReply,
    },
    /// It leads to a page for people, as the portal of a guest network does.
    #[error("the proxy {proxy} leads to a page instead (status {status})")]
    CaptivePortal {
        /// The proxy.
        proxy: String,
        /// The HTTP status.
        status: u16,
        /// The scheme and host it leads to.
        location: Option<PeerText>,
    },
    /// It said that the way is open, but what comes from there is no TLS.
    #[error("what the proxy {proxy} opened to {host} does not speak TLS")]
    TunnelNotTls {
        /// The proxy.
        proxy: String,
        /// The host that was asked for.
        host: String,
        /// The first bytes that came, at most 16.
        first_bytes: Vec<u8>,
    },
    /// Bytes came through the tunnel before anything was said into it.
    #[error("the proxy {proxy} sent bytes before the tunnel was used")]
    UnexpectedTunnelData {
        /// The proxy.
        proxy: String,
    },

    // It wants to know who asks.
    /// It demands a login and does not say how.
    #[error("the proxy {proxy} demands a login and names no way: {reply}")]
    NoChallenge {
        /// The proxy.
        proxy: String,
        /// What it said.
        reply: ProxyReply,
    },
    /// None of the ways that it offers is known here and allowed by the administrator.
    #[error("the proxy {proxy} offers no acceptable login: {reply}")]
    NoAcceptableScheme {
        /// The proxy.
        proxy: String,
        /// What it said.
        reply: ProxyReply,
    },
    /// It would read the password in clear text, and so would everyone on the way, which the settings do not allow.
    #[error("the proxy {proxy} wants the password in clear text: {reply}")]
    BasicRefusedPlaintext {
        /// The proxy.
        proxy: String,
        /// What it said.
        reply: ProxyReply,
    },
    /// It demands a login, and nobody has one for it.
    #[error("the proxy {proxy} demands a login: {reply}")]
    CredentialsMissing {
        /// The proxy.
        proxy: String,
        /// What it said.
        reply: ProxyReply,
    },
    /// It demands a login, and the settings give none to a proxy that a script named, or in this realm.
    #[error("the proxy {proxy} is not one that credentials may go to: {reply}")]
    CredentialScopeDenied {
        /// The proxy.
        proxy: String,
        /// What it said.
        reply: ProxyReply,
    },
    /// User name or password hold what the scheme cannot carry.
    #[error("the user name or password for the proxy {proxy} cannot be sent by {scheme}")]
    CredentialsUnusable {
        /// The proxy.
        proxy: String,
        /// The scheme.
        scheme: AuthScheme,
    },
    /// It refused who logged in. The same credentials are not sent again.
    #[error("the proxy {proxy} refused the {scheme} login: {reply}")]
    CredentialsRejected {
        /// The proxy.
        proxy: String,
        /// How the login was tried.
        scheme: AuthScheme,
        /// What it said.
        reply: ProxyReply,
    },
    /// It ended the connection in the middle of the login.
    #[error("the proxy {proxy} ended the connection during the login")]
    ClosedDuringAuth {
        /// The proxy.
        proxy: String,
        /// How the login was tried; `None` if it ended again after the first refusal.
        scheme: Option<AuthScheme>,
    },
    /// It asks again and again without refusing.
    #[error("the proxy {proxy} asks for the login again and again")]
    AuthLoop {
        /// The proxy.
        proxy: String,
        /// How many requests were answered with another question.
        round_trips: usize,
    },
    /// Its Digest challenge cannot be answered.
    #[error("the proxy {proxy}: {problem}")]
    DigestUnsupported {
        /// The proxy.
        proxy: String,
        /// Why not.
        problem: DigestProblem,
    },
    /// Its NTLM challenge cannot be answered.
    #[error("the proxy {proxy}: {problem}")]
    NtlmChallenge {
        /// The proxy.
        proxy: String,
        /// Why not.
        problem: NtlmProblem,
    },
    /// There is no Kerberos ticket for it, or it does not accept it.
    #[error("the proxy {proxy}: {problem}")]
    Kerberos {
        /// The proxy.
        proxy: String,
        /// Why not.
        problem: KerberosProblem,
    },
}

/// What was wrong in a SOCKS conversation (RFC 1928, RFC 1929, SOCKS 4A).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SocksProblem {
    /// It accepts none of the offered ways to log in.
    #[error("accepts no way to log in that is offered")]
    NoMethod,
    /// It answers with a way to log in that was not offered.
    #[error("wants the login method {method:#04x}, which was not offered")]
    UnknownMethod {
        /// The number of the method.
        method: u8,
    },
    /// It is a SOCKS 4 proxy that takes IPv4 addresses only, and the destination has none that it can be given.
    #[error("takes IPv4 addresses only")]
    NeedsIpv4,
    /// User name or password are longer than the protocol can carry (255 bytes), or empty.
    #[error("cannot carry this user name or password")]
    CredentialsUnusable,
    /// The name of the destination is longer than the protocol can carry (255 bytes).
    #[error("cannot carry the name of the destination")]
    NameTooLong,
    /// It wants a user name and a password, and nobody has them.
    #[error("wants a user name and a password")]
    CredentialsMissing,
    /// It refused the user name and password.
    #[error("refused the user name or password")]
    CredentialsRejected,
    /// The answer ended too early.
    #[error("ended its answer too early")]
    Truncated,
    /// The answer holds a version or a type that does not exist.
    #[error("answers with {found:#04x} for its {field}")]
    Malformed {
        /// The field of the answer.
        field: &'static str,
        /// What it holds.
        found: u8,
    },
    /// It refused the destination, or cannot reach it.
    #[error("refused: {meaning} (code {code:#04x})")]
    Refused {
        /// The code of the answer.
        code: u8,
        /// What the protocol says about the code.
        meaning: &'static str,
    },
}

impl ProxyFault {
    /// The station of the way it belongs to.
    pub const fn stage(&self) -> Stage {
        Stage::Proxy
    }

    /// Who can do what about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Unreachable { fault, .. } => match fault.remedy() {
                Remedy::CorrectHostName | Remedy::OpenFirewall => Remedy::CorrectProxySettings,
                other => other,
            },
            Self::Tls { fault, .. } => fault.remedy(),
            // The first way is the one that was meant to be gone.
            Self::AllFailed { ways } => ways
                .first()
                .map_or(Remedy::CorrectProxySettings, |way| way.fault.remedy()),
            Self::Closed { .. } | Self::TimedOut { .. } => Remedy::TryAgain,
            Self::Socks { problem, .. } => match problem {
                SocksProblem::NoMethod
                | SocksProblem::CredentialsUnusable
                | SocksProblem::CredentialsMissing
                | SocksProblem::CredentialsRejected => Remedy::CorrectProxyLogin,
                SocksProblem::Refused { .. } => Remedy::OpenFirewall,
                _ => Remedy::CorrectProxySettings,
            },
            Self::ProtocolMismatch { .. } => Remedy::CorrectProxySettings,
            Self::Malformed { .. } | Self::TooLarge { .. } => Remedy::ReportAnswer,
            Self::Refused { reply, .. } => match reply.status {
                // It was sent no login and wants one, or the one that it logs in with elsewhere was refused there.
                401 => Remedy::CorrectProxyLogin,
                // It does not know what a tunnel is: a server that was taken for a proxy.
                400 | 405 | 501 => Remedy::CorrectProxySettings,
                _ => Remedy::OpenFirewall,
            },
            Self::UnexpectedTunnelData { .. } => Remedy::OpenFirewall,
            Self::CaptivePortal { .. } | Self::TunnelNotTls { .. } => Remedy::OpenFirewall,
            Self::NoChallenge { .. }
            | Self::NoAcceptableScheme { .. }
            | Self::BasicRefusedPlaintext { .. }
            | Self::CredentialsMissing { .. }
            | Self::CredentialScopeDenied { .. }
            | Self::CredentialsUnusable { .. }
            | Self::CredentialsRejected { .. }
            | Self::ClosedDuringAuth { .. }
            | Self::AuthLoop { .. }
            | Self::DigestUnsupported { .. }
            | Self::NtlmChallenge { .. } => Remedy::CorrectProxyLogin,
            Self::Kerberos { problem, .. } => match problem {
                KerberosProblem::ClockSkew => Remedy::SetClock,
                _ => Remedy::CorrectProxyLogin,
            },
        }
    }
}

message_ids!(impl ProxyFault {
    Unreachable => "fault-proxy-unreachable",
    Tls => "fault-proxy-tls",
    AllFailed => "fault-proxy-all-failed",
    Closed => "fault-proxy-closed",
    TimedOut => "fault-proxy-timed-out",
    ProtocolMismatch => "fault-proxy-protocol-mismatch",
    Malformed => "fault-proxy-malformed",
    TooLarge => "fault-proxy-too-large",
    Socks => "fault-proxy-socks",
    Refused => "fault-proxy-refused",
    CaptivePortal => "fault-proxy-captive-portal",
    TunnelNotTls => "fault-proxy-tunnel-not-tls",
    UnexpectedTunnelData => "fault-proxy-unexpected-tunnel-data",
    NoChallenge => "fault-proxy-no-challenge",
    NoAcceptableScheme => "fault-proxy-no-acceptable-scheme",
    BasicRefusedPlaintext => "fault-proxy-basic-refused-plaintext",
    CredentialsMissing => "fault-proxy-credentials-missing",
    CredentialScopeDenied => "fault-proxy-credential-scope-denied",
    CredentialsUnusable => "fault-proxy-credentials-unusable",
    CredentialsRejected => "fault-proxy-credentials-rejected",
    ClosedDuringAuth => "fault-proxy-closed-during-auth",
    AuthLoop => "fault-proxy-auth-loop",
    DigestUnsupported => "fault-proxy-digest-unsupported",
    NtlmChallenge => "fault-proxy-ntlm-challenge",
    Kerberos => "fault-proxy-kerberos",
});

impl Message for ProxyFault {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::AllFailed { ways } => vec![("count", ways.len().to_string())],
            Self::Refused { proxy, reply } => {
                vec![
                    ("proxy", proxy.clone()),
                    ("status", reply.status.to_string()),
                ]
            }
            Self::TunnelNotTls { proxy, host, .. } => {
                vec![("proxy", proxy.clone()), ("host", host.clone())]
            }
            Self::Unreachable { proxy, .. }
            | Self::Tls { proxy, .. }
            | Self::Closed { proxy }
            | Self::TimedOut { proxy, .. }
            | Self::ProtocolMismatch { proxy, .. }
            | Self::Malformed { proxy, .. }
            | Self::TooLarge { proxy }
            | Self::Socks { proxy, .. }
            | Self::CaptivePortal { proxy, .. }
            | Self::UnexpectedTunnelData { proxy }
            | Self::NoChallenge { proxy, .. }
            | Self::NoAcceptableScheme { proxy, .. }
            | Self::BasicRefusedPlaintext { proxy, .. }
            | Self::CredentialsMissing { proxy, .. }
            | Self::CredentialScopeDenied { proxy, .. }
            | Self::CredentialsUnusable { proxy, .. }
            | Self::CredentialsRejected { proxy, .. }
            | Self::ClosedDuringAuth { proxy, .. }
            | Self::AuthLoop { proxy, .. }
            | Self::DigestUnsupported { proxy, .. }
            | Self::NtlmChallenge { proxy, .. }
            | Self::Kerberos { proxy, .. } => vec![("proxy", proxy.clone())],
        }
    }
}
