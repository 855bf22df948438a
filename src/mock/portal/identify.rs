//! Finding out who is there and what they want.

use super::super::users::User;
use super::call::Call;
use super::captcha::Captcha;
use super::error::PortalError;
use super::fields::{Button, CAPTCHA_ANSWER, Fields, GOAL, USER_ID};
use super::limits::Limit;
use super::policy::PortalPolicy;
use super::session::{Person, Session, Step};
use super::text;

impl Call<'_> {
    pub(super) fn identify(&mut self, session: &mut Session, button: Button, fields: &Fields) {
        let Step::UserId { typed, captcha } = &mut session.step else {
            return;
        };
        *typed = fields.control(USER_ID).trim().to_owned();
        let name = typed.clone();
        if let Some(asked) = captcha {
            let answered = asked.is_answered_by(fields.get(CAPTCHA_ANSWER));
            // Right or wrong, a picture is good for one answer.
            *asked = Captcha::draw_lots();
            match button {
                Button::OtherPicture => return,
                Button::Next if !answered => return session.object(text::PICTURE_WRONG),
                _ => {}
            }
        }
        if button != Button::Next {
            return;
        }
        if name.is_empty() {
            return session.object(text::USER_ID_MISSING);
        }
        let Some(user) = self.state.users.find(&name).cloned() else {
            return session.object(text::USER_ID_UNKNOWN);
        };
        session.rename();
        session.person = Some(Person {
            name: user.name.clone(),
            unlock_only: false,
            passed: Vec::new(),
        });
        self.admit(session, &user);
    }

    pub(super) fn choose_goal(&mut self, session: &mut Session, button: Button, fields: &Fields) {
        if button != Button::Next {
            return;
        }
        let unlock_only = match fields.control(GOAL) {
            "RadioReset" => false,
            "RadioUnlock" => true,
            _ => return session.object(text::CHOOSE_ONE),
        };
        if let Some(person) = &mut session.person {
            person.unlock_only = unlock_only;
        }
        self.present_methods(session);
    }

    /// Lets somebody known in, or says why not.
    fn admit(&mut self, session: &mut Session, user: &User) {
        if let Some(left) = self.state.portal.limits.blocked(&user.name, self.now) {
            return self.block(session, left);
        }
        let policy = self.state.portal.policy.clone();
        if let Some(error) = refusal(user, &policy) {
            return self.refuse(session, error);
        }
        if !self.may(session, Limit::Resets) {
            return;
        }
        self.progress(&user.name, true, "Entered the user ID");
        if policy.unlock {
            session.step = Step::ResetOrUnlock;
        } else {
            self.present_methods(session);
        }
    }

    fn present_methods(&mut self, session: &mut Session) {
        let detail = "Presented with the verification options";
        self.progress(session.name(), true, detail);
        session.step = Step::Choose;
    }
}

/// What is known to be in the way before anything is proved.
fn refusal(user: &User, policy: &PortalPolicy) -> Option<PortalError> {
    let ordered = user
        .portal_error
        .filter(|error| !error.is_about_writeback());
    if ordered.is_some() {
        return ordered;
    }
    if user.password.is_none() {
        return Some(PortalError::AccountNotSupported);
    }
    let too_few = policy.offered(user).len() < policy.gates_for(user);
    too_few.then_some(PortalError::UserNotProperlyConfigured)
}
