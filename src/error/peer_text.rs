//! Text that the other side chose, made safe to show.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// Words of a server, a proxy or a certificate, kept as evidence.
///
/// Control characters and the marks that change the direction of text are taken out, so that the words can spoil neither
/// a terminal nor the order of a line; the ends are trimmed; at most [`PeerText::LIMIT`] characters are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct PeerText(String);

impl PeerText {
    /// The most characters that are kept.
    pub const LIMIT: usize = 256;

    /// Takes over what is harmless of `text`.
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        // Nearly every text is short and plain.
        if text.len() <= Self::LIMIT && is_plain(text) {
            return Self(text.to_owned());
        }
        Self(
            text.chars()
                .filter(|c| !is_harmful(*c))
                .take(Self::LIMIT)
                .collect(),
        )
    }

    /// Whether `c` is one of the characters that are taken out.
    pub(crate) fn removes(c: char) -> bool {
        is_harmful(c)
    }

    /// The text as it may be shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text is printable ASCII. All bytes are looked at, since a loop without an early end can take many at a time.
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |is_plain, byte| {
        is_plain & matches!(byte, b' '..=b'~')
    })
}

/// Controls (C0, DEL, C1), line separators, and everything that Unicode calls a bidirectional or invisible format control.
fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

impl Deref for PeerText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for PeerText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for PeerText {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl fmt::Display for PeerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_direction_marks_are_taken_out() {
        assert_eq!(
            PeerText::new(" a\u{1b}[31mb\r\n\u{202e}c\u{200b}\u{9b}d ").as_str(),
            "a[31mbcd"
        );
        assert_eq!(PeerText::new("パスワード").as_str(), "パスワード");
    }

    #[test]
    fn length_is_bounded_in_characters() {
        assert_eq!(
            PeerText::new(&"é".repeat(1000)).chars().count(),
            PeerText::LIMIT
        );
    }

    #[test]
    fn what_is_deserialized_is_made_safe_too() {
        let text: PeerText = serde_json::from_str(r#""a\u0007b""#).unwrap();
        assert_eq!(text.as_str(), "ab");
    }
}
