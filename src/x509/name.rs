//! Distinguished names: compared as RFC 5280 (section 7.1) says, shown as RFC 4514 says.

use std::fmt::{self, Write as _};

use crate::error::PeerText;

use super::der::{DerError, Element, Reader, header, tag};
use super::oid::Oid;

/// A distinguished name.
///
/// `Display` writes the form of RFC 4514, such as `CN=Example CA,O=Example,C=US`, in which
/// control characters and characters that turn the direction of writing are replaced.
#[derive(Clone, Copy)]
pub struct Name<'a> {
    /// The contents of the `RDNSequence`, without its header.
    contents: &'a [u8],
}

impl<'a> Name<'a> {
    /// A name from the contents of its `RDNSequence`, as a trust anchor of
    /// `rustls-pki-types` carries it.
    pub fn from_contents(contents: &'a [u8]) -> Self {
        Self { contents }
    }

    /// Reads a name and checks its form.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let sequence = reader.expect(tag::SEQUENCE)?;
        let mut sets = sequence.reader();
        while !sets.is_empty() {
            let mut attributes = sets.expect(tag::SET)?.reader();
            while !attributes.is_empty() {
                attribute(&mut attributes)?;
            }
        }
        Ok(Self {
            contents: sequence.contents,
        })
    }

    /// The contents of the `RDNSequence`, without its header.
    pub fn contents(&self) -> &'a [u8] {
        self.contents
    }

    /// The header that belongs before [`contents`](Self::contents), and its length.
    pub(crate) fn header(&self) -> Option<([u8; 6], usize)> {
        header(tag::SEQUENCE, self.contents.len())
    }

    /// Whether both are the same name: the same attributes in the same order, with letter case
    /// (ASCII) and the amount of white space ignored in `PrintableString` and `UTF8String`.
    pub fn matches(&self, other: &Name<'_>) -> bool {
        self.contents == other.contents || same_sequence(self.contents, other.contents)
    }
}

impl From<Name<'_>> for PeerText {
    fn from(name: Name<'_>) -> Self {
        Self::from(name.to_string())
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sets = Vec::new();
        let mut reader = Reader::new(self.contents);
        while let Ok(set) = reader.any() {
            sets.push(set);
        }
        for (number, set) in sets.iter().rev().enumerate() {
            let mut attributes = set.reader();
            let mut separator = if number == 0 { "" } else { "," };
            while let Ok((oid, value)) = attribute(&mut attributes) {
                f.write_str(separator)?;
                match short_name(oid) {
                    Some(name) => f.write_str(name)?,
                    None => write!(f, "{oid}")?,
                }
                f.write_char('=')?;
                show_value(f, &value)?;
                separator = "+";
            }
        }
        Ok(())
    }
}

/// `AttributeTypeAndValue ::= SEQUENCE { type, value }`
fn attribute<'a>(reader: &mut Reader<'a>) -> Result<(Oid<'a>, Element<'a>), DerError> {
    let mut fields = reader.expect(tag::SEQUENCE)?.reader();
    let oid = Oid(fields.expect(tag::OID)?.contents);
    let value = fields.any()?;
    fields.finish()?;
    Ok((oid, value))
}

fn same_sequence(ours: &[u8], theirs: &[u8]) -> bool {
    let (mut ours, mut theirs) = (Reader::new(ours), Reader::new(theirs));
    while !ours.is_empty() && !theirs.is_empty() {
        let (Ok(our_set), Ok(their_set)) = (ours.any(), theirs.any()) else {
            return false;
        };
        let (mut our_set, mut their_set) = (our_set.reader(), their_set.reader());
        while !our_set.is_empty() && !their_set.is_empty() {
            let (Ok(left), Ok(right)) = (attribute(&mut our_set), attribute(&mut their_set)) else {
                return false;
            };
            if left.0 != right.0 || !same_value(&left.1, &right.1) {
                return false;
            }
        }
        if !our_set.is_empty() || !their_set.is_empty() {
            return false;
        }
    }
    ours.is_empty() && theirs.is_empty()
}

fn same_value(left: &Element<'_>, right: &Element<'_>) -> bool {
    let is_text =
        |element: &Element<'_>| matches!(element.tag, tag::PRINTABLE_STRING | tag::UTF8_STRING);
    left.whole == right.whole
        || (is_text(left) && is_text(right) && folded(left.contents).eq(folded(right.contents)))
}

/// The words of a value in lower case, with one space between them.
fn folded(value: &[u8]) -> impl Iterator<Item = u8> + '_ {
    value
        .split(|octet| *octet == b' ')
        .filter(|word| !word.is_empty())
        .flat_map(|word| std::iter::once(b' ').chain(word.iter().map(u8::to_ascii_lowercase)))
}

fn short_name(oid: Oid<'_>) -> Option<&'static str> {
    Some(match oid.0 {
        [0x55, 0x04, 0x03] => "CN",
        [0x55, 0x04, 0x06] => "C",
        [0x55, 0x04, 0x07] => "L",
        [0x55, 0x04, 0x08] => "ST",
        [0x55, 0x04, 0x09] => "STREET",
        [0x55, 0x04, 0x0a] => "O",
        [0x55, 0x04, 0x0b] => "OU",
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x01] => "UID",
        [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19] => "DC",
        _ => return None,
    })
}

fn show_value(f: &mut fmt::Formatter<'_>, value: &Element<'_>) -> fmt::Result {
    let text = match value.tag {
        tag::PRINTABLE_STRING | tag::UTF8_STRING | tag::IA5_STRING => {
            std::str::from_utf8(value.contents).ok()
        }
        _ => None,
    };
    let Some(text) = text else {
        f.write_char('#')?;
        return value
            .whole
            .iter()
            .try_for_each(|octet| write!(f, "{octet:02x}"));
    };
    let last = text.chars().count().saturating_sub(1);
    for (number, character) in text.chars().enumerate() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{character}")?,
            '#' if number == 0 => f.write_str("\\#")?,
            ' ' if number == 0 || number == last => f.write_str("\\ ")?,
            _ if PeerText::removes(character) => {
                f.write_char(char::REPLACEMENT_CHARACTER)?;
            }
            _ => f.write_char(character)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name of one-attribute sets: last octet of the `id-at` type, tag, text.
    fn name(attributes: &[(u8, u8, &str)]) -> Vec<u8> {
        let wrap = |tag: u8, contents: Vec<u8>| {
            let mut der = vec![tag, contents.len() as u8];
            der.extend(contents);
            der
        };
        attributes
            .iter()
            .flat_map(|(kind, tag, text)| {
                let mut fields = vec![0x06, 0x03, 0x55, 0x04, *kind];
                fields.extend(wrap(*tag, text.as_bytes().to_vec()));
                wrap(tag::SET, wrap(tag::SEQUENCE, fields))
            })
            .collect()
    }

    #[test]
    fn compares_text_without_case_and_extra_space() {
        let base = name(&[(6, 0x13, "US"), (3, 0x0c, "Example  CA")]);
        let same = name(&[(6, 0x13, "US"), (3, 0x13, " example ca ")]);
        assert!(Name::from_contents(&base).matches(&Name::from_contents(&same)));
        for other in [
            name(&[(6, 0x13, "US")]),
            name(&[(6, 0x13, "US"), (3, 0x0c, "ExampleCA")]),
            name(&[(3, 0x0c, "Example CA"), (6, 0x13, "US")]),
            name(&[(6, 0x13, "US"), (10, 0x0c, "Example CA")]),
            name(&[(6, 0x13, "US"), (3, 0x0c, "Example CA"), (3, 0x0c, "x")]),
            name(&[(6, 0x13, "US"), (3, 0x16, "Example CA")]),
            vec![0xff],
            vec![],
        ] {
            assert!(!Name::from_contents(&base).matches(&Name::from_contents(&other)));
            assert!(!Name::from_contents(&other).matches(&Name::from_contents(&base)));
        }
    }

    #[test]
    fn shown_without_anything_that_could_mislead() {
        let der = name(&[
            (6, 0x13, "US"),
            (10, 0x0c, "A, \"B\" + C"),
            (99, 0x0c, "#x "),
            (3, 0x0c, "a\u{202e}b\nc"),
            (11, 0x1e, "\0A"),
        ]);
        assert_eq!(
            Name::from_contents(&der).to_string(),
            "OU=#1e020041,CN=a\u{fffd}b\u{fffd}c,2.5.4.99=\\#x\\ ,O=A\\, \\\"B\\\" \\+ C,C=US"
        );
        assert_eq!(Name::from_contents(&[0x31]).to_string(), "");
    }
}
