//! One attempt: start, challenge, continue, submit, poll, and the token call that may follow.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Settings;
use super::answer::{Answered, Fields, read};
use super::request::Requests;
use crate::error::{Error, Fault, PeerText, Sent, ServerError};
use crate::exchange::{Request, Response};
use crate::protocol::polling::{Applying, Next};
use crate::protocol::sent_code::{self, SentCode};
use crate::protocol::status::server_request_id;
use crate::protocol::verdict::{Verdict, judge, judge_sign_in};
use crate::protocol::{
    Action, Answer, Attempt, DeviceState, Event, Flow, HIDDEN_REFUSALS, Handoff, MethodKind,
    Outcome, PasswordPolicy, Privacy, Rejection, SignIn, SignInNext, Step, Tokens,
};
use crate::secret::{Code, ContinuationToken, NewPassword, Username};

/// The documented life of the token with which a password can be submitted.
const LONGEST_SUBMIT: Duration = Duration::from_secs(600);

pub(super) struct V1Flow {
    settings: Arc<Settings>,
    requests: Requests,
    privacy: Privacy,
    poll_limit: Duration,
    state: State,
    /// The newest token; each answer may bring another.
    token: Option<ContinuationToken>,
    sent_code: SentCode,
    /// Until when a password may be submitted, where the server said so.
    submit_until: Option<Instant>,
    refusals: u8,
    server_correlation: Option<PeerText>,
}

/// What the flow waits for.
enum State {
    NotBegun(Username),
    Starting,
    Challenging {
        again: bool,
    },
    AwaitingCode,
    CheckingCode,
    /// There is no account, and the person is not to know: codes are asked for and refused.
    AwaitingCodeInVain,
    AwaitingPassword,
    Submitting,
    Applying(Applying),
    Polling(Applying),
    Changed,
    SigningIn,
    Ended,
}

impl V1Flow {
    pub(super) fn new(settings: Arc<Settings>, attempt: Attempt) -> Self {
        Self {
            settings,
            requests: Requests::new(&attempt.correlation_id),
            privacy: attempt.privacy,
            poll_limit: attempt.poll_limit,
            state: State::NotBegun(attempt.username),
            token: None,
            sent_code: SentCode::default(),
            submit_until: None,
            refusals: 0,
            server_correlation: None,
        }
    }
}

impl Flow for V1Flow {
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
impl V1Flow {
    fn begin(&mut self) -> Action {
        match std::mem::replace(&mut self.state, State::Starting) {
            State::NotBegun(username) => {
                Action::Send(self.requests.start(&self.settings, &username))
            }
            other => {
                self.state = other;
                Action::Stay
            }
        }
    }

    fn answered(&mut self, answer: Answer, now: Instant) -> Action {
        match (&self.state, answer) {
            (State::AwaitingCode | State::AwaitingCodeInVain, Answer::Code(code)) => {
                self.check_code(&code)
            }
            (State::AwaitingCode, Answer::ResendCode) => self.challenge(true),
            (State::AwaitingCodeInVain, Answer::ResendCode) => Action::Show(self.code_step(None)),
            (State::AwaitingPassword, Answer::Password(password)) => self.submit(&password, now),
            (State::Applying(applying), Answer::Wait) => self.wait(*applying, now),
            (State::Changed, Answer::SignIn { scope }) if self.token.is_some() => {
                self.sign_in(&scope)
            }
            _ => Action::Stay,
        }
    }

    fn check_code(&mut self, code: &Code) -> Action {
        if let Err(rejection) = sent_code::check(code) {
            return Action::Show(self.code_step(Some(rejection)));
        }
        if let State::AwaitingCodeInVain = self.state {
            return self.reject_code();
        }
        self.send(State::CheckingCode, |requests, settings, token| {
            requests.check_code(settings, token, code)
        })
    }

    fn submit(&mut self, password: &NewPassword, now: Instant) -> Action {
        if let Err(rejection) = PasswordPolicy::ENTRA.check(password) {
            return Action::Show(self.password_step(Some(rejection), now));
        }
        self.send(State::Submitting, |requests, settings, token| {
            requests.submit(settings, token, password)
        })
    }

    fn wait(&mut self, applying: Applying, now: Instant) -> Action {
        match applying.next(now) {
            Next::Wait(time) => Action::WaitUntil(time),
            Next::Poll(applying) => self.send(State::Polling(applying), Requests::poll),
            Next::GiveUp => self.finish(Outcome::UNKNOWN),
        }
    }

    fn due(&mut self, now: Instant) -> Action {
        match self.state {
            State::Applying(applying) => self.wait(applying, now),
            _ => Action::Stay,
        }
    }

    fn sign_in(&mut self, scope: &str) -> Action {
        self.send(State::SigningIn, |requests, settings, token| {
            requests.token(settings, token, scope)
        })
    }

    fn challenge(&mut self, again: bool) -> Action {
        self.send(State::Challenging { again }, Requests::challenge)
    }

    /// Sends what `build` makes of the newest token. Without a token the flow cannot go on.
    fn send(
        &mut self,
        next: State,
        build: impl FnOnce(&Requests, &Settings, &ContinuationToken) -> Request,
    ) -> Action {
        match &self.token {
            Some(token) => {
                let request = build(&self.requests, &self.settings, token);
                self.state = next;
                Action::Send(request)
            }
            None => Action::Fail(
                Fault::MissingField {
                    field: "continuation_token",
                }
                .into(),
            ),
        }
    }
}

// What the server answers.
impl V1Flow {
    fn responded(&mut self, response: &Response, now: Instant) -> Action {
        self.server_correlation = server_request_id(response);
        match read(response) {
            Ok(Answered::Done(mut fields)) => {
                self.note_correlation(&fields);
                self.done(&mut fields, now)
                    .unwrap_or_else(|error| self.doubt(error, now))
            }
            Ok(Answered::Refused(server, mut fields)) => {
                self.note_correlation(&fields);
                // The refusal counts, whatever its token looks like.
                let _ = self.keep_token(&mut fields);
                self.refused(server, now)
            }
            Err(error) if response.status.is_client_error() => self.refuse(error, now),
            Err(error) => self.doubt(error, now),
        }
    }

    fn done(&mut self, fields: &mut Fields, now: Instant) -> Result<Action, Error> {
        if let State::Polling(applying) = self.state {
            return self.polled(fields, applying, now);
        }
        let has_token = self.keep_token(fields)?;
        if let Some(reason) = fields.redirect()? {
            return Ok(self.redirect(reason));
        }
        if !has_token && !matches!(self.state, State::SigningIn) {
            return Err(Fault::MissingField {
                field: "continuation_token",
            }
            .into());
        }
        match self.state {
            State::Starting => Ok(self.challenge(false)),
            State::Challenging { .. } => self.challenged(fields),
            State::CheckingCode => {
                self.state = State::AwaitingPassword;
                let life = fields.expires_in().map(|time| time.min(LONGEST_SUBMIT));
                self.submit_until = life.and_then(|life| now.checked_add(life));
                Ok(Action::Show(self.password_step(None, now)))
            }
            State::Submitting => Ok(self.apply(fields.poll_interval(), now)),
            State::SigningIn => self.signed_in(fields),
            _ => Ok(Action::Stay),
        }
    }

    fn challenged(&mut self, fields: &Fields) -> Result<Action, Error> {
        let challenge_type = fields.challenge_type()?;
        if challenge_type.as_str() != "oob" {
            return Err(Fault::UnknownWord {
                field: "challenge_type",
                word: challenge_type,
            }
            .into());
        }
        if self.privacy == Privacy::Tell {
            self.sent_code = SentCode {
                kind: fields.challenge_channel()?.map(method_kind),
                hint: fields.challenge_target_label()?,
                length: fields.code_length(),
            };
        }
        self.state = State::AwaitingCode;
        Ok(Action::Show(self.code_step(None)))
    }

    fn apply(&mut self, interval: Option<u64>, now: Instant) -> Action {
        let applying = Applying::new(interval, self.poll_limit, now);
        self.state = State::Applying(applying);
        Action::Show(Step::Applying { polls: 0 })
    }

    /// A poll that says `succeeded` is a success, whatever else is in the answer or is missing from it.
    fn polled(
        &mut self,
        fields: &mut Fields,
        applying: Applying,
        now: Instant,
    ) -> Result<Action, Error> {
        // Without a token that can be used, the one before goes on.
        let _ = self.keep_token(fields);
        let status = fields.status();
        if let Ok(word) = &status
            && word.as_str() == "succeeded"
        {
            let outcome = Outcome::PasswordChanged {
                device: DeviceState::NotConcerned,
                sign_in: SignInNext::Unknown,
            };
            self.state = State::Changed;
            return Ok(Action::Show(Step::Finished(outcome)));
        }
        if let Some(reason) = fields.redirect()? {
            return Ok(self.redirect(reason));
        }
        let status = status?;
        match status.as_str() {
            "failed" => Ok(self.reject_password(Rejection::NotApplied, now)),
            "not_started" | "in_progress" => {
                self.state = State::Applying(applying.after(None, now));
                let polls = applying.polls;
                Ok(Action::Show(Step::Applying { polls }))
            }
            _ => Err(Fault::UnknownWord {
                field: "status",
                word: status,
            }
            .into()),
        }
    }

    fn signed_in(&mut self, fields: &mut Fields) -> Result<Action, Error> {
        let tokens = Tokens {
            access_token: fields.take_access_token()?,
            refresh_token: fields.take_refresh_token()?,
            id_token: fields.take_id_token()?,
            scope: fields.scope(),
            expires_in: fields.expires_in(),
        };
        self.state = State::Changed;
        self.token = None;
        Ok(Action::SignedIn(SignIn::Tokens(tokens)))
    }

    fn refused(&mut self, server: ServerError, now: Instant) -> Action {
        if let State::SigningIn = self.state {
            self.state = State::Changed;
            return Action::SignedIn(judge_sign_in(server));
        }
        match judge(&server) {
            Verdict::Expired => self.finish(Outcome::Expired),
            Verdict::Rejected(Rejection::WrongCode)
                if matches!(self.state, State::CheckingCode) =>
            {
                self.reject_code()
            }
            Verdict::Rejected(rejection)
                if rejection != Rejection::WrongCode
                    && matches!(self.state, State::Submitting | State::Polling(_)) =>
            {
                self.reject_password(rejection, now)
            }
            // A refusal of something that this step did not send.
            Verdict::Rejected(_) => self.refuse(Fault::Refused { server }.into(), now),
            Verdict::NoAccount(_) if self.privacy == Privacy::Hide => match self.state {
                State::Starting | State::Challenging { again: false } => {
                    self.state = State::AwaitingCodeInVain;
                    Action::Show(self.code_step(None))
                }
                _ => self.finish(Outcome::Declined),
            },
            Verdict::NoAccount(fault) | Verdict::Fault(fault) => self.refuse(fault.into(), now),
        }
    }

    fn reject_code(&mut self) -> Action {
        self.refusals = self.refusals.saturating_add(1);
        if self.privacy == Privacy::Hide && self.refusals >= HIDDEN_REFUSALS {
            return self.finish(Outcome::Declined);
        }
        if let State::CheckingCode = self.state {
            self.state = State::AwaitingCode;
        }
        Action::Show(self.code_step(Some(Rejection::WrongCode)))
    }

    fn reject_password(&mut self, rejection: Rejection, now: Instant) -> Action {
        self.state = State::AwaitingPassword;
        Action::Show(self.password_step(Some(rejection), now))
    }

    fn redirect(&mut self, reason: Option<PeerText>) -> Action {
        let handoff = Handoff::new(self.settings.browser_url.clone(), reason);
        if let State::SigningIn = self.state {
            self.state = State::Changed;
            return Action::SignedIn(SignIn::UseBrowser(handoff));
        }
        self.state = State::Ended;
        self.token = None;
        Action::Show(Step::UseBrowser(handoff))
    }

    /// The server did nothing: the step before the request stands again.
    fn refuse(&mut self, error: Error, now: Instant) -> Action {
        self.step_back(error.retry_after(), now);
        Action::Fail(error)
    }

    /// The answer does not say what the server did. A password may be set by now, so it is not asked for again.
    fn doubt(&mut self, error: Error, now: Instant) -> Action {
        if let State::Submitting = self.state {
            self.end();
            return Action::ShowBecause(Step::Finished(Outcome::UNKNOWN), error);
        }
        self.refuse(error, now)
    }

    fn lost(&mut self, sent: Sent, now: Instant) -> Action {
        if matches!((&self.state, sent), (State::Submitting, Sent::Maybe)) {
            return self.finish(Outcome::UNKNOWN);
        }
        self.step_back(None, now);
        Action::Stay
    }

    /// Returns from waiting for an answer to the step that asked for it.
    fn step_back(&mut self, retry_after: Option<Duration>, now: Instant) {
        self.state = match self.state {
            State::Starting | State::Challenging { again: false } => State::Ended,
            State::Challenging { again: true } | State::CheckingCode => State::AwaitingCode,
            State::Submitting => State::AwaitingPassword,
            State::Polling(applying) => State::Applying(applying.after(retry_after, now)),
            State::SigningIn => State::Changed,
            _ => return,
        };
    }

    fn finish(&mut self, outcome: Outcome) -> Action {
        self.end();
        Action::Show(Step::Finished(outcome))
    }

    fn end(&mut self) {
        self.state = State::Ended;
        self.token = None;
    }

    fn keep_token(&mut self, fields: &mut Fields) -> Result<bool, Error> {
        let newest = fields.take_token()?;
        let is_there = newest.is_some();
        self.token = newest.or(self.token.take());
        Ok(is_there)
    }

    /// The header comes first, as with the vendor's client: the body only repeats what was sent.
    fn note_correlation(&mut self, fields: &Fields) {
        self.server_correlation = self
            .server_correlation
            .take()
            .or_else(|| fields.correlation_id());
    }

    fn password_step(&self, rejection: Option<Rejection>, now: Instant) -> Step {
        Step::NewPassword {
            policy: PasswordPolicy::ENTRA,
            expires_in: self
                .submit_until
                .map(|end| end.saturating_duration_since(now)),
            rejection,
        }
    }

    fn code_step(&self, rejection: Option<Rejection>) -> Step {
        Step::EnterCode {
            kind: self.sent_code.kind.clone(),
            hint: self.sent_code.hint.clone(),
            code_length: self.sent_code.length,
            can_resend: true,
            can_go_back: false,
            rejection,
        }
    }
}

fn method_kind(channel: PeerText) -> MethodKind {
    match channel.as_str() {
        "email" => MethodKind::Email,
        "sms" => MethodKind::MobileSms,
        _ => MethodKind::Other(channel),
    }
}
