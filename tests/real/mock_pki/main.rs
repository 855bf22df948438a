//! OpenSSL judges what the mock tenant's certification authorities, responder and TLS server say.
//!
//! `tests/real/install/openssl` installs it. Where it is missing, the tests say so and end; with `SSPR_REAL=require`
//! they fail. A fault counts as made when OpenSSL names it; what OpenSSL does not mind is read from its text form.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod chain;
mod crl;
mod ocsp;
mod openssl;
mod tls;
