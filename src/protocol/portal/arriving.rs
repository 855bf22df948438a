//! A page has come: which view it is, what it says of the last answer, and what it wants.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::flow::{PortalFlow, Why};
use super::profile::view::{Complaint, End, Ending, Identify, Meaning, Methods};
use super::reading::{self, Recognised};
use crate::error::{Fault, PeerText, ServerError};
use crate::protocol::polling::Applying;
use crate::protocol::{Action, DeviceState, Goal, Outcome, Privacy, Rejection, SignInNext, Step};

/// How many seconds lie between two questions whether it has been approved, where the profile does not say.
const EVERY: u64 = 5;

impl PortalFlow {
    /// The page that stands has just come.
    pub(super) fn arrived(
        &mut self,
        why: Why,
        retry_after: Option<Duration>,
        now: Instant,
    ) -> Action {
        let settings = Arc::clone(&self.settings);
        let Some(page) = &self.page else {
            return Action::Stay;
        };
        let Recognised::As(index) = reading::recognise(&settings.profile, page, self.at) else {
            return self.leave();
        };
        let is_same = self.at == Some(index);
        self.at = Some(index);
        self.by = why;
        let Some(view) = settings.view(self.at) else {
            return Action::Stay;
        };
        if let Meaning::End(end) = &view.means {
            return self.ended(end, retry_after);
        }
        let complaint = match why {
            Why::Open => None,
            _ => reading::complaint(page, &view.refused),
        };
        let rejection = match complaint {
            Some((Complaint::UnknownAccount, words)) => return self.unknown_account(&words),
            Some((complaint, words)) => {
                let known = complaint.rejection();
                Some(known.unwrap_or_else(|| self.other(Some(&words))))
            }
            None if is_same && why.can_be_refused() => Some(self.other(None)),
            None => None,
        };
        if is_same && why == Why::Poll {
            self.approval = self.approval.map(|poll| poll.after(retry_after, now));
        } else {
            self.approval = None;
        }
        // It asks for a method again that was pressed by itself.
        if is_same && why == Why::Method {
            self.by = Why::Next;
        }
        self.enter(rejection, now)
    }

    /// Does what the view wants: asks the person, or goes on by itself.
    pub(super) fn enter(&mut self, rejection: Option<Rejection>, now: Instant) -> Action {
        self.learn();
        let settings = Arc::clone(&self.settings);
        match settings.meaning(self.at) {
            Some(Meaning::Identify(identify)) => self.identify(identify, rejection),
            Some(Meaning::Methods(methods)) => self.choose_or_press(methods, rejection),
            Some(Meaning::Next(next)) => match self.lead_on(next) {
                Ok(request) => self.send_by_itself(Why::Next, request),
                Err(unsent) => self.unsent(unsent),
            },
            Some(Meaning::Approval(approval)) => {
                if self.approval.is_none() {
                    let every = Some(approval.every.unwrap_or(EVERY));
                    let polling = Applying::new(every, self.poll_limit, now);
                    self.approval = Some(polling.after(None, now));
                }
                self.ask_person(rejection)
            }
            Some(Meaning::NewPassword(_)) => {
                // The view asks for it, so none has been taken.
                self.password_left = false;
                self.ask_person(rejection)
            }
            Some(
                Meaning::Goal(_) | Meaning::Contact(_) | Meaning::Code(_) | Meaning::Questions(_),
            ) => self.ask_person(rejection),
            Some(Meaning::End(_) | Meaning::Browser) | None => self.leave(),
        }
    }

    /// Shows the step of the view, if the page has all that belongs to it.
    pub(super) fn ask_person(&mut self, rejection: Option<Rejection>) -> Action {
        match self.step(rejection) {
            Some(step) if !self.password_left => {
                if let Step::ChooseMethod { .. } = step {
                    self.chosen = None;
                }
                self.show(step)
            }
            _ => self.leave(),
        }
    }

    /// Types the user name, or shows the picture that asks for a person first.
    fn identify(&mut self, identify: &Identify, rejection: Option<Rejection>) -> Action {
        let Some(page) = &self.page else {
            return Action::Stay;
        };
        if let Some(url) = identify.picture_on(page) {
            let Ok(url) = url else {
                return self.leave();
            };
            let request = self.requests.picture(url, page.url());
            self.picture = None;
            self.rejection = rejection;
            self.shown = self.shown.filter(|shown| Some(*shown) != self.at);
            return self.send_by_itself(Why::Picture, request);
        }
        let asks_all_the_same = identify.asks_for_solution(page);
        if rejection.is_some() || asks_all_the_same {
            return self.leave();
        }
        match self.type_user(identify, None) {
            Ok(request) => self.send_by_itself(Why::User, request),
            Err(_) => self.leave(),
        }
    }

    /// A method that was just chosen is pressed where the page has a button for it, without asking again.
    fn choose_or_press(&mut self, methods: &Methods, rejection: Option<Rejection>) -> Action {
        let is_fresh = self.by == Why::Method && rejection.is_none();
        match is_fresh && self.presses_chosen(methods) {
            true => match self.press_chosen(methods) {
                Ok(request) => self.send_by_itself(Why::Method, request),
                Err(unsent) => self.unsent(unsent),
            },
            false => self.ask_person(rejection),
        }
    }

    /// A refusal in the words of the page, or in its name for the view. Where nobody is to learn of an account, its words
    /// about the user name are not told.
    fn other(&self, words: Option<&str>) -> Rejection {
        let settings = &self.settings;
        let is_about_account = matches!(settings.meaning(self.at), Some(Meaning::Identify(_)));
        let is_hidden = is_about_account && self.privacy == Privacy::Hide;
        let said = words.filter(|_| !is_hidden).map(PeerText::new);
        let error = said.or_else(|| {
            let page = self.page.as_ref()?;
            let mut alerts = page.alerts();
            let alert = alerts.next().filter(|_| !is_hidden);
            Some(match alert {
                Some(alert) => PeerText::new(&alert.text()),
                None => reading::raw_name(&settings.profile, page),
            })
        });
        Rejection::Other(ServerError {
            error: error.unwrap_or_default(),
            ..ServerError::default()
        })
    }

    fn unknown_account(&mut self, words: &str) -> Action {
        if self.privacy == Privacy::Hide {
            return self.finish(Outcome::Declined);
        }
        let server = ServerError {
            error: PeerText::new(words),
            ..ServerError::default()
        };
        self.finish_because(Outcome::Declined, Fault::AccountNotFound { server })
    }

    /// The page says that this is the end.
    fn ended(&mut self, end: &End, retry_after: Option<Duration>) -> Action {
        let code = || match (&end.code, &self.page) {
            (Some(code), _) => PeerText::new(code),
            (None, Some(page)) => reading::raw_name(&self.settings.profile, page),
            (None, None) => PeerText::default(),
        };
        let outcome = match end.outcome {
            // Nobody has given a password, whatever the page says.
            Ending::PasswordChanged | Ending::ChangedCloudPending if !self.password_left => {
                return self.leave();
            }
            Ending::PasswordChanged => Outcome::PasswordChanged {
                device: DeviceState::Unknown,
                sign_in: SignInNext::Unknown,
            },
            Ending::ChangedCloudPending => Outcome::ChangedCloudPending,
            Ending::Unlocked if self.goal == Some(Goal::Unlock) => Outcome::Unlocked,
            Ending::Unlocked => return self.leave(),
            Ending::NeedsAdministrator => Outcome::NeedsAdministrator { code: code() },
            Ending::NotRegistered => Outcome::NotRegistered {
                where_to_register: None,
            },
            Ending::Blocked => Outcome::Blocked { retry_after },
            Ending::Expired => Outcome::Expired,
            Ending::Declined => Outcome::Declined,
            Ending::TryLater => {
                let fault = Fault::WritebackUnavailable { code: code() };
                return self.finish_because(Outcome::Declined, fault);
            }
            Ending::Cookies => {
                return self.finish_because(Outcome::Expired, Fault::CookiesRefused);
            }
        };
        self.finish(outcome)
    }
}
