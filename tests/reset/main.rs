//! The desk that a frontend stands at, through the public API: against the mock tenant, and against scripts.

mod desk;
mod faults;
mod polling;
mod requests;
mod rows;
mod script;
mod whole;
