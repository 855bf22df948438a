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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{PeerText, ServerError};

    fn refusal(error: &str, inner: &str, of_password: bool) -> Refusal {
        let server = ServerError {
            error: PeerText::new(error),
            suberror: (!inner.is_empty()).then(|| PeerText::new(inner)),
            codes: Vec::new(),
        };
        Refusal {
            server,
            of_password,
        }
    }

    #[test]
    fn every_word_of_the_vendors_client_has_a_meaning() {
        for (error, inner, expected) in [
            ("invalidGrant", "invalidOneTimeCode", Rejection::WrongCode),
            (
                "invalidRequest",
                "passwordTooWeak",
                Rejection::PasswordTooWeak,
            ),
            (
                "invalidRequest",
                "passwordTooShort",
                Rejection::PasswordTooShort,
            ),
            (
                "invalidRequest",
                "passwordTooLong",
                Rejection::PasswordTooLong,
            ),
            (
                "invalidRequest",
                "passwordIsInvalid",
                Rejection::PasswordInvalid,
            ),
            (
                "invalidRequest",
                "passwordRecentlyUsed",
                Rejection::PasswordRecentlyUsed,
            ),
            (
                "invalidRequest",
                "passwordBanned",
                Rejection::PasswordBanned,
            ),
        ] {
            let judged = judge(&refusal(error, inner, false));
            assert_eq!(judged, Verdict::Rejected(expected));
        }
        let judged = judge(&refusal("invalidRequest", "userNotFound", false));
        let Verdict::NoAccount(Fault::AccountNotFound { .. }) = judged else {
            panic!("{judged:?}")
        };
    }

    #[test]
    fn an_attribute_is_a_password_only_if_the_details_say_so() {
        let word = "attributeValidationError";
        let judged = judge(&refusal("invalidRequest", word, true));
        assert_eq!(judged, Verdict::Rejected(Rejection::PasswordInvalid));
        let judged = judge(&refusal("invalidRequest", word, false));
        assert!(matches!(judged, Verdict::Fault(Fault::Refused { .. })));
    }

    #[test]
    fn flat_words_mean_what_they_mean_everywhere() {
        for (error, suberror, expected) in [
            ("expired_token", "", Verdict::Expired),
            (
                "invalid_grant",
                "invalid_oob_value",
                Verdict::Rejected(Rejection::WrongCode),
            ),
        ] {
            assert_eq!(judge(&refusal(error, suberror, false)), expected);
        }
    }

    #[test]
    fn the_unknown_is_kept_verbatim() {
        for inner in ["", "brandNew", "passwordless", "password"] {
            let unknown = refusal("invalidRequest", inner, false);
            let server = unknown.server.clone();
            let expected = Verdict::Fault(Fault::Refused { server });
            assert_eq!(judge(&unknown), expected, "{inner}");
        }
    }
}
