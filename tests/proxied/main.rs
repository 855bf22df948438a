//! The way through proxies, through the public API: a tenant on this computer, and a proxy before it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod blocked;
mod changes;
mod connect_to;
mod login;
mod proxy;
mod settings;
mod site;
mod undecided;
mod whole;
