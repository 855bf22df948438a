//! Reading the answers: HAL from the API, flat JSON from the OAuth endpoints, and an error body of its own for each.

use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::links;
use super::methods::{self, Offer};
use crate::error::{Error, Fault, PeerText, ServerError};
use crate::exchange::Response;
use crate::protocol::MethodKind;
use crate::protocol::json::{code_length, number, read_object, required, take_secret, word};
use crate::protocol::status::unexpected_status;
use crate::secret::{ContinuationToken, Token};

/// The most numbers that are kept of `error_codes`, and the most details that are looked at.
const LIST_LIMIT: usize = 16;

/// The fields of any answer of the protocol. A field that occurs twice makes the answer unreadable.
#[derive(Deserialize)]
pub(super) struct Fields {
    #[serde(rename = "continuationToken")]
    hal_token: Option<Value>,
    continuation_token: Option<Value>,
    state: Option<Value>,
    action: Option<Value>,
    #[serde(rename = "type")]
    kind: Option<Value>,
    hint: Option<Value>,
    #[serde(rename = "codeLength")]
    code_length: Option<Value>,
    payload: Option<Value>,
    #[serde(rename = "challengeContext")]
    challenge_context: Option<Value>,
    #[serde(rename = "_links")]
    links: Option<Value>,
    #[serde(rename = "_embedded")]
    embedded: Option<Value>,
    reset_password: Option<Value>,
    #[serde(rename = "resetPassword")]
    reset_password_in_camel_case: Option<Value>,
    error: Option<Value>,
    suberror: Option<Value>,
    error_codes: Option<Value>,
    correlation_id: Option<Value>,
    #[serde(rename = "correlationId")]
    hal_correlation_id: Option<Value>,
    code: Option<Value>,
    access_token: Option<Value>,
    refresh_token: Option<Value>,
    id_token: Option<Value>,
    scope: Option<Value>,
    expires_in: Option<Value>,
}

/// An answer as the flow sees it.
pub(super) enum Answered {
    /// The step was done, or leads on.
    Done(Fields),
    /// The server refused, in one of its two forms.
    Refused(Refusal, Fields),
}

/// What the server said against a request.
#[derive(Debug)]
pub(super) struct Refusal {
    /// `error.code` and `error.innerError.code`, or `error` and `suberror`.
    pub(super) server: ServerError,
    /// The details name the password as what is wrong.
    pub(super) of_password: bool,
}

impl Refusal {
    /// Whether the service leads to a browser.
    pub(super) fn wants_browser(&self) -> bool {
        self.server.suberror.as_deref() == Some("web_redirect_required")
    }
}

/// What the server wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Challenge,
    Verify,
    RiskVerify,
    Update,
    Poll,
    Enroll,
    /// Nothing more of this flow.
    Continue,
}

/// Reads a response of any status. The normal answer to the entry is a refusal (401) that brings a token.
pub(super) fn read(response: &Response, is_entry: bool) -> Result<Answered, Error> {
    let fields: Fields = read_object(response)?;
    let status = response.status;
    let is_normal = is_entry && status == StatusCode::UNAUTHORIZED && fields.has_token();
    match fields.refusal()? {
        Some(refusal) if !is_normal || refusal.wants_browser() => {
            Ok(Answered::Refused(refusal, fields))
        }
        _ if is_normal || status.is_success() => Ok(Answered::Done(fields)),
        _ => Err(unexpected_status(response)),
    }
}

impl Fields {
    /// The newest token, if the answer brings one. An empty one counts as none.
    pub(super) fn take_token(&mut self) -> Result<Option<ContinuationToken>, Error> {
        let hal = take_secret(&mut self.hal_token, "continuationToken")?;
        let flat = take_secret(&mut self.continuation_token, "continuation_token")?;
        Ok(hal.or(flat).map(ContinuationToken::new))
    }

    /// What the server wants next: its `action`, or its `state` where there is no action.
    pub(super) fn next(&self) -> Result<Next, Error> {
        let state = word(self.state.as_ref(), "state")?;
        if let Some(state) = &state
            && !matches!(state.as_str(), "interactionRequired" | "continue")
        {
            return Err(unknown("state", state.clone()));
        }
        let Some(action) = word(self.action.as_ref(), "action")? else {
            return match state {
                Some(state) if state.as_str() == "continue" => Ok(Next::Continue),
                _ => Err(Fault::MissingField { field: "action" }.into()),
            };
        };
        Ok(match action.as_str() {
            "challenge" => Next::Challenge,
            "verify" => Next::Verify,
            "riskverify" => Next::RiskVerify,
            "update" => Next::Update,
            "poll" => Next::Poll,
            "enroll" => Next::Enroll,
            _ => return Err(unknown("action", action)),
        })
    }

    /// The fault of a next step that does not belong here, in the server's word.
    pub(super) fn misplaced(&self) -> Error {
        match word(self.action.as_ref(), "action") {
            Ok(Some(action)) => unknown("action", action),
            _ => unknown("state", word_or_none(self.state.as_ref())),
        }
    }

    /// Where the reset begins. The document has the link under both names, beside the token.
    pub(super) fn reset_link(&self, authority: &Url) -> Result<Url, Error> {
        const RELATION: &str = "reset_password";
        let links = self.links.as_ref();
        let in_links = |name| links.and_then(|links| links.get(name));
        let link = self
            .reset_password
            .as_ref()
            .or(self.reset_password_in_camel_case.as_ref())
            .or_else(|| in_links(RELATION))
            .or_else(|| in_links("resetPassword"));
        links::target(authority, link, RELATION)?
            .ok_or_else(|| Fault::MissingField { field: RELATION }.into())
    }

    pub(super) fn link(
        &self,
        authority: &Url,
        relation: &'static str,
    ) -> Result<Option<Url>, Error> {
        let links = self.links.as_ref();
        let link = links.and_then(|links| links.get(relation));
        links::target(authority, link, relation)
    }

    pub(super) fn required_link(
        &self,
        authority: &Url,
        relation: &'static str,
    ) -> Result<Url, Error> {
        self.link(authority, relation)?
            .ok_or_else(|| Fault::MissingField { field: relation }.into())
    }

    pub(super) fn methods(&self, authority: &Url) -> Result<Vec<Offer>, Error> {
        methods::read(authority, self.embedded.as_ref())
    }

    /// Whether the challenge is for a second factor. Where nothing is said, it is for the first.
    pub(super) fn is_second_factor(&self) -> Result<bool, Error> {
        const FIELD: &str = "authenticationFactor";
        let context = self.challenge_context.as_ref();
        let factor = word(context.and_then(|context| context.get(FIELD)), FIELD)?;
        match factor {
            None => Ok(false),
            Some(factor) => match factor.as_str() {
                "singleFactor" => Ok(false),
                "multiFactor" => Ok(true),
                _ => Err(unknown(FIELD, factor)),
            },
        }
    }

    /// How the code came. A challenge that wants a password is none that can be answered here.
    pub(super) fn kind(&self) -> Result<Option<MethodKind>, Error> {
        if self.kind.is_none() {
            return Ok(None);
        }
        match methods::kind(self.kind.as_ref())? {
            Some(kind) => Ok(Some(kind)),
            None => Err(unknown("type", word_or_none(self.kind.as_ref()))),
        }
    }

    /// The fault of a challenge of another kind than this step can have.
    pub(super) fn misplaced_kind(&self) -> Error {
        match required(self.kind.as_ref(), "type") {
            Ok(kind) => unknown("type", kind),
            Err(error) => error,
        }
    }

    pub(super) fn hint(&self) -> Result<Option<PeerText>, Error> {
        word(self.hint.as_ref(), "hint")
    }

    /// The length of the code, where the server gave one that an input field can use.
    pub(super) fn code_length(&self) -> Option<u8> {
        let payload = self.payload.as_ref();
        let in_payload = payload.and_then(|payload| payload.get("codeLength"));
        code_length(self.code_length.as_ref().or(in_payload))
    }

    pub(super) fn correlation_id(&self) -> Option<PeerText> {
        let error = self.error.as_ref();
        let in_error = error.and_then(|error| error.get("correlationId"));
        let flat = self.correlation_id.as_ref();
        let id = in_error.or(flat).or(self.hal_correlation_id.as_ref());
        Some(word_or_none(id)).filter(|id| !id.is_empty())
    }

    /// The authorization code (RFC 6749, section 4.1.2), for the one request that redeems it.
    pub(super) fn take_code(&mut self) -> Result<Token, Error> {
        required_secret(&mut self.code, "code")
    }

    pub(super) fn take_access_token(&mut self) -> Result<Token, Error> {
        required_secret(&mut self.access_token, "access_token")
    }

    pub(super) fn take_refresh_token(&mut self) -> Result<Option<Token>, Error> {
        Ok(take_secret(&mut self.refresh_token, "refresh_token")?.map(Token::new))
    }

    pub(super) fn take_id_token(&mut self) -> Result<Option<Token>, Error> {
        Ok(take_secret(&mut self.id_token, "id_token")?.map(Token::new))
    }

    pub(super) fn scope(&self) -> Option<String> {
        let scope = self.scope.as_ref().and_then(Value::as_str);
        scope.map(|scope| PeerText::new(scope).to_string())
    }

    /// Seconds, where the server gave a usable number.
    pub(super) fn expires_in(&self) -> Option<Duration> {
        number(self.expires_in.as_ref()).map(Duration::from_secs)
    }

    fn has_token(&self) -> bool {
        let is_there = |token: &Option<Value>| {
            let text = token.as_ref().and_then(Value::as_str);
            text.is_some_and(|text| !text.trim().is_empty())
        };
        is_there(&self.hal_token) || is_there(&self.continuation_token)
    }

    fn refusal(&self) -> Result<Option<Refusal>, Error> {
        match &self.error {
            None => Ok(None),
            Some(error @ Value::Object(_)) => hal_refusal(error).map(Some),
            Some(_) => self.oauth_refusal().map(Some),
        }
    }

    fn oauth_refusal(&self) -> Result<Refusal, Error> {
        let codes = list(self.error_codes.as_ref()).iter();
        Ok(Refusal {
            server: ServerError {
                error: required(self.error.as_ref(), "error")?,
                suberror: word(self.suberror.as_ref(), "suberror")?,
                codes: codes.filter_map(Value::as_i64).take(LIST_LIMIT).collect(),
            },
            of_password: false,
        })
    }
}

fn hal_refusal(error: &Value) -> Result<Refusal, Error> {
    let inner = error.get("innerError");
    let details = list(inner.and_then(|inner| inner.get("details"))).iter();
    let names_password = |detail: &Value| {
        let ids = list(detail.get("attributeIds")).iter().take(LIST_LIMIT);
        ids.filter_map(Value::as_str).any(|id| id == "password")
    };
    Ok(Refusal {
        server: ServerError {
            error: required(error.get("code"), "error.code")?,
            suberror: word(inner.and_then(|inner| inner.get("code")), "innerError.code")?,
            codes: Vec::new(),
        },
        of_password: details.take(LIST_LIMIT).any(names_password),
    })
}

fn list(value: Option<&Value>) -> &[Value] {
    let list = value.and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}

fn required_secret(value: &mut Option<Value>, field: &'static str) -> Result<Token, Error> {
    take_secret(value, field)?
        .map(Token::new)
        .ok_or_else(|| Fault::MissingField { field }.into())
}

fn word_or_none(value: Option<&Value>) -> PeerText {
    let text = value.and_then(Value::as_str);
    text.map(PeerText::new).unwrap_or_default()
}

fn unknown(field: &'static str, word: PeerText) -> Error {
    Fault::UnknownWord { field, word }.into()
}
