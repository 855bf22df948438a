//! What can be wrong with a hive.

use std::io;

/// Why a hive cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HiveError {
    /// There is no such file.
    #[error("the hive file does not exist")]
    Missing,
    /// This process may not read the file.
    #[error("the hive file may not be read")]
    Denied,
    /// A running Windows has loaded the hive: read it through the live registry instead.
    #[error("the hive file is in use by Windows")]
    Locked,
    /// The operating system failed otherwise.
    #[error("the hive file cannot be read (system error {code:?})")]
    Unreadable {
        /// The error number of the operating system, if there is one.
        code: Option<i32>,
    },
    /// The file is larger than the caller allows.
    #[error("the hive file is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// It does not begin like a hive, or is the log of one.
    #[error("not a registry hive")]
    NotAHive,
    /// A version of the format other than 1.3 to 1.6.
    #[error("registry hive of unknown version {major}.{minor}")]
    Version {
        /// The major version.
        major: u32,
        /// The minor version.
        minor: u32,
    },
    /// The file ends before the hive does.
    #[error("the hive file is cut off")]
    Truncated,
    /// A structure that was needed is damaged. Others may be whole.
    #[error("the hive is damaged: {0}")]
    Damaged(#[from] Damage),
    /// The key, or one above it, stands for another place that only a running Windows can find.
    #[error("the key is a symbolic link")]
    Link,
}

impl HiveError {
    /// `ERROR_SHARING_VIOLATION` and `ERROR_LOCK_VIOLATION`.
    const LOCKED: [i32; 2] = [32, 33];
}

impl From<io::Error> for HiveError {
    fn from(error: io::Error) -> Self {
        match (error.kind(), error.raw_os_error()) {
            (io::ErrorKind::NotFound, _) => Self::Missing,
            (io::ErrorKind::PermissionDenied, _) => Self::Denied,
            (_, Some(code)) if cfg!(windows) && Self::LOCKED.contains(&code) => Self::Locked,
            (_, code) => Self::Unreadable { code },
        }
    }
}

/// Which rule of the format the bytes break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.detail())]
#[non_exhaustive]
pub enum Damage {
    /// A hive bin has no signature, another position or an impossible size.
    Bin,
    /// An offset leads outside the cells of the hive.
    Bounds,
    /// A cell has an impossible size or leaves its bin.
    Cell,
    /// A cell is in use by something and marked free.
    FreeCell,
    /// A record has not the signature of what should be there.
    Signature,
    /// A record ends before its contents do.
    Short,
    /// A number of keys, values or segments is impossible, or its list has another.
    Count,
    /// A key is listed twice below the key above it.
    Repeated,
    /// A key does not name the key above it as its parent: a cycle, or a key in two places.
    Parent,
    /// The size of a value's data does not fit where the data are.
    ValueSize,
}

impl Damage {
    /// What is wrong, as a constant text.
    pub const fn detail(self) -> &'static str {
        match self {
            Self::Bin => "a hive bin is malformed",
            Self::Bounds => "an offset leads outside the hive",
            Self::Cell => "a cell has an impossible size",
            Self::FreeCell => "a cell in use is marked free",
            Self::Signature => "a record is not what it should be",
            Self::Short => "a record is cut off",
            Self::Count => "a count is wrong",
            Self::Repeated => "a key is listed twice",
            Self::Parent => "a key is not the child of the key above it",
            Self::ValueSize => "the size of a value is wrong",
        }
    }
}
