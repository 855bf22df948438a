//! The folder of public test data, which is not part of the crate.

use std::path::PathBuf;
use std::time::Duration;

use rustls_pki_types::UnixTime;
use serde_json::Value;

/// One set of test data.
pub(crate) struct Set {
    folder: PathBuf,
}

impl Set {
    /// The set of this name, or `None` where `SSPR_VECTORS` does not say where the data is.
    pub(crate) fn open(name: &str) -> Option<Self> {
        let Some(root) = std::env::var_os("SSPR_VECTORS") else {
            println!("skipped: SSPR_VECTORS is not set");
            return None;
        };
        Some(Self {
            folder: PathBuf::from(root).join(name),
        })
    }

    /// A file of the set; it must be there.
    pub(crate) fn read(&self, file: &str) -> Vec<u8> {
        let path = self.folder.join(file);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// A file of the set that holds JSON.
    pub(crate) fn json(&self, file: &str) -> Value {
        serde_json::from_slice(&self.read(file)).unwrap()
    }
}

/// A column that holds seconds since 1970.
pub(crate) fn at(seconds: &Value) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(seconds.as_u64().unwrap()))
}

/// Octets as the expectations write them.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
