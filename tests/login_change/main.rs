//! The change of an expired password at sign-in, through the public API: against the mock tenant, and against scripts.
#![cfg(feature = "login-change")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod codes;
mod cookies;
mod desk;
mod heartbeat;
mod lost;
mod pages;
mod requests;
mod rows;
mod script;
mod whole;
