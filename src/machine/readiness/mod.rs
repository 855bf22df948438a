//! Is this computer ready for a reset at its sign-in screen, and if not: what is in the way, where, and who can mend it.
//!
//! Two things can be asked for: the reset that is built into Windows, and a frontend with this crate, which needs far
//! less. Every [`Finding`] says which of them it concerns. What cannot be read, or is not told, is a finding as well:
//! nothing is taken for harmless. The settings of proxies have their own room: see [`proxy::Survey`].
//!
//! [`proxy::Survey`]: crate::proxy::Survey
//!
//! ```
//! use sspr::machine::readiness::{NoProbes, Readiness, Verdict};
//! use sspr::machine::reg_file;
//!
//! let export = reg_file::parse(
//!     b"REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\AzureADAccount]\n\
//!       \"AllowPasswordReset\"=dword:00000000\n",
//! )?;
//! let readiness = Readiness::assess(&export, &NoProbes::new());
//! assert_eq!(readiness.link_enabled, Some(false));
//! assert_eq!(readiness.built_in(), Verdict::Blocked);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod encryption;
mod finding;
mod join;
mod left_over;
mod link;
mod network;
mod probes;
mod providers;
mod reader;
mod session;
mod settings;
mod shell;
#[cfg(test)]
mod tests;
mod windows;

use serde::Serialize;

pub use self::finding::{Basis, Certainty, Effect, Finding, Matter, Place};
pub use self::join::{Join, JoinState};
pub use self::probes::{Answer, NetworkProfile, NoAnswer, NoProbes, Probes, SystemJoin};
pub use self::windows::{Edition, Windows};

use self::reader::Reader;
use super::registry::RegistryView;
use crate::message::{Message, message_ids};

/// What this computer says about itself, and what is in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Readiness {
    /// Version and edition.
    pub windows: Windows,
    /// What the device is joined to.
    pub join: Join,
    /// Whether the link on the sign-in screen is enabled; on Windows 7 to 8.1, whether the add-in is installed. `None`
    /// if that cannot be told.
    pub link_enabled: Option<bool>,
    /// Everything that is in the way, may be, or could not be found out.
    pub findings: Vec<Finding>,
}

/// Whether a reset works here, as far as this computer can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// Nothing is in the way. What is [`Certainty::BeyondReach`] does not count.
    Clear,
    /// Something may be in the way, or could not be found out.
    Doubtful,
    /// Something is in the way.
    Blocked,
}

/// The one line for the sign-in screen: what a person should know who wants to reset a password with this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ScreenLine {
    /// The password can be reset here.
    Ready,
    /// Perhaps it cannot.
    PerhapsNotReady,
    /// It cannot.
    NotReady,
    /// It can, but works on this computer only after it has seen the organisation's network.
    NeedsOrganisation,
}

/// There is no registry to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this computer runs no Windows, and no registry was given")]
#[non_exhaustive]
pub struct NoSuchSource;

impl Readiness {
    /// Looks at a registry, and asks `probes` the rest.
    pub fn assess(view: &dyn RegistryView, probes: &dyn Probes) -> Self {
        let mut reader = Reader {
            view,
            findings: Vec::new(),
        };
        let windows = windows::read(&mut reader);
        let link_enabled = if windows.takes_add_in() {
            providers::add_in(&mut reader, &windows)
        } else {
            windows::judge(&mut reader, &windows);
            let enabled = link::read(&mut reader);
            providers::add_in(&mut reader, &windows);
            settings::read(&mut reader, &windows);
            enabled
        };
        settings::read_general(&mut reader);
        let join = join::read(&mut reader, probes);
        shell::read(&mut reader);
        providers::read(&mut reader);
        encryption::read(&mut reader, &windows);
        left_over::read(&mut reader, probes);
        session::read(&mut reader, probes);
        network::read(&mut reader, probes);
        Self {
            windows,
            join,
            link_enabled,
            findings: reader.findings,
        }
    }

    /// Looks at the computer on which this process runs. Domain controllers are not asked for, which would take time: for
    /// that, give `machine::live::LiveProbes` to [`assess`](Self::assess).
    ///
    /// # Errors
    /// [`NoSuchSource`] anywhere but on Windows.
    pub fn of_this_computer() -> Result<Self, NoSuchSource> {
        this_computer()
    }

    /// Whether the reset that is built into Windows works here.
    pub fn built_in(&self) -> Verdict {
        self.verdict(|effect| matches!(effect, Effect::BlocksBuiltIn | Effect::BlocksAll))
    }

    /// Whether a frontend with this crate can reset a password here, as far as the computer itself is concerned.
    pub fn frontend(&self) -> Verdict {
        self.verdict(|effect| effect == Effect::BlocksAll)
    }

    /// The one line for the sign-in screen.
    pub fn screen_line(&self) -> ScreenLine {
        let afterwards = self.verdict(|effect| effect == Effect::Afterwards);
        match self.frontend() {
            Verdict::Blocked => ScreenLine::NotReady,
            Verdict::Doubtful => ScreenLine::PerhapsNotReady,
            Verdict::Clear if afterwards != Verdict::Clear => ScreenLine::NeedsOrganisation,
            Verdict::Clear => ScreenLine::Ready,
        }
    }

    fn verdict(&self, concerned: impl Fn(Effect) -> bool) -> Verdict {
        let weights = self
            .findings
            .iter()
            .filter(|finding| concerned(finding.effect));
        weights
            .map(|finding| match finding.certainty {
                Certainty::Certain => Verdict::Blocked,
                Certainty::Possible | Certainty::Undetermined => Verdict::Doubtful,
                Certainty::BeyondReach => Verdict::Clear,
            })
            .max()
            .unwrap_or(Verdict::Clear)
    }
}

message_ids!(impl ScreenLine {
    Ready => "screen-ready",
    PerhapsNotReady => "screen-perhaps-not-ready",
    NotReady => "screen-not-ready",
    NeedsOrganisation => "screen-needs-organisation",
});

impl Message for ScreenLine {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }
}

#[cfg(windows)]
fn this_computer() -> Result<Readiness, NoSuchSource> {
    use super::live::{LiveProbes, LiveRegistry};
    Ok(Readiness::assess(&LiveRegistry::new(), &LiveProbes::new()))
}

#[cfg(not(windows))]
fn this_computer() -> Result<Readiness, NoSuchSource> {
    Err(NoSuchSource)
}
