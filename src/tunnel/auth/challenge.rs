//! The challenges in a field `Proxy-Authenticate` (RFC 9110, sections 11.2 to 11.7.1).
//!
//! Commas stand between challenges as well as between the parameters of one, so that a word is a parameter's name only if
//! an equals sign follows. Whatever cannot be read is left out, and the rest is read: a proxy that breaks the grammar in
//! one challenge may still offer another.

use std::borrow::Cow;

/// The most challenges of one field that are read.
const MOST_CHALLENGES: usize = 32;
/// The most parameters of one challenge that are read.
const MOST_PARAMETERS: usize = 32;

/// A way to log in that is offered, with what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// The name of the scheme, as it was written.
    pub scheme: &'a str,
    /// Data in base64 or a similar form, which some schemes have instead of parameters (`token68`).
    pub token: Option<&'a str>,
    parameters: Vec<(&'a str, Cow<'a, [u8]>)>,
}

/// A parameter that stands more than once in its challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeated;

impl<'a> Challenge<'a> {
    /// Reads the challenges of one field.
    pub fn parse(field: &'a [u8]) -> Vec<Self> {
        let mut rest = Cursor { rest: field };
        let mut challenges: Vec<Self> = Vec::new();
        loop {
            rest.skip(|byte| matches!(byte, b' ' | b'\t' | b','));
            if rest.rest.is_empty() {
                return challenges;
            }
            let Some(word) = rest.word() else {
                rest.skip_to_comma();
                continue;
            };
            if let Some(value) = rest.value() {
                // Without a challenge, it is nobody's parameter.
                if let Some(challenge) = challenges.last_mut() {
                    challenge.add(word, value);
                }
            } else if challenges.len() == MOST_CHALLENGES {
                return challenges;
            } else {
                challenges.push(Self {
                    scheme: word,
                    token: rest.token(),
                    parameters: Vec::new(),
                });
            }
        }
    }

    /// Whether it is of the scheme of this name.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The value of a parameter, without its quotation marks. There are no control characters in it but tabs.
    ///
    /// # Errors
    /// The parameter stands there more than once.
    pub fn parameter(&self, name: &str) -> Result<Option<&[u8]>, Repeated> {
        let mut found = self
            .parameters
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(Repeated),
            (first, _) => Ok(first.map(|(_, value)| value.as_ref())),
        }
    }

    fn add(&mut self, name: &'a str, value: Option<Cow<'a, [u8]>>) {
        if let Some(value) = value
            && self.parameters.len() < MOST_PARAMETERS
        {
            self.parameters.push((name, value));
        }
    }
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    /// Takes the bytes for which `matches` says yes.
    fn take(&mut self, matches: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.rest.iter().position(|byte| !matches(*byte));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn skip(&mut self, matches: impl Fn(u8) -> bool) {
        let _ = self.take(matches);
    }

    fn skip_blanks(&mut self) {
        self.skip(is_blank);
    }

    fn skip_byte(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// A name (`token`).
    fn word(&mut self) -> Option<&'a str> {
        text(self.take(is_word))
    }

    /// What follows the name of a parameter. `None` if no equals sign follows, so that it is no parameter; `None` inside
    /// if its value cannot be read.
    fn value(&mut self) -> Option<Option<Cow<'a, [u8]>>> {
        let mut after = Cursor { rest: self.rest };
        after.skip_blanks();
        if !after.skip_byte(b'=') {
            return None;
        }
        after.skip_blanks();
        self.rest = after.rest;
        if self.rest.first() == Some(&b'"') {
            return Some(self.quoted());
        }
        // More than a `token` may hold: some proxies forget the quotation marks.
        let value = self.take(|byte| !is_blank(byte) && !matches!(byte, b',' | b'"'));
        let readable = !value.is_empty() && !value.iter().any(|byte| is_control(*byte));
        Some(readable.then_some(Cow::Borrowed(value)))
    }

    /// A `quoted-string`, with what was escaped in its plain form. One that never ends takes the rest of the field.
    fn quoted(&mut self) -> Option<Cow<'a, [u8]>> {
        self.skip_byte(b'"');
        let plain = self.take(|byte| !matches!(byte, b'"' | b'\\'));
        let mut value = Cow::Borrowed(plain);
        loop {
            let (first, rest) = self.rest.split_first()?;
            self.rest = rest;
            if *first == b'"' {
                break;
            }
            if *first == b'\\' {
                let (escaped, rest) = self.rest.split_first()?;
                self.rest = rest;
                value.to_mut().push(*escaped);
            }
            let plain = self.take(|byte| !matches!(byte, b'"' | b'\\'));
            value.to_mut().extend_from_slice(plain);
        }
        let readable = !value.iter().any(|byte| is_control(*byte));
        readable.then_some(value)
    }

    /// A `token68` after the name of a scheme, if one stands there: nothing but blanks and a comma may follow.
    fn token(&mut self) -> Option<&'a str> {
        let mut after = Cursor { rest: self.rest };
        after.skip_blanks();
        let start = after.rest;
        let letters = after.take(is_token68).len();
        let signs = after.take(|byte| byte == b'=').len();
        after.skip_blanks();
        if letters == 0 || !matches!(after.rest.first(), None | Some(b',')) {
            return None;
        }
        let token = text(start.get(..letters + signs)?)?;
        self.rest = after.rest;
        Some(token)
    }

    /// Leaves out what cannot be read. A comma between quotation marks does not count.
    fn skip_to_comma(&mut self) {
        self.skip(|byte| !matches!(byte, b',' | b'"'));
        if self.rest.first() == Some(&b'"') {
            let _ = self.quoted();
        }
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes)
        .ok()
        .filter(|text| !text.is_empty())
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

const fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}

/// `tchar` (RFC 9110, section 5.6.2).
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~'
        )
}

/// The letters of `token68` (RFC 9110, section 11.2).
const fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A readable form: `Scheme`, `Scheme <token>`, `Scheme name=value …`.
    fn read(field: &[u8]) -> Vec<String> {
        let show = |challenge: &Challenge<'_>| {
            let mut shown = challenge.scheme.to_owned();
            if let Some(token) = challenge.token {
                shown += &format!(" <{token}>");
            }
            for (name, value) in &challenge.parameters {
                shown += &format!(" {name}={}", String::from_utf8_lossy(value));
            }
            shown
        };
        Challenge::parse(field).iter().map(show).collect()
    }

    #[test]
    fn challenges_are_told_apart() {
        for (field, expected) in [
            ("", &[][..]),
            ("Negotiate", &["Negotiate"]),
            (
                "Negotiate, NTLM , Basic realm=\"corp\"",
                &["Negotiate", "NTLM", "Basic realm=corp"],
            ),
            ("NTLM TlRMTVNTUAAC", &["NTLM <TlRMTVNTUAAC>"]),
            ("Negotiate YII=,NTLM", &["Negotiate <YII=>", "NTLM"]),
            (
                "Negotiate a-._~+/0== , Basic",
                &["Negotiate <a-._~+/0==>", "Basic"],
            ),
            // The example of RFC 9110, section 11.6.1.
            (
                "Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\"",
                &[
                    "Basic realm=simple",
                    "Newauth realm=apps type=1 title=Login to \"apps\"",
                ],
            ),
            // Blanks, empty elements, and commas where no grammar has them.
            (
                " , ,Basic  realm = \"a\" ,, charset\t=\tUTF-8,,",
                &["Basic realm=a charset=UTF-8"],
            ),
            (
                "Digest realm=\"a\" nonce=b qop=\"auth,auth-int\"",
                &["Digest realm=a nonce=b qop=auth,auth-int"],
            ),
            (
                "Basic realm=\"a, NTLM, b\", NTLM",
                &["Basic realm=a, NTLM, b", "NTLM"],
            ),
            ("Basic realm=\"\"", &["Basic realm="]),
            ("Basic , realm=a", &["Basic realm=a"]),
            ("bAsIc REALM=\"a\\\"b\\\\c\"", &["bAsIc REALM=a\"b\\c"]),
            // RFC 9110 lets one thing be two: by the grammar it is a token, and no parameter without a value.
            ("Basic realm=", &["Basic <realm=>"]),
            ("Basic realm==", &["Basic <realm==>"]),
        ] {
            assert_eq!(read(field.as_bytes()), expected, "{field}");
        }
    }

    #[test]
    fn what_cannot_be_read_spoils_nothing_else() {
        for (field, expected) in [
            (&b"realm=\"a\", Basic"[..], &["Basic"][..]),
            (b"\"a, b\", NTLM", &["NTLM"]),
            (b"=, Basic realm=a", &["Basic realm=a"]),
            (
                b"Basic realm=\"a\", \xff\xfe, NTLM",
                &["Basic realm=a", "NTLM"],
            ),
            (b"Basic realm=\"never ends, NTLM", &["Basic"]),
            (b"Basic realm=\"ends escaped\\", &["Basic"]),
            (b"Basic realm=\"a\0b\", charset=x", &["Basic charset=x"]),
            (b"Basic realm=\"a\\\nb\"", &["Basic"]),
            (b"Basic realm=a\x7f, x=y", &["Basic x=y"]),
            (b"Basic y=z, x=, realm=a", &["Basic y=z realm=a"]),
            (
                "Basic realm=\"プロキシ\"".as_bytes(),
                &["Basic realm=プロキシ"],
            ),
            ("Basic realm=é".as_bytes(), &["Basic realm=é"]),
            (b"NTLM a b", &["NTLM", "a <b>"]),
            (b"(,),", &[]),
        ] {
            let shown = String::from_utf8_lossy(field);
            assert_eq!(read(field), expected, "{shown}");
        }
    }

    #[test]
    fn bytes_of_any_encoding_are_kept() {
        let challenges = Challenge::parse(b"Basic realm=\"caf\xe9\"");
        assert_eq!(challenges[0].parameter("realm"), Ok(Some(&b"caf\xe9"[..])));
    }

    #[test]
    fn a_repeated_parameter_is_told() {
        let challenges = Challenge::parse(b"Digest nonce=a, NONCE=b, realm=c");
        assert_eq!(challenges[0].parameter("nonce"), Err(Repeated));
        assert_eq!(challenges[0].parameter("Realm"), Ok(Some(&b"c"[..])));
        assert_eq!(challenges[0].parameter("opaque"), Ok(None));
    }

    #[test]
    fn a_flood_is_cut() {
        let many = "Basic,".repeat(10_000);
        assert_eq!(Challenge::parse(many.as_bytes()).len(), MOST_CHALLENGES);
        let many = format!("Basic {}", "a=b,".repeat(10_000));
        let challenges = Challenge::parse(many.as_bytes());
        assert_eq!(challenges[0].parameters.len(), MOST_PARAMETERS);
    }
}
