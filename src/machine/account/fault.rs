//! Why an account could not be made or removed.

use serde::Serialize;

/// Why an account could not be made or removed. Free of secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "fault")]
#[non_exhaustive]
pub enum AccountFault {
    /// The system refused.
    #[error("{operation:?} failed with {code}")]
    System {
        /// What was to be done.
        operation: Operation,
        /// The error number of the operating system, or of its network functions (`lmerr.h`).
        code: u32,
    },
    /// This process may not do it.
    #[error("{operation:?} needs more rights")]
    Denied {
        /// What was to be done.
        operation: Operation,
    },
    /// This system cannot do it at all.
    #[error("this system has no {operation:?}")]
    NotSupported {
        /// What was to be done.
        operation: Operation,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// The policy wants a password that is longer than any.
    #[error("the policy wants {min_length} characters of a password")]
    PolicyTooStrict {
        /// The fewest characters.
        min_length: usize,
    },
    /// The account was made, disabled, but has no SID that could be recorded. It is left to the administrator.
    #[error("{name} was made, but could not be recorded")]
    NotRecorded {
        /// Its name.
        name: String,
    },
    /// The new account has more rights than any user.
    #[error("the new account has more rights than it should")]
    TooPrivileged,
    /// Processes run in its name, so it is not removed yet.
    #[error("{processes} processes run in its name")]
    StillRunning {
        /// How many.
        processes: usize,
    },
    /// What is recorded is no account of a keeper, or was renamed; it is not touched.
    #[error("it is not an account that was made here")]
    NotOurs,
}

/// What was to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Operation {
    /// Reading the policy for passwords (`NetUserModalsGet`).
    ReadPolicy,
    /// Making an account (`NetUserAdd`).
    Add,
    /// Enabling or disabling an account (`NetUserSetInfo`).
    Enable,
    /// Reading the rights of an account (`NetUserGetInfo`).
    ReadRights,
    /// Translating between names and SIDs (`LookupAccountName`, `LookupAccountSid`).
    LookUp,
    /// Listing processes (`WTSEnumerateProcesses`).
    ListProcesses,
    /// Removing a profile (`DeleteProfile`).
    DeleteProfile,
    /// Removing an account (`NetUserDel`).
    Delete,
    /// Writing to the registry, or reading what was written there.
    Record,
}
