//! The gates: choosing a method and passing it.

use std::time::Duration;

use super::super::inbox::{Channel, Message};
use super::super::{audit, random};
use super::call::Call;
use super::fields::{ANSWER, Button, CODE, Fields, METHOD, PHONE};
use super::language::Text;
use super::limits::Limit;
use super::method::{Method, Registered, Way, digits};
use super::session::{End, Note, Sent, Session, Step};
use super::{text, totp};

/// How long a call rings and a notification is shown: *invented*.
const PATIENCE: Duration = Duration::from_secs(60);

impl Call<'_> {
    pub(super) fn choose_method(&mut self, session: &mut Session, button: Button, fields: &Fields) {
        let passed = session.person.iter().flat_map(|person| &person.passed);
        let first_gate = passed.clone().next().is_none();
        match button {
            Button::Back if first_gate && self.state.portal.policy.unlock => {
                session.step = Step::ResetOrUnlock;
            }
            Button::Next => {
                let left = self.user(session).map(|user| {
                    let mut offered = self.state.portal.policy.offered(&user);
                    offered.retain(|way| passed.clone().all(|passed| passed != way));
                    offered
                });
                match Way::from_radio(fields.control(METHOD)) {
                    Some(way) if left.is_some_and(|left| left.contains(&way)) => {
                        session.step = Step::Prove(way, Sent::Nothing);
                    }
                    _ => session.object(text::CHOOSE_ONE),
                }
            }
            _ => {}
        }
    }

    pub(super) fn prove(&mut self, session: &mut Session, button: Button, fields: &Fields) {
        let Step::Prove(way, sent) = session.step.clone() else {
            return;
        };
        let registered = self.user(session).and_then(|user| user.method_for(way));
        let Some(method) = registered else {
            return session.object(text::CHOOSE_ONE);
        };
        match (way, button, sent) {
            (_, Button::Back, _) => session.step = Step::Choose,
            (Way::Email, Button::Email, _) => self.send_code(session, &method, Channel::Email),
            (Way::Phone, Button::Text | Button::Call, _)
                if digits(fields.control(PHONE)) != digits(method.target()) =>
            {
                session.object(text::PHONE_DIFFERS);
            }
            (Way::Phone, Button::Text, _) => self.reach(session, &method, Channel::Text),
            (Way::Phone | Way::OfficePhone, Button::Call, _) => {
                self.reach(session, &method, Channel::Call);
            }
            (Way::AppApproval, Button::Send, _) => {
                self.ask(session, &method, Channel::Notification);
            }
            (Way::AppCode, Button::Next, _) => self.check_app_code(session, &method, fields),
            (Way::Questions, Button::Next, _) => self.check_answers(session, &method, fields),
            (_, Button::Next, Sent::Code(code)) => self.check_code(session, way, &code, fields),
            (_, Button::Next, Sent::Question { until, answer }) => match answer {
                Some(true) => self.pass(session, way),
                Some(false) => self.give_up_waiting(session, way, text::ANSWERED_NO),
                None if until <= self.now => {
                    self.give_up_waiting(session, way, text::ANSWERED_NOT);
                }
                None => session.note = Some(Note::Notice(text::STILL_WAITING)),
            },
            _ => {}
        }
    }

    /// Sends a text or calls, as often as that is allowed.
    fn reach(&mut self, session: &mut Session, method: &Method, channel: Channel) {
        if !self.may(session, Limit::PhoneValidations) {
            return;
        }
        if channel == Channel::Text {
            self.send_code(session, method, channel);
        } else {
            self.ask(session, method, channel);
        }
    }

    fn send_code(&mut self, session: &mut Session, method: &Method, channel: Channel) {
        let code = random::digits(self.state.settings.code_length);
        self.deliver(session, method, channel, &code);
        session.step = Step::Prove(method.way(), Sent::Code(code));
    }

    /// Calls somebody, or notifies the app.
    fn ask(&mut self, session: &mut Session, method: &Method, channel: Channel) {
        self.deliver(session, method, channel, "");
        let question = Sent::Question {
            until: self.now + PATIENCE,
            answer: None,
        };
        session.step = Step::Prove(method.way(), question);
    }

    fn deliver(&mut self, session: &Session, method: &Method, channel: Channel, code: &str) {
        self.state.inbox.deliver(Message {
            user: session.name().to_owned(),
            to: method.target().to_owned(),
            channel,
            code: code.to_owned(),
            time: self.now,
        });
        let detail = format!("Started the {} verification option", option(method.way()));
        self.progress(session.name(), true, &detail);
    }

    fn check_code(&mut self, session: &mut Session, way: Way, code: &str, fields: &Fields) {
        match fields.control(CODE).trim() {
            "" => session.object(text::CODE_MISSING),
            typed if typed == code => self.pass(session, way),
            _ => self.wrong_code(session),
        }
    }

    fn check_app_code(&mut self, session: &mut Session, method: &Method, fields: &Fields) {
        let Registered::AppCode(secret) = &method.0 else {
            return;
        };
        let typed = fields.control(CODE).trim();
        if typed.is_empty() {
            return session.object(text::CODE_MISSING);
        }
        let key = session.name().to_ascii_lowercase();
        let last = self.state.portal.last_app_step.get(&key).copied();
        let step = totp::step_of(secret, typed, self.now).filter(|step| Some(*step) > last);
        let Some(step) = step else {
            return self.wrong_code(session);
        };
        self.state.portal.last_app_step.insert(key, step);
        self.pass(session, Way::AppCode);
    }

    fn wrong_code(&mut self, session: &mut Session) {
        if self.may(session, Limit::WrongCodes) {
            self.progress(session.name(), false, "Entered a wrong code");
            session.object(text::CODE_WRONG);
        }
    }

    fn check_answers(&mut self, session: &mut Session, method: &Method, fields: &Fields) {
        let Registered::Questions(questions) = &method.0 else {
            return;
        };
        if !self.may(session, Limit::Questions) {
            return;
        }
        let asked = questions.iter().take(self.state.portal.policy.questions);
        let right = asked.enumerate().all(|(number, (_, answer))| {
            let typed = fields.control(&format!("{ANSWER}{}", number + 1));
            typed.trim().to_lowercase() == answer.trim().to_lowercase()
        });
        if right {
            self.pass(session, Way::Questions);
        } else {
            let detail = "Answered the security questions wrongly";
            self.progress(session.name(), false, detail);
            session.object(text::ANSWERS_WRONG);
        }
    }

    fn give_up_waiting(&mut self, session: &mut Session, way: Way, why: Text) {
        let detail = format!("No approval by {}", option(way));
        self.progress(session.name(), false, &detail);
        session.step = Step::Prove(way, Sent::Nothing);
        session.object(why);
    }

    /// One gate is behind the person.
    fn pass(&mut self, session: &mut Session, way: Way) {
        let detail = format!("Completed the {} verification option", option(way));
        self.progress(session.name(), true, &detail);
        let user = self.user(session);
        let (Some(user), Some(person)) = (user, &mut session.person) else {
            return;
        };
        person.passed.push(way);
        let unlock_only = person.unlock_only;
        if person.passed.len() < self.state.portal.policy.gates_for(&user) {
            session.step = Step::Choose;
            session.note = Some(Note::Notice(text::GATE_PASSED));
            return;
        }
        session.rename();
        if !unlock_only {
            session.step = Step::NewPassword;
            return;
        }
        if let Some(user) = self.state.users.find_mut(&user.name) {
            user.locked = false;
        }
        self.record(audit::UNLOCK, &user.name, true, "Unlocked the account");
        session.end(End::Unlocked);
    }
}

/// How the documented outcomes call a method.
fn option(way: Way) -> &'static str {
    match way {
        Way::Email => "email",
        Way::Phone => "mobile phone",
        Way::OfficePhone => "office voice call",
        Way::Questions => "security questions",
        Way::AppCode => "mobile app code",
        Way::AppApproval => "mobile app notification",
    }
}
