//! The channel against servers that behave, and against servers that do not.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod cut;
mod handshake;
mod limits;
#[cfg(feature = "reqwest")]
mod reqwest;
mod reuse;
mod server;
mod trust;
mod way;

use http::Method;
use sspr::{Body, Effect, Request};
use url::Url;

/// A request with an effect.
fn post(url: Url, effect: Effect, body: &str) -> Request {
    let mut request = Request::new(Method::POST, url);
    request.effect = effect;
    request.body = Body::new(body.as_bytes().to_vec());
    request
}

fn get(url: Url) -> Request {
    Request::new(Method::GET, url)
}
