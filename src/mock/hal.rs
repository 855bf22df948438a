//! What the API of native authentication V2 has of its own: HAL bodies, links, and an error body.

use serde_json::{Map, Value, json};

use super::http::Response;
use super::refusal::{Ids, Refusal};
use super::state::State;
use super::traffic::Request;

/// The JSON object of a request.
#[derive(Debug)]
pub(super) struct Body(Map<String, Value>);

impl Body {
    pub(super) fn read(request: &Request) -> Result<Self, Refusal> {
        let object = serde_json::from_slice(&request.body);
        let refuse = |_| Refusal::new("invalid_request", 90_100, "The body is no JSON object.");
        object.map(Self).map_err(refuse)
    }

    /// The text of a field that has to be there and not empty.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        let text = self.0.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
            .ok_or_else(|| Refusal::missing(name))
    }
}

pub(super) fn link(href: &str) -> Value {
    json!({ "href": href })
}

pub(super) fn response(body: &Value) -> Response {
    Response::new(
        200,
        "application/hal+json; charset=utf-8",
        body.to_string().into_bytes(),
    )
}

/// An error body in the form of the API. What leads to a browser is flat, as the vendor's client reads it.
pub(super) fn refuse(refusal: &Refusal, state: &State, ids: &Ids) -> Response {
    let mut response = refusal.response(state, ids);
    if refusal.suberror.as_deref() == Some("web_redirect_required") {
        return response;
    }
    let mut error = json!({
        "code": in_camel_case(&refusal.error),
        "message": refusal.description,
        "timestamp": state.timestamp(),
        "traceId": ids.trace,
        "correlationId": ids.correlation,
    });
    if let Some(inner) = &refusal.suberror {
        error["innerError"] = json!({ "code": in_camel_case(inner) });
    }
    let mut body = json!({ "error": error });
    if let Some(token) = &refusal.continuation_token {
        body["continuationToken"] = json!(token);
    }
    response.body = body.to_string().into_bytes();
    response
}

/// `password_too_weak` as `passwordTooWeak`: what is known of this API's words differs from V1's in that.
fn in_camel_case(word: &str) -> String {
    let mut words = word.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |whole, word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        whole + &first.map(String::from).unwrap_or_default() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_together() {
        assert_eq!(in_camel_case("password_too_weak"), "passwordTooWeak");
        assert_eq!(in_camel_case("invalidOneTimeCode"), "invalidOneTimeCode");
        assert_eq!(in_camel_case("_"), "");
    }
}
