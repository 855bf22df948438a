//! The ways in which people prove who they are.

use super::super::users::{User, mask};
use super::language::Text;
use super::text;

/// A method that a person has registered.
///
/// Which methods exist and what a person does is documented (`concept-sspr-howitworks`).
#[derive(Clone, Debug)]
pub struct Method(pub(super) Registered);

#[derive(Clone, Debug)]
pub(super) enum Registered {
    Email(String),
    MobilePhone(String),
    OfficePhone(String),
    Questions(Vec<(String, String)>),
    AppCode(Vec<u8>),
    AppApproval,
}

/// What a person can choose. Each counts as one method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Email,
    Phone,
    OfficePhone,
    Questions,
    AppCode,
    AppApproval,
}

impl Method {
    /// A code by mail to this address.
    pub fn email(address: impl Into<String>) -> Self {
        Self(Registered::Email(address.into()))
    }

    /// A code by text message or a call, `+CC number`. The person has to type the whole number first.
    pub fn mobile_phone(number: impl Into<String>) -> Self {
        Self(Registered::MobilePhone(number.into()))
    }

    /// A call to the desk. The number need not be typed.
    pub fn office_phone(number: impl Into<String>) -> Self {
        Self(Registered::OfficePhone(number.into()))
    }

    /// Questions with their answers; as many as the policy says are asked, the first ones. Case does not matter.
    pub fn security_questions(
        questions: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let pairs = questions
            .into_iter()
            .map(|(question, answer)| (question.into(), answer.into()));
        Self(Registered::Questions(pairs.collect()))
    }

    /// The code of an authenticator app with this secret (RFC 6238: 30 seconds, SHA-1, six digits).
    /// [`Tenant::app_code`](crate::mock::Tenant::app_code) shows it.
    pub fn app_code(secret: impl Into<Vec<u8>>) -> Self {
        Self(Registered::AppCode(secret.into()))
    }

    /// A notification in the app, which [`Tenant::approve`](crate::mock::Tenant::approve) approves.
    /// Offered only where two methods are required, as documented.
    pub fn app_approval() -> Self {
        Self(Registered::AppApproval)
    }

    pub(super) fn way(&self) -> Way {
        match self.0 {
            Registered::Email(_) => Way::Email,
            Registered::MobilePhone(_) => Way::Phone,
            Registered::OfficePhone(_) => Way::OfficePhone,
            Registered::Questions(_) => Way::Questions,
            Registered::AppCode(_) => Way::AppCode,
            Registered::AppApproval => Way::AppApproval,
        }
    }

    /// Where a code or a call goes; nothing for methods without an address.
    pub(super) fn target(&self) -> &str {
        match &self.0 {
            Registered::Email(target)
            | Registered::MobilePhone(target)
            | Registered::OfficePhone(target) => target,
            _ => "",
        }
    }

    /// As much of the target as the page shows: *invented*.
    pub(super) fn hint(&self) -> String {
        match &self.0 {
            Registered::Email(address) => mask(address),
            Registered::MobilePhone(number) | Registered::OfficePhone(number) => {
                let digits = digits(number);
                let shown = digits.get(digits.len().saturating_sub(2)..);
                format!("********{}", shown.unwrap_or_default())
            }
            _ => String::new(),
        }
    }
}

impl Way {
    pub(super) const ALL: [Self; 6] = [
        Self::Email,
        Self::Phone,
        Self::OfficePhone,
        Self::AppApproval,
        Self::AppCode,
        Self::Questions,
    ];

    /// The id of its radio button after `MultigateAuthenticationControl_`: seen. The value is the same: *invented*.
    pub(super) fn radio(self) -> &'static str {
        match self {
            Self::Email => "AltEmailRadio",
            Self::Phone => "PhoneRadio",
            Self::OfficePhone => "OfficePhoneRadio",
            Self::Questions => "SecurityQuestionsRadio",
            Self::AppCode => "AppCodeRadio",
            Self::AppApproval => "MobileAppNotificationRadio",
        }
    }

    pub(super) fn label(self) -> Text {
        match self {
            Self::Email => text::BY_EMAIL,
            Self::Phone => text::BY_PHONE,
            Self::OfficePhone => text::BY_OFFICE_PHONE,
            Self::Questions => text::BY_QUESTIONS,
            Self::AppCode => text::BY_APP_CODE,
            Self::AppApproval => text::BY_APP_APPROVAL,
        }
    }

    pub(super) fn from_radio(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.radio() == value)
    }
}

impl User {
    /// What the person has registered of this kind. Without any method at all, that is the contact.
    pub(super) fn method_for(&self, way: Way) -> Option<Method> {
        if self.methods.is_empty() && way == Way::Email {
            return Some(Method::email(&self.contact));
        }
        self.methods
            .iter()
            .find(|method| method.way() == way)
            .cloned()
    }
}

/// The digits of a phone number; what follows an `x` is an extension and does not count, as documented.
pub(super) fn digits(number: &str) -> String {
    let number = number.split(['x', 'X']).next().unwrap_or_default();
    number.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_their_digits() {
        assert_eq!(digits("+1 (425) 555-0100x123"), "14255550100");
        assert_eq!(Method::mobile_phone("+1 4255550100").hint(), "********00");
        assert_eq!(Method::office_phone("").hint(), "********");
    }

    #[test]
    fn every_radio_is_found() {
        for way in Way::ALL {
            assert_eq!(Way::from_radio(way.radio()), Some(way));
        }
    }
}
