//! The requests of one attempt: what a browser adds to a form, and what it asks for by itself.

use super::forms::PageLimit;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, REFERER};
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

use crate::exchange::Request;
use crate::protocol::cookies::Cookies;

/// The largest picture. Those that ask for a person are a few kilobytes.
pub(super) const PICTURE_LIMIT: usize = 512 * 1024;

const PAGES: HeaderValue =
    HeaderValue::from_static("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
const PICTURES: HeaderValue = HeaderValue::from_static("image/png,image/webp,image/*;q=0.8");

pub(super) struct Requests {
    correlation_id: Option<HeaderValue>,
    language: Option<HeaderValue>,
    cookies: Cookies,
}

impl Requests {
    pub(super) fn new(correlation_id: &str, language: Option<&str>) -> Self {
        let language = language.and_then(|tag| HeaderValue::from_str(tag).ok());
        Self {
            correlation_id: HeaderValue::from_str(correlation_id).ok(),
            language,
            cookies: Cookies::default(),
        }
    }

    /// Asks for a page, perhaps led there from another.
    pub(super) fn page(&self, url: Url, from: Option<&Url>) -> Request {
        let mut request = Request::new(Method::GET, url);
        request.headers.insert(ACCEPT, PAGES);
        request.response_limit = PageLimit::BYTES;
        self.complete(&mut request, from);
        request
    }

    /// Asks for a picture on a page.
    pub(super) fn picture(&self, url: Url, page: &Url) -> Request {
        let mut request = Request::new(Method::GET, url);
        request.headers.insert(ACCEPT, PICTURES);
        request.response_limit = PICTURE_LIMIT;
        self.complete(&mut request, Some(page));
        request
    }

    /// Adds what every request of the attempt carries.
    pub(super) fn complete(&self, request: &mut Request, from: Option<&Url>) {
        let cookies = self.cookies.header(&request.url);
        let from = from.and_then(|url| HeaderValue::from_str(url.as_str()).ok());
        let headers = &mut request.headers;
        headers.extend(from.map(|from| (REFERER, from)));
        headers.extend(cookies.map(|cookies| (COOKIE, cookies)));
        headers.extend(self.language.clone().map(|tag| (ACCEPT_LANGUAGE, tag)));
        if let Some(id) = &self.correlation_id {
            headers.insert("client-request-id", id.clone());
        }
    }

    pub(super) fn keep(&mut self, url: &Url, headers: &HeaderMap) {
        self.cookies.keep(url, headers);
    }

    pub(super) fn forget(&mut self) {
        self.cookies = Cookies::default();
    }
}
