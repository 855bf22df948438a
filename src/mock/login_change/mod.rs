//! The change of an expired password at sign-in: pages with a `$Config`, and Begin, Poll, End.
//!
//! No document describes it. Seen in public programs are the keys of the page, the fields of the requests, those of the
//! answers of Begin and Poll, and the name of the page that wants another password. Labelled *invented* is the rest.

mod page;

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::SystemTime;

use serde_json::{Value, json};
use url::form_urlencoded;

use self::page::{change_page, error_page, sign_in_page, signed_in};
use super::fault::Endpoint;
use super::http::Response;
use super::polling::Poll;
use super::state::State;
use super::traffic::Request;
use super::{audit, random};

/// The name of the cookie, *invented*: that there are cookies, and that they are needed, was seen.
const COOKIE: &str = "MockSession";

/// Behind the tenant's segment: the endpoints of both versions, which are documented.
const AUTHORIZE_PATHS: [&str; 2] = ["/oauth2/v2.0/authorize", "/oauth2/authorize"];
const SIGN_IN_PATH: &str = "/common/login";
const BEGIN_PATH: &str = "/common/SSPR/Begin";
const POLL_PATH: &str = "/common/SSPR/Poll";
const END_PATH: &str = "/common/SSPR/End";

/// Sign-ins under way, by their cookie.
#[derive(Debug, Default)]
pub(super) struct SignIns(HashMap<String, SignIn>);

/// One sign-in in one browser.
#[derive(Clone, Debug)]
struct SignIn {
    redirect_uri: String,
    state: String,
    /// What the newest page holds.
    page: Tokens,
    canary: String,
    /// Who signed in and has to choose another password.
    user: Option<String>,
    job: Option<Job>,
    expires: SystemTime,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Tokens {
    ctx: String,
    flow_token: String,
}

/// A change under way.
#[derive(Clone, Debug)]
struct Job {
    tokens: Tokens,
    password: String,
    data_center: String,
    scale_unit: String,
    polls: VecDeque<Poll>,
    is_done: bool,
}

impl Tokens {
    fn draw() -> Self {
        Self {
            ctx: random::token(),
            flow_token: random::token(),
        }
    }
}

/// What a request names by its path, if it belongs to a sign-in.
pub(super) fn endpoint(target: &str) -> Option<Endpoint> {
    let path = target.split('?').next().unwrap_or_default();
    // A public client puts the page's paths behind another slash, and is in use.
    let after = path.strip_prefix('/');
    let path = after.filter(|after| after.starts_with('/')).unwrap_or(path);
    Some(match path {
        SIGN_IN_PATH => Endpoint::SignIn,
        BEGIN_PATH => Endpoint::SsprBegin,
        POLL_PATH => Endpoint::SsprPoll,
        END_PATH => Endpoint::SsprEnd,
        _ if AUTHORIZE_PATHS.iter().any(|end| path.ends_with(end)) => Endpoint::Authorize,
        _ => return None,
    })
}

/// Acts on a request and answers it.
pub(super) fn answer(
    state: &mut State,
    endpoint: Endpoint,
    request: &Request,
    ip: IpAddr,
) -> Response {
    let (method, media_type) = match endpoint {
        Endpoint::Authorize => ("GET", None),
        Endpoint::SsprBegin | Endpoint::SsprPoll => ("POST", Some("application/json")),
        _ => ("POST", Some("application/x-www-form-urlencoded")),
    };
    if request.method != method {
        let mut response = Response::page(405);
        response.set_header("Allow", method);
        return response;
    }
    if media_type.is_some_and(|media_type| !request.is_of_type(media_type)) {
        // A public client ends with JSON, and takes only a page for success.
        return match endpoint {
            Endpoint::SsprEnd => error_page(900_144),
            _ => Response::page(415),
        };
    }
    let mut call = Call { state, request, ip };
    let mut response = match endpoint {
        Endpoint::Authorize => call.open(),
        Endpoint::SignIn => call.sign_in(),
        Endpoint::SsprBegin => call.begin(),
        Endpoint::SsprPoll => call.poll(),
        _ => call.end(),
    };
    response.set_header("x-ms-request-id", &random::guid());
    response
}

/// One request while it is answered.
struct Call<'a> {
    state: &'a mut State,
    request: &'a Request,
    ip: IpAddr,
}

// The pages.
impl Call<'_> {
    fn open(&mut self) -> Response {
        let query = self.request.target.split_once('?');
        let query = query.map(|(_, query)| query).unwrap_or_default();
        let value = |wanted: &str| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        if value("client_id").as_deref() != Some(&self.state.settings.client_id) {
            return error_page(700_016);
        }
        let id = random::token();
        let sign_in = SignIn {
            redirect_uri: value("redirect_uri").unwrap_or_default(),
            state: value("state").unwrap_or_default(),
            page: Tokens::draw(),
            canary: random::token(),
            user: None,
            job: None,
            expires: self.state.clock.now() + self.state.settings.token_lifetime,
        };
        let mut response = sign_in_page(&sign_in, None);
        let cookie = format!("{COOKIE}={id}; path=/; secure; HttpOnly; SameSite=None");
        response.set_header("Set-Cookie", &cookie);
        self.state.sign_ins.0.insert(id, sign_in);
        response
    }

    fn sign_in(&mut self) -> Response {
        let Some((id, mut sign_in)) = self.session() else {
            return error_page(50_133);
        };
        let value = |name: &str| self.request.parameter(name).unwrap_or_default();
        if !self.is_from(&sign_in.page, "ctx", "flowToken") || value("canary") != sign_in.canary {
            return error_page(50_133);
        }
        sign_in.page = Tokens::draw();
        sign_in.canary = random::token();
        let response = match self.judge(&value("login"), &value("passwd")) {
            Err(code) => sign_in_page(&sign_in, Some(code)),
            Ok((name, true)) => {
                sign_in.user = Some(name);
                change_page(&sign_in)
            }
            Ok((_, false)) => signed_in(&sign_in),
        };
        self.state.sign_ins.0.insert(id, sign_in);
        response
    }

    /// Who it is, and whether the password has to be changed; or the code of the refusal, of which the meanings are
    /// documented. Which comes first is *invented*.
    fn judge(&self, login: &str, password: &str) -> Result<(String, bool), u32> {
        let user = self.state.users.find(login).ok_or(50_034_u32)?;
        let present = user.password.as_deref().ok_or(50_056_u32)?;
        if user.locked {
            return Err(50_053);
        }
        if present != password {
            return Err(50_126);
        }
        match user.sign_in_error {
            Some(code) => Err(code),
            None => Ok((user.name.clone(), user.password_expired)),
        }
    }

    /// Goes on with the sign-in once the job is done. That it then leads to the application, if no second factor is asked
    /// for, was seen; what it answers otherwise is *invented*.
    fn end(&mut self) -> Response {
        let Some((id, sign_in)) = self.session() else {
            return error_page(50_133);
        };
        let value = |name: &str| self.request.parameter(name).unwrap_or_default();
        let Some(job) = sign_in.job.clone().filter(|job| job.is_done) else {
            return change_page(&sign_in);
        };
        let is_genuine = self.is_from(&job.tokens, "ctx", "flowToken")
            && value("canary") == sign_in.canary
            && value("newpasswd") == job.password
            && value("confirmnewpasswd") == job.password
            && !value("currentpasswd").is_empty();
        if !is_genuine {
            return error_page(50_133);
        }
        self.state.sign_ins.0.remove(&id);
        let user = sign_in.user.as_deref().unwrap_or_default();
        match self
            .state
            .users
            .find(user)
            .and_then(|user| user.second_factor_code())
        {
            Some(code) => error_page(code),
            None => signed_in(&sign_in),
        }
    }
}

// The job.
impl Call<'_> {
    fn begin(&mut self) -> Response {
        let body = self.body();
        let Some((id, mut sign_in)) = self.session() else {
            return refused(&Job::none(), "Your session has ended.");
        };
        let Some(name) = sign_in
            .user
            .clone()
            .filter(|_| is_from(&body, &sign_in.page))
        else {
            return refused(&Job::none(), "Your session has ended.");
        };
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let (old, new) = (text("OldPassword"), text("NewPassword"));
        let present = self
            .state
            .users
            .find(&name)
            .and_then(|user| user.password.clone());
        if present.as_deref() != Some(&old) {
            return self.refuse(&name, 120_000);
        }
        if let Err(word) = self.state.settings.policy.judge(&new, present.as_deref()) {
            return self.refuse(&name, change_code(word));
        }
        let job = Job::new(new, self.state.settings.polls.clone().into());
        if will_succeed(&job.polls) {
            self.change(&name, &job.password);
        }
        let response = Response::json(200, &job.answer(true));
        sign_in.job = Some(job);
        self.state.sign_ins.0.insert(id, sign_in);
        response
    }

    fn poll(&mut self) -> Response {
        let body = self.body();
        let Some((id, mut sign_in)) = self.session() else {
            return refused(&Job::none(), "Your session has ended.");
        };
        let is_from_job = |job: &Job| {
            is_from(&body, &job.tokens)
                && body["CoupledDataCenter"] == job.data_center.as_str()
                && body["CoupledScaleUnit"] == job.scale_unit.as_str()
        };
        let Some(job) = sign_in.job.as_mut().filter(|job| is_from_job(job)) else {
            return refused(&Job::none(), "Your session has ended.");
        };
        job.tokens = Tokens::draw();
        let response = match job.polls.front().cloned() {
            Some(Poll::Never) => Response::json(200, &job.answer(true)),
            Some(Poll::NotStarted | Poll::InProgress) => {
                job.polls.pop_front();
                Response::json(200, &job.answer(true))
            }
            Some(Poll::Word(word)) => {
                let mut answer = job.answer(true);
                answer["IsJobPending"] = json!(word);
                Response::json(200, &answer)
            }
            Some(Poll::Failed) => refused(job, &message(120_020)),
            Some(Poll::Refused(word)) => refused(job, &message(change_code(&word))),
            Some(Poll::Succeeded | Poll::SucceededWithoutToken) | None => {
                job.is_done = true;
                Response::json(200, &job.answer(false))
            }
        };
        self.state.sign_ins.0.insert(id, sign_in);
        response
    }

    /// *Invented*: the change takes effect when it is begun, if the polls to come will report success.
    fn change(&mut self, name: &str, password: &str) {
        if let Some(user) = self.state.users.find_mut(name) {
            user.password = Some(password.to_owned());
            user.password_expired = false;
            user.changes += 1;
        }
        self.record(name, true, "Successfully changed password.");
    }

    fn refuse(&mut self, name: &str, code: u32) -> Response {
        self.record(name, false, &message(code));
        refused(&Job::none(), &message(code))
    }

    fn record(&mut self, name: &str, success: bool, detail: &str) {
        let client_type = "Sign-in page";
        self.state
            .record(audit::CHANGE, name, self.ip, client_type, success, detail);
    }

    fn body(&self) -> Value {
        serde_json::from_slice(&self.request.body).unwrap_or_default()
    }
}

// The session.
impl Call<'_> {
    /// The sign-in of the cookie that came with the request, while it lasts.
    fn session(&self) -> Option<(String, SignIn)> {
        let fields = self.request.headers.iter();
        let id = fields
            .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"))
            .flat_map(|(_, value)| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE)?
            .1;
        let sign_in = self.state.sign_ins.0.get(id)?;
        let is_alive = self.state.clock.now() < sign_in.expires;
        is_alive.then(|| (id.to_owned(), sign_in.clone()))
    }

    /// Whether a form gives back what a page or a job handed out.
    fn is_from(&self, tokens: &Tokens, ctx: &str, flow_token: &str) -> bool {
        let value = |name: &str| self.request.parameter(name);
        value(ctx).as_ref() == Some(&tokens.ctx)
            && value(flow_token).as_ref() == Some(&tokens.flow_token)
    }
}

impl Job {
    fn new(password: String, polls: VecDeque<Poll>) -> Self {
        Self {
            tokens: Tokens::draw(),
            password,
            data_center: "MOCK1".to_owned(),
            scale_unit: random::digits(4),
            polls,
            is_done: false,
        }
    }

    /// What answers name where nothing was begun.
    fn none() -> Self {
        Self::new(String::new(), VecDeque::new())
    }

    fn answer(&self, is_pending: bool) -> Value {
        json!({
            "IsJobPending": is_pending,
            "Ctx": self.tokens.ctx,
            "FlowToken": self.tokens.flow_token,
            "CoupledDataCenter": self.data_center,
            "CoupledScaleUnit": self.scale_unit,
        })
    }
}

/// Whether a body gives back what a page or a job handed out.
fn is_from(body: &Value, tokens: &Tokens) -> bool {
    body["Ctx"] == tokens.ctx.as_str() && body["FlowToken"] == tokens.flow_token.as_str()
}

fn will_succeed(polls: &VecDeque<Poll>) -> bool {
    let mut decided = polls
        .iter()
        .filter(|poll| !matches!(poll, Poll::NotStarted | Poll::InProgress));
    decided.next().is_none_or(Poll::is_success)
}

/// Public clients want the other fields in every answer, also in those that refuse.
fn refused(job: &Job, text: &str) -> Response {
    let mut body = job.answer(false);
    body["ErrorMessage"] = json!(text);
    Response::json(200, &body)
}

/// That refusals come as text was seen; that the text begins with a code is *invented*.
fn message(code: u32) -> String {
    format!("AADSTS{code}: The password was not changed.")
}

/// The documented codes are named, but no source says which rule gives which: *invented*.
fn change_code(word: &str) -> u32 {
    match word {
        "password_banned" => 120_018,
        "password_recently_used" | "password_is_invalid" => 120_004,
        _ => 120_002,
    }
}
