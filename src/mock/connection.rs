//! One TCP connection: TLS, and requests one after the other.

use std::net::IpAddr;
use std::ops::ControlFlow;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::fault::Endpoint;
use super::http::{self, Incoming, NoRequest};
use super::native_v1;
use super::order::Due;
use super::refusal::Ids;
use super::spoil::Answer;
use super::state::Shared;
use super::traffic::Request;

/// A connection that has been accepted.
#[derive(Debug)]
pub(super) struct Connection {
    /// The first is 1.
    pub(super) number: usize,
    pub(super) peer: IpAddr,
    pub(super) shared: Shared,
}

impl Connection {
    /// Serves the connection until either side closes it.
    pub(super) async fn serve(self, mut tcp: TcpStream, acceptor: TlsAcceptor) {
        // An answer in one piece need not wait for the client's acknowledgements.
        let _ = tcp.set_nodelay(true);
        if self.before_tls(&mut tcp).await.is_break() {
            return;
        }
        let Ok(mut tls) = acceptor.accept(tcp).await else {
            return;
        };
        self.shared.lock().traffic.handshakes += 1;
        let mut incoming = Incoming::default();
        while self.exchange(&mut tls, &mut incoming).await.is_continue() {}
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
                    say_goodbye(io, &response.to_bytes()).await;
                }
                return ControlFlow::Break(());
            }
        };
        self.shared.lock().traffic.requests.push(request.clone());
        if let Some(due) = &due
            && due.fault.request_limit.is_some()
        {
            due.happen().await;
            return ControlFlow::Break(());
        }
        let Answer { bytes, close } = self.answer(&request, due).await;
        if request.wants_close() && !close {
            say_goodbye(io, &bytes).await;
            return ControlFlow::Break(());
        }
        match http::write(io, &bytes).await {
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
        let endpoint = native_v1::endpoint(&head.target);
        let due = self.shared.lock().faults.due(endpoint);
        let limit = due.as_ref().and_then(|due| due.fault.request_limit);
        incoming.fill(io, &head, limit).await?;
        Ok((incoming.take(self.number, head, limit), due))
    }

    /// Acts and answers, as far as no fault forbids it.
    async fn answer(&self, request: &Request, due: Option<Due>) -> Answer {
        let ids = Ids::of(request);
        let endpoint = native_v1::endpoint(&request.target);
        let act = || {
            let mut state = self.shared.lock();
            native_v1::answer(&mut state, endpoint, request, &ids, self.peer)
        };
        let Some(due) = due else {
            let bytes = act().to_bytes();
            return Answer {
                bytes,
                close: false,
            };
        };
        let own = due.fault.lets_act().then(act);
        due.happen().await;
        due.fault
            .spoil(own, |refusal| refusal.response(&self.shared.lock(), &ids))
    }

    /// Records what came of a request that never became one.
    fn record_rest(&self, raw: Vec<u8>) {
        if !raw.is_empty() {
            let request = Request::cut_off(self.number, raw);
            self.shared.lock().traffic.requests.push(request);
        }
    }
}

/// Writes the last answer and ends TLS in an orderly way.
async fn say_goodbye(io: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) {
    // The client may be gone already; nothing depends on it.
    let _ = http::write(io, bytes).await;
    let _ = io.shutdown().await;
}
