//! Which way leads out, decided before anyone is signed in, and why. Decides, and opens nothing.
//!
//! [`Ways`] is what a program asks: the ways to an address, from the settings of [`ThisComputer`], kept up to date.
//! Beneath it, a [`Survey`] reads every place of a computer that may name a proxy and finds the one that decides;
//! [`Survey::plan`] turns it into a [`ProxyPlan`] for one address: candidates to try, provenance, findings. A store that
//! names a script needs a [`PacResolver`]. What a plan was made from has a fingerprint, so that a [`PlanCache`] notices
//! when a setting changes.
//!
//! The rules beneath can be used by themselves: [`ServerList`] and [`ProxyServer`], [`WinInetBlob`] and
//! [`WinHttpBlob`], [`BypassList`] in the dialect of its owner, [`pac_list::parse`].

mod blob;
mod bypass;
mod finding;
mod host;
mod memory;
pub mod pac;
pub mod pac_list;
mod pac_source;
mod plan;
mod server;
mod server_list;
mod settings;
mod sources;
mod survey;
mod target;
mod this_computer;
mod user_hive_file;
mod ways;
mod wpad;

pub use self::blob::{
    FLAG_AUTO_DETECT, FLAG_DIRECT, FLAG_MANUAL, FLAG_PAC_URL, WinHttpBlob, WinInetBlob,
};
pub use self::bypass::{BypassDialect, BypassList, BypassProblem, Network, RefusedEntry};
pub use self::finding::{Finding, IgnoredBecause};
pub use self::memory::{BadProxies, KEPT_FOR, PlanCache};
pub use self::pac_source::{
    PacFuture, PacResolver, PacSource, address_for_script, parse_script_url,
};
pub use self::plan::ProxyPlan;
pub use self::server::{Candidate, ProxyScheme, ProxyServer};
pub use self::server_list::{RefusedServer, ServerChoice, ServerList, ServerUse};
pub use self::settings::{
    Digest, DisabledAuthentication, Environment, EnvironmentDialect, GnomeSettings, LinuxPlaces,
    MacProxies, MacValue, Manual, Provenance, Store, Unreadable, UserHive,
};
pub use self::sources::{Context, Explicit, OnUnreadable, Sources, SurveyOptions, WindowsSources};
pub use self::survey::Survey;
pub use self::target::Target;
pub use self::this_computer::ThisComputer;
pub use self::user_hive_file::UserHiveFile;
pub use self::ways::{SurveySource, Ways};
pub use self::wpad::{check_wpad_addresses, wpad_name};
