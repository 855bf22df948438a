//! Native authentication V2 through the public API: against the mock tenant, and against scripts.
#![cfg(feature = "preview")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod desk;
mod errors;
mod links;
mod lost;
mod privacy;
mod requests;
mod rows;
mod script;
mod whole;
