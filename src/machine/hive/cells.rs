//! The store below keys and values: bins of whole pages, cut into cells, found by offset.

use super::base_block::BaseBlock;
use super::{Damage, HiveError};

/// All cells of a hive. Offsets count from the end of the base block.
pub(super) struct Cells {
    file: Vec<u8>,
    /// Where each bin ends, ascending.
    bin_ends: Vec<usize>,
}

impl Cells {
    const PAGE: usize = 4096;
    const BIN_HEADER: usize = 32;

    /// Takes the file apart into bins, of which there must be `size` bytes.
    pub(super) fn new(file: Vec<u8>, size: usize) -> Result<Self, HiveError> {
        let bins = file
            .get(BaseBlock::SIZE..)
            .and_then(|rest| rest.get(..size))
            .ok_or(HiveError::Truncated)?;
        if !size.is_multiple_of(Self::PAGE) {
            return Err(Damage::Bin.into());
        }
        let mut bin_ends = Vec::new();
        let mut at = 0;
        while at < size {
            let bin = Record(bins.get(at..).unwrap_or_default());
            let length = bin.u32(8)? as usize;
            let whole = length > 0 && length.is_multiple_of(Self::PAGE) && length <= size - at;
            if bin.bytes(0, 4)? != b"hbin" || bin.u32(4)? as usize != at || !whole {
                return Err(Damage::Bin.into());
            }
            at += length;
            bin_ends.push(at);
        }
        Ok(Self { file, bin_ends })
    }

    /// What the cell at `offset` holds.
    pub(super) fn get(&self, offset: u32) -> Result<Record<'_>, Damage> {
        let at = offset as usize;
        let index = self.bin_ends.partition_point(|end| *end <= at);
        let end = *self.bin_ends.get(index).ok_or(Damage::Bounds)?;
        let begin = index
            .checked_sub(1)
            .and_then(|before| self.bin_ends.get(before))
            .map_or(0, |before| *before);
        if at < begin + Self::BIN_HEADER || !at.is_multiple_of(8) {
            return Err(Damage::Bounds);
        }
        let rest = self
            .file
            .get(BaseBlock::SIZE + at..BaseBlock::SIZE + end)
            .ok_or(Damage::Bounds)?;
        // The size counts itself and is negative while the cell is in use.
        let size = Record(rest).u32(0)?.cast_signed();
        if size >= 0 {
            return Err(Damage::FreeCell);
        }
        let size = size.unsigned_abs() as usize;
        if !size.is_multiple_of(8) {
            return Err(Damage::Cell);
        }
        rest.get(4..size).map(Record).ok_or(Damage::Cell)
    }

    /// Whether `count` cells of at least `size` bytes each can be in this hive. Checked before anything is reserved
    /// or repeated `count` times.
    pub(super) fn can_hold(&self, count: usize, size: usize) -> Result<(), Damage> {
        match count.checked_mul(size) {
            Some(bytes) if bytes <= self.file.len() => Ok(()),
            _ => Err(Damage::Count),
        }
    }
}

/// Bytes in which fields are found by their position.
#[derive(Clone, Copy)]
pub(super) struct Record<'h>(&'h [u8]);

impl<'h> Record<'h> {
    pub(super) fn new(bytes: &'h [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn len(self) -> usize {
        self.0.len()
    }

    /// This record, if it begins with `signature`.
    pub(super) fn expect(self, signature: &[u8; 2]) -> Result<Self, Damage> {
        if self.0.starts_with(signature) {
            Ok(self)
        } else {
            Err(Damage::Signature)
        }
    }

    pub(super) fn u16(self, at: usize) -> Result<u16, Damage> {
        self.field(at).map(u16::from_le_bytes)
    }

    pub(super) fn u32(self, at: usize) -> Result<u32, Damage> {
        self.field(at).map(u32::from_le_bytes)
    }

    pub(super) fn bytes(self, at: usize, len: usize) -> Result<&'h [u8], Damage> {
        self.0
            .get(at..)
            .and_then(|rest| rest.get(..len))
            .ok_or(Damage::Short)
    }

    /// `count` offsets, one every `stride` bytes from `at` on.
    pub(super) fn offsets(
        self,
        at: usize,
        count: usize,
        stride: usize,
    ) -> Result<impl Iterator<Item = u32> + use<'h>, Damage> {
        let bytes = self.bytes(at, count.checked_mul(stride).ok_or(Damage::Short)?)?;
        Ok(bytes
            .chunks_exact(stride)
            .filter_map(|entry| entry.first_chunk())
            .map(|offset| u32::from_le_bytes(*offset)))
    }

    fn field<const N: usize>(self, at: usize) -> Result<[u8; N], Damage> {
        self.0
            .get(at..)
            .and_then(|rest| rest.first_chunk())
            .copied()
            .ok_or(Damage::Short)
    }
}
