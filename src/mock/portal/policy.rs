//! How the portal is set up.

use std::time::Duration;

use super::super::users::User;
use super::method::{Registered, Way};

/// What an administrator chooses for the portal, and some things that Entra chooses by itself.
///
/// The default: one method, no CAPTCHA (the service has dropped it), no unlocking without a reset, three questions to
/// answer, five attempts an hour. Documented is the choice and the five; a session of 15 minutes is *invented*.
#[derive(Clone, Debug)]
pub struct PortalPolicy {
    pub(super) gates: usize,
    pub(super) captcha: bool,
    pub(super) unlock: bool,
    pub(super) questions: usize,
    pub(super) attempts_per_hour: usize,
    pub(super) session_lifetime: Duration,
    pub(super) delta_version: bool,
    pub(super) link_buttons: bool,
}

impl Default for PortalPolicy {
    fn default() -> Self {
        Self {
            gates: 1,
            captcha: false,
            unlock: false,
            questions: 3,
            attempts_per_hour: 5,
            session_lifetime: Duration::from_secs(15 * 60),
            delta_version: true,
            link_buttons: false,
        }
    }
}

impl PortalPolicy {
    /// How many different methods a person has to pass: 1 or 2. Administrators always pass two, as documented.
    #[must_use]
    pub fn gates(mut self, count: usize) -> Self {
        self.gates = count.clamp(1, 2);
        self
    }

    /// Asks for the digits of a picture beside the user ID, as the portal did until August 2026.
    #[must_use]
    pub fn captcha(mut self) -> Self {
        self.captcha = true;
        self
    }

    /// Offers to unlock the account and keep the password (writeback with "unlock without reset").
    #[must_use]
    pub fn offer_unlock(mut self) -> Self {
        self.unlock = true;
        self
    }

    /// How many of their security questions people answer. Somebody with fewer cannot use them.
    #[must_use]
    pub fn questions(mut self, count: usize) -> Self {
        self.questions = count.max(1);
        self
    }

    /// How many attempts of each kind an account has in an hour before it is blocked for a day: resets, phone
    /// validations, uses of the security questions (documented), wrong codes (documented for text messages).
    #[must_use]
    pub fn attempts_per_hour(mut self, count: usize) -> Self {
        self.attempts_per_hour = count;
        self
    }

    /// How long a session lives after each request, by the tenant's clock.
    #[must_use]
    pub fn session_lifetime(mut self, time: Duration) -> Self {
        self.session_lifetime = time;
        self
    }

    /// Replies to partial posts as the framework wrote them before version 4: without a version record, panels named
    /// once, the address of a redirect not encoded.
    #[must_use]
    pub fn without_delta_version(mut self) -> Self {
        self.delta_version = false;
        self
    }

    /// Buttons are links that only the page's script can press, through `__EVENTTARGET`. Those of the first page were
    /// seen to be such; by default they submit the form, so that the pages work without script.
    #[must_use]
    pub fn link_buttons(mut self) -> Self {
        self.link_buttons = true;
        self
    }

    pub(super) fn gates_for(&self, user: &User) -> usize {
        if user.administrator { 2 } else { self.gates }
    }

    /// The methods that are left for somebody once the documented exceptions are made: no questions for
    /// administrators, no notification where one method is enough.
    pub(super) fn offered(&self, user: &User) -> Vec<Way> {
        let fits = |way: &Way| match user.method_for(*way).map(|method| method.0) {
            None => false,
            Some(Registered::Questions(questions)) => {
                !user.administrator && questions.len() >= self.questions
            }
            Some(Registered::AppApproval) => self.gates_for(user) > 1,
            Some(_) => true,
        };
        Way::ALL.into_iter().filter(fits).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Method;
    use super::*;

    fn user() -> User {
        User::new("a@b")
            .method(Method::app_approval())
            .method(Method::security_questions([("Where?", "Here")]))
            .method(Method::office_phone("+1 4255550199"))
    }

    #[test]
    fn some_methods_are_not_for_everybody() {
        let policy = PortalPolicy::default().questions(1);
        let offered = policy.offered(&user());
        assert_eq!(offered, [Way::OfficePhone, Way::Questions]);
        let two = policy.clone().gates(2).offered(&user());
        assert_eq!(two, [Way::OfficePhone, Way::AppApproval, Way::Questions]);
        let administrator = policy.offered(&user().administrator());
        assert_eq!(administrator, [Way::OfficePhone, Way::AppApproval]);
        let more_asked = policy.questions(2).offered(&user());
        assert_eq!(more_asked, [Way::OfficePhone]);
    }

    #[test]
    fn the_contact_is_the_method_of_who_has_no_other() {
        let offered = PortalPolicy::default().offered(&User::new("a@b"));
        assert_eq!(offered, [Way::Email]);
    }
}
