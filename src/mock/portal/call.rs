//! One request to the portal while it is answered.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use super::super::http::Response;
use super::super::state::State;
use super::super::traffic::Request;
use super::super::users::User;
use super::super::{audit, random};
use super::captcha::Captcha;
use super::error::PortalError;
use super::fields::{Button, EVENT_VALIDATION, Fields, PAGE_CHECK, VIEW_NAME, VIEW_STATE};
use super::language::Language;
use super::limits::Limit;
use super::page::{self, Stray};
use super::place::{self, Place, cookie};
use super::session::{End, Session, Step};
use super::{text, view};

const SESSION_COOKIE: &str = "SessionId";
const LANGUAGE_COOKIE: &str = "DisplayCulture";

/// Acts on a request and answers it. `ordered` ends the visit, whatever was asked.
pub(in crate::mock) fn answer(
    state: &mut State,
    request: &Request,
    ip: IpAddr,
    ordered: Option<PortalError>,
) -> Response {
    let mut call = Call {
        now: state.clock.now(),
        place: Place::of(request),
        state,
        ip,
    };
    match (request.path(), request.method.as_str()) {
        (place::PICTURE, "GET") => call.picture(request),
        (place::PICTURE, _) => not_allowed("GET"),
        (_, "GET") => call.open(request, ordered),
        (_, "POST") => call.post(request, ordered),
        _ => not_allowed("GET, POST"),
    }
}

fn not_allowed(methods: &str) -> Response {
    let mut response = Response::page(405);
    response.set_header("Allow", methods);
    response
}

pub(super) struct Call<'a> {
    pub(super) state: &'a mut State,
    pub(super) now: SystemTime,
    pub(super) place: Place,
    ip: IpAddr,
}

impl Call<'_> {
    /// A page that is opened is a new visit, whatever cookie came with it.
    fn open(&mut self, request: &Request, ordered: Option<PortalError>) -> Response {
        let policy = &self.state.portal.policy;
        let step = Step::UserId {
            typed: self.place.user.clone().unwrap_or_default(),
            captcha: policy.captcha.then(Captcha::draw_lots),
        };
        let language = self.language(request);
        let mut session = self.state.portal.sessions.begin(language, step, self.now);
        if let Some(error) = ordered {
            self.refuse(&mut session, error);
        }
        self.show(session, None)
    }

    fn post(&mut self, request: &Request, ordered: Option<PortalError>) -> Response {
        if !is_form(request) {
            return Response::page(415);
        }
        if !is_from_here(request) {
            return self.stray(request, Stray::Forged);
        }
        let Some(id) = cookie(request, SESSION_COOKIE) else {
            return self.stray(request, Stray::NoCookie);
        };
        let Some(mut session) = self.state.portal.sessions.take(id, self.now) else {
            return self.stray(request, Stray::Expired);
        };
        let fields = Fields::read(request);
        let genuine = fields.get(VIEW_STATE) == session.view_state
            && fields.get(EVENT_VALIDATION) == session.event_validation;
        if !genuine {
            self.state.portal.sessions.put(session, self.now);
            return self.stray(request, Stray::Forged);
        }
        session.note = None;
        let current = fields.control(PAGE_CHECK) == session.page
            && fields.control(VIEW_NAME) == view::name(&session);
        match (ordered, fields.button()) {
            (Some(error), Some(Button::Finish)) if current && error.is_about_writeback() => {
                self.finish(&mut session, &fields, ordered);
            }
            (Some(error), _) => self.refuse(&mut session, error),
            (None, _) if !current => session.object(text::PAGE_IS_OLD),
            (None, Some(button)) => self.press(&mut session, button, &fields),
            (None, None) => {}
        }
        session.page = random::guid();
        self.show(session, Some(id))
    }

    /// What is not on the page has no effect.
    fn press(&mut self, session: &mut Session, button: Button, fields: &Fields) {
        match (&session.step, button) {
            (
                Step::End(End::Refused(_) | End::Throttled { .. }) | Step::Choose,
                Button::Contact,
            ) => {
                self.progress(session.name(), true, "Contacted the administrator");
                session.end(End::Contacted);
            }
            (Step::End(_), _) => {}
            (_, Button::Cancel) => self.cancel(session),
            (Step::UserId { .. }, _) => self.identify(session, button, fields),
            (Step::ResetOrUnlock, _) => self.choose_goal(session, button, fields),
            (Step::Choose, _) => self.choose_method(session, button, fields),
            (Step::Prove(..), _) => self.prove(session, button, fields),
            (Step::NewPassword, Button::Finish) => self.finish(session, fields, None),
            (Step::NewPassword, _) => {}
        }
    }

    fn cancel(&mut self, session: &mut Session) {
        let detail = match session.step {
            Step::NewPassword => "Cancelled before submitting the new password",
            _ => "Cancelled before passing the required methods",
        };
        if session.person.is_some() {
            self.progress(session.name(), false, detail);
        }
        session.end(End::Cancelled);
    }

    /// The picture of the session's own page, and of no other.
    fn picture(&self, request: &Request) -> Response {
        let sessions = &self.state.portal.sessions;
        let id = request.target.split_once("?id=").map(|(_, id)| id);
        let png = cookie(request, SESSION_COOKIE)
            .and_then(|cookie| sessions.peek(cookie, self.now))
            .and_then(Session::captcha)
            .filter(|captcha| id == Some(&captcha.id))
            .map(Captcha::png);
        png.map_or_else(
            || Response::page(404),
            |png| Response::new(200, "image/png", png),
        )
    }

    /// Writes the page of a session, and its cookie if the browser knows it by another one.
    fn show(&mut self, session: Session, known_as: Option<&str>) -> Response {
        let user = self.state.users.find(session.name());
        let policy = &self.state.portal.policy;
        let view = view::of(&session, user, policy, &self.place);
        let mut response = page::write(&session, &view, &self.place);
        if let Step::End(End::Throttled { until }) = session.step {
            let left = until.duration_since(self.now).unwrap_or_default();
            response.status = 429;
            response.set_header("Retry-After", &left.as_secs().to_string());
        }
        if known_as != Some(&session.id) {
            for (name, value) in [
                (SESSION_COOKIE, session.id.as_str()),
                (LANGUAGE_COOKIE, session.language.tag()),
                ("CookiesSupportedCookie", "1"),
            ] {
                let cookie = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax");
                response.headers.push(("Set-Cookie".to_owned(), cookie));
            }
        }
        self.state.portal.sessions.put(session, self.now);
        response
    }

    fn stray(&self, request: &Request, why: Stray) -> Response {
        page::write_stray(why, self.language(request), &self.place)
    }

    fn language(&self, request: &Request) -> Language {
        Language::choose(
            self.place.language.as_deref(),
            cookie(request, LANGUAGE_COOKIE),
            request.header("accept-language"),
        )
    }

    /// The person of a session; users are replaced, never removed.
    pub(super) fn user(&self, session: &Session) -> Option<User> {
        self.state.users.find(session.name()).cloned()
    }

    pub(super) fn refuse(&mut self, session: &mut Session, error: PortalError) {
        let changed = error == PortalError::OnPremisesSuccessCloudFailure;
        self.record(audit::RESET, session.name(), changed, error.outcome());
        session.end(End::Refused(error));
    }

    /// Counts an attempt. False if it was one too many, and then the visit is over.
    pub(super) fn may(&mut self, session: &mut Session, limit: Limit) -> bool {
        let limits = &mut self.state.portal.limits;
        let counted = limits.attempt(limit, session.name(), self.now);
        if let Err(left) = counted {
            self.block(session, left);
        }
        counted.is_ok()
    }

    pub(super) fn block(&mut self, session: &mut Session, left: Duration) {
        let detail = "More than the allowed attempts, blocked for 24 hours";
        self.record(audit::BLOCKED, session.name(), false, detail);
        session.end(End::Throttled {
            until: self.now + left,
        });
    }

    pub(super) fn progress(&mut self, user: &str, success: bool, detail: &str) {
        self.record(audit::PROGRESS, user, success, detail);
    }

    pub(super) fn record(
        &mut self,
        activity: &'static str,
        user: &str,
        success: bool,
        detail: &str,
    ) {
        let client_type = self.place.client_type;
        self.state
            .record(activity, user, self.ip, client_type, success, detail);
    }
}

fn is_form(request: &Request) -> bool {
    let media_type = request
        .header("content-type")
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    media_type
        .trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// *Invented*: an `Origin`, where one is sent, has to be the portal's own.
fn is_from_here(request: &Request) -> bool {
    let host = request.header("host").unwrap_or_default();
    request.header("origin").is_none_or(|origin| {
        origin
            .strip_prefix("https://")
            .is_some_and(|origin| origin.eq_ignore_ascii_case(host))
    })
}
