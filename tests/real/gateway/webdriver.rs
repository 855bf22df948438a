//! A session of W3C WebDriver, as far as the tests need it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// What an element is called in JSON (WebDriver, section 12.2).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A window of a browser. Every command fails by panic, except for [`open`](Self::open).
pub(crate) struct Session {
    client: Client<HttpConnector, Full<Bytes>>,
    /// Where its commands go.
    base: String,
}

impl Session {
    /// Asks the driver at `port` for a browser.
    pub(crate) async fn begin(port: u16, capabilities: Value) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        let mut session = Self {
            client,
            base: format!("http://127.0.0.1:{port}/session"),
        };
        let capabilities = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let begun = session.must(Method::POST, "", capabilities).await;
        session.base += "/";
        session.base += begun["sessionId"].as_str().unwrap();
        session
    }

    pub(crate) async fn end(self) {
        self.must(Method::DELETE, "", Value::Null).await;
    }

    /// Opens a page and waits until it is there.
    ///
    /// # Errors
    /// What the browser says if it shows a page of its own instead.
    pub(crate) async fn open(&self, url: &str) -> Result<(), String> {
        let opened = self.command(Method::POST, "/url", json!({ "url": url }));
        opened.await.map(drop)
    }

    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let keys = json!({ "text": text });
        self.act(css, "value", keys).await;
    }

    pub(crate) async fn click(&self, css: &str) {
        self.act(css, "click", json!({})).await;
    }

    /// The text of an element as a person sees it.
    pub(crate) async fn text(&self, css: &str) -> String {
        self.ask(css, "text").await
    }

    pub(crate) async fn property(&self, css: &str, name: &str) -> String {
        self.ask(css, &format!("property/{name}")).await
    }

    /// A picture of the page, PNG.
    pub(crate) async fn picture(&self) -> Vec<u8> {
        let picture = self.must(Method::GET, "/screenshot", Value::Null).await;
        STANDARD.decode(picture.as_str().unwrap()).unwrap()
    }

    /// What else the driver of Chromium can do: a command of its DevTools protocol.
    pub(crate) async fn devtools(&self, command: &str) -> Value {
        let command = json!({ "cmd": command, "params": {} });
        self.must(Method::POST, "/goog/cdp/execute", command).await
    }

    async fn act(&self, css: &str, what: &str, how: Value) {
        let element = self.find(css).await;
        self.must(Method::POST, &format!("{element}/{what}"), how)
            .await;
    }

    async fn ask(&self, css: &str, what: &str) -> String {
        let element = self.find(css).await;
        let path = format!("{element}/{what}");
        let answer = self.must(Method::GET, &path, Value::Null).await;
        answer.as_str().unwrap().to_owned()
    }

    /// The path of an element, for which the driver waits as long as it was told.
    pub(crate) async fn find(&self, css: &str) -> String {
        let using = json!({ "using": "css selector", "value": css });
        let found = self.must(Method::POST, "/element", using).await;
        format!("/element/{}", found[ELEMENT].as_str().unwrap())
    }

    async fn must(&self, method: Method, path: &str, body: Value) -> Value {
        let answer = self.command(method, path, body.clone()).await;
        answer.unwrap_or_else(|error| panic!("{path} {body}: {error}"))
    }

    async fn command(&self, method: Method, path: &str, body: Value) -> Result<Value, String> {
        let body = match body {
            Value::Null => Bytes::new(),
            body => body.to_string().into(),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .unwrap();
        let response = self.client.request(request).await.unwrap();
        let is_good = response.status().is_success();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let mut answer: Value = serde_json::from_slice(&body).unwrap();
        match is_good {
            true => Ok(answer["value"].take()),
            false => Err(answer["value"]["message"].to_string()),
        }
    }
}
