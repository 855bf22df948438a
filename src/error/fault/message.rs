//! What a person reads about a fault.

use super::Fault;
use crate::error::PeerText;
use crate::message::{Message, message_ids};

message_ids!(impl Fault {
    NoProtocol => "fault-no-protocol",
    NoCryptoProvider => "fault-no-crypto-provider",
    InvalidAuthority => "fault-invalid-authority",
    InvalidClientId => "fault-invalid-client-id",
    InvalidSetting => "fault-invalid-setting",
    NoRuntime => "fault-no-runtime",
    ApplicationRefused => "fault-application-refused",
    ChallengeTypeRefused => "fault-challenge-type-refused",
    NoNetwork => "fault-no-network",
    NameNotFound => "fault-name-not-found",
    NameNotFoundDirectly => "fault-name-not-found-directly",
    NameTimedOut => "fault-name-timed-out",
    ConnectionRefused => "fault-connection-refused",
    Unreachable => "fault-unreachable",
    ConnectTimedOut => "fault-connect-timed-out",
    Closed => "fault-closed",
    TimedOut => "fault-timed-out",
    NotHttp => "fault-not-http",
    TooLarge => "fault-too-large",
    HeadTooLarge => "fault-head-too-large",
    Encoded => "fault-encoded",
    ExchangeFailed => "fault-exchange-failed",
    Throttled => "fault-throttled",
    ServiceUnavailable => "fault-service-unavailable",
    RedirectRefused => "fault-redirect-refused",
    UnexpectedStatus => "fault-unexpected-status",
    UnexpectedContentType => "fault-unexpected-content-type",
    CookiesRefused => "fault-cookies-refused",
    WritebackUnavailable => "fault-writeback-unavailable",
    Unreadable => "fault-unreadable",
    MissingField => "fault-missing-field",
    InvalidField => "fault-invalid-field",
    UnknownWord => "fault-unknown-word",
    LinkRefused => "fault-link-refused",
    NoMethods => "fault-no-methods",
    TemporarilyRefused => "fault-temporarily-refused",
    Refused => "fault-refused",
    AccountNotFound => "fault-account-not-found",
    NothingToReset => "fault-nothing-to-reset",
    ContactRefused => "fault-contact-refused",
    Misuse => "fault-misuse",
    InvalidUsername => "fault-invalid-username";
    ProxyResolution => nested,
    Proxy => nested,
    Tls => nested,
    Trust => nested,
    Clock => nested,
    Revocation => nested,
    Gateway => nested,
});

impl Message for Fault {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::InvalidSetting { setting } => vec![("setting", (*setting).to_owned())],
            Self::ApplicationRefused { server }
            | Self::ChallengeTypeRefused { server }
            | Self::TemporarilyRefused { server }
            | Self::Refused { server }
            | Self::ContactRefused { server } => vec![("code", server.to_string())],
            Self::NameNotFound { host }
            | Self::NameNotFoundDirectly { host, .. }
            | Self::NameTimedOut { host, .. }
            | Self::ConnectionRefused { host, .. }
            | Self::Unreachable { host, .. }
            | Self::ConnectTimedOut { host, .. }
            | Self::Closed { host }
            | Self::TimedOut { host, .. }
            | Self::NotHttp { host }
            | Self::TooLarge { host, .. }
            | Self::HeadTooLarge { host }
            | Self::Encoded { host, .. }
            | Self::ExchangeFailed { host } => vec![("host", host.clone())],
            Self::ServiceUnavailable { status, .. }
            | Self::RedirectRefused { status, .. }
            | Self::UnexpectedStatus { status, .. }
            | Self::UnexpectedContentType { status, .. }
            | Self::Unreadable { status } => vec![("status", status.to_string())],
            Self::MissingField { field } | Self::InvalidField { field } => {
                vec![("field", (*field).to_owned())]
            }
            Self::UnknownWord { field, word } => {
                vec![("field", (*field).to_owned()), ("word", word.to_string())]
            }
            Self::LinkRefused { host, .. } => {
                let host = host.as_ref().map_or("-", PeerText::as_str);
                vec![("host", host.to_owned())]
            }
            Self::ProxyResolution(fault) => fault.message_args(),
            Self::Proxy(fault) => fault.message_args(),
            Self::Tls(fault) => fault.message_args(),
            Self::Trust(fault) => fault.message_args(),
            Self::Clock(fault) => fault.message_args(),
            Self::Revocation(fault) => fault.message_args(),
            Self::Gateway(fault) => fault.message_args(),
            Self::WritebackUnavailable { code } => vec![("code", code.to_string())],
            Self::NoProtocol
            | Self::NoCryptoProvider
            | Self::InvalidAuthority { .. }
            | Self::InvalidClientId
            | Self::NoRuntime
            | Self::NoNetwork
            | Self::Throttled { .. }
            | Self::CookiesRefused
            | Self::NoMethods
            | Self::AccountNotFound { .. }
            | Self::NothingToReset { .. }
            | Self::Misuse { .. }
            | Self::InvalidUsername { .. } => Vec::new(),
        }
    }
}
