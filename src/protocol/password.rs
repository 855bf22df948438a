//! What a password must look like, as far as a client can know.

use serde::Serialize;

use super::rejection::Rejection;
use crate::secret::NewPassword;

/// The published rules for cloud passwords. The server has the last word: it also knows history and banned words, and
/// an on-premises directory has rules of its own.
///
/// Follows the password policy table of the Microsoft Entra documentation (concept-sspr-policy).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PasswordPolicy {
    /// The fewest characters.
    pub min_length: usize,
    /// The most characters.
    pub max_length: usize,
    /// How many of the four classes (lower-case, upper-case, digit, symbol) must occur.
    pub min_classes: usize,
}

impl PasswordPolicy {
    /// 8 to 256 characters of printable ASCII, from at least 3 of the 4 classes.
    pub const ENTRA: Self = Self {
        min_length: 8,
        max_length: 256,
        min_classes: 3,
    };

    /// Refuses what the server would refuse for certain: a wrong length, or a character outside printable ASCII.
    ///
    /// Too few classes are left to the server, whose tenant may see it differently.
    ///
    /// # Errors
    /// [`Rejection::PasswordTooShort`], [`Rejection::PasswordTooLong`] or [`Rejection::PasswordCharacters`].
    pub fn check(&self, password: &NewPassword) -> Result<(), Rejection> {
        let text = password.expose_secret();
        let length = text.chars().count();
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            Err(Rejection::PasswordCharacters)
        } else if length < self.min_length {
            Err(Rejection::PasswordTooShort)
        } else if length > self.max_length {
            Err(Rejection::PasswordTooLong)
        } else {
            Ok(())
        }
    }

    /// How many of the four classes occur in `password`: for a hint while the person types.
    pub fn classes(&self, password: &NewPassword) -> usize {
        let text = password.expose_secret();
        let is_symbol = |c: char| c == ' ' || c.is_ascii_punctuation();
        [
            text.contains(|c: char| c.is_ascii_lowercase()),
            text.contains(|c: char| c.is_ascii_uppercase()),
            text.contains(|c: char| c.is_ascii_digit()),
            text.contains(is_symbol),
        ]
        .into_iter()
        .filter(|occurs| *occurs)
        .count()
    }
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self::ENTRA
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), Rejection> {
        PasswordPolicy::ENTRA.check(&NewPassword::new(text))
    }

    #[test]
    fn length_is_counted_at_its_bounds() {
        assert_eq!(check(&"a".repeat(7)), Err(Rejection::PasswordTooShort));
        assert_eq!(check(&"a".repeat(8)), Ok(()));
        assert_eq!(check(&"a".repeat(256)), Ok(()));
        assert_eq!(check(&"a".repeat(257)), Err(Rejection::PasswordTooLong));
        assert_eq!(check(""), Err(Rejection::PasswordTooShort));
    }

    #[test]
    fn every_documented_symbol_is_allowed() {
        assert_eq!(check("@#$%^&*-_!+=[]{}|\\:',.?/`~\"();<> "), Ok(()));
    }

    #[test]
    fn anything_but_printable_ascii_is_refused() {
        for text in [
            "Пароль-2026!",
            "Passw0rd\t",
            "Passw0rd\n",
            "Passw0rdé",
            "Ｐａｓｓｗ０ｒｄ",
            "Passw0rd\u{7f}",
            "短",
        ] {
            assert_eq!(check(text), Err(Rejection::PasswordCharacters), "{text:?}");
        }
    }

    #[test]
    fn classes_are_counted() {
        let classes = |text: &str| PasswordPolicy::ENTRA.classes(&NewPassword::new(text));
        assert_eq!(classes("aaaaaaaa"), 1);
        assert_eq!(classes("aaaaAA11"), 3);
        assert_eq!(classes("aA1 "), 4);
    }
}
