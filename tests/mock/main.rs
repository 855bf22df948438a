//! The mock tenant as an embedding crate sees it, asked by a client that shares no code with either side.
#![cfg(feature = "mock")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod browser;
mod certificates;
mod client;
mod delta;
mod document;
mod faults;
mod native_v2;
mod portal_faults;
mod portal_journeys;
mod portal_pages;
mod portal_partial;
mod portal_profile;
mod portal_refusals;
mod portal_session;
mod portal_views;
mod reset;
mod revocation;
mod running;
mod sign_in;

/// The user of the default tenant.
const ADELE: &str = "adele@contoso.com";
/// A password that the default policy takes.
const NEW: &str = "Winter-Snow-12";
