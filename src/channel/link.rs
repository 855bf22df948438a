//! One HTTP/1.1 connection (RFC 9112) and the exchanges on it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::runtime::{self, Handle};
use tokio::time::{Instant, timeout_at};
use tracing::debug;
use url::Position;
use zeroize::Zeroizing;

use super::driver::Driver;
use super::fault::http_fault;
use super::meter::{Meter, Metered};
use super::timeouts::Timeouts;
use crate::error::{AuthorityProblem, Error, Fault, PeerText, Sent, TimedPhase};
use crate::exchange::{Body, Effect, ExchangeError, Request, Response};
use crate::report::{TrustReport, Trusted};
use crate::tls::Wire;
use crate::tunnel::end_of;

/// The most bytes of a head: the status line and the fields.
const HEAD_BYTES: usize = 16 << 10;

/// The most fields of a head. The parser stops there as well, and calls what it left unread no HTTP.
const HEAD_FIELDS: usize = 100;

/// A request in the form in which it can be sent, if need be twice: text and body are shared and not copied.
pub(super) struct Prepared {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
    response_limit: usize,
    host: String,
}

impl Prepared {
    pub(super) fn new(request: Request, host: String) -> Result<Self, Error> {
        let unusable = || {
            Error::new(Fault::InvalidAuthority {
                problem: AuthorityProblem::NotAUrl,
            })
        };
        let at = |position| request.url[..position].len();
        let authority = at(Position::BeforeHost)..at(Position::AfterPort);
        let target = at(Position::BeforePath)..at(Position::AfterQuery);
        let url = Bytes::from(String::from(request.url));
        let uri = Uri::from_maybe_shared(url.slice(target)).map_err(|_| unusable())?;
        let authority =
            HeaderValue::from_maybe_shared(url.slice(authority)).map_err(|_| unusable())?;
        let body = request.body.into_bytes();
        let mut headers = request.headers;
        headers.remove(header::TRANSFER_ENCODING);
        headers.insert(header::HOST, authority);
        if !body.is_empty() || matches!(request.method, Method::POST | Method::PUT | Method::PATCH)
        {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        } else {
            headers.remove(header::CONTENT_LENGTH);
        }
        Ok(Self {
            method: request.method,
            uri,
            headers,
            body,
            response_limit: request.response_limit,
            host,
        })
    }

    fn to_http(&self) -> http::Request<Full<Bytes>> {
        let mut http = http::Request::new(Full::new(self.body.clone()));
        *http.method_mut() = self.method.clone();
        *http.uri_mut() = self.uri.clone();
        *http.headers_mut() = self.headers.clone();
        http
    }
}

/// An exchange that failed.
pub(super) struct Broken {
    error: Error,
    /// Whether any of the request was written.
    pub(super) sent: Sent,
    /// Whether the connection ended, rather than the time or a limit.
    lost: bool,
}

impl Broken {
    /// Whether the request may be sent again on a new connection.
    pub(super) fn may_repeat(&self, effect: Effect) -> bool {
        self.lost && (effect == Effect::None || self.sent == Sent::Nothing)
    }

    /// The same failure, after an attempt that had sent `earlier`.
    pub(super) fn after(mut self, earlier: Sent) -> Self {
        if earlier == Sent::Maybe {
            self.sent = Sent::Maybe;
        }
        self
    }
}

impl From<Broken> for ExchangeError {
    fn from(broken: Broken) -> Self {
        Self::new(broken.sent, broken.error)
    }
}

/// A connection.
///
/// It is driven by whoever uses it and by no task of its own: nothing runs between two exchanges, and dropping it closes
/// the socket at once.
pub(super) struct Link {
    sender: SendRequest<Full<Bytes>>,
    driver: Driver<TokioIo<Metered>>,
    meter: Arc<Meter>,
    /// When the other side last said something that mattered.
    pub(super) quiet_since: Instant,
    /// When the connection was opened.
    pub(super) born: Instant,
    /// Who is at the other end; `None` where a script comes from, which nothing is told to.
    trust: Option<Arc<TrustReport>>,
    /// The runtime whose reactor drives the socket.
    home: runtime::Id,
}

impl Link {
    /// Speaks HTTP/1.1 over a stream.
    pub(super) async fn open(
        wire: Box<dyn Wire>,
        host: &str,
        trust: Option<Arc<TrustReport>>,
    ) -> Result<Self, Error> {
        let meter = Arc::new(Meter::default());
        let (sender, driver) = speak(wire, &meter).await.map_err(|error| {
            Error::new(Fault::ExchangeFailed {
                host: host.to_owned(),
            })
            .with_source(error)
        })?;
        let now = Instant::now();
        Ok(Self {
            sender,
            driver,
            meter,
            quiet_since: now,
            born: now,
            trust,
            home: Handle::current().id(),
        })
    }

    /// Whether the connection belongs to the runtime that runs here. Another one would never hear of an answer.
    pub(super) fn is_at_home(&self) -> bool {
        self.home == Handle::current().id()
    }

    /// Whether nothing is known yet that speaks against another request.
    pub(super) fn may_be_kept(&self) -> bool {
        self.driver.is_running() && !self.sender.is_closed()
    }

    /// Whether another request could be sent now, as far as is known.
    ///
    /// It never waits, so nobody is to be woken; the task that asks would only be woken by its own request.
    pub(super) fn is_open(&mut self) -> bool {
        self.driver.poll(&mut Context::from_waker(Waker::noop()));
        self.driver.is_running() && self.sender.is_ready()
    }

    /// One exchange. Unless it succeeds, the connection must not be used again.
    pub(super) async fn exchange(
        &mut self,
        prepared: &Prepared,
        timeouts: &Timeouts,
        end: Instant,
    ) -> Result<Response, Broken> {
        let start = Instant::now();
        self.meter.begin();
        let clock = Clock {
            host: &prepared.host,
            end,
            whole: timeouts.exchange,
        };
        let outcome = self.round_trip(prepared, timeouts, clock).await;
        self.meter.head_done();
        let sent = if self.meter.has_written() {
            Sent::Maybe
        } else {
            Sent::Nothing
        };
        match outcome {
            Ok(response) => {
                self.quiet_since = Instant::now();
                debug!(
                    host = prepared.host,
                    status = response.status.as_u16(),
                    bytes = response.body.as_ref().len(),
                    ms = start.elapsed().as_millis() as u64,
                    "answered"
                );
                Ok(response)
            }
            Err(error) => {
                debug!(host = prepared.host, fault = %error, ?sent, "failed");
                let lost = matches!(error.fault(), Fault::Closed { .. } | Fault::Tls(_));
                Err(Broken { error, sent, lost })
            }
        }
    }

    async fn round_trip(
        &mut self,
        prepared: &Prepared,
        timeouts: &Timeouts,
        clock: Clock<'_>,
    ) -> Result<Response, Error> {
        let host = prepared.host.as_str();
        let answer = {
            let answer = pin!(self.sender.send_request(prepared.to_http()));
            let answer = self.driver.until(answer);
            clock
                .limit(TimedPhase::Head, timeouts.response_head, answer)
                .await?
        };
        let (head, body) = answer
            .map_err(|error| {
                let fault = http_fault(host, error);
                let has_many_fields = has_too_many_fields(&self.meter);
                match fault.fault() {
                    Fault::NotHttp { host } if has_many_fields => {
                        Fault::HeadTooLarge { host: host.clone() }.into()
                    }
                    _ => fault,
                }
            })?
            .into_parts();
        self.meter.head_done();
        check_head(host, &head.headers)?;
        let body = pin!(collect(host, body, prepared.response_limit));
        let body = self.driver.until(body);
        let body = clock
            .limit(TimedPhase::Body, timeouts.response_body, body)
            .await??;
        let mut response = Response::new(head.status, head.headers, body);
        if let Some(report) = &self.trust {
            response.trust = Trusted::Checked(Arc::clone(report));
        }
        Ok(response)
    }
}

/// The time of one exchange.
#[derive(Clone, Copy)]
struct Clock<'a> {
    host: &'a str,
    end: Instant,
    whole: Duration,
}

impl Clock<'_> {
    /// Awaits `future` for at most `limit`, and never past the end of the exchange.
    async fn limit<F: Future>(
        &self,
        phase: TimedPhase,
        limit: Duration,
        future: F,
    ) -> Result<F::Output, Error> {
        let phase_end = end_of(limit);
        timeout_at(phase_end.min(self.end), future)
            .await
            .map_err(|_| {
                let (phase, after) = if self.end < phase_end {
                    (TimedPhase::Whole, self.whole)
                } else {
                    (phase, limit)
                };
                Fault::TimedOut {
                    host: self.host.to_owned(),
                    phase,
                    after,
                }
                .into()
            })
    }
}

/// Begins to speak HTTP/1.1 over a stream.
pub(super) async fn speak(
    wire: Box<dyn Wire>,
    meter: &Arc<Meter>,
) -> hyper::Result<(SendRequest<Full<Bytes>>, Driver<TokioIo<Metered>>)> {
    meter.head_done();
    let io = TokioIo::new(Metered {
        wire,
        meter: Arc::clone(meter),
    });
    let (sender, connection) = http1::Builder::new()
        // A body that is queued is written from where it lies; flattened, it would be copied and never wiped.
        .writev(true)
        .max_buf_size(128 << 10)
        .handshake(io)
        .await?;
    Ok((sender, Driver::new(connection)))
}

/// Refuses a head that is too large, and a body in a content coding, which nobody asked for.
fn check_head(host: &str, headers: &HeaderMap) -> Result<(), Error> {
    if is_too_large(headers) {
        return Err(Fault::HeadTooLarge {
            host: host.to_owned(),
        }
        .into());
    }
    match content_coding(headers) {
        Some(coding) => Err(Fault::Encoded {
            host: host.to_owned(),
            coding,
        }
        .into()),
        None => Ok(()),
    }
}

/// Whether a head that the parser did not understand has more fields than it may.
pub(super) fn has_too_many_fields(meter: &Meter) -> bool {
    meter.lines_of_head() > HEAD_FIELDS as u64
}

/// Whether a head has more bytes or fields than it may.
pub(super) fn is_too_large(headers: &HeaderMap) -> bool {
    // A field costs a colon, a blank and the end of the line besides its name and value.
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    headers.len() > HEAD_FIELDS || bytes > HEAD_BYTES
}

/// The first content coding that changes the body.
pub(super) fn content_coding(headers: &HeaderMap) -> Option<PeerText> {
    let codings = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .map(|value| value.as_bytes().trim_ascii());
    let mut changing = codings.filter(|coding| !coding.eq_ignore_ascii_case(b"identity"));
    changing
        .next()
        .map(|coding| PeerText::new(&String::from_utf8_lossy(coding)))
}

/// The whole body, in memory that is wiped.
async fn collect(host: &str, mut body: Incoming, limit: usize) -> Result<Body, Error> {
    let too_large = || {
        Error::new(Fault::TooLarge {
            host: host.to_owned(),
            limit,
        })
    };
    let announced = hyper::body::Body::size_hint(&body).exact();
    let announced = match announced.map(usize::try_from) {
        Some(Ok(length)) if length <= limit => length,
        Some(_) => return Err(too_large()),
        None => 0,
    };
    let mut whole = Zeroizing::new(Vec::with_capacity(announced));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| http_fault(host, error))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if data.len() > limit - whole.len() {
            return Err(too_large());
        }
        append(&mut whole, &data);
    }
    Ok(Body::from(whole))
}

/// Appends, moving to a larger buffer by hand where needed: `Vec` would free the old one without wiping it.
pub(super) fn append(whole: &mut Zeroizing<Vec<u8>>, data: &[u8]) {
    let needed = whole.len() + data.len();
    if needed > whole.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * whole.capacity())));
        larger.extend_from_slice(whole);
        *whole = larger;
    }
    whole.extend_from_slice(data);
}

#[cfg(test)]
mod tests;
