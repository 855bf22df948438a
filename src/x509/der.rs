//! A reader of DER (ITU-T X.690, section 10) that borrows and never allocates.
//!
//! It reads one element at a time and never recurses, so deep nesting costs nothing. It refuses
//! what DER forbids: indefinite, over-long and over-large lengths. Tag numbers above 30 do not
//! occur in certificates, OCSP or CRLs and are refused as well.
//!
//! ```
//! use sspr::x509::der::{Reader, tag};
//!
//! let mut outer = Reader::new(&[0x30, 0x03, 0x02, 0x01, 0x2a]);
//! let mut fields = outer.expect(tag::SEQUENCE)?.reader();
//! assert_eq!(fields.expect(tag::INTEGER)?.contents, [0x2a]);
//! fields.finish()?;
//! outer.finish()?;
//! # Ok::<(), sspr::x509::der::DerError>(())
//! ```

/// The identifier octets that PKIX structures use.
pub mod tag {
    /// `BOOLEAN`
    pub const BOOLEAN: u8 = 0x01;
    /// `INTEGER`
    pub const INTEGER: u8 = 0x02;
    /// `BIT STRING`
    pub const BIT_STRING: u8 = 0x03;
    /// `OCTET STRING`
    pub const OCTET_STRING: u8 = 0x04;
    /// `NULL`
    pub const NULL: u8 = 0x05;
    /// `OBJECT IDENTIFIER`
    pub const OID: u8 = 0x06;
    /// `ENUMERATED`
    pub const ENUMERATED: u8 = 0x0a;
    /// `UTF8String`
    pub const UTF8_STRING: u8 = 0x0c;
    /// `PrintableString`
    pub const PRINTABLE_STRING: u8 = 0x13;
    /// `IA5String`
    pub const IA5_STRING: u8 = 0x16;
    /// `UTCTime`
    pub const UTC_TIME: u8 = 0x17;
    /// `GeneralizedTime`
    pub const GENERALIZED_TIME: u8 = 0x18;
    /// `SEQUENCE`
    pub const SEQUENCE: u8 = 0x30;
    /// `SET`
    pub const SET: u8 = 0x31;

    /// The context-specific tag `[number]` of a primitive element; `number` is at most 30.
    pub const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// The context-specific tag `[number]` of a constructed element; `number` is at most 30.
    pub const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// Bytes that are not the DER they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {flaw}")]
#[non_exhaustive]
pub struct DerError {
    /// Where, in bytes from the start of the outermost input.
    pub offset: usize,
    /// What is wrong there.
    pub flaw: Flaw,
}

impl DerError {
    /// A value that is well-formed DER and still not what its standard allows; `what` names it.
    pub(crate) fn forbidden(offset: usize, what: &'static str) -> Self {
        Self {
            offset,
            flaw: Flaw::Forbidden(what),
        }
    }
}

/// The ways in which bytes fail to be DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// The input ends within an element.
    #[error("the input ends within an element")]
    Truncated,
    /// The length is "until the end marker", which only BER knows.
    #[error("indefinite length")]
    IndefiniteLength,
    /// The length is written with more octets than it needs.
    #[error("length not in its shortest form")]
    NonMinimalLength,
    /// The length needs more than four octets.
    #[error("length of more than four octets")]
    LengthTooLarge,
    /// The tag number is above 30.
    #[error("tag number above 30")]
    HighTagNumber,
    /// Another element than the structure has at this place.
    #[error("tag {found:#04x} where {expected:#04x} belongs")]
    UnexpectedTag {
        /// The identifier octet of the structure.
        expected: u8,
        /// The identifier octet that is there.
        found: u8,
    },
    /// Bytes after the last element of a structure.
    #[error("bytes after the end of a structure")]
    TrailingData,
    /// A value that the structure's standard does not allow.
    #[error("{0}")]
    Forbidden(&'static str),
}

/// One element: identifier, length and contents.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The identifier octet: class, constructed bit and tag number.
    pub tag: u8,
    /// The contents octets.
    pub contents: &'a [u8],
    /// The element with its header, exactly as it was received.
    pub whole: &'a [u8],
    /// Where the contents begin, in bytes from the start of the outermost input.
    pub offset: usize,
}

impl<'a> Element<'a> {
    /// A reader of the elements inside this one.
    pub fn reader(&self) -> Reader<'a> {
        Reader {
            rest: self.contents,
            offset: self.offset,
        }
    }

    /// The octets of a `BIT STRING` that is a whole number of octets.
    pub(crate) fn bit_string_octets(&self) -> Result<&'a [u8], DerError> {
        match self.contents.split_first() {
            Some((0, octets)) => Ok(octets),
            _ => Err(self.forbidden("BIT STRING with unused bits")),
        }
    }

    /// A `BOOLEAN` in its only two DER forms.
    pub(crate) fn boolean(&self) -> Result<bool, DerError> {
        match self.contents {
            [0x00] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(self.forbidden("BOOLEAN neither 00 nor ff")),
        }
    }

    /// An `INTEGER` or `ENUMERATED` from 0 to 127.
    pub(crate) fn small_number(&self) -> Result<u8, DerError> {
        match self.contents {
            [value @ 0..=0x7f] => Ok(*value),
            _ => Err(self.forbidden("number out of range")),
        }
    }

    /// The error of a value that is DER but not allowed here.
    pub(crate) fn forbidden(&self, what: &'static str) -> DerError {
        DerError::forbidden(self.offset, what)
    }
}

/// Reads elements one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `input`; offsets in errors count from there.
    pub fn new(input: &'a [u8]) -> Self {
        Self {
            rest: input,
            offset: 0,
        }
    }

    /// Whether every byte was read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Where the next element begins, in bytes from the start of the outermost input.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The tag of the next element, if there is one.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    ///
    /// # Errors
    /// The header is not DER, or the contents reach past the end.
    // A list of revoked certificates has a million elements: inlined, they are read three times as fast.
    #[inline]
    pub fn any(&mut self) -> Result<Element<'a>, DerError> {
        let (tag, header, length) = self.header()?;
        let truncated = self.error(Flaw::Truncated);
        let size = header.checked_add(length).ok_or(truncated)?;
        let (whole, rest) = self.rest.split_at_checked(size).ok_or(truncated)?;
        let contents = whole.get(header..).ok_or(truncated)?;
        let element = Element {
            tag,
            contents,
            whole,
            offset: self.offset + header,
        };
        self.rest = rest;
        self.offset += size;
        Ok(element)
    }

    /// The next element, which must have this tag.
    ///
    /// # Errors
    /// As [`any`](Self::any), or another tag; then nothing was read.
    #[inline]
    pub fn expect(&mut self, tag: u8) -> Result<Element<'a>, DerError> {
        match self.rest.first() {
            Some(&found) if found == tag => self.any(),
            Some(&found) => Err(self.error(Flaw::UnexpectedTag {
                expected: tag,
                found,
            })),
            None => Err(self.error(Flaw::Truncated)),
        }
    }

    /// The next element if it has this tag.
    ///
    /// # Errors
    /// As [`any`](Self::any).
    pub fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, DerError> {
        match self.rest.first() {
            Some(&found) if found == tag => self.any().map(Some),
            _ => Ok(None),
        }
    }

    /// The end of a structure.
    ///
    /// # Errors
    /// Bytes are left.
    pub fn finish(&self) -> Result<(), DerError> {
        match self.rest {
            [] => Ok(()),
            _ => Err(self.error(Flaw::TrailingData)),
        }
    }

    /// The only element of `input`, which must have this tag.
    ///
    /// # Errors
    /// As [`expect`](Self::expect), or bytes follow.
    pub fn only(input: &'a [u8], tag: u8) -> Result<Element<'a>, DerError> {
        let mut reader = Self::new(input);
        let element = reader.expect(tag)?;
        reader.finish()?;
        Ok(element)
    }

    /// Tag, size of the header and size of the contents of the next element.
    #[inline]
    fn header(&self) -> Result<(u8, usize, usize), DerError> {
        let truncated = self.error(Flaw::Truncated);
        let (tag, first) = match self.rest {
            [tag, first, ..] => (*tag, *first),
            _ => return Err(truncated),
        };
        if tag & 0x1f == 0x1f {
            return Err(self.error(Flaw::HighTagNumber));
        }
        if first < 0x80 {
            return Ok((tag, 2, usize::from(first)));
        }
        let octets = usize::from(first & 0x7f);
        match octets {
            0 => return Err(self.error(Flaw::IndefiniteLength)),
            1..=4 => {}
            _ => return Err(self.error(Flaw::LengthTooLarge)),
        }
        let length = self.rest.get(2..2 + octets).ok_or(truncated)?;
        if length.first() == Some(&0) {
            return Err(self.error(Flaw::NonMinimalLength));
        }
        let length = length
            .iter()
            .fold(0u32, |sum, octet| sum << 8 | u32::from(*octet));
        if length < 0x80 {
            return Err(self.error(Flaw::NonMinimalLength));
        }
        let length = usize::try_from(length).map_err(|_| self.error(Flaw::LengthTooLarge))?;
        Ok((tag, 2 + octets, length))
    }

    fn error(&self, flaw: Flaw) -> DerError {
        DerError {
            offset: self.offset,
            flaw,
        }
    }
}

/// The header octets of an element with this tag and size of contents, in a buffer and its
/// length; `None` from 4 GiB on.
pub(crate) fn header(tag: u8, length: usize) -> Option<([u8; 6], usize)> {
    let length = u32::try_from(length).ok()?;
    let [a, b, c, d] = length.to_be_bytes();
    Some(match length {
        0..0x80 => ([tag, d, 0, 0, 0, 0], 2),
        0x80..0x100 => ([tag, 0x81, d, 0, 0, 0], 3),
        0x100..0x1_0000 => ([tag, 0x82, c, d, 0, 0], 4),
        0x1_0000..0x100_0000 => ([tag, 0x83, b, c, d, 0], 5),
        _ => ([tag, 0x84, a, b, c, d], 6),
    })
}

#[cfg(test)]
mod tests;
