//! What this computer says about itself.

pub mod hive;
pub mod reg_file;
pub mod registry;
