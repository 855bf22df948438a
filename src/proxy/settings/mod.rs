//! What each place of a computer says about proxies. Reading only: which place decides is the matter of
//! [`Survey`](super::Survey).

mod dconf;
mod digest;
mod environment;
mod gnome;
mod linux;
mod macos;
mod policy;
mod registry;
mod windows;

use serde::Serialize;

pub use self::digest::Digest;
pub(super) use self::digest::Journal;
pub use self::environment::{Environment, EnvironmentDialect};
pub use self::gnome::GnomeSettings;
pub use self::linux::LinuxPlaces;
pub use self::macos::{MacProxies, MacValue};
pub use self::policy::DisabledAuthentication;
pub(super) use self::policy::{Scope, disabled_authentication, policy_values, scope, wpad_policy};
pub use self::windows::UserHive;
pub(super) use self::windows::{
    default_profile, keys_to_watch, local_system, machine_wininet, user_wininet, winhttp,
};
use super::finding::Finding;
use super::{BypassList, ServerList};
use crate::error::{ProxyResolutionFault, StoreProblem};

/// A place that may name a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Store {
    /// What the embedding program gave.
    Explicit,
    /// WinINET for the whole machine, in effect if the policy `ProxySettingsPerUser` is 0.
    MachineWinInet,
    /// WinINET of the account that runs the flow.
    UserWinInet,
    /// WinINET in the hive that new profiles are copied from.
    DefaultProfile,
    /// The default proxy of WinHTTP (`netsh winhttp set proxy`).
    WinHttp,
    /// WinINET of LocalSystem.
    LocalSystem,
    /// The environment variables of this process.
    Environment,
    /// GNOME's settings.
    Gnome,
    /// `/etc/sysconfig/proxy`.
    Sysconfig,
    /// `/etc/environment`.
    EtcEnvironment,
    /// The network settings of macOS.
    MacOs,
}

impl Store {
    /// The stable name, as it is serialized: `machine-win-inet`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::MachineWinInet => "machine-win-inet",
            Self::UserWinInet => "user-win-inet",
            Self::DefaultProfile => "default-profile",
            Self::WinHttp => "win-http",
            Self::LocalSystem => "local-system",
            Self::Environment => "environment",
            Self::Gnome => "gnome",
            Self::Sysconfig => "sysconfig",
            Self::EtcEnvironment => "etc-environment",
            Self::MacOs => "mac-os",
        }
    }
}

/// Where an answer comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Provenance {
    /// The store.
    pub store: Store,
    /// The value in it, for instance `HKLM\…\Connections\WinHttpSettings`.
    pub place: String,
    /// SHA-256 of the value's bytes, if there is one.
    pub digest: Option<Digest>,
}

/// A manual proxy.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Manual {
    /// The servers.
    pub servers: ServerList,
    /// What goes without them.
    pub bypass: BypassList,
}

impl Manual {
    /// These servers, but for these exceptions.
    pub fn new(servers: ServerList, bypass: BypassList) -> Self {
        Self { servers, bypass }
    }
}

/// What a store says, as far as it is in effect.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) provenance: Provenance,
    /// Automatic detection is switched on.
    pub(super) auto_detect: bool,
    /// The address of a script, as it stands there.
    pub(super) pac_url: Option<String>,
    /// A manual proxy. With `pac_url`, it is for the case that the script cannot be had.
    pub(super) manual: Option<Manual>,
}

impl Settings {
    pub(super) fn nothing(store: Store, place: impl Into<String>) -> Self {
        Self {
            provenance: Provenance {
                store,
                place: place.into(),
                digest: None,
            },
            auto_detect: false,
            pac_url: None,
            manual: None,
        }
    }

    /// Whether it names a script or a proxy. Automatic detection alone is what every new Windows profile has.
    pub(super) fn names_a_way(&self) -> bool {
        self.pac_url.is_some() || self.manual.is_some()
    }
}

/// Why a store cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unreadable {
    /// The value or key.
    pub place: String,
    /// What is wrong with it.
    pub problem: StoreProblem,
}

impl Unreadable {
    /// The place, and what is wrong with it.
    pub fn new(place: impl Into<String>, problem: impl Into<StoreProblem>) -> Self {
        Self {
            place: place.into(),
            problem: problem.into(),
        }
    }
}

impl From<Unreadable> for ProxyResolutionFault {
    fn from(unreadable: Unreadable) -> Self {
        Self::Store {
            place: unreadable.place,
            problem: unreadable.problem,
        }
    }
}

/// What reading a store gives, and what there was to say about it.
pub(super) struct Reading {
    pub(super) outcome: Result<Settings, Unreadable>,
    pub(super) findings: Vec<Finding>,
}

#[cfg(test)]
mod tests;
