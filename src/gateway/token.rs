//! The password of one run of the gateway.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::{Error, Fault};

/// What the web view must show to use the gateway, by the scheme Basic (RFC 7617): 128 random bits, new for every run.
///
/// `Debug` hides it.
pub struct Token {
    password: Zeroizing<String>,
    /// What stands in the field after the name of the scheme.
    credentials: Zeroizing<String>,
}

/// What the credentials of a request are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Right,
    Wrong,
    Nothing,
}

impl Token {
    /// The user name that goes with it.
    pub const USER: &'static str = "sspr";

    /// What the gateway calls itself when it asks (RFC 7235, section 2.2).
    pub const REALM: &'static str = "sspr gateway";

    pub(super) fn new() -> Result<Self, Error> {
        let mut bits = Zeroizing::new([0_u8; 16]);
        getrandom::fill(&mut bits[..]).map_err(|error| {
            let setting = "random numbers";
            Error::new(Fault::InvalidSetting { setting }).with_source(error)
        })?;
        let mut password = Zeroizing::new(String::with_capacity(32));
        for byte in bits.iter() {
            for digit in [byte >> 4, byte & 15] {
                password.extend(char::from_digit(digit.into(), 16));
            }
        }
        let pair = Zeroizing::new(format!("{}:{}", Self::USER, &*password));
        let credentials = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        Ok(Self {
            password,
            credentials,
        })
    }

    /// The password itself, to be handed to the web view when the gateway asks for it.
    pub fn expose_secret(&self) -> &str {
        &self.password
    }

    /// Judges the field `proxy-authorization`, in a time that does not depend on how much of it is right.
    pub(super) fn judge(&self, field: Option<&[u8]>) -> Shown {
        let Some(field) = field else {
            return Shown::Nothing;
        };
        let credentials = match field.split_at_checked(6) {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case(b"Basic ") => rest.trim_ascii(),
            _ => return Shown::Wrong,
        };
        match bool::from(credentials.ct_eq(self.credentials.as_bytes())) {
            true => Shown::Right,
            false => Shown::Wrong,
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(user: &str, password: &str) -> String {
        format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
    }

    #[test]
    fn only_the_whole_token_is_right() {
        let token = Token::new().unwrap();
        let password = token.expose_secret();
        assert_eq!(password.len(), 32);
        let judge = |field: &str| token.judge(Some(field.as_bytes()));
        let right = field(Token::USER, password);
        assert_eq!(judge(&right), Shown::Right);
        assert_eq!(judge(&right.replace("Basic", "bAsIc ")), Shown::Right);
        for wrong in [
            field(Token::USER, &password[..31]),
            field(Token::USER, &format!("{password}0")),
            field("other", password),
            field(Token::USER, ""),
            right.replace("Basic", "Bearer"),
            right.replace("Basic ", ""),
            "Basic ".to_owned(),
            "Basic".to_owned(),
            String::new(),
            format!("{right}="),
        ] {
            assert_eq!(judge(&wrong), Shown::Wrong, "{wrong}");
        }
        assert_eq!(token.judge(None), Shown::Nothing);
    }

    #[test]
    fn every_run_has_its_own_and_debug_hides_it() {
        let (one, two) = (Token::new().unwrap(), Token::new().unwrap());
        assert_ne!(one.expose_secret(), two.expose_secret());
        assert_eq!(format!("{one:?}"), "Token(…)");
    }
}
