//! The sealed fields of a page: `__VIEWSTATE` and `__EVENTVALIDATION`.
//!
//! Both are opaque (`__VIEWSTATEENCRYPTED` is on the page), another text on every page, and good for one visit. A real
//! one holds the state of the page's controls; here that is in the session, and in front of the seal stands filler.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac::{HMAC_SHA256, Key, sign, verify};

use super::super::random;

/// Bytes before the seal, so many that a field is about as long as one that holds something.
const FILLER: usize = 448;

/// What one visit seals with.
#[derive(Clone, Debug)]
pub(super) struct Seal(Key);

impl Seal {
    pub(super) fn new() -> Self {
        Self(Key::new(HMAC_SHA256, &random::bytes::<32>()))
    }

    /// Another text for this field.
    pub(super) fn issue(&self, field: &str) -> String {
        let filler = random::bytes::<FILLER>();
        let tag = sign(&self.0, &[field.as_bytes(), &filler].concat());
        STANDARD.encode([filler.as_slice(), tag.as_ref()].concat())
    }

    /// Whether the text was issued by this visit and for this field, now or earlier.
    pub(super) fn is_on(&self, field: &str, text: &str) -> bool {
        let Ok(bytes) = STANDARD.decode(text) else {
            return false;
        };
        bytes.split_at_checked(FILLER).is_some_and(|(filler, tag)| {
            verify(&self.0, &[field.as_bytes(), filler].concat(), tag).is_ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_for_one_visit_and_one_field() {
        let (own, other) = (Seal::new(), Seal::new());
        let text = own.issue("__VIEWSTATE");
        assert_ne!(text, own.issue("__VIEWSTATE"));
        assert!(own.is_on("__VIEWSTATE", &text));
        assert!(!own.is_on("__EVENTVALIDATION", &text));
        assert!(!other.is_on("__VIEWSTATE", &text));
        assert!(!own.is_on("__VIEWSTATE", ""));
        assert!(!own.is_on("__VIEWSTATE", "wörter"));
        let mut altered = text.clone().into_bytes();
        for at in [0, altered.len() - 5] {
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = std::str::from_utf8(&altered).unwrap();
            assert!(!own.is_on("__VIEWSTATE", altered), "{at}");
        }
        assert!(!own.is_on("__VIEWSTATE", &text[..text.len() - 4]));
    }
}
