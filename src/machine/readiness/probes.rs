//! What no registry holds: questions to the running system, each of which may stay without an answer.

use std::time::SystemTime;

use serde::Serialize;

/// An answer, or why there is none.
pub type Answer<T> = Result<T, NoAnswer>;

/// Why there is no answer. It is never taken for a harmless one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NoAnswer {
    /// Nobody asked: the computer is not the running one, or the question was not wanted.
    #[error("not asked")]
    NotAsked,
    /// The system does not know the question.
    #[error("the system does not know the question")]
    NotSupported,
    /// This process may not know.
    #[error("may not be known to this process")]
    Denied,
    /// The system failed.
    #[error("system error {code}")]
    System {
        /// The error number of the operating system.
        code: i32,
    },
}

/// Questions to the running system. The default of each is "not asked", which is right for a computer that is not at
/// hand; `machine::live::LiveProbes` asks a running Windows.
pub trait Probes {
    /// The time by the clock of the computer.
    ///
    /// # Errors
    /// [`NoAnswer`]
    fn now(&self) -> Answer<SystemTime> {
        Err(NoAnswer::NotAsked)
    }

    /// Whether the session of this process is shown on another computer.
    ///
    /// # Errors
    /// [`NoAnswer`]
    fn is_remote_session(&self) -> Answer<bool> {
        Err(NoAnswer::NotAsked)
    }

    /// What the system says about the join (`NetGetAadJoinInformation`, `NetGetJoinInformation`).
    ///
    /// # Errors
    /// [`NoAnswer`]
    fn join(&self) -> Answer<SystemJoin> {
        Err(NoAnswer::NotAsked)
    }

    /// Whether a controller of `domain` answers now. May take seconds, and is asked for hybrid joined devices only.
    ///
    /// # Errors
    /// [`NoAnswer`]
    fn sees_domain_controller(&self, domain: &str) -> Answer<bool> {
        let _ = domain;
        Err(NoAnswer::NotAsked)
    }

    /// The names of the folders beside the users' profiles.
    ///
    /// # Errors
    /// [`NoAnswer`]
    fn profile_folders(&self) -> Answer<Vec<String>> {
        Err(NoAnswer::NotAsked)
    }

    /// The profiles of wired and wireless networks of the whole computer.
    ///
    /// # Errors
    /// [`NoAnswer`]
    fn network_profiles(&self) -> Answer<Vec<NetworkProfile>> {
        Err(NoAnswer::NotAsked)
    }
}

/// Asks nothing: for a registry that was taken from another computer.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct NoProbes;

impl NoProbes {
    /// Asks nothing.
    pub const fn new() -> Self {
        Self
    }
}

impl Probes for NoProbes {}

/// What the system says about the join of this device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SystemJoin {
    /// The tenant that the device is joined to.
    pub tenant: Option<String>,
    /// The domain that the device is joined to.
    pub domain: Option<String>,
}

impl SystemJoin {
    /// Joined to these.
    pub fn new(tenant: Option<String>, domain: Option<String>) -> Self {
        Self { tenant, domain }
    }
}

/// A profile of a network, as Windows stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NetworkProfile {
    /// The file that holds it.
    pub place: String,
    /// The profile: `WLANProfile` or `LANProfile`.
    pub xml: String,
}

impl NetworkProfile {
    /// A profile from its parts.
    pub fn new(place: impl Into<String>, xml: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            xml: xml.into(),
        }
    }
}
