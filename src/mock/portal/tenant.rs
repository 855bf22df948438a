//! What a test can do with the portal.

use url::Url;

use super::super::tenant::{Tenant, TenantBuilder};
use super::method::Registered;
use super::place::PASSWORD_RESET;
use super::policy::PortalPolicy;
use super::totp;

impl Tenant {
    /// `https://localhost:PORT/n/passwordreset`, the page that the sign-in screen opens. The same pages are at `/`.
    ///
    /// They answer to any host; [`TenantBuilder::host_name`] puts another name into the certificate, for instance
    /// `passwordreset.microsoftonline.com`.
    pub fn portal_url(&self) -> Url {
        let mut url = self.authority();
        url.set_path(PASSWORD_RESET);
        url
    }

    /// What the portal's pages mean, for a client that goes by such a description: JSON in the form of
    /// `sspr::protocol::portal::Profile`, feature `portal-forms`.
    ///
    /// It is complete: every page there is, in both languages, from the user ID to the last one. That it can be is the
    /// mock's doing, whose pages are *invented* where it goes beyond what is public.
    pub fn portal_profile(&self) -> &'static str {
        include_str!("profile.json")
    }

    /// The digits of the picture that the portal has shown last.
    pub fn captcha_answer(&self) -> Option<String> {
        self.shared.lock().portal.sessions.last_captcha.clone()
    }

    /// What the person's authenticator app shows now; `None` without [`Method::app_code`](super::Method::app_code).
    ///
    /// A code is taken once. For another one [`advance`](Self::advance) the clock by 30 seconds.
    pub fn app_code(&self, user: &str) -> Option<String> {
        let state = self.shared.lock();
        let user = state.users.find(user)?;
        user.methods.iter().find_map(|method| match &method.0 {
            Registered::AppCode(secret) => Some(totp::code(secret, totp::step(state.clock.now()))),
            _ => None,
        })
    }

    /// Takes the call, or approves the notification, that waits for the person. False if there is none.
    pub fn approve(&self, user: &str) -> bool {
        self.respond(user, true)
    }

    /// Hangs up, or declines the notification, that waits for the person. False if there is none.
    pub fn decline(&self, user: &str) -> bool {
        self.respond(user, false)
    }

    /// Whether the account is locked.
    pub fn is_locked(&self, user: &str) -> bool {
        let state = self.shared.lock();
        state.users.find(user).is_some_and(|user| user.locked)
    }

    /// Ends every session of the portal.
    pub fn expire_sessions(&self) {
        self.shared.lock().portal.sessions.expire_all();
    }

    fn respond(&self, user: &str, yes: bool) -> bool {
        let mut state = self.shared.lock();
        let now = state.clock.now();
        state.portal.sessions.answer(user, yes, now)
    }
}

impl TenantBuilder {
    /// How the portal is set up.
    pub fn portal(mut self, policy: PortalPolicy) -> Self {
        self.settings.portal = policy;
        self
    }
}
