//! One attempt: the page, the sign-in, Begin, Poll, End.

use std::sync::Arc;
use std::time::{Duration, Instant};

use url::Url;

use super::Settings;
use super::job::Job;
use super::page::PageForm;
use super::request::Requests;
use crate::error::{PeerText, Sent};
use crate::exchange::Request;
use crate::protocol::polling::{Applying, Next};
use crate::protocol::{
    Action, Answer, Attempt, Event, Flow, Outcome, PasswordPolicy, Privacy, Rejection, Step,
};
use crate::secret::{CurrentPassword, NewPassword, Username};

/// No current password is longer: the service takes 256 characters.
const LONGEST_PASSWORD: usize = 1024;

pub(super) struct ChangeFlow {
    pub(super) settings: Arc<Settings>,
    pub(super) requests: Requests,
    pub(super) username: Username,
    pub(super) privacy: Privacy,
    pub(super) poll_limit: Duration,
    pub(super) state: State,
    /// The sign-in page that was shown last.
    pub(super) page: Option<PageForm>,
    /// Its name.
    pub(super) sign_in_page: Option<PeerText>,
    pub(super) change: Option<Change>,
    pub(super) job: Option<Job>,
    /// Kept until the end, since Begin and End want it.
    pub(super) current: Option<CurrentPassword>,
    /// Kept from Begin to End.
    pub(super) new: Option<NewPassword>,
    pub(super) refusals: u8,
    pub(super) server_correlation: Option<PeerText>,
    /// Where the answer comes from that is waited for.
    pub(super) asked: Option<Url>,
}

/// The page that wants another password, and where it has that done.
pub(super) struct Change {
    pub(super) page: PageForm,
    pub(super) begin: Url,
    pub(super) poll: Url,
}

/// What the flow waits for.
#[derive(Clone, Copy)]
pub(super) enum State {
    NotBegun,
    Opening,
    AwaitingCurrent,
    SigningIn,
    AwaitingNew,
    Beginning,
    Applying(Applying),
    Polling(Applying),
    /// The job has ended; End could not be sent yet.
    Applied,
    Ending,
    Ended,
}

impl ChangeFlow {
    pub(super) fn new(settings: Arc<Settings>, attempt: Attempt) -> Self {
        Self {
            requests: Requests::new(&settings, attempt.correlation_id),
            settings,
            username: attempt.username,
            privacy: attempt.privacy,
            poll_limit: attempt.poll_limit,
            state: State::NotBegun,
            page: None,
            sign_in_page: None,
            change: None,
            job: None,
            current: None,
            new: None,
            refusals: 0,
            server_correlation: None,
            asked: None,
        }
    }
}

impl Flow for ChangeFlow {
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
impl ChangeFlow {
    fn begin(&mut self) -> Action {
        match self.state {
            State::NotBegun => {
                let request = self.requests.open(&self.settings);
                self.send(State::Opening, Some(request))
            }
            _ => Action::Stay,
        }
    }

    fn answered(&mut self, answer: Answer, now: Instant) -> Action {
        match (self.state, answer) {
            (State::AwaitingCurrent, Answer::CurrentPassword(password)) => self.sign_in(password),
            (State::AwaitingNew, Answer::Password(password)) => self.change(password),
            (State::Applying(applying), Answer::Wait) => self.wait(applying, now),
            (State::Applied, Answer::Wait) => self.end_change(),
            _ => Action::Stay,
        }
    }

    /// Signs in, or, if that was done, keeps the password for another try to change it.
    fn sign_in(&mut self, password: CurrentPassword) -> Action {
        let length = password.expose_secret().len();
        if length == 0 || length > LONGEST_PASSWORD {
            return Action::Show(current_step(Some(Rejection::WrongPassword)));
        }
        if self.change.is_some() {
            self.current = Some(password);
            return self.ask_for_new(None);
        }
        let request =
            (self.page.as_ref()).map(|page| self.requests.sign_in(page, &self.username, &password));
        self.current = Some(password);
        self.send(State::SigningIn, request)
    }

    fn change(&mut self, password: NewPassword) -> Action {
        if let Err(rejection) = PasswordPolicy::ENTRA.check(&password) {
            return Action::Show(new_step(Some(rejection)));
        }
        let request = (self.change.as_ref().zip(self.current.as_ref()))
            .map(|(change, current)| self.requests.begin(change, current, &password));
        self.new = Some(password);
        self.send(State::Beginning, request)
    }

    pub(super) fn wait(&mut self, applying: Applying, now: Instant) -> Action {
        match applying.next(now) {
            Next::Wait(time) => Action::WaitUntil(time),
            Next::Poll(applying) => {
                let request = (self.change.as_ref().zip(self.job.as_ref()))
                    .map(|(change, job)| self.requests.poll(change, job));
                self.send(State::Polling(applying), request)
            }
            Next::GiveUp => self.finish(Outcome::UNKNOWN),
        }
    }

    fn due(&mut self, now: Instant) -> Action {
        match self.state {
            State::Applying(applying) => self.wait(applying, now),
            _ => Action::Stay,
        }
    }

    pub(super) fn end_change(&mut self) -> Action {
        let under_way = self.change.as_ref().zip(self.job.as_ref());
        let passwords = self.current.as_ref().zip(self.new.as_ref());
        let request = under_way
            .zip(passwords)
            .map(|((change, job), (current, new))| self.requests.end(change, job, current, new));
        self.send(State::Ending, request)
    }

    /// Sends a request. There is none only if the flow has lost what belongs to its state, which it does not.
    fn send(&mut self, next: State, request: Option<Request>) -> Action {
        let Some(request) = request else {
            return Action::Stay;
        };
        self.state = next;
        self.asked = Some(request.url.clone());
        Action::Send(request)
    }
}

// What becomes of it.
impl ChangeFlow {
    fn lost(&mut self, sent: Sent, now: Instant) -> Action {
        if matches!(
            (self.state, sent),
            (State::Beginning | State::Ending, Sent::Maybe)
        ) {
            return self.finish(Outcome::UNKNOWN);
        }
        self.step_back(None, now);
        Action::Stay
    }

    /// Returns from waiting for an answer to the step that asked for it.
    pub(super) fn step_back(&mut self, retry_after: Option<Duration>, now: Instant) {
        self.state = match self.state {
            State::Opening => State::Ended,
            State::SigningIn => State::AwaitingCurrent,
            State::Beginning => State::AwaitingNew,
            State::Polling(applying) => State::Applying(applying.after(retry_after, now)),
            State::Ending => State::Applied,
            _ => return,
        };
    }

    pub(super) fn ask_for_current(&mut self, rejection: Option<Rejection>) -> Action {
        self.state = State::AwaitingCurrent;
        Action::Show(current_step(rejection))
    }

    pub(super) fn ask_for_new(&mut self, rejection: Option<Rejection>) -> Action {
        self.state = State::AwaitingNew;
        self.job = None;
        self.new = None;
        Action::Show(new_step(rejection))
    }

    pub(super) fn finish(&mut self, outcome: Outcome) -> Action {
        self.end();
        Action::Show(Step::Finished(outcome))
    }

    /// Forgets everything that only a flow under way needs.
    pub(super) fn end(&mut self) {
        self.state = State::Ended;
        self.page = None;
        self.change = None;
        self.job = None;
        self.current = None;
        self.new = None;
        self.requests.cookies = Default::default();
    }
}

fn current_step(rejection: Option<Rejection>) -> Step {
    Step::EnterCurrentPassword { rejection }
}

fn new_step(rejection: Option<Rejection>) -> Step {
    Step::NewPassword {
        policy: PasswordPolicy::ENTRA,
        expires_in: None,
        rejection,
    }
}
