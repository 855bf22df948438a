//! A JSON object as a request carries it.

use zeroize::Zeroizing;

use crate::exchange::Body;

/// Writes a JSON object (RFC 8259) into a buffer that is large enough from the start: one that grew would leave copies
/// of secrets behind. Names are the protocol's own and stand as they are.
pub(super) fn object(fields: &[(&str, &str)]) -> Body {
    // A byte is six at most: \u001f.
    let field_length = |(name, value): &(&str, &str)| name.len() + 6 * value.len() + 6;
    let capacity = 2 + fields.iter().map(field_length).sum::<usize>();
    let mut text = Zeroizing::new(Vec::with_capacity(capacity));
    for (name, value) in fields {
        let opening: &[u8] = if text.is_empty() { b"{\"" } else { b",\"" };
        text.extend_from_slice(opening);
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(b"\":");
        // A vector takes everything, and a text can always be written.
        let _ = serde_json::to_writer(&mut *text, value);
    }
    text.push(b'}');
    debug_assert!(text.len() <= capacity);
    Body::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_what_the_standard_serializer_makes() {
        for value in [
            "",
            "AQABAAEAAAD--DLA3VO7QrddgJg7WevrVx_8.e30",
            "\"\\/\u{8}\u{c}\n\r\t",
            "\u{0}\u{1f}\u{7f}\u{2028}",
            "パスワード",
        ] {
            let expected = serde_json::json!({ "a": value, "b": "" }).to_string();
            let made = object(&[("a", value), ("b", "")]);
            assert_eq!(made.as_ref(), expected.as_bytes());
        }
    }
}
