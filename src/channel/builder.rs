//! How a channel is set up.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::idle::Idle;
use super::{Channel, Timeouts};
use crate::cloud::CloudTable;
use crate::error::{Error, Fault};
use crate::ports::{Network, Resolve};
use crate::tls::{Roots, TlsClient, Trust, provider};
use crate::tunnel::{Dialer, SystemNetwork, SystemResolver};

/// Sets up a [`Channel`].
///
/// | setting | default |
/// |---|---|
/// | [`trust`](Self::trust) | the pinned and the bundled roots |
/// | [`timeouts`](Self::timeouts) | [`Timeouts::default`] |
/// | [`clouds`](Self::clouds) | [`CloudTable::default`] |
/// | [`require_ems`](Self::require_ems) | no |
/// | [`resolver`](Self::resolver) | [`SystemResolver`] |
/// | [`network`](Self::network) | [`SystemNetwork`] |
pub struct ChannelBuilder {
    trust: Trust,
    timeouts: Timeouts,
    clouds: CloudTable,
    require_ems: bool,
    resolver: Arc<dyn Resolve>,
    network: Arc<dyn Network>,
}

impl Default for ChannelBuilder {
    fn default() -> Self {
        Self {
            trust: Trust::default(),
            timeouts: Timeouts::default(),
            clouds: CloudTable::default(),
            require_ems: false,
            resolver: Arc::new(SystemResolver),
            network: Arc::new(SystemNetwork),
        }
    }
}

impl ChannelBuilder {
    /// Which roots are trusted.
    #[must_use]
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// The time limits.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// The clouds, whose hosts are pinned.
    #[must_use]
    pub fn clouds(mut self, clouds: CloudTable) -> Self {
        self.clouds = clouds;
        self
    }

    /// Whether TLS 1.2 without extended master secret (RFC 7627) is refused.
    #[must_use]
    pub fn require_ems(mut self, require: bool) -> Self {
        self.require_ems = require;
        self
    }

    /// Who finds the addresses of a name.
    #[must_use]
    pub fn resolver(mut self, resolver: impl Resolve + 'static) -> Self {
        self.resolver = Arc::new(resolver);
        self
    }

    /// Who knows whether there is a network.
    #[must_use]
    pub fn network(mut self, network: impl Network + 'static) -> Self {
        self.network = Arc::new(network);
        self
    }

    /// Builds the channel. Nothing is opened yet.
    ///
    /// # Errors
    /// * [`Fault::NoCryptoProvider`] if this build has neither feature `aws-lc-rs` nor `ring`.
    /// * [`Fault::InvalidSetting`] if a root of [`trust`](Self::trust) is not a certificate in DER.
    pub fn build(self) -> Result<Channel, Error> {
        let provider = provider().ok_or(Fault::NoCryptoProvider)?;
        Ok(Channel {
            roots: Roots::new(&self.trust)?,
            tls: TlsClient {
                provider,
                require_ems: self.require_ems,
                limit: self.timeouts.tls_handshake,
            },
            dialer: Dialer {
                resolver: self.resolver,
                network: self.network,
                lookup_limit: self.timeouts.dns,
                connect_limit: self.timeouts.connect,
            },
            clouds: self.clouds,
            timeouts: self.timeouts,
            classical_only: AtomicBool::new(false),
            idle: Idle::default(),
        })
    }
}

impl fmt::Debug for ChannelBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelBuilder")
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}
