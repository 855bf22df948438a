//! In which encoding a page is written.

use std::borrow::Cow;

use memchr::memmem;

use crate::error::PeerText;

/// How much of a page is looked through for the name of its encoding (HTML, section 13.2.3.2).
const HEAD: usize = 1024;

/// The names of UTF-8 (Encoding Standard, section 4.2).
const UTF_8: [&str; 6] = [
    "unicode-1-1-utf-8",
    "unicode11utf8",
    "unicode20utf8",
    "utf-8",
    "utf8",
    "x-unicode20utf8",
];

/// Beginnings of the names of encodings in which a byte below 128 may be something else than in ASCII.
const NOT_ASCII: [&str; 8] = [
    "utf-16",
    "unicode",
    "ucs-2",
    "iso-10646",
    "csunicode",
    "iso-2022",
    "csiso2022",
    "hz-gb",
];

/// The text of a page, and the encoding that it names if that is another one than UTF-8.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) other: Option<PeerText>,
}

/// Whether a label names UTF-8.
pub(in crate::protocol::portal::forms) fn is_utf_8(label: &str) -> bool {
    let label = label.trim_matches(|c: char| c.is_ascii_whitespace());
    UTF_8.iter().any(|known| known.eq_ignore_ascii_case(label))
}

/// Reads a page as UTF-8, or as another encoding if all of it is ASCII, which means the same in both.
///
/// A byte order mark counts most, then the header, then the page itself. Bytes that are no UTF-8 become U+FFFD where it is
/// said that they are, as in browsers.
///
/// # Errors
/// The name of an encoding that is not read, or `None` if none is named and it is not UTF-8.
pub(super) fn decode<'a>(
    content_type: Option<&str>,
    body: &'a [u8],
) -> Result<Decoded<'a>, Option<PeerText>> {
    if let Some(text) = body.strip_prefix(b"\xEF\xBB\xBF") {
        return Ok(Decoded {
            text: or_replaced(text),
            other: None,
        });
    }
    if body.starts_with(b"\xFE\xFF") || body.starts_with(b"\xFF\xFE") {
        return Err(Some(PeerText::new("utf-16")));
    }
    let label = content_type
        .and_then(in_header)
        .map(Cow::Borrowed)
        .or_else(|| in_page(body));
    let Some(label) = label else {
        let text = str::from_utf8(body).map_err(|_| None)?;
        return Ok(Decoded {
            text: Cow::Borrowed(text),
            other: None,
        });
    };
    if is_utf_8(&label) {
        return Ok(Decoded {
            text: or_replaced(body),
            other: None,
        });
    }
    let name = PeerText::new(&label);
    let lower = label.trim().to_ascii_lowercase();
    let is_odd = NOT_ASCII.iter().any(|known| lower.starts_with(known));
    match str::from_utf8(body) {
        Ok(text) if text.is_ascii() && !is_odd => Ok(Decoded {
            text: Cow::Borrowed(text),
            other: Some(name),
        }),
        _ => Err(Some(name)),
    }
}

/// The parameter `charset` of `Content-Type` (RFC 9110, section 8.3.2).
fn in_header(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1);
    parameters
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"'))
        .filter(|value| !value.is_empty())
}

/// Most pages are what they say, which is found out faster than where they are not.
fn or_replaced(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// What a `<meta>` in the first bytes says: `charset=…`, on its own or in a content type. UTF-16 cannot be said there and
/// means UTF-8, as the standard has it.
fn in_page(body: &[u8]) -> Option<Cow<'static, str>> {
    let head = body.get(..body.len().min(HEAD)).unwrap_or_default();
    let head = head.to_ascii_lowercase();
    let finder = memmem::Finder::new(b"<meta");
    finder.find_iter(&head).find_map(|at| {
        let tag = head.get(at..).unwrap_or_default();
        let tag = tag.split(|byte| *byte == b'>').next().unwrap_or_default();
        let after = memmem::find(tag, b"charset").and_then(|at| tag.get(at + 7..))?;
        let value = after.trim_ascii_start().strip_prefix(b"=")?;
        let value = value.trim_ascii_start();
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"'/;".contains(byte);
        let value = match value.split_first() {
            Some((b'"' | b'\'', quoted)) => quoted,
            _ => value,
        };
        let value = value.split(is_end).next().unwrap_or_default();
        let label = str::from_utf8(value)
            .ok()
            .filter(|label| !label.is_empty())?;
        Some(match label.starts_with("utf-16") {
            true => Cow::Borrowed("utf-8"),
            false => Cow::Owned(label.to_owned()),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: Option<&str>, body: &[u8]) -> Result<String, String> {
        let show = |name: Option<PeerText>| name.map_or("none".to_owned(), |name| name.to_string());
        match decode(content_type, body) {
            Ok(decoded) => Ok(format!("{} {}", show(decoded.other), decoded.text)),
            Err(name) => Err(show(name)),
        }
    }

    #[test]
    fn the_mark_counts_before_the_header_and_the_header_before_the_page() {
        let utf_8 = Some("text/html; charset=\"UTF-8\"");
        let latin = Some("text/html;charset=iso-8859-1");
        let meta = "<meta charset=shift_jis>é".as_bytes();
        assert_eq!(read(utf_8, meta).unwrap(), "none <meta charset=shift_jis>é");
        assert_eq!(read(latin, b"\xEF\xBB\xBF\xC3\xA9").unwrap(), "none é");
        assert_eq!(read(latin, b"plain").unwrap(), "iso-8859-1 plain");
        assert_eq!(read(latin, "é".as_bytes()).unwrap_err(), "iso-8859-1");
        assert_eq!(read(None, meta).unwrap_err(), "shift_jis");
        assert_eq!(read(None, b"\xFE\xFF\0a").unwrap_err(), "utf-16");
    }

    #[test]
    fn without_a_name_it_is_utf_8_or_nothing() {
        assert_eq!(read(None, "é".as_bytes()).unwrap(), "none é");
        assert_eq!(read(None, b"\xE9").unwrap_err(), "none");
        assert_eq!(
            read(Some("text/html; charset=utf-8"), b"\xE9").unwrap(),
            "none \u{FFFD}"
        );
    }

    #[test]
    fn the_page_names_it_in_two_ways() {
        for meta in [
            "<META CharSet = 'windows-1252' />",
            "<meta http-equiv=content-type content='text/html; charset=windows-1252'>",
            "<meta name=x><meta charset=\"windows-1252\">",
        ] {
            let found = read(None, meta.as_bytes()).unwrap();
            assert!(found.starts_with("windows-1252 "), "{found}");
        }
        let late = format!("{}<meta charset=windows-1252>", " ".repeat(HEAD));
        assert!(read(None, late.as_bytes()).unwrap().starts_with("none "));
        assert!(
            read(None, b"<meta charset=utf-16>")
                .unwrap()
                .starts_with("none ")
        );
    }

    #[test]
    fn encodings_that_are_not_ascii_below_128_are_refused() {
        for name in ["utf-16le", "ISO-2022-JP", "hz-gb-2312"] {
            let content_type = format!("text/html; charset={name}");
            assert!(read(Some(&content_type), b"plain").is_err(), "{name}");
        }
    }
}
