//! What this computer says about itself.

pub mod registry;
