//! Bytes that are no DER any more.

use super::der;
use super::reader::read;

/// What is wrong with the encoding of a certificate, a response or a list. Signatures are not touched by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodingFault {
    /// The last byte is missing.
    Truncated,
    /// A zero byte follows.
    TrailingByte,
    /// The outermost value has no length and ends with two zero bytes, as BER allows.
    IndefiniteLength,
    /// The outermost length says more than 4 GB.
    LengthBeyondEnd,
    /// The content is 10,000 sequences, one in the other.
    DeepNesting,
}

impl EncodingFault {
    pub(in crate::mock) fn apply(self, mut bytes: Vec<u8>) -> Vec<u8> {
        let outermost = read(&mut bytes.as_slice()).map(|(tag, content)| (tag, content.to_vec()));
        let (tag, content) = outermost.unwrap_or_default();
        match self {
            Self::Truncated => {
                bytes.pop();
                bytes
            }
            Self::TrailingByte => [bytes, vec![0]].concat(),
            Self::IndefiniteLength => [&[tag, 0x80], content.as_slice(), &[0, 0]].concat(),
            Self::LengthBeyondEnd => {
                [&[tag, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], content.as_slice()].concat()
            }
            Self::DeepNesting => (0..10_000).fold(Vec::new(), |inner, _| {
                // Quadratic, and still done in well under a second.
                der::sequence([inner])
            }),
        }
    }
}
