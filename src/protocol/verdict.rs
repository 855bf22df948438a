//! What the server's refusals mean that come as OAuth error bodies, by the tables of the reference of native
//! authentication V1 and of the vendor's clients.
//!
//! `error`, `suberror` and `error_codes` decide; the description never does, since its text is known to be wrong at
//! times and changes with the language.

use crate::error::{Fault, ServerError};
use crate::protocol::{Rejection, SignIn};

/// What a refusal means for the attempt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The answer was refused; the step stays.
    Rejected(Rejection),
    /// There is no such account, or nothing to reset; whether this is told depends on the privacy.
    NoAccount(Fault),
    /// The attempt took too long.
    Expired,
    /// The step stays, and the caller is told.
    Fault(Fault),
}

const CHALLENGE_TYPE_LACKS_REDIRECT: i64 = 901_007;
const TOKEN_INVALID: i64 = 55_200;
const TOKEN_EXPIRED: i64 = 552_003;
const PASSWORD_TOO_WEAK: i64 = 399_246;
const PASSWORD_CHANGE_REQUIRED: i64 = 50_142;
const USER_NOT_FOUND: i64 = 50_034;
const USER_WITHOUT_PASSWORD: i64 = 500_222;
const CONTACT_INVALID: i64 = 901_001;
const AUTHENTICATION_TYPE_INVALID: i64 = 400_002;

/// Judges a refusal at a step of the reset.
pub(super) fn judge(server: &ServerError) -> Verdict {
    let has = |code: i64| server.codes.contains(&code);
    let error = server.error.as_str();
    let suberror = server.suberror.as_deref().unwrap_or_default();
    if error == "expired_token" || has(TOKEN_EXPIRED) || has(TOKEN_INVALID) {
        return Verdict::Expired;
    }
    let server = || server.clone();
    if let Some(rejection) = rejection(suberror) {
        return Verdict::Rejected(rejection);
    }
    if suberror.starts_with("password_") {
        return Verdict::Rejected(Rejection::Other(server()));
    }
    if suberror == "provider_blocked_by_rep" || has(CONTACT_INVALID) {
        return Verdict::Fault(Fault::ContactRefused { server: server() });
    }
    if suberror == "nativeauthapi_disabled" {
        return Verdict::Fault(Fault::ApplicationRefused { server: server() });
    }
    if error == "user_not_found" || has(USER_NOT_FOUND) {
        return Verdict::NoAccount(Fault::AccountNotFound { server: server() });
    }
    if has(USER_WITHOUT_PASSWORD) {
        return Verdict::NoAccount(Fault::NothingToReset { server: server() });
    }
    if has(PASSWORD_TOO_WEAK) {
        return Verdict::Rejected(Rejection::PasswordTooWeak);
    }
    Verdict::Fault(match error {
        "invalid_client" | "unauthorized_client" => Fault::ApplicationRefused { server: server() },
        "unsupported_challenge_type" => Fault::ChallengeTypeRefused { server: server() },
        _ if has(CHALLENGE_TYPE_LACKS_REDIRECT) || has(AUTHENTICATION_TYPE_INVALID) => {
            Fault::ChallengeTypeRefused { server: server() }
        }
        _ => Fault::Refused { server: server() },
    })
}

fn rejection(suberror: &str) -> Option<Rejection> {
    Some(match suberror {
        "invalid_oob_value" => Rejection::WrongCode,
        "password_too_weak" => Rejection::PasswordTooWeak,
        "password_too_short" => Rejection::PasswordTooShort,
        "password_too_long" => Rejection::PasswordTooLong,
        "password_recently_used" => Rejection::PasswordRecentlyUsed,
        "password_banned" => Rejection::PasswordBanned,
        "password_is_invalid" => Rejection::PasswordInvalid,
        _ => return None,
    })
}

/// Judges a refusal of the token call that follows a reset.
pub(super) fn judge_sign_in(server: ServerError) -> SignIn {
    match server.suberror.as_deref() {
        Some("mfa_required") => SignIn::SecondFactorRequired,
        Some("registration_required") => SignIn::EnrolmentRequired,
        _ if server.codes.contains(&PASSWORD_CHANGE_REQUIRED) => SignIn::PasswordChangeRequired,
        _ => SignIn::Refused(server),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{PeerText, Stage};

    fn server(error: &str, suberror: &str, codes: &[i64]) -> ServerError {
        let suberror = (!suberror.is_empty()).then(|| PeerText::new(suberror));
        ServerError {
            error: PeerText::new(error),
            suberror,
            codes: codes.to_vec(),
        }
    }

    fn fault(error: &str, suberror: &str, codes: &[i64]) -> Fault {
        match judge(&server(error, suberror, codes)) {
            Verdict::Fault(fault) | Verdict::NoAccount(fault) => fault,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_expiry_is_an_expiry() {
        for (error, codes) in [
            ("expired_token", &[552003][..]),
            ("invalid_request", &[55200]),
            ("invalid_grant", &[552003]),
        ] {
            assert_eq!(judge(&server(error, "", codes)), Verdict::Expired);
        }
    }

    #[test]
    fn every_suberror_of_a_password_has_a_rejection_of_its_own() {
        let suberrors = [
            ("password_too_weak", Rejection::PasswordTooWeak),
            ("password_too_short", Rejection::PasswordTooShort),
            ("password_too_long", Rejection::PasswordTooLong),
            ("password_recently_used", Rejection::PasswordRecentlyUsed),
            ("password_banned", Rejection::PasswordBanned),
            ("password_is_invalid", Rejection::PasswordInvalid),
        ];
        for (suberror, rejection) in suberrors {
            assert_eq!(
                judge(&server("invalid_grant", suberror, &[])),
                Verdict::Rejected(rejection)
            );
        }
        assert_eq!(
            judge(&server("invalid_grant", "", &[399246])),
            Verdict::Rejected(Rejection::PasswordTooWeak)
        );
    }

    #[test]
    fn what_the_tenant_has_to_change_is_configuration() {
        for (error, suberror, codes) in [
            ("unsupported_challenge_type", "", &[901007][..]),
            ("invalid_request", "", &[901007]),
            ("invalid_request", "", &[400002]),
            ("invalid_client", "nativeauthapi_disabled", &[]),
            ("invalid_client", "", &[]),
            ("unauthorized_client", "", &[]),
        ] {
            assert_eq!(
                fault(error, suberror, codes).stage(),
                Stage::Configuration,
                "{error} {suberror}"
            );
        }
    }

    #[test]
    fn accounts_and_contacts_are_told_apart() {
        assert!(matches!(
            fault("user_not_found", "", &[50034]),
            Fault::AccountNotFound { .. }
        ));
        assert!(matches!(
            fault("invalid_request", "", &[500222]),
            Fault::NothingToReset { .. }
        ));
        assert!(matches!(
            fault("access_denied", "provider_blocked_by_rep", &[]),
            Fault::ContactRefused { .. }
        ));
        assert!(matches!(
            fault("invalid_request", "", &[901001]),
            Fault::ContactRefused { .. }
        ));
    }

    #[test]
    fn an_unknown_reason_against_a_password_is_a_rejection_all_the_same() {
        let unknown = server("invalid_grant", "password_seen_in_a_breach", &[]);
        let rejection = Rejection::Other(unknown.clone());
        assert_eq!(judge(&unknown), Verdict::Rejected(rejection));
    }

    #[test]
    fn the_unknown_is_kept_verbatim() {
        let unknown = server("brand_new", "and_so_on", &[1, 2]);
        assert_eq!(
            judge(&unknown),
            Verdict::Fault(Fault::Refused { server: unknown })
        );
    }
}
