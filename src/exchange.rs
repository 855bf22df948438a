//! The one thing that protocols and the network have in common: a request goes out, a response comes in.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
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
