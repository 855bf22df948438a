//! Values ("vk") and the three places their data can be in: the record itself, a cell, or segments ("db").

use super::Damage;
use super::cells::{Cells, Record};
use super::name::Name;
use crate::machine::registry::Value;

pub(super) struct ValueRecord<'h> {
    cells: &'h Cells,
    record: Record<'h>,
}

impl<'h> ValueRecord<'h> {
    const COMPRESSED_NAME: u16 = 0x0001;
    const NAME: usize = 20;
    /// The bit of the size that says: the data are where the offset would be.
    const INLINE: u32 = 1 << 31;

    pub(super) fn new(cells: &'h Cells, at: u32) -> Result<Self, Damage> {
        let record = cells.get(at)?.expect(b"vk")?;
        Ok(Self { cells, record })
    }

    pub(super) fn name(&self) -> Result<Name<'h>, Damage> {
        let compressed = self.record.u16(16)? & Self::COMPRESSED_NAME != 0;
        Name::read(self.record, Self::NAME, self.record.u16(2)?, compressed)
    }

    pub(super) fn read(&self) -> Result<Value, Damage> {
        Ok(Value {
            kind: self.record.u32(12)?,
            data: self.data()?,
        })
    }

    fn data(&self) -> Result<Vec<u8>, Damage> {
        let size = self.record.u32(4)?;
        if size & Self::INLINE != 0 {
            return match size & !Self::INLINE {
                len @ 0..=4 => Ok(self.record.bytes(8, len as usize)?.to_vec()),
                _ => Err(Damage::ValueSize),
            };
        }
        let size = size as usize;
        if size == 0 {
            return Ok(Vec::new());
        }
        let cell = self.cells.get(self.record.u32(8)?)?;
        if size <= cell.len() {
            Ok(cell.bytes(0, size)?.to_vec())
        } else if size > SEGMENT {
            self.segments(cell, size)
        } else {
            Err(Damage::ValueSize)
        }
    }

    /// Big data: all segments are full, except the last.
    fn segments(&self, cell: Record<'h>, size: usize) -> Result<Vec<u8>, Damage> {
        let head = cell.expect(b"db").map_err(|_| Damage::ValueSize)?;
        let count = usize::from(head.u16(2)?);
        if count != size.div_ceil(SEGMENT) {
            return Err(Damage::Count);
        }
        // Segments may not be shared, else a small file could ask for gigabytes.
        self.cells.can_hold(size, 1)?;
        let list = self.cells.get(head.u32(4)?)?;
        let mut data = Vec::with_capacity(size);
        for at in list.offsets(0, count, 4)? {
            let rest = (size - data.len()).min(SEGMENT);
            data.extend_from_slice(self.cells.get(at)?.bytes(0, rest)?);
        }
        Ok(data)
    }
}

/// The most bytes that data in one cell, or one segment of big data, can have since version 1.4.
const SEGMENT: usize = 16_344;
