//! What the lower rooms need from outside: traits that the embedding program, or an upper room, may provide.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

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
