//! A tenant without a network: an exchange that answers as the fact sheet has it, unless a test says otherwise, and
//! writes down what it was given.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use sspr::{
    Body, Effect, Exchange, ExchangeError, ExchangeFuture, Fault, NativeV2, Privacy, Request,
    ResetClient, Response, Sent,
};
use url::Url;

pub(crate) const AUTHORITY: &str =
    "https://login.contoso.example/aaaabbbb-0000-cccc-1111-dddd2222eeee";
pub(crate) const TENANT: &str = "/aaaabbbb-0000-cccc-1111-dddd2222eeee";
pub(crate) const CLIENT_ID: &str = "11112222-bbbb-3333-cccc-4444dddd5555";

pub(crate) const ENTRY: &str = "/oauth2/v2.0/authorize-challenge";
pub(crate) const START: &str = "/api/v2.0/resetpassword/start";
pub(crate) const CHALLENGE: &str = "/api/v2.0/auth/methods/email/1/challenge";
pub(crate) const SMS_CHALLENGE: &str = "/api/v2.0/auth/methods/sms/2/challenge";
pub(crate) const RISK: &str = "/api/v2.0/auth/methods/sms/2/riskverify";
pub(crate) const RESEND: &str = "/api/v2.0/auth/methods/email/1/resend";
pub(crate) const VERIFY: &str = "/api/v2.0/auth/methods/email/1/verify";
pub(crate) const UPDATE: &str = "/api/v2.0/auth/methods/password/3";
pub(crate) const POLL: &str = "/api/v2.0/auth/methods/password/3/pollUpdate";
pub(crate) const TOKEN: &str = "/oauth2/v2.0/token";

/// A request as the exchange was given it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) effect: Effect,
}

/// What becomes of a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Answer(u16, Vec<(&'static str, String)>, Vec<u8>),
    Lost(Sent),
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self::body(status, body.to_string())
    }

    pub(crate) fn body(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let content_type = "application/hal+json; charset=utf-8".to_owned();
        Self::Answer(status, vec![("content-type", content_type)], body.into())
    }

    /// An error body of the API.
    pub(crate) fn hal(code: &str, inner: &str) -> Self {
        let mut error = json!({ "code": code, "message": "adele@contoso.com" });
        if !inner.is_empty() {
            error["innerError"] = json!({ "code": inner });
        }
        Self::json(400, json!({ "error": error }))
    }

    /// An error body of the OAuth endpoints.
    pub(crate) fn flat(error: &str, suberror: &str, codes: &[i64]) -> Self {
        let mut body = json!({ "error": error, "error_codes": codes });
        if !suberror.is_empty() {
            body["suberror"] = json!(suberror);
        }
        Self::json(400, body)
    }

    /// Sets a header field.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.retain(|(present, _)| *present != name);
            headers.push((name, value.into()));
        }
        self
    }
}

/// The tenant. Clones are the same tenant.
#[derive(Clone, Default)]
pub(crate) struct Script(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    ordered: HashMap<&'static str, VecDeque<Reply>>,
    always: HashMap<&'static str, Reply>,
    seen: Vec<Seen>,
    tokens: usize,
}

impl Script {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Orders a reply for the next request to `path` that has none.
    pub(crate) fn order(&self, path: &'static str, reply: Reply) {
        let mut inner = self.0.lock().unwrap();
        inner.ordered.entry(path).or_default().push_back(reply);
    }

    /// Gives this reply to every request to `path` that has no order of its own.
    pub(crate) fn always(&self, path: &'static str, reply: Reply) {
        self.0.lock().unwrap().always.insert(path, reply);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().seen.clone()
    }

    pub(crate) fn seen_at(&self, path: &str) -> Vec<Seen> {
        let is_there = |seen: &Seen| seen.url.path() == format!("{TENANT}{path}");
        self.seen().into_iter().filter(is_there).collect()
    }

    pub(crate) fn client(&self, privacy: Privacy) -> ResetClient {
        let protocol = NativeV2::new(AUTHORITY, CLIENT_ID).unwrap();
        self.client_of(protocol, privacy)
    }

    pub(crate) fn client_of(&self, protocol: NativeV2, privacy: Privacy) -> ResetClient {
        let builder = ResetClient::builder(protocol).exchange(self.clone());
        builder.privacy(privacy).build().unwrap()
    }

    fn take(&self, request: Request) -> Reply {
        let mut inner = self.0.lock().unwrap();
        let seen = Seen {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: String::from_utf8(request.body.as_ref().to_vec()).unwrap(),
            effect: request.effect,
        };
        inner.seen.push(seen.clone());
        let path = seen.url.path().strip_prefix(TENANT).unwrap_or_default();
        let ordered = inner.ordered.get_mut(path).and_then(VecDeque::pop_front);
        if let Some(reply) = ordered.or_else(|| inner.always.get(path).cloned()) {
            return reply;
        }
        inner.tokens += 1;
        documented(&seen, path, &format!("token-{}", inner.tokens))
    }
}

/// The successful answers.
fn documented(seen: &Seen, path: &str, token: &str) -> Reply {
    match path {
        ENTRY if seen.body.starts_with("continuation_token=") => {
            Reply::json(200, json!({ "code": "hush-code" }))
        }
        ENTRY => Reply::json(401, entry(token)),
        START => Reply::json(200, started(token, &[email()])),
        CHALLENGE | RESEND => Reply::json(200, challenged(token)),
        SMS_CHALLENGE => Reply::json(200, risk(token)),
        RISK => {
            let mut body = challenged(token);
            body["type"] = json!("sms");
            Reply::json(200, body)
        }
        VERIFY => Reply::json(200, verified(token)),
        UPDATE => Reply::json(200, polling(token)),
        POLL => Reply::json(
            200,
            json!({ "state": "continue", "continuationToken": token }),
        ),
        TOKEN => Reply::json(
            200,
            json!({
                "token_type": "Bearer",
                "scope": "openid",
                "expires_in": 4141,
                "access_token": "hush-access",
                "refresh_token": "hush-refresh",
                "id_token": "hush-id",
            }),
        ),
        other => panic!("no such path: {other}"),
    }
}

pub(crate) fn entry(token: &str) -> Value {
    json!({
        "error": "insufficient_authorization",
        "continuation_token": token,
        "reset_password": format!("{TENANT}{START}"),
        "sign_in": format!("{TENANT}/api/v2.0/signin/start"),
    })
}

pub(crate) fn started(token: &str, methods: &[Value]) -> Value {
    json!({
        "state": "interactionRequired",
        "action": "challenge",
        "scenario": "passwordReset",
        "challengeContext": { "authenticationFactor": "singleFactor" },
        "continuationToken": token,
        "_links": { "self": { "href": format!("{TENANT}{START}") } },
        "_embedded": { "methods": methods },
    })
}

pub(crate) fn email() -> Value {
    json!({
        "id": "1",
        "type": "email",
        "hint": "c***r@co**o**o.com",
        "_links": {
            "challenge": { "href": format!("{TENANT}{CHALLENGE}") },
            "verify": { "href": format!("{TENANT}{VERIFY}") },
        },
    })
}

pub(crate) fn sms() -> Value {
    json!({
        "id": "2",
        "type": "sms",
        "hint": "+1 *****00",
        "_links": { "challenge": { "href": format!("{TENANT}{SMS_CHALLENGE}") } },
    })
}

pub(crate) fn challenged(token: &str) -> Value {
    json!({
        "state": "interactionRequired",
        "action": "verify",
        "type": "email",
        "hint": "c***r@co**o**o.com",
        "codeLength": 8,
        "continuationToken": token,
        "_links": {
            "verify": { "href": format!("{TENANT}{VERIFY}") },
            "resend": { "href": format!("{TENANT}{RESEND}") },
        },
    })
}

pub(crate) fn risk(token: &str) -> Value {
    json!({
        "state": "interactionRequired",
        "action": "riskverify",
        "continuationToken": token,
        "_links": { "riskverify": { "href": format!("{TENANT}{RISK}") } },
    })
}

pub(crate) fn verified(token: &str) -> Value {
    json!({
        "state": "interactionRequired",
        "action": "update",
        "continuationToken": token,
        "_links": { "update": { "href": format!("{TENANT}{UPDATE}") } },
    })
}

/// Of an update, and of a poll that has to be repeated.
pub(crate) fn polling(token: &str) -> Value {
    json!({
        "state": "interactionRequired",
        "action": "poll",
        "continuationToken": token,
        "_links": { "poll": { "href": format!("{TENANT}{POLL}") } },
    })
}

impl Exchange for Script {
    fn exchange(&self, request: Request) -> ExchangeFuture<'_> {
        Box::pin(async move {
            let host = request.url.host_str().unwrap().to_owned();
            match self.take(request) {
                Reply::Answer(status, headers, body) => {
                    let headers = headers
                        .into_iter()
                        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
                    let status = StatusCode::from_u16(status).unwrap();
                    Ok(Response::new(status, headers.collect(), Body::new(body)))
                }
                Reply::Lost(sent) => Err(ExchangeError::new(sent, Fault::Closed { host })),
            }
        })
    }
}
