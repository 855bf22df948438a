//! The requests, field by field as documented.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

use super::Settings;
use crate::exchange::{Effect, Request};
use crate::protocol::application::endpoint;
use crate::protocol::form::form;
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
        let at = |at: Endpoint| endpoint(authority, at.path());
        Self {
            start: at(Endpoint::Start),
            challenge: at(Endpoint::Challenge),
            check: at(Endpoint::Continue),
            submit: at(Endpoint::Submit),
            poll: at(Endpoint::PollCompletion),
            token: at(Endpoint::Token),
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
        let client_id = ("client_id", settings.client_id.as_str());
        request.body = form(std::iter::once(client_id).chain(fields.iter().copied()));
        request.effect = endpoint.effect();
        request.response_limit = RESPONSE_LIMIT;
        request
    }
}

fn token_field(token: &ContinuationToken) -> (&'static str, &str) {
    ("continuation_token", token.expose_secret())
}
