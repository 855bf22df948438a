//! How the tests stand at the desk.

use std::time::Duration;

use sspr::{
    CurrentPassword, Error, NewPassword, Outcome, Privacy, Rejection, Reset, Step, Username,
};

use crate::script::Script;

pub(crate) const USER: &str = "adele@contoso.com";
pub(crate) const CURRENT: &str = "Autumn-Leaves-7";
pub(crate) const PASSWORD: &str = "Winter-Snow-9";

pub(crate) fn user() -> Username {
    Username::parse(USER).unwrap()
}

pub(crate) fn current() -> CurrentPassword {
    CurrentPassword::new(CURRENT)
}

pub(crate) fn password() -> NewPassword {
    NewPassword::new(PASSWORD)
}

/// An attempt that asks for the current password.
pub(crate) async fn opened(script: &Script, privacy: Privacy) -> Reset {
    let reset = script.client(privacy).start(user()).await.unwrap();
    assert_eq!(reset.step().id(), "enter-current-password");
    reset
}

/// An attempt that asks for the new password.
pub(crate) async fn signed_in(script: &Script) -> Reset {
    let mut reset = opened(script, Privacy::Hide).await;
    reset.enter_current_password(current()).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
    reset
}

/// An attempt whose password is being applied.
pub(crate) async fn applying(script: &Script) -> Reset {
    let mut reset = signed_in(script).await;
    reset.set_password(password()).await.unwrap();
    assert_eq!(reset.step().id(), "applying");
    reset
}

/// Answers what is asked until the attempt has ended.
pub(crate) async fn finish(reset: &mut Reset) -> Result<(), Error> {
    loop {
        match reset.step() {
            Step::EnterCurrentPassword { .. } => reset.enter_current_password(current()).await?,
            Step::NewPassword { .. } => reset.set_password(password()).await?,
            Step::Applying { .. } => reset.wait().await?,
            _ => return Ok(()),
        }
    }
}

/// Lets time pass for the client, while nothing is under way.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

pub(crate) fn is_changed(step: &Step) -> bool {
    matches!(step, Step::Finished(Outcome::PasswordChanged { .. }))
}

pub(crate) fn is_unknown(step: &Step) -> bool {
    matches!(step, Step::Finished(Outcome::Unknown { .. }))
}

/// The server's words in a rejection that this crate does not know.
pub(crate) fn words(step: &Step) -> &str {
    match step.rejection() {
        Some(Rejection::Other(server)) => &server.error,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn browser_reason(step: &Step) -> Option<&str> {
    match step {
        Step::UseBrowser(handoff) => handoff.reason.as_deref(),
        other => panic!("{other:?}"),
    }
}
