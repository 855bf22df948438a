//! Which passwords the tenant takes.
//!
//! Lengths, classes and characters are documented (`concept-sspr-policy`), and so is the way banned terms are scored
//! (`concept-password-ban-bad`). Which rule is looked at first is *invented*, and so are the banned terms themselves:
//! the real list is secret.

/// The characters besides letters and digits that a password may contain.
const SYMBOLS: &str = "@#$%^&*-_!+=[]{}|\\:',.?/`~\"();<> ";

/// The rules for new passwords.
///
/// The default: 8 to 256 characters, three of four classes, nothing like `contoso` or `password`,
/// and not the present password again.
#[derive(Clone, Debug)]
pub struct PasswordPolicy {
    banned: Vec<String>,
    refuse_present: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            banned: vec!["contoso".into(), "password".into()],
            refuse_present: true,
        }
    }
}

impl PasswordPolicy {
    /// Adds a banned term. Terms of fewer than four characters have no effect, as documented.
    #[must_use]
    pub fn ban(mut self, term: impl AsRef<str>) -> Self {
        self.banned.push(normalise(term.as_ref()));
        self
    }

    /// Takes the present password again.
    ///
    /// The document of this API lists `password_recently_used` for a reset, the general one says that a reset may
    /// choose the last password again: both exist.
    #[must_use]
    pub fn allow_present_password(mut self) -> Self {
        self.refuse_present = false;
        self
    }

    /// `Err` carries the `suberror` of the first rule that is broken.
    pub(super) fn judge(&self, password: &str, present: Option<&str>) -> Result<(), &'static str> {
        let length = password.chars().count();
        if length < 8 {
            Err("password_too_short")
        } else if length > 256 {
            Err("password_too_long")
        } else if !password
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || SYMBOLS.contains(c))
        {
            Err("password_is_invalid")
        } else if classes(password) < 3 {
            Err("password_too_weak")
        } else if self.bans(password) {
            Err("password_banned")
        } else if self.refuse_present && present == Some(password) {
            Err("password_recently_used")
        } else {
            Ok(())
        }
    }

    /// Near a banned term, or worth fewer than five points: one for each banned term, one for each other character.
    fn bans(&self, password: &str) -> bool {
        let password = normalise(password);
        let terms = self.banned.iter().filter(|term| term.chars().count() >= 4);
        let mut rest = password.clone();
        let mut points = 0;
        for term in terms {
            if nearly_equal(&password, term) {
                return true;
            }
            points += rest.matches(term.as_str()).count();
            rest = rest.replace(term.as_str(), "");
        }
        points + rest.chars().count() < 5
    }
}

/// How many of lower case, upper case, digit and symbol occur.
fn classes(password: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_digit(),
        |c| SYMBOLS.contains(c),
    ];
    kinds
        .iter()
        .filter(|kind| password.chars().any(**kind))
        .count()
}

/// Lower case, and the usual substitutions undone.
fn normalise(text: &str) -> String {
    let undo = |c: char| match c.to_ascii_lowercase() {
        '0' => 'o',
        '1' => 'l',
        '$' => 's',
        '@' => 'a',
        other => other,
    };
    text.chars().map(undo).collect()
}

/// At most one character added, left out or changed.
fn nearly_equal(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let common = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (one.split_at(common).1, other.split_at(common).1);
    match (one, other) {
        ([], []) => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(password: &str) -> Result<(), &'static str> {
        PasswordPolicy::default()
            .ban("blank")
            .judge(password, Some("Old-Secret-1"))
    }

    #[test]
    fn every_rule_has_its_suberror() {
        assert_eq!(judge("Sunny-Day-1"), Ok(()));
        assert_eq!(judge("Sun-Da1"), Err("password_too_short"));
        assert_eq!(judge(&format!("Ab1{}", "x".repeat(253))), Ok(()));
        assert_eq!(
            judge(&format!("Ab1{}", "x".repeat(254))),
            Err("password_too_long")
        );
        assert_eq!(judge("Sünny-Day-1"), Err("password_is_invalid"));
        assert_eq!(judge("Sunny\tDay-1"), Err("password_is_invalid"));
        assert_eq!(judge("sunny-day"), Err("password_too_weak"));
        assert_eq!(judge("Old-Secret-1"), Err("password_recently_used"));
    }

    #[test]
    fn banned_terms_are_scored_as_documented() {
        assert_eq!(
            judge("C0ntos0Blank12"),
            Err("password_banned"),
            "four points"
        );
        assert_eq!(judge("ContoS0Bl@nkf9!"), Ok(()), "five points");
        assert_eq!(judge("P@ssw0rd1"), Err("password_banned"), "one edit away");
    }

    #[test]
    fn one_edit_is_near() {
        for (one, other, near) in [
            ("abcdef", "abcdef", true),
            ("abcdef", "abcdeg", true),
            ("abcdefg", "abcdef", true),
            ("bcdef", "abcdef", true),
            ("abcd", "abcdef", false),
            ("abdc", "abcd", false),
        ] {
            assert_eq!(nearly_equal(one, other), near, "{one} {other}");
            assert_eq!(nearly_equal(other, one), near, "{other} {one}");
        }
    }

    #[test]
    fn the_present_password_may_be_allowed() {
        let policy = PasswordPolicy::default().allow_present_password();
        assert_eq!(policy.judge("Old-Secret-1", Some("Old-Secret-1")), Ok(()));
    }
}
