//! Faults: at which request, after how many bytes, what.

use std::time::Duration;

use serde_json::Value;

use super::portal::{self, PortalError};

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
    /// `/` and `/n/passwordreset`, the portal's pages: opening one, and each form posted. Also the page that says that
    /// a session is gone.
    Portal,
    /// The picture of the portal's CAPTCHA.
    PortalPicture,
    /// V2: `/oauth2/v2.0/authorize-challenge`
    AuthorizeChallenge,
    /// V2: `/api/v2.0/resetpassword/start`
    V2Start,
    /// V2: `/api/v2.0/auth/methods/{type}/{id}/challenge`
    V2Challenge,
    /// V2: `/api/v2.0/auth/methods/{type}/{id}/riskverify`
    V2RiskVerify,
    /// V2: `/api/v2.0/auth/methods/{type}/{id}/resend`
    V2Resend,
    /// V2: `/api/v2.0/auth/methods/{type}/{id}/verify`
    V2Verify,
    /// V2: `/api/v2.0/auth/methods/password/{id}`
    V2Update,
    /// V2: `/api/v2.0/auth/methods/password/{id}/pollUpdate`
    V2Poll,
    /// V2: `/api/v2.0/auth/methods/{type}/enroll`, and `…/resend` for the same.
    V2Enroll,
    /// V2: `/api/v2.0/auth/methods/{type}/activate`
    V2Activate,
    /// `/oauth2/v2.0/authorize`, the sign-in page.
    Authorize,
    /// `/common/login`, where the sign-in page posts to.
    SignIn,
    /// `/common/SSPR/Begin`
    SsprBegin,
    /// `/common/SSPR/Poll`
    SsprPoll,
    /// `/common/SSPR/End`
    SsprEnd,
    /// `/ocsp/…` of the responder.
    Ocsp,
    /// `/crl/….crl` of the responder.
    Crl,
    /// `/ca/….cer` of the responder.
    Issuer,
    /// `/v2.0/.well-known/openid-configuration`
    Discovery,
    /// Any other path, of the tenant or of its responder.
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
    pub(super) nth: usize,
    pub(super) times: usize,
    pub(super) status: Option<u16>,
    pub(super) replacement: Option<Replacement>,
    pub(super) after_effect: bool,
    pub(super) portal: portal::Ordered,
    pub(super) hold: bool,
    pub(super) delay: Option<Duration>,
    pub(super) changes: Vec<Change>,
    pub(super) request_limit: Option<usize>,
    pub(super) cut: Option<Cut>,
    pub(super) pace: Pace,
}

/// How fast an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pace {
    #[default]
    AtOnce,
    /// Byte by byte, with this much time between two.
    Trickle(Duration),
    /// After the answer, chunks without end.
    Endless,
}

/// What is sent instead of the tenant's own answer.
#[derive(Clone, Debug)]
pub(super) enum Replacement {
    Page,
    Body(Vec<u8>),
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

/// What is done to an answer, own or replaced, in the order in which it was said.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Header(String, String),
    With(String, Value),
    Without(String),
    Duplicate(String),
    BrokenJson,
    Padded(usize),
    Chunked,
}

/// Where the answer ends and the connection with it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cut {
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
            portal: portal::Ordered::default(),
            hold: false,
            delay: None,
            changes: Vec::new(),
            request_limit: None,
            cut: None,
            pace: Pace::AtOnce,
        }
    }

    /// At the `n`-th request to the endpoint from now on; the first is 1.
    pub fn nth(mut self, n: usize) -> Self {
        self.nth = n.max(1);
        self
    }

    /// At this many requests in a row; at least 1.
    pub fn times(mut self, n: usize) -> Self {
        self.times = n.max(1);
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
        self.replacement = Some(Replacement::Body(body.into()));
        self
    }

    /// Writes exactly these bytes in place of a whole HTTP answer (at `Connect`: in place of TLS), then closes.
    pub fn raw(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.replacement = Some(Replacement::Raw(bytes.into()));
        self.cut.get_or_insert(Cut::AtTheEnd);
        self
    }

    /// Answers with an error body, status 400: in HAL behind the links of V2, flat elsewhere.
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.replacement = Some(Replacement::Error {
            error: error.into(),
            suberror: None,
            codes: Vec::new(),
        });
        self
    }

    /// Adds a `suberror` to the error; to `invalid_grant` if no other was ordered before.
    pub fn suberror(mut self, word: impl Into<String>) -> Self {
        if let Replacement::Error { suberror, .. } = self.error_mut() {
            *suberror = Some(word.into());
        }
        self
    }

    /// Adds one of the `error_codes` to the error; to `invalid_grant` if no other was ordered before.
    pub fn code(mut self, number: u64) -> Self {
        if let Replacement::Error { codes, .. } = self.error_mut() {
            codes.push(number);
        }
        self
    }

    /// Answers that the continuation token has expired.
    pub fn expired_token(self) -> Self {
        self.error("expired_token").code(552_003)
    }

    /// Answers with a redirect to the browser, as V1 has it. In V2 it is an error: `web_redirect_required`.
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

    /// Answers with status 302 and this `Location`.
    pub fn redirect_to(self, url: impl Into<String>) -> Self {
        self.status(302).header("Location", url)
    }

    /// Ends the visit to the portal with this error, whatever was posted; only at [`Endpoint::Portal`].
    ///
    /// One that comes from on-premises first lets a new password be looked at.
    pub fn portal_error(mut self, error: PortalError) -> Self {
        self.portal.error = Some(error);
        self
    }

    /// Lets the tenant act on the request although its answer is replaced.
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Keeps the answer back until [`Order::release`](super::Order::release). The tenant has already acted.
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

    /// Writes the answer byte by byte, with this much time between two.
    pub fn trickle(mut self, time: Duration) -> Self {
        self.pace = Pace::Trickle(time);
        self
    }

    /// Writes the body in chunks and never the last one: zero bytes follow until the client has had enough.
    pub fn endless(mut self) -> Self {
        self.pace = Pace::Endless;
        self.chunked()
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

    fn error_mut(&mut self) -> &mut Replacement {
        if !matches!(self.replacement, Some(Replacement::Error { .. })) {
            self.replacement = None;
        }
        self.replacement.get_or_insert_with(|| Replacement::Error {
            error: "invalid_grant".into(),
            suberror: None,
            codes: Vec::new(),
        })
    }
}
