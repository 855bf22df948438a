//! Fetches revocation data over plain HTTP, by the way that is decided for each address.

mod line;
mod question;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use tokio::time::{Instant, timeout, timeout_at};
use tracing::debug;
use url::{Position, Url};

use self::line::Line;
use self::question::{Target, address_proxy, question};
use super::link::{content_coding, is_too_large};
use super::private::{PublicOnly, private_literal};
use super::way_out::WayOut;
use crate::error::{Error, Fault, FetchFault, FetchPhase, PeerText, ProxyFault, ProxyReply};
use crate::exchange::{Body, Response};
use crate::ports::{Fetch, FetchFuture, FetchRequest, FetchResponse, Way};
use crate::tunnel::{Destination, Dialer, Login, Next, Reached, Refusal, RequestLine};

/// The most redirects that are followed.
const REDIRECTS: usize = 3;

/// The most bytes of the page with which a proxy asks for a login.
const REFUSAL_LIMIT: usize = 64 << 10;

/// The most requests for one answer. A login ends long before.
const ROUNDS: usize = 8;

/// The channel's own [`Fetch`].
///
/// A host that is refused for its private address is refused in two places. Where this computer resolves the name, all its
/// addresses are looked at. Where a proxy does, only what is private by its name is known: `localhost` and addresses.
/// What stands in for another host by the caller's word may be anywhere.
pub(super) struct HttpFetch {
    /// Decides and goes.
    pub(super) way_out: Arc<WayOut>,
    /// Opens connections where no proxy is used.
    pub(super) direct: Dialer,
    /// The time for the connection, and how long nothing may come then.
    pub(super) limit: Duration,
    /// The hosts that may have private addresses all the same.
    pub(super) private_hosts: Vec<String>,
}

impl Fetch for HttpFetch {
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
        Box::pin(async move {
            let (start, url) = (Instant::now(), request.url.clone());
            let deadline = Instant::from_std(request.deadline);
            let outcome = timeout_at(deadline, self.follow(request))
                .await
                .unwrap_or(Err(FetchFault::Timeout {
                    phase: FetchPhase::Whole,
                }));
            let (host, ms) = (url.host_str(), start.elapsed().as_millis() as u64);
            match &outcome {
                Ok(response) => debug!(host, bytes = response.body.len(), ms, "fetched"),
                Err(fault) => debug!(host, %fault, ms, "not fetched"),
            }
            outcome
        })
    }
}

/// What one request led to.
enum Answer {
    Body(Bytes),
    Moved { status: StatusCode, to: Option<Url> },
}

impl HttpFetch {
    async fn follow(&self, request: FetchRequest) -> Result<FetchResponse, FetchFault> {
        let mut url = request.url.clone();
        let mut redirects = 0;
        loop {
            let (answer, way) = self.ask(&request, &url).await?;
            match answer {
                Answer::Body(body) => return Ok(FetchResponse::new(body, way)),
                Answer::Moved { status, to } => {
                    let refused = |target: Option<&Url>| FetchFault::RedirectRefused {
                        status: status.as_u16(),
                        target: target.map(|to| PeerText::new(&to[..Position::BeforePath])),
                    };
                    let to = to.ok_or_else(|| refused(None))?;
                    redirects += 1;
                    // 303 asks for a GET, which a question in a body cannot become.
                    let keeps_body = status != StatusCode::SEE_OTHER || request.body.is_empty();
                    if to.scheme() != "http" || redirects > REDIRECTS || !keeps_body {
                        return Err(refused(Some(&to)));
                    }
                    url = to;
                }
            }
        }
    }

    async fn ask(&self, request: &FetchRequest, url: &Url) -> Result<(Answer, Way), FetchFault> {
        let mut open = self.open(request, url).await?;
        let (head, body) = self.put(request, url, &mut open).await?.into_parts();
        if let Some(moved) = redirection(head.status, &head.headers, url) {
            return Ok((moved, open.way));
        }
        check_head(head.status, &head.headers).map_err(|fault| open.blame(fault, &head))?;
        let body = open.line.body(body, request.limit).await?;
        Ok((Answer::Body(body), open.way))
    }

    async fn open(&self, request: &FetchRequest, url: &Url) -> Result<Open, FetchFault> {
        let destination = destination(url)?;
        let guard = self.guard(request, &destination)?;
        let mut direct = self.direct.clone();
        if let Some(guard) = &guard {
            direct.resolver = Arc::<PublicOnly>::clone(guard);
        }
        let reached = timeout(self.limit, self.way_out.reach(&destination, &direct));
        let Reached { wire, way, login } = match reached.await {
            Ok(Ok(reached)) => reached,
            Ok(Err(error)) => {
                let refused = guard.as_ref().and_then(|guard| guard.refused());
                return Err(refused.map_or_else(
                    || way_fault(&error),
                    |address| FetchFault::AddressRefused { address },
                ));
            }
            Err(_) => {
                let phase = FetchPhase::Connect;
                return Err(FetchFault::Timeout { phase });
            }
        };
        let line = Line::over(wire, self.limit).await?;
        let ahead = match (&way, login) {
            (Way::Proxy { proxy, .. }, Some(login)) => Some(Ahead {
                proxy: proxy.clone(),
                login,
            }),
            _ => None,
        };
        Ok(Open { line, way, ahead })
    }

    /// Puts the question, again until a proxy ahead lets it pass.
    async fn put(
        &self,
        request: &FetchRequest,
        url: &Url,
        open: &mut Open,
    ) -> Result<http::Response<Incoming>, FetchFault> {
        let target = Target::absolute(url, self.way_out.instead_of(&destination(url)?));
        let mut proxy = String::new();
        for _ in 0..ROUNDS {
            let Some(ahead) = &mut open.ahead else {
                let question = question(request, &Target::origin(url))?;
                return open.line.ask(question).await;
            };
            proxy.clone_from(&ahead.proxy);
            let line = RequestLine {
                method: request.method.as_str(),
                target: &target.text,
            };
            let field = ahead.login.field(line).await.map_err(proxy_fault)?;
            let logs_in = field.is_some();
            let mut question = question(request, &target)?;
            address_proxy(question.headers_mut(), field);
            let stays = match open.line.ask(question).await {
                Ok(answer) if asks_who(answer.status(), logs_in) => {
                    let (head, body) = answer.into_parts();
                    // The body first: while a person is asked, the proxy may lose its patience.
                    let skipped = open.line.body(body, REFUSAL_LIMIT).await;
                    let next = ahead.login.refused(refusal(&head)).await;
                    let next = next.map_err(proxy_fault)?;
                    let is_endless = matches!(skipped, Err(FetchFault::TooLarge { .. }));
                    if next == Next::SameConnection && is_endless {
                        return Err(proxy_fault(ProxyFault::TooLarge { proxy }));
                    }
                    skipped.is_ok() && open.line.is_open()
                }
                Ok(answer) => {
                    let login = ahead.login.accepted();
                    open.way = Way::Proxy { proxy, login };
                    return Ok(answer);
                }
                Err(FetchFault::Truncated) if open.line.has_heard() => {
                    return Err(proxy_fault(ahead.login.cut()));
                }
                // It has hung up.
                Err(FetchFault::Truncated) => false,
                Err(fault) => return Err(fault),
            };
            if !stays {
                ahead.login.closed().map_err(proxy_fault)?;
                open.renew(self.open(request, url).await?);
            }
        }
        let round_trips = ROUNDS;
        Err(proxy_fault(ProxyFault::AuthLoop { proxy, round_trips }))
    }

    /// What keeps the request for `destination` out of this computer and its network, if it is to be kept out.
    fn guard(
        &self,
        request: &FetchRequest,
        destination: &Destination,
    ) -> Result<Option<Arc<PublicOnly>>, FetchFault> {
        let name = destination.name();
        let is_named = |host: &String| host.eq_ignore_ascii_case(&name);
        let is_free = !request.deny_private_addresses
            || self.private_hosts.iter().any(is_named)
            || self.way_out.instead_of(destination) != destination;
        if is_free {
            return Ok(None);
        }
        match private_literal(&destination.host) {
            Some(address) => Err(FetchFault::AddressRefused { address }),
            None => Ok(Some(Arc::new(PublicOnly::new(Arc::clone(
                &self.direct.resolver,
            ))))),
        }
    }
}

/// An open way to the host, or to an HTTP proxy that is to fetch from there.
struct Open {
    line: Line,
    way: Way,
    /// Given if there is such a proxy.
    ahead: Option<Ahead>,
}

/// The HTTP proxy at the other end of a line.
struct Ahead {
    proxy: String,
    login: Login,
}

impl Open {
    /// Goes on with another connection. The login begins anew only if another proxy is at its other end.
    fn renew(&mut self, other: Self) {
        self.line = other.line;
        match (&mut self.ahead, other.ahead) {
            (Some(ahead), Some(other)) if ahead.proxy == other.proxy => {
                ahead.login.moved(other.login);
            }
            (_, ahead) => {
                self.way = other.way;
                self.ahead = ahead;
            }
        }
    }

    /// A status that only one who passes things on gives is the proxy's own word.
    fn blame(&self, fault: FetchFault, head: &http::response::Parts) -> FetchFault {
        let is_gateways = |status| matches!(status, 403 | 405 | 501 | 502 | 503 | 504);
        match (&fault, &self.ahead) {
            (
                FetchFault::Status {
                    status,
                    retry_after: None,
                },
                Some(Ahead { proxy, .. }),
            ) if is_gateways(*status) => proxy_fault(ProxyFault::Refused {
                proxy: proxy.clone(),
                reply: ProxyReply {
                    status: *status,
                    reason: reason(head),
                    offered: Vec::new(),
                },
            }),
            _ => fault,
        }
    }
}

/// Whether a proxy asks who asks: with 407, or some with 401 if they do not like the answer.
fn asks_who(status: StatusCode, logs_in: bool) -> bool {
    match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => true,
        StatusCode::UNAUTHORIZED => logs_in,
        _ => false,
    }
}

fn refusal(head: &http::response::Parts) -> Refusal<'_> {
    let field = match head.status {
        StatusCode::UNAUTHORIZED => header::WWW_AUTHENTICATE,
        _ => header::PROXY_AUTHENTICATE,
    };
    let challenges = head.headers.get_all(field).iter();
    Refusal {
        status: head.status.as_u16(),
        reason: reason(head),
        challenges: challenges.map(HeaderValue::as_bytes).collect(),
    }
}

/// The words after the status.
fn reason(head: &http::response::Parts) -> PeerText {
    match head.extensions.get::<ReasonPhrase>() {
        Some(reason) => PeerText::new(&String::from_utf8_lossy(reason.as_bytes())),
        None => PeerText::new(head.status.canonical_reason().unwrap_or_default()),
    }
}

fn proxy_fault(fault: ProxyFault) -> FetchFault {
    FetchFault::Proxy(Box::new(fault))
}

fn destination(url: &Url) -> Result<Destination, FetchFault> {
    if url.scheme() != "http" {
        return Err(FetchFault::UnsupportedScheme {
            scheme: PeerText::new(url.scheme()),
        });
    }
    Ok(Destination {
        host: url.host().ok_or(FetchFault::Dns)?.to_owned(),
        port: url.port().unwrap_or(80),
    })
}

/// Where the answer leads instead, if it does.
fn redirection(status: StatusCode, headers: &HeaderMap, url: &Url) -> Option<Answer> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = headers.get(header::LOCATION);
    let to = location
        .and_then(|location| location.to_str().ok())
        .and_then(|location| url.join(location).ok());
    Some(Answer::Moved { status, to })
}

fn check_head(status: StatusCode, headers: &HeaderMap) -> Result<(), FetchFault> {
    if is_too_large(headers) {
        return Err(FetchFault::HeadTooLarge);
    }
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(is_html);
    let code = status.as_u16();
    // Proxies say no with a page under these; an error page under another status is the server's own.
    if is_page && matches!(code, 200 | 401 | 403 | 451 | 511) {
        return Err(FetchFault::BlockPage { status: code });
    }
    if status != StatusCode::OK {
        let response = Response::new(status, headers.clone(), Body::default());
        return Err(FetchFault::Status {
            status: code,
            retry_after: response.retry_after(),
        });
    }
    match content_coding(headers) {
        Some(coding) => Err(FetchFault::EncodingRefused { coding }),
        None => Ok(()),
    }
}

fn is_html(kind: &HeaderValue) -> bool {
    let kind = kind.as_bytes().trim_ascii_start();
    ["text/html", "application/xhtml+xml"].iter().any(|page| {
        kind.get(..page.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(page.as_bytes()))
    })
}

fn way_fault(error: &Error) -> FetchFault {
    match error.fault() {
        Fault::ProxyResolution(fault) => FetchFault::ProxyResolution(Box::new(fault.clone())),
        Fault::Proxy(fault) => FetchFault::Proxy(Box::new(fault.clone())),
        Fault::NoNetwork => FetchFault::NoNetwork,
        Fault::NameNotFound { .. } | Fault::NameTimedOut { .. } => FetchFault::Dns,
        Fault::ConnectTimedOut { .. } => FetchFault::Timeout {
            phase: FetchPhase::Connect,
        },
        fault => FetchFault::Connect {
            refused: matches!(fault, Fault::ConnectionRefused { .. }),
        },
    }
}
