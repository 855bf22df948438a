//! The one thing that protocols and the network have in common: a request goes out, a response comes in.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, Method, StatusCode};
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

use crate::error::{Error, Sent};

/// What a request does to the world, which decides whether it may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing: it may be sent again after a broken connection.
    None,
    /// It sends a code or checks one: every try spends an attempt, so it is sent again only if no byte of it had left.
    Counts,
    /// It sets the password: it is never sent a second time.
    SetsPassword,
}

/// A complete request.
#[derive(Debug)]
#[non_exhaustive]
pub struct Request {
    /// The method, usually `POST`.
    pub method: Method,
    /// Where to; always `https`.
    pub url: Url,
    /// The headers, without `host` and `content-length`, which the exchange adds.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// What the request does to the world.
    pub effect: Effect,
    /// The most bytes that the body of the response may have.
    pub response_limit: usize,
}

impl Request {
    /// A request without headers and body, which does nothing to the world.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Body::default(),
            effect: Effect::None,
            response_limit: 1 << 20,
        }
    }
}

/// A complete response, whatever its status.
#[derive(Debug)]
#[non_exhaustive]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Body,
}

impl Response {
    /// A response from its parts.
    pub fn new(status: StatusCode, headers: HeaderMap, body: Body) -> Self {
        Self {
            status,
            headers,
            body,
        }
    }
}

impl Response {
    /// The longest wait that is believed: a day, as the service's own blocks last.
    const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

    /// How long the server asks to wait (`Retry-After`, RFC 9110, section 10.2.3), at most a day.
    ///
    /// A point in time is measured from the server's own `Date`, since the clock of this computer may be wrong; without
    /// one it is passed over.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = |name| {
            self.headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::trim)
        };
        let asked = text(RETRY_AFTER)?;
        let wait = if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
            asked
                .parse()
                .map_or(Self::LONGEST_WAIT, Duration::from_secs)
        } else {
            let until = httpdate::parse_http_date(asked).ok()?;
            let now = httpdate::parse_http_date(text(DATE)?).ok()?;
            until.duration_since(now).unwrap_or_default()
        };
        Some(wait.min(Self::LONGEST_WAIT))
    }
}

/// A body, wiped when dropped: requests hold passwords, responses hold tokens.
#[derive(Default)]
pub struct Body(Zeroizing<Vec<u8>>);

impl Body {
    /// Takes the bytes over.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Hands the bytes to an HTTP stack without a copy; they are wiped when the last of the clones is dropped.
    pub fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self.0)
    }
}

impl From<Zeroizing<Vec<u8>>> for Body {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

/// Why no response came, and how much of the request may have arrived.
#[derive(Debug)]
#[non_exhaustive]
pub struct ExchangeError {
    /// What happened.
    pub error: Error,
    /// How much of the request may have reached the other side. Where it cannot be known, it is [`Sent::Maybe`].
    pub sent: Sent,
}

impl ExchangeError {
    /// An error together with what is known about the request.
    pub fn new(sent: Sent, error: impl Into<Error>) -> Self {
        Self {
            error: error.into(),
            sent,
        }
    }
}

/// What [`Exchange::exchange`] returns.
pub type ExchangeFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Response, ExchangeError>> + Send + 'a>>;

/// Carries one request to its server and brings the response back: the seam for another HTTP stack.
///
/// An implementation
/// * checks the server's certificate for the host of the URL, over TLS 1.2 or newer;
/// * follows no redirect and hands every status to the caller;
/// * sends a request again by itself only as its [`Effect`] allows;
/// * stops reading after [`Request::response_limit`] bytes, with an error;
/// * ends within a bounded time, and says in [`ExchangeError::sent`] whether the request may have arrived.
pub trait Exchange: Send + Sync {
    /// Sends `request` and waits for the whole response.
    fn exchange(&self, request: Request) -> ExchangeFuture<'_>;
}

impl<T: Exchange + ?Sized> Exchange for Arc<T> {
    fn exchange(&self, request: Request) -> ExchangeFuture<'_> {
        (**self).exchange(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[(http::HeaderName, &str)]) -> Option<Duration> {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect();
        Response::new(StatusCode::TOO_MANY_REQUESTS, headers, Body::default()).retry_after()
    }

    #[test]
    fn seconds_are_taken_up_to_a_day() {
        assert_eq!(
            asked(&[(RETRY_AFTER, "120")]),
            Some(Duration::from_secs(120))
        );
        assert_eq!(asked(&[(RETRY_AFTER, "0")]), Some(Duration::ZERO));
        assert_eq!(
            asked(&[(RETRY_AFTER, "99999999999999999999999")]),
            Some(Response::LONGEST_WAIT)
        );
    }

    #[test]
    fn a_date_counts_from_the_date_of_the_server() {
        let until = (RETRY_AFTER, "Sun, 06 Nov 1994 08:50:07 GMT");
        assert_eq!(
            asked(&[until.clone(), (DATE, "Sun, 06 Nov 1994 08:49:37 GMT")]),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            asked(&[until.clone(), (DATE, "Sun, 06 Nov 1994 08:59:37 GMT")]),
            Some(Duration::ZERO)
        );
        assert_eq!(asked(&[until]), None);
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in ["", "-1", "1.5", "soon", "1 2"] {
            assert_eq!(asked(&[(RETRY_AFTER, text)]), None, "{text:?}");
        }
        assert_eq!(asked(&[]), None);
    }

    #[test]
    fn a_body_shows_only_its_size() {
        assert_eq!(
            format!("{:?}", Body::new(b"hush".to_vec())),
            "Body(4 bytes)"
        );
    }
}
