//! A TCP connection to a host: name lookup, then the addresses by RFC 8305 ("happy eyeballs").

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use tracing::debug;
use url::{Host, Url};

use crate::error::{AuthorityProblem, Error, Fault, PeerText, Stage};
use crate::ports::{Network, Resolve, ResolveFuture};
use crate::trail::Trail;

/// How long one address is tried alone before the next one is tried as well (RFC 8305, section 5).
const STAGGER: Duration = Duration::from_millis(250);

/// The most addresses that are tried.
const ADDRESSES: usize = 16;

/// Where a connection leads: a host and a port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Destination {
    /// The name in its ASCII form, or the address.
    pub(crate) host: Host,
    /// The TCP port.
    pub(crate) port: u16,
}

impl Destination {
    /// Where `url` leads, if it is an `https` URL without credentials.
    pub(crate) fn https(url: &Url) -> Result<Self, Error> {
        let invalid = |problem| Error::new(Fault::InvalidAuthority { problem });
        if url.scheme() != "https" {
            return Err(invalid(AuthorityProblem::NotHttps));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid(AuthorityProblem::HasCredentials));
        }
        let host = url
            .host()
            .ok_or_else(|| invalid(AuthorityProblem::NoHost))?
            .to_owned();
        Ok(Self {
            host,
            port: url.port().unwrap_or(443),
        })
    }

    /// Where the `http` or `https` URL of a proxy script leads.
    pub(crate) fn of_script(url: &Url) -> Result<Self, Error> {
        let invalid = |problem| Error::new(Fault::InvalidAuthority { problem });
        Ok(Self {
            host: url
                .host()
                .ok_or_else(|| invalid(AuthorityProblem::NoHost))?
                .to_owned(),
            port: url
                .port_or_known_default()
                .ok_or_else(|| invalid(AuthorityProblem::NotAUrl))?,
        })
    }

    /// Refuses a host that holds what no host name does: it could end the line, or the text, in which a proxy is told.
    ///
    /// # Errors
    /// [`Fault::InvalidAuthority`].
    pub(crate) fn check(&self) -> Result<(), Error> {
        let is_of_name = |byte: u8| byte.is_ascii_graphic() && !b"#%/:<>?@[\\]^|\"".contains(&byte);
        match &self.host {
            Host::Domain(_) if !self.name().bytes().all(is_of_name) || self.name().is_empty() => {
                let problem = AuthorityProblem::NoHost;
                Err(Fault::InvalidAuthority { problem }.into())
            }
            _ => Ok(()),
        }
    }

    /// The host as it is named in certificates and in messages: without brackets and without a final dot.
    pub(crate) fn name(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.strip_suffix('.').unwrap_or(name).to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Asks the operating system (`getaddrinfo`).
///
/// A lookup that nobody waits for any more goes on in the runtime's blocking pool until the system gives up.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async move {
            Ok(tokio::net::lookup_host((host, 0))
                .await?
                .map(|found| found.ip())
                .collect())
        })
    }
}

/// Opens direct connections.
#[derive(Clone)]
pub(crate) struct Dialer {
    /// Finds addresses.
    pub(crate) resolver: Arc<dyn Resolve>,
    /// Tells a missing network from a missing host.
    pub(crate) network: Arc<dyn Network>,
    /// The time for the lookup.
    pub(crate) lookup_limit: Duration,
    /// The time for all addresses together.
    pub(crate) connect_limit: Duration,
    /// Where lookups and connections are noted.
    pub(crate) trail: Trail,
}

impl Dialer {
    /// The same, with every station noted in `trail`.
    pub(crate) fn noting(&self, trail: &Trail) -> Self {
        Self {
            trail: trail.clone(),
            ..self.clone()
        }
    }

    /// Connects to the first address that answers.
    pub(crate) async fn dial(&self, destination: &Destination) -> Result<TcpStream, Error> {
        let mut lookup = match &destination.host {
            Host::Domain(_) => Some(self.trail.enter(Stage::Dns, &destination.name())),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        };
        let addresses = self.addresses(destination).await?;
        if let Some(mut lookup) = lookup.take() {
            addresses.iter().for_each(|found| lookup.saw(&found.ip()));
            lookup.passed();
        }
        let mut station = self.trail.enter(Stage::Connect, destination);
        let stream = self.dial_addresses(destination, &addresses).await?;
        if let Ok(peer) = stream.peer_addr() {
            station.saw(&peer);
        }
        station.passed();
        Ok(stream)
    }

    /// Connects to the first of these addresses of `destination` that answers.
    pub(crate) async fn dial_addresses(
        &self,
        destination: &Destination,
        addresses: &[SocketAddr],
    ) -> Result<TcpStream, Error> {
        let dialed = timeout(self.connect_limit, race(addresses, connect)).await;
        let (fault, source) = match dialed {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => (connect_fault(destination, &error), Some(error)),
            Err(_) => {
                let (host, port) = (destination.name(), destination.port);
                (
                    Fault::ConnectTimedOut {
                        host,
                        port,
                        after: self.connect_limit,
                    },
                    None,
                )
            }
        };
        let outside = addresses.iter().any(|address| !address.ip().is_loopback());
        let error = Error::new(if outside && !self.network.is_up() {
            Fault::NoNetwork
        } else {
            fault
        });
        Err(match source {
            Some(source) => error.with_source(source),
            None => error,
        })
    }

    /// The addresses of `destination`, in the order in which they are tried.
    pub(crate) async fn addresses(
        &self,
        destination: &Destination,
    ) -> Result<Vec<SocketAddr>, Error> {
        let name = match &destination.host {
            Host::Domain(name) => name,
            Host::Ipv4(address) => return Ok(vec![(*address, destination.port).into()]),
            Host::Ipv6(address) => return Ok(vec![(*address, destination.port).into()]),
        };
        let host = destination.name();
        let (fault, source) = match timeout(self.lookup_limit, self.resolver.resolve(name)).await {
            Ok(Ok(found)) if !found.is_empty() => {
                debug!(host, found = found.len(), "resolved");
                return Ok(in_turn(found)
                    .into_iter()
                    .map(|ip| (ip, destination.port).into())
                    .collect());
            }
            Ok(Ok(_)) => (Fault::NameNotFound { host }, None),
            Ok(Err(error)) if error.kind() == io::ErrorKind::TimedOut => (
                Fault::NameTimedOut {
                    host,
                    after: self.lookup_limit,
                },
                Some(error),
            ),
            Ok(Err(error)) => (Fault::NameNotFound { host }, Some(error)),
            Err(_) => (
                Fault::NameTimedOut {
                    host,
                    after: self.lookup_limit,
                },
                None,
            ),
        };
        let error = Error::new(if self.network.is_up() {
            fault
        } else {
            Fault::NoNetwork
        });
        Err(match source {
            Some(source) => error.with_source(source),
            None => error,
        })
    }
}

fn connect_fault(destination: &Destination, error: &io::Error) -> Fault {
    let (host, port) = (destination.name(), destination.port);
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Fault::ConnectionRefused { host, port },
        kind => Fault::Unreachable {
            host,
            port,
            kind: PeerText::new(&kind.to_string()),
        },
    }
}

/// Takes the families in turn, beginning with the family of the most preferred address (RFC 8305, section 4).
fn in_turn(found: Vec<IpAddr>) -> Vec<IpAddr> {
    let first_is_v6 = found.first().is_some_and(IpAddr::is_ipv6);
    let (mut first, mut second): (VecDeque<_>, VecDeque<_>) = found
        .into_iter()
        .partition(|address| address.is_ipv6() == first_is_v6);
    let mut ordered = Vec::new();
    while ordered.len() < ADDRESSES && !(first.is_empty() && second.is_empty()) {
        ordered.extend(first.pop_front());
        ordered.extend(second.pop_front());
    }
    ordered.truncate(ADDRESSES);
    ordered
}

type Attempt<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

/// Tries one address after the other, and waits for none longer than [`STAGGER`] before it tries the next one as well.
/// The first connection wins; the other attempts are dropped.
async fn race<T>(
    addresses: &[SocketAddr],
    connect: impl Fn(SocketAddr) -> Attempt<T>,
) -> io::Result<T> {
    let mut waiting = addresses.iter().copied();
    let mut running = Vec::new();
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    loop {
        match waiting.next() {
            Some(address) => running.push(connect(address)),
            None if running.is_empty() => return Err(failure),
            None => {}
        }
        let ended = match waiting.len() {
            0 => first_ended(&mut running).await,
            _ => match timeout(STAGGER, first_ended(&mut running)).await {
                Ok(ended) => ended,
                Err(_) => continue,
            },
        };
        match ended {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = more_telling(failure, error),
        }
    }
}

fn connect(address: SocketAddr) -> Attempt<TcpStream> {
    Box::pin(async move {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    })
}

/// The outcome of whichever attempt ends first; that attempt is taken out.
async fn first_ended<T>(running: &mut Vec<Attempt<T>>) -> io::Result<T> {
    poll_fn(|cx| {
        let ended = running.iter_mut().enumerate().find_map(|(index, attempt)| {
            match attempt.as_mut().poll(cx) {
                Poll::Ready(outcome) => Some((index, outcome)),
                Poll::Pending => None,
            }
        });
        match ended {
            Some((index, outcome)) => {
                drop(running.swap_remove(index));
                Poll::Ready(outcome)
            }
            None => Poll::Pending,
        }
    })
    .await
}

/// "Refused" comes from the host itself and says more than "no route", which often is only the missing family.
fn more_telling(old: io::Error, new: io::Error) -> io::Error {
    if old.kind() == io::ErrorKind::ConnectionRefused {
        old
    } else {
        new
    }
}

#[cfg(test)]
mod tests;
