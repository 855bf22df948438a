//! Proxies as the world has them, each of them started by the test that wants it.
//!
//! The scripts in `tests/real/install` install them. Where one is missing, its tests say so and end; with
//! `SSPR_REAL=require` they fail. Every proxy listens on a free port of the loopback, runs as a user without rights,
//! and ends with its test. What lies behind it is the mock tenant with its responder.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panic"
)]

mod direct;
mod probe;
mod reset;
mod resets;
mod smoke;
mod stand;
