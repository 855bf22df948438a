//! Goes the ways that were decided, one after the other, until one leads to the destination.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tracing::debug;

use super::approach::Approached;
use super::auth::{Circumstances, Login, Logins};
use super::dial::{Destination, Dialer};
use super::{connect, socks};
use crate::error::{Error, FailedWay, Fault, ProxyFault, Stage};
use crate::ports::Way;
use crate::proxy::{BadProxies, Candidate, ProxyPlan, ProxyScheme, ProxyServer};
use crate::revocation::Checker;
use crate::tls::{Roots, TlsClient, Wire};
use crate::trail::Trail;

/// Opens ways for one channel. A copy shares what is known about proxies.
#[derive(Clone)]
pub(crate) struct Tunnels {
    /// Opens TCP connections: to the destination, or to a proxy.
    pub(crate) dialer: Dialer,
    /// Speaks TLS to HTTPS proxies.
    pub(crate) tls: TlsClient,
    /// Whom to trust there.
    pub(crate) roots: Arc<Roots>,
    /// Judges their certificates by what is at hand; see [`Checker::at_hand`].
    pub(crate) revocation: Arc<Checker>,
    /// Logs in.
    pub(crate) logins: Arc<Logins>,
    /// How long a proxy may take for each of its answers.
    pub(crate) answer_limit: Duration,
    /// The proxies that could not be reached lately.
    pub(crate) unreachable: Arc<Mutex<BadProxies>>,
}

/// A way that is open to the destination: what is written arrives there.
pub(crate) struct Opened {
    pub(crate) wire: Box<dyn Wire>,
    pub(crate) way: Way,
    /// Where the other end is, if no proxy is between: what a proxy connects to, it alone knows.
    pub(crate) peer: Option<IpAddr>,
}

/// A way on which a plain HTTP request can be sent.
pub(crate) struct Reached {
    pub(crate) wire: Box<dyn Wire>,
    pub(crate) way: Way,
    /// Given if an HTTP proxy is at the other end: it wants the request in absolute form (RFC 9112, section 3.2.2), and
    /// perhaps a login.
    pub(crate) login: Option<Login>,
}

/// The first candidate that could be reached.
enum Start<'a> {
    Direct(TcpStream),
    Proxy(&'a ProxyServer, Approached),
}

impl Tunnels {
    /// Opens a way to `destination`: directly, or a tunnel. `direct` dials where no proxy is to be used.
    ///
    /// # Errors
    /// What was wrong with the only way, or [`ProxyFault::AllFailed`]. The next way is tried only if a proxy cannot be
    /// reached; what a proxy answers is the outcome.
    pub(crate) async fn open(
        &self,
        plan: &ProxyPlan,
        destination: &Destination,
        direct: &Dialer,
    ) -> Result<Opened, Error> {
        match self.start(plan, destination, direct).await? {
            Start::Direct(stream) => Ok(Opened {
                peer: stream.peer_addr().ok().map(|peer| peer.ip()),
                wire: Box::new(stream),
                way: Way::Direct,
            }),
            Start::Proxy(server, approached) => {
                let circumstances = circumstances(plan, &approached);
                self.tunnel(server, approached.wire, circumstances, destination)
                    .await
            }
        }
    }

    /// The same, with every station noted in `trail`.
    pub(crate) fn noting(&self, trail: &Trail) -> Self {
        let mut noting = self.clone();
        noting.dialer = self.dialer.noting(trail);
        noting
    }

    /// Opens a way for a plain HTTP request to `destination`: to an HTTP proxy that will pass it on, or as
    /// [`open`](Self::open) does. Such a request may not go everywhere: `direct` knows where.
    ///
    /// # Errors
    /// As those of [`open`](Self::open).
    pub(crate) async fn reach(
        &self,
        plan: &ProxyPlan,
        destination: &Destination,
        direct: &Dialer,
    ) -> Result<Reached, Error> {
        let (server, approached) = match self.start(plan, destination, direct).await? {
            Start::Direct(stream) => {
                return Ok(Reached {
                    wire: Box::new(stream),
                    way: Way::Direct,
                    login: None,
                });
            }
            Start::Proxy(server, approached) => (server, approached),
        };
        let circumstances = circumstances(plan, &approached);
        match server.scheme {
            ProxyScheme::Http | ProxyScheme::Https => Ok(Reached {
                wire: approached.wire,
                way: Way::Proxy {
                    proxy: server.to_string(),
                    login: None,
                },
                login: Some(self.logins.begin(server, circumstances)),
            }),
            ProxyScheme::Socks4 | ProxyScheme::Socks5 => {
                let Opened { wire, way, .. } = self
                    .tunnel(server, approached.wire, circumstances, destination)
                    .await?;
                Ok(Reached {
                    wire,
                    way,
                    login: None,
                })
            }
        }
    }

    /// Forgets what was learned about proxies: the network has changed.
    pub(crate) fn forget(&self) {
        self.unreachable().clear();
        self.logins.forget();
    }

    async fn start<'a>(
        &self,
        plan: &'a ProxyPlan,
        destination: &Destination,
        direct: &Dialer,
    ) -> Result<Start<'a>, Error> {
        let ways = self.unreachable().order(&plan.candidates, Instant::now());
        let mut failures = Vec::new();
        for way in ways {
            let failure = match way {
                Candidate::Direct => match direct.dial(destination).await {
                    Ok(stream) => return Ok(Start::Direct(stream)),
                    Err(error) => error,
                },
                Candidate::Proxy(server) => match self.approach(server).await {
                    Ok(approached) => {
                        self.unreachable().clear_mark(server);
                        return Ok(Start::Proxy(server, approached));
                    }
                    Err(error) => {
                        if *error.fault() != Fault::NoNetwork {
                            self.unreachable().mark(server.clone(), Instant::now());
                        }
                        error
                    }
                },
            };
            debug!(%way, fault = %failure, "passed over");
            failures.push((way, failure));
        }
        Err(outcome(failures))
    }

    async fn tunnel(
        &self,
        server: &ProxyServer,
        wire: Box<dyn Wire>,
        circumstances: Circumstances,
        destination: &Destination,
    ) -> Result<Opened, Error> {
        destination.check()?;
        let station = self.dialer.trail.enter(Stage::Proxy, server);
        let opened = match server.scheme {
            ProxyScheme::Http | ProxyScheme::Https => {
                let login = self.logins.begin(server, circumstances);
                connect::open(self, server, wire, login, destination).await
            }
            ProxyScheme::Socks4 | ProxyScheme::Socks5 => {
                socks::open(self, server, wire, &circumstances, destination).await
            }
        }?;
        station.passed();
        Ok(opened)
    }

    fn unreachable(&self) -> MutexGuard<'_, BadProxies> {
        self.unreachable
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn circumstances(plan: &ProxyPlan, approached: &Approached) -> Circumstances {
    Circumstances {
        by_script: plan.by_script,
        disabled: plan.disabled_authentication,
        certificate: approached.certificate.clone(),
    }
}

/// What all the failures come to.
fn outcome(mut failures: Vec<(&Candidate, Error)>) -> Error {
    let is_alone = failures.len() == 1;
    let no_network = |failure: &(&Candidate, Error)| *failure.1.fault() == Fault::NoNetwork;
    if (is_alone || failures.iter().all(no_network))
        && let Some((_, error)) = failures.pop()
    {
        return error;
    }
    let ways = failures.into_iter().map(|(way, error)| FailedWay {
        proxy: match way {
            Candidate::Direct => None,
            Candidate::Proxy(server) => Some(server.to_string()),
        },
        fault: error.fault().clone(),
    });
    ProxyFault::AllFailed {
        ways: ways.collect(),
    }
    .into()
}
