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
    /// Enable the link on the sign-in screen of Windows.
    EnableResetLink,
    /// Write the value with the type and a content that are documented.
    CorrectRegistryValue,
    /// Let somebody look who may read it, on the computer itself.
    LookWithMoreRights,
    /// Check by hand what no program can find out.
    CheckByHand,
    /// Change the policy that sets the value.
    RelaxPolicy,
    /// Make Explorer the shell again.
    RestoreShell,
    /// Update Windows to version 1803 or newer.
    UpdateWindows,
    /// Change to an edition that organisations manage.
    ChangeEdition,
    /// Join this computer to the organisation's directory in the cloud.
    JoinComputer,
    /// Connect this computer to the organisation's network, or to a VPN that reaches it.
    ReachDomainController,
    /// Try without the credential provider, and ask its maker.
    TryWithoutCredentialProvider,
    /// Reset the password at the computer itself, not from afar.
    SitAtComputer,
    /// Let the network authenticate the computer instead of the user.
    UseMachineAuthentication,
    /// Enable TLS 1.2 in Windows.
    EnableTls12,
    /// Install the add-in for this version of Windows.
    InstallAddIn,
    /// Remove the add-in.
    RemoveAddIn,
    /// Switch the verbose log off.
    EndVerboseLog,
    /// Remove the left-over profiles.
    RemoveLeftOverProfiles,
}

impl Remedy {
    /// Who can do it.
    pub const fn who(self) -> Who {
        match self {
            Self::CorrectInput
            | Self::TryAgain
            | Self::TryLater
            | Self::ConnectNetwork
            | Self::UseBrowser
            | Self::ReachDomainController
            | Self::SitAtComputer => Who::Person,
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
            | Self::EnableNativeAuthentication
            | Self::EnableResetLink
            | Self::CorrectRegistryValue
            | Self::LookWithMoreRights
            | Self::CheckByHand
            | Self::RelaxPolicy
            | Self::RestoreShell
            | Self::UpdateWindows
            | Self::ChangeEdition
            | Self::JoinComputer
            | Self::TryWithoutCredentialProvider
            | Self::UseMachineAuthentication
            | Self::EnableTls12
            | Self::InstallAddIn
            | Self::RemoveAddIn
            | Self::EndVerboseLog
            | Self::RemoveLeftOverProfiles => Who::Administrator,
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
    EnableResetLink => "remedy-enable-reset-link",
    CorrectRegistryValue => "remedy-correct-registry-value",
    LookWithMoreRights => "remedy-look-with-more-rights",
    CheckByHand => "remedy-check-by-hand",
    RelaxPolicy => "remedy-relax-policy",
    RestoreShell => "remedy-restore-shell",
    UpdateWindows => "remedy-update-windows",
    ChangeEdition => "remedy-change-edition",
    JoinComputer => "remedy-join-computer",
    ReachDomainController => "remedy-reach-domain-controller",
    TryWithoutCredentialProvider => "remedy-try-without-credential-provider",
    SitAtComputer => "remedy-sit-at-computer",
    UseMachineAuthentication => "remedy-use-machine-authentication",
    EnableTls12 => "remedy-enable-tls12",
    InstallAddIn => "remedy-install-add-in",
    RemoveAddIn => "remedy-remove-add-in",
    EndVerboseLog => "remedy-end-verbose-log",
    RemoveLeftOverProfiles => "remedy-remove-left-over-profiles",
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
