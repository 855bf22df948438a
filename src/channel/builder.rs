//! How a channel is set up.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::fetch::HttpFetch;
use super::idle::Idle;
use super::{Channel, Timeouts};
use crate::cloud::CloudTable;
use crate::error::{Error, Fault};
use crate::ports::{Fetch, Network, Resolve};
use crate::revocation::{Checker, Settings};
use crate::tls::{Roots, TlsClient, Trust, provider};
use crate::tunnel::{Dialer, SystemNetwork, SystemResolver};

/// Sets up a [`Channel`].
///
/// | setting | default |
/// |---|---|
/// | [`trust`](Self::trust) | the pinned and the bundled roots |
/// | [`revocation`](Self::revocation) | [`Policy::RequiredUnlessUnreachable`](crate::revocation::Policy) |
/// | [`timeouts`](Self::timeouts) | [`Timeouts::default`] |
/// | [`clouds`](Self::clouds) | [`CloudTable::default`] |
/// | [`require_ems`](Self::require_ems) | no |
/// | [`resolver`](Self::resolver) | [`SystemResolver`] |
/// | [`network`](Self::network) | [`SystemNetwork`] |
/// | [`fetch`](Self::fetch) | plain HTTP, the way that the channel goes |
pub struct ChannelBuilder {
    trust: Trust,
    revocation: Settings,
    timeouts: Timeouts,
    clouds: CloudTable,
    require_ems: bool,
    resolver: Arc<dyn Resolve>,
    network: Arc<dyn Network>,
    fetch: Option<Box<dyn Fetch>>,
}

impl Default for ChannelBuilder {
    fn default() -> Self {
        Self {
            trust: Trust::default(),
            revocation: Settings::default(),
            timeouts: Timeouts::default(),
            clouds: CloudTable::default(),
            require_ems: false,
            resolver: Arc::new(SystemResolver),
            network: Arc::new(SystemNetwork),
            fetch: None,
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

    /// How revocation is checked: a [`Policy`](crate::revocation::Policy), or all the [`Settings`].
    #[must_use]
    pub fn revocation(mut self, settings: impl Into<Settings>) -> Self {
        self.revocation = settings.into();
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

    /// Who fetches revocation data.
    #[must_use]
    pub fn fetch(mut self, fetch: impl Fetch + 'static) -> Self {
        self.fetch = Some(Box::new(fetch));
        self
    }

    /// Builds the channel. Nothing is opened yet.
    ///
    /// # Errors
    /// * [`Fault::NoCryptoProvider`] if this build has neither feature `aws-lc-rs` nor `ring`.
    /// * [`Fault::InvalidSetting`] if a root of [`trust`](Self::trust) is not a certificate in DER, or one of
    ///   [`revocation`](Self::revocation) lies beyond its limit.
    pub fn build(self) -> Result<Channel, Error> {
        let provider = provider().ok_or(Fault::NoCryptoProvider)?;
        self.revocation.check()?;
        let timeouts = self.timeouts;
        let dialer = Dialer {
            resolver: self.resolver,
            network: self.network,
            lookup_limit: timeouts.dns,
            connect_limit: timeouts.connect,
        };
        let fetch = self.fetch.unwrap_or_else(|| {
            Box::new(HttpFetch {
                dialer: Dialer {
                    lookup_limit: timeouts.dns.min(timeouts.revocation_fetch),
                    connect_limit: timeouts.revocation_fetch,
                    ..dialer.clone()
                },
                read_limit: timeouts.revocation_fetch,
                private_hosts: self.revocation.private_responders.clone(),
            })
        });
        Ok(Channel {
            roots: Roots::new(&self.trust)?,
            revocation: Checker::at_hand(
                self.revocation,
                provider.signature_verification_algorithms.all,
            )
            .asking(fetch, timeouts.revocation),
            tls: TlsClient {
                provider,
                require_ems: self.require_ems,
                limit: timeouts.tls_handshake,
            },
            dialer,
            clouds: self.clouds,
            timeouts,
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
