//! The cookies of one attempt (RFC 6265), for the protocols that are a browser's: the change at sign-in and the portal.

use cookie_store::{Cookie, CookieStore};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use url::Url;

/// The most cookies that are kept; browsers keep 50 or more of a host.
const COUNT: usize = 64;

/// The longest cookie, with its attributes. Browsers take 4096 bytes without them.
const LENGTH: usize = 5 * 1024;

/// The most bytes of all that go out with a request: about what the head of a request may have.
const TOTAL: usize = 12 * 1024;

/// What the server asked to be given back. It is kept in memory, ends with the attempt, and is never shown.
///
/// Cookies go to the one origin that the flow speaks with, so none is seen by another host.
#[derive(Default)]
pub(super) struct Cookies(CookieStore);

impl Cookies {
    /// Takes over what an answer from `url` sets, except for other domains and beyond the limits.
    pub(super) fn keep(&mut self, url: &Url, headers: &HeaderMap) {
        for value in headers.get_all(SET_COOKIE).iter().take(COUNT) {
            let text = value.to_str().unwrap_or_default();
            if text.len() > LENGTH {
                continue;
            }
            if let Ok(cookie) = Cookie::parse(text.to_owned(), url) {
                self.insert(cookie, url);
            }
        }
    }

    fn insert(&mut self, cookie: Cookie<'static>, url: &Url) {
        let domain = String::from(&cookie.domain);
        let is_known = self.0.contains_any(&domain, &cookie.path, cookie.name());
        if is_known || self.0.iter_any().count() < COUNT {
            // A cookie for another domain is not taken, and nothing is lost by that.
            let _ = self.0.insert(cookie, url);
        }
    }

    /// What a request to `url` carries, longer paths first (section 5.4).
    pub(super) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let mut cookies = self.0.matches(url);
        cookies.sort_by(|a, b| {
            let by_path = b.path.len().cmp(&a.path.len());
            by_path.then_with(|| a.name().cmp(b.name()))
        });
        let mut text = String::new();
        for cookie in cookies {
            let (name, value) = cookie.name_value();
            if text.len() + name.len() + value.len() + 3 > TOTAL {
                continue;
            }
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(name);
            text.push('=');
            text.push_str(value);
        }
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        (!text.is_empty()).then_some(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://login.contoso.example/common/login";

    fn sent(set: &[&str], to: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        for cookie in set {
            headers.append(SET_COOKIE, cookie.parse().unwrap());
        }
        let mut cookies = Cookies::default();
        cookies.keep(&Url::parse(PAGE).unwrap(), &headers);
        let header = cookies.header(&Url::parse(to).unwrap())?;
        assert!(header.is_sensitive());
        Some(header.to_str().unwrap().to_owned())
    }

    #[test]
    fn cookies_go_back_where_they_belong() {
        let set = [
            "b=2; path=/; secure; HttpOnly; SameSite=None",
            "a=1; path=/common",
            "c=3; path=/other",
            "d=4; domain=.contoso.example; path=/",
            "e=5; domain=login.contoso.example; path=/",
        ];
        let all = "a=1; b=2; d=4; e=5";
        assert_eq!(sent(&set, PAGE).as_deref(), Some(all));
        let elsewhere = sent(&set, "https://evil.example/common/login");
        assert_eq!(elsewhere, None);
    }

    #[test]
    fn cookies_of_other_domains_are_not_taken() {
        for cookie in [
            "a=1; domain=evil.example",
            "a=1; domain=other.contoso.example",
            "a=1; max-age=0",
            "",
            "=",
        ] {
            assert_eq!(sent(&[cookie], PAGE), None, "{cookie}");
        }
    }

    #[test]
    fn limits_hold() {
        let long = format!("a={}", "x".repeat(LENGTH));
        assert_eq!(sent(&[&long, "b=2; path=/"], PAGE).as_deref(), Some("b=2"));
        let many: Vec<String> = (0..COUNT + 9).map(|n| format!("c{n}=1; path=/")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(sent(&many, PAGE).unwrap().split(';').count(), COUNT);
        let large: Vec<String> = (0..9)
            .map(|n| format!("c{n}={}; path=/", "x".repeat(4000)))
            .collect();
        let large: Vec<&str> = large.iter().map(String::as_str).collect();
        assert!(sent(&large, PAGE).unwrap().len() <= TOTAL);
    }

    #[test]
    fn a_later_cookie_takes_the_place_of_an_earlier_one() {
        let set = ["a=1; path=/", "a=2; path=/"];
        assert_eq!(sent(&set, PAGE).as_deref(), Some("a=2"));
        let set = ["a=1; path=/", "a=; path=/; max-age=0"];
        assert_eq!(sent(&set, PAGE), None);
    }
}
