//! One tenant, one way there, any number of attempts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::driver::Driver;
use super::session::Reset;
use crate::channel::{Channel, ChannelBuilder, Timeouts};
use crate::cloud::CloudTable;
use crate::error::{Error, Fault};
use crate::exchange::Exchange;
use crate::ports::{Network, Resolve};
use crate::protocol::{Attempt, Privacy, Protocol};
use crate::secret::Username;
use crate::tls::Trust;
use crate::tunnel::{SystemNetwork, wait_for_network};

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
        let mut driver = Driver::new(flow, Arc::clone(&self.shared.exchange), correlation_id);
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

    /// Waits until this computer has a network, which often comes up after the sign-in screen: at most `limit`, by
    /// default [`Timeouts::network_wait`].
    ///
    /// # Errors
    /// [`Fault::NoNetwork`] if there is none when the time is over; [`Fault::NoRuntime`] outside of a tokio runtime.
    pub async fn wait_for_network(&self, limit: Option<Duration>) -> Result<(), Error> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Fault::NoRuntime.into());
        }
        let limit = limit.unwrap_or(self.shared.timeouts.network_wait);
        if wait_for_network(&*self.shared.network, limit).await {
            Ok(())
        } else {
            Err(Fault::NoNetwork.into())
        }
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
/// | [`clouds`](Self::clouds) | [`CloudTable::default`] |
/// | [`require_ems`](Self::require_ems) | no |
/// | [`resolver`](Self::resolver), [`network`](Self::network) | the operating system's |
/// | [`exchange`](Self::exchange) | a [`Channel`]; with another one only protocol, privacy, network and the limits for polling and for the network have an effect |
#[must_use]
pub struct ResetClientBuilder {
    protocol: Option<Box<dyn Protocol>>,
    privacy: Privacy,
    timeouts: Timeouts,
    channel: ChannelBuilder,
    exchange: Option<Arc<dyn Exchange>>,
    network: Arc<dyn Network>,
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

    /// Another HTTP stack. What this crate promises about TLS, trust and connections is then up to it.
    pub fn exchange(mut self, exchange: impl Exchange + 'static) -> Self {
        self.exchange = Some(Arc::new(exchange));
        self
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
