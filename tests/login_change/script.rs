//! A sign-in page without a network: an exchange that answers as the fact sheet has it, unless a test says otherwise, and
//! writes down what it was given.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use sspr::{
    Body, Effect, Exchange, ExchangeError, ExchangeFuture, Fault, LoginChange, Privacy, Request,
    ResetClient, Response, Sent,
};
use url::Url;

pub(crate) const ORIGIN: &str = "https://login.contoso.example";
pub(crate) const AUTHORITY: &str = "https://login.contoso.example/contoso.onmicrosoft.com";
pub(crate) const CLIENT_ID: &str = "11112222-bbbb-3333-cccc-4444dddd5555";

pub(crate) const OPEN: &str = "/contoso.onmicrosoft.com/oauth2/v2.0/authorize";
pub(crate) const LOGIN: &str = "/contoso.onmicrosoft.com/login";
pub(crate) const BEGIN: &str = "/common/SSPR/Begin";
pub(crate) const POLL: &str = "/common/SSPR/Poll";
pub(crate) const END: &str = "/common/SSPR/End";

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
    pub(crate) fn json(body: Value) -> Self {
        let content_type = "application/json; charset=utf-8".to_owned();
        let body = body.to_string().into_bytes();
        Self::Answer(200, vec![("content-type", content_type)], body)
    }

    /// A page with this `$Config`.
    pub(crate) fn page(config: Value) -> Self {
        Self::html(format!(
            "<!DOCTYPE html><html><head><script type=\"text/javascript\">//<![CDATA[\n\
             $Config={config};//]]></script></head><body></body></html>"
        ))
    }

    pub(crate) fn html(page: impl Into<Vec<u8>>) -> Self {
        let content_type = "text/html; charset=utf-8".to_owned();
        Self::Answer(200, vec![("content-type", content_type)], page.into())
    }

    pub(crate) fn redirect(url: &str) -> Self {
        Self::html("").status(302).with("location", url)
    }

    pub(crate) fn status(mut self, code: u16) -> Self {
        if let Self::Answer(status, ..) = &mut self {
            *status = code;
        }
        self
    }

    /// Adds a header field; of a content type there is only one.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.retain(|(present, _)| *present != name || name != "content-type");
            headers.push((name, value.into()));
        }
        self
    }
}

/// The sign-in page's server. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Script(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    ordered: HashMap<&'static str, VecDeque<Reply>>,
    always: HashMap<&'static str, Reply>,
    seen: Vec<Seen>,
}

impl Script {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A server whose next answer to a request for `path` is this.
    pub(crate) fn with(path: &'static str, reply: Reply) -> Self {
        let script = Self::new();
        script.order(path, reply);
        script
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
        let is_there = |seen: &Seen| seen.url.path() == path;
        self.seen().into_iter().filter(is_there).collect()
    }

    pub(crate) fn client(&self, privacy: Privacy) -> ResetClient {
        let protocol = LoginChange::new(AUTHORITY, CLIENT_ID).unwrap();
        let builder = ResetClient::builder(protocol).exchange(self.clone());
        builder.privacy(privacy).build().unwrap()
    }

    fn take(&self, request: Request) -> Reply {
        let seen = Seen {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: String::from_utf8(request.body.as_ref().to_vec()).unwrap(),
            effect: request.effect,
        };
        // Whatever a test does: nothing leaves for anywhere else.
        assert_eq!(seen.url.origin().ascii_serialization(), ORIGIN);
        let mut inner = self.0.lock().unwrap();
        inner.seen.push(seen.clone());
        let path = seen.url.path();
        let ordered = inner.ordered.get_mut(path).and_then(VecDeque::pop_front);
        if let Some(reply) = ordered.or_else(|| inner.always.get(path).cloned()) {
            return reply;
        }
        let state = state_of(&inner.seen);
        seen_in_the_field(path, &state)
    }

    /// What the sign-in brings back.
    pub(crate) fn state(&self) -> String {
        state_of(&self.0.lock().unwrap().seen)
    }
}

fn state_of(seen: &[Seen]) -> String {
    let mut pairs = seen[0].url.query_pairs();
    pairs.find(|(name, _)| name == "state").unwrap().1.into()
}

/// The answers of a change that succeeds after one poll that says so.
fn seen_in_the_field(path: &str, state: &str) -> Reply {
    match path {
        OPEN => Reply::page(sign_in_page()),
        LOGIN => Reply::page(change_page()),
        BEGIN => Reply::json(job(true)),
        POLL => Reply::json(job(false)),
        END => Reply::redirect(&signed_in_at(state)),
        other => panic!("no such path: {other}"),
    }
}

pub(crate) fn signed_in_at(state: &str) -> String {
    format!("{ORIGIN}/common/oauth2/nativeclient?code=hush-code&state={state}")
}

pub(crate) fn sign_in_page() -> Value {
    json!({
        "pgid": "ConvergedSignIn",
        "sFT": "flow-1",
        "sCtx": "ctx-1",
        "canary": "canary-1",
        "sessionId": "aaaabbbb-0000-cccc-1111-dddd2222eeee",
        "urlPost": LOGIN,
        "sErrTxt": "",
        "hpgid": 1104,
    })
}

pub(crate) fn change_page() -> Value {
    json!({
        "pgid": "ConvergedChangePassword",
        "sFT": "flow-2",
        "sCtx": "ctx-2",
        "canary": "canary-2",
        "sessionId": "aaaabbbb-0000-cccc-1111-dddd2222eeee",
        "urlPost": END,
        "urlAsyncSsprBegin": format!("{ORIGIN}{BEGIN}"),
        "urlAsyncSsprPoll": POLL,
        "hpgid": 1116,
    })
}

/// A sign-in page with an error code.
pub(crate) fn refused(code: impl Into<Value>) -> Value {
    let mut page = sign_in_page();
    page["sErrorCode"] = code.into();
    page["sErrTxt"] = json!("Something about adele@contoso.com.");
    page["sFT"] = json!("flow-again");
    page
}

pub(crate) fn job(is_pending: bool) -> Value {
    json!({
        "IsJobPending": is_pending,
        "Ctx": "ctx-3",
        "FlowToken": "flow-3",
        "CoupledDataCenter": "WEULR1",
        "CoupledScaleUnit": "unit-7",
    })
}

/// An answer of Begin or Poll that says why not.
pub(crate) fn error_message(text: &str) -> Value {
    let mut body = job(false);
    body["ErrorMessage"] = json!(text);
    body
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
                    let mut map = HeaderMap::new();
                    for (name, value) in headers {
                        map.append::<http::HeaderName>(name, value);
                    }
                    let status = StatusCode::from_u16(status).unwrap();
                    Ok(Response::new(status, map, Body::new(body)))
                }
                Reply::Lost(sent) => Err(ExchangeError::new(sent, Fault::Closed { host })),
            }
        })
    }
}
