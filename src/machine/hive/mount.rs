//! A hive in its place in the registry.

use std::borrow::Cow;

use super::name::same;
use super::{Hive, HiveError};
use crate::machine::registry::{Key, RegistryError, RegistryView, Root, Value};

/// A hive as the part of a registry that begins at one key: `NTUSER.DAT` at `HKCU`, `SOFTWARE` at `HKLM\SOFTWARE`.
/// Any other part is [`RegistryError::NotHeld`].
///
/// It answers whatever the [`condition`](Hive::condition) of the hive is: look at that first.
///
/// `CurrentControlSet` is made by a running Windows and is in no `SYSTEM` hive. At `HKLM\SYSTEM` it is, as there, the
/// control set that `Select` names as `Current`; if none is named, it cannot be told what is in it.
#[derive(Debug)]
pub struct MountedHive {
    hive: Hive,
    at: Key,
}

impl Hive {
    /// This hive, with its root key at `at`.
    pub fn mount(self, at: Key) -> MountedHive {
        MountedHive { hive: self, at }
    }
}

impl MountedHive {
    /// The hive that is mounted.
    pub fn hive(&self) -> &Hive {
        &self.hive
    }

    /// The path of `key` below the root of the hive.
    fn path<'k>(&self, key: &'k Key) -> Option<&'k str> {
        if key.root != self.at.root {
            return None;
        }
        let mut rest: &str = &key.path;
        for name in self.at.path.split('\\').filter(|name| !name.is_empty()) {
            let (first, below) = rest.split_once('\\').unwrap_or((rest, ""));
            if !same(first.encode_utf16(), name.encode_utf16()) {
                return None;
            }
            rest = below;
        }
        Some(rest)
    }

    /// `path`, in the control set that a running Windows would use. `None` if the hive does not say which.
    fn in_control_set<'p>(&self, path: &'p str) -> Option<Cow<'p, str>> {
        const CURRENT: &str = "CurrentControlSet";
        let is = |one: &str, other: &str| same(one.encode_utf16(), other.encode_utf16());
        let (first, below) = path.split_once('\\').unwrap_or((path, ""));
        if self.at.root != Root::LocalMachine
            || !is(&self.at.path, "SYSTEM")
            || !is(first, CURRENT)
            || !matches!(self.hive.subkeys(CURRENT), Ok(None))
        {
            return Some(path.into());
        }
        let number = self.hive.value("Select", "Current").ok()??;
        let set = format!("ControlSet{:03}", number.as_dword().ok()?);
        self.hive.subkeys(&set).ok()??;
        Some(match below {
            "" => set.into(),
            below => format!("{set}\\{below}").into(),
        })
    }

    fn ask<T>(
        &self,
        key: &Key,
        question: impl FnOnce(&Hive, &str) -> Result<T, HiveError>,
    ) -> Result<T, RegistryError> {
        let path = self.path(key).and_then(|path| self.in_control_set(path));
        let path = path.ok_or_else(|| RegistryError::NotHeld {
            key: key.to_string(),
        })?;
        question(&self.hive, &path).map_err(|error| RegistryError::Corrupt {
            key: key.to_string(),
            detail: match error {
                HiveError::Damaged(damage) => damage.detail(),
                // Not the key's absence: what it leads to may well exist.
                _ => "the key is a symbolic link",
            },
        })
    }
}

impl RegistryView for MountedHive {
    fn value(&self, key: &Key, name: &str) -> Result<Option<Value>, RegistryError> {
        self.ask(key, |hive, path| hive.value(path, name))
    }

    fn subkeys(&self, key: &Key) -> Result<Option<Vec<String>>, RegistryError> {
        self.ask(key, |hive, path| hive.subkeys(path))
    }
}
