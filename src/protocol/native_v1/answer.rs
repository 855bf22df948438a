//! Reading the answers: what is documented is checked, what is unknown is kept or passed over.

use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Fault, PeerText, ServerError};
use crate::exchange::Response;
use crate::protocol::json::{code_length, number, read_object, required, take_secret, word};
use crate::protocol::status::unexpected_status;
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
    let mut fields: Fields = read_object(response)?;
    if fields.error.is_some() {
        return Ok(Answered::Refused(fields.take_error()?, fields));
    }
    if response.status == StatusCode::OK {
        return Ok(Answered::Done(fields));
    }
    Err(unexpected_status(response))
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
        let is_redirect = word(self.challenge_type.as_ref(), "challenge_type")?
            .is_some_and(|word| word.as_str() == "redirect");
        Ok(if is_redirect {
            Some(word(self.redirect_reason.as_ref(), "redirect_reason")?)
        } else {
            None
        })
    }

    pub(super) fn challenge_type(&self) -> Result<PeerText, Error> {
        required(self.challenge_type.as_ref(), "challenge_type")
    }

    pub(super) fn challenge_channel(&self) -> Result<Option<PeerText>, Error> {
        word(self.challenge_channel.as_ref(), "challenge_channel")
    }

    pub(super) fn challenge_target_label(&self) -> Result<Option<PeerText>, Error> {
        word(
            self.challenge_target_label.as_ref(),
            "challenge_target_label",
        )
    }

    /// The length of the code, where the server gave one that an input field can use.
    pub(super) fn code_length(&self) -> Option<u8> {
        code_length(self.code_length.as_ref())
    }

    /// Seconds, where the server gave a usable number.
    pub(super) fn expires_in(&self) -> Option<Duration> {
        number(self.expires_in.as_ref()).map(Duration::from_secs)
    }

    /// Seconds as the server gave them; `None` for anything that is not a number of seconds.
    pub(super) fn poll_interval(&self) -> Option<u64> {
        number(self.poll_interval.as_ref())
    }

    pub(super) fn status(&self) -> Result<PeerText, Error> {
        required(self.status.as_ref(), "status")
    }

    pub(super) fn correlation_id(&self) -> Option<PeerText> {
        word(self.correlation_id.as_ref(), "correlation_id")
            .ok()
            .flatten()
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
            error: required(self.error.as_ref(), "error")?,
            suberror: word(self.suberror.as_ref(), "suberror")?,
            codes: codes.iter().filter_map(Value::as_i64).take(CODES).collect(),
        })
    }
}
