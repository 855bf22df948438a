//! The head of a proxy's answer (RFC 9112, sections 4 and 5), read strictly: what two readers could read in two ways is
//! refused.

use std::mem;

use super::body::Framing;
use crate::error::PeerText;

/// The most bytes of a head.
pub(crate) const BYTES: usize = 16 << 10;

/// The most fields of a head.
pub(crate) const FIELDS: usize = 100;

/// How many bytes of an answer that is no HTTP are kept.
const FIRST: usize = 16;

const START: &[u8] = b"HTTP/";

/// Why a head cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It does not begin as HTTP does; its first bytes.
    NotHttp(Vec<u8>),
    /// It breaks this rule.
    Malformed(&'static str),
    /// It has more than [`BYTES`] or [`FIELDS`].
    TooLarge,
}

/// A head.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) reason: PeerText,
    is_1_0: bool,
    /// Names in lower case, and values without the blanks around them.
    fields: Vec<(String, Vec<u8>)>,
}

/// Reads one head, in pieces of any size.
#[derive(Default)]
pub(crate) struct HeadReader {
    first: Vec<u8>,
    bytes: usize,
    /// The line that has begun.
    line: Vec<u8>,
    /// What the lines before it say.
    head: Option<Head>,
}

impl HeadReader {
    /// Takes what belongs to the head from `input`, which keeps the rest. `None` if the head is not complete yet.
    pub(crate) fn read(&mut self, input: &mut &[u8]) -> Result<Option<Head>, Flaw> {
        let missing = FIRST.saturating_sub(self.first.len());
        self.first.extend(input.iter().take(missing));
        while let Some((byte, rest)) = input.split_first() {
            *input = rest;
            if let Some(head) = self.take(*byte)? {
                return Ok(Some(head));
            }
        }
        Ok(None)
    }

    /// Whether any of it came.
    pub(crate) const fn has_begun(&self) -> bool {
        self.bytes > 0
    }

    fn take(&mut self, byte: u8) -> Result<Option<Head>, Flaw> {
        if START.get(self.bytes).is_some_and(|start| *start != byte) {
            return Err(Flaw::NotHttp(mem::take(&mut self.first)));
        }
        self.bytes += 1;
        if self.bytes > BYTES {
            return Err(Flaw::TooLarge);
        }
        match (self.line.last(), byte) {
            (Some(b'\r'), b'\n') => {
                self.line.pop();
                return self.end_line();
            }
            (Some(b'\r'), _) => return Err(Flaw::Malformed("a carriage return inside a line")),
            (_, b'\n') => return Err(Flaw::Malformed("a line that ends without carriage return")),
            (_, b'\r' | b'\t' | b' '..=b'~' | 0x80..) => self.line.push(byte),
            _ => return Err(Flaw::Malformed("a control character")),
        }
        Ok(None)
    }

    fn end_line(&mut self) -> Result<Option<Head>, Flaw> {
        match &mut self.head {
            None => self.head = Some(Head::begin(&self.line)?),
            Some(_) if self.line.is_empty() => return Ok(self.head.take()),
            Some(head) => head.add(&self.line)?,
        }
        self.line.clear();
        Ok(None)
    }
}

impl Head {
    /// Reads `HTTP/1.1 200 Connection established`. The blank after the status may be missing with the words.
    fn begin(line: &[u8]) -> Result<Self, Flaw> {
        let (is_1_0, rest) = match line.strip_prefix(START) {
            Some([b'1', b'.', b'0', b' ', rest @ ..]) => (true, rest),
            Some([b'1', b'.', b'1', b' ', rest @ ..]) => (false, rest),
            _ => return Err(Flaw::Malformed("the version of HTTP")),
        };
        let (digits, words) = match rest {
            [a, b, c] => ([*a, *b, *c], &[][..]),
            [a, b, c, b' ', words @ ..] => ([*a, *b, *c], words),
            _ => return Err(Flaw::Malformed("the status line")),
        };
        let is_status = matches!(digits, [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9']);
        if !is_status {
            return Err(Flaw::Malformed("the status"));
        }
        let status = digits
            .iter()
            .fold(0, |status, digit| status * 10 + u16::from(digit - b'0'));
        Ok(Self {
            status,
            reason: PeerText::new(&String::from_utf8_lossy(words)),
            is_1_0,
            fields: Vec::new(),
        })
    }

    fn add(&mut self, line: &[u8]) -> Result<(), Flaw> {
        if self.fields.len() == FIELDS {
            return Err(Flaw::TooLarge);
        }
        if line.first().is_some_and(u8::is_ascii_whitespace) {
            return Err(Flaw::Malformed("a field over several lines"));
        }
        let colon = memchr::memchr(b':', line).ok_or(Flaw::Malformed("a field without colon"))?;
        let (name, value) = line.split_at(colon);
        match std::str::from_utf8(name) {
            Ok(name) if !name.is_empty() && name.bytes().all(is_of_token) => {
                let value = value.get(1..).unwrap_or_default().trim_ascii();
                self.fields
                    .push((name.to_ascii_lowercase(), value.to_vec()));
                Ok(())
            }
            _ => Err(Flaw::Malformed("the name of a field")),
        }
    }

    /// The values of all fields of that name, which is in lower case.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.fields
            .iter()
            .filter(move |field| field.0 == name)
            .map(|field| field.1.as_slice())
    }

    /// How the end of the body is found (RFC 9112, section 6.3), unless the head opens a tunnel.
    pub(crate) fn framing(&self) -> Result<Framing, Flaw> {
        if matches!(self.status, 204 | 304) {
            return Ok(Framing::Length(0));
        }
        let codings: Vec<_> = self.values("transfer-encoding").collect();
        let mut lengths = self.values("content-length").peekable();
        match (codings.as_slice(), lengths.peek()) {
            ([], None) => Ok(Framing::UntilClose),
            ([], Some(_)) => {
                let first = length(lengths.next().unwrap_or_default());
                let agree = lengths.all(|other| length(other) == first);
                first
                    .filter(|_| agree)
                    .map(Framing::Length)
                    .ok_or(Flaw::Malformed("the length of the body"))
            }
            (_, Some(_)) => Err(Flaw::Malformed("two ways to find the end of the body")),
            _ if self.is_1_0 => Err(Flaw::Malformed("a transfer coding in HTTP/1.0")),
            ([coding], None) if coding.eq_ignore_ascii_case(b"chunked") => Ok(Framing::Chunked),
            _ => Ok(Framing::UntilClose),
        }
    }

    /// Whether the other side means to keep the connection open (RFC 9112, section 9.3). `Proxy-Connection` stands in
    /// no standard, and is what many proxies write.
    pub(crate) fn is_kept_open(&self) -> bool {
        let says = |option: &[u8]| {
            ["connection", "proxy-connection"]
                .iter()
                .flat_map(|name| self.values(name))
                .flat_map(|value| value.split(|byte| *byte == b','))
                .any(|said| said.trim_ascii().eq_ignore_ascii_case(option))
        };
        !says(b"close") && (!self.is_1_0 || says(b"keep-alive"))
    }
}

/// A length of at most 18 digits: no longer one is ever read to its end.
fn length(value: &[u8]) -> Option<u64> {
    let is_number = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(value)
        .ok()
        .filter(|digits| is_number && digits.len() <= 18)
        .and_then(|digits| digits.parse().ok())
}

/// RFC 9110, section 5.6.2.
fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests;
