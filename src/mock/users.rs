//! The people of the tenant.

use super::inbox;
use super::portal::{Method, PortalError};

/// A person who may reset a password.
///
/// The default is somebody with a password, whose codes go to the address of the user name.
#[derive(Clone, Debug)]
pub struct User {
    pub(super) name: String,
    pub(super) contact: String,
    pub(super) password: Option<String>,
    pub(super) changes: usize,
    pub(super) sign_in: SignIn,
    pub(super) contact_blocked: bool,
    pub(super) browser_only: bool,
    pub(super) methods: Vec<Method>,
    pub(super) administrator: bool,
    pub(super) locked: bool,
    pub(super) portal_error: Option<PortalError>,
    has_email: bool,
    phone: Option<String>,
    pub(super) sms_risk: bool,
    pub(super) password_expired: bool,
    pub(super) sign_in_error: Option<u32>,
}

/// Where a code of native authentication V2 can go.
#[derive(Clone, Debug)]
pub(super) struct Contact {
    pub(super) id: &'static str,
    pub(super) channel: CodeChannel,
    pub(super) address: String,
    /// As it is shown; how exactly is *invented*.
    pub(super) hint: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeChannel {
    Email,
    Sms,
}

impl CodeChannel {
    /// The word of the API.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }

    /// How it stands in the inbox.
    pub(super) const fn in_inbox(self) -> inbox::Channel {
        match self {
            Self::Email => inbox::Channel::Email,
            Self::Sms => inbox::Channel::Text,
        }
    }

    /// The words of the audit log.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "mobile SMS",
        }
    }
}

/// What a sign-in asks for besides the new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignIn {
    PasswordOnly,
    Mfa,
    Registration,
}

impl User {
    /// A person with the password [`INITIAL_PASSWORD`](super::INITIAL_PASSWORD).
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            contact: name.clone(),
            name,
            password: Some(super::INITIAL_PASSWORD.to_owned()),
            changes: 0,
            sign_in: SignIn::PasswordOnly,
            contact_blocked: false,
            browser_only: false,
            methods: Vec::new(),
            administrator: false,
            locked: false,
            portal_error: None,
            has_email: true,
            phone: None,
            sms_risk: false,
            password_expired: false,
            sign_in_error: None,
        }
    }

    /// The address that codes are sent to.
    #[must_use]
    pub fn contact(mut self, email: impl Into<String>) -> Self {
        self.contact = email.into();
        self
    }

    /// The password at the beginning; it is not held against the policy.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// An account that signs in by one-time code or a social identity: there is nothing to reset (error code 500222).
    #[must_use]
    pub fn without_password(mut self) -> Self {
        self.password = None;
        self
    }

    /// A sign-in after the reset asks for a second factor.
    #[must_use]
    pub fn mfa_required(mut self) -> Self {
        self.sign_in = SignIn::Mfa;
        self
    }

    /// A sign-in after the reset asks to register a second factor.
    #[must_use]
    pub fn registration_required(mut self) -> Self {
        self.sign_in = SignIn::Registration;
        self
    }

    /// The contact has a bad reputation: no code is sent to it (`provider_blocked_by_rep`).
    #[must_use]
    pub fn contact_blocked(mut self) -> Self {
        self.contact_blocked = true;
        self
    }

    /// The person can be served in a browser only: the first answer is a redirect.
    #[must_use]
    pub fn browser_only(mut self) -> Self {
        self.browser_only = true;
        self
    }

    /// A method that the person has registered for the portal. Without any, it is mail to the contact.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.methods.push(method);
        self
    }

    /// An administrator: in the portal always two methods, and no security questions (documented).
    #[must_use]
    pub fn administrator(mut self) -> Self {
        self.administrator = true;
        self
    }

    /// The account is locked. A reset unlocks it, and so does the portal where it offers that.
    #[must_use]
    pub fn locked(mut self) -> Self {
        self.locked = true;
        self
    }

    /// The portal cannot help the person.
    #[must_use]
    pub fn portal_error(mut self, error: PortalError) -> Self {
        self.portal_error = Some(error);
        self
    }

    /// A phone that codes are sent to as text messages, in native authentication V2.
    #[must_use]
    pub fn phone(mut self, number: impl Into<String>) -> Self {
        self.phone = Some(number.into());
        self
    }

    /// No codes are sent by e-mail in native authentication V2.
    #[must_use]
    pub fn without_email(mut self) -> Self {
        self.has_email = false;
        self
    }

    /// Before a text message is sent, the client has to ask for a check of the risk (V2: `riskverify`).
    #[must_use]
    pub fn sms_risk(mut self) -> Self {
        self.sms_risk = true;
        self
    }

    /// The password has expired: the sign-in page asks for another one.
    #[must_use]
    pub fn password_expired(mut self) -> Self {
        self.password_expired = true;
        self
    }

    /// The sign-in page answers the right password with this code (`AADSTS`), for instance 50057.
    #[must_use]
    pub fn sign_in_error(mut self, code: u32) -> Self {
        self.sign_in_error = Some(code);
        self
    }

    /// With which code the sign-in page asks for a second factor, or to register one.
    pub(super) fn second_factor_code(&self) -> Option<u32> {
        match self.sign_in {
            SignIn::PasswordOnly => None,
            SignIn::Mfa => Some(50_076),
            SignIn::Registration => Some(50_079),
        }
    }

    /// Every contact that codes can go to.
    pub(super) fn contacts(&self) -> Vec<Contact> {
        let email = self.has_email.then(|| Contact {
            id: "1",
            channel: CodeChannel::Email,
            address: self.contact.clone(),
            hint: self.masked_contact(),
        });
        let sms = self.phone.as_ref().map(|number| Contact {
            id: "2",
            channel: CodeChannel::Sms,
            address: number.clone(),
            hint: masked_number(number),
        });
        email.into_iter().chain(sms).collect()
    }

    /// The contact as the challenge shows it.
    pub(super) fn masked_contact(&self) -> String {
        mask(&self.contact)
    }
}

/// An address as it is shown, `a***e@f***.example`.
///
/// That an address is masked is documented, how exactly is *invented*.
pub(super) fn mask(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let (host, top) = domain.rsplit_once('.').unwrap_or((domain, ""));
    let first = local.chars().next().map(String::from).unwrap_or_default();
    let last = local
        .chars()
        .skip(1)
        .last()
        .map(String::from)
        .unwrap_or_default();
    let host = host.chars().next().map(String::from).unwrap_or_default();
    format!("{first}***{last}@{host}***.{top}")
}

/// `+1 5550100` as `+1 *****00`.
pub(super) fn masked_number(number: &str) -> String {
    let count = number.chars().count();
    let mask = |(index, c): (usize, char)| {
        let is_shown = index < 3 || index + 2 >= count;
        if is_shown { c } else { '*' }
    };
    number.chars().enumerate().map(mask).collect()
}

/// All users; names are compared without regard to ASCII case.
#[derive(Clone, Debug, Default)]
pub(super) struct Users(Vec<User>);

impl Users {
    /// Adds a user or takes the place of the one of the same name.
    pub(super) fn put(&mut self, user: User) {
        match self.find_mut(&user.name) {
            Some(present) => *present = user,
            None => self.0.push(user),
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<&User> {
        self.0
            .iter()
            .find(|user| user.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn find_mut(&mut self, name: &str) -> Option<&mut User> {
        self.0
            .iter_mut()
            .find(|user| user.name.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_contacts() {
        let masked = |contact: &str| User::new("x@y").contact(contact).masked_contact();
        assert_eq!(masked("adele@fabrikam.example"), "a***e@f***.example");
        assert_eq!(masked("a@mail.fabrikam.example"), "a***@m***.example");
    }

    #[test]
    fn names_have_no_case() {
        let mut users = Users::default();
        users.put(User::new("Adele@contoso.com"));
        users.put(User::new("adele@CONTOSO.com").without_password());
        assert_eq!(users.0.len(), 1);
        assert!(
            users
                .find("ADELE@contoso.com")
                .is_some_and(|user| user.password.is_none())
        );
    }
}
