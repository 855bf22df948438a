//! Asks an HTTP proxy for a tunnel, and logs in where that is demanded.

mod body;
#[cfg(fuzzing)]
pub(super) mod fuzzing;
mod head;
mod meaning;
mod request;
mod talk;

use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tracing::debug;

use self::body::{Body, Endless};
use self::head::{Flaw, Head};
use self::meaning::Meaning;
use self::talk::{NoAnswer, Talk};
use super::auth::{Login, Next, Refusal, RequestLine};
use super::dial::Destination;
use super::limit::end_of;
use super::open::{Opened, Tunnels};
use crate::error::{Error, ProxyFault};
use crate::ports::Way;
use crate::proxy::ProxyServer;
use crate::tls::Wire;

/// The most requests for one tunnel. A login ends long before.
const ROUNDS: usize = 8;

/// Asks the proxy at the other end of `wire` for a tunnel to `destination`.
///
/// The requests of a login stay on one connection as long as the proxy keeps it open; whether they may go on with another
/// one is for `login` to say.
pub(super) async fn open(
    tunnels: &Tunnels,
    server: &ProxyServer,
    wire: Box<dyn Wire>,
    login: Login,
    destination: &Destination,
) -> Result<Opened, Error> {
    let mut client = Client {
        proxy: server.to_string(),
        target: request::target(destination),
        login,
        limit: tunnels.answer_limit,
    };
    let mut talk = Talk::new(wire);
    for _ in 0..ROUNDS {
        match client.ask(&mut talk).await? {
            Answer::Open => {
                let way = Way::Proxy {
                    proxy: client.proxy,
                    login: client.login.accepted(),
                };
                let wire = talk.wire;
                let peer = None;
                return Ok(Opened { wire, way, peer });
            }
            Answer::Again => {}
            Answer::Ended => {
                drop(talk);
                client.login.closed()?;
                let approached = tunnels.approach(server).await?;
                client.login.renewed(approached.certificate.as_ref());
                talk = Talk::new(approached.wire);
            }
        }
    }
    let (proxy, round_trips) = (client.proxy, ROUNDS);
    Err(ProxyFault::AuthLoop { proxy, round_trips }.into())
}

/// What a request came to, unless it failed.
enum Answer {
    Open,
    /// It is to be sent again, with what the login has to say now.
    Again,
    /// The same, but the connection is of no more use.
    Ended,
}

struct Client {
    proxy: String,
    target: String,
    login: Login,
    /// How long each answer may take.
    limit: Duration,
}

impl Client {
    async fn ask(&mut self, talk: &mut Talk) -> Result<Answer, Error> {
        let line = RequestLine {
            method: "CONNECT",
            target: &self.target,
        };
        let field = self.login.field(line).await?;
        let logs_in = field.is_some();
        let request = request::connect(&self.target, field.as_deref().map(String::as_str));
        drop(field);

        let end = end_of(self.limit);
        let answer = timeout_at(end, talk.ask(&request)).await;
        drop(request);
        let proxy = self.proxy.clone();
        let head = match answer {
            Ok(Ok(head)) => head,
            Ok(Err(NoAnswer::Ended)) => return Ok(Answer::Ended),
            Ok(Err(NoAnswer::Cut)) => return Err(self.login.cut().into()),
            Ok(Err(NoAnswer::Flawed(flaw))) => return Err(self.flawed(flaw)),
            Err(_) => {
                let after = self.limit;
                return Err(ProxyFault::TimedOut { proxy, after }.into());
            }
        };
        debug!(proxy, status = head.status, "asked for a tunnel");
        let fault = match Meaning::of(&head, logs_in) {
            Meaning::Open if talk.has_more() => ProxyFault::UnexpectedTunnelData { proxy },
            Meaning::Open => return Ok(Answer::Open),
            Meaning::LogIn(refusal) => return self.log_in(talk, &head, refusal, end).await,
            Meaning::No(reply) => ProxyFault::Refused { proxy, reply },
            Meaning::Elsewhere { status, location } => ProxyFault::CaptivePortal {
                proxy,
                status,
                location,
            },
        };
        Err(fault.into())
    }

    /// Takes in that the proxy wants a login, or another one.
    async fn log_in(
        &mut self,
        talk: &mut Talk,
        head: &Head,
        refusal: Refusal<'_>,
        end: Instant,
    ) -> Result<Answer, Error> {
        // The body first: while a person is asked, the proxy may lose its patience.
        let skipped = skip_body(talk, head, end)
            .await
            .map_err(|flaw| self.flawed(flaw))?;
        let next = self.login.refused(refusal).await?;
        match (skipped, next) {
            (Ok(()), _) => Ok(Answer::Again),
            (Err(Endless::TooLarge), Next::SameConnection) => Err(self.flawed(Flaw::TooLarge)),
            (Err(_), _) => Ok(Answer::Ended),
        }
    }

    fn flawed(&self, flaw: Flaw) -> Error {
        let proxy = self.proxy.clone();
        let fault = match flaw {
            Flaw::NotHttp(first_bytes) => ProxyFault::ProtocolMismatch { proxy, first_bytes },
            Flaw::Malformed(detail) => ProxyFault::Malformed { proxy, detail },
            Flaw::TooLarge => ProxyFault::TooLarge { proxy },
        };
        fault.into()
    }
}

/// Reads past the body of a refusal, so that the next request can go the same way. The inner `Err` if it cannot.
async fn skip_body(
    talk: &mut Talk,
    head: &Head,
    end: Instant,
) -> Result<Result<(), Endless>, Flaw> {
    let framing = head.framing()?;
    if !head.is_kept_open() {
        return Ok(Err(Endless::Unframed));
    }
    let body = match Body::new(framing) {
        Ok(body) => body,
        Err(endless) => return Ok(Err(endless)),
    };
    let skipped = timeout_at(end, talk.skip_body(body)).await;
    // What comes behind the body answers nothing that was asked.
    Ok(match skipped {
        Ok(Ok(())) if talk.has_more() => Err(Endless::Unframed),
        Ok(outcome) => outcome,
        Err(_) => Err(Endless::Unframed),
    })
}
