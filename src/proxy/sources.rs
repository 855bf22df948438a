//! What a [`Survey`](super::Survey) is given: the places of a computer, and what the caller wants.

use url::Url;

use super::settings::{
    Environment, EnvironmentDialect, GnomeSettings, LinuxPlaces, MacProxies, UserHive,
    keys_to_watch,
};
use super::{BypassDialect, BypassList, Manual, ProxyServer, ServerList, Unreadable};
use crate::machine::registry::{Key, RegistryView};

/// For whom the way is sought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Context {
    /// An account that was made from the Default profile, as Windows' own sign-in screen flow uses it.
    #[default]
    User,
    /// A service of the machine: WinHTTP's default counts before the Default profile.
    Service,
}

/// What to do about a place that cannot be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnUnreadable {
    /// Stop: what it says is not known.
    #[default]
    Stop,
    /// Ask the next places, with a [`Finding::Unreadable`](super::Finding::Unreadable). If none of them names a way, it
    /// is a fault all the same: going direct needs every place to be known as empty.
    Skip,
}

/// What the caller wants. The default is the strictest.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct SurveyOptions {
    /// For whom.
    pub context: Context,
    /// Whether to stop at a place that cannot be read.
    pub on_unreadable: OnUnreadable,
    /// Whether to believe a hive that was not closed properly.
    pub accept_stale_hive: bool,
    /// Whether environment variables count, and by whose reading. Never in an elevated process.
    pub environment: Option<EnvironmentDialect>,
    /// Whether this process has more rights than who may have set its environment.
    pub elevated: bool,
    /// Whether to detect proxies automatically (WPAD) where a store has it switched on.
    pub auto_detect: bool,
}

/// A way that the embedding program gives, before every store.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Explicit {
    /// Without a proxy.
    Direct,
    /// These servers, but for these exceptions.
    Manual(Box<Manual>),
    /// The script at this address.
    Script(Url),
}

impl From<ProxyServer> for Explicit {
    /// This server, for every address.
    fn from(server: ProxyServer) -> Self {
        // The dialect that has no implicit exceptions.
        let none = BypassList::parse(BypassDialect::Gnome, "");
        Self::Manual(Box::new(Manual::new(ServerList::single(server), none)))
    }
}

/// The settings of a Windows system.
#[derive(Clone)]
pub struct WindowsSources<'a> {
    /// What holds `HKEY_LOCAL_MACHINE` and `HKEY_USERS`.
    pub registry: &'a dyn RegistryView,
    /// The account that runs the flow, if its own settings are to count. A service that runs as LocalSystem names none:
    /// its settings have a rank of their own.
    pub user: Option<UserHive<'a>>,
    /// The hive that new profiles are copied from, or why it cannot be read; `None` if it is not to be asked.
    pub default_profile: Option<Result<UserHive<'a>, Unreadable>>,
}

impl WindowsSources<'_> {
    /// The keys of the live registry to be notified of: a change below one of them calls for a new
    /// [`Survey`](super::Survey). The hive of the Default profile is a file and gives no notice.
    pub fn keys_to_watch(&self) -> Vec<Key> {
        keys_to_watch(self.user.as_ref())
    }
}

/// Every place that may be asked. What is `None` does not exist on this system, or is not to be asked.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Sources<'a> {
    /// What the embedding program gives.
    pub explicit: Option<Explicit>,
    /// The registry.
    pub windows: Option<WindowsSources<'a>>,
    /// The environment variables.
    pub environment: Option<Environment>,
    /// GNOME's settings, or why they cannot be read.
    pub gnome: Option<Result<GnomeSettings, Unreadable>>,
    /// The files of a Linux system, or why they cannot be read.
    pub linux: Option<Result<LinuxPlaces, Unreadable>>,
    /// The dictionary of macOS.
    pub macos: Option<MacProxies>,
}
