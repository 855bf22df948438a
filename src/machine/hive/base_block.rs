//! The first 4096 bytes: versions, where the root key is, and whether the last write came to its end.

use super::HiveError;
use super::cells::Record;

/// Whether a hive says of itself that it is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// The last write came to its end.
    Clean,
    /// The two sequence numbers differ: a write was begun and not ended. Newer contents may be in the log files
    /// (`.LOG1`, `.LOG2`) beside the hive, which are not read.
    Dirty {
        /// Counted up when a write begins.
        primary: u32,
        /// Made equal to the primary when the write has ended.
        secondary: u32,
    },
    /// The checksum of the base block is wrong, so that not even the sequence numbers can be believed.
    BadChecksum,
}

impl Condition {
    /// Whether this is [`Condition::Clean`].
    pub fn is_clean(self) -> bool {
        self == Self::Clean
    }
}

pub(super) struct BaseBlock {
    /// The offset of the root key's cell.
    pub(super) root: u32,
    /// The size of all bins, in bytes.
    pub(super) bins_size: usize,
    pub(super) condition: Condition,
}

impl BaseBlock {
    /// In bytes.
    pub(super) const SIZE: usize = 4096;

    const MAJOR: u32 = 1;
    const MINORS: std::ops::RangeInclusive<u32> = 3..=6;
    /// The type of a file that is no log, and the format "directly loaded into memory".
    const PRIMARY_FILE: (u32, u32) = (0, 1);

    pub(super) fn parse(file: &[u8]) -> Result<Self, HiveError> {
        if !file.starts_with(b"regf") {
            return Err(HiveError::NotAHive);
        }
        let block = file.get(..Self::SIZE).ok_or(HiveError::Truncated)?;
        let field = Record::new(block);
        let (major, minor) = (field.u32(20)?, field.u32(24)?);
        if major != Self::MAJOR || !Self::MINORS.contains(&minor) {
            return Err(HiveError::Version { major, minor });
        }
        if (field.u32(28)?, field.u32(32)?) != Self::PRIMARY_FILE {
            return Err(HiveError::NotAHive);
        }
        let (primary, secondary) = (field.u32(4)?, field.u32(8)?);
        let condition = if field.u32(508)? != checksum(field.bytes(0, 508)?) {
            Condition::BadChecksum
        } else if primary != secondary {
            Condition::Dirty { primary, secondary }
        } else {
            Condition::Clean
        };
        Ok(Self {
            root: field.u32(36)?,
            bins_size: field.u32(40)? as usize,
            condition,
        })
    }
}

/// The words, one XORed with the other; 0 and the complement of 0 are avoided.
fn checksum(bytes: &[u8]) -> u32 {
    let (words, _) = bytes.as_chunks::<4>();
    let sum = words
        .iter()
        .fold(0, |sum, word| sum ^ u32::from_le_bytes(*word));
    match sum {
        0 => 1,
        u32::MAX => u32::MAX - 1,
        sum => sum,
    }
}
