//! An offline registry hive: the file `NTUSER.DAT` of a profile nobody is using, or a hive of another Windows.
//!
//! The layout is that of "regf" 1.3 to 1.6. Reading is lazy, needs no Windows, and believes nothing: whatever the
//! bytes are, a look-up ends after work bounded by the size of the file. Every key on a path must name the key above
//! it as its parent, so a cycle is damage and no loop; and that something is absent is told only by complete lists.
//!
//! ```no_run
//! use sspr::machine::hive::Hive;
//! use sspr::machine::registry::{Key, RegistryView, Root};
//!
//! let hive = Hive::open(r"C:\Users\Default\NTUSER.DAT")?;
//! if !hive.condition().is_clean() {
//!     // Newer settings may lie in the log files beside it.
//! }
//! let profile = hive.mount(Key::new(Root::CurrentUser, ""));
//! let settings = Key::new(Root::CurrentUser, r"Software\Microsoft\Windows\CurrentVersion\Internet Settings");
//! let server = profile.value(&settings, "ProxyServer")?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod base_block;
mod cells;
mod error;
mod key;
mod mount;
mod name;
#[cfg(test)]
mod tests;
mod value;
#[cfg(test)]
mod writer;

use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

pub use base_block::Condition;
pub use error::{Damage, HiveError};
pub use mount::MountedHive;

use super::registry::Value;
use base_block::BaseBlock;
use cells::Cells;
use key::KeyNode;

/// A hive in memory.
pub struct Hive {
    cells: Cells,
    root: u32,
    condition: Condition,
}

impl Hive {
    /// The size up to which [`open`](Self::open) reads a file: 64 MiB. Profiles stay far below; the `SOFTWARE` hive of
    /// a machine with many programs may not.
    pub const DEFAULT_LIMIT: u64 = 64 << 20;

    /// Reads the file at `path` if it is not larger than [`DEFAULT_LIMIT`](Self::DEFAULT_LIMIT).
    ///
    /// # Errors
    /// As for [`open_up_to`](Self::open_up_to).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, HiveError> {
        Self::open_up_to(path, Self::DEFAULT_LIMIT)
    }

    /// Reads the file at `path` if it is not larger than `limit` bytes.
    ///
    /// # Errors
    /// [`HiveError::Locked`] if a running Windows has loaded it, another [`HiveError`] if it cannot be read, is too
    /// large, or as for [`from_bytes`](Self::from_bytes).
    pub fn open_up_to(path: impl AsRef<Path>, limit: u64) -> Result<Self, HiveError> {
        let path = path.as_ref();
        // Opening a pipe would wait for a writer.
        if !fs::metadata(path)?.is_file() {
            return Err(HiveError::NotAHive);
        }
        let mut file = Vec::new();
        File::open(path)?
            .take(limit.saturating_add(1))
            .read_to_end(&mut file)?;
        if file.len() as u64 > limit {
            return Err(HiveError::TooLarge { limit });
        }
        Self::from_bytes(file)
    }

    /// Takes the bytes of a hive file. Only its frame is checked: the base block, and that the bins are whole.
    ///
    /// # Errors
    /// [`HiveError`] if the bytes are no hive, one of another version, cut off, or have a broken frame. A wrong
    /// checksum and unequal sequence numbers are no error here: see [`condition`](Self::condition).
    pub fn from_bytes(file: Vec<u8>) -> Result<Self, HiveError> {
        let base = BaseBlock::parse(&file)?;
        Ok(Self {
            cells: Cells::new(file, base.bins_size)?,
            root: base.root,
            condition: base.condition,
        })
    }

    /// Whether the file says of itself that it is complete. What an unclean hive holds is stale at best.
    pub fn condition(&self) -> Condition {
        self.condition
    }

    /// The value `name` (the default value is named `""`) of the key at `path` below the root key, or `None` if either
    /// does not exist. Names are compared without regard to case.
    ///
    /// # Errors
    /// [`HiveError::Damaged`], or [`HiveError::Link`] if a key on the way is a symbolic link.
    pub fn value(&self, path: &str, name: &str) -> Result<Option<Value>, HiveError> {
        self.key(path, |key| key.value(name))
    }

    /// The names of the keys directly below the key at `path`, or `None` if it does not exist.
    ///
    /// # Errors
    /// As for [`value`](Self::value).
    pub fn subkeys(&self, path: &str) -> Result<Option<Vec<String>>, HiveError> {
        self.key(path, |key| key.child_names().map(Some))
    }

    /// The names of the values of the key at `path`, or `None` if it does not exist.
    ///
    /// # Errors
    /// As for [`value`](Self::value).
    pub fn value_names(&self, path: &str) -> Result<Option<Vec<String>>, HiveError> {
        self.key(path, |key| key.value_names().map(Some))
    }

    fn key<T>(
        &self,
        path: &str,
        read: impl FnOnce(KeyNode<'_>) -> Result<Option<T>, Damage>,
    ) -> Result<Option<T>, HiveError> {
        let mut key = KeyNode::root(&self.cells, self.root)?;
        for name in path.split('\\').filter(|_| !path.is_empty()) {
            let Some(child) = key.child(name)? else {
                return Ok(None);
            };
            if child.is_link()? {
                return Err(HiveError::Link);
            }
            key = child;
        }
        Ok(read(key)?)
    }
}

impl fmt::Debug for Hive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hive")
            .field("condition", &self.condition)
            .finish_non_exhaustive()
    }
}
