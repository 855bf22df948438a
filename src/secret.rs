//! What must not be seen: wiped when dropped, redacted in `Debug`, moved and never cloned or compared.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, Fault, UsernameProblem};

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// The value itself, for the one place that has to write it.
            pub fn expose_secret(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
    ($(#[$doc:meta])* $name:ident, new) => {
        secret!($(#[$doc])* $name);

        impl $name {
            /// Takes the value over. A `String` is taken without a copy.
            pub fn new(value: impl Into<String>) -> Self {
                Self(Zeroizing::new(value.into()))
            }
        }
    };
}

secret! {
    /// The name a person signs in with: a user principal name, an e-mail address or an alternate sign-in name.
    Username
}

secret! {
    /// A one-time code as the person typed it, made comparable: blanks are taken out, and full-width letters and digits
    /// (as a Japanese input method gives them) become ASCII.
    Code
}

secret! {
    /// The password to be.
    NewPassword, new
}

secret! {
    /// The password that is still valid, or has expired: what the person signs in with so far.
    CurrentPassword, new
}

secret! {
    /// The full contact (phone number or address) by which a person proves to know it.
    Contact, new
}

secret! {
    /// What a person reads in a picture, as it was typed.
    CaptchaSolution, new
}

secret! {
    /// The answer to a security question, as it was typed.
    SecurityAnswer, new
}

secret! {
    /// The server's handle on the flow. Whoever holds it can go on with the flow.
    ContinuationToken, new
}

secret! {
    /// The password of an account at a proxy.
    ProxyPassword, new
}

secret! {
    /// A token of the signed-in person.
    Token, new
}

impl Username {
    /// The most characters of a user name; user principal names have at most 113.
    pub const LIMIT: usize = 320;

    /// Takes blanks off both ends, makes full-width ASCII forms plain, and refuses what cannot be a user name.
    ///
    /// # Errors
    /// [`Fault::InvalidUsername`] if it is empty, longer than [`LIMIT`](Self::LIMIT), or holds blanks, control characters
    /// or invisible characters.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let trimmed = text.trim_matches(|c: char| c.is_whitespace() && !c.is_control());
        let invalid = |problem| Err(Fault::InvalidUsername { problem }.into());
        if trimmed.is_empty() {
            return invalid(UsernameProblem::Empty);
        }
        if trimmed.chars().count() > Self::LIMIT {
            return invalid(UsernameProblem::TooLong);
        }
        if trimmed
            .chars()
            .any(|c| c.is_whitespace() || crate::error::PeerText::removes(c))
        {
            return invalid(UsernameProblem::Characters);
        }
        Ok(Self(gather(trimmed, plain_width)))
    }
}

impl Code {
    /// Takes the typed code over in its comparable form.
    pub fn new(typed: impl Into<String>) -> Self {
        let typed = Zeroizing::new(typed.into());
        Self(gather(&typed, |c| {
            (!c.is_whitespace()).then(|| plain_width(c)).flatten()
        }))
    }
}

/// Collects into a buffer that never grows, so that no half-filled copy of a secret is left behind.
fn gather(text: &str, map: impl Fn(char) -> Option<char>) -> Zeroizing<String> {
    let mut gathered = Zeroizing::new(String::with_capacity(text.len()));
    gathered.extend(text.chars().filter_map(map));
    gathered
}

/// Full-width ASCII forms (U+FF01 to U+FF5E) as the ASCII characters they stand for.
fn plain_width(c: char) -> Option<char> {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0),
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> UsernameProblem {
        match Username::parse(text).unwrap_err().fault() {
            Fault::InvalidUsername { problem } => *problem,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn user_names_are_trimmed_and_made_plain() {
        assert_eq!(
            Username::parse(" adele@contoso.com\u{3000}")
                .unwrap()
                .expose_secret(),
            "adele@contoso.com"
        );
        assert_eq!(
            Username::parse("ａｄｅｌｅ＠contoso.com")
                .unwrap()
                .expose_secret(),
            "adele@contoso.com"
        );
    }

    #[test]
    fn user_names_with_what_no_user_name_has_are_refused() {
        assert_eq!(problem(""), UsernameProblem::Empty);
        assert_eq!(problem(" \u{3000}"), UsernameProblem::Empty);
        assert_eq!(problem("adele\n@contoso.com"), UsernameProblem::Characters);
        assert_eq!(problem("adele@contoso.com\n"), UsernameProblem::Characters);
        assert_eq!(problem("adele\0@contoso.com"), UsernameProblem::Characters);
        assert_eq!(problem("adele b@contoso.com"), UsernameProblem::Characters);
        assert_eq!(
            problem("adele\u{202e}@contoso.com"),
            UsernameProblem::Characters
        );
        assert_eq!(problem(&"a".repeat(321)), UsernameProblem::TooLong);
    }

    #[test]
    fn codes_lose_blanks_and_width() {
        assert_eq!(
            Code::new(" 12 34\u{3000}56\t78\n").expose_secret(),
            "12345678"
        );
        assert_eq!(Code::new("１２３４５６７８").expose_secret(), "12345678");
        assert_eq!(Code::new(" ").expose_secret(), "");
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", NewPassword::new("hush")), "NewPassword(…)");
        assert_eq!(format!("{:?}", Code::new("1234")), "Code(…)");
    }
}
