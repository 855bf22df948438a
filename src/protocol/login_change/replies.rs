//! What the server answers, and what becomes of the attempt by it.

use std::time::Instant;

use http::header::LOCATION;
use url::Url;

use super::change_code::Verdict;
use super::flow::{Change, ChangeFlow, State};
use super::job::{Job, JobAnswer, Progress, Refusal};
use super::page::Page;
use super::sign_in_result::{Route, SignInResult};
use crate::error::{Error, Fault, PeerText};
use crate::exchange::Response;
use crate::protocol::origin::{host, problem};
use crate::protocol::polling::Applying;
use crate::protocol::status::server_request_id;
use crate::protocol::{
    Action, DeviceState, HIDDEN_REFUSALS, Handoff, Outcome, Privacy, Rejection, SignInNext, Step,
};
use crate::secret::ContinuationToken;

/// How many seconds lie between two polls, as with the programs that wait at all.
const POLL_INTERVAL: u64 = 1;

impl ChangeFlow {
    pub(super) fn responded(&mut self, response: &Response, now: Instant) -> Action {
        let Some(url) = self.asked.take() else {
            return Action::Stay;
        };
        self.server_correlation = server_request_id(response);
        self.requests.cookies.keep(&url, &response.headers);
        match self.state {
            State::Opening => self.opened(response, now),
            State::SigningIn => self.signed_in(response, now),
            State::Beginning => self.begun(response, now),
            State::Polling(applying) => self.polled(response, applying, now),
            State::Ending => self.ended(response),
            _ => Action::Stay,
        }
    }
}

// The pages before the change.
impl ChangeFlow {
    fn opened(&mut self, response: &Response, now: Instant) -> Action {
        let mut page = match Page::read(response) {
            Ok(page) => page,
            Err(error) => return self.refuse(error, now),
        };
        if let Some(result) = page.refusal() {
            return self.routed(&result, now);
        }
        match page.form(&self.settings.authority) {
            Ok(form) => {
                self.sign_in_page = page.pgid();
                self.page = Some(form);
                self.ask_for_current(None)
            }
            Err(error) => self.refuse(error, now),
        }
    }

    fn signed_in(&mut self, response: &Response, now: Instant) -> Action {
        if response.status.is_redirection() {
            // To the own identity provider of a federated account, or signed in without any change.
            let host = self.location(response).and_then(|url| host(&url));
            return self.use_browser(None, host);
        }
        let mut page = match Page::read(response) {
            Ok(page) => page,
            Err(error) => return self.refuse(error, now),
        };
        if page.wants_change() {
            return self.change_wanted(&mut page);
        }
        let Some(result) = page.refusal() else {
            return self.use_browser(None, page.pgid());
        };
        if let Ok(form) = page.form(&self.settings.authority) {
            self.page = Some(form);
        }
        self.routed(&result, now)
    }

    fn change_wanted(&mut self, page: &mut Page) -> Action {
        let authority = &self.settings.authority;
        let links = page.job_links(authority);
        let read = links.and_then(|links| Ok((links, page.form(authority)?)));
        match read {
            Ok(((begin, poll), page)) => {
                self.change = Some(Change { page, begin, poll });
                self.ask_for_new(None)
            }
            Err(error) => {
                self.end();
                let handoff = Handoff::new(self.browser_url(None), page.pgid());
                Action::ShowBecause(Step::UseBrowser(handoff), error)
            }
        }
    }

    /// A sign-in that was refused or interrupted.
    fn routed(&mut self, result: &SignInResult, now: Instant) -> Action {
        let is_sign_in = matches!(self.state, State::SigningIn);
        let code = || Some(result.code().clone());
        let server = result.server_error();
        match result.route() {
            Route::Reset if is_sign_in && result.is_wrong_password() => self.reject_current(),
            Route::NoAccount if is_sign_in && self.privacy == Privacy::Hide => {
                self.reject_current()
            }
            // Before anyone was named, it is the tenant that is not there.
            Route::NoAccount if !is_sign_in => self.use_browser(None, code()),
            Route::NoAccount if result.is_without_password() => {
                self.refuse(Fault::NothingToReset { server }.into(), now)
            }
            Route::NoAccount => self.refuse(Fault::AccountNotFound { server }.into(), now),
            Route::TryLater => self.refuse(Fault::TemporarilyRefused { server }.into(), now),
            Route::Wait => self.finish(Outcome::Blocked { retry_after: None }),
            Route::SignInAgain => self.finish(Outcome::Expired),
            Route::Administrator => {
                let code = result.code().clone();
                self.finish(Outcome::NeedsAdministrator { code })
            }
            Route::Reset => self.use_browser(self.settings.reset_url.clone(), code()),
            Route::Change | Route::Browser | Route::Unknown => self.use_browser(None, code()),
        }
    }

    /// Three refusals end an attempt if nobody is to learn which accounts there are.
    fn reject_current(&mut self) -> Action {
        self.refusals = self.refusals.saturating_add(1);
        if self.privacy == Privacy::Hide && self.refusals >= HIDDEN_REFUSALS {
            return self.finish(Outcome::Declined);
        }
        self.current = None;
        self.ask_for_current(Some(Rejection::WrongPassword))
    }
}

// The job.
impl ChangeFlow {
    fn begun(&mut self, response: &Response, now: Instant) -> Action {
        let answer = JobAnswer::read(response);
        let read = answer.and_then(|answer| Ok((answer.progress()?, answer)));
        match read {
            Ok((Progress::Refused(refusal), _)) => self.refused(refusal),
            Ok((progress, mut answer)) => {
                let Some(mut job) = self.new_job() else {
                    return Action::Stay;
                };
                let updated = answer.update(&mut job);
                self.job = Some(job);
                match (updated, progress) {
                    (Err(error), _) => self.doubt(error),
                    (Ok(()), Progress::Pending) => {
                        let interval = Some(POLL_INTERVAL);
                        let applying = Applying::new(interval, self.poll_limit, now);
                        self.state = State::Applying(applying);
                        Action::Show(Step::Applying { polls: 0 })
                    }
                    (Ok(()), _) => self.end_change(),
                }
            }
            // The server did nothing.
            Err(error) if response.status.is_client_error() => self.refuse(error, now),
            Err(error) => self.doubt(error),
        }
    }

    fn polled(&mut self, response: &Response, applying: Applying, now: Instant) -> Action {
        let answer = JobAnswer::read(response);
        let read = answer.and_then(|mut answer| {
            let progress = answer.progress()?;
            if let Some(job) = &mut self.job {
                answer.update(job)?;
            }
            Ok(progress)
        });
        match read {
            Ok(Progress::Pending) => {
                self.state = State::Applying(applying.after(None, now));
                let polls = applying.polls;
                Action::Show(Step::Applying { polls })
            }
            Ok(Progress::Done) => self.end_change(),
            Ok(Progress::Refused(refusal)) => self.refused(refusal),
            Err(error) => self.refuse(error, now),
        }
    }

    /// The job starts from the tokens of the page, also after a refusal.
    fn new_job(&self) -> Option<Job> {
        let page = &self.change.as_ref()?.page;
        let copy = |token: &ContinuationToken| ContinuationToken::new(token.expose_secret());
        Some(Job {
            ctx: copy(&page.ctx),
            flow_token: copy(&page.flow_token),
            data_center: String::new(),
            scale_unit: String::new(),
        })
    }

    /// The change was refused, by Begin, a poll or End.
    fn refused(&mut self, refusal: Refusal) -> Action {
        let change_code = refusal.code.as_ref().and_then(SignInResult::change_code);
        let (Some(result), Some(code)) = (&refusal.code, change_code) else {
            let server = match &refusal.code {
                Some(result) => result.server_error(),
                None if self.holds_secret(&refusal.words) => Default::default(),
                None => refusal.server_error(),
            };
            return self.ask_for_new(Some(Rejection::Other(server)));
        };
        match code.verdict() {
            Verdict::WrongCurrent => {
                self.job = None;
                self.new = None;
                self.reject_current()
            }
            Verdict::Rejected(rejection) => self.ask_for_new(Some(rejection)),
            Verdict::CloudPending => self.finish(Outcome::ChangedCloudPending),
            Verdict::Administrator => {
                let code = result.code().clone();
                self.finish(Outcome::NeedsAdministrator { code })
            }
            Verdict::TryLater => {
                let server = result.server_error();
                self.ask_for_new(Some(Rejection::Other(server)))
            }
            Verdict::Uncertain => {
                let server = result.server_error();
                self.doubt(Fault::TemporarilyRefused { server }.into())
            }
        }
    }

    /// Words that repeat a password are not shown.
    fn holds_secret(&self, words: &str) -> bool {
        let current = self.current.as_ref().map(|secret| secret.expose_secret());
        let new = self.new.as_ref().map(|secret| secret.expose_secret());
        [current, new]
            .into_iter()
            .flatten()
            .any(|secret| words.contains(secret))
    }
}

// The end.
impl ChangeFlow {
    /// The job has ended without an error. That the sign-in goes on with the new password is the proof of it.
    fn ended(&mut self, response: &Response) -> Action {
        if response.status.is_redirection() {
            if self.leads_on(response) {
                return self.changed(SignInNext::Unknown);
            }
            let host = self.location(response).and_then(|url| host(&url));
            let status = response.status.as_u16();
            return self.doubt(Fault::RedirectRefused { status, host }.into());
        }
        let mut page = match Page::read(response) {
            Ok(page) => page,
            Err(error) => return self.doubt(error),
        };
        match page.refusal() {
            Some(result) if result.wants_enrolment() => self.changed(SignInNext::Enrolment),
            Some(result) if result.wants_second_factor() => self.changed(SignInNext::SecondFactor),
            Some(result) if result.change_code().is_some() => {
                let words = result.code().to_string();
                let code = Some(result);
                self.refused(Refusal { code, words })
            }
            Some(result) => {
                let server = result.server_error();
                self.doubt(Fault::Refused { server }.into())
            }
            None => match page.pgid() {
                Some(_) if self.is_next(&mut page) => self.changed(SignInNext::Unknown),
                Some(word) => self.doubt(
                    Fault::UnknownWord {
                        field: "pgid",
                        word,
                    }
                    .into(),
                ),
                None => self.doubt(Fault::MissingField { field: "pgid" }.into()),
            },
        }
    }

    /// Whether a page is the next one of a sign-in: neither of those before, without an error, and with what the sign-in
    /// needs to go on.
    fn is_next(&self, page: &mut Page) -> bool {
        let is_other = !page.wants_change() && page.pgid() != self.sign_in_page;
        is_other && !page.shows_error() && page.form(&self.settings.authority).is_ok()
    }

    /// Whether a redirect belongs to a sign-in that succeeded. It hands out the code, where the application's sign-ins
    /// lead and with the state that was sent along; or it stays on the origin, and does not begin anew.
    fn leads_on(&self, response: &Response) -> bool {
        let Some(url) = self.location(response) else {
            return false;
        };
        let value = |wanted: &str| {
            let mut pairs = url.query_pairs();
            let pair = pairs.find(|(name, _)| name == wanted);
            pair.map(|(_, value)| value)
        };
        if value("error").is_some() {
            return false;
        }
        let mut place = url.clone();
        place.set_query(None);
        place.set_fragment(None);
        if Url::parse(&self.settings.redirect_uri).is_ok_and(|uri| uri == place) {
            let has_code = value("code").is_some_and(|code| !code.is_empty());
            return has_code && value("state").as_deref() == Some(self.requests.state());
        }
        let sign_in = self.page.as_ref().map(|page| page.post.path());
        let begins_anew = [Some(self.settings.authorize.path()), sign_in];
        problem(&self.settings.authority, &url).is_none()
            && !begins_anew.contains(&Some(url.path()))
    }

    fn location(&self, response: &Response) -> Option<Url> {
        let text = response.headers.get(LOCATION)?.to_str().ok()?;
        self.settings.authority.join(text).ok()
    }

    fn changed(&mut self, sign_in: SignInNext) -> Action {
        self.finish(Outcome::PasswordChanged {
            device: DeviceState::Unknown,
            sign_in,
        })
    }

    /// The server did nothing: the step before the request stands again.
    fn refuse(&mut self, error: Error, now: Instant) -> Action {
        self.step_back(error.retry_after(), now);
        Action::Fail(error)
    }

    /// The answer does not say what the server did. The password may be changed by now, so it is not asked for again.
    fn doubt(&mut self, error: Error) -> Action {
        self.end();
        Action::ShowBecause(Step::Finished(Outcome::UNKNOWN), error)
    }

    fn use_browser(&mut self, url: Option<Url>, reason: Option<PeerText>) -> Action {
        let handoff = Handoff::new(self.browser_url(url), reason);
        self.end();
        Action::Show(Step::UseBrowser(handoff))
    }

    fn browser_url(&self, url: Option<Url>) -> Option<Url> {
        let settings = &self.settings;
        let own = settings.browser_url.clone();
        own.or(url).or_else(|| Some(settings.authority.clone()))
    }
}
