//! What the lower rooms need from outside: traits that the embedding program, or an upper room, may provide.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use url::Url;

use crate::error::PacError;

/// What [`Resolve::resolve`] returns.
pub type ResolveFuture<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Finds the addresses of a host name: the seam for split DNS, and for tests.
///
/// The default asks the operating system, on a thread of the runtime's blocking pool.
pub trait Resolve: Send + Sync {
    /// The addresses of `host`, most preferred first (RFC 6724). `host` is an ASCII name, never an address.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`] if no resolver answered; everything else counts as "no such name", and so does an
    /// empty list.
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a>;
}

/// Knows whether this computer has a network at all: the seam for a network manager, and for tests.
///
/// The default asks the operating system for a route; see [`SystemNetwork`](crate::SystemNetwork).
pub trait Network: Send + Sync {
    /// Whether there is a way to anywhere but this computer. It answers at once and sends nothing.
    fn is_up(&self) -> bool;
}

/// Fetches proxy scripts over `http` or `https`, straight from their host and never through a proxy: it is not known yet.
///
/// An implementation
/// * sends no credentials and no cookie, and answers no request for any;
/// * follows redirects on the same host only, and never from `https` to `http`;
/// * accepts status 200 alone, and no content coding;
/// * checks the certificate of an `https` host;
/// * stops after [`ScriptRequest::size_limit`] and [`ScriptRequest::time_limit`].
pub trait FetchScript: Send + Sync {
    /// Fetches, and waits for the whole script.
    ///
    /// # Errors
    /// One of those of [`PacError`] that come before there is a script.
    fn fetch_script(&self, request: ScriptRequest) -> FetchScriptFuture<'_>;
}

/// What [`FetchScript::fetch_script`] returns.
pub type FetchScriptFuture<'a> =
    Pin<Box<dyn Future<Output = Result<FetchedScript, PacError>> + Send + 'a>>;

/// Which script to fetch, and within which bounds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ScriptRequest {
    /// Where; `http` or `https`, without credentials.
    pub url: Url,
    /// The addresses of the host that were found trustworthy. `None` if any will do.
    pub addresses: Option<Vec<IpAddr>>,
    /// The most bytes that the script may have.
    pub size_limit: usize,
    /// The most time that all of it may take.
    pub time_limit: Duration,
}

impl ScriptRequest {
    /// A request with the usual bounds: 1 MiB, 30 s.
    pub const fn new(url: Url) -> Self {
        Self {
            url,
            addresses: None,
            size_limit: 1 << 20,
            time_limit: Duration::from_secs(30),
        }
    }
}

/// What a fetch brought.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FetchedScript {
    /// The whole body.
    pub body: Bytes,
    /// The parameter `charset` of the field `content-type`.
    pub charset: Option<String>,
}

impl FetchedScript {
    /// A script from its parts.
    pub fn new(body: impl Into<Bytes>, charset: Option<String>) -> Self {
        Self {
            body: body.into(),
            charset,
        }
    }
}

impl<T: Resolve + ?Sized> Resolve for Arc<T> {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        (**self).resolve(host)
    }
}

impl<T: Network + ?Sized> Network for Arc<T> {
    fn is_up(&self) -> bool {
        (**self).is_up()
    }
}

impl<T: FetchScript + ?Sized> FetchScript for Arc<T> {
    fn fetch_script(&self, request: ScriptRequest) -> FetchScriptFuture<'_> {
        (**self).fetch_script(request)
    }
}
