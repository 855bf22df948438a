//! Writing DER (X.690): values are put together from the inside out.
//!
//! The tenant has a writer of its own because most of what it writes has to be wrong on demand.

use std::time::SystemTime;

use super::super::clock::{self, Date};

pub(in crate::mock) const SEQUENCE: u8 = 0x30;
const LAST_YEAR_OF_UTC_TIME: i32 = 2049;

/// Tag, length, content.
pub(in crate::mock) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    if length < 0x80 {
        bytes.push(length as u8);
    } else {
        let digits = significant(&length.to_be_bytes()).to_vec();
        bytes.push(0x80 | digits.len() as u8);
        bytes.extend(digits);
    }
    bytes.extend_from_slice(content);
    bytes
}

pub(in crate::mock) fn sequence<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> Vec<u8> {
    value(SEQUENCE, &joined(parts))
}

pub(in crate::mock) fn set<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> Vec<u8> {
    value(0x31, &joined(parts))
}

/// `[number] EXPLICIT`, and `[number] IMPLICIT` of anything constructed.
pub(in crate::mock) fn tagged(number: u8, content: &[u8]) -> Vec<u8> {
    value(0xA0 | number, content)
}

/// `[number] IMPLICIT` of anything primitive.
pub(in crate::mock) fn tagged_primitive(number: u8, content: &[u8]) -> Vec<u8> {
    value(0x80 | number, content)
}

/// A non-negative INTEGER from its big-endian digits.
pub(in crate::mock) fn integer(digits: &[u8]) -> Vec<u8> {
    let digits = significant(digits);
    let needs_sign = digits.first().is_none_or(|first| *first >= 0x80);
    let sign: &[u8] = if needs_sign { &[0] } else { &[] };
    value(0x02, &[sign, digits].concat())
}

pub(in crate::mock) fn number(number: u64) -> Vec<u8> {
    integer(&number.to_be_bytes())
}

pub(in crate::mock) fn enumerated(number: u8) -> Vec<u8> {
    value(0x0A, &[number])
}

pub(in crate::mock) fn boolean(truth: bool) -> Vec<u8> {
    value(0x01, &[if truth { 0xFF } else { 0 }])
}

pub(in crate::mock) fn null() -> Vec<u8> {
    value(0x05, &[])
}

pub(in crate::mock) fn octets(bytes: &[u8]) -> Vec<u8> {
    value(0x04, bytes)
}

/// A BIT STRING of whole octets.
pub(in crate::mock) fn bits(bytes: &[u8]) -> Vec<u8> {
    value(0x03, &[&[0], bytes].concat())
}

/// The content of a BIT STRING with named bits, all of them below 16. Trailing zeros are left out (X.690, 11.2.2).
pub(in crate::mock) fn named_bits(numbers: &[u8]) -> Vec<u8> {
    let word = numbers
        .iter()
        .fold(0u16, |word, number| word | 0x8000 >> number);
    let bytes = word.to_be_bytes();
    let used = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    let unused = if used == 0 {
        0
    } else {
        bytes[used - 1].trailing_zeros() as u8
    };
    [&[unused], &bytes[..used]].concat()
}

pub(in crate::mock) fn utf8(text: &str) -> Vec<u8> {
    value(0x0C, text.as_bytes())
}

pub(in crate::mock) fn oid(arcs: &[u64]) -> Vec<u8> {
    let [first, second, rest @ ..] = arcs else {
        return value(0x06, &[]);
    };
    let mut content = Vec::new();
    for arc in std::iter::once(first * 40 + second).chain(rest.iter().copied()) {
        let groups = (0..10).rev().map(|group| (arc >> (7 * group)) as u8 & 0x7F);
        let groups: Vec<u8> = groups.skip_while(|group| *group == 0).collect();
        match groups.split_last() {
            None => content.push(0),
            Some((last, before)) => {
                content.extend(before.iter().map(|group| group | 0x80));
                content.push(*last);
            }
        }
    }
    value(0x06, &content)
}

/// `20261122101500Z`, the form of RFC 5280, section 4.1.2.5.2.
pub(in crate::mock) fn generalized_time(time: SystemTime) -> Vec<u8> {
    value(0x18, digits_of(time).as_bytes())
}

/// UTCTime up to 2049, GeneralizedTime from then on (RFC 5280, section 4.1.2.5).
pub(in crate::mock) fn time(time: SystemTime) -> Vec<u8> {
    if clock::date(time).year > LAST_YEAR_OF_UTC_TIME {
        return generalized_time(time);
    }
    value(0x17, &digits_of(time).as_bytes()[2..])
}

/// `20261122101500Z`
pub(in crate::mock) fn digits_of(time: SystemTime) -> String {
    let Date { year, month, day } = clock::date(time);
    let second = clock::seconds(time) % 86_400;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z")
}

fn joined<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut content = Vec::new();
    for part in parts {
        content.extend_from_slice(part.as_ref());
    }
    content
}

fn significant(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    &digits[zeros..]
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    /// The examples are those of X.690 and RFC 5280.
    #[test]
    fn values_are_der() {
        assert_eq!(value(0x04, &[7; 127])[..2], [0x04, 127]);
        assert_eq!(value(0x04, &[7; 128])[..3], [0x04, 0x81, 128]);
        assert_eq!(value(0x04, &[7; 300])[..4], [0x04, 0x82, 1, 44]);
        assert_eq!(number(0), [2, 1, 0]);
        assert_eq!(number(127), [2, 1, 127]);
        assert_eq!(number(128), [2, 2, 0, 128]);
        assert_eq!(number(256), [2, 2, 1, 0]);
        assert_eq!(named_bits(&[]), [0]);
        assert_eq!(named_bits(&[0]), [7, 0x80]);
        assert_eq!(named_bits(&[5, 6]), [1, 0x06]);
        assert_eq!(named_bits(&[8]), [7, 0, 0x80]);
        assert_eq!(oid(&[2, 999, 3]), [6, 3, 0x88, 0x37, 3]);
        assert_eq!(
            oid(&[1, 2, 840, 113_549]),
            [6, 6, 42, 0x86, 0x48, 0x86, 0xF7, 0x0D]
        );
        assert_eq!(oid(&[2, 5, 29, 0]), [6, 3, 0x55, 29, 0]);
    }

    #[test]
    fn times_change_their_form_in_2050() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(time(at(1_795_342_500)), b"\x17\x0d261122101500Z");
        assert_eq!(time(at(2_524_607_999)), b"\x17\x0d491231235959Z");
        assert_eq!(time(at(2_524_608_000)), b"\x18\x0f20500101000000Z");
    }
}
