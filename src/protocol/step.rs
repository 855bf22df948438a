//! What a frontend shows, and what it may answer: plain data without secrets.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::{Position, Url};

use super::method::{Method, MethodKind};
use super::outcome::Outcome;
use super::password::PasswordPolicy;
use super::picture::Picture;
use super::rejection::Rejection;
use crate::error::PeerText;
use crate::message::{Message, message_ids};

/// Where an attempt stands: what to show and what to ask for.
///
/// A refused answer leaves the step as it is, with the reason in `rejection`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Step {
    /// Type the characters that a picture shows. A person does: this crate never reads the picture.
    Captcha {
        /// The picture.
        picture: Picture,
        /// What the page says of the picture, for those who cannot see it.
        description: Option<PeerText>,
        /// Whether another picture can be asked for.
        can_ask_for_another: bool,
        /// Why the last answer was refused. The picture is another one then.
        rejection: Option<Rejection>,
    },
    /// Say what is wanted: a new password, or to be let in with the old one.
    ResetOrUnlock {
        /// Why the last answer was refused.
        rejection: Option<Rejection>,
    },
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
    /// Answer security questions.
    Questions {
        /// The questions, in the words in which they were registered.
        questions: Vec<PeerText>,
        /// Whether another method can be chosen.
        can_go_back: bool,
        /// Why the last answers were refused.
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
    /// [`Reset::solve_captcha`](crate::Reset::solve_captcha)
    Captcha,
    /// [`Reset::another_picture`](crate::Reset::another_picture)
    AnotherPicture,
    /// [`Reset::choose_goal`](crate::Reset::choose_goal)
    Goal,
    /// [`Reset::choose_method`](crate::Reset::choose_method)
    Method,
    /// [`Reset::confirm_contact`](crate::Reset::confirm_contact)
    Contact,
    /// [`Reset::enter_code`](crate::Reset::enter_code)
    Code,
    /// [`Reset::resend_code`](crate::Reset::resend_code)
    ResendCode,
    /// [`Reset::answer_questions`](crate::Reset::answer_questions)
    Questions,
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
            Self::Captcha { .. } => "captcha",
            Self::ResetOrUnlock { .. } => "reset-or-unlock",
            Self::ChooseMethod { .. } => "choose-method",
            Self::ConfirmContact { .. } => "confirm-contact",
            Self::EnterCode { .. } => "enter-code",
            Self::Questions { .. } => "questions",
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
        let with = |always, optional: &[(bool, AnswerKind)]| {
            let also = optional.iter().filter(|(can, _)| *can);
            std::iter::once(always)
                .chain(also.map(|(_, kind)| *kind))
                .collect()
        };
        match self {
            Self::Captcha {
                can_ask_for_another,
                ..
            } => with(
                AnswerKind::Captcha,
                &[(*can_ask_for_another, AnswerKind::AnotherPicture)],
            ),
            Self::ResetOrUnlock { .. } => vec![AnswerKind::Goal],
            Self::ChooseMethod { .. } => vec![AnswerKind::Method],
            Self::ConfirmContact { .. } => vec![AnswerKind::Contact, AnswerKind::Back],
            Self::EnterCode {
                can_resend,
                can_go_back,
                ..
            } => with(
                AnswerKind::Code,
                &[
                    (*can_resend, AnswerKind::ResendCode),
                    (*can_go_back, AnswerKind::Back),
                ],
            ),
            Self::Questions { can_go_back, .. } => {
                with(AnswerKind::Questions, &[(*can_go_back, AnswerKind::Back)])
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
            Self::Captcha { rejection, .. }
            | Self::ResetOrUnlock { rejection }
            | Self::ChooseMethod { rejection, .. }
            | Self::ConfirmContact { rejection, .. }
            | Self::EnterCode { rejection, .. }
            | Self::Questions { rejection, .. }
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
            Self::Captcha { rejection, .. }
            | Self::ResetOrUnlock { rejection }
            | Self::ChooseMethod { rejection, .. }
            | Self::ConfirmContact { rejection, .. }
            | Self::EnterCode { rejection, .. }
            | Self::Questions { rejection, .. }
            | Self::Approve { rejection, .. }
            | Self::EnterCurrentPassword { rejection }
            | Self::NewPassword { rejection, .. } => *rejection = None,
            Self::Applying { .. } | Self::UseBrowser(_) | Self::Finished(_) => {}
        }
        question
    }
}

/// What a person wants of a service that can do both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Goal {
    /// A new password.
    Reset,
    /// An unlocked account, with the password it has.
    Unlock,
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
    Captcha => "step-captcha",
    ResetOrUnlock => "step-reset-or-unlock",
    ChooseMethod => "step-choose-method",
    ConfirmContact => "step-confirm-contact",
    EnterCode => "step-enter-code",
    Questions => "step-questions",
    Approve => "step-approve",
    EnterCurrentPassword => "step-enter-current-password",
    NewPassword => "step-new-password",
    Applying => "step-applying",
    UseBrowser => "step-use-browser";
    Finished => nested,
});

impl Message for Step {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::ConfirmContact { method, .. } | Self::Approve { method, .. } => {
                vec![("hint", shown(method.hint.as_ref()))]
            }
            // The text must not claim that a code was sent where nothing is to be told.
            Self::EnterCode { hint, .. } => vec![("hint", shown(hint.as_ref()))],
            Self::NewPassword { policy, .. } => {
                vec![
                    ("min", policy.min_length.to_string()),
                    ("max", policy.max_length.to_string()),
                ]
            }
            Self::Finished(outcome) => outcome.message_args(),
            Self::Captcha { .. }
            | Self::ResetOrUnlock { .. }
            | Self::ChooseMethod { .. }
            | Self::Questions { .. }
            | Self::EnterCurrentPassword { .. }
            | Self::Applying { .. }
            | Self::UseBrowser(_) => Vec::new(),
        }
    }
}

fn shown(hint: Option<&PeerText>) -> String {
    hint.map_or_else(|| "none".to_owned(), ToString::to_string)
}
