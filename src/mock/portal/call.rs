//! One request to the portal while it is answered.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use super::super::audit;
use super::super::http::Response;
use super::super::state::State;
use super::super::traffic::Request;
use super::super::users::User;
use super::captcha::Captcha;
use super::delta::Delta;
use super::error::PortalError;
use super::fields::{Button, Fields};
use super::language::Language;
use super::limits::Limit;
use super::ordered::{Ordered, PortalFault};
use super::page::{Page, Stray};
use super::place::{self, Place, cookie};
use super::session::{End, Session, Step};
use super::{text, view};

const SESSION_COOKIE: &str = "SessionId";
const LANGUAGE_COOKIE: &str = "DisplayCulture";

/// Acts on a request and answers it, as far as nothing else is ordered.
pub(in crate::mock) fn answer(
    state: &mut State,
    request: &Request,
    ip: IpAddr,
    ordered: &Ordered,
) -> Response {
    let mut call = Call {
        now: state.clock.now(),
        place: Place::of(request),
        state,
        ip,
        ordered,
    };
    match (request.path(), request.method.as_str()) {
        (place::PICTURE, "GET") => call.picture(request),
        (path, "GET") if place::is_ended(path) => call.stray(request, Stray::Expired, Reply::Page),
        (path, _) if path == place::PICTURE || place::is_ended(path) => not_allowed("GET"),
        (_, "GET") => call.open(request),
        (_, "POST") => call.post(request),
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
    ordered: &'a Ordered,
}

/// What is answered with.
#[derive(Clone, Copy, Debug)]
enum Reply<'a> {
    /// The whole page.
    Page,
    /// What is not as it was posted.
    Delta(&'a Fields),
}

impl Call<'_> {
    /// A page that is opened is a new visit, whatever cookie came with it.
    fn open(&mut self, request: &Request) -> Response {
        let policy = &self.state.portal.policy;
        let step = Step::UserId {
            typed: self.place.user.clone().unwrap_or_default(),
            captcha: policy.captcha.then(Captcha::draw_lots),
        };
        let language = self.language(request);
        let mut session = self.state.portal.sessions.begin(language, step, self.now);
        if let Some(error) = self.ordered.error {
            self.refuse(&mut session, error);
        }
        self.show(session, None, Reply::Page)
    }

    fn post(&mut self, request: &Request) -> Response {
        if !is_form(request) {
            return Response::page(415);
        }
        let fields = Fields::read(request);
        let reply = if fields.are_partial(request) {
            Reply::Delta(&fields)
        } else {
            Reply::Page
        };
        if !is_from_here(request) {
            return self.stray(request, Stray::Forged, reply);
        }
        let Some(id) = cookie(request, SESSION_COOKIE) else {
            return self.stray(request, Stray::NoCookie, reply);
        };
        let Some(mut session) = self.state.portal.sessions.take(id, self.now) else {
            return self.stray(request, Stray::Expired, reply);
        };
        let names_panel = matches!(reply, Reply::Page) || fields.name_panel();
        if !session.has_sealed(&fields) || !names_panel {
            self.state.portal.sessions.put(session, self.now);
            return self.stray(request, Stray::Forged, reply);
        }
        session.note = None;
        let current = session.is_showing(&fields);
        match (self.ordered.error, fields.button()) {
            (Some(error), Some(Button::Finish)) if current && error.is_about_writeback() => {
                self.finish(&mut session, &fields, Some(error));
            }
            (Some(error), _) => self.refuse(&mut session, error),
            (None, _) if !current => session.object(text::PAGE_IS_OLD),
            (None, Some(button)) => self.press(&mut session, button, &fields),
            (None, None) => {}
        }
        session.turn_page();
        self.show(session, Some(id), reply)
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
    fn show(&mut self, session: Session, known_as: Option<&str>, reply: Reply<'_>) -> Response {
        let user = self.state.users.find(session.name());
        let policy = &self.state.portal.policy;
        let mut shown = session.clone();
        if self.ordered.has(&PortalFault::PasswordPage) {
            shown.step = Step::NewPassword;
        }
        let view = view::of(&shown, user, policy, &self.place);
        let page = Page::of(&shown, &view, &self.place, self.ordered);
        let mut response = self.write(page, reply);
        if let Step::End(End::Throttled { until }) = session.step {
            let left = until.duration_since(self.now).unwrap_or_default();
            response.status = 429;
            response.set_header("Retry-After", &left.as_secs().to_string());
        }
        let lost = self.ordered.has(&PortalFault::WithoutCookies);
        if known_as != Some(&session.id) && !lost {
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

    fn write(&self, page: Page, reply: Reply<'_>) -> Response {
        let versioned = self.state.portal.policy.delta_version;
        match (reply, self.ordered.redirect()) {
            (Reply::Page, None) => page.respond(),
            (Reply::Page, Some(url)) => {
                let mut response = Response::page(302);
                response.set_header("Location", url);
                response
            }
            (Reply::Delta(posted), None) => {
                Delta::of(&page, posted, versioned, self.ordered).respond(200, self.ordered)
            }
            (Reply::Delta(_), Some(url)) => {
                Delta::redirect(url, versioned).respond(200, self.ordered)
            }
        }
    }

    /// *Invented*: which of these a partial post is answered with a redirect or an error, and their words.
    fn stray(&self, request: &Request, why: Stray, reply: Reply<'_>) -> Response {
        let versioned = self.state.portal.policy.delta_version;
        let language = self.language(request);
        let delta = match (reply, why) {
            (Reply::Page, _) | (_, Stray::NoCookie) => {
                return self.write(Page::stray(why, language, &self.place), reply);
            }
            (_, Stray::Expired) => Delta::redirect(&self.place.ended, versioned),
            (_, Stray::Forged) => Delta::error(text::FORGED.read(language), versioned),
        };
        delta.respond(200, self.ordered)
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
