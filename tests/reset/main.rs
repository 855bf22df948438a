//! The desk that a frontend stands at, through the public API: against the mock tenant, and against scripts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod at;
mod audit;
mod blocking;
mod cancel;
mod correlation;
mod desk;
mod faults;
mod leaks;
mod misuse;
mod monkey;
mod network;
mod polling;
mod privacy;
mod requests;
#[cfg(feature = "reqwest")]
mod reqwest_stack;
mod rows;
mod rows_of_passwords;
mod script;
mod sent_once;
mod steps;
mod whole;
mod wire;
