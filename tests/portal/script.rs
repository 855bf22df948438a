//! A portal without a network: an exchange that answers what a test orders, and writes down what it was given.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use sspr::protocol::portal::Profile;
use sspr::{
    Body, Effect, Exchange, ExchangeError, ExchangeFuture, Fault, Portal, Privacy, Request, Reset,
    ResetClient, Response, Sent,
};
use url::Url;

use crate::desk::user;

pub(crate) const ORIGIN: &str = "https://reset.contoso.example";

/// A request as the exchange was given it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) effect: Effect,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What becomes of a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Answer(u16, Vec<(&'static str, String)>, Vec<u8>),
    Lost(Sent),
}

impl Reply {
    pub(crate) fn page(html: impl Into<Vec<u8>>) -> Self {
        Self::of("text/html; charset=utf-8", html)
    }

    pub(crate) fn of(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self::Answer(200, headers, body.into())
    }

    /// A partial answer.
    pub(crate) fn delta(records: &[(&str, &str, &str)]) -> Self {
        let records = records.iter().map(|(kind, id, content)| {
            let units = content.encode_utf16().count();
            format!("{units}|{kind}|{id}|{content}|")
        });
        Self::of("text/plain; charset=utf-8", records.collect::<String>())
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::page("").status(302).with("location", to)
    }

    pub(crate) fn status(mut self, code: u16) -> Self {
        if let Self::Answer(status, ..) = &mut self {
            *status = code;
        }
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

/// The portal's server. Clones are the same one.
#[derive(Clone, Default)]
pub(crate) struct Script(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    ordered: VecDeque<Reply>,
    seen: Vec<Seen>,
}

impl Script {
    /// A server that gives these answers, one after the other.
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let script = Self::default();
        replies.into_iter().for_each(|reply| script.then(reply));
        script
    }

    pub(crate) fn then(&self, reply: Reply) {
        self.0.lock().unwrap().ordered.push_back(reply);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().seen.clone()
    }

    pub(crate) fn last(&self) -> Seen {
        self.seen().pop().unwrap()
    }

    /// How many requests there were, and that no answer was left over.
    pub(crate) fn count(&self) -> usize {
        let inner = self.0.lock().unwrap();
        assert!(inner.ordered.is_empty(), "{:?}", inner.ordered);
        inner.seen.len()
    }

    pub(crate) fn client(&self, profile: &Value, privacy: Privacy) -> ResetClient {
        let profile = Profile::from_json(&profile.to_string()).unwrap();
        let url = format!("{ORIGIN}/reset/").parse().unwrap();
        let portal = Portal::new(url, profile).unwrap();
        let builder = ResetClient::builder(portal).exchange(self.clone());
        builder.privacy(privacy).build().unwrap()
    }

    pub(crate) async fn start(&self, profile: &Value) -> Reset {
        let client = self.client(profile, Privacy::Tell);
        client.start(user()).await.unwrap()
    }
}

impl Exchange for Script {
    fn exchange(&self, request: Request) -> ExchangeFuture<'_> {
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
        let text = format!("{} {}", seen.method, seen.url);
        inner.seen.push(seen);
        let reply = inner.ordered.pop_front();
        let reply = reply.unwrap_or_else(|| panic!("nothing was ordered for {text}"));
        Box::pin(async move {
            match reply {
                Reply::Answer(status, fields, body) => {
                    let mut headers = HeaderMap::new();
                    for (name, value) in fields {
                        headers.append(name, value.parse().unwrap());
                    }
                    let status = StatusCode::from_u16(status).unwrap();
                    Ok(Response::new(status, headers, Body::new(body)))
                }
                Reply::Lost(sent) => {
                    let host = "reset.contoso.example".to_owned();
                    Err(ExchangeError::new(sent, Fault::Closed { host }))
                }
            }
        })
    }
}

/// A small portal: a user name, a code, a new password.
pub(crate) fn profile() -> Value {
    json!({
        "version": 1,
        "name": "small",
        "views": [
            {
                "name": "user", "when": { "has": ["user"] }, "after": ["start"],
                "refused": [{ "in": ".errorlist", "words": ["no such"], "means": "unknown-account" }],
                "means": { "identify": { "user": "user" } },
            },
            {
                "name": "code", "when": { "has": ["code"] }, "after": ["user", "waiting"],
                "refused": [{ "in": ".errorlist", "words": ["incorrect"], "means": "wrong-code" }],
                "means": { "code": { "code": "code", "resend": "again", "kind": "email" } },
            },
            {
                "name": "password", "when": { "has": ["new1"] }, "after": ["code"],
                "refused": [{ "in": ".errorlist", "words": ["too common"], "means": "password-banned" }],
                "means": { "new-password": { "password": "new1", "confirm": "new2" } },
            },
            {
                "name": "waiting", "when": { "shows": ["#please-wait"] }, "after": ["user", "password", "waiting"],
                "means": { "next": { "press": "go" } },
            },
            {
                "name": "done", "when": { "path": "/reset/done/" }, "after": "any",
                "means": { "end": { "outcome": "password-changed" } },
            },
        ],
    })
}

/// A form that is posted, with a token against forgery.
pub(crate) fn form(content: &str) -> String {
    form_to("", content)
}

pub(crate) fn form_to(action: &str, content: &str) -> String {
    format!(
        "<!DOCTYPE html><html><body><form method=post action='{action}'>\
         <input type=hidden name=token value=t1>{content}<button>Go on</button></form></body></html>"
    )
}

pub(crate) const USER_BOX: &str = "<input name=user>";
pub(crate) const CODE_BOX: &str =
    "<input name=code><button>Check</button><button name=again value=1>Send another</button>";
pub(crate) const PASSWORD_BOXES: &str =
    "<input type=password name=new1><input type=password name=new2>";
pub(crate) const DONE: &str = "<p>Your password has been set.</p>";
