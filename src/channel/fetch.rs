//! Fetches revocation data over plain HTTP, the way that the channel goes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tracing::debug;
use url::{Position, Url};

use super::link::{content_coding, has_too_many_fields, is_too_large, speak};
use super::meter::{HeadFlood, Meter};
use crate::error::{Error, Fault, FetchFault, FetchPhase, PeerText};
use crate::exchange::{Body, Response};
use crate::ports::{Fetch, FetchFuture, FetchRequest, FetchResponse, Way};
use crate::tls::cause;
use crate::tunnel::{Destination, Dialer};

/// The most redirects that are followed.
const REDIRECTS: usize = 3;

/// Who fetches, as servers and proxies log it.
const USER_AGENT: &str = concat!("sspr/", env!("CARGO_PKG_VERSION"));

/// The channel's own [`Fetch`].
pub(super) struct HttpFetch {
    /// Opens connections, within the time for one fetch.
    pub(super) dialer: Dialer,
    /// How long nothing may come.
    pub(super) read_limit: Duration,
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
            // The seam for a proxy decision of its own for each URL.
            let way = Way::Direct;
            match self.ask(&request, &url).await? {
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

    async fn ask(&self, request: &FetchRequest, url: &Url) -> Result<Answer, FetchFault> {
        let stream = self.connect(request, url).await?;
        let question = question(request, url)?;
        let meter = Arc::new(Meter::default());
        let (mut sender, mut driver) = speak(Box::new(stream), &meter)
            .await
            .map_err(|error| http_fault(&error))?;
        meter.begin();
        let silence = |_| FetchFault::Timeout {
            phase: FetchPhase::Read,
        };
        let answer = pin!(sender.send_request(question));
        let answer = timeout(self.read_limit, driver.until(answer))
            .await
            .map_err(silence)?;
        let (head, mut body) = answer
            .map_err(|error| match http_fault(&error) {
                FetchFault::NotHttp if has_too_many_fields(&meter) => FetchFault::HeadTooLarge,
                fault => fault,
            })?
            .into_parts();
        meter.head_done();
        if let Some(moved) = redirection(head.status, &head.headers, url) {
            return Ok(moved);
        }
        check_head(head.status, &head.headers)?;

        let limit = request.limit;
        let announced = hyper::body::Body::size_hint(&body).lower();
        if announced > limit as u64 {
            return Err(FetchFault::TooLarge { limit });
        }
        let mut whole = BytesMut::new();
        loop {
            let frame = pin!(body.frame());
            let frame = timeout(self.read_limit, driver.until(frame)).await;
            let Some(frame) = frame.map_err(silence)? else {
                break;
            };
            let Ok(data) = frame.map_err(|error| http_fault(&error))?.into_data() else {
                continue;
            };
            if data.len() > limit - whole.len() {
                return Err(FetchFault::TooLarge { limit });
            }
            whole.extend_from_slice(&data);
        }
        driver.advance().await;
        // More bytes came than the head announces, so what was read is a part. A connection that only broke off
        // afterwards has an error of the operating system.
        let has_more = |error: &hyper::Error| cause::<std::io::Error>(error).is_none();
        if driver.failure().is_some_and(has_more) {
            return Err(FetchFault::Truncated);
        }
        Ok(Answer::Body(whole.freeze()))
    }

    async fn connect(&self, request: &FetchRequest, url: &Url) -> Result<TcpStream, FetchFault> {
        if url.scheme() != "http" {
            return Err(FetchFault::UnsupportedScheme {
                scheme: PeerText::new(url.scheme()),
            });
        }
        let destination = Destination {
            host: url.host().ok_or(FetchFault::Dns)?.to_owned(),
            port: url.port().unwrap_or(80),
        };
        let name = destination.name();
        let is_allowed = |host: &String| host.eq_ignore_ascii_case(&name);
        let deny = request.deny_private_addresses && !self.private_hosts.iter().any(is_allowed);
        let found = self
            .dialer
            .addresses(&destination)
            .await
            .map_err(|error| dial_fault(&error))?;
        let mut addresses = found.clone();
        addresses.retain(|address| !(deny && is_private(address.ip())));
        if let (true, Some(address)) = (addresses.is_empty(), found.first()) {
            return Err(FetchFault::AddressRefused {
                address: address.ip(),
            });
        }
        self.dialer
            .dial_addresses(&destination, &addresses)
            .await
            .map_err(|error| dial_fault(&error))
    }
}

fn question(request: &FetchRequest, url: &Url) -> Result<Request<Full<Bytes>>, FetchFault> {
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let mut question = Request::builder()
        .method(request.method.clone())
        .uri(&url[Position::BeforePath..Position::AfterQuery])
        .header(header::HOST, host)
        .header(header::USER_AGENT, USER_AGENT)
        .header(header::ACCEPT, request.accept);
    if request.no_cache {
        question = question.header(header::CACHE_CONTROL, "no-cache");
    }
    if let Some(kind) = request.content_type {
        question = question.header(header::CONTENT_TYPE, kind);
    }
    if request.method == Method::POST {
        question = question.header(header::CONTENT_LENGTH, request.body.len());
    }
    question
        .body(Full::new(request.body.clone()))
        .map_err(|_| FetchFault::Dns)
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

fn http_fault(error: &hyper::Error) -> FetchFault {
    if cause::<HeadFlood>(error).is_some() {
        return FetchFault::HeadTooLarge;
    }
    if error.is_parse() {
        return FetchFault::NotHttp;
    }
    match cause::<std::io::Error>(error).map(std::io::Error::kind) {
        // A chunk whose size or end is not as it must be (RFC 9112, section 7.1).
        Some(std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData) => {
            FetchFault::NotHttp
        }
        _ => FetchFault::Truncated,
    }
}

fn dial_fault(error: &Error) -> FetchFault {
    match error.fault() {
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

/// Whether an address belongs to this computer or to a network of its own (RFC 6890), rather than to the internet.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && second & 0xc0 == 64;
    first == 0
        || is_shared
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_multicast()
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_multicast()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_computer_and_its_network_are_private() {
        for private in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.2.1",
            "2001:db8::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }
}
