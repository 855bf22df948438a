//! A script, and how its bytes become text.

use std::sync::Arc;

use url::Url;

use super::PacError;

/// A proxy auto-configuration script: its text, where it came from, or both. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PacScript {
    location: Option<Arc<Url>>,
    text: Option<Arc<str>>,
}

impl PacScript {
    /// The most bytes of a script that browsers accept, and this crate with them: 1 MiB.
    pub const LIMIT: usize = 1 << 20;

    /// A script that is at hand.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self {
            location: None,
            text: Some(text.into()),
        }
    }

    /// A script for an engine that fetches it itself.
    pub fn at(location: Url) -> Self {
        Self {
            location: Some(Arc::new(location)),
            text: None,
        }
    }

    /// Reads the body of a response. The encoding is, in this order, `charset` (the parameter of the response's
    /// `Content-Type`), what a byte order mark says, and ISO-8859-1, as in browsers.
    ///
    /// # Errors
    /// [`PacError::ScriptTooLarge`] for a body over [`LIMIT`](Self::LIMIT) bytes, [`PacError::Encoding`] if the bytes are
    /// not valid in their encoding, the encoding is unknown and the bytes are not ASCII, or there is a NUL among them.
    pub fn decode(body: &[u8], charset: Option<&str>) -> Result<Self, PacError> {
        if body.len() > Self::LIMIT {
            return Err(PacError::ScriptTooLarge { limit: Self::LIMIT });
        }
        let text = text(body, charset).ok_or(PacError::Encoding)?;
        if text.contains('\0') {
            return Err(PacError::Encoding);
        }
        Ok(Self::new(text))
    }

    /// The same script, which came from `location`.
    #[must_use]
    pub fn from_location(mut self, location: Url) -> Self {
        self.location = Some(Arc::new(location));
        self
    }

    /// Where the script comes from.
    pub fn location(&self) -> Option<&Url> {
        self.location.as_deref()
    }

    /// The text, if it is at hand.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

fn text(body: &[u8], charset: Option<&str>) -> Option<String> {
    match charset {
        Some(charset) => by_name(body, &charset.trim().trim_matches('"').to_ascii_lowercase()),
        None => by_mark(body),
    }
}

fn by_name(body: &[u8], charset: &str) -> Option<String> {
    match charset {
        "utf-8" | "utf8" => utf8(body.strip_prefix(UTF8_MARK).unwrap_or(body)),
        "utf-16" if body.starts_with(UTF16BE_MARK) => utf16(body, u16::from_be_bytes),
        "utf-16" | "utf-16le" => utf16(body, u16::from_le_bytes),
        "utf-16be" => utf16(body, u16::from_be_bytes),
        "iso-8859-1" | "latin1" | "iso_8859-1" => Some(latin1(body)),
        // It differs from ISO-8859-1 in the C1 controls only.
        "windows-1252" | "cp1252" if !body.iter().any(|b| (0x80..0xA0).contains(b)) => {
            Some(latin1(body))
        }
        _ if body.is_ascii() => utf8(body),
        _ => None,
    }
}

fn by_mark(body: &[u8]) -> Option<String> {
    if let Some(rest) = body.strip_prefix(UTF8_MARK) {
        utf8(rest)
    } else if body.starts_with(UTF16LE_MARK) {
        utf16(body, u16::from_le_bytes)
    } else if body.starts_with(UTF16BE_MARK) {
        utf16(body, u16::from_be_bytes)
    } else {
        Some(latin1(body))
    }
}

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
const UTF16LE_MARK: &[u8] = b"\xFF\xFE";
const UTF16BE_MARK: &[u8] = b"\xFE\xFF";

fn utf8(body: &[u8]) -> Option<String> {
    std::str::from_utf8(body).ok().map(str::to_owned)
}

fn utf16(body: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = body.as_chunks::<2>();
    let text: String = char::decode_utf16(units.iter().map(|pair| unit(*pair)))
        .collect::<Result<_, _>>()
        .ok()?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    rest.is_empty().then(|| text.to_owned())
}

fn latin1(body: &[u8]) -> String {
    body.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(body: &[u8], charset: Option<&str>) -> Option<String> {
        PacScript::decode(body, charset)
            .ok()
            .and_then(|script| script.text().map(str::to_owned))
    }

    #[test]
    fn without_a_hint_it_is_latin_1() {
        assert_eq!(decoded(b"// caf\xE9", None).unwrap(), "// café");
    }

    #[test]
    fn a_mark_decides() {
        assert_eq!(decoded(b"\xEF\xBB\xBFcaf\xC3\xA9", None).unwrap(), "café");
        assert_eq!(decoded(b"\xFF\xFEa\0\xE9\0", None).unwrap(), "aé");
        assert_eq!(decoded(b"\xFE\xFF\0a\0\xE9", None).unwrap(), "aé");
        assert_eq!(decoded(b"\xFE\xFF\0a\0", None), None);
        assert_eq!(decoded(b"\xFF\xFE\x00\xD8", None), None);
    }

    #[test]
    fn the_header_goes_before_the_mark() {
        assert_eq!(decoded(b"caf\xC3\xA9", Some("UTF-8")).unwrap(), "café");
        assert_eq!(decoded(b"caf\xE9", Some("\"utf-8\"")), None);
        assert_eq!(decoded(b"\xFE\xFF\0a", Some("utf-16")).unwrap(), "a");
        assert_eq!(decoded(b"a\0", Some("utf-16")).unwrap(), "a");
        assert_eq!(decoded(b"caf\xE9", Some("windows-1252")).unwrap(), "café");
        assert_eq!(decoded(b"\x80", Some("windows-1252")), None);
    }

    #[test]
    fn an_unknown_encoding_is_fine_for_ascii() {
        assert_eq!(decoded(b"x", Some("koi8-r")).unwrap(), "x");
        assert_eq!(decoded(b"\xC1", Some("koi8-r")), None);
    }

    #[test]
    fn nul_and_size_are_refused() {
        assert_eq!(PacScript::decode(b"a\0b", None), Err(PacError::Encoding));
        assert_eq!(
            PacScript::decode(&vec![b' '; PacScript::LIMIT + 1], None),
            Err(PacError::ScriptTooLarge {
                limit: PacScript::LIMIT
            })
        );
        assert!(PacScript::decode(&vec![b' '; PacScript::LIMIT], None).is_ok());
    }
}
