//! The registry of the running Windows.

mod account;
#[cfg(feature = "account")]
mod accounts;
mod handle;
mod library;
mod probes;
mod watch;
mod wide;

use super::registry::{Key, RegistryError, RegistryView, Value};
use handle::{Code, OpenKey};

pub use account::{Account, account};
#[cfg(feature = "account")]
pub use accounts::LiveAccounts;
pub use probes::LiveProbes;
pub use watch::{Watch, watch};

/// The live registry, as this process may see it.
///
/// Always the 64-bit view, whatever the process is; what 32-bit programs see is below `SOFTWARE\WOW6432Node`.
/// `HKEY_CURRENT_USER` belongs to the account of the process, and for `LocalSystem` it is `HKEY_USERS\.DEFAULT`.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct LiveRegistry;

impl LiveRegistry {
    /// The live registry.
    pub const fn new() -> Self {
        Self
    }
}

impl RegistryView for LiveRegistry {
    fn value(&self, key: &Key, name: &str) -> Result<Option<Value>, RegistryError> {
        found(key, OpenKey::open(key).and_then(|open| open.value(name)))
    }

    fn subkeys(&self, key: &Key) -> Result<Option<Vec<String>>, RegistryError> {
        found(key, OpenKey::open(key).and_then(|open| open.subkeys()))
    }
}

/// That something does not exist is an answer.
fn found<T>(key: &Key, answer: Result<T, Code>) -> Result<Option<T>, RegistryError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(code) if code.is_absent() => Ok(None),
        Err(code) => Err(code.about(key)),
    }
}
