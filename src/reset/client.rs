//! One tenant, one way there, any number of attempts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::audit::{Audit, AuditRecord, AuditSink};
use super::driver::Driver;
use super::session::Reset;
use crate::channel::{Channel, ChannelBuilder, Timeouts};
use crate::cloud::CloudTable;
use crate::diagnosis::Diagnosis;
use crate::error::{Error, Fault};
use crate::exchange::Exchange;
use crate::ports::{Network, Resolve};
use crate::protocol::{Attempt, Privacy, Protocol};
use crate::proxy::{Explicit, ProxyPlan, SurveyOptions, Ways};
use crate::revocation::Settings;
use crate::secret::Username;
use crate::tls::Trust;
use crate::tunnel::{ProxyAccess, SystemNetwork, wait_for_network};

/// Resets passwords of one tenant. Cheap to clone; attempts are independent of each other.
#[derive(Clone)]
pub struct ResetClient {
    shared: Arc<Shared>,
}

struct Shared {
    protocol: Box<dyn Protocol>,
    exchange: Arc<dyn Exchange>,
    /// The crate's own exchange, if it is the one in use: it can be warmed up.
    channel: Option<Arc<Channel>>,
    network: Arc<dyn Network>,
    privacy: Privacy,
    timeouts: Timeouts,
    audit: Option<AuditSink>,
}

impl ResetClient {
    /// Starts with a protocol and the defaults: see [`ResetClientBuilder`].
    pub fn builder(protocol: impl Protocol + 'static) -> ResetClientBuilder {
        ResetClientBuilder::new().protocol(protocol)
    }

    /// Begins an attempt for `username`, up to the first step. A code may be on its way then.
    ///
    /// Dropping the future abandons the attempt.
    ///
    /// # Errors
    /// Whatever is in the way, of any stage; [`Fault::AccountNotFound`] and [`Fault::NothingToReset`] only under
    /// [`Privacy::Tell`]; [`Fault::NoRuntime`] outside of a tokio runtime.
    pub async fn start(&self, username: Username) -> Result<Reset, Error> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Fault::NoRuntime.into());
        }
        let correlation_id = uuid::Uuid::new_v4().to_string();
        let mut attempt = Attempt::new(username, correlation_id.clone());
        attempt.privacy = self.shared.privacy;
        attempt.poll_limit = self.shared.timeouts.poll_limit;
        let flow = self.shared.protocol.begin(attempt);
        let audit = Audit::new(self.shared.audit.clone(), self.shared.protocol.name());
        let exchange = Arc::clone(&self.shared.exchange);
        let mut driver = Driver::new(flow, exchange, correlation_id, audit);
        driver.begin().await?;
        Ok(Reset::new(driver))
    }

    /// Makes the connection to the tenant ready while the person still types, so that the next request costs one round
    /// trip. With an exchange of the embedding program it does nothing.
    ///
    /// # Errors
    /// What would be in the way of a request.
    pub async fn warm_up(&self) -> Result<(), Error> {
        match &self.shared.channel {
            Some(channel) => channel.warm_up(self.shared.protocol.authority()).await,
            None => Ok(()),
        }
    }

    /// The ways that the next connection to the tenant will try, where they come from, and what an administrator should
    /// know about the settings. `None` with an exchange of the embedding program.
    ///
    /// # Errors
    /// [`Fault::ProxyResolution`] if no way can be decided.
    pub async fn plan(&self) -> Result<Option<Arc<ProxyPlan>>, Error> {
        match &self.shared.channel {
            Some(channel) => {
                let plan = channel.plan(self.shared.protocol.authority()).await?;
                Ok(Some(plan))
            }
            None => Ok(None),
        }
    }

    /// To be called when the network has changed: see [`Channel::network_changed`]. With an exchange of the embedding
    /// program it does nothing.
    pub fn network_changed(&self) {
        if let Some(channel) = &self.shared.channel {
            channel.network_changed();
        }
    }

    /// Waits until this computer has a network, which often comes up after the sign-in screen: at most `limit`, by
    /// default [`Timeouts::network_wait`]. If it had to wait, the network [has changed](Self::network_changed).
    ///
    /// # Errors
    /// [`Fault::NoNetwork`] if there is none when the time is over; [`Fault::NoRuntime`] outside of a tokio runtime.
    pub async fn wait_for_network(&self, limit: Option<Duration>) -> Result<(), Error> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Fault::NoRuntime.into());
        }
        let limit = limit.unwrap_or(self.shared.timeouts.network_wait);
        if self.shared.network.is_up() {
            return Ok(());
        }
        if !wait_for_network(&*self.shared.network, limit).await {
            return Err(Fault::NoNetwork.into());
        }
        self.network_changed();
        Ok(())
    }
}

impl fmt::Debug for ResetClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResetClient")
            .field("protocol", &self.shared.protocol.name())
            .field("authority", &self.shared.protocol.authority().as_str())
            .finish_non_exhaustive()
    }
}

/// Sets up a [`ResetClient`].
///
/// | setting | default |
/// |---|---|
/// | [`protocol`](Self::protocol) | none: it has to be given |
/// | [`privacy`](Self::privacy) | [`Privacy::Hide`] |
/// | [`timeouts`](Self::timeouts) | [`Timeouts::default`] |
/// | [`trust`](Self::trust) | the pinned and the bundled roots |
/// | [`revocation`](Self::revocation) | [`Policy::RequiredUnlessUnreachable`](crate::revocation::Policy) |
/// | [`clouds`](Self::clouds) | [`CloudTable::default`] |
/// | [`require_ems`](Self::require_ems) | no |
/// | [`way`](Self::way), [`survey_options`](Self::survey_options), [`ways`](Self::ways) | what the settings of this computer say |
/// | [`proxy_access`](Self::proxy_access) | no credentials for any proxy |
/// | [`connect_to`](Self::connect_to) | every host is itself |
/// | [`resolver`](Self::resolver), [`network`](Self::network) | the operating system's |
/// | [`audit`](Self::audit) | nobody is told |
/// | [`exchange`](Self::exchange) | a [`Channel`]; with another one only protocol, privacy, network and the limits for polling and for the network have an effect |
#[must_use]
pub struct ResetClientBuilder {
    protocol: Option<Box<dyn Protocol>>,
    privacy: Privacy,
    timeouts: Timeouts,
    channel: ChannelBuilder,
    exchange: Option<Arc<dyn Exchange>>,
    network: Arc<dyn Network>,
    audit: Option<AuditSink>,
}

impl ResetClientBuilder {
    /// Starts without a protocol.
    pub fn new() -> Self {
        Self {
            protocol: None,
            privacy: Privacy::default(),
            timeouts: Timeouts::default(),
            channel: Channel::builder(),
            exchange: None,
            network: Arc::new(SystemNetwork),
            audit: None,
        }
    }

    /// The reset protocol that the tenant speaks.
    pub fn protocol(mut self, protocol: impl Protocol + 'static) -> Self {
        self.protocol = Some(Box::new(protocol));
        self
    }

    /// Whether the person at the screen may learn that an account exists.
    pub fn privacy(mut self, privacy: Privacy) -> Self {
        self.privacy = privacy;
        self
    }

    /// The time limits.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Which roots are trusted.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.channel = self.channel.trust(trust);
        self
    }

    /// How revocation is checked: a [`Policy`](crate::revocation::Policy), or all the [`Settings`].
    pub fn revocation(mut self, settings: impl Into<Settings>) -> Self {
        self.channel = self.channel.revocation(settings);
        self
    }

    /// The clouds, whose hosts are pinned.
    pub fn clouds(mut self, clouds: CloudTable) -> Self {
        self.channel = self.channel.clouds(clouds);
        self
    }

    /// Whether TLS 1.2 without extended master secret (RFC 7627) is refused.
    pub fn require_ems(mut self, require: bool) -> Self {
        self.channel = self.channel.require_ems(require);
        self
    }

    /// Goes this way, whatever the settings of this computer say: see [`ChannelBuilder::way`].
    pub fn way(mut self, way: impl Into<Explicit>) -> Self {
        self.channel = self.channel.way(way);
        self
    }

    /// How the settings of this computer are read: see [`ChannelBuilder::survey_options`].
    pub fn survey_options(mut self, options: SurveyOptions) -> Self {
        self.channel = self.channel.survey_options(options);
        self
    }

    /// Who decides the ways: see [`ChannelBuilder::ways`].
    pub fn ways(mut self, ways: impl Into<Arc<Ways>>) -> Self {
        self.channel = self.channel.ways(ways);
        self
    }

    /// Which credentials may go to which proxy.
    pub fn proxy_access(mut self, access: ProxyAccess) -> Self {
        self.channel = self.channel.proxy_access(access);
        self
    }

    /// Connects to `to` where `from` is meant, both as `host:port`: see [`ChannelBuilder::connect_to`].
    pub fn connect_to(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.channel = self.channel.connect_to(from, to);
        self
    }

    /// Who finds the addresses of a name.
    pub fn resolver(mut self, resolver: impl Resolve + 'static) -> Self {
        self.channel = self.channel.resolver(resolver);
        self
    }

    /// Who knows whether there is a network.
    pub fn network(mut self, network: impl Network + 'static) -> Self {
        self.network = Arc::new(network);
        self
    }

    /// Who is told of every attempt when it has ended, for an audit log: see [`AuditRecord`]. It is called where the
    /// attempt ends, perhaps while that is being dropped, so it must neither wait nor panic.
    pub fn audit(mut self, tell: impl Fn(&AuditRecord) + Send + Sync + 'static) -> Self {
        self.audit = Some(Arc::new(tell));
        self
    }

    /// Another HTTP stack. What this crate promises about TLS, trust and connections is then up to it.
    pub fn exchange(mut self, exchange: impl Exchange + 'static) -> Self {
        self.exchange = Some(Arc::new(exchange));
        self
    }

    /// A diagnosis of the way that this client would go, with the same settings: see [`diagnosis`](crate::diagnosis).
    /// Without a protocol, it has nothing to ask until it is told.
    pub fn diagnosis(self) -> Diagnosis {
        let channel = self.channel.network(self.network);
        let diagnosis = Diagnosis::new().over(channel);
        match self.protocol {
            Some(protocol) => diagnosis.protocol(&*protocol),
            None => diagnosis,
        }
    }

    /// Builds the client. Nothing is opened yet.
    ///
    /// # Errors
    /// Of stage Configuration: [`Fault::NoProtocol`], and what [`ChannelBuilder::build`] says unless another exchange
    /// was given.
    pub fn build(self) -> Result<ResetClient, Error> {
        let protocol = self.protocol.ok_or(Fault::NoProtocol)?;
        let (exchange, channel): (Arc<dyn Exchange>, _) = match self.exchange {
            Some(exchange) => (exchange, None),
            None => {
                let builder = self
                    .channel
                    .timeouts(self.timeouts)
                    .network(Arc::clone(&self.network));
                let channel = Arc::new(builder.build()?);
                (channel.clone(), Some(channel))
            }
        };
        let shared = Shared {
            protocol,
            exchange,
            channel,
            network: self.network,
            privacy: self.privacy,
            timeouts: self.timeouts,
            audit: self.audit,
        };
        Ok(ResetClient {
            shared: Arc::new(shared),
        })
    }
}

impl Default for ResetClientBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ResetClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResetClientBuilder")
            .field("privacy", &self.privacy)
            .finish_non_exhaustive()
    }
}
