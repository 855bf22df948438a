//! Who can clear the way, and how.

use serde::Serialize;

use crate::message::{Message, message_ids};

/// The person who can do something about a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Who {
    /// Who stands at the sign-in screen.
    Person,
    /// The help desk, which can reset the password or read the person's registration.
    HelpDesk,
    /// Who administers the tenant, the network or this computer.
    Administrator,
    /// Who wrote the embedding program, or this crate.
    Developer,
}

/// What to do about a fault. The text comes from [`messages`](crate::messages).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Remedy {
    /// Correct what was typed.
    CorrectInput,
    /// Try once more.
    TryAgain,
    /// Wait, then try once more.
    TryLater,
    /// Connect this computer to a network.
    ConnectNetwork,
    /// Set the clock of this computer.
    SetClock,
    /// Use the web page instead.
    UseBrowser,
    /// Let the help desk reset the password.
    AskHelpDesk,
    /// Let the network pass the named host.
    OpenFirewall,
    /// Correct the DNS entry or the host name that was configured.
    CorrectHostName,
    /// Exempt the named host from inspection, or configure the inspecting authority.
    ExemptFromInspection,
    /// Bring the server or the middlebox to TLS 1.2 or 1.3.
    RaiseTls,
    /// Correct the proxy settings of this computer, or the network's proxy script.
    CorrectProxySettings,
    /// Give this computer or this program a login at the proxy, or let it pass without one.
    CorrectProxyLogin,
    /// Renew or correct the certificate of the named host.
    CorrectCertificate,
    /// Add the named host to those that the web view may use.
    AllowHost,
    /// Enable native authentication for the registered application.
    EnableNativeAuthentication,
    /// Correct the settings that were given to this crate.
    CorrectSettings,
    /// Report the answer that nobody foresaw.
    ReportAnswer,
}

impl Remedy {
    /// Who can do it.
    pub const fn who(self) -> Who {
        match self {
            Self::CorrectInput
            | Self::TryAgain
            | Self::TryLater
            | Self::ConnectNetwork
            | Self::UseBrowser => Who::Person,
            Self::AskHelpDesk => Who::HelpDesk,
            Self::SetClock
            | Self::OpenFirewall
            | Self::CorrectHostName
            | Self::ExemptFromInspection
            | Self::RaiseTls
            | Self::CorrectProxySettings
            | Self::CorrectProxyLogin
            | Self::CorrectCertificate
            | Self::AllowHost
            | Self::EnableNativeAuthentication => Who::Administrator,
            Self::CorrectSettings | Self::ReportAnswer => Who::Developer,
        }
    }
}

message_ids!(impl Who {
    Person => "who-person",
    HelpDesk => "who-help-desk",
    Administrator => "who-administrator",
    Developer => "who-developer",
});

message_ids!(impl Remedy {
    CorrectInput => "remedy-correct-input",
    TryAgain => "remedy-try-again",
    TryLater => "remedy-try-later",
    ConnectNetwork => "remedy-connect-network",
    SetClock => "remedy-set-clock",
    UseBrowser => "remedy-use-browser",
    AskHelpDesk => "remedy-ask-help-desk",
    OpenFirewall => "remedy-open-firewall",
    CorrectHostName => "remedy-correct-host-name",
    ExemptFromInspection => "remedy-exempt-from-inspection",
    RaiseTls => "remedy-raise-tls",
    CorrectProxySettings => "remedy-correct-proxy-settings",
    CorrectProxyLogin => "remedy-correct-proxy-login",
    CorrectCertificate => "remedy-correct-certificate",
    AllowHost => "remedy-allow-host",
    EnableNativeAuthentication => "remedy-enable-native-authentication",
    CorrectSettings => "remedy-correct-settings",
    ReportAnswer => "remedy-report-answer",
});

impl Message for Remedy {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }
}

impl Message for Who {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }
}
