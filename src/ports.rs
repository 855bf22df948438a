//! What the lower rooms need from outside: traits that the embedding program, or an upper room, may provide.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;

use crate::error::{AuthScheme, FetchFault, PacError};

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

/// Fetches over plain HTTP what needs no secrecy because it is signed: OCSP responses and CRLs.
///
/// The default asks for every address by which way to go, as the channel does: directly, or through a proxy that fetches
/// in its stead, with a login if one is demanded and given. An implementation
/// * speaks `http` only, also where a redirect leads, sends no cookie, and follows at most 3 redirects;
/// * accepts no content coding, and stops reading after [`FetchRequest::limit`] bytes;
/// * connects to no address of this computer or its own network if [`FetchRequest::deny_private_addresses`] says so, and
///   sends no proxy there by an address or by `localhost`; where a proxy looks a name up, it alone knows what it finds;
/// * ends at [`FetchRequest::deadline`].
pub trait Fetch: Send + Sync {
    /// Fetches, and waits for the whole body of an answer with status 200.
    ///
    /// # Errors
    /// [`FetchFault`] for everything else.
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_>;
}

/// What [`Fetch::fetch`] returns.
pub type FetchFuture<'a> =
    Pin<Box<dyn Future<Output = Result<FetchResponse, FetchFault>> + Send + 'a>>;

/// What to fetch, and within which bounds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FetchRequest {
    /// `GET` or `POST`.
    pub method: Method,
    /// Where; `http` only.
    pub url: Url,
    /// The field `accept`.
    pub accept: &'static str,
    /// The field `content-type`, if there is a body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: Bytes,
    /// The most bytes that the body of the answer may have.
    pub limit: usize,
    /// Whether caches on the way are told to ask anew.
    pub no_cache: bool,
    /// Whether addresses of this computer and its own network are refused: the URL comes from a certificate that no
    /// public authority issued.
    pub deny_private_addresses: bool,
    /// When the fetch must be over.
    pub deadline: Instant,
}

/// What a fetch brought.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FetchResponse {
    /// The whole body.
    pub body: Bytes,
    /// Which way it came.
    pub way: Way,
}

impl FetchResponse {
    /// A response from its parts.
    pub fn new(body: impl Into<Bytes>, way: Way) -> Self {
        Self {
            body: body.into(),
            way,
        }
    }
}

/// Which way a connection went.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Way {
    /// Straight to the host.
    Direct,
    /// Through a proxy.
    Proxy {
        /// Its address, as `http://proxy.corp.example:8080`.
        proxy: String,
        /// How this side logged in, if it was asked to.
        login: Option<AuthScheme>,
    },
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct => f.write_str("direct"),
            Self::Proxy { proxy, login: None } => f.write_str(proxy),
            Self::Proxy {
                proxy,
                login: Some(scheme),
            } => write!(f, "{proxy} (login: {scheme})"),
        }
    }
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

impl<T: Fetch + ?Sized> Fetch for Arc<T> {
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
        (**self).fetch(request)
    }
}

impl<T: FetchScript + ?Sized> FetchScript for Arc<T> {
    fn fetch_script(&self, request: ScriptRequest) -> FetchScriptFuture<'_> {
        (**self).fetch_script(request)
    }
}
