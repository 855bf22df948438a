//! A guarded proxy on loopback, so that a web view goes the way of this crate.
//!
//! Some accounts can be reset on a web page only ([`Step::UseBrowser`](crate::Step::UseBrowser)). A browser at the
//! sign-in screen finds no proxy, cannot log in at one, and trusts whom this computer trusts. Through the gateway it has
//! what every request of this crate has: the decision on the proxy, the login there, TLS 1.2 as the floor, trust by
//! destination, and revocation that was really checked.
//!
//! ```no_run
//! # async fn show(page: &str) {}
//! # async fn open_view(arguments: [String; 2], user: &str, password: &str, url: &str) -> u32 { 0 }
//! # async fn run(channel: sspr::Channel, handoff: sspr::Handoff) -> Result<(), Box<dyn std::error::Error>> {
//! use sspr::gateway::{Event, Gateway, Token, View};
//!
//! let gateway = Gateway::builder(channel).build()?;
//! let (running, mut events) = gateway.serve(&handoff).await?;
//! let url = running.url().map_or("about:blank", |url| url.as_str());
//! let password = running.token().expose_secret();
//! let process = open_view(running.chromium_arguments(), Token::USER, password, url).await;
//! running.set_view(View::process(process)?);
//! let host = running.url().and_then(|url| url.host_str());
//! while let Some(event) = events.next().await {
//!     match event {
//!         Event::Refused { host: refused, page, .. } if refused.as_deref() == host => show(&page).await,
//!         _ => {}
//!     }
//! }
//! # Ok(()) }
//! ```
//!
//! # What it lets pass
//!
//! * Only from this computer, on a port of its own for every run; only to whoever shows the token of the run
//!   ([`Token`], by `Proxy-Authorization: Basic`) **and** is a process of the view ([`View`]).
//! * Only `CONNECT`, only port 443, only hosts that are on the list by their whole name: those of the
//!   [`Handoff`] and those that were [added](GatewayBuilder::allow_host). No addresses, and no names that lead into the
//!   own network unless that was [said](GatewayBuilder::allow_private_host). The one exception is revocation data at
//!   plain HTTP addresses that were [named](GatewayBuilder::ocsp_responder).
//! * Only hosts that a connection of its own has found good: decision on the proxy, tunnel, TLS, trust and revocation, as
//!   a request of the [`Channel`] would. That counts for 10 minutes, and for the address that was found, or the proxy: if the
//!   host is elsewhere then, or another proxy is to be used, it is looked at anew.
//!   The view's own way is opened while the host is looked at, which saves a round trip; before the host is good, nothing
//!   is sent on it.
//! * Only TLS 1.2 or newer, by the server's hello as it passes. The bytes themselves are untouched: the encryption is
//!   between view and server, and the view checks the certificate once more by its own rules.
//!
//! What the view is not given: logins at proxies, and anything that a proxy says.
//!
//! # What it cannot do
//!
//! A browser shows a page of its own when the gateway says no, and never what the gateway would write there. So
//! [`Event::Refused`] brings a page that tells what is in the way, and the frontend shows that. Between the check and the
//! view's own connection a server may show another certificate; then the view's own check decides. Where a proxy resolves
//! names, this computer cannot know whether one leads into a private network.

mod allow;
mod builder;
mod counts;
mod event;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod head;
mod hello;
mod peer;
mod preflight;
mod relay;
mod server;
mod token;

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use url::Url;

use self::allow::AllowList;
pub use self::builder::GatewayBuilder;
use self::counts::Counters;
pub use self::counts::Counts;
use self::event::Teller;
pub use self::event::{Event, Events, TunnelEnd};
pub use self::peer::View;
use self::preflight::Preflight;
use self::relay::Traffic;
use self::server::{STRANGERS, Shared, serve};
pub use self::token::Token;
use crate::channel::{Channel, Whereabouts};
use crate::error::{AuthorityProblem, Error, Fault, GatewayFault, PeerText};
use crate::messages::Messages;
use crate::protocol::Handoff;

/// Serves web views, as it was set up. See the [module](self).
#[derive(Debug)]
pub struct Gateway {
    settings: Settings,
}

/// How a gateway is set up.
struct Settings {
    channel: Arc<Channel>,
    allow: AllowList,
    /// `None` if anyone may; the inner `None` is the view of this process.
    view: Option<Option<View>>,
    messages: Arc<Messages>,
    tunnels: usize,
    idle: Duration,
    idle_notice: Duration,
    traffic: u64,
}

impl Gateway {
    /// Starts with a channel, whose way, trust and revocation settings count, and the defaults: see [`GatewayBuilder`].
    pub fn builder(channel: impl Into<Arc<Channel>>) -> GatewayBuilder {
        GatewayBuilder::new(channel.into())
    }

    /// Begins to serve the view that is to show `handoff`. It ends when [`Running`] is dropped, or when the first
    /// process of the view ends.
    ///
    /// # Errors
    /// * [`Fault::InvalidAuthority`] if the address of the handoff is not `https` at port 443, or holds credentials.
    /// * [`Fault::InvalidSetting`] if one of its hosts is no host name.
    /// * [`GatewayFault::UnknownProcess`] if no view was given and this system cannot tell about processes.
    /// * [`Fault::Unreachable`] if this computer has no loopback address to listen at.
    /// * [`Fault::NoRuntime`] outside of a tokio runtime.
    pub async fn serve(&self, handoff: &Handoff) -> Result<(Running, Events), Error> {
        if Handle::try_current().is_err() {
            return Err(Fault::NoRuntime.into());
        }
        let settings = &self.settings;
        let allow = settings.allowed_for(handoff)?;
        let view =
            match &settings.view {
                None => None,
                Some(Some(view)) => Some(view.clone()),
                Some(None) => Some(View::this_process().map_err(|error| {
                    Error::from(GatewayFault::UnknownProcess).with_source(error)
                })?),
            };
        let (listener, address) = listen().await?;
        let (teller, events) = Teller::new(Arc::clone(&settings.messages));
        let shared = Arc::new(Shared {
            address,
            token: Token::new()?,
            allow,
            preflight: Preflight::new(Arc::clone(&settings.channel)),
            channel: Arc::clone(&settings.channel),
            teller,
            counters: Counters::default(),
            traffic: Traffic::new(settings.traffic),
            tunnels: Arc::new(Semaphore::new(settings.tunnels.min(Semaphore::MAX_PERMITS))),
            tunnel_limit: settings.tunnels,
            lingering: Semaphore::new(STRANGERS),
            idle: settings.idle,
            idle_notice: settings.idle_notice,
            view: Mutex::new(view),
        });
        let running = Running {
            task: tokio::spawn(serve(listener, Arc::clone(&shared))),
            url: handoff.url.clone(),
            shared,
        };
        Ok((running, events))
    }
}

impl Settings {
    /// The list with the hosts of the handoff.
    fn allowed_for(&self, handoff: &Handoff) -> Result<AllowList, Error> {
        let mut allow = self.allow.clone();
        let own = match &handoff.url {
            Some(url) if url.scheme() != "https" || url.port().is_some() => {
                let problem = AuthorityProblem::NotHttps;
                return Err(Fault::InvalidAuthority { problem }.into());
            }
            Some(url) if !url.username().is_empty() || url.password().is_some() => {
                let problem = AuthorityProblem::HasCredentials;
                return Err(Fault::InvalidAuthority { problem }.into());
            }
            Some(url) => url.host_str(),
            None => None,
        };
        let hosts = handoff.hosts.iter().map(String::as_str);
        for host in own.into_iter().chain(hosts) {
            allow.host(host, Whereabouts::Public, "handoff")?;
        }
        Ok(allow)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("allow", &self.allow)
            .field("view", &self.view)
            .field("tunnels", &self.tunnels)
            .field("idle", &self.idle)
            .field("traffic", &self.traffic)
            .finish_non_exhaustive()
    }
}

/// A gateway at work. Dropping it stops it and closes every tunnel.
pub struct Running {
    shared: Arc<Shared>,
    url: Option<Url>,
    task: JoinHandle<()>,
}

impl Running {
    /// Where it listens: an address of this computer alone.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// The same as views take it: `http://127.0.0.1:50123`.
    pub fn proxy(&self) -> String {
        format!("http://{}", self.shared.address)
    }

    /// What the view shows when it is asked to log in at the proxy, with the user name [`Token::USER`].
    pub fn token(&self) -> &Token {
        &self.shared.token
    }

    /// The page to open.
    pub fn url(&self) -> Option<&Url> {
        self.url.as_ref()
    }

    /// Arguments for browsers of the family of Chromium, WebView2 and CEF among them: the proxy, for loopback addresses
    /// as well. They take no login this way; they ask for it.
    pub fn chromium_arguments(&self) -> [String; 2] {
        [
            format!("--proxy-server={}", self.proxy()),
            "--proxy-bypass-list=<-loopback>".to_owned(),
        ]
    }

    /// From now on this is the view, and the gateway stops when it ends. Without effect if the processes are not looked
    /// at.
    pub fn set_view(&self, view: View) {
        let mut current = self
            .shared
            .view
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if current.is_some() {
            *current = Some(view);
        }
    }

    /// How often what has happened so far.
    pub fn counts(&self) -> Counts {
        let mut counts = self.shared.counters.now();
        counts.events_lost = self.shared.teller.lost();
        counts
    }

    /// The identifier on the pages of this run, and in its log. No server knows it.
    pub fn correlation_id(&self) -> &str {
        &self.shared.teller.correlation_id
    }

    /// To be called when the network has changed: hosts are checked anew, by a new decision on the way. Tunnels that
    /// stand are kept.
    pub fn network_changed(&self) {
        self.shared.channel.network_changed();
        self.shared.preflight.forget();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("address", &self.shared.address)
            .finish_non_exhaustive()
    }
}

/// Listens on this computer alone, at a port that the system chooses.
async fn listen() -> Result<(TcpListener, SocketAddr), Error> {
    let bound = match TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await {
        Ok(listener) => Ok(listener),
        // A system without IPv4.
        Err(_) => TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await,
    };
    bound
        .and_then(|listener| {
            let address = listener.local_addr()?;
            Ok((listener, address))
        })
        .map_err(|error| {
            Error::new(Fault::Unreachable {
                host: "localhost".to_owned(),
                port: 0,
                kind: PeerText::new(&error.kind().to_string()),
            })
            .with_source(error)
        })
}
