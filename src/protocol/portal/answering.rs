//! What is sent for an answer.

use super::forms::FormFault;
use std::sync::Arc;
use std::time::Instant;

use super::filling::{Entry, Sends, Unsent};
use super::flow::{PortalFlow, Why};
use super::profile::view::{
    CodeBox, ContactBox, Goals, Identify, Meaning, Methods, Next, PasswordBoxes, Questions,
};
use super::reading::{self, Placed, find, find_in};
use crate::error::Fault;
use crate::protocol::{Action, Answer, Goal, Rejection};
use crate::secret::{CaptchaSolution, Code, Contact, NewPassword, SecurityAnswer};

/// The most characters of what is read in a picture, and of a code.
const SHORT: usize = 64;

/// The most characters of a contact and of an answer to a question.
const LONG: usize = 320;

impl PortalFlow {
    /// Sends what the person has answered.
    pub(super) fn answered(&mut self, answer: Answer, now: Instant) -> Action {
        let settings = Arc::clone(&self.settings);
        let Some(meaning) = settings.meaning(self.at) else {
            return Action::Stay;
        };
        let (why, request) = match (meaning, &answer) {
            (Meaning::Identify(identify), Answer::Captcha(solution)) => {
                (Why::Solution, self.type_user(identify, Some(solution)))
            }
            (Meaning::Identify(identify), Answer::AnotherPicture) => {
                let boxed = identify.picture.as_ref();
                let another = boxed.and_then(|boxed| boxed.another.as_ref());
                (Why::AnotherPicture, self.press(another))
            }
            (Meaning::Goal(goals), Answer::Goal(goal)) => {
                self.goal = Some(*goal);
                (Why::Goal, self.choose_goal(goals, *goal))
            }
            (Meaning::Methods(methods), Answer::Method(id)) => {
                (Why::Method, self.choose_method(methods, id.as_str()))
            }
            (Meaning::Methods(methods), Answer::Wait) => (Why::Next, self.press_chosen(methods)),
            (Meaning::Methods(methods), Answer::Back) => {
                (Why::Back, self.press(methods.back.as_ref()))
            }
            (Meaning::Contact(boxed), Answer::Contact(contact)) => {
                (Why::Contact, self.type_contact(boxed, contact))
            }
            (Meaning::Contact(boxed), Answer::Back) => (Why::Back, self.press(Some(&boxed.back))),
            (Meaning::Code(boxed), Answer::Code(code)) => (Why::Code, self.type_code(boxed, code)),
            (Meaning::Code(boxed), Answer::ResendCode) => {
                (Why::Resend, self.press(boxed.resend.as_ref()))
            }
            (Meaning::Code(boxed), Answer::Back) => (Why::Back, self.press(boxed.back.as_ref())),
            (Meaning::Approval(_), Answer::Wait) => return self.wait(now),
            (Meaning::Approval(approval), Answer::Back) => {
                (Why::Back, self.press(Some(&approval.back)))
            }
            (Meaning::Questions(asked), Answer::Questions(answers)) => {
                (Why::Answers, self.type_answers(asked, answers))
            }
            (Meaning::Questions(asked), Answer::Back) => {
                (Why::Back, self.press(asked.back.as_ref()))
            }
            (Meaning::NewPassword(boxes), Answer::Password(password)) => {
                (Why::Password, self.type_password(boxes, password))
            }
            _ => return Action::Stay,
        };
        match request {
            Ok(request) => self.send(why, request),
            Err(Unsent::Form(fault)) => match refusal(why, &fault) {
                Some(rejection) => self.unsent(Unsent::Rejected(rejection)),
                None => self.unsent(Unsent::Form(fault)),
            },
            Err(unsent) => self.unsent(unsent),
        }
    }

    /// What becomes of an answer that is not sent.
    pub(super) fn unsent(&mut self, unsent: Unsent) -> Action {
        match unsent {
            Unsent::Rejected(rejection) => self.ask_person(Some(rejection)),
            Unsent::Form(FormFault::Action { problem, host }) => {
                let relation = "form";
                self.leave_because(Fault::LinkRefused {
                    relation,
                    problem,
                    host,
                })
            }
            Unsent::Form(_) | Unsent::Unknown => self.leave(),
            Unsent::Misfit => Action::Stay,
        }
    }

    pub(super) fn type_user(
        &self,
        identify: &Identify,
        solution: Option<&CaptchaSolution>,
    ) -> Sends {
        let page = self.page()?;
        let Placed { form, control } = find(page, &identify.user).ok_or(Unsent::Unknown)?;
        let mut typed = vec![(control, self.username.expose_secret())];
        if let Some(solution) = solution {
            let boxed = identify.picture.as_ref().ok_or(Unsent::Unknown)?;
            let control = find_in(form, &boxed.solution).ok_or(Unsent::Unknown)?;
            let text = given(
                solution.expose_secret().trim(),
                SHORT,
                Rejection::WrongSolution,
            )?;
            typed.push((control, text));
        }
        let press = identify.press.as_ref();
        self.write(
            page,
            form,
            &Entry {
                typed,
                press,
                ..Entry::default()
            },
        )
    }

    fn choose_goal(&self, goals: &Goals, goal: Goal) -> Sends {
        let mark = match goal {
            Goal::Reset => &goals.reset,
            Goal::Unlock => &goals.unlock,
        };
        let page = self.page()?;
        let placed = find(page, mark).ok_or(Unsent::Unknown)?;
        self.pick(page, placed, mark, goals.press.as_ref())
    }

    fn choose_method(&mut self, methods: &Methods, id: &str) -> Sends {
        let page = self.page()?;
        let offers = self.offers(page, methods);
        let unknown = Unsent::Rejected(Rejection::UnknownMethod);
        let is_meant = |method: &crate::protocol::Method| method.id.as_str() == id;
        let offer = offers.iter().find(|offer| is_meant(&offer.method));
        let offer = offer.ok_or(unknown)?;
        if methods.for_browser {
            return Err(Unsent::Unknown);
        }
        let (kind, method) = (offer.choice.kind, offer.method.clone());
        let press = methods.press.as_ref();
        let request = self.pick(page, offer.placed, &offer.choice.choose, press)?;
        self.choose(kind, method);
        Ok(request)
    }

    /// Whether the page has a button for the method that was chosen.
    pub(super) fn presses_chosen(&self, methods: &Methods) -> bool {
        self.page().is_ok_and(|page| {
            let kind = self.chosen.as_ref().map(|chosen| chosen.kind);
            let offers = self.offers(page, methods);
            let mut offers = offers.iter();
            offers
                .any(|offer| Some(offer.choice.kind) == kind && offer.placed.control.kind().sends())
        })
    }

    pub(super) fn press_chosen(&self, methods: &Methods) -> Sends {
        let page = self.page()?;
        let kind = self.chosen.as_ref().map(|chosen| chosen.kind);
        let offers = self.offers(page, methods);
        let offer = offers
            .iter()
            .find(|offer| Some(offer.choice.kind) == kind)
            .ok_or(Unsent::Misfit)?;
        let press = methods.press.as_ref();
        self.pick(page, offer.placed, &offer.choice.choose, press)
    }

    fn type_contact(&self, boxed: &ContactBox, contact: &Contact) -> Sends {
        let kind = self.contact_kind(boxed).ok_or(Unsent::Unknown)?;
        let press = boxed.send.iter().find(|press| press.kind == kind);
        let text = given(
            contact.expose_secret().trim(),
            LONG,
            Rejection::WrongContact,
        )?;
        self.type_into(&boxed.contact, text, press.map(|press| &press.press))
    }

    fn type_code(&self, boxed: &CodeBox, code: &Code) -> Sends {
        let text = code.expose_secret();
        let is_readable = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if text.is_empty() || text.len() > SHORT || !text.bytes().all(is_readable) {
            return Err(Unsent::Rejected(Rejection::UnreadableCode));
        }
        self.type_into(&boxed.code, text, boxed.press.as_ref())
    }

    fn type_answers(&self, asked: &Questions, answers: &[SecurityAnswer]) -> Sends {
        let page = self.page()?;
        let (form, boxes) = reading::numbered(page, &asked.answers).ok_or(Unsent::Unknown)?;
        if boxes.len() != answers.len() {
            return Err(Unsent::Rejected(Rejection::MissingAnswer));
        }
        let mut typed = Vec::with_capacity(boxes.len());
        for (control, answer) in boxes.into_iter().zip(answers) {
            let text = given(answer.expose_secret(), LONG, Rejection::WrongAnswers)?;
            typed.push((control, text));
        }
        let press = asked.press.as_ref();
        let entry = Entry {
            typed,
            press,
            ..Entry::default()
        };
        self.write(page, form, &entry)
    }

    fn type_password(&self, boxes: &PasswordBoxes, password: &NewPassword) -> Sends {
        let policy = self.settings.profile.policy();
        policy.check(password).map_err(Unsent::Rejected)?;
        let page = self.page()?;
        let (first, second) = boxes.on(page).ok_or(Unsent::Unknown)?;
        let text = password.expose_secret();
        let controls = std::iter::once(first.control).chain(second);
        let entry = Entry {
            typed: controls.map(|control| (control, text)).collect(),
            press: boxes.press.as_ref(),
            ..Entry::default()
        };
        self.write(page, first.form, &entry)
    }

    pub(super) fn lead_on(&self, next: &Next) -> Sends {
        self.press(Some(&next.press))
    }

    pub(super) fn poll(&mut self) -> Action {
        let settings = Arc::clone(&self.settings);
        let Some(Meaning::Approval(approval)) = settings.meaning(self.at) else {
            return Action::Stay;
        };
        match self.press(Some(&approval.press)) {
            Ok(request) => self.send(Why::Poll, request),
            Err(_) => self.leave(),
        }
    }
}

/// What the person has given, if it can be right at all.
fn given(text: &str, limit: usize, otherwise: Rejection) -> Result<&str, Unsent> {
    if text.trim().is_empty() {
        return Err(Unsent::Rejected(Rejection::MissingAnswer));
    }
    match text.chars().count() <= limit {
        true => Ok(text),
        false => Err(Unsent::Rejected(otherwise)),
    }
}

/// The refusal that the page itself would give before it sends anything.
fn refusal(why: Why, fault: &FormFault) -> Option<Rejection> {
    if !matches!(fault, FormFault::TooLong(_) | FormFault::LineEnd(_)) {
        return None;
    }
    Some(match why {
        Why::Solution => Rejection::WrongSolution,
        Why::Contact => Rejection::WrongContact,
        Why::Code => Rejection::WrongCode,
        Why::Answers => Rejection::WrongAnswers,
        Why::Password => Rejection::PasswordTooLong,
        _ => return None,
    })
}
