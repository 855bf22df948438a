//! What can be in the way, by who is at fault, with the evidence for it.

mod message;

use std::time::Duration;

use serde::Serialize;

use super::evidence::{AuthorityProblem, LinkProblem, ServerError, TimedPhase, UsernameProblem};
use super::{
    ClockFault, GatewayFault, PeerText, ProxyFault, ProxyResolutionFault, Remedy, RevocationFault,
    Stage, TlsFault, TrustFault,
};

/// What happened, with its evidence. Every variant belongs to exactly one [`Stage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Fault {
    // Configuration
    /// The client was built without a protocol, or this build of the crate holds none.
    #[error("no reset protocol was given")]
    NoProtocol,
    /// This build holds neither `aws-lc-rs` nor `ring`, and no [`Exchange`](crate::Exchange) was given.
    #[error("this build has no cryptography for TLS")]
    NoCryptoProvider,
    /// The authority is not a usable HTTPS address.
    #[error("the authority is not usable: {problem}")]
    InvalidAuthority {
        /// What is wrong with it.
        problem: AuthorityProblem,
    },
    /// The client id is empty or holds characters that no client id has.
    #[error("the client id is not usable")]
    InvalidClientId,
    /// A value in a setting cannot be used.
    #[error("the setting {setting} cannot be used")]
    InvalidSetting {
        /// The name of the setting in this crate's API.
        setting: &'static str,
    },
    /// No tokio runtime with IO and time is running here.
    #[error("no async runtime is running on this thread")]
    NoRuntime,
    /// The tenant does not allow this application to use native authentication, or does not know it.
    #[error("the tenant does not accept this application: {server}")]
    ApplicationRefused {
        /// The server's own words.
        server: ServerError,
    },
    /// The tenant supports none of the challenge types that were offered.
    #[error("the tenant does not accept the offered challenge types: {server}")]
    ChallengeTypeRefused {
        /// The server's own words.
        server: ServerError,
    },

    // Network
    /// This computer has no way to any network.
    #[error("this computer has no network")]
    NoNetwork,

    /// Which way out could not be decided; see [`ProxyResolutionFault`].
    #[error(transparent)]
    ProxyResolution(ProxyResolutionFault),
    /// The proxy cannot be reached, refuses, or wants a login that does not succeed; see [`ProxyFault`].
    #[error(transparent)]
    Proxy(ProxyFault),

    // Dns
    /// The name does not exist, by this computer's resolver.
    #[error("the host name {host} cannot be resolved")]
    NameNotFound {
        /// The name that was asked for.
        host: String,
    },
    /// The name does not exist, by this computer's resolver. The settings name a proxy that may know it, but not for this
    /// host, or where they do not count.
    #[error("the host name {host} cannot be resolved, and a proxy is not asked: {finding}")]
    NameNotFoundDirectly {
        /// The name that was asked for.
        host: String,
        /// What the settings say, and why it does not count here.
        finding: PeerText,
    },
    /// The resolver gave no answer in time.
    #[error("the host name {host} was not resolved within {after:?}")]
    NameTimedOut {
        /// The name that was asked for.
        host: String,
        /// How long was waited.
        after: Duration,
    },

    // Connect
    /// Every address refused the connection.
    #[error("{host}:{port} refused the connection")]
    ConnectionRefused {
        /// The host that was asked.
        host: String,
        /// The TCP port.
        port: u16,
    },
    /// No address could be reached.
    #[error("{host}:{port} cannot be reached ({kind})")]
    Unreachable {
        /// The host that was asked.
        host: String,
        /// The TCP port.
        port: u16,
        /// The kind of the operating system's error.
        kind: PeerText,
    },
    /// No address answered in time.
    #[error("{host}:{port} did not answer within {after:?}")]
    ConnectTimedOut {
        /// The host that was asked.
        host: String,
        /// The TCP port.
        port: u16,
        /// How long was waited.
        after: Duration,
    },

    /// The TLS handshake failed; see [`TlsFault`].
    #[error(transparent)]
    Tls(TlsFault),
    /// The certificate was not accepted; see [`TrustFault`].
    #[error(transparent)]
    Trust(TrustFault),
    /// This computer's clock is wrong, so that no certificate can be judged; see [`ClockFault`].
    #[error(transparent)]
    Clock(ClockFault),
    /// A certificate is revoked, or it could not be found out; see [`RevocationFault`].
    #[error(transparent)]
    Revocation(RevocationFault),

    // Http
    /// The connection ended before the answer was complete.
    #[error("{host} closed the connection before its answer was complete")]
    Closed {
        /// The host that was asked.
        host: String,
    },
    /// The exchange took too long.
    #[error("{host} did not complete its answer within {after:?} ({phase})")]
    TimedOut {
        /// The host that was asked.
        host: String,
        /// What was being waited for.
        phase: TimedPhase,
        /// How long was waited.
        after: Duration,
    },
    /// The answer is not HTTP/1.1.
    #[error("{host} does not answer with HTTP")]
    NotHttp {
        /// The host that was asked.
        host: String,
    },
    /// The answer is larger than it may be.
    #[error("the answer of {host} exceeds {limit} bytes")]
    TooLarge {
        /// The host that was asked.
        host: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The head of the answer has more than 16 KiB or more than 100 fields.
    #[error("the head of the answer of {host} is too large")]
    HeadTooLarge {
        /// The host that was asked.
        host: String,
    },
    /// The answer is compressed or otherwise coded, although nobody asked for it.
    #[error("the answer of {host} is coded ({coding})")]
    Encoded {
        /// The host that was asked.
        host: String,
        /// The field `content-encoding` (RFC 9110, section 8.4).
        coding: PeerText,
    },
    /// The embedding program's own HTTP stack failed.
    #[error("the exchange with {host} failed")]
    ExchangeFailed {
        /// The host that was asked.
        host: String,
    },
    /// The service asks to come back later (429).
    #[error("the service is throttling (status 429)")]
    Throttled {
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// The service is not able to answer at present (5xx).
    #[error("the service is not available (status {status})")]
    ServiceUnavailable {
        /// The HTTP status.
        status: u16,
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// The answer leads elsewhere; it is not followed.
    #[error("the answer redirects (status {status})")]
    RedirectRefused {
        /// The HTTP status.
        status: u16,
        /// The host it would have led to.
        host: Option<PeerText>,
    },
    /// A status that the protocol does not know, without a readable error body.
    #[error("unexpected status {status} (content type {content_type:?})")]
    UnexpectedStatus {
        /// The HTTP status.
        status: u16,
        /// The content type of the answer.
        content_type: Option<PeerText>,
    },
    /// The answer is not of the protocol's content type: often a proxy's or a captive portal's page.
    #[error("unexpected content type {content_type:?} (status {status})")]
    UnexpectedContentType {
        /// The HTTP status.
        status: u16,
        /// The content type of the answer.
        content_type: Option<PeerText>,
    },
    /// The service says that it did not get its cookies back, so that it cannot tell who goes on. They are always sent back
    /// where they belong; a host in between, or limits that no known page comes near, may take them away.
    #[error("the service did not get its cookies back")]
    CookiesRefused,
    /// The organisation's own directory, where the password lives, cannot be reached by the service at present. A later
    /// try may succeed.
    #[error("the service cannot reach the organisation's own directory ({code})")]
    WritebackUnavailable {
        /// The service's code for it.
        code: PeerText,
    },

    // Protocol
    /// The body is not the JSON object that the protocol demands.
    #[error("the answer is not readable (status {status})")]
    Unreadable {
        /// The HTTP status.
        status: u16,
    },
    /// A field is missing, or empty where it may not be.
    #[error("the answer lacks the field {field}")]
    MissingField {
        /// The name of the field.
        field: &'static str,
    },
    /// A field is there, but of the wrong type or size.
    #[error("the field {field} of the answer cannot be used")]
    InvalidField {
        /// The name of the field.
        field: &'static str,
    },
    /// A field holds a word that this crate does not know.
    #[error("the field {field} of the answer says {word:?}")]
    UnknownWord {
        /// The name of the field.
        field: &'static str,
        /// The word.
        word: PeerText,
    },
    /// A link leads to where nothing may be sent. It was not followed.
    #[error("the link {relation} of the answer is not followed: {problem} (host {host:?})")]
    LinkRefused {
        /// What the link is for, in the protocol's word.
        relation: &'static str,
        /// What is wrong with it.
        problem: LinkProblem,
        /// The host it leads to, with the port if it names one.
        host: Option<PeerText>,
    },
    /// The answer offers no method by which the person could prove who they are.
    #[error("the answer offers no usable method")]
    NoMethods,
    /// The server cannot do what was asked at present, by its own code for it.
    #[error("the service asks to try again later: {server}")]
    TemporarilyRefused {
        /// The server's own words.
        server: ServerError,
    },
    /// The server refused with an error that this crate does not know, or that does not belong to this step.
    #[error("the server refused: {server}")]
    Refused {
        /// The server's own words.
        server: ServerError,
    },

    // Account
    /// There is no such account. Only told under [`Privacy::Tell`](crate::Privacy::Tell).
    #[error("there is no such account: {server}")]
    AccountNotFound {
        /// The server's own words.
        server: ServerError,
    },
    /// The account has no password. Only told under [`Privacy::Tell`](crate::Privacy::Tell).
    #[error("the account has no password to reset: {server}")]
    NothingToReset {
        /// The server's own words.
        server: ServerError,
    },
    /// The registered contact may not be used, for its reputation or its form.
    #[error("the registered contact is refused: {server}")]
    ContactRefused {
        /// The server's own words.
        server: ServerError,
    },

    // Local
    /// The call does not fit the step. Nothing was changed.
    #[error("the call {call} does not fit the step {step}")]
    Misuse {
        /// The name of the method.
        call: &'static str,
        /// The identifier of the step that stands.
        step: &'static str,
    },
    /// The user name cannot be one.
    #[error("the user name is not usable: {problem}")]
    InvalidUsername {
        /// What is wrong with it.
        problem: UsernameProblem,
    },

    /// The gateway for a web view refused something by itself; see [`GatewayFault`].
    #[error(transparent)]
    Gateway(GatewayFault),
}

impl Fault {
    /// The station of the way it belongs to.
    pub const fn stage(&self) -> Stage {
        match self {
            Self::NoProtocol
            | Self::NoCryptoProvider
            | Self::InvalidAuthority { .. }
            | Self::InvalidClientId
            | Self::InvalidSetting { .. }
            | Self::NoRuntime
            | Self::ApplicationRefused { .. }
            | Self::ChallengeTypeRefused { .. } => Stage::Configuration,
            Self::NoNetwork => Stage::Network,
            Self::ProxyResolution(_) => Stage::ProxyResolution,
            Self::Proxy(_) => Stage::Proxy,
            Self::NameNotFound { .. }
            | Self::NameNotFoundDirectly { .. }
            | Self::NameTimedOut { .. } => Stage::Dns,
            Self::ConnectionRefused { .. }
            | Self::Unreachable { .. }
            | Self::ConnectTimedOut { .. } => Stage::Connect,
            Self::Tls(_) => Stage::Tls,
            Self::Trust(_) | Self::Clock(_) => Stage::Trust,
            Self::Revocation(_) => Stage::Revocation,
            Self::Closed { .. }
            | Self::TimedOut { .. }
            | Self::NotHttp { .. }
            | Self::TooLarge { .. }
            | Self::HeadTooLarge { .. }
            | Self::Encoded { .. }
            | Self::ExchangeFailed { .. }
            | Self::Throttled { .. }
            | Self::ServiceUnavailable { .. }
            | Self::RedirectRefused { .. }
            | Self::UnexpectedStatus { .. }
            | Self::UnexpectedContentType { .. }
            | Self::CookiesRefused
            | Self::WritebackUnavailable { .. } => Stage::Http,
            Self::Unreadable { .. }
            | Self::MissingField { .. }
            | Self::InvalidField { .. }
            | Self::UnknownWord { .. }
            | Self::LinkRefused { .. }
            | Self::NoMethods
            | Self::TemporarilyRefused { .. }
            | Self::Refused { .. } => Stage::Protocol,
            Self::AccountNotFound { .. }
            | Self::NothingToReset { .. }
            | Self::ContactRefused { .. } => Stage::Account,
            Self::Misuse { .. } | Self::InvalidUsername { .. } => Stage::Local,
            Self::Gateway(fault) => fault.stage(),
        }
    }

    /// Who can do what about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::NoProtocol
            | Self::NoCryptoProvider
            | Self::InvalidAuthority { .. }
            | Self::InvalidClientId
            | Self::InvalidSetting { .. }
            | Self::NoRuntime
            | Self::Misuse { .. } => Remedy::CorrectSettings,
            Self::ApplicationRefused { .. } | Self::ChallengeTypeRefused { .. } => {
                Remedy::EnableNativeAuthentication
            }
            Self::NoNetwork => Remedy::ConnectNetwork,
            Self::NameNotFound { .. } => Remedy::CorrectHostName,
            Self::NameNotFoundDirectly { .. } => Remedy::CorrectProxySettings,
            Self::NameTimedOut { .. }
            | Self::ConnectionRefused { .. }
            | Self::Unreachable { .. }
            | Self::ConnectTimedOut { .. }
            | Self::RedirectRefused { .. }
            | Self::UnexpectedContentType { .. } => Remedy::OpenFirewall,
            Self::ProxyResolution(fault) => fault.remedy(),
            Self::Proxy(fault) => fault.remedy(),
            Self::Tls(fault) => fault.remedy(),
            Self::Trust(fault) => fault.remedy(),
            Self::Clock(fault) => fault.remedy(),
            Self::Revocation(fault) => fault.remedy(),
            Self::Closed { .. } | Self::TimedOut { .. } | Self::ExchangeFailed { .. } => {
                Remedy::TryAgain
            }
            Self::Throttled { .. }
            | Self::ServiceUnavailable { .. }
            | Self::WritebackUnavailable { .. }
            | Self::TemporarilyRefused { .. } => Remedy::TryLater,
            Self::NotHttp { .. }
            | Self::TooLarge { .. }
            | Self::HeadTooLarge { .. }
            | Self::Encoded { .. }
            | Self::UnexpectedStatus { .. }
            | Self::Unreadable { .. }
            | Self::MissingField { .. }
            | Self::InvalidField { .. }
            | Self::UnknownWord { .. }
            | Self::LinkRefused { .. }
            | Self::CookiesRefused
            | Self::Refused { .. } => Remedy::ReportAnswer,
            Self::AccountNotFound { .. } | Self::InvalidUsername { .. } => Remedy::CorrectInput,
            Self::NoMethods | Self::NothingToReset { .. } | Self::ContactRefused { .. } => {
                Remedy::AskHelpDesk
            }
            Self::Gateway(fault) => fault.remedy(),
        }
    }

    /// How long the server asked to wait, where it gave a time.
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Throttled { retry_after } | Self::ServiceUnavailable { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }
}
