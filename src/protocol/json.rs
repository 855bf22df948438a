//! What every answer in JSON has to be before a protocol looks at its fields, and how a field is read.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::status::{check_status, content_type};
use crate::error::{Error, Fault, PeerText};
use crate::exchange::Response;

/// Reads the object that a response holds, if its status and content type let it speak for the service at all.
pub(super) fn read_object<T: DeserializeOwned>(response: &Response) -> Result<T, Error> {
    let status = response.status;
    check_status(response)?;
    if !is_json(&response.headers) {
        return Err(Fault::UnexpectedContentType {
            status: status.as_u16(),
            content_type: content_type(&response.headers),
        }
        .into());
    }
    let body = response.body.as_ref();
    let unreadable = || Fault::Unreadable {
        status: status.as_u16(),
    };
    // serde would read an array as a struct, too.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(unreadable().into());
    }
    serde_json::from_slice(body)
        .map_err(|error| Error::new(unreadable()).with_source(position(&error)))
}

/// A text field, trimmed; an empty one counts as none.
pub(super) fn word(value: Option<&Value>, field: &'static str) -> Result<Option<PeerText>, Error> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(PeerText::new(text)).filter(|text| !text.is_empty())),
        _ => Err(Fault::InvalidField { field }.into()),
    }
}

#[cfg(any(feature = "native-v1", feature = "preview"))]
pub(super) fn required(value: Option<&Value>, field: &'static str) -> Result<PeerText, Error> {
    word(value, field)?.ok_or_else(|| Fault::MissingField { field }.into())
}

#[cfg(any(feature = "native-v1", feature = "preview"))]
pub(super) fn number(value: Option<&Value>) -> Option<u64> {
    value.and_then(Value::as_u64)
}

/// The length of a code, where the server gave one that an input field can use.
#[cfg(any(feature = "native-v1", feature = "preview"))]
pub(super) fn code_length(value: Option<&Value>) -> Option<u8> {
    number(value)
        .and_then(|length| u8::try_from(length).ok())
        .filter(|length| (1..=64).contains(length))
}

/// Takes the very buffer of a secret out of the answer, so that no copy is left to be wiped.
pub(super) fn take_secret(
    value: &mut Option<Value>,
    field: &'static str,
) -> Result<Option<String>, Error> {
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

/// The place of a JSON error without its words, which may quote the answer.
pub(super) fn position(error: &serde_json::Error) -> String {
    format!(
        "JSON error in line {} column {}",
        error.line(),
        error.column()
    )
}
