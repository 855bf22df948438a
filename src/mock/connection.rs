//! One TCP connection: TLS, and requests one after the other.

use std::fmt;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::counted::Counted;
use super::fault::{Endpoint, Pace};
use super::http::{self, Incoming, NoRequest, Response};
use super::order::Due;
use super::pki::Chain;
use super::portal;
use super::refusal::Ids;
use super::spoil::Answer;
use super::state::Shared;
use super::traffic::Request;
use super::{discovery, hal, login_change, native_v1, native_v2, revocation};

/// A connection that has been accepted.
#[derive(Debug)]
pub(super) struct Connection {
    /// The first of its service is 1.
    pub(super) number: usize,
    pub(super) peer: IpAddr,
    pub(super) shared: Shared,
    pub(super) service: Service,
}

/// Who is being talked to.
#[derive(Clone)]
pub(super) enum Service {
    /// The tenant, over TLS.
    Tenant(TlsAcceptor),
    /// The responder for OCSP and lists, without TLS.
    Responder(Arc<Chain>),
}

impl Connection {
    /// Serves the connection until either side closes it.
    pub(super) async fn serve(self, mut tcp: TcpStream) {
        // An answer in one piece need not wait for the client's acknowledgements.
        let _ = tcp.set_nodelay(true);
        let Service::Tenant(acceptor) = &self.service else {
            return self.converse(tcp).await;
        };
        if self.before_tls(&mut tcp).await.is_break() {
            return;
        }
        let Ok(stream) = acceptor.accept(tcp).await else {
            return;
        };
        self.shared.lock().traffic.handshakes += 1;
        let shared = self.shared.clone();
        self.converse(Counted { stream, shared }).await;
    }

    async fn converse(&self, mut io: impl AsyncRead + AsyncWrite + Unpin) {
        let mut incoming = Incoming::default();
        while self.exchange(&mut io, &mut incoming).await.is_continue() {}
    }

    async fn before_tls(&self, tcp: &mut TcpStream) -> ControlFlow<()> {
        let due = self.shared.lock().faults.due(Endpoint::Connect);
        let Some(due) = due else {
            return ControlFlow::Continue(());
        };
        due.happen().await;
        let Some(bytes) = due.fault.instead_of_tls() else {
            return ControlFlow::Continue(());
        };
        let mut hello = vec![0; due.fault.request_limit.unwrap_or_default()];
        // The connection ends in any case.
        let _ = tcp.read_exact(&mut hello).await;
        let _ = http::write(tcp, bytes).await;
        ControlFlow::Break(())
    }

    /// One request and its answer.
    async fn exchange(
        &self,
        io: &mut (impl AsyncRead + AsyncWrite + Unpin),
        incoming: &mut Incoming,
    ) -> ControlFlow<()> {
        let (request, due) = match self.read(io, incoming).await {
            Ok(read) => read,
            Err(no_request) => {
                self.record_rest(incoming.rest());
                if let NoRequest::Refused(response) = no_request {
                    say_goodbye(io, &response.to_bytes(), Pace::AtOnce).await;
                }
                return ControlFlow::Break(());
            }
        };
        self.record(request.clone());
        if let Some(due) = &due
            && due.fault.request_limit.is_some()
        {
            due.happen().await;
            return ControlFlow::Break(());
        }
        let Answer { bytes, close, pace } = self.answer(&request, due).await;
        if request.wants_close() && !close {
            say_goodbye(io, &bytes, pace).await;
            return ControlFlow::Break(());
        }
        match http::write_at(io, &bytes, pace).await {
            Ok(()) if !close => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    }

    async fn read(
        &self,
        io: &mut (impl AsyncRead + AsyncWrite + Unpin),
        incoming: &mut Incoming,
    ) -> Result<(Request, Option<Due>), NoRequest> {
        let head = incoming.head(io).await?;
        let endpoint = self.service.endpoint(&head.target);
        let due = self.shared.lock().faults.due(endpoint);
        let limit = due.as_ref().and_then(|due| due.fault.request_limit);
        incoming.fill(io, &head, limit).await?;
        Ok((incoming.take(self.number, head, limit), due))
    }

    /// Acts and answers, as far as no fault forbids it.
    async fn answer(&self, request: &Request, due: Option<Due>) -> Answer {
        let ids = Ids::of(request);
        let ordered = due.as_ref().map(|due| due.fault.portal.clone());
        let ordered = ordered.unwrap_or_default();
        let act = || self.act(request, &ids, &ordered);
        let Some(due) = due else {
            let bytes = act().to_bytes();
            return Answer {
                bytes,
                close: false,
                pace: Pace::AtOnce,
            };
        };
        let own = due.fault.lets_act().then(act);
        due.happen().await;
        let is_hal = matches!(native_v2::endpoint(&request.target), Some(endpoint) if endpoint != Endpoint::AuthorizeChallenge);
        due.fault.spoil(own, |refusal| {
            let state = self.shared.lock();
            if is_hal {
                hal::refuse(&refusal, &state, &ids)
            } else {
                refusal.response(&state, &ids)
            }
        })
    }

    fn act(&self, request: &Request, ids: &Ids, ordered: &portal::Ordered) -> Response {
        let mut state = self.shared.lock();
        match &self.service {
            Service::Tenant(_) => {
                let (state, peer) = (&mut state, self.peer);
                if portal::endpoint(&request.target).is_some() {
                    return portal::answer(state, request, peer, ordered);
                }
                if discovery::is_meant(&request.target) {
                    return discovery::answer(state, request);
                }
                if let Some(endpoint) = login_change::endpoint(&request.target) {
                    return login_change::answer(state, endpoint, request, peer);
                }
                match native_v2::endpoint(&request.target) {
                    Some(endpoint) => native_v2::answer(state, endpoint, request, ids, peer),
                    None => {
                        let endpoint = native_v1::endpoint(&request.target);
                        native_v1::answer(state, endpoint, request, ids, peer)
                    }
                }
            }
            Service::Responder(chain) => revocation::answer(&state, chain, request),
        }
    }

    fn record(&self, request: Request) {
        let traffic = &mut self.shared.lock().traffic;
        match self.service {
            Service::Tenant(_) => traffic.requests.push(request),
            Service::Responder(_) => traffic.revocation.push(request),
        }
    }

    /// Records what came of a request that never became one.
    fn record_rest(&self, raw: Vec<u8>) {
        if !raw.is_empty() {
            self.record(Request::cut_off(self.number, raw));
        }
    }
}

impl Service {
    fn endpoint(&self, target: &str) -> Endpoint {
        match self {
            Self::Tenant(_) if discovery::is_meant(target) => Endpoint::Discovery,
            Self::Tenant(_) => portal::endpoint(target)
                .or_else(|| login_change::endpoint(target))
                .or_else(|| native_v2::endpoint(target))
                .unwrap_or_else(|| native_v1::endpoint(target)),
            Self::Responder(_) => revocation::endpoint(target),
        }
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tenant(_) => "Tenant",
            Self::Responder(_) => "Responder",
        })
    }
}

/// Writes the last answer and ends TLS in an orderly way.
async fn say_goodbye(io: &mut (impl AsyncWrite + Unpin), bytes: &[u8], pace: Pace) {
    // The client may be gone already; nothing depends on it.
    let _ = http::write_at(io, bytes, pace).await;
    let _ = io.shutdown().await;
}
