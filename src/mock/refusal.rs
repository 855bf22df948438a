//! The error answers of the OAuth endpoints, and so of all of native authentication V1.

use std::time::Duration;

use serde_json::{Value, json};

use super::flow::TokenFault;
use super::http::Response;
use super::random;
use super::state::State;
use super::traffic::Request;

/// What identifies one request in the answer to it.
#[derive(Debug)]
pub(super) struct Ids {
    /// The service's own.
    pub(super) trace: String,
    /// The client's (`client-request-id`), or a new one.
    pub(super) correlation: String,
}

impl Ids {
    pub(super) fn of(request: &Request) -> Self {
        let sent = request.header("client-request-id");
        Self {
            trace: random::guid(),
            correlation: sent.map_or_else(random::guid, str::to_owned),
        }
    }
}

/// An error answer in the making.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    pub(super) error: Box<str>,
    pub(super) suberror: Option<Box<str>>,
    codes: Vec<u64>,
    pub(super) description: Box<str>,
    pub(super) continuation_token: Option<String>,
    retry_after: Option<Duration>,
}

impl Refusal {
    pub(super) fn new(error: &str, code: u64, description: &str) -> Self {
        Self {
            status: 400,
            error: error.into(),
            suberror: None,
            codes: vec![code],
            description: description.into(),
            continuation_token: None,
            retry_after: None,
        }
    }

    /// An error that a test has ordered.
    pub(super) fn ordered(error: &str, suberror: Option<&str>, codes: &[u64]) -> Self {
        Self {
            suberror: suberror.map(Into::into),
            codes: codes.to_vec(),
            ..Self::new(error, 0, "This fault was ordered.")
        }
    }

    pub(super) fn missing(parameter: &str) -> Self {
        let text = format!("{parameter} parameter is empty or not valid.");
        Self::new("invalid_request", 90_100, &text)
    }

    /// 399246 is documented for a weak password; that it stands for the other five too is *invented*.
    pub(super) fn password(suberror: &str) -> Self {
        let text = "The new password does not meet the password policy.";
        Self::new("invalid_grant", 399_246, text).suberror(suberror)
    }

    /// Status and words are *invented* for this API; 90055 is the documented code for "too many requests".
    pub(super) fn throttled(left: Duration) -> Self {
        let text = "Too many password reset attempts for this account. Wait and try again.";
        Self {
            status: 429,
            retry_after: Some(left),
            ..Self::new("temporarily_unavailable", 90_055, text)
        }
    }

    pub(super) fn suberror(mut self, word: &str) -> Self {
        self.suberror = Some(word.into());
        self
    }

    pub(super) fn token(mut self, token: Option<String>) -> Self {
        self.continuation_token = token;
        self
    }

    pub(super) fn response(&self, state: &State, ids: &Ids) -> Response {
        let mut response = Response::json(self.status, &self.body(state, ids));
        if let Some(left) = self.retry_after {
            response.set_header("Retry-After", &left.as_secs().to_string());
        }
        response
    }

    pub(super) fn body(&self, state: &State, ids: &Ids) -> Value {
        let Ids { trace, correlation } = ids;
        let timestamp = state.timestamp();
        let code = self.codes.first().copied().unwrap_or_default();
        let mut body = json!({
            "error": self.error,
            "error_description": format!(
                "AADSTS{code}: {}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {timestamp}",
                self.description
            ),
            "error_codes": self.codes,
            "timestamp": timestamp,
            "trace_id": trace,
            "correlation_id": correlation,
        });
        if let Some(suberror) = &self.suberror {
            body["suberror"] = json!(suberror);
        }
        if let Some(token) = &self.continuation_token {
            body["continuation_token"] = json!(token);
        }
        body
    }
}

impl From<TokenFault> for Refusal {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::Invalid => Self::new(
                "invalid_request",
                55_200,
                "The continuation_token is not valid.",
            ),
            TokenFault::Expired => Self::new(
                "expired_token",
                552_003,
                "The continuation_token has expired.",
            ),
        }
    }
}
