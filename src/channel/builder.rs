//! How a channel is set up.

use std::fmt;
use std::sync::{Arc, Mutex};

use super::fetch::HttpFetch;
use super::idle::Idle;
use super::pac::{ScriptFetch, script_resolver};
use super::way_out::{Instead, WayOut};
use super::{Channel, Timeouts};
use crate::cloud::CloudTable;
use crate::error::{Error, Fault};
use crate::ports::{Fetch, Network, Resolve};
use crate::proxy::{Explicit, SurveyOptions, ThisComputer, Ways};
use crate::revocation::{Checker, Settings};
use crate::tls::{Roots, TlsClient, Trust, provider};
use crate::trail::Trail;
use crate::tunnel::{Asking, Dialer, Logins, ProxyAccess, SystemNetwork, SystemResolver, Tunnels};

/// Sets up a [`Channel`].
///
/// | setting | default |
/// |---|---|
/// | [`trust`](Self::trust) | the pinned and the bundled roots |
/// | [`revocation`](Self::revocation) | [`Policy::RequiredUnlessUnreachable`](crate::revocation::Policy) |
/// | [`timeouts`](Self::timeouts) | [`Timeouts::default`] |
/// | [`clouds`](Self::clouds) | [`CloudTable::default`] |
/// | [`require_ems`](Self::require_ems) | no |
/// | [`way`](Self::way) | what the settings of this computer say |
/// | [`survey_options`](Self::survey_options) | the strictest reading of these settings |
/// | [`ways`](Self::ways) | [`ThisComputer`], with what evaluates proxy scripts in this build |
/// | [`proxy_access`](Self::proxy_access) | no credentials for any proxy |
/// | [`connect_to`](Self::connect_to) | every host is itself |
/// | [`resolver`](Self::resolver) | [`SystemResolver`] |
/// | [`network`](Self::network) | [`SystemNetwork`] |
/// | [`fetch`](Self::fetch) | plain HTTP, by the way that is decided for each address |
pub struct ChannelBuilder {
    trust: Trust,
    revocation: Settings,
    timeouts: Timeouts,
    clouds: CloudTable,
    require_ems: bool,
    explicit: Option<Explicit>,
    survey_options: SurveyOptions,
    ways: Option<Arc<Ways>>,
    proxy_access: ProxyAccess,
    connect_to: Vec<(String, String)>,
    resolver: Arc<dyn Resolve>,
    network: Arc<dyn Network>,
    fetch: Option<Arc<dyn Fetch>>,
}

impl Default for ChannelBuilder {
    fn default() -> Self {
        Self {
            trust: Trust::default(),
            revocation: Settings::default(),
            timeouts: Timeouts::default(),
            clouds: CloudTable::default(),
            require_ems: false,
            explicit: None,
            survey_options: SurveyOptions::default(),
            ways: None,
            proxy_access: ProxyAccess::default(),
            connect_to: Vec::new(),
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

    /// Goes this way, whatever the settings of this computer say: [`Explicit::Direct`], a
    /// [`ProxyServer`](crate::proxy::ProxyServer) for everything, servers with exceptions, or a script.
    #[must_use]
    pub fn way(mut self, way: impl Into<Explicit>) -> Self {
        self.explicit = Some(way.into());
        self
    }

    /// How the settings of this computer are read: as a service, with environment variables, with automatic detection.
    #[must_use]
    pub fn survey_options(mut self, options: SurveyOptions) -> Self {
        self.survey_options = options;
        self
    }

    /// Who decides the ways. It replaces everything that decides otherwise: [`way`](Self::way),
    /// [`survey_options`](Self::survey_options), and the evaluator of proxy scripts, which [`Ways::resolver`] takes.
    #[must_use]
    pub fn ways(mut self, ways: impl Into<Arc<Ways>>) -> Self {
        self.ways = Some(ways.into());
        self
    }

    /// Which credentials may go to which proxy.
    #[must_use]
    pub fn proxy_access(mut self, access: ProxyAccess) -> Self {
        self.proxy_access = access;
        self
    }

    /// Connects to `to` where `from` is meant, both as `host:port` (an IPv6 address in brackets): for split DNS, and for
    /// tests. May be called for several destinations.
    ///
    /// It comes before every decision: the way is the one for `to`. What is said on it stays the same: the server must
    /// show a certificate for `from`, by the roots for `from`. Addresses of revocation data are mapped, too; a proxy that
    /// fetches them is asked for `to`.
    #[must_use]
    pub fn connect_to(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.connect_to.push((from.into(), to.into()));
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
        self.fetch = Some(Arc::new(fetch));
        self
    }

    /// Builds the channel. Nothing is opened yet, and no proxy setting is read.
    ///
    /// # Errors
    /// * [`Fault::NoCryptoProvider`] if this build has neither feature `aws-lc-rs` nor `ring`.
    /// * [`Fault::InvalidSetting`] if a root of [`trust`](Self::trust) is not a certificate in DER, one of
    ///   [`revocation`](Self::revocation) lies beyond its limit, or one of [`connect_to`](Self::connect_to) is no host with
    ///   a port.
    pub fn build(self) -> Result<Channel, Error> {
        let provider = provider().ok_or(Fault::NoCryptoProvider)?;
        self.revocation.check()?;
        let timeouts = self.timeouts;
        let roots = Arc::new(Roots::new(&self.trust)?);
        let dialer = Dialer {
            resolver: self.resolver,
            network: self.network,
            lookup_limit: timeouts.dns,
            connect_limit: timeouts.connect,
            trail: Trail::default(),
        };
        let tls = TlsClient {
            provider: Arc::clone(&provider),
            require_ems: self.require_ems,
            limit: timeouts.tls_handshake,
        };
        let ways = self.ways.unwrap_or_else(|| {
            let computer = ThisComputer::new(self.survey_options);
            let computer = match self.explicit {
                Some(explicit) => computer.explicit(explicit),
                None => computer,
            };
            let fetch = ScriptFetch::over(dialer.clone(), &tls, Arc::clone(&roots), timeouts);
            let ways = Ways::new(computer);
            Arc::new(match script_resolver(fetch) {
                Some(resolver) => ways.resolver(resolver),
                None => ways,
            })
        });
        let private_hosts = self.revocation.private_responders.clone();
        let at_hand = Arc::new(Checker::at_hand(
            self.revocation,
            provider.signature_verification_algorithms.all,
        ));
        let asking = Asking::new(timeouts.proxy_question);
        let tunnels = Tunnels {
            dialer: dialer.clone(),
            tls: tls.clone(),
            roots: Arc::clone(&roots),
            revocation: Arc::clone(&at_hand),
            logins: Arc::new(Logins::new(self.proxy_access, Arc::clone(&asking))),
            answer_limit: timeouts.proxy_answer,
            unreachable: Arc::default(),
        };
        let instead = Instead::parse(&self.connect_to)?;
        let way_out = Arc::new(WayOut::new(ways, tunnels, instead));
        let fetch = self.fetch.unwrap_or_else(|| {
            Arc::new(HttpFetch {
                way_out: Arc::clone(&way_out),
                direct: Dialer {
                    lookup_limit: timeouts.dns.min(timeouts.revocation_fetch),
                    connect_limit: timeouts.revocation_fetch,
                    ..dialer.clone()
                },
                limit: timeouts.revocation_fetch,
                private_hosts,
            })
        });
        Ok(Channel {
            roots,
            dialer,
            revocation: at_hand.asking(Box::new(Arc::clone(&fetch)), timeouts.revocation),
            #[cfg(feature = "gateway")]
            fetch,
            tls,
            way_out,
            clouds: self.clouds,
            timeouts,
            asking,
            classical_only: Mutex::default(),
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
