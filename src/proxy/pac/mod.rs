//! Proxy auto-configuration: a script of the network's administrator is asked for the way to a host.
//!
//! The seam is [`PacEngine`]. With the feature `pac` this crate brings [`QuickJs`], which evaluates the script in this
//! process, on a thread of its own and within [`PacLimits`]; an embedding program can bring the evaluator of the operating
//! system, or one in another process. Whatever evaluates, the answer is the text that the script returned; what it means is
//! read elsewhere. An engine never falls back to a direct connection: a script that fails is a [`PacError`].

mod decisions;
mod engine;
#[cfg(feature = "pac")]
mod quickjs;
mod script;
mod world;

pub use crate::error::{PacError, PacPhase};
pub use decisions::CachedPac;
pub use engine::{PacEngine, PacTarget};
#[cfg(feature = "pac")]
pub use quickjs::{PacLimits, QuickJs, evaluate};
pub use script::PacScript;
pub use world::{Clock, FixedWorld, OsWorld, PacWorld};
