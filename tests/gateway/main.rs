//! The gateway for a web view, as a view and as strangers see it.

#![cfg(feature = "gateway")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod beside;
mod elsewhere;
mod hello;
mod limits;
mod passing;
mod refusals;
mod revocation_data;
mod setup;
mod site;
mod strangers;
mod view;
