//! Takes connections, one request on each: judges it, and lets it pass or says no.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Instant, interval, sleep, timeout, timeout_at};
use tracing::debug;

use super::allow::{AllowList, PlainKind};
use super::counts::Counters;
use super::event::{Event, Teller};
use super::head::{self, Head, HeadReader, Wish};
use super::peer::View;
use super::preflight::Preflight;
use super::relay::{Traffic, relay};
use super::token::{Shown, Token};
use crate::channel::Channel;
use crate::error::{Error, Fault, GatewayFault, PeerText};
use crate::ports::{FetchRequest, Way};
use crate::tls::Wire;
use crate::tunnel::blame;

/// How long a head may take.
const HEAD: Duration = Duration::from_secs(10);

/// The most connections that have not shown the token yet, and the most that are listened to after a refusal.
pub(super) const STRANGERS: usize = 64;

/// How often it is looked whether the view is still there, and whether anything passes.
const TICK: Duration = Duration::from_secs(1);

/// How long, and for how many bytes, a refused view is listened to, so that it can read the refusal: a connection with
/// unread bytes is reset (RFC 9112, section 9.6).
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: u64 = 64 << 10;

/// The largest answer about revocation.
const REVOCATION_DATA: usize = 5 << 20;

/// How long fetching one may take.
const FETCH: Duration = Duration::from_secs(15);

/// What all connections of one run share.
pub(super) struct Shared {
    pub(super) address: SocketAddr,
    pub(super) token: Token,
    pub(super) allow: AllowList,
    pub(super) channel: Arc<Channel>,
    pub(super) preflight: Preflight,
    pub(super) teller: Teller,
    pub(super) counters: Counters,
    pub(super) traffic: Traffic,
    pub(super) tunnels: Arc<Semaphore>,
    pub(super) tunnel_limit: usize,
    /// Those who may be listened to after a refusal.
    pub(super) lingering: Semaphore,
    pub(super) idle: Duration,
    pub(super) idle_notice: Duration,
    /// `None` if anyone with the token may use the gateway.
    pub(super) view: Mutex<Option<View>>,
}

impl Shared {
    fn view(&self) -> Option<View> {
        self.view
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Serves until the view has ended. Dropping the future closes every connection.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let strangers = Arc::new(Semaphore::new(STRANGERS));
    let mut connections = JoinSet::new();
    let mut ticks = interval(TICK);
    let mut is_idle = false;
    loop {
        tokio::select! {
            (stream, peer, permit) = accept(&listener, &strangers) => {
                shared.counters.count(|counts| counts.connections += 1);
                let shared = Arc::clone(&shared);
                connections.spawn(async move {
                    Connection { shared, stream, peer }.run(permit).await;
                });
            }
            _ = async { match connections.is_empty() {
                true => pending().await,
                false => connections.join_next().await,
            } } => {}
            _ = ticks.tick() => {
                if shared.view().is_some_and(|view| !view.is_running()) {
                    debug!("the view has ended");
                    shared.teller.end();
                    return;
                }
                let quiet = shared.traffic.quiet();
                let was_idle = std::mem::replace(&mut is_idle, quiet >= shared.idle_notice);
                if is_idle && !was_idle {
                    shared.teller.tell(Event::Idle { quiet });
                }
            }
        }
    }
}

/// The next connection, as soon as one more may be unknown.
async fn accept(
    listener: &TcpListener,
    strangers: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let Ok(permit) = Arc::clone(strangers).acquire_owned().await else {
            return pending().await;
        };
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, permit),
            Err(error) => {
                debug!(%error, "not accepted");
                // Out of descriptors, most likely: others must end first.
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// One connection and the request on it.
struct Connection {
    shared: Arc<Shared>,
    stream: TcpStream,
    peer: SocketAddr,
}

/// Why a request was not carried out.
enum No {
    /// Not a word is said.
    Silence(GatewayFault),
    /// The view is to show the token. Every view asks once without it.
    Token,
    /// Of a stranger, or of a view that speaks badly.
    Stranger(GatewayFault),
    /// Of the view.
    View(PeerText, Error),
    /// The connection has ended, or was opened in advance and not used.
    Gone,
}

impl Connection {
    async fn run(mut self, permit: OwnedSemaphorePermit) {
        if let Err(no) = self.request(permit).await {
            self.refuse(no).await;
        }
    }

    async fn request(&mut self, permit: OwnedSemaphorePermit) -> Result<(), No> {
        // A write is a whole record, and nothing is to wait for more.
        let _ = self.stream.set_nodelay(true);
        self.check_peer().await?;
        let head = self.head().await?;
        let credentials = head.credentials.as_deref().map(Vec::as_slice);
        match self.shared.token.judge(credentials) {
            Shown::Right => {}
            Shown::Wrong => return Err(No::Stranger(GatewayFault::WrongToken)),
            Shown::Nothing => return Err(No::Token),
        }
        // It is the view. From here on the limit of tunnels counts.
        drop(permit);
        let Head { wish, rest, .. } = head;
        match wish {
            Wish::Tunnel(authority) => self.tunnel(&authority, &rest).await,
            Wish::Plain { url, body } => self.fetch(&url, body, rest).await,
            Wish::Other(method) => Err(No::Stranger(GatewayFault::MethodNotAllowed {
                method: PeerText::new(&method),
            })),
        }
    }

    async fn check_peer(&self) -> Result<(), No> {
        let Some(view) = self.shared.view() else {
            return Ok(());
        };
        let (theirs, ours) = (self.peer, self.shared.address);
        match spawn_blocking(move || view.check(theirs, ours)).await {
            Ok(Ok(())) => Ok(()),
            // Browsers open connections in advance and drop them. Then nobody has them, and nobody is to be warned of.
            _ if self.has_ended() => Err(No::Gone),
            Ok(Err(fault)) => Err(No::Silence(fault)),
            Err(_) => Err(No::Silence(GatewayFault::UnknownProcess)),
        }
    }

    /// Whether the other side is gone. What it said before is lost by this.
    fn has_ended(&self) -> bool {
        let mut head = [0; head::BYTES];
        // At most a head, and the end behind it.
        for _ in 0..2 {
            match self.stream.try_read(&mut head) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() != io::ErrorKind::WouldBlock,
            }
        }
        false
    }

    async fn head(&mut self) -> Result<Head, No> {
        let mut reader = HeadReader::default();
        let end = Instant::now() + HEAD;
        let mut piece = [0; 2048];
        loop {
            match timeout_at(end, self.stream.read(&mut piece)).await {
                Ok(Ok(0)) | Ok(Err(_)) => return Err(No::Gone),
                Ok(Ok(count)) => {
                    let piece = piece.get(..count).unwrap_or_default();
                    if let Some(head) = reader.read(piece).map_err(No::Stranger)? {
                        return Ok(head);
                    }
                }
                Err(_) if reader.is_empty() => return Err(No::Gone),
                Err(_) => return Err(No::Stranger(GatewayFault::HeadTimedOut { after: HEAD })),
            }
        }
    }

    async fn tunnel(&mut self, authority: &str, rest: &[u8]) -> Result<(), No> {
        let shared = Arc::clone(&self.shared);
        let of_view = |fault: GatewayFault| {
            shared.counters.refused(&fault);
            let host = authority
                .rsplit_once(':')
                .map_or(authority, |(host, _)| host);
            No::View(PeerText::new(host), fault.into())
        };
        let (destination, whereabouts) = shared.allow.tunnel(authority).map_err(of_view)?;
        let host = destination.name();
        shared.traffic.check().map_err(of_view)?;
        let _permit =
            Arc::clone(&shared.tunnels)
                .try_acquire_owned()
                .map_err(|_: TryAcquireError| {
                    let limit = shared.tunnel_limit;
                    of_view(GatewayFault::TooManyTunnels { limit })
                })?;
        let failed = |error| {
            shared.counters.count(|counts| counts.failed += 1);
            No::View(PeerText::new(&host), error)
        };
        // Boxed, as it needs much that a tunnel does not need any more once it stands.
        let opened = Box::pin(shared.preflight.open(&destination, whereabouts)).await;
        let (opened, trust) = opened.map_err(failed)?;

        let yes = b"HTTP/1.1 200 Connection established\r\n\r\n";
        self.stream.write_all(yes).await.map_err(gone)?;
        shared.counters.count(|counts| counts.tunnels += 1);
        debug!(host, "allowed");
        shared.teller.tell(Event::Allowed {
            host: host.clone(),
            trust,
        });
        self.relay(host, opened.wire, &opened.way, rest).await;
        Ok(())
    }

    async fn relay(&mut self, host: String, wire: Box<dyn Wire>, way: &Way, rest: &[u8]) {
        let shared = &self.shared;
        let (traffic, idle) = (&shared.traffic, shared.idle);
        let relayed = relay(&mut self.stream, wire, &host, rest, traffic, idle).await;
        if let Some(fault) = relayed.fault {
            shared.counters.count(|counts| counts.failed += 1);
            let error = blame(Error::new(fault), way);
            shared.teller.refused(Some(PeerText::new(&host)), error);
        }
        shared.teller.tell(Event::Closed {
            host,
            end: relayed.end,
            sent: relayed.sent,
            received: relayed.received,
        });
    }

    /// Fetches revocation data for the view.
    async fn fetch(&mut self, url: &str, body: Option<usize>, mut rest: Vec<u8>) -> Result<(), No> {
        let Some((url, kind)) = self.shared.allow.revocation_data(url, body.is_some()) else {
            let method = if body.is_some() { "POST" } else { "GET" };
            return Err(No::Stranger(GatewayFault::MethodNotAllowed {
                method: PeerText::new(method),
            }));
        };
        let length = body.unwrap_or_default();
        let missing = length.saturating_sub(rest.len()) as u64;
        let mut stream = (&mut self.stream).take(missing);
        match timeout(HEAD, stream.read_to_end(&mut rest)).await {
            Ok(Ok(_)) if rest.len() >= length => rest.truncate(length),
            _ => return Err(No::Gone),
        }
        let request = FetchRequest {
            method: if body.is_some() {
                Method::POST
            } else {
                Method::GET
            },
            url,
            accept: kind.media_type(),
            content_type: (kind == PlainKind::Ocsp && body.is_some())
                .then_some("application/ocsp-request"),
            body: rest.into(),
            limit: REVOCATION_DATA,
            no_cache: false,
            deny_private_addresses: true,
            deadline: std::time::Instant::now() + FETCH,
        };
        match self.shared.channel.fetch(request).await {
            Ok(response) => {
                self.shared.counters.count(|counts| counts.fetched += 1);
                let fields = format!("Content-Type: {}\r\n", kind.media_type());
                self.reply("200 OK", &fields, &response.body)
                    .await
                    .map_err(gone)
            }
            Err(fault) => {
                debug!(%fault, "not fetched");
                self.shared.counters.count(|counts| counts.not_fetched += 1);
                self.reply("502 Bad Gateway", "", b"").await.map_err(gone)
            }
        }
    }

    /// Says no, where something is to be said, and tells the frontend.
    async fn refuse(&mut self, no: No) {
        match no {
            No::Gone => {}
            No::Silence(fault) => self.tell_of_stranger(fault),
            No::Token => {
                self.shared
                    .counters
                    .count(|counts| counts.without_token += 1);
                self.ask_for_token().await;
            }
            No::Stranger(GatewayFault::WrongToken) => {
                self.tell_of_stranger(GatewayFault::WrongToken);
                self.ask_for_token().await;
            }
            No::Stranger(fault) => {
                let (status, fields) = match fault {
                    GatewayFault::MethodNotAllowed { .. } => {
                        ("405 Method Not Allowed", "Allow: CONNECT\r\n")
                    }
                    GatewayFault::HeadTooLarge => ("431 Request Header Fields Too Large", ""),
                    GatewayFault::HeadTimedOut { .. } => ("408 Request Timeout", ""),
                    _ => ("400 Bad Request", ""),
                };
                self.tell_of_stranger(fault);
                let _ = self.reply(status, fields, b"").await;
            }
            No::View(host, error) => {
                let status = match error.fault() {
                    Fault::Gateway(GatewayFault::TooManyTunnels { .. }) => {
                        "503 Service Unavailable"
                    }
                    Fault::Gateway(GatewayFault::Malformed { .. }) => "400 Bad Request",
                    Fault::Gateway(_) => "403 Forbidden",
                    _ => "502 Bad Gateway",
                };
                // The page first: it is to be there when the view shows its own.
                self.shared.teller.refused(Some(host), error);
                let _ = self.reply(status, "", b"").await;
            }
        }
    }

    /// Whoever has not shown the token cannot fill the events.
    fn tell_of_stranger(&self, fault: GatewayFault) {
        if self.shared.counters.refused(&fault) {
            self.shared.teller.refused(None, fault.into());
        }
    }

    async fn ask_for_token(&mut self) {
        let fields = format!("Proxy-Authenticate: Basic realm=\"{}\"\r\n", Token::REALM);
        let status = "407 Proxy Authentication Required";
        let _ = self.reply(status, &fields, b"").await;
    }

    /// Answers, and ends the connection so that the answer arrives.
    async fn reply(&mut self, status: &str, fields: &str, body: &[u8]) -> io::Result<()> {
        let head = format!(
            "HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        let whole = [head.as_bytes(), body].concat();
        let stream = &mut self.stream;
        let said = async {
            stream.write_all(&whole).await?;
            stream.shutdown().await?;
            let mut rest = stream.take(LINGER_BYTES);
            tokio::io::copy(&mut rest, &mut tokio::io::sink()).await
        };
        // Of a crowd, some are not listened to: each costs a descriptor.
        let lingers = self.shared.lingering.try_acquire();
        let limit = match (body.is_empty(), &lingers) {
            (false, _) => FETCH,
            (true, Ok(_)) => LINGER,
            (true, Err(_)) => Duration::ZERO,
        };
        timeout(limit, said).await??;
        Ok(())
    }
}

fn gone(_: io::Error) -> No {
    No::Gone
}
