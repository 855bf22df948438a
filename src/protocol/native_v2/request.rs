//! The requests, field by field: forms to the two OAuth endpoints, JSON to where the links lead.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

use super::Settings;
use crate::exchange::{Body, Effect, Request};
use crate::protocol::application::endpoint;
use crate::protocol::form::form;
use crate::protocol::object::object;
use crate::secret::{Code, ContinuationToken, NewPassword, Token, Username};

/// More than any documented answer has, and far less than would hurt.
const RESPONSE_LIMIT: usize = 256 * 1024;

/// The endpoints that no link leads to, made once.
#[derive(Debug, Clone)]
pub(super) struct Urls {
    authorize_challenge: Url,
    token: Url,
}

impl Urls {
    pub(super) fn at(authority: &Url) -> Self {
        Self {
            authorize_challenge: endpoint(authority, "/oauth2/v2.0/authorize-challenge"),
            token: endpoint(authority, "/oauth2/v2.0/token"),
        }
    }
}

/// Builds the requests of one attempt.
#[derive(Debug)]
pub(super) struct Requests {
    /// The same with every form.
    form: HeaderMap,
    /// The same with every JSON body.
    json: HeaderMap,
}

impl Requests {
    pub(super) fn new(correlation_id: &str) -> Self {
        let headers = |content_type, accept| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            if let Ok(id) = HeaderValue::from_str(correlation_id) {
                headers.insert("client-request-id", id);
            }
            headers
        };
        Self {
            form: headers("application/x-www-form-urlencoded", "application/json"),
            json: headers("application/json", "application/hal+json"),
        }
    }

    /// The entry, which names nobody: it asks where to go.
    pub(super) fn enter(&self, settings: &Settings) -> Request {
        let scope = Some(("scope", settings.scope.as_str()));
        let fields = std::iter::once(("client_id", settings.client_id.as_str()))
            .chain(scope.filter(|(_, scope)| !scope.is_empty()));
        self.post_form(
            &settings.urls.authorize_challenge,
            Effect::None,
            form(fields),
        )
    }

    pub(super) fn start(&self, url: &Url, token: &ContinuationToken, name: &Username) -> Request {
        let fields = [("username", name.expose_secret()), token_field(token)];
        self.send(Method::POST, url, Effect::None, &fields)
    }

    /// Asks for a code: for the first, for another, or after the check for risk.
    pub(super) fn challenge(&self, url: &Url, token: &ContinuationToken) -> Request {
        self.send(Method::POST, url, Effect::Counts, &[token_field(token)])
    }

    pub(super) fn verify(&self, url: &Url, token: &ContinuationToken, code: &Code) -> Request {
        let fields = [token_field(token), ("otp", code.expose_secret())];
        self.send(Method::POST, url, Effect::Counts, &fields)
    }

    pub(super) fn update(
        &self,
        url: &Url,
        token: &ContinuationToken,
        password: &NewPassword,
    ) -> Request {
        let fields = [
            token_field(token),
            ("newPassword", password.expose_secret()),
        ];
        self.send(Method::PUT, url, Effect::SetsPassword, &fields)
    }

    pub(super) fn poll(&self, url: &Url, token: &ContinuationToken) -> Request {
        self.send(Method::POST, url, Effect::None, &[token_field(token)])
    }

    /// Asks for an authorization code in return for the token of a finished reset.
    pub(super) fn authorize(&self, settings: &Settings, token: &ContinuationToken) -> Request {
        let fields = std::iter::once(("continuation_token", token.expose_secret()));
        let url = &settings.urls.authorize_challenge;
        self.post_form(url, Effect::Counts, form(fields))
    }

    pub(super) fn redeem(&self, settings: &Settings, code: &Token) -> Request {
        let fields = [
            ("client_id", settings.client_id.as_str()),
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("client_info", "1"),
        ];
        let body = form(fields.into_iter());
        self.post_form(&settings.urls.token, Effect::Counts, body)
    }

    fn post_form(&self, url: &Url, effect: Effect, body: Body) -> Request {
        let mut request = Request::new(Method::POST, url.clone());
        request.headers = self.form.clone();
        request.body = body;
        request.effect = effect;
        request.response_limit = RESPONSE_LIMIT;
        request
    }

    fn send(&self, method: Method, url: &Url, effect: Effect, fields: &[(&str, &str)]) -> Request {
        let mut request = Request::new(method, url.clone());
        request.headers = self.json.clone();
        request.body = object(fields);
        request.effect = effect;
        request.response_limit = RESPONSE_LIMIT;
        request
    }
}

fn token_field(token: &ContinuationToken) -> (&'static str, &str) {
    ("continuationToken", token.expose_secret())
}
