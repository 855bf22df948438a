//! How many attributes an unfinished tag has.

use super::PageLimit;

/// Counts the attributes of a tag while the tokenizer is still inside it: it compares each new one with all before, so a
/// tag without end would cost the square of its length.
#[derive(Default)]
pub(super) struct TagScan {
    place: Place,
    attributes: usize,
}

/// Where in a tag (HTML, sections 13.2.5.6 to 13.2.5.40). Two of its states do the same as "before attribute name" for all
/// that does not end the tag, and are not told apart.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In text. Some of it makes no token: half of a line end, a tag without a name, an empty CDATA section.
    #[default]
    Text,
    /// Behind `<`.
    Opened,
    /// Behind `</`.
    Closing,
    /// Behind `<!` and as many characters of `[CDATA[`.
    Declaration(usize),
    /// In a CDATA section, behind as many `]`.
    Section(u8),
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Bare,
    Quoted(u8),
    /// In what ends with a token and has no attributes.
    Elsewhere,
}

const SECTION: &[u8] = b"[CDATA[";

impl Place {
    /// Behind one more character. What ends a tag or a comment is not looked for: it makes a token.
    fn behind(self, byte: u8) -> Self {
        let is_blank = byte.is_ascii_whitespace();
        match (self, byte) {
            (Self::Text, b'<') => Self::Opened,
            (Self::Opened, b'/') => Self::Closing,
            (Self::Opened, b'!') => Self::Declaration(0),
            (Self::Opened, b'?') => Self::Elsewhere,
            (Self::Opened | Self::Closing, byte) if byte.is_ascii_alphabetic() => Self::TagName,
            (Self::Text | Self::Opened, _) | (Self::Closing, b'>') => Self::Text,
            (Self::Declaration(at), byte) if SECTION.get(at) == Some(&byte) => {
                match at + 1 < SECTION.len() {
                    true => Self::Declaration(at + 1),
                    false => Self::Section(0),
                }
            }
            (Self::Closing | Self::Declaration(_) | Self::Elsewhere, _) => Self::Elsewhere,
            (Self::Section(2), b'>') => Self::Text,
            (Self::Section(brackets), b']') => Self::Section((brackets + 1).min(2)),
            (Self::Section(_), _) => Self::Section(0),
            (Self::TagName | Self::BeforeName | Self::Bare, _) if is_blank => Self::BeforeName,
            (Self::Name | Self::AfterName, _) if is_blank => Self::AfterName,
            (Self::BeforeValue, _) if is_blank => Self::BeforeValue,
            (Self::Bare, _) => Self::Bare,
            (Self::BeforeValue, b'"' | b'\'') => Self::Quoted(byte),
            (Self::BeforeValue, _) => Self::Bare,
            (Self::Quoted(quote), byte) if quote == byte => Self::BeforeName,
            (Self::Quoted(quote), _) => Self::Quoted(quote),
            (Self::TagName | Self::BeforeName | Self::Name | Self::AfterName, b'/') => {
                Self::BeforeName
            }
            (Self::Name | Self::AfterName, b'=') => Self::BeforeValue,
            (Self::TagName, _) => Self::TagName,
            (Self::Name | Self::BeforeName | Self::AfterName, _) => Self::Name,
        }
    }
}

impl TagScan {
    /// Behind a piece that has made a token. Pieces are cut so that only their last character can have begun a tag that
    /// is not over.
    pub(super) fn behind_token(piece: &str) -> Self {
        let place = match piece.ends_with('<') {
            true => Place::Opened,
            false => Place::Text,
        };
        Self {
            place,
            attributes: 0,
        }
    }

    /// Takes in a piece that has made no token.
    pub(super) fn advance(&mut self, piece: &str) {
        let mut rest = piece.as_bytes();
        while let Some((byte, behind)) = rest.split_first() {
            rest = behind;
            let place = self.place.behind(*byte);
            match (self.place, place) {
                (Place::Opened, Place::TagName) => self.attributes = 0,
                (Place::BeforeName | Place::AfterName, Place::Name) => self.attributes += 1,
                (_, Place::Elsewhere) => rest = &[],
                (_, Place::Text) => rest = from(b'<', rest),
                (_, Place::Quoted(quote)) => rest = from(quote, rest),
                _ => {}
            }
            self.place = place;
        }
    }

    /// Whether there are more attributes than a tag may have.
    pub(super) fn check(&self) -> Result<(), PageLimit> {
        match self.attributes > PageLimit::ATTRIBUTES {
            true => Err(PageLimit::Attributes),
            false => Ok(()),
        }
    }
}

/// What is left from the first of a byte on.
fn from(byte: u8, bytes: &[u8]) -> &[u8] {
    let at = memchr::memchr(byte, bytes).unwrap_or(bytes.len());
    bytes.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(pieces: &[&str]) -> usize {
        let mut scan = TagScan::default();
        for piece in pieces {
            scan.advance(piece);
        }
        scan.attributes
    }

    #[test]
    fn attributes_are_counted_as_the_tokenizer_counts_them() {
        for (tag, expected) in [
            ("<b", 0),
            ("<b a b c ", 3),
            ("<b a=1 b = 2 c", 3),
            ("<b a='x y z' b=\"/ / /\"c", 3),
            ("<b a/b//c/", 3),
            ("<b a=/x/y/z b", 2),
            ("<b =a =b", 1),
            ("<b a=1 =b =c", 2),
            ("<b a=\"1\"=\"2\"=\"3\"", 2),
            ("</b a b", 2),
            ("<!-- a b c", 0),
            ("< b a", 0),
            ("text a b", 0),
            ("<![CDATA[<b a b c", 0),
            ("<?b a b", 0),
        ] {
            assert_eq!(attributes(&[tag]), expected, "{tag}");
            let (one, other) = tag.split_at(tag.len() / 2);
            assert_eq!(attributes(&[one, other]), expected, "{tag}");
        }
    }

    #[test]
    fn a_tag_may_follow_what_makes_no_token() {
        for before in [
            &["\n"][..],
            &["</>"],
            &["<![CDATA[]]>"],
            &["<![CDATA[", "<x a b>", "]] ]", "]>"],
            &["<", "<1"],
        ] {
            let pieces = [before, &["<b a ", "b"]].concat();
            assert_eq!(attributes(&pieces), 2, "{before:?}");
        }
    }
}
