//! What the server's refusals mean that come as HAL error bodies. The others are judged as everywhere.

use super::answer::Refusal;
use crate::error::Fault;
use crate::protocol::Rejection;
use crate::protocol::verdict::{self, Verdict};

/// Judges a refusal at a step of the reset.
pub(super) fn judge(refusal: &Refusal) -> Verdict {
    let server = &refusal.server;
    let inner = server.suberror.as_deref().unwrap_or(&server.error);
    if let Some(rejection) = rejection(inner) {
        return Verdict::Rejected(rejection);
    }
    match inner {
        "userNotFound" => Verdict::NoAccount(Fault::AccountNotFound {
            server: server.clone(),
        }),
        "attributeValidationError" if refusal.of_password => {
            Verdict::Rejected(Rejection::PasswordInvalid)
        }
        // Not seen anywhere: the flat word for it, written as all words of this form are.
        "expiredToken" => Verdict::Expired,
        _ if is_against_password(inner) => Verdict::Rejected(Rejection::Other(server.clone())),
        _ => verdict::judge(server),
    }
}

fn rejection(inner: &str) -> Option<Rejection> {
    Some(match inner {
        "invalidOneTimeCode" => Rejection::WrongCode,
        "passwordTooWeak" => Rejection::PasswordTooWeak,
        "passwordTooShort" => Rejection::PasswordTooShort,
        "passwordTooLong" => Rejection::PasswordTooLong,
        "passwordRecentlyUsed" => Rejection::PasswordRecentlyUsed,
        "passwordBanned" => Rejection::PasswordBanned,
        "passwordIsInvalid" => Rejection::PasswordInvalid,
        _ => return None,
    })
}

/// A word such as `passwordSeenInABreach`.
fn is_against_password(inner: &str) -> bool {
    let rest = inner.strip_prefix("password");
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
}
