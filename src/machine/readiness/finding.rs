//! What is in the way on this computer: where, what, how sure, for whom, and what to do.

use std::fmt;

use serde::Serialize;

use crate::error::{PeerText, Remedy, StoreProblem};
use crate::message::{Message, message_ids};

/// One thing that is in the way, or may be, or could not be found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is.
    #[serde(flatten)]
    pub matter: Matter,
    /// Where it stands.
    pub place: Place,
    /// What stands there. Empty if nothing does, or if it could not be read.
    pub found: PeerText,
    /// How sure it is.
    pub certainty: Certainty,
    /// Whom it concerns.
    pub effect: Effect,
    /// Where the rule comes from.
    pub basis: Basis,
}

/// A value of the registry, a key of it, or a question to the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Place {
    /// The path of the key, from its root, or the name of what was asked.
    pub path: String,
    /// The name of the value, if it is about one.
    pub value: Option<String>,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Certainty {
    /// It has the effect.
    Certain,
    /// It may have the effect: it does not everywhere, or the sources contradict each other.
    Possible,
    /// What stands there could not be found out, or makes no sense. It is not taken for harmless.
    Undetermined,
    /// No registry and no probe of this crate tells. It does not count in a [`Verdict`](super::Verdict).
    BeyondReach,
}

/// Whom a finding concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Effect {
    /// The reset that is built into Windows does not work. A frontend with this crate does.
    BlocksBuiltIn,
    /// Nobody can reset a password here: neither Windows nor this crate.
    BlocksAll,
    /// The reset works. Only what comes afterwards needs something more: cached credentials, for one.
    Afterwards,
    /// Nothing is in the way: it is only worth knowing.
    Remark,
}

/// Where a rule, and the place of its value, come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Basis {
    /// The vendor's instructions for the reset at the sign-in screen, path included.
    Instructions,
    /// Other documentation of the vendor.
    Documentation,
    /// The rule is documented; the path is seen in public policy templates, security guides or scripts.
    Seen,
    /// Reports of users, in public.
    Reports,
    /// The rule is documented; the path is common knowledge that nobody checked on a real computer.
    Unverified,
}

/// What is in the way. The remedy and the text belong to this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "matter")]
#[non_exhaustive]
pub enum Matter {
    /// The link on the sign-in screen is not enabled.
    LinkNotEnabled,
    /// The policy and the result of the device management say different things about the link.
    LinkDisputed,
    /// The value, or a key above it, cannot be read, or has another type than it should.
    Unreadable {
        /// What is wrong.
        problem: StoreProblem,
    },
    /// The value has the right type and a content that nobody documents.
    UnknownContent,
    /// The list has more entries than are looked at.
    TooManyEntries {
        /// How many are looked at.
        limit: usize,
    },
    /// There is no answer: the value is missing and has no documented default, or the system was not asked.
    NotTold,
    /// It can be checked by hand only.
    ToCheckByHand,
    /// This Windows is older than version 1803, and none that the add-in was made for.
    WindowsTooOld,
    /// The edition is Home.
    HomeEdition,
    /// The edition is none of those that the feature is documented for.
    OtherEdition,
    /// The computer is joined to a domain only.
    JoinedToDomainOnly,
    /// The computer is joined to nothing.
    NotJoined,
    /// The key of joins exists, but is empty.
    JoinKeyEmpty,
    /// There are several joins.
    SeveralJoins {
        /// How many.
        count: usize,
        /// Whether they are all of one tenant.
        one_tenant: bool,
    },
    /// The registry and the system say different things about the join.
    JoinDisputed,
    /// No domain controller can be seen, and this device needs one before the new password works on it.
    DomainControllerNeeded,
    /// Notifications on the lock screen are switched off.
    LockScreenNotificationsOff,
    /// Fast user switching is hidden.
    UserSwitchingHidden,
    /// The name of the last user is not shown.
    LastUserHidden,
    /// There is no lock screen.
    NoLockScreen,
    /// Users without rights cannot install packaged apps.
    AppInstallBlocked,
    /// The device is marked as lost.
    LostMode,
    /// A smart card is required to sign in.
    SmartCardRequired,
    /// User account control is switched off.
    UacOff,
    /// Ctrl+Alt+Del is required, notifications on the lock screen are off, and the edition is Home.
    ThreeTogether,
    /// Another shell stands in for Explorer.
    CustomShell,
    /// The name of the shell is empty.
    ShellUnnamed,
    /// A credential provider that does not come with Windows.
    ForeignCredentialProvider {
        /// Its name, or its class.
        name: PeerText,
    },
    /// A credential provider that may come with Windows or not.
    UnknownCredentialProvider {
        /// Its name, or its class.
        name: PeerText,
    },
    /// The session is shown on another computer: Remote Desktop, or an enhanced session of Hyper-V.
    RemoteSession,
    /// A network signs on with the user's credentials right before the user signs in.
    NetworkWaitsForUser {
        /// The name of the network's profile.
        profile: PeerText,
    },
    /// TLS 1.2 is switched off.
    Tls12Off,
    /// TLS 1.2 is used only by programs that ask for it.
    Tls12NotByDefault,
    /// TLS 1.2 is not enabled expressly, which Windows 7 to 8.1 needs.
    Tls12NotEnabled,
    /// WinHTTP does not use TLS 1.2 unless asked for it.
    WinHttpWithoutTls12,
    /// The add-in for Windows 7 to 8.1 is not installed.
    AddInMissing,
    /// The add-in for Windows 7 to 8.1 is installed on a newer Windows.
    AddInLeftOver,
    /// The add-in writes its verbose log.
    AddInLogging,
    /// Several profiles of the temporary account were left over.
    LeftOverProfiles {
        /// How many.
        count: usize,
    },
    /// The clock shows a time that is long past.
    ClockWrong,
}

impl Finding {
    /// What to do, and who can do it ([`Remedy::who`]).
    pub fn remedy(&self) -> Remedy {
        match self.matter {
            Matter::LinkNotEnabled | Matter::LinkDisputed => Remedy::EnableResetLink,
            Matter::Unreadable {
                problem:
                    StoreProblem::WrongType { .. }
                    | StoreProblem::WrongSize { .. }
                    | StoreProblem::NotText,
            }
            | Matter::UnknownContent => Remedy::CorrectRegistryValue,
            Matter::Unreadable { .. } | Matter::TooManyEntries { .. } | Matter::NotTold => {
                Remedy::LookWithMoreRights
            }
            Matter::ToCheckByHand | Matter::JoinDisputed | Matter::SeveralJoins { .. } => {
                Remedy::CheckByHand
            }
            Matter::WindowsTooOld => Remedy::UpdateWindows,
            Matter::HomeEdition | Matter::OtherEdition => Remedy::ChangeEdition,
            Matter::JoinedToDomainOnly | Matter::NotJoined | Matter::JoinKeyEmpty => {
                Remedy::JoinComputer
            }
            Matter::DomainControllerNeeded => Remedy::ReachDomainController,
            Matter::LockScreenNotificationsOff
            | Matter::UserSwitchingHidden
            | Matter::LastUserHidden
            | Matter::NoLockScreen
            | Matter::AppInstallBlocked
            | Matter::LostMode
            | Matter::SmartCardRequired
            | Matter::UacOff
            | Matter::ThreeTogether => Remedy::RelaxPolicy,
            Matter::CustomShell | Matter::ShellUnnamed => Remedy::RestoreShell,
            Matter::ForeignCredentialProvider { .. } | Matter::UnknownCredentialProvider { .. } => {
                Remedy::TryWithoutCredentialProvider
            }
            Matter::RemoteSession => Remedy::SitAtComputer,
            Matter::NetworkWaitsForUser { .. } => Remedy::UseMachineAuthentication,
            Matter::Tls12Off
            | Matter::Tls12NotByDefault
            | Matter::Tls12NotEnabled
            | Matter::WinHttpWithoutTls12 => Remedy::EnableTls12,
            Matter::AddInMissing => Remedy::InstallAddIn,
            Matter::AddInLeftOver => Remedy::RemoveAddIn,
            Matter::AddInLogging => Remedy::EndVerboseLog,
            Matter::LeftOverProfiles { .. } => Remedy::RemoveLeftOverProfiles,
            Matter::ClockWrong => Remedy::SetClock,
        }
    }
}

impl Place {
    /// The names of keys and files on the way are those of others, and are made as harmless as what stands there.
    pub(super) fn new(path: &str, value: Option<&str>) -> Self {
        Self {
            path: PeerText::new(path).to_string(),
            value: value.map(str::to_owned),
        }
    }

    pub(super) fn asked(question: &str) -> Self {
        Self::new(question, None)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        match self.value.as_deref() {
            None => Ok(()),
            Some("") => f.write_str(r"\(Default)"),
            Some(name) => write!(f, "\\{name}"),
        }
    }
}

message_ids!(impl Matter {
    LinkNotEnabled => "readiness-link-not-enabled",
    LinkDisputed => "readiness-link-disputed",
    Unreadable => "readiness-unreadable",
    UnknownContent => "readiness-unknown-content",
    TooManyEntries => "readiness-too-many-entries",
    NotTold => "readiness-not-told",
    ToCheckByHand => "readiness-to-check-by-hand",
    WindowsTooOld => "readiness-windows-too-old",
    HomeEdition => "readiness-home-edition",
    OtherEdition => "readiness-other-edition",
    JoinedToDomainOnly => "readiness-joined-to-domain-only",
    NotJoined => "readiness-not-joined",
    JoinKeyEmpty => "readiness-join-key-empty",
    SeveralJoins => "readiness-several-joins",
    JoinDisputed => "readiness-join-disputed",
    DomainControllerNeeded => "readiness-domain-controller-needed",
    LockScreenNotificationsOff => "readiness-lock-screen-notifications-off",
    UserSwitchingHidden => "readiness-user-switching-hidden",
    LastUserHidden => "readiness-last-user-hidden",
    NoLockScreen => "readiness-no-lock-screen",
    AppInstallBlocked => "readiness-app-install-blocked",
    LostMode => "readiness-lost-mode",
    SmartCardRequired => "readiness-smart-card-required",
    UacOff => "readiness-uac-off",
    ThreeTogether => "readiness-three-together",
    CustomShell => "readiness-custom-shell",
    ShellUnnamed => "readiness-shell-unnamed",
    ForeignCredentialProvider => "readiness-foreign-credential-provider",
    UnknownCredentialProvider => "readiness-unknown-credential-provider",
    RemoteSession => "readiness-remote-session",
    NetworkWaitsForUser => "readiness-network-waits-for-user",
    Tls12Off => "readiness-tls12-off",
    Tls12NotByDefault => "readiness-tls12-not-by-default",
    Tls12NotEnabled => "readiness-tls12-not-enabled",
    WinHttpWithoutTls12 => "readiness-winhttp-without-tls12",
    AddInMissing => "readiness-add-in-missing",
    AddInLeftOver => "readiness-add-in-left-over",
    AddInLogging => "readiness-add-in-logging",
    LeftOverProfiles => "readiness-left-over-profiles",
    ClockWrong => "readiness-clock-wrong",
});

message_ids!(impl Effect {
    BlocksBuiltIn => "effect-blocks-built-in",
    BlocksAll => "effect-blocks-all",
    Afterwards => "effect-afterwards",
    Remark => "effect-remark",
});

impl Message for Finding {
    fn message_id(&self) -> &'static str {
        self.matter.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match &self.matter {
            Matter::Unreadable { .. }
            | Matter::UnknownContent
            | Matter::NotTold
            | Matter::ToCheckByHand => {
                vec![("place", self.place.to_string())]
            }
            Matter::TooManyEntries { limit } => {
                vec![
                    ("place", self.place.to_string()),
                    ("limit", limit.to_string()),
                ]
            }
            Matter::SeveralJoins { count, .. } | Matter::LeftOverProfiles { count } => {
                vec![("count", count.to_string())]
            }
            Matter::ForeignCredentialProvider { name }
            | Matter::UnknownCredentialProvider { name } => vec![("name", name.to_string())],
            Matter::NetworkWaitsForUser { profile } => vec![("profile", profile.to_string())],
            _ => Vec::new(),
        }
    }
}

impl Message for Effect {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }
}
