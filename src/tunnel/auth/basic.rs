//! Basic (RFC 7617): user name and password, readable by everyone who sees them.

use zeroize::Zeroizing;

use super::access::ProxyCredentials;
use super::challenge::Challenge;
use super::composed::composed;
use super::token;
use crate::error::AuthScheme;

/// How the proxy wants the characters that ASCII does not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Charset {
    /// What it wants where it says so, and the best guess where it says nothing.
    #[default]
    Utf8,
    /// No standard has it as the value of the parameter, and old proxies do.
    Latin1,
}

impl Charset {
    pub(super) fn of(challenge: &Challenge<'_>) -> Self {
        match challenge.parameter("charset") {
            Ok(Some(name)) if name.eq_ignore_ascii_case(b"iso-8859-1") => Self::Latin1,
            _ => Self::Utf8,
        }
    }
}

/// The value of the field. `None` if the scheme cannot carry this name or password: a colon in the name would begin the
/// password, control characters are forbidden, and the charset may lack a character.
pub(super) fn answer(
    credentials: &ProxyCredentials,
    charset: Charset,
) -> Option<Zeroizing<String>> {
    let user = composed(&credentials.user);
    let password = composed(credentials.password.expose_secret());
    if user.contains(':') || user.contains(char::is_control) || password.contains(char::is_control)
    {
        return None;
    }
    let mut pair = Zeroizing::new(Vec::with_capacity(user.len() + 1 + password.len()));
    encode(&user, charset, &mut pair)?;
    pair.push(b':');
    encode(&password, charset, &mut pair)?;
    Some(token::field(AuthScheme::Basic, &pair))
}

fn encode(text: &str, charset: Charset, into: &mut Vec<u8>) -> Option<()> {
    match charset {
        Charset::Utf8 => into.extend_from_slice(text.as_bytes()),
        Charset::Latin1 => {
            for c in text.chars() {
                into.push(u8::try_from(u32::from(c)).ok()?);
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::ProxyPassword;

    fn field(user: &str, password: &str, charset: Charset) -> Option<String> {
        let credentials = ProxyCredentials::new(user, ProxyPassword::new(password));
        let field = answer(&credentials, charset)?;
        assert_eq!(field.len(), field.capacity(), "a buffer grew");
        Some(field.to_string())
    }

    #[test]
    fn charsets_are_obeyed() {
        use Charset::{Latin1, Utf8};
        for (user, password, charset, expected) in [
            ("adele", "hush", Utf8, Some("Basic YWRlbGU6aHVzaA==")),
            ("adele", "ü", Utf8, Some("Basic YWRlbGU6w7w=")),
            ("adele", "u\u{308}", Utf8, Some("Basic YWRlbGU6w7w=")),
            ("adele", "ü", Latin1, Some("Basic YWRlbGU6/A==")),
            ("adele", "u\u{308}", Latin1, Some("Basic YWRlbGU6/A==")),
            ("adele", "パ", Latin1, None),
            ("a:b", "c", Utf8, None),
            ("a", "b\r\nX: y", Utf8, None),
            ("a\u{85}", "b", Utf8, None),
        ] {
            let field = field(user, password, charset);
            assert_eq!(field.as_deref(), expected, "{user}");
        }
    }

    #[test]
    fn the_charset_is_read_from_the_challenge() {
        for (challenge, expected) in [
            ("Basic realm=a", Charset::Utf8),
            ("Basic realm=a, charset=\"utf-8\"", Charset::Utf8),
            ("Basic realm=a, charset=\"ISO-8859-1\"", Charset::Latin1),
            ("Basic realm=a, charset=EBCDIC", Charset::Utf8),
        ] {
            let challenges = Challenge::parse(challenge.as_bytes());
            assert_eq!(Charset::of(&challenges[0]), expected, "{challenge}");
        }
    }
}
