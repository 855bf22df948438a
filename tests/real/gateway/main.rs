//! The gateway and a browser that nobody here wrote: Chromium, told what to do by its own driver (W3C WebDriver).
//!
//! `tests/real/install/chromium` installs both. The proxies are those of `tests/real/proxies`, and the same rules hold:
//! what is missing is told, every program ends with its test. Pictures of all pages are kept below the build's files;
//! each test says where.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panic"
)]

mod album;
mod chromium;
mod links;
mod refusals;
mod reset;
#[allow(
    dead_code,
    unused_imports,
    reason = "not every proxy is of use to a browser"
)]
#[path = "../proxies/stand/mod.rs"]
mod stand;
mod strangers;
mod visit;
mod webdriver;
