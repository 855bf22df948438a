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
    /// Before the first character.
    #[default]
    Before,
    /// Behind `<` or `</`.
    Opened,
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Bare,
    Quoted(u8),
    /// This is no tag.
    Elsewhere,
}

impl TagScan {
    /// Takes in a piece during which the tag has not ended.
    pub(super) fn advance(&mut self, piece: &str) {
        let mut rest = piece.as_bytes();
        while let Some((byte, behind)) = rest.split_first() {
            rest = behind;
            let is_blank = byte.is_ascii_whitespace();
            self.place = match (self.place, byte) {
                (Place::Elsewhere, _) => return,
                (Place::Before, b'<') | (Place::Opened, b'/') => Place::Opened,
                (Place::Opened, byte) if byte.is_ascii_alphabetic() => Place::TagName,
                (Place::Before | Place::Opened, _) => Place::Elsewhere,
                (Place::TagName | Place::BeforeName | Place::Bare, _) if is_blank => {
                    Place::BeforeName
                }
                (Place::Name | Place::AfterName, _) if is_blank => Place::AfterName,
                (Place::BeforeValue, _) if is_blank => Place::BeforeValue,
                (Place::Bare, _) => Place::Bare,
                (Place::BeforeValue, b'"' | b'\'') => Place::Quoted(*byte),
                (Place::BeforeValue, _) => Place::Bare,
                (Place::Quoted(quote), byte) if quote == *byte => Place::BeforeName,
                (Place::Quoted(quote), _) => {
                    let end = memchr::memchr(quote, rest).unwrap_or(rest.len());
                    rest = rest.get(end..).unwrap_or_default();
                    Place::Quoted(quote)
                }
                (Place::TagName | Place::BeforeName | Place::Name | Place::AfterName, b'/') => {
                    Place::BeforeName
                }
                (Place::Name | Place::AfterName, b'=') => Place::BeforeValue,
                (Place::TagName, _) => Place::TagName,
                (Place::Name, _) => Place::Name,
                (Place::BeforeName | Place::AfterName, _) => {
                    self.attributes += 1;
                    Place::Name
                }
            };
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
        ] {
            assert_eq!(attributes(&[tag]), expected, "{tag}");
            let (one, other) = tag.split_at(tag.len() / 2);
            assert_eq!(attributes(&[one, other]), expected, "{tag}");
        }
    }
}
