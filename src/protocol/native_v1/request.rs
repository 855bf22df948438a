//! The requests, field by field as documented.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use url::Url;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use super::Settings;
use crate::exchange::{Body, Effect, Request};
use crate::secret::{Code, ContinuationToken, NewPassword, Username};

/// More than any documented answer has, and far less than would hurt.
const RESPONSE_LIMIT: usize = 256 * 1024;

/// The endpoints, by the names of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    Start,
    Challenge,
    Continue,
    Submit,
    PollCompletion,
    Token,
}

impl Endpoint {
    /// The path behind the authority's own.
    const fn path(self) -> &'static str {
        match self {
            Self::Start => "/resetpassword/v1.0/start",
            Self::Challenge => "/resetpassword/v1.0/challenge",
            Self::Continue => "/resetpassword/v1.0/continue",
            Self::Submit => "/resetpassword/v1.0/submit",
            Self::PollCompletion => "/resetpassword/v1.0/poll_completion",
            Self::Token => "/oauth2/v2.0/token",
        }
    }

    /// Where it is at `authority`, whose path ends without a slash.
    fn url(self, authority: &Url) -> Url {
        let mut url = authority.clone();
        let path = authority.path();
        url.set_path(&[path.trim_end_matches('/'), self.path()].concat());
        url
    }

    const fn effect(self) -> Effect {
        match self {
            Self::Start | Self::PollCompletion => Effect::None,
            Self::Challenge | Self::Continue | Self::Token => Effect::Counts,
            Self::Submit => Effect::SetsPassword,
        }
    }
}

/// The endpoints of one authority, made once.
#[derive(Debug, Clone)]
pub(super) struct Urls {
    start: Url,
    challenge: Url,
    check: Url,
    submit: Url,
    poll: Url,
    token: Url,
}

impl Urls {
    pub(super) fn at(authority: &Url) -> Self {
        Self {
            start: Endpoint::Start.url(authority),
            challenge: Endpoint::Challenge.url(authority),
            check: Endpoint::Continue.url(authority),
            submit: Endpoint::Submit.url(authority),
            poll: Endpoint::PollCompletion.url(authority),
            token: Endpoint::Token.url(authority),
        }
    }

    const fn of(&self, endpoint: Endpoint) -> &Url {
        match endpoint {
            Endpoint::Start => &self.start,
            Endpoint::Challenge => &self.challenge,
            Endpoint::Continue => &self.check,
            Endpoint::Submit => &self.submit,
            Endpoint::PollCompletion => &self.poll,
            Endpoint::Token => &self.token,
        }
    }
}

/// The challenge types of a reset: a code out of band, or a browser.
const CHALLENGE_TYPE: (&str, &str) = ("challenge_type", "oob redirect");

/// Builds the requests of one attempt.
#[derive(Debug)]
pub(super) struct Requests {
    /// The same in all of them.
    headers: HeaderMap,
}

impl Requests {
    pub(super) fn new(correlation_id: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Ok(id) = HeaderValue::from_str(correlation_id) {
            headers.insert("client-request-id", id);
        }
        Self { headers }
    }

    pub(super) fn start(&self, settings: &Settings, username: &Username) -> Request {
        // The reference calls the parameter `capability`; the vendor's clients send `capabilities`.
        let capabilities: Vec<_> = settings
            .capabilities
            .iter()
            .map(|capability| capability.word())
            .collect();
        let capabilities = capabilities.join(" ");
        let mut fields = vec![("username", username.expose_secret()), CHALLENGE_TYPE];
        if !capabilities.is_empty() {
            fields.push(("capabilities", &capabilities));
        }
        self.post(settings, Endpoint::Start, &fields)
    }

    pub(super) fn challenge(&self, settings: &Settings, token: &ContinuationToken) -> Request {
        self.post(
            settings,
            Endpoint::Challenge,
            &[token_field(token), CHALLENGE_TYPE],
        )
    }

    pub(super) fn check_code(
        &self,
        settings: &Settings,
        token: &ContinuationToken,
        code: &Code,
    ) -> Request {
        let fields = [
            token_field(token),
            ("grant_type", "oob"),
            ("oob", code.expose_secret()),
        ];
        self.post(settings, Endpoint::Continue, &fields)
    }

    pub(super) fn submit(
        &self,
        settings: &Settings,
        token: &ContinuationToken,
        password: &NewPassword,
    ) -> Request {
        let fields = [
            token_field(token),
            ("new_password", password.expose_secret()),
        ];
        self.post(settings, Endpoint::Submit, &fields)
    }

    pub(super) fn poll(&self, settings: &Settings, token: &ContinuationToken) -> Request {
        self.post(settings, Endpoint::PollCompletion, &[token_field(token)])
    }

    pub(super) fn token(
        &self,
        settings: &Settings,
        token: &ContinuationToken,
        scope: &str,
    ) -> Request {
        let fields = [
            token_field(token),
            ("grant_type", "continuation_token"),
            ("scope", scope),
        ];
        self.post(settings, Endpoint::Token, &fields)
    }

    fn post(&self, settings: &Settings, endpoint: Endpoint, fields: &[(&str, &str)]) -> Request {
        let mut request = Request::new(Method::POST, settings.urls.of(endpoint).clone());
        request.headers = self.headers.clone();
        request.body = form(&settings.client_id, fields);
        request.effect = endpoint.effect();
        request.response_limit = RESPONSE_LIMIT;
        request
    }
}

fn token_field(token: &ContinuationToken) -> (&'static str, &str) {
    ("continuation_token", token.expose_secret())
}

/// Writes the form into a buffer that is large enough from the start: one that grew would leave copies of secrets behind.
fn form(client_id: &str, fields: &[(&str, &str)]) -> Body {
    let all = || std::iter::once(("client_id", client_id)).chain(fields.iter().copied());
    let capacity: usize = all()
        .map(|(name, value)| name.len() + 3 * value.len() + 2)
        .sum();
    let mut text = Zeroizing::new(String::with_capacity(capacity));
    for (name, value) in all() {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        if is_plain(value) {
            text.push_str(value);
        } else {
            text.extend(byte_serialize(value.as_bytes()));
        }
    }
    debug_assert!(text.len() <= capacity);
    Body::new(std::mem::take(&mut *text).into_bytes())
}

/// Whether a value looks in a form as it does outside. Ids and tokens do, and tokens are long. All bytes are looked at,
/// since a loop without an early end can take many at a time.
fn is_plain(value: &str) -> bool {
    value.bytes().fold(true, |is_plain, byte| {
        is_plain & (byte.is_ascii_alphanumeric() | matches!(byte, b'-' | b'.' | b'_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_what_the_standard_serializer_makes() {
        for value in [
            "",
            "AQABAAEAAAD--DLA3VO7QrddgJg7WevrVx_8.e30",
            "oob redirect",
            "adele+1@contoso.com",
            "a&b=c%20*~/?#",
            "パスワード\u{0}",
        ] {
            let mut expected = url::form_urlencoded::Serializer::new(String::new());
            expected.extend_pairs([("client_id", "id"), ("name", value), ("last", "")]);
            let made = form("id", &[("name", value), ("last", "")]);
            assert_eq!(made.as_ref(), expected.finish().as_bytes());
        }
    }
}
