//! The desk that a frontend stands at, through the public API: against the mock tenant, and against scripts.

mod blocking;
mod cancel;
mod correlation;
mod desk;
mod faults;
mod leaks;
mod misuse;
mod network;
mod polling;
mod privacy;
mod requests;
#[cfg(feature = "reqwest")]
mod reqwest_stack;
mod rows;
mod script;
mod sent_once;
mod steps;
mod whole;
