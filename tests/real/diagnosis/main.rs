//! The diagnosis against servers and proxies that others wrote: what it says of each stands in `docs/diagnosis.md`, row by
//! row, and every row is compared with what was said.
//!
//! The programs are those of `tests/real/proxies`, `tests/real/tls.rs` and `tests/real/revocation`, and the same rules hold:
//! what is missing is told and fails with `SSPR_REAL=require`, every program ends with its test, no port is fixed. Names
//! are looked up in a network namespace, at a dnsmasq.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panic"
)]

#[allow(dead_code, reason = "not everything is of use here")]
#[path = "../revocation/authority.rs"]
mod authority;
#[allow(dead_code, reason = "not everything is of use here")]
#[path = "../revocation/door.rs"]
mod door;
mod names;
#[path = "../namespace.rs"]
mod namespace;
mod nginx;
mod pages;
#[allow(dead_code, reason = "not everything is of use here")]
#[path = "../revocation/process.rs"]
mod process;
mod proxies;
mod revocation;
#[allow(dead_code, reason = "not everything is of use here")]
#[path = "../revocation/server.rs"]
mod server;
mod servers;
#[allow(dead_code, reason = "not everything is of use here")]
#[path = "../revocation/site.rs"]
mod site;
mod socks;
#[allow(dead_code, unused_imports, reason = "not everything is of use here")]
#[path = "../proxies/stand/mod.rs"]
mod stand;
mod table;
#[allow(dead_code, reason = "not everything is of use here")]
#[path = "../tls/stand.rs"]
mod tls;
mod way;

/// Makes a test of every scenario of a module: an async function that gives the report, or `None` where a component is
/// missing. `NAMES` holds them all, so that no row of the table is without one.
macro_rules! scenarios {
    ($($name:ident,)*) => {
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),*];

        mod tests {
            $(#[tokio::test]
            async fn $name() {
                if let Some(report) = super::$name().await {
                    crate::table::compare(stringify!($name), &report);
                }
            })*
        }
    };
}
use scenarios;
