//! A form as a request carries it: `application/x-www-form-urlencoded`.

use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::exchange::Body;

/// Writes the form into a buffer that is large enough from the start: one that grew would leave copies of secrets behind.
///
/// Names are the protocol's own and stand as they are.
pub(super) fn form<'a>(fields: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Body {
    let capacity: usize = fields
        .clone()
        .map(|(name, value)| name.len() + 3 * value.len() + 2)
        .sum();
    let mut text = Zeroizing::new(String::with_capacity(capacity));
    for (name, value) in fields {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        if is_plain(value) {
            text.push_str(value);
        } else {
            text.extend(byte_serialize(value.as_bytes()));
        }
    }
    debug_assert!(text.len() <= capacity);
    Body::new(std::mem::take(&mut *text).into_bytes())
}

/// Whether a value looks in a form as it does outside. Ids and tokens do, and tokens are long. All bytes are looked at,
/// since a loop without an early end can take many at a time.
fn is_plain(value: &str) -> bool {
    value.bytes().fold(true, |is_plain, byte| {
        is_plain & (byte.is_ascii_alphanumeric() | matches!(byte, b'-' | b'.' | b'_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_what_the_standard_serializer_makes() {
        for value in [
            "",
            "AQABAAEAAAD--DLA3VO7QrddgJg7WevrVx_8.e30",
            "oob redirect",
            "adele+1@contoso.com",
            "a&b=c%20*~/?#",
            "パスワード\u{0}",
        ] {
            let mut expected = url::form_urlencoded::Serializer::new(String::new());
            expected.extend_pairs([("client_id", "id"), ("name", value), ("last", "")]);
            let made = form([("client_id", "id"), ("name", value), ("last", "")].into_iter());
            assert_eq!(made.as_ref(), expected.finish().as_bytes());
        }
    }
}
