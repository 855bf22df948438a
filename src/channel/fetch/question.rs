//! What is sent: to the host, or to a proxy that is to fetch from there.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, header};
use http_body_util::Full;
use url::{Position, Url};
use zeroize::Zeroizing;

use crate::error::FetchFault;
use crate::ports::FetchRequest;
use crate::tunnel::Destination;

/// Who fetches, as servers and proxies log it.
const USER_AGENT: &str = concat!("sspr/", env!("CARGO_PKG_VERSION"));

/// What is asked for, as it stands in the request line, and the field `Host`.
pub(super) struct Target {
    pub(super) text: String,
    host: String,
}

impl Target {
    /// For the host itself (RFC 9112, section 3.2.1).
    pub(super) fn origin(url: &Url) -> Self {
        Self {
            text: url[Position::BeforePath..Position::AfterQuery].to_owned(),
            host: url[Position::BeforeHost..Position::AfterPort].to_owned(),
        }
    }

    /// For a proxy, which is to fetch it from `destination` (RFC 9112, section 3.2.2).
    pub(super) fn absolute(url: &Url, destination: &Destination) -> Self {
        let Self { text, .. } = Self::origin(url);
        let host = match destination.port {
            80 => destination.host.to_string(),
            _ => destination.to_string(),
        };
        Self {
            text: format!("http://{host}{text}"),
            host,
        }
    }
}

pub(super) fn question(
    request: &FetchRequest,
    target: &Target,
) -> Result<Request<Full<Bytes>>, FetchFault> {
    let mut question = Request::builder()
        .method(request.method.clone())
        .uri(&target.text)
        .header(header::HOST, &target.host)
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

/// Adds what is for the proxy alone.
pub(super) fn address_proxy(headers: &mut HeaderMap, login: Option<Zeroizing<String>>) {
    // Some proxies of old end the connection without it, in the middle of a login.
    headers.insert("proxy-connection", HeaderValue::from_static("keep-alive"));
    let value = login.and_then(|login| HeaderValue::from_str(&login).ok());
    if let Some(mut value) = value {
        value.set_sensitive(true);
        headers.insert(header::PROXY_AUTHORIZATION, value);
    }
}
