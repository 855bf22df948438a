//! One person's attempt, as a frontend holds it.

use std::fmt;

use super::driver::{Came, Driver};
use crate::error::{Correlation, Error};
use crate::protocol::{Answer, Goal, MethodId, SignIn, Step};
use crate::report::TrustReport;
use crate::secret::{CaptchaSolution, Code, Contact, CurrentPassword, NewPassword, SecurityAnswer};

/// One person's attempt to reset a password.
///
/// Look at [`step`](Self::step), ask the person for what it says, hand the answer to the method of the same name, and
/// look again. Every method
/// * returns `Ok` when the step is the place to look at: it went on, or it stayed with a
///   [`rejection`](Step::rejection);
/// * returns an [`Error`] when something was in the way. The attempt still stands, and the same call may be made again;
/// * refuses with [`Fault::Misuse`](crate::Fault::Misuse), and changes nothing, if the step does not ask for it;
/// * is cancel-safe: what has begun belongs to the attempt. If the future is dropped, the next call first collects the
///   answer that is under way; until then the step stays, or is [`Step::Applying`] once a password may have left.
///   If what was collected leads to another question, the new answer is not for it and is not sent: `Ok` says to look;
/// * gives [`Fault::NoRuntime`](crate::Fault::NoRuntime), and changes nothing, outside of a tokio runtime.
pub struct Reset {
    driver: Driver,
}

impl Reset {
    pub(super) fn new(driver: Driver) -> Self {
        Self { driver }
    }

    /// Where the attempt stands.
    pub fn step(&self) -> &Step {
        self.driver.step()
    }

    /// What was in the way, if the attempt ended for a technical reason: what is behind
    /// [`Outcome::Unknown`](crate::Outcome::Unknown).
    pub fn cause(&self) -> Option<&Error> {
        self.driver.cause()
    }

    /// Who vouches for the server that answered last, and what is known about the revocation of its certificates; `None`
    /// before the first answer, and with an exchange of the embedding program.
    pub fn trust(&self) -> Option<&TrustReport> {
        self.driver.trust()
    }

    /// The identifiers by which both sides log this attempt.
    pub fn correlation(&self) -> Correlation {
        self.driver.correlation()
    }

    /// Answers [`Step::Captcha`]. Right or wrong, a picture is good for one answer.
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn solve_captcha(&mut self, solution: CaptchaSolution) -> Result<(), Error> {
        self.answer("solve_captcha", Answer::Captcha(solution))
            .await
    }

    /// Asks for another picture at [`Step::Captcha`].
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn another_picture(&mut self) -> Result<(), Error> {
        self.answer("another_picture", Answer::AnotherPicture).await
    }

    /// Answers [`Step::ResetOrUnlock`].
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn choose_goal(&mut self, goal: Goal) -> Result<(), Error> {
        self.answer("choose_goal", Answer::Goal(goal)).await
    }

    /// Answers [`Step::ChooseMethod`].
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn choose_method(&mut self, id: MethodId) -> Result<(), Error> {
        self.answer("choose_method", Answer::Method(id)).await
    }

    /// Answers [`Step::ConfirmContact`].
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn confirm_contact(&mut self, contact: Contact) -> Result<(), Error> {
        self.answer("confirm_contact", Answer::Contact(contact))
            .await
    }

    /// Answers [`Step::EnterCode`].
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn enter_code(&mut self, code: Code) -> Result<(), Error> {
        self.answer("enter_code", Answer::Code(code)).await
    }

    /// Asks for another code at [`Step::EnterCode`]. It spends one of the few that the service sends in an hour.
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn resend_code(&mut self) -> Result<(), Error> {
        self.answer("resend_code", Answer::ResendCode).await
    }

    /// Answers [`Step::Questions`], one answer for each question and in their order. Each try spends one of the few that
    /// the service allows in an hour.
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn answer_questions(&mut self, answers: Vec<SecurityAnswer>) -> Result<(), Error> {
        self.answer("answer_questions", Answer::Questions(answers))
            .await
    }

    /// Answers [`Step::EnterCurrentPassword`]. A wrong one spends an attempt at the service, which locks an account after
    /// some of them.
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn enter_current_password(&mut self, password: CurrentPassword) -> Result<(), Error> {
        self.answer("enter_current_password", Answer::CurrentPassword(password))
            .await
    }

    /// Answers [`Step::NewPassword`]. What the service would certainly refuse is refused here, with the reason, and not
    /// sent.
    ///
    /// If the answer to the new password is lost, it is not sent again: the attempt ends with
    /// [`Outcome::Unknown`](crate::Outcome::Unknown).
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn set_password(&mut self, password: NewPassword) -> Result<(), Error> {
        self.answer("set_password", Answer::Password(password))
            .await
    }

    /// Waits at [`Step::Applying`] and [`Step::Approve`]: asks the service once, no sooner than it allows, and returns, so
    /// that progress can be shown. At any other step it collects the answer that a dropped call left behind.
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn wait(&mut self) -> Result<(), Error> {
        self.answer("wait", Answer::Wait).await
    }

    /// Returns to the choice before, where [`Step::answers`] offers it.
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn back(&mut self) -> Result<(), Error> {
        self.answer("back", Answer::Back).await
    }

    /// Signs in with the token of the finished reset, for `scope` (scopes separated by blanks), once. It works where the
    /// protocol knows such a token and while the service lets it live.
    ///
    /// Whatever comes of it, the reset stays the success it was.
    ///
    /// # Errors
    /// As every method: see [`Reset`].
    pub async fn sign_in(&mut self, scope: &str) -> Result<SignIn, Error> {
        const CALL: &str = "sign_in";
        match self
            .driver
            .answer(
                CALL,
                Answer::SignIn {
                    scope: scope.to_owned(),
                },
            )
            .await?
        {
            Came::SignedIn(sign_in) => Ok(sign_in),
            Came::Step => Err(self.driver.misuse(CALL)),
        }
    }

    async fn answer(&mut self, call: &'static str, answer: Answer) -> Result<(), Error> {
        self.driver.answer(call, answer).await.map(|_| ())
    }
}

impl fmt::Debug for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reset")
            .field("step", self.step())
            .field("correlation", &self.correlation())
            .finish_non_exhaustive()
    }
}
