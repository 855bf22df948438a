//! Revocation as the world does it: a channel visits `openssl s_server` and nginx, asks `openssl ocsp`, reads lists of
//! `openssl ca`, and wears a wrong clock of `faketime`.
//!
//! `tests/real/install/revocation` installs them. Where one is missing, the tests say so and end; with
//! `SSPR_REAL=require` they fail. Every server listens on a free port of the loopback and ends with its test.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panic"
)]

mod authority;
mod clock;
mod door;
mod lists;
mod ocsp;
mod process;
mod server;
mod site;
mod staples;
mod visit;

use std::io::Write as _;
use std::{env, io};

use crate::process::program;

/// Whether everything is installed. A test that does nothing has to say so.
fn is_installed() -> bool {
    let missing: Vec<_> = [
        ("openssl", "version"),
        ("nginx", "-v"),
        ("faketime", "--version"),
    ]
    .into_iter()
    .filter(|(name, version)| program(name).arg(version).output().is_err())
    .map(|(name, _)| name)
    .collect();
    if missing.is_empty() {
        return true;
    }
    let missing = format!(
        "{} not there, run tests/real/install/revocation",
        missing.join(", ")
    );
    if env::var("SSPR_REAL").is_ok_and(|value| value == "require") {
        panic!("{missing}");
    }
    // Past the capture of the test harness.
    let mut terminal = io::stderr();
    writeln!(terminal, "skipped: {missing}").unwrap();
    false
}
