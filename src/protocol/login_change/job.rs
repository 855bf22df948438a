//! The job that changes a password: what Begin and Poll answer.

use serde::Deserialize;
use serde_json::Value;

use super::page::token;
use super::sign_in_result::SignInResult;
use crate::error::{Error, Fault, PeerText, ServerError};
use crate::exchange::Response;
use crate::protocol::json::read_object;
use crate::protocol::status::unexpected_status;
use crate::secret::ContinuationToken;

/// The longest name of a data centre that is handed back.
const NAME_LIMIT: usize = 256;

/// A job under way: the newest of what it wants to be given back.
pub(super) struct Job {
    pub(super) ctx: ContinuationToken,
    pub(super) flow_token: ContinuationToken,
    pub(super) data_center: String,
    pub(super) scale_unit: String,
}

/// What the server says of the job.
pub(super) enum Progress {
    Pending,
    /// It has ended, and nothing was said against it.
    Done,
    Refused(Refusal),
}

/// A refusal: with a code where its text holds one, otherwise in the server's words.
pub(super) struct Refusal {
    pub(super) code: Option<SignInResult>,
    pub(super) words: String,
}

impl Refusal {
    pub(super) fn server_error(&self) -> ServerError {
        ServerError {
            error: PeerText::new(&self.words),
            ..ServerError::default()
        }
    }
}

/// An answer of Begin or Poll. No public source reads any other field.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct JobAnswer {
    is_job_pending: Option<Value>,
    ctx: Option<Value>,
    flow_token: Option<Value>,
    coupled_data_center: Option<Value>,
    coupled_scale_unit: Option<Value>,
    error_message: Option<Value>,
}

impl JobAnswer {
    pub(super) fn read(response: &Response) -> Result<Self, Error> {
        let answer: Self = read_object(response)?;
        match response.status.is_success() || answer.error_message.is_some() {
            true => Ok(answer),
            false => Err(unexpected_status(response)),
        }
    }

    /// What it says. A text about an error counts before everything else, pending or not.
    pub(super) fn progress(&self) -> Result<Progress, Error> {
        match &self.error_message {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) if text.is_empty() => {}
            Some(Value::String(text)) => {
                return Ok(Progress::Refused(Refusal {
                    code: SignInResult::in_text(text).or_else(|| bare_code(text)),
                    words: text.clone(),
                }));
            }
            Some(_) => return invalid("ErrorMessage"),
        }
        match self.is_job_pending {
            Some(Value::Bool(true)) => Ok(Progress::Pending),
            Some(Value::Bool(false)) => Ok(Progress::Done),
            None | Some(Value::Null) => Err(Fault::MissingField {
                field: "IsJobPending",
            }
            .into()),
            Some(_) => invalid("IsJobPending"),
        }
    }

    /// Takes over what is new.
    pub(super) fn update(&mut self, job: &mut Job) -> Result<(), Error> {
        if self.ctx.as_ref().is_some_and(|value| !value.is_null()) {
            job.ctx = token(&mut self.ctx, "Ctx")?;
        }
        if self
            .flow_token
            .as_ref()
            .is_some_and(|value| !value.is_null())
        {
            job.flow_token = token(&mut self.flow_token, "FlowToken")?;
        }
        take_name(
            &mut job.data_center,
            &mut self.coupled_data_center,
            "CoupledDataCenter",
        )?;
        take_name(
            &mut job.scale_unit,
            &mut self.coupled_scale_unit,
            "CoupledScaleUnit",
        )
    }
}

/// The number of a change of password that is all of a text.
fn bare_code(text: &str) -> Option<SignInResult> {
    Some(SignInResult::new(text)).filter(|result| result.change_code().is_some())
}

fn take_name(
    name: &mut String,
    value: &mut Option<Value>,
    field: &'static str,
) -> Result<(), Error> {
    match value.take() {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(text)) if text.len() <= NAME_LIMIT => {
            *name = text;
            Ok(())
        }
        Some(_) => invalid(field),
    }
}

fn invalid<T>(field: &'static str) -> Result<T, Error> {
    Err(Fault::InvalidField { field }.into())
}
