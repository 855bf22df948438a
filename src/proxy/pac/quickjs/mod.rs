//! Evaluates scripts in this process: QuickJS on a thread of its own, with limits and without a way to the host.
//!
//! The helper functions behave as in browsers: the classic ones as Mozilla's, which all browsers inherited, those for IPv6
//! as Microsoft documents them. Ranges of dates compare what is given and nothing else, as the format's first description
//! says: a range that ends in June ends there, and a day with a month is one date. The original runs over.

mod address;
mod predefined;
mod run;
mod sandbox;
mod shell;
mod worker;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use url::Url;

use super::{PacEngine, PacError, PacScript, PacTarget, PacWorld};
use worker::Worker;

/// Evaluates one script once, in an engine of its own, and returns the text that it returned.
///
/// `url` is shown to the script without its private parts, as in [`PacTarget::new`]. Everything else that the script can
/// learn comes from `world`: with a [`FixedWorld`](super::FixedWorld) the outcome depends on nothing else.
///
/// # Errors
/// Any [`PacError`].
pub fn evaluate(script: &str, url: &Url, world: &dyn PacWorld) -> Result<String, PacError> {
    let limits = PacLimits::default();
    let target = PacTarget::new(url)?;
    Worker::start(&limits)?
        .run(&PacScript::new(script), &target, world, &limits)
        .unwrap_or_else(|| Err(worker::unstoppable(&limits)))
}

/// What a script may use up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PacLimits {
    /// The size of a script, in bytes of UTF-8: 2 MiB, which is [`PacScript::LIMIT`] bytes of any encoding.
    pub script_bytes: usize,
    /// The memory of the JavaScript engine, in bytes: 16 MiB.
    pub memory: usize,
    /// The stack of the JavaScript engine, in bytes: 256 KiB.
    pub stack: usize,
    /// How long loading a script may take: 2 s. Time that the world takes to answer does not count.
    pub load_time: Duration,
    /// How long a call may take: 2 s. Time that the world takes to answer does not count.
    pub call_time: Duration,
    /// How many names a script may have resolved while it is loaded, and in each call: 20.
    pub names: usize,
    /// How long that may take together: 5 s.
    pub names_time: Duration,
    /// The size of an answer, in bytes: 8 KiB.
    pub result_bytes: usize,
    /// How many bytes of `alert` are passed on in each call: 2048.
    pub alert_bytes: usize,
}

impl Default for PacLimits {
    fn default() -> Self {
        Self {
            script_bytes: 2 * PacScript::LIMIT,
            memory: 16 << 20,
            stack: 256 << 10,
            load_time: Duration::from_secs(2),
            call_time: Duration::from_secs(2),
            names: 20,
            names_time: Duration::from_secs(5),
            result_bytes: 8 << 10,
            alert_bytes: 2048,
        }
    }
}

/// The engine that this crate brings. It keeps its thread, and the script that it loaded last.
///
/// No script brings it down: after a script that failed the next one finds a fresh engine. A script that spends its time
/// in one of the few loops that cannot be interrupted costs a thread, which goes on until that loop ends; a process gives
/// up four of them, then every call is [`PacError::EngineFailed`] until one has ended.
pub struct QuickJs {
    world: Arc<dyn PacWorld>,
    limits: PacLimits,
    worker: Mutex<Option<Worker>>,
}

impl QuickJs {
    /// An engine with the usual limits. Its thread starts with the first call.
    pub fn new(world: Arc<dyn PacWorld>) -> Self {
        Self::with_limits(world, PacLimits::default())
    }

    /// An engine with limits of the caller's own.
    pub fn with_limits(world: Arc<dyn PacWorld>, limits: PacLimits) -> Self {
        Self {
            world,
            limits,
            worker: Mutex::new(None),
        }
    }
}

impl PacEngine for QuickJs {
    /// One call at a time; others wait for their turn.
    fn find_proxy(&self, script: &PacScript, target: &PacTarget) -> Result<String, PacError> {
        // Who panicked while holding the lock was the world; the worker is judged by its outcome.
        let mut slot = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        let worker = match slot.take() {
            Some(worker) => worker,
            None => Worker::start(&self.limits)?,
        };
        match worker.run(script, target, &*self.world, &self.limits) {
            None => Err(worker::unstoppable(&self.limits)),
            Some(Err(PacError::EngineFailed)) => Err(PacError::EngineFailed),
            Some(outcome) => {
                *slot = Some(worker);
                outcome
            }
        }
    }
}

impl fmt::Debug for QuickJs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QuickJs")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
