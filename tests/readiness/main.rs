//! Readiness and deployment through the public interface: the rows of the findings table, from a map, from the text of
//! an export, and from a hive that hivex made.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod computers;
mod findings;
mod hive;
mod kit;
mod older;
mod probes;
mod proxies;
mod values;
mod words;
