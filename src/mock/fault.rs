//! Faults to order: at which request, after how many bytes, what.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::http::Response;
use super::waiting::wait;

/// Where a fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// A TCP connection has been accepted; TLS has not begun.
    Connect,
    /// `/resetpassword/v1.0/start`
    Start,
    /// `/resetpassword/v1.0/challenge`
    Challenge,
    /// `/resetpassword/v1.0/continue`
    Continue,
    /// `/resetpassword/v1.0/submit`
    Submit,
    /// `/resetpassword/v1.0/poll_completion`
    Poll,
    /// `/oauth2/v2.0/token`
    Token,
    /// Any other path.
    Other,
}

/// Something that goes wrong once, or more often, at one endpoint.
///
/// What replaces the answer (`status`, `body`, `error`, `redirect`, `raw`) also keeps the tenant from acting on the
/// request, unless [`after_effect`](Self::after_effect) is given. Everything else lets the tenant act and spoils its
/// answer. Parts combine: an answer can be replaced, held, altered and cut, in this order.
///
/// At [`Endpoint::Connect`] only `nth`, `times`, `hold`, `delay`, `raw` and `close` have a meaning.
#[derive(Clone, Debug)]
#[must_use = "a fault has to be given to Tenant::order"]
pub struct Fault {
    pub(super) at: Endpoint,
    nth: usize,
    times: usize,
    status: Option<u16>,
    replacement: Option<Replacement>,
    after_effect: bool,
    hold: bool,
    delay: Option<Duration>,
    changes: Vec<Change>,
    pub(super) request_limit: Option<usize>,
    cut: Option<Cut>,
}

#[derive(Clone, Debug)]
enum Replacement {
    Page,
    Body {
        content_type: String,
        body: Vec<u8>,
    },
    Error {
        error: String,
        suberror: Option<String>,
        codes: Vec<u64>,
    },
    Redirect {
        reason: Option<String>,
    },
    Raw(Vec<u8>),
}

#[derive(Clone, Debug)]
enum Change {
    Header(String, String),
    With(String, Value),
    Without(String),
    Duplicate(String),
    BrokenJson,
    Padded(usize),
    Chunked,
}

#[derive(Clone, Copy, Debug)]
enum Cut {
    Response(usize),
    Body(usize),
    AtTheEnd,
}

impl Fault {
    /// A fault at the next request to `endpoint`.
    pub fn at(endpoint: Endpoint) -> Self {
        Self {
            at: endpoint,
            nth: 1,
            times: 1,
            status: None,
            replacement: None,
            after_effect: false,
            hold: false,
            delay: None,
            changes: Vec::new(),
            request_limit: None,
            cut: None,
        }
    }

    /// At the `n`-th request to the endpoint from now on; the first is 1.
    pub fn nth(mut self, n: usize) -> Self {
        self.nth = n.max(1);
        self
    }

    /// At this many requests in a row.
    pub fn times(mut self, n: usize) -> Self {
        self.times = n;
        self
    }

    /// At every request.
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    /// Answers with this status: with a page of HTML, as gateways do, unless another body is ordered.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self.replacement.get_or_insert(Replacement::Page);
        self
    }

    /// Adds a `Retry-After` header field: seconds, a date, or anything that is neither.
    pub fn retry_after(self, value: impl ToString) -> Self {
        self.header("Retry-After", value.to_string())
    }

    /// Sets a header field of the answer.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.changes.push(Change::Header(name.into(), value.into()));
        self
    }

    /// Sets the `Content-Type` of the answer.
    pub fn content_type(self, value: impl Into<String>) -> Self {
        self.header("Content-Type", value)
    }

    /// Answers with this body (status 200 and `application/json` unless ordered otherwise).
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.replacement = Some(Replacement::Body {
            content_type: "application/json".into(),
            body: body.into(),
        });
        self
    }

    /// Writes exactly these bytes in place of a whole HTTP answer (at `Connect`: in place of TLS), then closes.
    pub fn raw(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.replacement = Some(Replacement::Raw(bytes.into()));
        self.cut.get_or_insert(Cut::AtTheEnd);
        self
    }

    /// Answers with an error body, status 400.
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.replacement = Some(Replacement::Error {
            error: error.into(),
            suberror: None,
            codes: Vec::new(),
        });
        self
    }

    /// Adds a `suberror` to the ordered error.
    pub fn suberror(mut self, word: impl Into<String>) -> Self {
        if let Some(Replacement::Error { suberror, .. }) = &mut self.replacement {
            *suberror = Some(word.into());
        }
        self
    }

    /// Adds one of the `error_codes` to the ordered error.
    pub fn code(mut self, number: u64) -> Self {
        if let Some(Replacement::Error { codes, .. }) = &mut self.replacement {
            codes.push(number);
        }
        self
    }

    /// Answers that the continuation token has expired.
    pub fn expired_token(self) -> Self {
        self.error("expired_token").code(552_003)
    }

    /// Answers with a redirect to the browser.
    pub fn redirect(mut self) -> Self {
        self.replacement = Some(Replacement::Redirect { reason: None });
        self
    }

    /// Answers with a redirect to the browser that says why.
    pub fn redirect_because(mut self, reason: impl Into<String>) -> Self {
        self.replacement = Some(Replacement::Redirect {
            reason: Some(reason.into()),
        });
        self
    }

    /// Lets the tenant act on the request although its answer is replaced.
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Keeps the answer back until [`Order::release`]. The tenant has already acted.
    pub fn hold(mut self) -> Self {
        self.hold = true;
        self
    }

    /// Keeps the answer back for this long. The tenant has already acted.
    pub fn delay(mut self, time: Duration) -> Self {
        self.delay = Some(time);
        self
    }

    /// Sets a field of the JSON answer.
    pub fn with(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.changes.push(Change::With(field.into(), value.into()));
        self
    }

    /// Leaves a field of the JSON answer out.
    pub fn without(mut self, field: impl Into<String>) -> Self {
        self.changes.push(Change::Without(field.into()));
        self
    }

    /// Writes a field of the JSON answer twice.
    pub fn duplicate(mut self, field: impl Into<String>) -> Self {
        self.changes.push(Change::Duplicate(field.into()));
        self
    }

    /// Leaves the last character of the JSON answer out; the length fits.
    pub fn broken_json(mut self) -> Self {
        self.changes.push(Change::BrokenJson);
        self
    }

    /// Fills the body up with blanks to `length` bytes.
    pub fn padded_to(mut self, length: usize) -> Self {
        self.changes.push(Change::Padded(length));
        self
    }

    /// Writes the body in chunks instead of with a length.
    pub fn chunked(mut self) -> Self {
        self.changes.push(Change::Chunked);
        self
    }

    /// Closes after the first `n` bytes of the request, head included, and does not act on it.
    ///
    /// The tenant has to see the head to know the endpoint; only `n` bytes count as read and are recorded.
    /// As after every ordered close, there is no TLS goodbye.
    pub fn close_after_request_bytes(mut self, n: usize) -> Self {
        self.request_limit = Some(n);
        self
    }

    /// Closes after `n` bytes of the response, head included; 0 sends nothing. The tenant has acted.
    pub fn close_after_response_bytes(mut self, n: usize) -> Self {
        self.cut = Some(Cut::Response(n));
        self
    }

    /// Announces the whole body, sends its first `n` bytes, closes.
    pub fn truncate_body(mut self, n: usize) -> Self {
        self.cut = Some(Cut::Body(n));
        self
    }

    /// Closes after the answer without having announced it (at `Connect`: at once).
    pub fn close(mut self) -> Self {
        self.cut = Some(Cut::AtTheEnd);
        self
    }

    /// Whether the tenant acts on the request.
    pub(super) fn lets_act(&self) -> bool {
        self.replacement.is_none() || self.after_effect
    }

    /// Whether the bytes to send are given.
    pub(super) fn is_raw(&self) -> bool {
        matches!(self.replacement, Some(Replacement::Raw(_)))
    }

    /// The answer to send, given the tenant's own. `error_body` fills in what every error carries.
    pub(super) fn spoil(
        &self,
        own: Option<Response>,
        error_body: impl FnOnce(&str, Option<&str>, &[u64]) -> Value,
    ) -> Answer {
        let mut response = match &self.replacement {
            Some(Replacement::Raw(bytes)) => {
                return Answer {
                    bytes: bytes.clone(),
                    close: true,
                };
            }
            Some(Replacement::Page) | None => own
                .filter(|_| self.replacement.is_none())
                .unwrap_or_else(|| Response::page(self.status.unwrap_or(500), "Ordered fault")),
            Some(Replacement::Body { content_type, body }) => {
                Response::new(200, content_type, body.clone())
            }
            Some(Replacement::Error {
                error,
                suberror,
                codes,
            }) => Response::json(400, &error_body(error, suberror.as_deref(), codes)),
            Some(Replacement::Redirect { reason }) => {
                let mut body = json!({ "challenge_type": "redirect" });
                if let Some(reason) = reason {
                    body["redirect_reason"] = json!(reason);
                }
                Response::json(200, &body)
            }
        };
        if let Some(status) = self.status {
            response.status = status;
        }
        for change in &self.changes {
            change.apply(&mut response);
        }
        let mut bytes = response.to_bytes();
        match self.cut {
            Some(Cut::Response(n)) => bytes.truncate(n),
            Some(Cut::Body(n)) => bytes.truncate(response.head().len() + n),
            Some(Cut::AtTheEnd) | None => {}
        }
        Answer {
            bytes,
            close: self.cut.is_some(),
        }
    }
}

/// The bytes that go out, and whether the connection ends after them.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) bytes: Vec<u8>,
    pub(super) close: bool,
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

/// A fault that has been ordered.
///
/// Dropping the handle does not take the order back.
#[derive(Clone, Debug)]
pub struct Order {
    reached: watch::Sender<usize>,
    released: watch::Sender<bool>,
}

impl Order {
    fn new() -> Self {
        Self {
            reached: watch::Sender::new(0),
            released: watch::Sender::new(false),
        }
    }

    /// How often the fault has happened.
    pub fn hits(&self) -> usize {
        *self.reached.borrow()
    }

    /// Waits until the fault has happened at least once. With [`Fault::hold`]: until the answer is being kept back.
    pub async fn reached(&self) {
        // The sender is alive as long as `self` is, so waiting cannot fail.
        let _ = self.reached.subscribe().wait_for(|&hits| hits > 0).await;
    }

    /// The same for tests without a runtime: blocks, and says whether it happened within `limit`.
    pub fn reached_within(&self, limit: Duration) -> bool {
        wait(self.reached(), limit).is_some()
    }

    /// Lets every answer go that [`Fault::hold`] keeps back, now and later.
    pub fn release(&self) {
        self.released.send_replace(true);
    }
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Pending>);

#[derive(Debug)]
struct Pending {
    fault: Fault,
    seen: usize,
    fired: usize,
    order: Order,
}

/// A fault whose time has come.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) fault: Fault,
    order: Order,
}

impl Faults {
    pub(super) fn order(&mut self, fault: Fault) -> Order {
        let order = Order::new();
        self.0.push(Pending {
            fault,
            seen: 0,
            fired: 0,
            order: order.clone(),
        });
        order
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts a request to `endpoint` in every order and returns the first that is due.
    ///
    /// Of two orders for the same request, the later one waits for the next request.
    pub(super) fn due(&mut self, endpoint: Endpoint) -> Option<Due> {
        let mut due = None;
        for pending in self
            .0
            .iter_mut()
            .filter(|pending| pending.fault.at == endpoint)
        {
            pending.seen += 1;
            if due.is_none() && pending.seen >= pending.fault.nth {
                pending.fired += 1;
                due = Some(Due {
                    fault: pending.fault.clone(),
                    order: pending.order.clone(),
                });
            }
        }
        self.0.retain(|pending| pending.fired < pending.fault.times);
        due
    }
}

impl Due {
    /// Tells the order that it has happened, and keeps the answer back as ordered.
    pub(super) async fn happen(&self) {
        self.order.reached.send_modify(|hits| *hits += 1);
        if let Some(time) = self.fault.delay {
            tokio::time::sleep(time).await;
        }
        if self.fault.hold {
            // As in `reached`.
            let _ = self
                .order
                .released
                .subscribe()
                .wait_for(|&released| released)
                .await;
        }
    }
}
