//! Reading pages and writing what a browser would send, through the public API.
#![cfg(feature = "portal-forms")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod controls;
mod delta;
mod encodings;
mod entries;
mod filling;
mod labels;
mod limits;
mod links;
mod panels;
mod requests;
mod structure;
mod texts;
mod visibility;
mod webforms;
mod window;
