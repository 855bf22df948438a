//! What the server answers, and what follows from it.

use std::time::Instant;

use super::answer::{Answered, Fields, Next, Refusal, read};
use super::flow::{AskedAt, Links, State, V2Flow, password_step};
use super::methods::Offer;
use super::request::Requests;
use super::verdict::judge;
use crate::error::{Error, Fault};
use crate::exchange::Response;
use crate::protocol::polling::Applying;
use crate::protocol::sent_code::SentCode;
use crate::protocol::status::server_request_id;
use crate::protocol::verdict::{Verdict, judge_sign_in};
use crate::protocol::{
    Action, DeviceState, Handoff, MethodKind, Outcome, Privacy, Rejection, SignIn, SignInNext,
    Step, Tokens,
};

impl V2Flow {
    /// Takes a response in, whatever it is.
    pub(super) fn responded(&mut self, response: &Response, now: Instant) -> Action {
        self.server_correlation = server_request_id(response);
        let is_entry = matches!(self.state, State::Entering(_));
        match read(response, is_entry) {
            Ok(Answered::Done(mut fields)) => {
                self.note_correlation(&fields);
                self.done(&mut fields, now)
                    .unwrap_or_else(|error| self.doubt(error, now))
            }
            Ok(Answered::Refused(refusal, mut fields)) => {
                self.note_correlation(&fields);
                // The refusal counts, whatever its token looks like.
                let _ = self.keep_token(&mut fields);
                self.refused(refusal, now)
            }
            Err(error) if response.status.is_client_error() => self.refuse(error, now),
            Err(error) => self.doubt(error, now),
        }
    }

    fn done(&mut self, fields: &mut Fields, now: Instant) -> Result<Action, Error> {
        match self.state {
            State::Polling(applying) => return self.polled(fields, applying, now),
            State::Authorizing => return self.authorized(fields),
            State::Redeeming => return self.signed_in(fields),
            _ => {}
        }
        if !self.keep_token(fields)? {
            let field = "continuationToken";
            return Err(Fault::MissingField { field }.into());
        }
        match self.state {
            State::Entering(_) => self.entered(fields),
            State::Starting => self.started(fields),
            State::Challenging { from, is_risk } => self.challenged(fields, from, is_risk),
            State::CheckingCode => self.verified(fields),
            State::Submitting => self.updated(fields, now),
            _ => Ok(Action::Stay),
        }
    }

    fn entered(&mut self, fields: &Fields) -> Result<Action, Error> {
        let link = fields.reset_link(&self.settings.authority)?;
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Entering(username) => Ok(self.follow(
                State::Starting,
                Some(link),
                |requests, url, token| requests.start(url, token, &username),
            )),
            _ => Ok(Action::Stay),
        }
    }

    fn started(&mut self, fields: &Fields) -> Result<Action, Error> {
        if fields.next()? != Next::Challenge || fields.is_second_factor()? {
            return Err(fields.misplaced());
        }
        self.methods = fields.methods(&self.settings.authority)?;
        if self.privacy == Privacy::Tell && self.methods.len() > 1 {
            self.state = State::Choosing;
            return Ok(Action::Show(self.choice_step(None)));
        }
        let is_known = |offer: &Offer| !matches!(offer.method.kind, MethodKind::Other(_));
        self.chosen = self.methods.iter().position(is_known).unwrap_or_default();
        Ok(self.challenge(AskedAt::Start))
    }

    fn challenged(
        &mut self,
        fields: &Fields,
        from: AskedAt,
        is_risk: bool,
    ) -> Result<Action, Error> {
        let authority = &self.settings.authority;
        match fields.next()? {
            Next::Verify => {}
            Next::RiskVerify if !is_risk => {
                let link = fields.required_link(authority, "riskverify")?;
                let is_risk = true;
                let state = State::Challenging { from, is_risk };
                return Ok(self.follow(state, Some(link), Requests::challenge));
            }
            _ => return Err(fields.misplaced()),
        }
        let kind = fields.kind()?;
        if is_risk && kind != Some(MethodKind::MobileSms) {
            return Err(fields.misplaced_kind());
        }
        self.links = Links {
            verify: Some(fields.required_link(authority, "verify")?),
            resend: fields.link(authority, "resend")?,
            ..Links::default()
        };
        if self.privacy == Privacy::Tell {
            let chosen = self.methods.get(self.chosen).map(|offer| &offer.method);
            self.sent_code = SentCode {
                kind: kind.or_else(|| chosen.map(|method| method.kind.clone())),
                hint: fields
                    .hint()?
                    .or_else(|| chosen.and_then(|method| method.hint.clone())),
                length: fields.code_length(),
            };
        }
        self.state = State::AwaitingCode;
        Ok(Action::Show(self.code_step(None)))
    }

    fn verified(&mut self, fields: &Fields) -> Result<Action, Error> {
        if fields.next()? != Next::Update {
            return Err(fields.misplaced());
        }
        let link = fields.required_link(&self.settings.authority, "update")?;
        self.links.update = Some(link);
        self.state = State::AwaitingPassword;
        Ok(Action::Show(password_step(None)))
    }

    fn updated(&mut self, fields: &Fields, now: Instant) -> Result<Action, Error> {
        let link = fields.required_link(&self.settings.authority, "poll")?;
        self.links.poll = Some(link);
        // The server names no interval.
        self.state = State::Applying(Applying::new(None, self.poll_limit, now));
        Ok(Action::Show(Step::Applying { polls: 0 }))
    }

    /// What comes after the password is proof that it was taken: the end of the flow, a second factor, or the
    /// registration of one.
    fn polled(
        &mut self,
        fields: &mut Fields,
        applying: Applying,
        now: Instant,
    ) -> Result<Action, Error> {
        // Without a token that can be used, the one before goes on.
        let _ = self.keep_token(fields);
        let sign_in = match fields.next()? {
            Next::Continue => SignInNext::Unknown,
            Next::Enroll => SignInNext::Enrolment,
            Next::Challenge if fields.is_second_factor()? => SignInNext::SecondFactor,
            Next::Poll => {
                let link = fields.link(&self.settings.authority, "poll")?;
                self.links.poll = link.or(self.links.poll.take());
                self.state = State::Applying(applying.after(None, now));
                let polls = applying.polls;
                return Ok(Action::Show(Step::Applying { polls }));
            }
            _ => return Err(fields.misplaced()),
        };
        self.state = State::Changed(sign_in);
        Ok(Action::Show(Step::Finished(Outcome::PasswordChanged {
            device: DeviceState::NotConcerned,
            sign_in,
        })))
    }

    fn authorized(&mut self, fields: &mut Fields) -> Result<Action, Error> {
        let code = fields.take_code()?;
        self.state = State::Redeeming;
        Ok(Action::Send(self.requests.redeem(&self.settings, &code)))
    }

    fn signed_in(&mut self, fields: &mut Fields) -> Result<Action, Error> {
        let tokens = Tokens {
            access_token: fields.take_access_token()?,
            refresh_token: fields.take_refresh_token()?,
            id_token: fields.take_id_token()?,
            scope: fields.scope(),
            expires_in: fields.expires_in(),
        };
        self.state = State::Changed(SignInNext::Unknown);
        self.token = None;
        Ok(Action::SignedIn(SignIn::Tokens(tokens)))
    }

    fn refused(&mut self, refusal: Refusal, now: Instant) -> Action {
        let is_sign_in = matches!(self.state, State::Authorizing | State::Redeeming);
        if refusal.wants_browser() {
            let handoff = Handoff::new(self.settings.browser_url.clone(), refusal.server.suberror);
            if is_sign_in {
                self.state = State::Changed(SignInNext::Unknown);
                return Action::SignedIn(SignIn::UseBrowser(handoff));
            }
            self.end();
            return Action::Show(Step::UseBrowser(handoff));
        }
        if is_sign_in {
            self.state = State::Changed(SignInNext::Unknown);
            return Action::SignedIn(judge_sign_in(refusal.server));
        }
        match judge(&refusal) {
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
                self.state = State::AwaitingPassword;
                Action::Show(password_step(Some(rejection)))
            }
            // A refusal of something that this step did not send.
            Verdict::Rejected(_) => {
                let server = refusal.server;
                self.refuse(Fault::Refused { server }.into(), now)
            }
            Verdict::NoAccount(_) if self.privacy == Privacy::Hide => match self.state {
                State::Starting
                | State::Challenging {
                    from: AskedAt::Start,
                    ..
                } => {
                    self.state = State::AwaitingCodeInVain;
                    Action::Show(self.code_step(None))
                }
                _ => self.finish(Outcome::Declined),
            },
            Verdict::NoAccount(fault) | Verdict::Fault(fault) => self.refuse(fault.into(), now),
        }
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
}
