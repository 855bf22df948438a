//! What a form sends, as `application/x-www-form-urlencoded`.

use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

/// One entry (HTML, section 4.10.21.4, "constructing the entry list").
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) name: &'a str,
    /// What is added to the name: the axes of a picture.
    pub(super) axis: &'static str,
    pub(super) value: &'a str,
}

impl<'a> Entry<'a> {
    pub(super) fn new(name: &'a str, value: &'a str) -> Self {
        Self {
            name,
            axis: "",
            value,
        }
    }
}

/// Writes the entries into a buffer that is large enough from the start: one that grew would leave copies of secrets behind.
pub(super) fn write(entries: &[Entry<'_>]) -> Zeroizing<String> {
    let lengths = entries.iter().map(|entry| {
        let name = written_length(entry.name) + entry.axis.len();
        name + written_length(entry.value) + 2
    });
    let capacity = lengths.sum();
    let mut text = Zeroizing::new(String::with_capacity(capacity));
    for entry in entries {
        if !text.is_empty() {
            text.push('&');
        }
        write_text(&mut text, entry.name);
        text.push_str(entry.axis);
        text.push('=');
        write_text(&mut text, entry.value);
    }
    debug_assert!(text.len() <= capacity);
    text
}

/// At most that many bytes become of a text.
fn written_length(text: &str) -> usize {
    text.bytes().fold(0, |length, byte| {
        length
            + match byte {
                b'\r' | b'\n' => 6,
                b' ' | b'*' | b'-' | b'.' | b'_' => 1,
                byte if byte.is_ascii_alphanumeric() => 1,
                _ => 3,
            }
    })
}

/// Every line end becomes CR LF.
fn write_text(to: &mut String, text: &str) {
    let mut rest = text;
    while let Some(end) = memchr::memchr2(b'\r', b'\n', rest.as_bytes()) {
        let (line, behind) = rest.split_at(end);
        to.extend(byte_serialize(line.as_bytes()));
        to.push_str("%0D%0A");
        rest = behind
            .strip_prefix("\r\n")
            .or_else(|| behind.get(1..))
            .unwrap_or_default();
    }
    to.extend(byte_serialize(rest.as_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_what_the_standard_serializer_makes() {
        let texts = [
            "",
            "a b",
            "a&b=c%20*~/?#",
            "パスワード\u{0}",
            "AQAB--_8.e30=",
            "𝒳'()!",
        ];
        for text in texts {
            let mut expected = url::form_urlencoded::Serializer::new(String::new());
            expected.append_pair(text, "x").append_pair("ctl00$b", text);
            let entries = [Entry::new(text, "x"), Entry::new("ctl00$b", text)];
            assert_eq!(*write(&entries), expected.finish(), "{text:?}");
        }
    }

    #[test]
    fn line_ends_become_one_kind() {
        let entry = Entry::new("a\nb", "1\r2\n3\r\n4\n\r5\r");
        assert_eq!(
            *write(&[entry]),
            "a%0D%0Ab=1%0D%0A2%0D%0A3%0D%0A4%0D%0A%0D%0A5%0D%0A"
        );
    }

    #[test]
    fn the_buffer_never_grows() {
        let text = "a \r\n\r\n&=é𝒳*-._~'\0".repeat(100);
        let entries = [Entry::new(&text, &text); 3];
        let written = write(&entries);
        assert!(written.len() <= written.capacity());
        let lengths: usize = entries
            .iter()
            .map(|entry| 2 * written_length(entry.name) + 2)
            .sum();
        assert_eq!(written.capacity(), lengths);
    }
}
