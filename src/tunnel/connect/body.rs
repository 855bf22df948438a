//! Reads past the body of a refusal, so that the connection can be used again.

/// The most bytes of a body that are read past, with what frames them.
const MOST: usize = 64 << 10;

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// So many bytes.
    Length(u64),
    /// In chunks (RFC 9112, section 7.1).
    Chunked,
    /// The connection ends with it.
    UntilClose,
}

/// Why the end of a body is not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endless {
    /// It has more than [`MOST`] bytes.
    TooLarge,
    /// Its end is that of the connection, or its chunks are malformed.
    Unframed,
}

/// Passes over one body, in pieces of any size.
pub(crate) struct Body {
    bytes: usize,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    /// In the size of a chunk.
    Size {
        size: u64,
        digits: u8,
    },
    /// Behind the size, up to the end of its line.
    Extension {
        size: u64,
    },
    /// Before the line feed behind the size.
    SizeEnd {
        size: u64,
    },
    /// In a chunk, or in a body without chunks.
    Data {
        left: u64,
        in_chunk: bool,
    },
    /// Before the carriage return, then the line feed, behind a chunk.
    DataEnd {
        after_return: bool,
    },
    /// In the lines behind the last chunk: how many characters the line has so far.
    Trailer {
        length: usize,
        after_return: bool,
    },
    Done,
}

impl Body {
    pub(crate) fn new(framing: Framing) -> Result<Self, Endless> {
        let state = match framing {
            Framing::Length(0) => State::Done,
            Framing::Length(length) if length > MOST as u64 => return Err(Endless::TooLarge),
            Framing::Length(left) => State::Data {
                left,
                in_chunk: false,
            },
            Framing::Chunked => State::Size { size: 0, digits: 0 },
            Framing::UntilClose => return Err(Endless::Unframed),
        };
        Ok(Self { bytes: 0, state })
    }

    /// Takes what belongs to the body from `input`, which keeps the rest. Whether the body is over.
    pub(crate) fn skip(&mut self, input: &mut &[u8]) -> Result<bool, Endless> {
        while !matches!(self.state, State::Done) {
            let Some((byte, rest)) = input.split_first() else {
                return Ok(false);
            };
            *input = rest;
            self.bytes += 1;
            if self.bytes > MOST {
                return Err(Endless::TooLarge);
            }
            self.state = self.state.after(*byte).ok_or(Endless::Unframed)?;
        }
        Ok(true)
    }
}

impl State {
    /// The state after one more byte; `None` if it cannot stand there.
    fn after(self, byte: u8) -> Option<Self> {
        let behind_size = |size| match byte {
            b'\r' => Some(Self::SizeEnd { size }),
            b'\n' | 0 => None,
            _ => Some(Self::Extension { size }),
        };
        match self {
            Self::Size { size, digits } => match char::from(byte).to_digit(16) {
                // Eight digits are four gigabytes already.
                Some(digit) if digits < 8 => Some(Self::Size {
                    size: size << 4 | u64::from(digit),
                    digits: digits + 1,
                }),
                None if digits > 0 && matches!(byte, b'\r' | b';' | b' ' | b'\t') => {
                    behind_size(size)
                }
                _ => None,
            },
            Self::Extension { size } => behind_size(size),
            Self::SizeEnd { size } => match (byte, size) {
                (b'\n', 0) => Some(Self::Trailer {
                    length: 0,
                    after_return: false,
                }),
                (b'\n', left) => Some(Self::Data {
                    left,
                    in_chunk: true,
                }),
                _ => None,
            },
            Self::Data { left: 1, in_chunk } => Some(match in_chunk {
                true => Self::DataEnd {
                    after_return: false,
                },
                false => Self::Done,
            }),
            Self::Data { left, in_chunk } => Some(Self::Data {
                left: left - 1,
                in_chunk,
            }),
            Self::DataEnd { after_return } => match (after_return, byte) {
                (false, b'\r') => Some(Self::DataEnd { after_return: true }),
                (true, b'\n') => Some(Self::Size { size: 0, digits: 0 }),
                _ => None,
            },
            Self::Trailer {
                length,
                after_return,
            } => match (after_return, byte) {
                (true, b'\n') if length == 0 => Some(Self::Done),
                (true, b'\n') => Some(Self::Trailer {
                    length: 0,
                    after_return: false,
                }),
                (true, _) | (false, b'\n') => None,
                (false, b'\r') => Some(Self::Trailer {
                    length,
                    after_return: true,
                }),
                (false, _) => Some(Self::Trailer {
                    length: length + 1,
                    after_return: false,
                }),
            },
            Self::Done => Some(Self::Done),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of a body, read whole and then byte by byte, and how much of the input is left.
    fn skipped(framing: Framing, input: &[u8]) -> (Result<bool, Endless>, usize) {
        let mut whole = input;
        let mut body = match Body::new(framing) {
            Ok(body) => body,
            Err(endless) => return (Err(endless), input.len()),
        };
        let outcome = body.skip(&mut whole);

        let mut body = Body::new(framing).unwrap();
        let mut left = input.len();
        let mut again = body.skip(&mut &[][..]);
        for byte in input {
            if again != Ok(false) {
                break;
            }
            again = body.skip(&mut std::slice::from_ref(byte));
            left -= 1;
        }
        assert_eq!((again, left), (outcome, whole.len()), "{input:?}");
        (outcome, whole.len())
    }

    #[test]
    fn a_length_is_counted() {
        assert_eq!(skipped(Framing::Length(0), b"ab"), (Ok(true), 2));
        assert_eq!(skipped(Framing::Length(3), b"abcHTTP"), (Ok(true), 4));
        assert_eq!(skipped(Framing::Length(3), b"ab"), (Ok(false), 0));
    }

    #[test]
    fn chunks_are_followed_to_their_end() {
        for (input, left) in [
            (&b"0\r\n\r\n"[..], 0),
            (b"3\r\nabc\r\n0\r\n\r\nHTTP", 4),
            (b"003;x=y\r\n\r\n0\r\n0 \r\nA: b\r\nC: d\r\n\r\n!", 1),
            (b"A\r\n0123456789\r\n00\r\n\r\n", 0),
        ] {
            assert_eq!(skipped(Framing::Chunked, input), (Ok(true), left));
        }
        for input in [
            &b"\r\n"[..],
            b"x",
            b"3\nabc",
            b"3\r\nabcd",
            b"0\r\n\n",
            b"0\r\nA: b\n",
            b"0\r\n\ra",
            b"123456789\r\n",
            b"-1\r\n",
            b";x\r\n",
        ] {
            assert_eq!(skipped(Framing::Chunked, input).0, Err(Endless::Unframed));
        }
        assert_eq!(skipped(Framing::Chunked, b"3\r\nab").0, Ok(false));
    }

    #[test]
    fn what_has_no_end_is_not_waited_for() {
        let most = vec![b'x'; MOST + 1];
        assert_eq!(skipped(Framing::Length(MOST as u64), &most), (Ok(true), 1));
        let longer = Framing::Length(MOST as u64 + 1);
        assert_eq!(skipped(longer, b"").0, Err(Endless::TooLarge));
        assert_eq!(skipped(Framing::UntilClose, b"").0, Err(Endless::Unframed));
        let flood = b"1\r\nx\r\n".repeat(MOST);
        assert_eq!(
            skipped(Framing::Chunked, &flood),
            (Err(Endless::TooLarge), flood.len() - MOST - 1)
        );
        let extension = [&b"1;"[..], &most].concat();
        assert_eq!(
            skipped(Framing::Chunked, &extension).0,
            Err(Endless::TooLarge)
        );
    }
}
