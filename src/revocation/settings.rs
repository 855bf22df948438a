//! How revocation is checked.

use std::path::PathBuf;
use std::time::Duration;

use super::Policy;
use crate::error::{Error, Fault};

/// How a channel checks revocation. A [`Policy`] alone stands for itself with the other defaults.
///
/// | setting | default |
/// |---|---|
/// | [`new`](Self::new) | [`Policy::RequiredUnlessUnreachable`] |
/// | [`cache_directory`](Self::cache_directory) | none: answers are kept in memory only |
/// | [`crl_limit`](Self::crl_limit) | 5 MiB |
/// | [`clock_skew`](Self::clock_skew) | 5 minutes |
/// | [`private_responders`](Self::private_responders) | none |
/// | [`revoked_authorities`](Self::revoked_authorities) | none |
///
/// The time limits are in [`Timeouts`](crate::Timeouts).
///
/// ```
/// use sspr::Channel;
/// use sspr::revocation::{Policy, Settings};
///
/// let strict = Channel::builder().revocation(Policy::Strict);
/// let settings = Settings::new(Policy::Strict).cache_directory("/var/cache/sspr");
/// let strict_and_cached = Channel::builder().revocation(settings);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub(crate) policy: Policy,
    pub(crate) cache_directory: Option<PathBuf>,
    pub(crate) crl_limit: usize,
    pub(crate) skew: Duration,
    pub(crate) private_responders: Vec<String>,
    pub(crate) revoked_authorities: Vec<[u8; 32]>,
}

impl Settings {
    /// The largest list that may be allowed.
    pub const LARGEST_CRL: usize = 20 << 20;

    /// The largest skew that may be allowed.
    pub const LONGEST_SKEW: Duration = Duration::from_secs(24 * 60 * 60);

    /// The defaults with this policy.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            cache_directory: None,
            crl_limit: 5 << 20,
            skew: Duration::from_secs(5 * 60),
            private_responders: Vec::new(),
            revoked_authorities: Vec::new(),
        }
    }

    /// Where answers are kept beyond the life of the process: signed data only, verified again whenever it is read, at
    /// most 256 files of at most 2 MiB.
    ///
    /// The directory is made if need be, for this account only. On Windows the files inherit the rights of the
    /// directory, which should be one of the system's own.
    #[must_use]
    pub fn cache_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.cache_directory = Some(directory.into());
        self
    }

    /// The most bytes of a list of revoked certificates, up to 20 MiB.
    #[must_use]
    pub fn crl_limit(mut self, bytes: usize) -> Self {
        self.crl_limit = bytes;
        self
    }

    /// How far this computer's clock may be off, up to 24 hours. Answers count so much earlier and longer.
    #[must_use]
    pub fn clock_skew(mut self, skew: Duration) -> Self {
        self.skew = skew;
        self
    }

    /// The hosts of responders and lists that may have addresses of this computer or its own network, although the
    /// certificates that name them end at an added or exclusive root. Names as in the URLs, without a port.
    ///
    /// Without it, whoever inspects a connection could make this computer send requests into its own network.
    #[must_use]
    pub fn private_responders(
        mut self,
        hosts: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.private_responders = hosts.into_iter().map(Into::into).collect();
        self
    }

    /// Certificates of authorities that count as revoked whatever anyone says, by their SHA-256 hash.
    #[must_use]
    pub fn revoked_authorities(mut self, hashes: impl IntoIterator<Item = [u8; 32]>) -> Self {
        self.revoked_authorities = hashes.into_iter().collect();
        self
    }

    /// # Errors
    /// [`Fault::InvalidSetting`] if a value lies beyond its limit.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let setting = if self.crl_limit > Self::LARGEST_CRL {
            "crl_limit"
        } else if self.skew > Self::LONGEST_SKEW {
            "clock_skew"
        } else {
            return Ok(());
        };
        Err(Fault::InvalidSetting { setting }.into())
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new(Policy::default())
    }
}

impl From<Policy> for Settings {
    fn from(policy: Policy) -> Self {
        Self::new(policy)
    }
}
