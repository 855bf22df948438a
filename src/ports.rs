//! What the lower rooms need from outside: traits that the embedding program, or an upper room, may provide.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;

use crate::error::FetchFault;

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
/// The default goes the way of the channel that asks. An implementation
/// * speaks `http` only, also where a redirect leads, sends no cookie, and follows at most 3 redirects;
/// * accepts no content coding, and stops reading after [`FetchRequest::limit`] bytes;
/// * connects to no address of this computer or its own network if [`FetchRequest::deny_private_addresses`] says so;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Way {
    /// Straight to the host.
    Direct,
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
