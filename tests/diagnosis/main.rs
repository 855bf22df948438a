//! The diagnosis through the public interface: a mock tenant, what stands before it, and what is told.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod budget;
mod computer;
mod demos;
mod dropped;
mod privacy;
mod schema;
mod site;
mod ways;
