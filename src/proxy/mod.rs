//! Which way out? Decides, and opens nothing.

pub mod pac;
