//! Asks a SOCKS proxy for a tunnel: version 5 (RFC 1928), with user name and password (RFC 1929) where it wants them, or
//! version 4 (4A for names). Names are left to the proxy to resolve.

pub(crate) mod v4;
pub(crate) mod v5;

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout_at;
use tracing::debug;

use self::v5::Method;
use super::auth::{Circumstances, Logins};
use super::dial::Destination;
use super::limit::end_of;
use super::open::{Opened, Tunnels};
use crate::error::{Error, Fault, ProxyFault, SocksProblem};
use crate::ports::Way;
use crate::proxy::{ProxyScheme, ProxyServer};
use crate::tls::Wire;

/// What the bytes of an answer, read so far, come to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress<T> {
    /// So many more are needed. No byte behind the answer is ever asked for.
    Needs(usize),
    /// The answer is complete.
    Done(T),
}

/// Why an answer cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It does not begin as one of this version does.
    NotSocks,
    /// It breaks the rules, or says no.
    Problem(SocksProblem),
}

impl From<SocksProblem> for Flaw {
    fn from(problem: SocksProblem) -> Self {
        Self::Problem(problem)
    }
}

/// Asks the proxy at the other end of `wire` for a tunnel to `destination`.
pub(super) async fn open(
    tunnels: &Tunnels,
    server: &ProxyServer,
    wire: Box<dyn Wire>,
    circumstances: &Circumstances,
    destination: &Destination,
) -> Result<Opened, Error> {
    let mut talk = Talk {
        wire,
        proxy: server.to_string(),
        limit: tunnels.answer_limit,
    };
    if server.scheme == ProxyScheme::Socks4 {
        let request = v4::request(destination).map_err(|problem| talk.fault(problem))?;
        talk.ask(&request, v4::reply).await?;
    } else {
        // What cannot be asked for is no reason to tell a password.
        let request = v5::request(destination).map_err(|problem| talk.fault(problem))?;
        talk.greet(&tunnels.logins, server, circumstances).await?;
        talk.ask(&request, v5::reply).await?;
    }
    debug!(proxy = talk.proxy, "tunnel opened");
    Ok(Opened {
        wire: talk.wire,
        way: Way::Proxy {
            proxy: talk.proxy,
            login: None,
        },
        peer: None,
    })
}

struct Talk {
    wire: Box<dyn Wire>,
    proxy: String,
    /// How long each answer may take.
    limit: Duration,
}

impl Talk {
    /// Agrees with a proxy of version 5 on how to log in, and does so. Nobody is asked for a password before the proxy wants
    /// one.
    async fn greet(
        &mut self,
        logins: &Logins,
        server: &ProxyServer,
        circumstances: &Circumstances,
    ) -> Result<(), Error> {
        let offers_password = logins.may_have_password(server, circumstances);
        let greeting = v5::greeting(offers_password);
        match self.ask(greeting, v5::chosen).await? {
            Method::Nothing => return Ok(()),
            Method::Password if offers_password => {}
            Method::Password => {
                let method = v5::PASSWORD;
                return Err(self.fault(SocksProblem::UnknownMethod { method }));
            }
        }
        let password = logins.password_for(server, circumstances).await?;
        let (name, secret) = password.expose_secrets();
        let message = v5::login(name, secret).map_err(|problem| self.fault(problem))?;
        match self.ask(&message, v5::logged_in).await {
            Ok(true) => {
                password.accepted();
                Ok(())
            }
            Ok(false) => {
                let fault = ProxyFault::Socks {
                    proxy: self.proxy.clone(),
                    problem: SocksProblem::CredentialsRejected,
                };
                password.rejected(&fault);
                Err(fault.into())
            }
            Err(error) => {
                if let Fault::Proxy(fault) = error.fault() {
                    password.unanswered(fault);
                }
                Err(error)
            }
        }
    }

    /// Sends a message and reads the answer to it.
    async fn ask<T>(
        &mut self,
        message: &[u8],
        parse: impl Fn(&[u8]) -> Result<Progress<T>, Flaw>,
    ) -> Result<T, Error> {
        let end = end_of(self.limit);
        let mut answer = Vec::new();
        let exchange = async {
            self.wire.write_all(message).await?;
            self.wire.flush().await?;
            loop {
                match parse(&answer) {
                    Ok(Progress::Needs(more)) => {
                        let before = answer.len();
                        let mut rest = (&mut self.wire).take(more as u64);
                        while answer.len() < before + more {
                            if rest.read_buf(&mut answer).await? == 0 {
                                return Err(std::io::ErrorKind::UnexpectedEof.into());
                            }
                        }
                    }
                    Ok(Progress::Done(value)) => return Ok(Ok(value)),
                    Err(flaw) => return Ok(Err(flaw)),
                }
            }
        };
        let outcome: Result<std::io::Result<_>, _> = timeout_at(end, exchange).await;
        let proxy = self.proxy.clone();
        Err(match outcome {
            Ok(Ok(Ok(value))) => return Ok(value),
            Ok(Ok(Err(Flaw::Problem(problem)))) => self.fault(problem),
            Ok(Ok(Err(Flaw::NotSocks))) => ProxyFault::ProtocolMismatch {
                proxy,
                first_bytes: answer,
            }
            .into(),
            Ok(Err(error)) if answer.is_empty() => {
                Error::from(ProxyFault::Closed { proxy }).with_source(error)
            }
            Ok(Err(error)) => self.fault(SocksProblem::Truncated).with_source(error),
            Err(_) => {
                let after = self.limit;
                ProxyFault::TimedOut { proxy, after }.into()
            }
        })
    }

    fn fault(&self, problem: SocksProblem) -> Error {
        let proxy = self.proxy.clone();
        ProxyFault::Socks { proxy, problem }.into()
    }
}
