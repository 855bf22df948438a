//! The requests, field by field, as browsers were seen to send them.

use http::header::{ACCEPT, CONTENT_TYPE, ORIGIN, REFERER};
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

use super::Settings;
use super::flow::Change;
use super::job::Job;
use super::page::PageForm;
use crate::exchange::{Body, Effect, Request};
use crate::protocol::cookies::Cookies;
use crate::protocol::form::form;
use crate::protocol::object::object;
use crate::secret::{CurrentPassword, NewPassword, Username};

/// More than the known pages have, and far less than would hurt.
const PAGE_LIMIT: usize = 1 << 20;

/// More than any known answer of Begin and Poll has.
const JOB_LIMIT: usize = 256 * 1024;

/// The number of the page that wants another password, by which browsers name it.
const CHANGE_PAGE: HeaderValue = HeaderValue::from_static("1116");

/// Builds the requests of one attempt.
pub(super) struct Requests {
    correlation_id: String,
    origin: Option<HeaderValue>,
    pub(super) cookies: Cookies,
    /// The page that the person would see.
    referer: Option<HeaderValue>,
}

impl Requests {
    pub(super) fn new(settings: &Settings, correlation_id: String) -> Self {
        let origin = settings.authority.origin().ascii_serialization();
        Self {
            correlation_id,
            origin: HeaderValue::from_str(&origin).ok(),
            cookies: Cookies::default(),
            referer: None,
        }
    }

    /// What comes back with the sign-in's answer, so that nobody else's is taken for it.
    pub(super) fn state(&self) -> &str {
        &self.correlation_id
    }

    /// Asks for the sign-in page. The user name is left out: addresses are written to logs.
    pub(super) fn open(&mut self, settings: &Settings) -> Request {
        let mut url = settings.authorize.clone();
        url.query_pairs_mut()
            .append_pair("client_id", &settings.client_id)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", &settings.redirect_uri)
            .append_pair("scope", "openid")
            .append_pair("state", &self.correlation_id);
        let mut request = self.request(Method::GET, &url, Effect::None, Body::default());
        request
            .headers
            .insert(ACCEPT, HeaderValue::from_static("text/html"));
        request.response_limit = PAGE_LIMIT;
        self.seen_at(&url);
        request
    }

    pub(super) fn sign_in(
        &mut self,
        page: &PageForm,
        name: &Username,
        password: &CurrentPassword,
    ) -> Request {
        let fields = [
            ("login", name.expose_secret()),
            ("loginfmt", name.expose_secret()),
            ("passwd", password.expose_secret()),
            ("type", "11"),
            ("LoginOptions", "3"),
            ("ps", "2"),
            ("ctx", page.ctx.expose_secret()),
            ("flowToken", page.flow_token.expose_secret()),
            ("canary", page.canary.expose_secret()),
            ("hpgrequestid", session_id(page)),
        ];
        let request = self.post_form(&page.post, Effect::Counts, &fields);
        self.seen_at(&page.post);
        request
    }

    /// Begins the change. The tokens are the page's own, every time.
    pub(super) fn begin(
        &self,
        change: &Change,
        current: &CurrentPassword,
        new: &NewPassword,
    ) -> Request {
        let fields = [
            ("Ctx", change.page.ctx.expose_secret()),
            ("FlowToken", change.page.flow_token.expose_secret()),
            ("OldPassword", current.expose_secret()),
            ("NewPassword", new.expose_secret()),
        ];
        self.post_json(&change.begin, change, Effect::SetsPassword, &fields)
    }

    pub(super) fn poll(&self, change: &Change, job: &Job) -> Request {
        let fields = [
            ("Ctx", job.ctx.expose_secret()),
            ("FlowToken", job.flow_token.expose_secret()),
            ("CoupledDataCenter", job.data_center.as_str()),
            ("CoupledScaleUnit", job.scale_unit.as_str()),
        ];
        self.post_json(&change.poll, change, Effect::None, &fields)
    }

    /// Goes on with the sign-in after the job.
    pub(super) fn end(
        &self,
        change: &Change,
        job: &Job,
        current: &CurrentPassword,
        new: &NewPassword,
    ) -> Request {
        let fields = [
            ("currentpasswd", current.expose_secret()),
            ("newpasswd", new.expose_secret()),
            ("confirmnewpasswd", new.expose_secret()),
            ("ctx", job.ctx.expose_secret()),
            ("flowToken", job.flow_token.expose_secret()),
            ("canary", change.page.canary.expose_secret()),
            ("hpgrequestid", session_id(&change.page)),
        ];
        self.post_form(&change.page.post, Effect::SetsPassword, &fields)
    }

    fn post_form(&self, url: &Url, effect: Effect, fields: &[(&str, &str)]) -> Request {
        let body = form(fields.iter().copied());
        let mut request = self.request(Method::POST, url, effect, body);
        let headers = &mut request.headers;
        headers.insert(ACCEPT, HeaderValue::from_static("text/html"));
        let content_type = "application/x-www-form-urlencoded";
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.name_page(headers);
        request.response_limit = PAGE_LIMIT;
        request
    }

    fn post_json(
        &self,
        url: &Url,
        change: &Change,
        effect: Effect,
        fields: &[(&str, &str)],
    ) -> Request {
        let mut request = self.request(Method::POST, url, effect, object(fields));
        let headers = &mut request.headers;
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let content_type = "application/json; charset=UTF-8";
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert("hpgact", HeaderValue::from_static("2000"));
        headers.insert("hpgid", CHANGE_PAGE);
        if let Ok(id) = HeaderValue::from_str(session_id(&change.page)) {
            headers.insert("hpgrequestid", id);
        }
        self.name_page(headers);
        request.response_limit = JOB_LIMIT;
        request
    }

    fn request(&self, method: Method, url: &Url, effect: Effect, body: Body) -> Request {
        let mut request = Request::new(method, url.clone());
        if let Ok(id) = HeaderValue::from_str(&self.correlation_id) {
            request.headers.insert("client-request-id", id);
        }
        if let Some(cookies) = self.cookies.header(url) {
            request.headers.insert("cookie", cookies);
        }
        request.body = body;
        request.effect = effect;
        request
    }

    fn name_page(&self, headers: &mut HeaderMap) {
        headers.extend(self.origin.clone().map(|origin| (ORIGIN, origin)));
        headers.extend(self.referer.clone().map(|page| (REFERER, page)));
    }

    /// The page that comes next stands at this address.
    fn seen_at(&mut self, url: &Url) {
        self.referer = HeaderValue::from_str(url.as_str()).ok();
    }
}

fn session_id(page: &PageForm) -> &str {
    page.session_id.as_deref().unwrap_or_default()
}
