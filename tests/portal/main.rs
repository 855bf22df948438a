//! `Portal`: server-rendered reset pages, driven by a profile, through the public API: against the mock's portal, and
//! against scripts.
#![cfg(feature = "portal-forms")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod desk;
mod endings;
mod gates;
mod hostile;
mod lost;
mod mail_link;
mod script;
mod webforms;
mod whole;
