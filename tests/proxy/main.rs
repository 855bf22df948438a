//! The proxy decision through the public API: files of a computer, scripts over the network, changes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod changes;
mod example;
mod hives;
mod scripts;
