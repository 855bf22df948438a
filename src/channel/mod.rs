//! A request goes in, a checked response comes out: HTTPS over HTTP/1.1.
//!
//! Its events are listed at the top of the crate.

mod builder;
mod driver;
mod fault;
mod fetch;
mod idle;
mod link;
mod meter;
#[cfg(feature = "gateway")]
mod opening;
mod pac;
#[cfg(feature = "gateway")]
mod passage;
mod private;
#[cfg(feature = "reqwest")]
mod reqwest;
mod timeouts;
mod vouch;
mod walk;
mod way_out;

use std::collections::HashSet;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Instant;
use tracing::debug;
use url::Url;

pub use self::builder::ChannelBuilder;
use self::idle::Idle;
use self::link::{Link, Prepared};
#[cfg(feature = "gateway")]
pub(crate) use self::opening::Opening;
#[cfg(windows)]
pub use self::pac::WinHttpPac;
pub use self::pac::{ScriptFetch, ScriptResolver};
#[cfg(feature = "gateway")]
pub(crate) use self::passage::{Vouched, Whereabouts};
#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestExchange;
pub use self::timeouts::Timeouts;
use self::way_out::WayOut;
use crate::clock;
use crate::cloud::CloudTable;
use crate::error::{Error, Fault, Sent, Stage, TimedPhase, TlsFault};
use crate::exchange::{Effect, Exchange, ExchangeError, ExchangeFuture, Request, Response};
#[cfg(feature = "gateway")]
use crate::ports::Fetch;
use crate::ports::Way;
use crate::proxy::ProxyPlan;
use crate::report::TrustReport;
use crate::revocation::Checker;
use crate::tls::{KeyExchange, Roots, Secured, TlsClient, Wire};
use crate::trail::Trail;
use crate::tunnel::{Asking, Deadline, Destination, Dialer, Opened, blame, end_of};

/// How long a connection may have been silent for a request with an effect.
const FRESH: Duration = Duration::from_secs(5);

/// How old a connection may become, since what was known about its certificate ages with it.
const AGE: Duration = Duration::from_secs(300);

/// The exchange that this crate brings: HTTPS over connections of its own.
///
/// * One idle connection per origin is kept. A request with an effect uses it only within 5 seconds after its last
///   answer; a connection that the other side has closed in the meantime is replaced before anything is sent.
/// * A request with [`Effect::None`] is sent again, once and on a new connection, if a kept connection breaks under it.
///   One with an effect is sent again only if not one byte of it was written.
/// * No redirect is followed, no content coding is accepted, no cookie is kept.
/// * The way is decided for every address by [`Ways`](crate::proxy::Ways), from the settings of this computer unless
///   [`ChannelBuilder`] is told otherwise. A connection that stands is kept although the settings change.
/// * TLS 1.3 or 1.2; whom to trust is said by [`Trust`](crate::Trust).
/// * Before the first byte of a request, every certificate below the root is checked for revocation, as
///   [`Settings`](crate::revocation::Settings) say. [`Response::trust`] tells what was found.
///
/// Dropping a future of it closes the connection that it uses. Bodies are wiped when they are dropped; what the TLS and
/// HTTP libraries hold in their read buffers is not.
pub struct Channel {
    way_out: Arc<WayOut>,
    /// Opens connections where no proxy is used.
    dialer: Dialer,
    tls: TlsClient,
    roots: Arc<Roots>,
    revocation: Checker,
    /// Fetches revocation data.
    #[cfg(feature = "gateway")]
    fetch: Arc<dyn Fetch>,
    clouds: CloudTable,
    timeouts: Timeouts,
    asking: Arc<Asking>,
    /// The ways that were found to swallow post-quantum hellos.
    classical_only: Mutex<HashSet<Way>>,
    idle: Idle,
}

/// A way at whose other end the destination is for certain.
struct Checked {
    wire: Box<dyn Wire>,
    report: TrustReport,
    /// Where that is, if no proxy is between.
    #[cfg_attr(not(feature = "gateway"), allow(dead_code))]
    peer: Option<IpAddr>,
}

impl Channel {
    /// Starts with the defaults: see [`ChannelBuilder`].
    pub fn builder() -> ChannelBuilder {
        ChannelBuilder::default()
    }

    /// Makes sure that a connection to the origin of `url` stands ready, so that the next request costs one round trip.
    ///
    /// # Errors
    /// What [`Exchange::exchange`] would say about the way there. Nothing but the handshake is sent.
    pub async fn warm_up(&self, url: &Url) -> Result<(), Error> {
        let destination = checked(url)?;
        let link = match self.idle.take(&destination, Effect::SetsPassword).await {
            Some(link) => link,
            None => {
                let deadline = self.asking.deadline(end_of(self.timeouts.exchange));
                self.connect_until(&destination, &deadline).await?
            }
        };
        self.idle.keep(destination, link);
        Ok(())
    }

    /// The ways that the next connection to the origin of `url` will try, where they come from, and what an administrator
    /// should know about the settings. Opens nothing, unless a proxy script has to be fetched.
    ///
    /// # Errors
    /// [`Fault::ProxyResolution`] if no way can be decided; [`Fault::InvalidAuthority`] if `url` is no `https` address.
    pub async fn plan(&self, url: &Url) -> Result<Arc<ProxyPlan>, Error> {
        let plan = self.way_out.plan("https", &checked(url)?).await;
        plan.map_err(|fault| Fault::ProxyResolution(fault).into())
    }

    /// To be called when the network has changed. What was decided, read and learned about ways out, proxies and logins is
    /// forgotten. Connections that stand are kept as long as they live; the next new one goes by a new plan.
    pub fn network_changed(&self) {
        self.way_out.network_changed();
        self.revocation.network_changed();
        self.known_deaf().clear();
    }

    /// Whether this computer has a way to any network.
    pub(crate) fn has_network(&self) -> bool {
        self.way_out.has_network()
    }

    async fn run(&self, request: Request) -> Result<Response, ExchangeError> {
        let nothing = |error| ExchangeError::new(Sent::Nothing, error);
        let destination = checked(&request.url).map_err(nothing)?;
        let effect = request.effect;
        let prepared = Prepared::new(request, destination.name()).map_err(nothing)?;
        let deadline = self.asking.deadline(end_of(self.timeouts.exchange));

        let mut earlier = Sent::Nothing;
        if let Some(mut link) = self.idle.take(&destination, effect).await {
            match link
                .exchange(&prepared, &self.timeouts, deadline.end())
                .await
            {
                Ok(response) => {
                    self.keep(destination, link);
                    return Ok(response);
                }
                Err(broken) if broken.may_repeat(effect) => {
                    debug!(host = %destination, "repeated");
                    earlier = broken.sent;
                }
                Err(broken) => return Err(broken.into()),
            }
        }
        // Most exchanges need no new connection; boxed, it makes their futures no larger.
        Box::pin(self.exchange_anew(&prepared, destination, &deadline, earlier)).await
    }

    /// The exchange on a new connection, after an attempt that had sent `earlier`.
    async fn exchange_anew(
        &self,
        prepared: &Prepared,
        destination: Destination,
        deadline: &Deadline<'_>,
        earlier: Sent,
    ) -> Result<Response, ExchangeError> {
        let mut link = self
            .connect_until(&destination, deadline)
            .await
            .map_err(|error| ExchangeError::new(earlier, error))?;
        let response = link
            .exchange(prepared, &self.timeouts, deadline.end())
            .await
            .map_err(|broken| broken.after(earlier))?;
        self.keep(destination, link);
        Ok(response)
    }

    fn keep(&self, destination: Destination, link: Link) {
        if link.may_be_kept() {
            self.idle.keep(destination, link);
        }
    }

    async fn connect_until(
        &self,
        destination: &Destination,
        deadline: &Deadline<'_>,
    ) -> Result<Link, Error> {
        deadline
            .limit(self.connect(destination, &Trail::default()))
            .await
            .unwrap_or_else(|| Err(self.out_of_time(destination)))
    }

    /// The exchange as a whole took too long.
    fn out_of_time(&self, destination: &Destination) -> Error {
        let (host, after) = (destination.name(), self.timeouts.exchange);
        Error::new(Fault::TimedOut {
            host,
            phase: TimedPhase::Whole,
            after,
        })
    }

    /// Goes the way: proxy or not, TCP, TLS, revocation, HTTP. Its stations are noted in `trail`.
    async fn connect(&self, destination: &Destination, trail: &Trail) -> Result<Link, Error> {
        let start = Instant::now();
        let dialer = self.dialer.noting(trail);
        let Checked { wire, report, .. } = self.checked_way(destination, &dialer).await?;
        let link = Link::open(wire, &destination.name(), Some(Arc::new(report))).await?;
        debug!(host = %destination, ms = start.elapsed().as_millis() as u64, "connected");
        Ok(link)
    }

    /// A way at whose other end `destination` is for certain. `direct` dials where no proxy is to be used; the stations are
    /// noted in its trail.
    async fn checked_way(
        &self,
        destination: &Destination,
        direct: &Dialer,
    ) -> Result<Checked, Error> {
        let opened = self.begin(destination, direct).await?;
        self.check(destination, opened, direct).await
    }

    /// Opens a way to `destination`, if there is a time at which it could be trusted.
    async fn begin(&self, destination: &Destination, direct: &Dialer) -> Result<Opened, Error> {
        clock::check(clock::now()).map_err(Fault::Clock)?;
        self.way_out.open(destination, direct).await
    }

    /// Makes sure that `destination` is at the other end of the way that was opened, or else of one like it.
    async fn check(
        &self,
        destination: &Destination,
        opened: Opened,
        direct: &Dialer,
    ) -> Result<Checked, Error> {
        let trail = &direct.trail;
        let (secured, way, peer) = self.secure(destination, opened, direct).await?;
        let host = destination.name();
        let mut station = trail.enter(Stage::Revocation, &host);
        let checked = self
            .revocation
            .check(&host, &secured.chain, clock::now())
            .await
            .inspect_err(|error| debug!(host, fault = %error, "refused"))?;
        let attempts = checked.path.iter().flat_map(|one| &one.attempts);
        attempts.for_each(|attempt| station.saw(attempt));
        station.passed();
        let classical_only = self.known_deaf().contains(&way);
        let report = vouch::report(host, way, &secured, checked, classical_only);
        let wire = secured.stream;
        Ok(Checked { wire, report, peer })
    }

    /// Speaks TLS on a way; once more, on another and without post-quantum key exchanges, if the way seems deaf to them.
    async fn secure(
        &self,
        destination: &Destination,
        opened: Opened,
        direct: &Dialer,
    ) -> Result<(Secured, Way, Option<IpAddr>), Error> {
        let trail = &direct.trail;
        let peer = opened.peer;
        let key_exchange = self.key_exchange(&opened.way);
        match self
            .shake_hands(destination, opened, key_exchange, trail)
            .await
        {
            Err(error) if key_exchange == KeyExchange::All && is_deaf(&error) => {
                let opened = self.way_out.open(destination, direct).await?;
                let peer = opened.peer;
                let classical = KeyExchange::Classical;
                let (secured, way) = self
                    .shake_hands(destination, opened, classical, trail)
                    .await?;
                debug!(host = %destination, "classical");
                self.known_deaf().insert(way.clone());
                Ok((secured, way, peer))
            }
            outcome => outcome.map(|(secured, way)| (secured, way, peer)),
        }
    }

    async fn shake_hands(
        &self,
        destination: &Destination,
        Opened { wire, way, .. }: Opened,
        key_exchange: KeyExchange,
        trail: &Trail,
    ) -> Result<(Secured, Way), Error> {
        let host = destination.name();
        let mut station = trail.enter(Stage::Tls, &host);
        let candidates = self.roots.for_authority(self.clouds.is_pinned_host(&host));
        match self
            .tls
            .connect(wire, &host, candidates, key_exchange)
            .await
        {
            Ok(secured) => {
                station.saw(&secured.version);
                station.passed();
                let mut trust = trail.enter(Stage::Trust, &host);
                trust.saw(&vouch::anchor(&secured.chain));
                trust.passed();
                Ok((secured, way))
            }
            Err(error) => {
                if error.stage() == Stage::Trust {
                    // As a handshake it went well.
                    station.passed();
                    trail.enter(Stage::Trust, &host);
                }
                Err(blame(error, &way))
            }
        }
    }

    fn key_exchange(&self, way: &Way) -> KeyExchange {
        match self.tls.offers_post_quantum() && !self.known_deaf().contains(way) {
            true => KeyExchange::All,
            false => KeyExchange::Classical,
        }
    }

    fn known_deaf(&self) -> MutexGuard<'_, HashSet<Way>> {
        self.classical_only
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}

impl Exchange for Channel {
    fn exchange(&self, request: Request) -> ExchangeFuture<'_> {
        Box::pin(self.run(request))
    }
}

fn checked(url: &Url) -> Result<Destination, Error> {
    if Handle::try_current().is_err() {
        return Err(Fault::NoRuntime.into());
    }
    Destination::https(url)
}

/// The other side said not one byte before it hung up or the time was over: some middleboxes do so when the hello, for
/// its post-quantum key share, comes in two segments.
fn is_deaf(error: &Error) -> bool {
    matches!(
        error.fault(),
        Fault::Tls(TlsFault::Ended { received: 0, .. } | TlsFault::TimedOut { received: 0, .. })
    )
}
