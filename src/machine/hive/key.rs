//! Keys ("nk") and the lists of what is below them.

use super::Damage;
use super::cells::{Cells, Record};
use super::name::Name;
use super::value::ValueRecord;
use crate::machine::registry::Value;

/// A key's record. Fields of 16 and 32 bits at fixed positions, then the name.
#[derive(Clone, Copy)]
pub(super) struct KeyNode<'h> {
    cells: &'h Cells,
    at: u32,
    record: Record<'h>,
}

impl<'h> KeyNode<'h> {
    /// Symbolic links, and the predefined handles of performance data, whose lists are something else.
    const LINK_FLAGS: u16 = 0x0010 | 0x0040;
    const COMPRESSED_NAME: u16 = 0x0020;
    const NAME: usize = 76;

    pub(super) fn root(cells: &'h Cells, at: u32) -> Result<Self, Damage> {
        let record = cells.get(at)?.expect(b"nk")?;
        Ok(Self { cells, at, record })
    }

    /// Whether the key stands for something that is not in this hive.
    pub(super) fn is_link(self) -> Result<bool, Damage> {
        Ok(self.record.u16(2)? & Self::LINK_FLAGS != 0)
    }

    pub(super) fn child(self, name: &str) -> Result<Option<Self>, Damage> {
        for at in self.child_offsets()? {
            let child = self.child_at(at)?;
            if child.name()?.is(name) {
                return Ok(Some(child));
            }
        }
        Ok(None)
    }

    pub(super) fn child_names(self) -> Result<Vec<String>, Damage> {
        self.child_offsets()?
            .into_iter()
            .map(|at| Ok(self.child_at(at)?.name()?.to_text()))
            .collect()
    }

    pub(super) fn value(self, name: &str) -> Result<Option<Value>, Damage> {
        for value in self.values()? {
            let value = value?;
            if value.name()?.is(name) {
                return value.read().map(Some);
            }
        }
        Ok(None)
    }

    pub(super) fn value_names(self) -> Result<Vec<String>, Damage> {
        self.values()?
            .map(|value| Ok(value?.name()?.to_text()))
            .collect()
    }

    fn child_at(self, at: u32) -> Result<Self, Damage> {
        let child = Self::root(self.cells, at)?;
        if child.record.u32(16)? == self.at {
            Ok(child)
        } else {
            Err(Damage::Parent)
        }
    }

    fn name(self) -> Result<Name<'h>, Damage> {
        let compressed = self.record.u16(2)? & Self::COMPRESSED_NAME != 0;
        Name::read(self.record, Self::NAME, self.record.u16(72)?, compressed)
    }

    fn values(self) -> Result<impl Iterator<Item = Result<ValueRecord<'h>, Damage>>, Damage> {
        let count = self.record.u32(36)? as usize;
        let list = match count {
            0 => Record::new(&[]),
            _ => self.cells.get(self.record.u32(40)?)?,
        };
        let offsets = list.offsets(0, count, 4).map_err(|_| Damage::Count)?;
        Ok(offsets.map(move |at| ValueRecord::new(self.cells, at)))
    }

    /// The offsets of all keys below: exactly as many as the key says it has, and each once. With the parents this makes
    /// sure that the keys are a tree, so that whoever walks it comes to an end.
    fn child_offsets(self) -> Result<Vec<u32>, Damage> {
        let count = self.record.u32(20)? as usize;
        if count == 0 {
            return Ok(Vec::new());
        }
        // A key takes its fixed part at least.
        self.cells.can_hold(count, Self::NAME)?;
        let mut offsets = Vec::with_capacity(count);
        let list = self.cells.get(self.record.u32(28)?)?;
        match list.expect(b"ri") {
            Err(_) => add_leaf(list, count, &mut offsets)?,
            // One level of lists below lists is all the format has.
            Ok(index) => {
                for leaf in index.offsets(4, index.u16(2)?.into(), 4)? {
                    add_leaf(self.cells.get(leaf)?, count, &mut offsets)?;
                }
            }
        }
        if offsets.len() != count {
            return Err(Damage::Count);
        }
        let mut sorted = offsets.clone();
        sorted.sort_unstable();
        if sorted.is_sorted_by(|one, next| one < next) {
            Ok(offsets)
        } else {
            Err(Damage::Repeated)
        }
    }
}

/// Adds the offsets of one list, up to `limit` in all. The name hints of "lf" and the hashes of "lh" are not needed,
/// and so need not be right.
fn add_leaf(list: Record<'_>, limit: usize, offsets: &mut Vec<u32>) -> Result<(), Damage> {
    let stride = match list.bytes(0, 2)? {
        b"li" => 4,
        b"lf" | b"lh" => 8,
        _ => return Err(Damage::Signature),
    };
    let count = usize::from(list.u16(2)?);
    if offsets.len() + count > limit {
        return Err(Damage::Count);
    }
    offsets.extend(list.offsets(4, count, stride)?);
    Ok(())
}
