//! One attempt: a page, its view, what the view means, the step, the answer, and what is sent for it.

use super::forms::Page;
use std::sync::Arc;
use std::time::{Duration, Instant};

use url::Url;

use super::profile::view::{Kind, Meaning, View};
use super::protocol::Settings;
use super::reading;
use super::requests::Requests;
use crate::error::{Error, Fault, PeerText, Sent};
use crate::exchange::{Effect, Request};
use crate::protocol::polling::{Applying, Next};
use crate::protocol::{
    Action, Attempt, Event, Flow, Goal, Method, Outcome, Picture, Privacy, Rejection, Step,
};
use crate::secret::Username;

/// The most requests in a row that nobody asked for: pages that only lead on.
const BY_ITSELF: u8 = 8;

pub(super) struct PortalFlow {
    pub(super) settings: Arc<Settings>,
    pub(super) requests: Requests,
    pub(super) username: Username,
    pub(super) privacy: Privacy,
    pub(super) poll_limit: Duration,
    pub(super) state: State,
    /// The page that stands.
    pub(super) page: Option<Page>,
    /// Its view, by number.
    pub(super) at: Option<usize>,
    /// What led to it.
    pub(super) by: Why,
    /// The view whose step the person sees.
    pub(super) shown: Option<usize>,
    pub(super) picture: Option<Picture>,
    /// What the step with the picture will say.
    pub(super) rejection: Option<Rejection>,
    pub(super) goal: Option<Goal>,
    pub(super) chosen: Option<Chosen>,
    pub(super) approval: Option<Applying>,
    /// A new password has left, and nothing has said yet that it was refused.
    pub(super) password_left: bool,
    by_itself: u8,
    /// The person has seen a step.
    is_under_way: bool,
    pub(super) server_correlation: Option<PeerText>,
}

/// What the flow waits for.
#[derive(Clone)]
pub(super) enum State {
    NotBegun,
    Asked(Asked),
    /// For the person.
    Standing,
    Ended,
}

/// A request whose answer is waited for.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) url: Url,
    pub(super) why: Why,
    /// It has a body, so that it must not be sent elsewhere.
    pub(super) is_post: bool,
    pub(super) is_partial: bool,
    /// How often the server has led on since.
    pub(super) redirects: u8,
}

/// Why something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Open,
    User,
    Picture,
    Solution,
    AnotherPicture,
    Goal,
    Method,
    Contact,
    Code,
    Resend,
    Answers,
    Poll,
    Password,
    Back,
    Next,
}

impl Why {
    /// Whether the same view again means that the answer was refused.
    pub(super) const fn can_be_refused(self) -> bool {
        !matches!(
            self,
            Self::Open
                | Self::Picture
                | Self::AnotherPicture
                | Self::Resend
                | Self::Poll
                | Self::Back
        )
    }
}

/// The method that the person has chosen.
#[derive(Clone)]
pub(super) struct Chosen {
    pub(super) kind: Kind,
    pub(super) method: Method,
}

impl PortalFlow {
    pub(super) fn new(settings: Arc<Settings>, attempt: Attempt) -> Self {
        Self {
            requests: Requests::new(&attempt.correlation_id, settings.language.as_deref()),
            settings,
            username: attempt.username,
            privacy: attempt.privacy,
            poll_limit: attempt.poll_limit,
            state: State::NotBegun,
            page: None,
            at: None,
            by: Why::Open,
            shown: None,
            picture: None,
            rejection: None,
            goal: None,
            chosen: None,
            approval: None,
            password_left: false,
            by_itself: 0,
            is_under_way: false,
            server_correlation: None,
        }
    }
}

impl Flow for PortalFlow {
    fn handle(&mut self, event: Event, now: Instant) -> Action {
        match event {
            Event::Begin => self.begin(),
            Event::Answer(answer) if matches!(self.state, State::Standing) => {
                self.by_itself = 0;
                match self.shown == self.at {
                    true => self.answered(answer, now),
                    // What the page wanted by itself could not be done: the answer was for the view before it.
                    false => self.enter(None, now),
                }
            }
            Event::Response(response) => self.responded(&response, now),
            Event::Lost(sent) => self.lost(sent),
            Event::Due => self.due(now),
            Event::Answer(_) => Action::Stay,
        }
    }

    fn server_correlation(&self) -> Option<&PeerText> {
        self.server_correlation.as_ref()
    }
}

// What is sent.
impl PortalFlow {
    fn begin(&mut self) -> Action {
        match self.state {
            State::NotBegun => {
                let request = self.requests.page(self.settings.first_page(), None);
                self.send(Why::Open, request)
            }
            _ => Action::Stay,
        }
    }

    pub(super) fn send(&mut self, why: Why, mut request: Request) -> Action {
        if why == Why::Password {
            request.effect = Effect::SetsPassword;
            self.password_left = true;
        }
        self.ask(why, request, 0)
    }

    /// What is sent because a page leads on, and not because the person says so.
    pub(super) fn send_by_itself(&mut self, why: Why, request: Request) -> Action {
        self.by_itself = self.by_itself.saturating_add(1);
        match self.by_itself > BY_ITSELF {
            true => self.leave(),
            false => self.send(why, request),
        }
    }

    pub(super) fn ask(&mut self, why: Why, request: Request, redirects: u8) -> Action {
        self.state = State::Asked(Asked {
            url: request.url.clone(),
            why,
            is_post: request.method == http::Method::POST,
            is_partial: request.headers.contains_key("x-microsoftajax"),
            redirects,
        });
        Action::Send(request)
    }

    /// Asks whether it has been approved, no sooner than the page allows.
    pub(super) fn wait(&mut self, now: Instant) -> Action {
        let Some(approval) = self.approval else {
            return Action::Stay;
        };
        match approval.next(now) {
            Next::Wait(time) => Action::WaitUntil(time),
            Next::Poll(approval) => {
                self.approval = Some(approval);
                self.poll()
            }
            Next::GiveUp => {
                self.approval = None;
                self.enter(Some(Rejection::NotApproved), now)
            }
        }
    }

    fn due(&mut self, now: Instant) -> Action {
        match self.state {
            State::Standing => self.wait(now),
            _ => Action::Stay,
        }
    }
}

// What becomes of it.
impl PortalFlow {
    fn lost(&mut self, sent: Sent) -> Action {
        let State::Asked(asked) = &self.state else {
            return Action::Stay;
        };
        let never_left =
            asked.why == Why::Password && asked.redirects == 0 && sent == Sent::Nothing;
        if never_left {
            self.password_left = false;
        }
        if self.password_left {
            return self.finish(Outcome::UNKNOWN);
        }
        self.step_back();
        Action::Stay
    }

    /// Returns from waiting for an answer to where it was asked for.
    pub(super) fn step_back(&mut self) {
        self.state = match self.page {
            Some(_) => State::Standing,
            None => State::Ended,
        };
    }

    /// The caller is told what was in the way. After a new password has left, it is not known what became of it.
    pub(super) fn fail(&mut self, error: Error) -> Action {
        if self.password_left {
            self.end();
            return Action::ShowBecause(Step::Finished(Outcome::UNKNOWN), error);
        }
        self.step_back();
        Action::Fail(error)
    }

    /// Leaves the page to a browser, by its own name for what it shows.
    pub(super) fn leave(&mut self) -> Action {
        let reason = self.raw_name();
        if self.password_left {
            let field = "view";
            let error = Fault::UnknownWord {
                field,
                word: reason,
            };
            return self.fail(error.into());
        }
        self.end();
        Action::Show(Step::UseBrowser(self.settings.handoff(reason)))
    }

    /// Leaves the page to a browser, and tells what was in the way.
    pub(super) fn leave_because(&mut self, error: impl Into<Error>) -> Action {
        if self.password_left {
            return self.fail(error.into());
        }
        let handoff = self.settings.handoff(self.raw_name());
        self.end();
        Action::ShowBecause(Step::UseBrowser(handoff), error.into())
    }

    fn raw_name(&self) -> PeerText {
        let profile = &self.settings.profile;
        match &self.page {
            Some(page) => reading::raw_name(profile, page),
            None => PeerText::new(self.settings.url.path()),
        }
    }

    pub(super) fn finish(&mut self, outcome: Outcome) -> Action {
        self.end();
        Action::Show(Step::Finished(outcome))
    }

    /// Ends with an error: as such before the person has seen anything, otherwise behind an outcome.
    pub(super) fn finish_because(&mut self, outcome: Outcome, error: impl Into<Error>) -> Action {
        self.end();
        match self.is_under_way {
            false => Action::Fail(error.into()),
            true => Action::ShowBecause(Step::Finished(outcome), error.into()),
        }
    }

    pub(super) fn show(&mut self, step: Step) -> Action {
        self.state = State::Standing;
        self.shown = self.at;
        self.is_under_way = true;
        Action::Show(step)
    }

    /// Forgets everything that only a flow under way needs.
    fn end(&mut self) {
        self.state = State::Ended;
        self.page = None;
        self.picture = None;
        self.chosen = None;
        self.approval = None;
        self.requests.forget();
    }
}

impl Settings {
    pub(super) fn view(&self, at: Option<usize>) -> Option<&View> {
        self.profile.views.get(at?)
    }

    pub(super) fn meaning(&self, at: Option<usize>) -> Option<&Meaning> {
        self.view(at).map(|view| &view.means)
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;
    use crate::exchange::{Body, Response};
    use crate::protocol::portal::{Portal, Profile};
    use crate::protocol::{Answer, MethodId, Protocol};
    use crate::secret::{CaptchaSolution, Code, Contact, NewPassword};

    const PROFILE: &str = r#"{"version": 1, "name": "t", "views": [
        {"name": "who", "when": {"has": ["user"]}, "after": ["start"], "means": {"identify": {"user": "user"}}},
        {"name": "code", "when": {"has": ["code"]}, "after": ["who"], "means": {"code": {"code": "code"}}}
    ]}"#;

    fn page(content: &str) -> Event {
        let form = format!("<form method=post>{content}<button></form>");
        let body = Body::new(form.into_bytes());
        Event::Response(Response::new(StatusCode::OK, HeaderMap::new(), body))
    }

    fn answers() -> Vec<Answer> {
        vec![
            Answer::Captcha(CaptchaSolution::new("1")),
            Answer::AnotherPicture,
            Answer::Goal(Goal::Reset),
            Answer::Method(MethodId::new("email")),
            Answer::Contact(Contact::new("+1")),
            Answer::ResendCode,
            Answer::Questions(Vec::new()),
            Answer::Password(NewPassword::new("Winter-Snow-9")),
            Answer::Wait,
            Answer::Back,
            Answer::SignIn {
                scope: String::new(),
            },
        ]
    }

    #[test]
    fn what_does_not_fit_is_passed_over() {
        let now = Instant::now();
        let portal = Portal::new("https://a.example/", Profile::from_json(PROFILE).unwrap());
        let username = Username::parse("adele@contoso.com").unwrap();
        let mut flow = portal.unwrap().begin(Attempt::new(username, "c"));
        let is_passed_over = |flow: &mut Box<dyn Flow>| {
            let events = answers().into_iter().map(Event::Answer);
            for event in events.chain([Event::Begin, Event::Due]) {
                let text = format!("{event:?}");
                assert!(matches!(flow.handle(event, now), Action::Stay), "{text}");
            }
        };
        assert!(matches!(flow.handle(Event::Begin, now), Action::Send(_)));
        is_passed_over(&mut flow);
        let sent = flow.handle(page("<input name=user>"), now);
        assert!(matches!(sent, Action::Send(_)));
        is_passed_over(&mut flow);
        let shown = flow.handle(page("<input name=code>"), now);
        assert!(matches!(shown, Action::Show(Step::EnterCode { .. })));
        is_passed_over(&mut flow);
        // Nor does an answer to nothing.
        let late = flow.handle(page("<input name=code>"), now);
        assert!(matches!(late, Action::Stay));
        let lost = flow.handle(Event::Lost(Sent::Maybe), now);
        assert!(matches!(lost, Action::Stay));
        let code = Event::Answer(Answer::Code(Code::new("1")));
        assert!(matches!(flow.handle(code, now), Action::Send(_)));
    }
}
