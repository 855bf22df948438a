//! What a refused sign-in leads to.

use super::change_code::{ChangeCode, Verdict};
use crate::error::{PeerText, ServerError};

const PREFIX: &str = "AADSTS";

/// The code with which Microsoft Entra ID refused or interrupted a sign-in, whoever attempted it.
///
/// ```
/// use sspr::protocol::login_change::{Route, SignInResult};
///
/// let result = SignInResult::new("AADSTS50055: The password is expired.");
/// assert_eq!(result.route(), Route::Change);
/// assert_eq!(result.code().as_str(), "AADSTS50055");
/// assert_eq!(SignInResult::new("50126").route(), Route::Reset);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInResult {
    code: PeerText,
    number: Option<u32>,
}

/// What a frontend can offer after a sign-in that did not succeed.
///
/// The codes are those of the vendor's reference of sign-in errors; the routes are this crate's conclusions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Route {
    /// The password has expired or has to be changed: [`LoginChange`](super::LoginChange) can do it.
    Change,
    /// The password is wrong, or has expired on-premises: offer a reset.
    Reset,
    /// The account is locked for a while; later it can be tried again, or it has to be unlocked.
    Wait,
    /// The service is busy or failed in passing: the same can be tried in a moment.
    TryLater,
    /// The session is no longer good: sign in anew.
    SignInAgain,
    /// Only an administrator can help.
    Administrator,
    /// A second factor or a registration is asked for: a browser can go on.
    Browser,
    /// There is no such account, or none with a password. Whether that may be told depends on who is listening.
    NoAccount,
    /// A code that this crate does not know.
    Unknown,
}

impl SignInResult {
    /// Takes over a code (`AADSTS50055`, `50055`), which may be followed by a description. That is left out: it repeats
    /// the user name.
    pub fn new(text: &str) -> Self {
        let is_end = |c: char| c == ':' || c.is_whitespace();
        let code = text.trim().split(is_end).next().unwrap_or_default();
        Self {
            number: code.strip_prefix(PREFIX).unwrap_or(code).parse().ok(),
            code: PeerText::new(code),
        }
    }

    /// The first code with the prefix `AADSTS` in a text.
    pub(super) fn in_text(text: &str) -> Option<Self> {
        let begin = text.find(PREFIX)?;
        let code = text.get(begin..)?;
        let digits = code.get(PREFIX.len()..)?;
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        let end = PREFIX.len() + length;
        (length > 0).then(|| Self::new(code.get(..end).unwrap_or_default()))
    }

    /// The code, verbatim.
    pub fn code(&self) -> &PeerText {
        &self.code
    }

    /// The number in the code, if it is one.
    pub const fn number(&self) -> Option<u32> {
        self.number
    }

    /// The result of a change of password, if that is what the code tells.
    pub fn change_code(&self) -> Option<ChangeCode> {
        self.number.and_then(ChangeCode::from_number)
    }

    /// What to offer now.
    pub fn route(&self) -> Route {
        if let Some(code) = self.change_code() {
            return match code.verdict() {
                Verdict::WrongCurrent | Verdict::Rejected(_) => Route::Change,
                Verdict::Administrator => Route::Administrator,
                Verdict::TryLater => Route::TryLater,
                Verdict::CloudPending | Verdict::Uncertain => Route::SignInAgain,
            };
        }
        match self.number {
            Some(50_055 | 50_142) => Route::Change,
            Some(50_126 | 50_144) => Route::Reset,
            Some(50_053) => Route::Wait,
            Some(90_006 | 90_055) => Route::TryLater,
            Some(50_133) => Route::SignInAgain,
            Some(50_057 | 53_003 | 530_032 | 530_035) => Route::Administrator,
            Some(50_072 | 50_074 | 50_076 | 50_079 | 50_125) => Route::Browser,
            Some(50_034 | 50_056 | 50_059) => Route::NoAccount,
            _ => Route::Unknown,
        }
    }

    pub(super) fn is_wrong_password(&self) -> bool {
        self.number == Some(50_126)
    }

    pub(super) fn is_without_password(&self) -> bool {
        self.number == Some(50_056)
    }

    /// A second factor is to be registered first.
    pub(super) fn wants_enrolment(&self) -> bool {
        matches!(self.number, Some(50_072 | 50_079))
    }

    /// A second factor is asked for.
    pub(super) fn wants_second_factor(&self) -> bool {
        matches!(self.number, Some(50_074 | 50_076))
    }

    pub(super) fn server_error(&self) -> ServerError {
        ServerError {
            error: self.code.clone(),
            ..ServerError::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_without_its_description() {
        for (text, code, number) in [
            ("AADSTS50055: adele@contoso.com", "AADSTS50055", Some(50055)),
            (" 50126 ", "50126", Some(50126)),
            ("AADSTS", "AADSTS", None),
            ("AADSTS99999999999", "AADSTS99999999999", None),
            ("interaction_required", "interaction_required", None),
            ("", "", None),
        ] {
            let result = SignInResult::new(text);
            assert_eq!((result.code().as_str(), result.number()), (code, number));
        }
    }

    #[test]
    fn a_code_is_found_in_a_text() {
        let found = |text| SignInResult::in_text(text).map(|result| result.code().to_string());
        assert_eq!(
            found("x AADSTS120002: weak"),
            Some("AADSTS120002".to_owned())
        );
        assert_eq!(found("AADSTSé50055"), None);
        assert_eq!(found("50055"), None);
    }
}
