//! What this computer says about itself.

#[cfg(feature = "account")]
pub mod account;
pub mod deployment;
pub mod hive;
#[cfg(windows)]
pub mod live;
pub mod privilege;
pub mod profiles;
pub mod readiness;
pub mod reg_file;
pub mod registry;
