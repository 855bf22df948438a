//! Reading the answers: what is documented is checked, what is unknown is kept or passed over.

use std::time::Duration;

use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::error::{Error, Fault, PeerText, ServerError};
use crate::exchange::Response;
use crate::secret::{ContinuationToken, Token};

/// The most numbers that are kept of `error_codes`.
const CODES: usize = 16;

/// The fields of any answer of the protocol. A field that occurs twice makes the answer unreadable.
#[derive(Deserialize)]
pub(super) struct Fields {
    continuation_token: Option<Value>,
    challenge_type: Option<Value>,
    challenge_channel: Option<Value>,
    challenge_target_label: Option<Value>,
    code_length: Option<Value>,
    expires_in: Option<Value>,
    poll_interval: Option<Value>,
    status: Option<Value>,
    redirect_reason: Option<Value>,
    error: Option<Value>,
    suberror: Option<Value>,
    error_codes: Option<Value>,
    correlation_id: Option<Value>,
    access_token: Option<Value>,
    refresh_token: Option<Value>,
    id_token: Option<Value>,
    scope: Option<Value>,
}

/// An answer as the flow sees it.
pub(super) enum Answered {
    /// The step was done, or leads on.
    Done(Fields),
    /// The server refused, in the documented form.
    Refused(ServerError, Fields),
}

/// Reads a response of any status.
pub(super) fn read(response: &Response) -> Result<Answered, Error> {
    let status = response.status;
    if status.is_redirection() {
        return Err(Fault::RedirectRefused {
            status: status.as_u16(),
            host: redirect_host(&response.headers),
        }
        .into());
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Fault::Throttled {
            retry_after: response.retry_after(),
        }
        .into());
    }
    if status.is_server_error() {
        let retry_after = response.retry_after();
        return Err(Fault::ServiceUnavailable {
            status: status.as_u16(),
            retry_after,
        }
        .into());
    }
    if !is_json(&response.headers) {
        let (status, content_type) = (
            status.as_u16(),
            header_text(&response.headers, CONTENT_TYPE),
        );
        return Err(Fault::UnexpectedContentType {
            status,
            content_type,
        }
        .into());
    }
    let body = response.body.as_ref();
    // serde would read an array as a struct, too.
    let is_object = body.trim_ascii_start().starts_with(b"{");
    let unreadable = || Fault::Unreadable {
        status: status.as_u16(),
    };
    let mut fields: Fields = if is_object {
        serde_json::from_slice(body)
            .map_err(|error| Error::new(unreadable()).with_source(json_position(&error)))?
    } else {
        return Err(unreadable().into());
    };
    if fields.error.is_some() {
        return Ok(Answered::Refused(fields.take_error()?, fields));
    }
    if status == StatusCode::OK {
        return Ok(Answered::Done(fields));
    }
    let content_type = header_text(&response.headers, CONTENT_TYPE);
    Err(Fault::UnexpectedStatus {
        status: status.as_u16(),
        content_type,
    }
    .into())
}

impl Fields {
    /// The newest token, if the answer brings one. An empty one counts as none.
    pub(super) fn take_token(&mut self) -> Result<Option<ContinuationToken>, Error> {
        Ok(
            take_secret(&mut self.continuation_token, "continuation_token")?
                .map(ContinuationToken::new),
        )
    }

    /// Whether the server leads to a browser, with its reason.
    pub(super) fn redirect(&self) -> Result<Option<Option<PeerText>>, Error> {
        let is_redirect = word(&self.challenge_type, "challenge_type")?
            .is_some_and(|word| word.as_str() == "redirect");
        Ok(if is_redirect {
            Some(word(&self.redirect_reason, "redirect_reason")?)
        } else {
            None
        })
    }

    pub(super) fn challenge_type(&self) -> Result<PeerText, Error> {
        required(&self.challenge_type, "challenge_type")
    }

    pub(super) fn challenge_channel(&self) -> Result<Option<PeerText>, Error> {
        word(&self.challenge_channel, "challenge_channel")
    }

    pub(super) fn challenge_target_label(&self) -> Result<Option<PeerText>, Error> {
        word(&self.challenge_target_label, "challenge_target_label")
    }

    /// The length of the code, where the server gave one that an input field can use.
    pub(super) fn code_length(&self) -> Option<u8> {
        number(&self.code_length)
            .and_then(|length| u8::try_from(length).ok())
            .filter(|length| (1..=64).contains(length))
    }

    /// Seconds, where the server gave a usable number.
    pub(super) fn expires_in(&self) -> Option<Duration> {
        number(&self.expires_in).map(Duration::from_secs)
    }

    /// Seconds as the server gave them; `None` for anything that is not a number of seconds.
    pub(super) fn poll_interval(&self) -> Option<u64> {
        number(&self.poll_interval)
    }

    pub(super) fn status(&self) -> Result<PeerText, Error> {
        required(&self.status, "status")
    }

    pub(super) fn correlation_id(&self) -> Option<PeerText> {
        word(&self.correlation_id, "correlation_id").ok().flatten()
    }

    pub(super) fn take_access_token(&mut self) -> Result<Token, Error> {
        take_secret(&mut self.access_token, "access_token")?
            .map(Token::new)
            .ok_or_else(|| {
                Fault::MissingField {
                    field: "access_token",
                }
                .into()
            })
    }

    pub(super) fn take_refresh_token(&mut self) -> Result<Option<Token>, Error> {
        Ok(take_secret(&mut self.refresh_token, "refresh_token")?.map(Token::new))
    }

    pub(super) fn take_id_token(&mut self) -> Result<Option<Token>, Error> {
        Ok(take_secret(&mut self.id_token, "id_token")?.map(Token::new))
    }

    pub(super) fn scope(&self) -> Option<String> {
        self.scope
            .as_ref()
            .and_then(Value::as_str)
            .map(|scope| PeerText::new(scope).to_string())
    }

    fn take_error(&mut self) -> Result<ServerError, Error> {
        let codes = self
            .error_codes
            .as_ref()
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        Ok(ServerError {
            error: required(&self.error, "error")?,
            suberror: word(&self.suberror, "suberror")?,
            codes: codes.iter().filter_map(Value::as_i64).take(CODES).collect(),
        })
    }
}

/// A text field, trimmed; an empty one counts as none.
fn word(value: &Option<Value>, field: &'static str) -> Result<Option<PeerText>, Error> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(PeerText::new(text)).filter(|text| !text.is_empty())),
        _ => Err(Fault::InvalidField { field }.into()),
    }
}

fn required(value: &Option<Value>, field: &'static str) -> Result<PeerText, Error> {
    word(value, field)?.ok_or_else(|| Fault::MissingField { field }.into())
}

fn number(value: &Option<Value>) -> Option<u64> {
    value.as_ref().and_then(Value::as_u64)
}

/// Takes the very buffer of a secret out of the answer, so that no copy is left to be wiped.
fn take_secret(value: &mut Option<Value>, field: &'static str) -> Result<Option<String>, Error> {
    match value.take() {
        None => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        _ => Err(Fault::InvalidField { field }.into()),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(text) = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") || {
        let essence = essence.to_ascii_lowercase();
        essence.starts_with("application/") && essence.ends_with("+json")
    }
}

fn header_text(headers: &HeaderMap, name: http::HeaderName) -> Option<PeerText> {
    headers
        .get(name)
        .map(|value| PeerText::new(&String::from_utf8_lossy(value.as_bytes())))
}

fn redirect_host(headers: &HeaderMap) -> Option<PeerText> {
    let url = Url::parse(headers.get(LOCATION)?.to_str().ok()?).ok()?;
    url.host_str().map(PeerText::new)
}

/// The place of a JSON error without its words, which may quote the answer.
fn json_position(error: &serde_json::Error) -> String {
    format!(
        "JSON error in line {} column {}",
        error.line(),
        error.column()
    )
}
