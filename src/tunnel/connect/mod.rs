//! Asks an HTTP proxy for a tunnel, and logs in where that is demanded.

mod body;
#[cfg(fuzzing)]
pub mod fuzzing;
mod head;
mod meaning;
mod request;
mod talk;

use tokio::time::{Instant, timeout_at};
use tracing::debug;

use self::body::{Body, Endless};
use self::head::{Flaw, Head};
use self::meaning::Meaning;
use self::talk::{NoAnswer, Talk};
use super::auth::{Login, Next, RequestLine};
use super::dial::Destination;
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
    mut login: Login,
    destination: &Destination,
) -> Result<Opened, Error> {
    let target = request::target(destination);
    let proxy = server.to_string();
    let mut talk = Talk::new(wire);
    for _ in 0..ROUNDS {
        let line = RequestLine {
            method: "CONNECT",
            target: &target,
        };
        let field = login.field(line).await?;
        let logs_in = field.is_some();
        let request = request::connect(&target, field.as_deref().map(String::as_str));
        drop(field);

        let end = Instant::now() + tunnels.answer_limit;
        let Ok(answer) = timeout_at(end, talk.ask(&request)).await else {
            let after = tunnels.answer_limit;
            return Err(ProxyFault::TimedOut { proxy, after }.into());
        };
        drop(request);
        let stays = match answer {
            Err(NoAnswer::Ended) => false,
            Err(NoAnswer::Flawed(flaw)) => return Err(flawed(proxy, flaw).into()),
            Ok(head) => {
                debug!(proxy, status = head.status, "asked for a tunnel");
                match Meaning::of(&head, logs_in) {
                    Meaning::Open if talk.has_more() => {
                        return Err(ProxyFault::UnexpectedTunnelData { proxy }.into());
                    }
                    Meaning::Open => {
                        let login = login.accepted();
                        return Ok(Opened {
                            wire: talk.wire,
                            way: Way::Proxy { proxy, login },
                        });
                    }
                    Meaning::LogIn(refusal) => {
                        // The body first: while a person is asked, the proxy may lose its patience.
                        let skipped = skip(&mut talk, &head, end)
                            .await
                            .map_err(|flaw| flawed(proxy.clone(), flaw))?;
                        let next = login.refused(refusal).await?;
                        if (next, skipped) == (Next::SameConnection, Err(Endless::TooLarge)) {
                            return Err(ProxyFault::TooLarge { proxy }.into());
                        }
                        skipped.is_ok()
                    }
                    Meaning::No(reply) => return Err(ProxyFault::Refused { proxy, reply }.into()),
                    Meaning::Elsewhere { status, location } => {
                        return Err(ProxyFault::CaptivePortal {
                            proxy,
                            status,
                            location,
                        }
                        .into());
                    }
                }
            }
        };
        if !stays {
            drop(talk);
            login.closed()?;
            talk = Talk::new(tunnels.approach(server).await?.wire);
        }
    }
    let round_trips = ROUNDS;
    Err(ProxyFault::AuthLoop { proxy, round_trips }.into())
}

/// Reads past the body of a refusal, so that the next request can go the same way. `Err` inside if it cannot.
async fn skip(talk: &mut Talk, head: &Head, end: Instant) -> Result<Result<(), Endless>, Flaw> {
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

fn flawed(proxy: String, flaw: Flaw) -> ProxyFault {
    match flaw {
        Flaw::NotHttp(first_bytes) => ProxyFault::ProtocolMismatch { proxy, first_bytes },
        Flaw::Malformed(detail) => ProxyFault::Malformed { proxy, detail },
        Flaw::TooLarge => ProxyFault::TooLarge { proxy },
    }
}
