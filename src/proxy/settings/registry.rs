//! Typed reading of registry values, with every reading taken down.

use super::{Digest, Journal, Unreadable};
use crate::error::StoreProblem;
use crate::machine::hive::HiveError;
use crate::machine::registry::{Key, RegistryView, Value, ValueError, kind};

/// A view, and the journal of what was read from it.
pub(super) struct Reader<'a> {
    pub(super) view: &'a dyn RegistryView,
    pub(super) journal: &'a mut Journal,
}

/// A value with the place it stands at.
pub(super) struct Found<T> {
    pub(super) content: T,
    pub(super) place: String,
    pub(super) digest: Digest,
}

type Read<T> = Result<Option<Found<T>>, Unreadable>;

impl Reader<'_> {
    /// A `REG_DWORD`.
    pub(super) fn dword(&mut self, key: &Key, name: &str) -> Read<u32> {
        self.read(key, name, kind::DWORD, Value::as_dword)
    }

    /// A `REG_SZ` that is not blank.
    pub(super) fn text(&mut self, key: &Key, name: &str) -> Read<String> {
        let found = self.read(key, name, kind::SZ, Value::as_text)?;
        Ok(found.filter(|found| !found.content.trim().is_empty()))
    }

    /// A `REG_BINARY`.
    pub(super) fn binary(&mut self, key: &Key, name: &str) -> Read<Vec<u8>> {
        self.read(key, name, kind::BINARY, |value| {
            value.as_binary().map(<[u8]>::to_vec)
        })
    }

    fn read<T>(
        &mut self,
        key: &Key,
        name: &str,
        expected: u32,
        convert: impl Fn(&Value) -> Result<T, ValueError>,
    ) -> Read<T> {
        let place = format!("{key}\\{name}");
        let value = match self.view.value(key, name) {
            Ok(Some(value)) => value,
            Ok(None) => {
                self.journal.note(&place, b"absent");
                return Ok(None);
            }
            Err(error) => {
                self.journal.note(&place, error.to_string().as_bytes());
                return Err(Unreadable::new(place, error));
            }
        };
        self.journal.note(&place, &value.kind.to_le_bytes());
        self.journal.note(&place, &value.data);
        match convert(&value) {
            Ok(content) => Ok(Some(Found {
                content,
                place,
                digest: Digest::of(&value.data),
            })),
            Err(error) => {
                let problem = match error {
                    ValueError::WrongType(got) => StoreProblem::WrongType { expected, got },
                    ValueError::WrongSize(size) => StoreProblem::WrongSize { size },
                    ValueError::NotText => StoreProblem::NotText,
                };
                Err(Unreadable { place, problem })
            }
        }
    }
}

impl From<HiveError> for StoreProblem {
    fn from(error: HiveError) -> Self {
        let detail = match error {
            HiveError::Missing => return Self::Missing,
            HiveError::Denied => return Self::Denied,
            HiveError::Locked => return Self::InUse,
            HiveError::Unreadable { code } => {
                return Self::System {
                    code: code.unwrap_or_default(),
                };
            }
            HiveError::Damaged(damage) => damage.detail(),
            HiveError::TooLarge { .. } => "too large",
            HiveError::NotAHive => "not a registry hive",
            HiveError::Version { .. } => "unknown version of the format",
            HiveError::Truncated => "cut off",
            HiveError::Link => "the key is a symbolic link",
        };
        Self::Corrupt { detail }
    }
}
