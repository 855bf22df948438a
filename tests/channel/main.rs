//! The channel against servers that behave, and against servers that do not.

mod reuse;
mod server;

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
