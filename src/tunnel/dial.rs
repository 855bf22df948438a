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

use crate::error::{AuthorityProblem, Error, Fault, PeerText};
use crate::ports::{Network, Resolve, ResolveFuture};

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
}

impl Dialer {
    /// Connects to the first address that answers.
    pub(crate) async fn dial(&self, destination: &Destination) -> Result<TcpStream, Error> {
        let addresses = self.addresses(destination).await?;
        let dialed = timeout(self.connect_limit, race(&addresses, connect)).await;
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

    async fn addresses(&self, destination: &Destination) -> Result<Vec<SocketAddr>, Error> {
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
mod tests {
    use std::sync::Mutex;

    use tokio::time::{Instant, sleep};

    use super::*;

    fn ips(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn families_take_turns_beginning_with_the_preferred_one() {
        let six_first = in_turn(ips(&["::1", "::2", "::3", "1.1.1.1", "1.1.1.2"]));
        assert_eq!(six_first, ips(&["::1", "1.1.1.1", "::2", "1.1.1.2", "::3"]));
        let four_first = in_turn(ips(&["1.1.1.1", "1.1.1.2", "::1"]));
        assert_eq!(four_first, ips(&["1.1.1.1", "::1", "1.1.1.2"]));
        assert_eq!(in_turn(Vec::new()), ips(&[]));
        assert_eq!(in_turn(vec![[1, 1, 1, 1].into(); 1000]).len(), ADDRESSES);
    }

    /// What an address does when it is tried: it answers or fails after so many milliseconds.
    type Script = &'static [(u64, Result<(), io::ErrorKind>)];

    /// Races the addresses of `script`. Gives the number of the winner, or how all failed, when each was tried, and how
    /// long it took.
    async fn raced(script: Script) -> (Result<u16, io::ErrorKind>, Vec<u64>, u64) {
        let start = Instant::now();
        let tried = Mutex::new(Vec::new());
        let addresses: Vec<_> = (0..script.len() as u16)
            .map(|number| ([127, 0, 0, 1], number).into())
            .collect();
        let outcome = race(&addresses, |address| {
            tried
                .lock()
                .unwrap()
                .push(start.elapsed().as_millis() as u64);
            let number = address.port();
            let (after, outcome) = script[usize::from(number)];
            Box::pin(async move {
                sleep(Duration::from_millis(after)).await;
                outcome.map(|()| number).map_err(io::Error::from)
            })
        })
        .await;
        let took = start.elapsed().as_millis() as u64;
        (
            outcome.map_err(|error| error.kind()),
            tried.into_inner().unwrap(),
            took,
        )
    }

    const REFUSED: Result<(), io::ErrorKind> = Err(io::ErrorKind::ConnectionRefused);
    const NO_ROUTE: Result<(), io::ErrorKind> = Err(io::ErrorKind::NetworkUnreachable);
    const NEVER: u64 = 1_000_000;

    #[tokio::test(start_paused = true)]
    async fn an_address_that_answers_in_time_is_the_only_one_tried() {
        assert_eq!(
            raced(&[(249, Ok(())), (0, Ok(()))]).await,
            (Ok(0), vec![0], 249)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_address_is_tried_when_the_one_before_is_slow_or_fails() {
        let slow: Script = &[(NEVER, Ok(())), (NEVER, Ok(())), (10, Ok(()))];
        assert_eq!(raced(slow).await, (Ok(2), vec![0, 250, 500], 510));
        let failing: Script = &[(10, REFUSED), (10, NO_ROUTE), (10, Ok(()))];
        assert_eq!(raced(failing).await, (Ok(2), vec![0, 10, 20], 30));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_address_may_still_win() {
        let script: Script = &[(300, Ok(())), (NEVER, Ok(())), (NEVER, Ok(()))];
        assert_eq!(raced(script).await, (Ok(0), vec![0, 250], 300));
        let script: Script = &[(2000, Ok(())), (100, REFUSED)];
        assert_eq!(raced(script).await, (Ok(0), vec![0, 250], 2000));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_says_more_than_a_missing_route() {
        let refused = Err(io::ErrorKind::ConnectionRefused);
        assert_eq!(raced(&[(1, REFUSED), (1, NO_ROUTE)]).await.0, refused);
        assert_eq!(raced(&[(1, NO_ROUTE), (1, REFUSED)]).await.0, refused);
        assert_eq!(
            raced(&[(1, NO_ROUTE)]).await.0,
            Err(io::ErrorKind::NetworkUnreachable)
        );
        assert_eq!(raced(&[]).await.0, Err(io::ErrorKind::AddrNotAvailable));
    }

    #[test]
    fn a_destination_is_named_as_certificates_name_it() {
        for (url, name, port, shown) in [
            (
                "https://LOGIN.example",
                "login.example",
                443,
                "login.example:443",
            ),
            (
                "https://login.example.:8443/x",
                "login.example",
                8443,
                "login.example.:8443",
            ),
            (
                "https://パスワード.example/",
                "xn--wckwaff9fa.example",
                443,
                "xn--wckwaff9fa.example:443",
            ),
            ("https://127.1/", "127.0.0.1", 443, "127.0.0.1:443"),
            ("https://[::0001]:1/", "::1", 1, "[::1]:1"),
        ] {
            let destination = Destination::https(&Url::parse(url).unwrap()).unwrap();
            assert_eq!(destination.name(), name);
            assert_eq!(destination.port, port);
            assert_eq!(destination.to_string(), shown);
        }
    }
}
