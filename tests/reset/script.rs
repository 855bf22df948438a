//! A tenant without a network: an exchange that answers as the reference documents it, unless a test says otherwise,
//! and writes down what it was given.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use sspr::{
    Body, Effect, Exchange, ExchangeError, ExchangeFuture, Fault, NativeV1, Request, ResetClient,
    ResetClientBuilder, Response, Sent,
};
use tokio::sync::watch;
use url::Url;

pub(crate) const AUTHORITY: &str = "https://contoso.ciamlogin.com/contoso.onmicrosoft.com";
pub(crate) const CLIENT_ID: &str = "11112222-bbbb-3333-cccc-4444dddd5555";

pub(crate) const START: &str = "/resetpassword/v1.0/start";
pub(crate) const CHALLENGE: &str = "/resetpassword/v1.0/challenge";
pub(crate) const CONTINUE: &str = "/resetpassword/v1.0/continue";
pub(crate) const SUBMIT: &str = "/resetpassword/v1.0/submit";
pub(crate) const POLL: &str = "/resetpassword/v1.0/poll_completion";
pub(crate) const TOKEN: &str = "/oauth2/v2.0/token";

/// A request as the exchange was given it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) effect: Effect,
    /// What became of it.
    pub(crate) reply: Reply,
}

impl Seen {
    /// The form, field by field.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body)
            .into_owned()
            .collect()
    }

    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let fields = self.form();
        fields
            .into_iter()
            .find_map(|(field, value)| (field == name).then_some(value))
    }
}

/// What becomes of a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Answer(u16, Vec<(&'static str, String)>, Vec<u8>),
    Lost(Sent),
    /// Kept back until the gate opens.
    Held(Gate, Box<Reply>),
    Panic,
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self::body(status, body.to_string())
    }

    pub(crate) fn body(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let content_type = ("content-type", "application/json; charset=utf-8".to_owned());
        Self::Answer(status, vec![content_type], body.into())
    }

    pub(crate) fn page(status: u16) -> Self {
        Self::body(status, "<html></html>").with("content-type", "text/html")
    }

    pub(crate) fn error(error: &str) -> Self {
        Self::json(400, json!({ "error": error, "error_codes": [] }))
    }

    pub(crate) fn suberror(error: &str, suberror: &str) -> Self {
        Self::json(
            400,
            json!({ "error": error, "suberror": suberror, "error_codes": [] }),
        )
    }

    pub(crate) fn code(error: &str, code: i64) -> Self {
        Self::json(400, json!({ "error": error, "error_codes": [code] }))
    }

    pub(crate) fn redirect() -> Self {
        let body = json!({ "challenge_type": "redirect", "redirect_reason": "policy says so" });
        Self::json(200, body)
    }

    /// Sets a header field.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.retain(|(present, _)| *present != name);
            headers.push((name, value.into()));
        }
        self
    }

    /// Takes a header field away.
    pub(crate) fn without(mut self, name: &str) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.retain(|(present, _)| *present != name);
        }
        self
    }
}

/// Keeps a reply back, and tells when the request has arrived.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    arrived: watch::Sender<bool>,
    open: watch::Sender<bool>,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self {
            arrived: watch::Sender::new(false),
            open: watch::Sender::new(false),
        }
    }

    pub(crate) fn hold(&self, reply: Reply) -> Reply {
        Reply::Held(self.clone(), Box::new(reply))
    }

    pub(crate) async fn arrived(&self) {
        self.arrived.subscribe().wait_for(|is| *is).await.unwrap();
    }

    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }
}

/// The tenant. Clones are the same tenant.
#[derive(Clone, Default)]
pub(crate) struct Script(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    /// What was ordered, by the end of the path.
    ordered: HashMap<&'static str, VecDeque<Reply>>,
    /// What is said where nothing else is ordered.
    always: HashMap<&'static str, Reply>,
    seen: Vec<Seen>,
    tokens: usize,
    /// How often an exchange gives way before it answers.
    pauses: usize,
    under_way: usize,
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

    /// Lets every exchange give way so often before it answers.
    pub(crate) fn pausing(self, pauses: usize) -> Self {
        self.0.lock().unwrap().pauses = pauses;
        self
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().seen.clone()
    }

    pub(crate) fn seen_at(&self, path: &str) -> Vec<Seen> {
        let is_there = |seen: &Seen| seen.url.path().ends_with(path);
        self.seen().into_iter().filter(is_there).collect()
    }

    pub(crate) fn count(&self, path: &str) -> usize {
        self.seen_at(path).len()
    }

    /// How many exchanges have begun and not ended.
    pub(crate) fn under_way(&self) -> usize {
        self.0.lock().unwrap().under_way
    }

    pub(crate) fn builder(&self) -> ResetClientBuilder {
        let protocol = NativeV1::new(AUTHORITY, CLIENT_ID).unwrap();
        ResetClient::builder(protocol).exchange(self.clone())
    }

    pub(crate) fn client(&self) -> ResetClient {
        self.builder().build().unwrap()
    }

    fn take(&self, request: Request) -> (Reply, usize) {
        let mut inner = self.0.lock().unwrap();
        let path = request.url.path().to_owned();
        let ordered = inner
            .ordered
            .iter_mut()
            .find_map(|(end, replies)| path.ends_with(end).then(|| replies.pop_front()).flatten());
        let always = inner.always.iter();
        let mut always = always.filter(|(end, _)| path.ends_with(*end));
        let ordered = ordered.or_else(|| always.next().map(|(_, reply)| reply.clone()));
        let reply = ordered.unwrap_or_else(|| {
            inner.tokens += 1;
            documented(&path, &format!("token-{}", inner.tokens))
        });
        inner.seen.push(Seen {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: request.body.as_ref().to_vec(),
            effect: request.effect,
            reply: reply.clone(),
        });
        (reply, inner.pauses)
    }
}

/// The successful answers of the reference, by the fact sheet.
fn documented(path: &str, token: &str) -> Reply {
    let body = match path.strip_prefix("/contoso.onmicrosoft.com").unwrap() {
        START => json!({ "continuation_token": token }),
        CHALLENGE => json!({
            "continuation_token": token,
            "challenge_type": "oob",
            "binding_method": "prompt",
            "challenge_channel": "email",
            "challenge_target_label": "c***r@co**o**o.com",
            "code_length": 8,
        }),
        CONTINUE => json!({ "continuation_token": token, "expires_in": 600 }),
        SUBMIT => json!({ "continuation_token": token, "poll_interval": 2 }),
        POLL => json!({ "continuation_token": token, "status": "succeeded" }),
        TOKEN => json!({
            "token_type": "Bearer",
            "scope": "openid profile",
            "expires_in": 4141,
            "access_token": "hush-access",
            "refresh_token": "hush-refresh",
            "id_token": "hush-id",
        }),
        other => panic!("no such endpoint: {other}"),
    };
    Reply::json(200, body)
}

impl Exchange for Script {
    fn exchange(&self, request: Request) -> ExchangeFuture<'_> {
        Box::pin(async move {
            let host = request.url.host_str().unwrap().to_owned();
            let (mut reply, pauses) = self.take(request);
            let _under_way = UnderWay::new(self);
            for _ in 0..pauses {
                tokio::task::yield_now().await;
            }
            if let Reply::Held(gate, kept) = reply {
                gate.arrived.send_replace(true);
                gate.open.subscribe().wait_for(|is| *is).await.unwrap();
                reply = *kept;
            }
            match reply {
                Reply::Answer(status, headers, body) => {
                    let headers = headers
                        .into_iter()
                        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
                    let status = StatusCode::from_u16(status).unwrap();
                    Ok(Response::new(status, headers.collect(), Body::new(body)))
                }
                Reply::Lost(sent) => Err(ExchangeError::new(sent, Fault::Closed { host })),
                Reply::Panic => panic!("the exchange was told to panic"),
                Reply::Held(..) => panic!("held twice"),
            }
        })
    }
}

struct UnderWay<'a>(&'a Script);

impl<'a> UnderWay<'a> {
    fn new(script: &'a Script) -> Self {
        script.0.lock().unwrap().under_way += 1;
        Self(script)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().under_way -= 1;
    }
}
