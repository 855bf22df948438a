//! The reset protocols, sans-IO: bytes come in, actions go out. No socket, no clock, no runtime.
//!
//! A [`Protocol`] is the description that a client is built with; a [`Flow`] is one person's attempt. Whoever drives a
//! flow (usually [`Reset`](crate::Reset)) hands it one [`Event`] after the other together with the time, and carries out
//! the [`Action`] that each gives:
//!
//! ```text
//!            Begin ─┐             ┌─▶ Send(request) ──▶ Response / Lost
//!  Answer(answer) ──┼─▶  Flow  ───┼─▶ WaitUntil(time) ──▶ Due
//!  Response / Lost ─┤             ├─▶ Show(step) ──▶ Answer
//!              Due ─┘             └─▶ Stay, Fail(error), SignedIn(…)
//! ```

#[cfg(any(feature = "native-v1", feature = "preview", feature = "login-change"))]
mod application;
#[cfg(any(feature = "login-change", feature = "portal-forms"))]
mod cookies;
#[cfg(any(feature = "native-v1", feature = "preview", feature = "login-change"))]
mod form;
#[cfg(any(
    feature = "native-v1",
    feature = "preview",
    feature = "login-change",
    feature = "portal-forms"
))]
mod json;
#[cfg(feature = "login-change")]
pub mod login_change;
mod method;
#[cfg(feature = "native-v1")]
pub mod native_v1;
#[cfg(feature = "preview")]
pub mod native_v2;
#[cfg(any(feature = "preview", feature = "login-change"))]
mod object;
#[cfg(any(
    feature = "preview",
    feature = "login-change",
    feature = "portal-forms"
))]
mod origin;
mod outcome;
mod password;
mod picture;
#[cfg(any(
    feature = "native-v1",
    feature = "preview",
    feature = "login-change",
    feature = "portal-forms"
))]
mod polling;
#[cfg(feature = "portal-forms")]
pub mod portal;
mod rejection;
#[cfg(any(feature = "native-v1", feature = "preview"))]
mod sent_code;
mod sign_in;
mod step;
#[cfg(any(feature = "native-v1", feature = "preview"))]
mod verdict;
pub mod workforce;

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use url::Url;

#[cfg(feature = "login-change")]
pub use self::login_change::LoginChange;
pub use self::method::{Method, MethodId, MethodKind};
#[cfg(feature = "native-v1")]
pub use self::native_v1::NativeV1;
#[cfg(feature = "preview")]
pub use self::native_v2::NativeV2;
pub use self::outcome::{Advice, DeviceState, Outcome, SignInNext};
pub use self::password::PasswordPolicy;
pub use self::picture::Picture;
#[cfg(feature = "portal-forms")]
pub use self::portal::Portal;
pub use self::rejection::Rejection;
pub use self::sign_in::{SignIn, Tokens};
pub use self::step::{AnswerKind, Goal, Handoff, Step};
pub use self::workforce::Workforce;
use crate::endpoint::RequiredEndpoint;
use crate::error::{Error, PeerText, Sent};
use crate::exchange::{Request, Response};
use crate::secret::{
    CaptchaSolution, Code, Contact, CurrentPassword, NewPassword, SecurityAnswer, Username,
};

/// Whether the person at the screen may learn that an account exists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Privacy {
    /// An unknown account is treated like a known one: a code is asked for without a hint of where it went, three times,
    /// then the attempt is [`Declined`](Outcome::Declined). How long the answers take is not hidden.
    #[default]
    Hide,
    /// The person is told, with the masked address a code was sent to.
    Tell,
}

/// How many refused codes end an attempt under [`Privacy::Hide`].
pub const HIDDEN_REFUSALS: u8 = 3;

/// One person's attempt, as the flow begins it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// Whose password is to be reset.
    pub username: Username,
    /// What the person may learn about the account.
    pub privacy: Privacy,
    /// A GUID that goes out as `client-request-id` with every request of the attempt.
    pub correlation_id: String,
    /// For how long the flow may ask whether a new password has been applied; at most a day.
    pub poll_limit: Duration,
}

impl Attempt {
    /// An attempt with [`Privacy::Hide`] and a poll limit of 300 s.
    pub fn new(username: Username, correlation_id: impl Into<String>) -> Self {
        Self {
            username,
            privacy: Privacy::default(),
            correlation_id: correlation_id.into(),
            poll_limit: Duration::from_secs(300),
        }
    }
}

/// A reset protocol, configured for one tenant.
pub trait Protocol: Send + Sync {
    /// The stable name, for logs: `native-v1`.
    fn name(&self) -> &'static str;

    /// The server that the first request will go to, so that the way there can be prepared.
    fn authority(&self) -> &Url;

    /// The addresses that must answer before an attempt can succeed: by default what the authority publishes about itself.
    fn required_endpoints(&self) -> Vec<RequiredEndpoint> {
        vec![RequiredEndpoint::sign_in(self.authority())]
    }

    /// Begins one person's attempt. The first event of the flow is [`Event::Begin`].
    fn begin(&self, attempt: Attempt) -> Box<dyn Flow>;
}

/// One attempt as a state machine.
pub trait Flow: Send {
    /// Takes in what happened at `now` and says what to do next.
    ///
    /// An event that does not fit the last action gives [`Action::Stay`].
    fn handle(&mut self, event: Event, now: Instant) -> Action;

    /// The server's correlation id of its last answer.
    fn server_correlation(&self) -> Option<&PeerText>;
}

/// What happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The attempt begins.
    Begin,
    /// The person answered the step that is shown.
    Answer(Answer),
    /// The response to the request that was sent.
    Response(Response),
    /// No response will come.
    Lost(Sent),
    /// The time that was waited for has come.
    Due,
}

/// What to do next.
#[derive(Debug)]
#[non_exhaustive]
pub enum Action {
    /// Send this request; then [`Event::Response`] or [`Event::Lost`].
    Send(Request),
    /// Wait until this time; then [`Event::Due`].
    WaitUntil(Instant),
    /// Show this step; then [`Event::Answer`].
    Show(Step),
    /// The step that is shown stays as it is.
    Stay,
    /// The step that is shown stays as it is, and the caller is told why nothing came of the call.
    Fail(Error),
    /// The step cannot go on: this is shown instead, and why.
    ShowBecause(Step, Error),
    /// The person was signed in, or what stands before it.
    SignedIn(SignIn),
}

/// The person's answer to a step.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answer {
    /// The characters in the picture.
    Captcha(CaptchaSolution),
    /// Show another picture.
    AnotherPicture,
    /// What is wanted.
    Goal(Goal),
    /// One of the offered methods.
    Method(MethodId),
    /// The full contact of which the step shows a hint.
    Contact(Contact),
    /// The code that was sent, or that an app shows.
    Code(Code),
    /// Send another code.
    ResendCode,
    /// The answers to the security questions, in the order of the questions.
    Questions(Vec<SecurityAnswer>),
    /// The password that the person signs in with so far.
    CurrentPassword(CurrentPassword),
    /// The password to be.
    Password(NewPassword),
    /// Nothing to type: wait for what goes on elsewhere.
    Wait,
    /// Return to the choice before.
    Back,
    /// After a reset: sign in with these scopes.
    SignIn {
        /// Scopes, separated by blanks.
        scope: String,
    },
}

impl Answer {
    /// What kind of answer it is, or `None` for [`Answer::SignIn`], which no step asks for.
    pub const fn kind(&self) -> Option<AnswerKind> {
        Some(match self {
            Self::Captcha(_) => AnswerKind::Captcha,
            Self::AnotherPicture => AnswerKind::AnotherPicture,
            Self::Goal(_) => AnswerKind::Goal,
            Self::Method(_) => AnswerKind::Method,
            Self::Contact(_) => AnswerKind::Contact,
            Self::Code(_) => AnswerKind::Code,
            Self::ResendCode => AnswerKind::ResendCode,
            Self::Questions(_) => AnswerKind::Questions,
            Self::CurrentPassword(_) => AnswerKind::CurrentPassword,
            Self::Password(_) => AnswerKind::Password,
            Self::Wait => AnswerKind::Wait,
            Self::Back => AnswerKind::Back,
            Self::SignIn { .. } => return None,
        })
    }
}
