//! The views of a profile: how one is recognised, and what it means.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::mark::{Control, Numbered, Path, Region};
use crate::protocol::{MethodKind, Rejection};

/// A page, or what a page shows at a time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct View {
    pub(crate) name: String,
    pub(crate) when: When,
    pub(crate) after: After,
    #[serde(default)]
    pub(crate) refused: Vec<Refused>,
    pub(crate) means: Meaning,
}

/// The marks of a view. All have to be there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct When {
    /// What the field that names views says: one of these.
    pub(crate) view: OneOrMore<String>,
    pub(crate) path: Option<Path>,
    /// The path that a form of the page is sent to.
    pub(crate) action: Option<Path>,
    /// Controls that can be used.
    pub(crate) has: Vec<Control>,
    /// Controls that are not there, or hidden, or disabled.
    pub(crate) lacks: Vec<Control>,
    /// Parts of the page that can be seen.
    pub(crate) shows: Vec<Region>,
    pub(crate) says: Vec<Says>,
    /// Hidden fields with their values.
    pub(crate) fields: BTreeMap<String, String>,
}

/// Words that a part of the page says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Says {
    #[serde(rename = "in")]
    pub(crate) region: Region,
    /// One of these is enough, small or capital. Without any, whatever it says.
    #[serde(default)]
    pub(crate) words: Vec<String>,
}

/// One of something, or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore<T> {
    More(Vec<T>),
    One(T),
}

impl<T> Default for OneOrMore<T> {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl<T> OneOrMore<T> {
    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }
}

/// What a view may follow, besides itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum After {
    /// The views of these names; [`START`] is the beginning.
    These(Vec<String>),
    Any(Any),
}

/// The beginning, before any view.
pub(crate) const START: &str = "start";

/// The word `any`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Any {
    #[serde(rename = "any")]
    Any,
}

/// A complaint of the page about the last answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refused {
    #[serde(rename = "in")]
    pub(crate) region: Region,
    #[serde(default)]
    pub(crate) words: Vec<String>,
    pub(crate) means: Complaint,
}

/// What a complaint means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Complaint {
    UnknownAccount,
    WrongSolution,
    WrongContact,
    WrongCode,
    WrongAnswers,
    NotApproved,
    PasswordTooShort,
    PasswordTooLong,
    PasswordTooWeak,
    PasswordRecentlyUsed,
    PasswordBanned,
    PasswordContainsName,
    PasswordNotComplex,
    PasswordInvalid,
    NotApplied,
    /// Told in the page's words.
    Other,
}

impl Complaint {
    /// What the step says, if that can be said without the page's words.
    pub(crate) fn rejection(self) -> Option<Rejection> {
        Some(match self {
            Self::WrongSolution => Rejection::WrongSolution,
            Self::WrongContact => Rejection::WrongContact,
            Self::WrongCode => Rejection::WrongCode,
            Self::WrongAnswers => Rejection::WrongAnswers,
            Self::NotApproved => Rejection::NotApproved,
            Self::PasswordTooShort => Rejection::PasswordTooShort,
            Self::PasswordTooLong => Rejection::PasswordTooLong,
            Self::PasswordTooWeak => Rejection::PasswordTooWeak,
            Self::PasswordRecentlyUsed => Rejection::PasswordRecentlyUsed,
            Self::PasswordBanned => Rejection::PasswordBanned,
            Self::PasswordContainsName => Rejection::PasswordContainsName,
            Self::PasswordNotComplex => Rejection::PasswordNotComplex,
            Self::PasswordInvalid => Rejection::PasswordInvalid,
            Self::NotApplied => Rejection::NotApplied,
            Self::UnknownAccount | Self::Other => return None,
        })
    }
}

/// What a view wants, or says.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Meaning {
    Identify(Identify),
    Goal(Goals),
    Methods(Methods),
    Contact(ContactBox),
    Code(CodeBox),
    Approval(Approval),
    Questions(Questions),
    NewPassword(PasswordBoxes),
    /// Nothing is asked; a button leads on.
    Next(Next),
    End(End),
    /// It is known that only a browser can go on here.
    Browser,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identify {
    pub(crate) user: Control,
    /// Where the page may show a picture.
    pub(crate) picture: Option<PictureBox>,
    pub(crate) press: Option<Control>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PictureBox {
    /// The id of the image, with `#`.
    pub(crate) image: Region,
    pub(crate) solution: Control,
    pub(crate) another: Option<Control>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Goals {
    pub(crate) reset: Control,
    pub(crate) unlock: Control,
    pub(crate) press: Option<Control>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Methods {
    pub(crate) options: Vec<Choice>,
    /// What is chosen can only go on in a browser.
    #[serde(default)]
    pub(crate) for_browser: bool,
    pub(crate) press: Option<Control>,
    pub(crate) back: Option<Control>,
}

/// A way to be verified: a radio button, or a button or link that is pressed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    pub(crate) kind: Kind,
    pub(crate) choose: Control,
    pub(crate) hint: Option<Region>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactBox {
    pub(crate) contact: Control,
    pub(crate) send: Vec<Press>,
    pub(crate) hint: Option<Region>,
    pub(crate) back: Control,
}

/// The button for a kind of method.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Press {
    pub(crate) kind: Kind,
    pub(crate) press: Control,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeBox {
    pub(crate) code: Control,
    pub(crate) press: Option<Control>,
    pub(crate) resend: Option<Control>,
    pub(crate) back: Option<Control>,
    /// Where no method was chosen before.
    pub(crate) kind: Option<Kind>,
    pub(crate) hint: Option<Region>,
    pub(crate) length: Option<u8>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    /// Asks whether it has been approved.
    pub(crate) press: Control,
    /// How many seconds lie between two questions.
    pub(crate) every: Option<u64>,
    pub(crate) kind: Option<Kind>,
    pub(crate) hint: Option<Region>,
    pub(crate) back: Control,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Questions {
    pub(crate) answers: Numbered,
    pub(crate) press: Option<Control>,
    pub(crate) back: Option<Control>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordBoxes {
    pub(crate) password: Control,
    pub(crate) confirm: Option<Control>,
    pub(crate) press: Option<Control>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Next {
    pub(crate) press: Control,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    pub(crate) outcome: Ending,
    /// The service's code for it.
    pub(crate) code: Option<String>,
}

/// How an attempt can end on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ending {
    PasswordChanged,
    ChangedCloudPending,
    Unlocked,
    NeedsAdministrator,
    NotRegistered,
    Blocked,
    Expired,
    Declined,
    /// The organisation's own directory cannot be reached at present.
    TryLater,
    /// The browser is said not to take cookies.
    Cookies,
}

impl Ending {
    pub(crate) const fn is_success(self) -> bool {
        matches!(
            self,
            Self::PasswordChanged | Self::ChangedCloudPending | Self::Unlocked
        )
    }
}

/// What the person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Email,
    MobileSms,
    MobileCall,
    OfficeCall,
    AppNotification,
    AppCode,
    SecurityQuestions,
}

impl Kind {
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::MobileSms => "mobile-sms",
            Self::MobileCall => "mobile-call",
            Self::OfficeCall => "office-call",
            Self::AppNotification => "app-notification",
            Self::AppCode => "app-code",
            Self::SecurityQuestions => "security-questions",
        }
    }

    /// Whether it is answered on another device.
    pub(crate) const fn is_approved_elsewhere(self) -> bool {
        matches!(
            self,
            Self::MobileCall | Self::OfficeCall | Self::AppNotification
        )
    }
}

impl From<Kind> for MethodKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Email => Self::Email,
            Kind::MobileSms => Self::MobileSms,
            Kind::MobileCall => Self::MobileCall,
            Kind::OfficeCall => Self::OfficeCall,
            Kind::AppNotification => Self::AppNotification,
            Kind::AppCode => Self::AppCode,
            Kind::SecurityQuestions => Self::SecurityQuestions,
        }
    }
}
