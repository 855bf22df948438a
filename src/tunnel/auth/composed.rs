//! Text in the form in which UTF-8 names and passwords are told: composed (Unicode's NFC; RFC 7617, section 2.1, and
//! RFC 7616, section 4).

use icu_normalizer::ComposingNormalizerBorrowed;
use zeroize::Zeroizing;

/// How many times as long a text in UTF-8 becomes at most (Unicode's FAQ on normalization).
const EXPANSION: usize = 3;

/// `text` in NFC.
pub(super) fn composed(text: &str) -> Zeroizing<String> {
    // A buffer that grew would leave a copy behind, unwiped.
    let mut composed = Zeroizing::new(String::with_capacity(EXPANSION * text.len()));
    composed.extend(ComposingNormalizerBorrowed::new_nfc().normalize_iter(text.chars()));
    composed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_keyboard_decomposed_is_composed() {
        for (text, expected) in [
            ("hush", "hush"),
            ("u\u{308}ber", "über"),
            ("ハ\u{309A}", "パ"),
            // The longest expansion that there is.
            ("\u{1D160}", "\u{1D158}\u{1D165}\u{1D16E}"),
        ] {
            let composed = composed(text);
            assert_eq!(composed.as_str(), expected);
            assert_eq!(composed.capacity(), 3 * text.len(), "a buffer grew");
        }
    }
}
