//! What a fault makes of an answer.

use serde_json::{Map, Value, json};

use super::fault::{Change, Cut, Fault, Replacement};
use super::http::Response;
use super::refusal::Refusal;

/// The bytes that go out, and whether the connection ends after them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) bytes: Vec<u8>,
    pub(super) close: bool,
}

impl Fault {
    /// Whether the tenant acts on the request.
    pub(super) fn lets_act(&self) -> bool {
        self.request_limit.is_none() && (self.replacement.is_none() || self.after_effect)
    }

    /// What is written in place of TLS before the connection is closed; nothing if it goes on.
    pub(super) fn instead_of_tls(&self) -> Option<&[u8]> {
        match (&self.replacement, self.cut, self.request_limit) {
            (Some(Replacement::Raw(bytes)), ..) => Some(bytes),
            (_, Some(_), _) | (_, _, Some(_)) => Some(&[]),
            _ => None,
        }
    }

    /// The answer to send, given the tenant's own. `error` puts an ordered error into its usual form.
    pub(super) fn spoil(
        &self,
        own: Option<Response>,
        error: impl FnOnce(Refusal) -> Response,
    ) -> Answer {
        if let Some(Replacement::Raw(bytes)) = &self.replacement {
            return Answer {
                bytes: bytes.clone(),
                close: true,
            };
        }
        let mut response = self
            .replace(error)
            .or(own)
            .unwrap_or_else(|| Response::page(500));
        for change in &self.changes {
            change.apply(&mut response);
        }
        let mut bytes = response.to_bytes();
        match self.cut {
            Some(Cut::Response(n)) => bytes.truncate(n),
            Some(Cut::Body(n)) => bytes.truncate(response.head().len().saturating_add(n)),
            Some(Cut::AtTheEnd) | None => {}
        }
        Answer {
            bytes,
            close: self.cut.is_some(),
        }
    }

    fn replace(&self, error: impl FnOnce(Refusal) -> Response) -> Option<Response> {
        let mut response = match self.replacement.as_ref()? {
            Replacement::Page | Replacement::Raw(_) => Response::page(self.status.unwrap_or(500)),
            Replacement::Body(body) => Response::new(200, "application/json", body.clone()),
            Replacement::Error {
                error: word,
                suberror,
                codes,
            } => error(Refusal::ordered(word, suberror.as_deref(), codes)),
            Replacement::Redirect { reason: None } => {
                Response::json(200, &json!({ "challenge_type": "redirect" }))
            }
            Replacement::Redirect {
                reason: Some(reason),
            } => {
                let body = json!({ "challenge_type": "redirect", "redirect_reason": reason });
                Response::json(200, &body)
            }
        };
        response.status = self.status.unwrap_or(response.status);
        Some(response)
    }
}

impl Change {
    fn apply(&self, response: &mut Response) {
        match self {
            Self::Header(name, value) => response.set_header(name, value),
            Self::With(field, value) => edit(response, |object| {
                object.insert(field.clone(), value.clone());
            }),
            Self::Without(field) => edit(response, |object| {
                object.remove(field);
            }),
            Self::Duplicate(field) => duplicate(response, field),
            Self::BrokenJson => {
                response.body.pop();
            }
            Self::Padded(length) => {
                let length = response.body.len().max(*length);
                response.body.resize(length, b' ');
            }
            Self::Chunked => response.chunked = true,
        }
    }
}

fn edit(response: &mut Response, change: impl FnOnce(&mut Map<String, Value>)) {
    if let Ok(mut object) = serde_json::from_slice(&response.body) {
        change(&mut object);
        response.body = Value::Object(object).to_string().into_bytes();
    }
}

fn duplicate(response: &mut Response, field: &str) {
    let Ok(object) = serde_json::from_slice::<Map<String, Value>>(&response.body) else {
        return;
    };
    let value = object.get(field).unwrap_or(&Value::Null);
    let again = format!("{}:{value},", Value::from(field));
    response.body.splice(1..1, again.into_bytes());
}
