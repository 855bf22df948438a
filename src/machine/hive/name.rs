//! Names of keys and values: stored as Latin-1 or UTF-16, compared by their upper-case forms.

use super::Damage;
use super::cells::Record;

/// A name as it is stored. One of the two parts is empty.
#[derive(Clone, Copy)]
pub(super) struct Name<'h> {
    latin: &'h [u8],
    wide: &'h [[u8; 2]],
}

impl<'h> Name<'h> {
    /// The `len` bytes at `at`, of which each is a character if the name is `compressed`.
    pub(super) fn read(
        record: Record<'h>,
        at: usize,
        len: u16,
        compressed: bool,
    ) -> Result<Self, Damage> {
        let bytes = record.bytes(at, len.into())?;
        if compressed {
            return Ok(Self {
                latin: bytes,
                wide: &[],
            });
        }
        match bytes.as_chunks() {
            (wide, []) => Ok(Self { latin: &[], wide }),
            _ => Err(Damage::Short),
        }
    }

    pub(super) fn is(self, name: &str) -> bool {
        same(self.units(), name.encode_utf16())
    }

    /// The name as text. What is no UTF-16 becomes U+FFFD; such a name cannot be asked for.
    pub(super) fn to_text(self) -> String {
        char::decode_utf16(self.units())
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    }

    fn units(self) -> impl Iterator<Item = u16> {
        let latin = self.latin.iter().map(|byte| u16::from(*byte));
        let wide = self.wide.iter().map(|unit| u16::from_le_bytes(*unit));
        latin.chain(wide)
    }
}

/// Whether two names are one to the registry.
pub(super) fn same(one: impl Iterator<Item = u16>, other: impl Iterator<Item = u16>) -> bool {
    one.map(upper).eq(other.map(upper))
}

/// The registry maps unit to unit: no character becomes two, and none outside ASCII becomes one inside.
fn upper(unit: u16) -> u16 {
    let Some(character) = char::from_u32(unit.into()) else {
        return unit;
    };
    let mut mapped = character.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(only), None) if only.is_ascii() == character.is_ascii() => {
            u16::try_from(u32::from(only)).unwrap_or(unit)
        }
        _ => unit,
    }
}
