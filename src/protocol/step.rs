//! What a frontend shows, and what it may answer: plain data without secrets.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::{Position, Url};

use super::outcome::Outcome;
use super::password::PasswordPolicy;
use crate::error::{PeerText, ServerError};
use crate::message::{Message, message_ids};

/// Where an attempt stands: what to show and what to ask for.
///
/// A refused answer leaves the step as it is, with the reason in `rejection`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Step {
    /// Choose how to prove who you are.
    ChooseMethod {
        /// What the server offers.
        methods: Vec<Method>,
        /// Why the last answer was refused.
        rejection: Option<Rejection>,
    },
    /// Type the whole contact of which a part is shown.
    ConfirmContact {
        /// The method that was chosen, with its masked hint.
        method: Method,
        /// Why the last answer was refused.
        rejection: Option<Rejection>,
    },
    /// Type the code that was sent, or that an app shows.
    EnterCode {
        /// How the code came; `None` where it is not to be told.
        kind: Option<MethodKind>,
        /// Where the code went, masked by the server; `None` where it is not to be told.
        hint: Option<PeerText>,
        /// How many characters the code has, if the server said so. A hint for the input field, no rule.
        code_length: Option<u8>,
        /// Whether another code can be asked for.
        can_resend: bool,
        /// Whether another method can be chosen.
        can_go_back: bool,
        /// Why the last answer was refused.
        rejection: Option<Rejection>,
    },
    /// Approve on another device, or answer a call.
    Approve {
        /// The method that was chosen.
        method: Method,
        /// Why the last try did not succeed.
        rejection: Option<Rejection>,
    },
    /// Type the password that is still valid, or has expired.
    EnterCurrentPassword {
        /// Why the last answer was refused.
        rejection: Option<Rejection>,
    },
    /// Type a new password.
    NewPassword {
        /// What it must look like.
        policy: PasswordPolicy,
        /// How much time the server gave for it, counted from when this step began.
        expires_in: Option<Duration>,
        /// Why the last answer was refused.
        rejection: Option<Rejection>,
    },
    /// The new password has been sent and is being applied: wait.
    Applying {
        /// How often the server was asked so far.
        polls: u32,
    },
    /// The service wants the person in a browser.
    UseBrowser(Handoff),
    /// The attempt has ended.
    Finished(Outcome),
}

/// A kind of answer to a [`Step`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AnswerKind {
    /// [`Reset::choose_method`](crate::Reset::choose_method)
    Method,
    /// [`Reset::confirm_contact`](crate::Reset::confirm_contact)
    Contact,
    /// [`Reset::enter_code`](crate::Reset::enter_code)
    Code,
    /// [`Reset::resend_code`](crate::Reset::resend_code)
    ResendCode,
    /// [`Reset::enter_current_password`](crate::Reset::enter_current_password)
    CurrentPassword,
    /// [`Reset::set_password`](crate::Reset::set_password)
    Password,
    /// [`Reset::wait`](crate::Reset::wait)
    Wait,
    /// [`Reset::back`](crate::Reset::back)
    Back,
}

impl Step {
    /// The stable identifier: `enter-code`. It is also the value of `step` when serialized.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::ChooseMethod { .. } => "choose-method",
            Self::ConfirmContact { .. } => "confirm-contact",
            Self::EnterCode { .. } => "enter-code",
            Self::Approve { .. } => "approve",
            Self::EnterCurrentPassword { .. } => "enter-current-password",
            Self::NewPassword { .. } => "new-password",
            Self::Applying { .. } => "applying",
            Self::UseBrowser(_) => "use-browser",
            Self::Finished(_) => "finished",
        }
    }

    /// The answers that are legal now; none where the attempt is over for this crate.
    pub fn answers(&self) -> Vec<AnswerKind> {
        match self {
            Self::ChooseMethod { .. } => vec![AnswerKind::Method],
            Self::ConfirmContact { .. } => vec![AnswerKind::Contact, AnswerKind::Back],
            Self::EnterCode {
                can_resend,
                can_go_back,
                ..
            } => {
                let optional = [
                    (*can_resend, AnswerKind::ResendCode),
                    (*can_go_back, AnswerKind::Back),
                ];
                let also = optional
                    .into_iter()
                    .filter_map(|(can, kind)| can.then_some(kind));
                std::iter::once(AnswerKind::Code).chain(also).collect()
            }
            Self::Approve { .. } => vec![AnswerKind::Wait, AnswerKind::Back],
            Self::EnterCurrentPassword { .. } => vec![AnswerKind::CurrentPassword],
            Self::NewPassword { .. } => vec![AnswerKind::Password],
            Self::Applying { .. } => vec![AnswerKind::Wait],
            Self::UseBrowser(_) | Self::Finished(_) => Vec::new(),
        }
    }

    /// Why the last answer was refused, if it was.
    pub const fn rejection(&self) -> Option<&Rejection> {
        match self {
            Self::ChooseMethod { rejection, .. }
            | Self::ConfirmContact { rejection, .. }
            | Self::EnterCode { rejection, .. }
            | Self::Approve { rejection, .. }
            | Self::EnterCurrentPassword { rejection }
            | Self::NewPassword { rejection, .. } => rejection.as_ref(),
            Self::Applying { .. } | Self::UseBrowser(_) | Self::Finished(_) => None,
        }
    }

    /// The step without its rejection: what is asked, whatever became of the last answer.
    pub(crate) fn question(&self) -> Self {
        let mut question = self.clone();
        match &mut question {
            Self::ChooseMethod { rejection, .. }
            | Self::ConfirmContact { rejection, .. }
            | Self::EnterCode { rejection, .. }
            | Self::Approve { rejection, .. }
            | Self::EnterCurrentPassword { rejection }
            | Self::NewPassword { rejection, .. } => *rejection = None,
            Self::Applying { .. } | Self::UseBrowser(_) | Self::Finished(_) => {}
        }
        question
    }
}

/// A way to prove who one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Method {
    /// What to hand to [`Reset::choose_method`](crate::Reset::choose_method).
    pub id: MethodId,
    /// What the person does.
    pub kind: MethodKind,
    /// The contact, masked by the server.
    pub hint: Option<PeerText>,
}

impl Method {
    /// A method as a protocol offers it.
    pub fn new(id: MethodId, kind: MethodKind, hint: Option<PeerText>) -> Self {
        Self { id, kind, hint }
    }
}

/// Names one of the offered methods.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MethodId(String);

impl MethodId {
    /// Takes over an identifier as the server gave it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The identifier as the server gave it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the person does to prove who they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MethodKind {
    /// Type a code that comes by e-mail.
    Email,
    /// Type a code that comes as a text message.
    MobileSms,
    /// Take a call on the mobile phone.
    MobileCall,
    /// Take a call on the office phone.
    OfficeCall,
    /// Approve in an authenticator app.
    AppNotification,
    /// Type a code that an authenticator app or a hardware token shows.
    AppCode,
    /// Answer security questions.
    SecurityQuestions,
    /// What this crate does not know, in the server's word.
    Other(PeerText),
}

/// Why an answer was refused. The step stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Rejection {
    /// None of the offered methods has this identifier. Nothing was sent.
    UnknownMethod,
    /// The contact is not the registered one.
    WrongContact,
    /// The code is wrong, or no longer valid.
    WrongCode,
    /// This cannot be a code: empty, too long, or with other characters than letters and digits. Nothing was sent.
    UnreadableCode,
    /// The request was not approved on the other device.
    NotApproved,
    /// This is not the current password.
    WrongPassword,
    /// The password is shorter than [`PasswordPolicy::min_length`].
    PasswordTooShort,
    /// The password is longer than [`PasswordPolicy::max_length`].
    PasswordTooLong,
    /// The password holds a character outside printable ASCII. Nothing was sent.
    PasswordCharacters,
    /// The server finds the password too easy to guess.
    PasswordTooWeak,
    /// The password has been used before.
    PasswordRecentlyUsed,
    /// The password holds a word or pattern on the tenant's or the service's list.
    PasswordBanned,
    /// The password holds the name of the person or of the account.
    PasswordContainsName,
    /// The password does not meet the rules of the on-premises directory.
    PasswordNotComplex,
    /// The server cannot use the password, for instance for its characters.
    PasswordInvalid,
    /// The server accepted the password but could not apply it.
    NotApplied,
    /// A reason that this crate does not know, in the server's words.
    Other(ServerError),
}

/// What a browser needs to go on where this crate cannot.
///
/// The address may name the person, who is about to read it; `Debug` leaves its query out.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Handoff {
    /// Where to go; `None` if the embedding program named no page.
    pub url: Option<Url>,
    /// The server's reason, in its words.
    pub reason: Option<PeerText>,
    /// The hosts that the page needs, besides that of `url`. Not serialized if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
}

impl Handoff {
    /// A handoff to `url`, for the server's reason.
    pub fn new(url: Option<Url>, reason: Option<PeerText>) -> Self {
        Self {
            url,
            reason,
            hosts: Vec::new(),
        }
    }

    /// Names the hosts that the page needs, besides that of its address.
    #[must_use]
    pub fn hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.hosts = hosts.into_iter().map(Into::into).collect();
        self
    }
}

impl fmt::Debug for Handoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.as_ref();
        f.debug_struct("Handoff")
            .field("url", &url.map(|url| &url[..Position::AfterPath]))
            .field("reason", &self.reason)
            .field("hosts", &self.hosts)
            .finish()
    }
}

message_ids!(impl Step {
    ChooseMethod => "step-choose-method",
    ConfirmContact => "step-confirm-contact",
    EnterCode => "step-enter-code",
    Approve => "step-approve",
    EnterCurrentPassword => "step-enter-current-password",
    NewPassword => "step-new-password",
    Applying => "step-applying",
    UseBrowser => "step-use-browser";
    Finished => nested,
});

message_ids!(impl MethodKind {
    Email => "method-email",
    MobileSms => "method-mobile-sms",
    MobileCall => "method-mobile-call",
    OfficeCall => "method-office-call",
    AppNotification => "method-app-notification",
    AppCode => "method-app-code",
    SecurityQuestions => "method-security-questions",
    Other => "method-other",
});

message_ids!(impl Rejection {
    UnknownMethod => "rejection-unknown-method",
    WrongContact => "rejection-wrong-contact",
    WrongCode => "rejection-wrong-code",
    UnreadableCode => "rejection-unreadable-code",
    NotApproved => "rejection-not-approved",
    WrongPassword => "rejection-wrong-password",
    PasswordTooShort => "rejection-password-too-short",
    PasswordTooLong => "rejection-password-too-long",
    PasswordCharacters => "rejection-password-characters",
    PasswordTooWeak => "rejection-password-too-weak",
    PasswordRecentlyUsed => "rejection-password-recently-used",
    PasswordBanned => "rejection-password-banned",
    PasswordContainsName => "rejection-password-contains-name",
    PasswordNotComplex => "rejection-password-not-complex",
    PasswordInvalid => "rejection-password-invalid",
    NotApplied => "rejection-not-applied",
    Other => "rejection-other",
});

impl Message for Step {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::ConfirmContact { method, .. } | Self::Approve { method, .. } => method
                .hint
                .iter()
                .map(|hint| ("hint", hint.to_string()))
                .collect(),
            // The text must not claim that a code was sent where nothing is to be told.
            Self::EnterCode { hint, .. } => {
                vec![(
                    "hint",
                    hint.as_ref()
                        .map_or_else(|| "none".to_owned(), ToString::to_string),
                )]
            }
            Self::NewPassword { policy, .. } => {
                vec![
                    ("min", policy.min_length.to_string()),
                    ("max", policy.max_length.to_string()),
                ]
            }
            Self::Finished(outcome) => outcome.message_args(),
            Self::ChooseMethod { .. }
            | Self::EnterCurrentPassword { .. }
            | Self::Applying { .. }
            | Self::UseBrowser(_) => Vec::new(),
        }
    }
}

impl Message for MethodKind {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Other(word) => vec![("word", word.to_string())],
            _ => Vec::new(),
        }
    }
}

impl Message for Rejection {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Other(server) => vec![("code", server.to_string())],
            _ => Vec::new(),
        }
    }
}
