//! One attempt: entry, start, challenge, verify, update, poll, and the two calls of a sign-in that may follow.

use std::sync::Arc;
use std::time::{Duration, Instant};

use url::Url;

use super::Settings;
use super::methods::Offer;
use super::request::Requests;
use crate::error::{Fault, PeerText, Sent};
use crate::exchange::Request;
use crate::protocol::polling::{self, Applying};
use crate::protocol::sent_code::{self, SentCode};
use crate::protocol::{
    Action, Answer, Attempt, Event, Flow, HIDDEN_REFUSALS, MethodId, Outcome, PasswordPolicy,
    Privacy, Rejection, SignIn, SignInNext, Step,
};
use crate::secret::{Code, ContinuationToken, NewPassword, Username};

pub(super) struct V2Flow {
    pub(super) settings: Arc<Settings>,
    pub(super) requests: Requests,
    pub(super) privacy: Privacy,
    pub(super) poll_limit: Duration,
    pub(super) state: State,
    /// The newest token; each answer may bring another.
    pub(super) token: Option<ContinuationToken>,
    pub(super) methods: Vec<Offer>,
    /// Which of the methods was challenged last.
    pub(super) chosen: usize,
    pub(super) links: Links,
    pub(super) sent_code: SentCode,
    pub(super) refusals: u8,
    pub(super) server_correlation: Option<PeerText>,
}

/// What the flow waits for.
pub(super) enum State {
    NotBegun(Username),
    Entering(Username),
    Starting,
    Choosing,
    Challenging {
        from: AskedAt,
        /// The answer will be that of the check for risk.
        is_risk: bool,
    },
    AwaitingCode,
    CheckingCode,
    /// There is no account, and the person is not to know: codes are asked for and refused.
    AwaitingCodeInVain,
    AwaitingPassword,
    Submitting,
    Applying(Applying),
    Polling(Applying),
    Changed(SignInNext),
    Authorizing,
    Redeeming,
    Ended,
}

/// Where a challenge was asked for, and where the flow returns to if it is not sent.
#[derive(Clone, Copy)]
pub(super) enum AskedAt {
    Start,
    Choice,
    Code,
}

/// Where the server said the steps are.
#[derive(Default)]
pub(super) struct Links {
    pub(super) verify: Option<Url>,
    pub(super) resend: Option<Url>,
    pub(super) update: Option<Url>,
    pub(super) poll: Option<Url>,
}

impl V2Flow {
    pub(super) fn new(settings: Arc<Settings>, attempt: Attempt) -> Self {
        Self {
            settings,
            requests: Requests::new(&attempt.correlation_id),
            privacy: attempt.privacy,
            poll_limit: attempt.poll_limit,
            state: State::NotBegun(attempt.username),
            token: None,
            methods: Vec::new(),
            chosen: 0,
            links: Links::default(),
            sent_code: SentCode::default(),
            refusals: 0,
            server_correlation: None,
        }
    }
}

impl Flow for V2Flow {
    fn handle(&mut self, event: Event, now: Instant) -> Action {
        match event {
            Event::Begin => self.begin(),
            Event::Answer(answer) => self.answered(answer, now),
            Event::Response(response) => self.responded(&response, now),
            Event::Lost(sent) => self.lost(sent, now),
            Event::Due => self.due(now),
        }
    }

    fn server_correlation(&self) -> Option<&PeerText> {
        self.server_correlation.as_ref()
    }
}

// What the person does.
impl V2Flow {
    fn begin(&mut self) -> Action {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::NotBegun(username) => {
                self.state = State::Entering(username);
                Action::Send(self.requests.enter(&self.settings))
            }
            other => {
                self.state = other;
                Action::Stay
            }
        }
    }

    fn answered(&mut self, answer: Answer, now: Instant) -> Action {
        match (&self.state, answer) {
            (State::Choosing, Answer::Method(id)) => self.choose(&id),
            (State::AwaitingCode | State::AwaitingCodeInVain, Answer::Code(code)) => {
                self.check_code(&code)
            }
            (State::AwaitingCode, Answer::ResendCode) if self.can_resend() => {
                self.challenge(AskedAt::Code)
            }
            (State::AwaitingCode, Answer::Back) if self.can_go_back() => {
                self.state = State::Choosing;
                Action::Show(self.choice_step(None))
            }
            (State::AwaitingCodeInVain, Answer::ResendCode) => Action::Show(self.code_step(None)),
            (State::AwaitingPassword, Answer::Password(password)) => self.update(&password),
            (State::Applying(applying), Answer::Wait) => self.wait(*applying, now),
            (State::Changed(next), Answer::SignIn { .. }) => self.sign_in(*next),
            _ => Action::Stay,
        }
    }

    fn choose(&mut self, id: &MethodId) -> Action {
        match self.methods.iter().position(|offer| offer.method.id == *id) {
            Some(chosen) => {
                self.chosen = chosen;
                self.challenge(AskedAt::Choice)
            }
            None => Action::Show(self.choice_step(Some(Rejection::UnknownMethod))),
        }
    }

    fn check_code(&mut self, code: &Code) -> Action {
        if let Err(rejection) = sent_code::check(code) {
            return Action::Show(self.code_step(Some(rejection)));
        }
        if let State::AwaitingCodeInVain = self.state {
            return self.reject_code();
        }
        let link = self.links.verify.clone();
        self.follow(State::CheckingCode, link, |requests, url, token| {
            requests.verify(url, token, code)
        })
    }

    fn update(&mut self, password: &NewPassword) -> Action {
        if let Err(rejection) = PasswordPolicy::ENTRA.check(password) {
            return Action::Show(password_step(Some(rejection)));
        }
        let link = self.links.update.clone();
        self.follow(State::Submitting, link, |requests, url, token| {
            requests.update(url, token, password)
        })
    }

    fn wait(&mut self, applying: Applying, now: Instant) -> Action {
        match applying.next(now) {
            polling::Next::Wait(time) => Action::WaitUntil(time),
            polling::Next::Poll(applying) => {
                let link = self.links.poll.clone();
                self.follow(State::Polling(applying), link, Requests::poll)
            }
            polling::Next::GiveUp => self.finish(Outcome::UNKNOWN),
        }
    }

    fn due(&mut self, now: Instant) -> Action {
        match self.state {
            State::Applying(applying) => self.wait(applying, now),
            _ => Action::Stay,
        }
    }

    fn sign_in(&mut self, next: SignInNext) -> Action {
        match (next, &self.token) {
            (SignInNext::SecondFactor, _) => Action::SignedIn(SignIn::SecondFactorRequired),
            (SignInNext::Enrolment, _) => Action::SignedIn(SignIn::EnrolmentRequired),
            (SignInNext::Unknown, Some(token)) => {
                let request = self.requests.authorize(&self.settings, token);
                self.state = State::Authorizing;
                Action::Send(request)
            }
            (SignInNext::Unknown, None) => Action::Stay,
        }
    }

    /// Another code comes by the link for it. Where there is none but everyone is offered one, the method is challenged
    /// again.
    pub(super) fn challenge(&mut self, from: AskedAt) -> Action {
        let resend = match from {
            AskedAt::Code => self.links.resend.clone(),
            AskedAt::Start | AskedAt::Choice => None,
        };
        let chosen = || self.methods.get(self.chosen);
        let link = resend.or_else(|| chosen().map(|offer| offer.challenge.clone()));
        let is_risk = false;
        self.follow(
            State::Challenging { from, is_risk },
            link,
            Requests::challenge,
        )
    }

    /// Sends what `build` makes of a link and the newest token. Without them the flow cannot go on.
    pub(super) fn follow(
        &mut self,
        next: State,
        link: Option<Url>,
        build: impl FnOnce(&Requests, &Url, &ContinuationToken) -> Request,
    ) -> Action {
        let missing = |field| Action::Fail(Fault::MissingField { field }.into());
        match (&link, &self.token) {
            (Some(link), Some(token)) => {
                let request = build(&self.requests, link, token);
                self.state = next;
                Action::Send(request)
            }
            (None, _) => missing("_links"),
            (_, None) => missing("continuationToken"),
        }
    }
}

// What becomes of it.
impl V2Flow {
    pub(super) fn reject_code(&mut self) -> Action {
        self.refusals = self.refusals.saturating_add(1);
        if self.privacy == Privacy::Hide && self.refusals >= HIDDEN_REFUSALS {
            return self.finish(Outcome::Declined);
        }
        if let State::CheckingCode = self.state {
            self.state = State::AwaitingCode;
        }
        Action::Show(self.code_step(Some(Rejection::WrongCode)))
    }

    fn lost(&mut self, sent: Sent, now: Instant) -> Action {
        if matches!((&self.state, sent), (State::Submitting, Sent::Maybe)) {
            return self.finish(Outcome::UNKNOWN);
        }
        self.step_back(None, now);
        Action::Stay
    }

    /// Returns from waiting for an answer to the step that asked for it.
    pub(super) fn step_back(&mut self, retry_after: Option<Duration>, now: Instant) {
        self.state = match self.state {
            State::Entering(_) | State::Starting => State::Ended,
            State::Challenging { from, .. } => match from {
                AskedAt::Start => State::Ended,
                AskedAt::Choice => State::Choosing,
                AskedAt::Code => State::AwaitingCode,
            },
            State::CheckingCode => State::AwaitingCode,
            State::Submitting => State::AwaitingPassword,
            State::Polling(applying) => State::Applying(applying.after(retry_after, now)),
            State::Authorizing | State::Redeeming => State::Changed(SignInNext::Unknown),
            _ => return,
        };
    }

    pub(super) fn finish(&mut self, outcome: Outcome) -> Action {
        self.end();
        Action::Show(Step::Finished(outcome))
    }

    pub(super) fn end(&mut self) {
        self.state = State::Ended;
        self.token = None;
    }
}

// What is shown.
impl V2Flow {
    pub(super) fn choice_step(&self, rejection: Option<Rejection>) -> Step {
        Step::ChooseMethod {
            methods: self
                .methods
                .iter()
                .map(|offer| offer.method.clone())
                .collect(),
            rejection,
        }
    }

    pub(super) fn code_step(&self, rejection: Option<Rejection>) -> Step {
        Step::EnterCode {
            kind: self.sent_code.kind.clone(),
            hint: self.sent_code.hint.clone(),
            code_length: self.sent_code.length,
            can_resend: self.can_resend(),
            can_go_back: self.can_go_back(),
            rejection,
        }
    }

    /// Whether the server gave a link for it would tell that there is an account.
    fn can_resend(&self) -> bool {
        self.privacy == Privacy::Hide || self.links.resend.is_some()
    }

    fn can_go_back(&self) -> bool {
        self.privacy == Privacy::Tell && self.methods.len() > 1
    }
}

pub(super) fn password_step(rejection: Option<Rejection>) -> Step {
    Step::NewPassword {
        policy: PasswordPolicy::ENTRA,
        // The server gives no time for it.
        expires_in: None,
        rejection,
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};

    use super::*;
    use crate::exchange::{Body, Response};
    use crate::protocol::Protocol;
    use crate::protocol::native_v2::NativeV2;
    use crate::secret::Contact;

    fn begun() -> Box<dyn Flow> {
        let protocol = NativeV2::new("https://a.example/t", "id").unwrap();
        let username = Username::parse("adele@contoso.com").unwrap();
        let mut flow = protocol.begin(Attempt::new(username, "c"));
        let action = flow.handle(Event::Begin, Instant::now());
        assert!(matches!(action, Action::Send(_)));
        flow
    }

    #[test]
    fn what_does_not_fit_is_passed_over() {
        let now = Instant::now();
        let mut flow = begun();
        for event in [
            Event::Begin,
            Event::Due,
            Event::Answer(Answer::Method(MethodId::new("1"))),
            Event::Answer(Answer::Contact(Contact::new("+1"))),
            Event::Answer(Answer::Code(Code::new("1"))),
            Event::Answer(Answer::ResendCode),
            Event::Answer(Answer::Password(NewPassword::new("Winter-Snow-9"))),
            Event::Answer(Answer::Wait),
            Event::Answer(Answer::Back),
            Event::Answer(Answer::SignIn {
                scope: String::new(),
            }),
        ] {
            let text = format!("{event:?}");
            assert!(matches!(flow.handle(event, now), Action::Stay), "{text}");
        }
        // Nor does an answer to nothing, after the end.
        let lost = flow.handle(Event::Lost(Sent::Maybe), now);
        assert!(matches!(lost, Action::Stay));
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/json".parse().unwrap());
        let body = Body::new(br#"{"continuationToken":"t"}"#.to_vec());
        let response = Response::new(StatusCode::OK, headers, body);
        let late = flow.handle(Event::Response(response), now);
        assert!(matches!(late, Action::Stay));
    }
}
