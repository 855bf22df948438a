//! What is remembered about the logins at one proxy, for all connections to it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex as Gate, OwnedMutexGuard};

use super::access::ProxyCredentials;
use super::method::Method;
use crate::error::ProxyFault;

/// How long a success says that the next login will succeed as well, so that many may be under way at once. Later the
/// password may have been changed: one connection finds out, and the others wait for it.
const PROVEN_FOR: Duration = Duration::from_secs(60);

/// The most refused credentials that are kept. Each is a person's try; the oldest are forgotten.
const MOST_REJECTED: usize = 64;

/// The right to log in. Those who come meanwhile wait.
pub(super) type Turn = OwnedMutexGuard<()>;

#[derive(Default)]
pub(super) struct Memory {
    gate: Arc<Gate<()>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    known: Option<Known>,
    /// When a password was accepted last that is sent only where it is asked for.
    passed: Option<Instant>,
    /// What the frontend answered.
    answered: Option<Arc<ProxyCredentials>>,
    rejected: Vec<Arc<ProxyCredentials>>,
    identity_rejected: bool,
    /// How the last rejection was told.
    rejection: Option<ProxyFault>,
    /// How many logins failed so far, and how the last one did if none has succeeded since.
    failures: u64,
    failure: Option<ProxyFault>,
}

struct Known {
    method: Method,
    since: Instant,
}

impl Memory {
    /// Waits until nobody else logs in. `None` if it is known how to, so that nobody needs to wait.
    ///
    /// # Errors
    /// Somebody failed since `failures` was read: the result holds for all who were waiting for it.
    pub(super) async fn turn(&self, failures: u64) -> Result<Option<Turn>, ProxyFault> {
        let turn = Arc::clone(&self.gate).lock_owned().await;
        let state = self.state();
        match &state.failure {
            Some(fault) if state.failures != failures => Err(fault.clone()),
            _ => Ok((!state.is_proven()).then_some(turn)),
        }
    }

    /// Whether to wait for a turn before the first request: somebody is logging in, or how to is known from long ago.
    pub(super) fn must_wait(&self) -> bool {
        let state = self.state();
        self.gate.try_lock().is_err() || (state.known.is_some() && !state.is_proven())
    }

    pub(super) fn failures(&self) -> u64 {
        self.state().failures
    }

    pub(super) fn failed(&self, fault: &ProxyFault) {
        let mut state = self.state();
        state.failures += 1;
        state.failure = Some(fault.clone());
    }

    pub(super) fn succeeded(&self, method: Method) {
        let mut state = self.state();
        state.failure = None;
        state.known = Some(Known {
            method,
            since: Instant::now(),
        });
    }

    /// The same, where nothing is to be said before it is asked for.
    pub(super) fn passed(&self) {
        let mut state = self.state();
        state.failure = None;
        state.passed = Some(Instant::now());
    }

    /// How the last login succeeded.
    pub(super) fn known(&self) -> Option<Method> {
        let state = self.state();
        state.known.as_ref().map(|known| known.method.clone())
    }

    pub(super) fn forget_known(&self) {
        self.state().known = None;
    }

    /// Keeps what the frontend answered.
    pub(super) fn answered(&self, credentials: &Arc<ProxyCredentials>) {
        self.state().answered = Some(Arc::clone(credentials));
    }

    pub(super) fn answer(&self) -> Option<Arc<ProxyCredentials>> {
        self.state().answered.clone()
    }

    /// Never again with these.
    pub(super) fn reject(&self, credentials: Arc<ProxyCredentials>, fault: &ProxyFault) {
        let mut state = self.state();
        if !state.is_rejected(&credentials) {
            if state.rejected.len() == MOST_REJECTED {
                state.rejected.remove(0);
            }
            state.rejected.push(credentials);
        }
        state.rejection = Some(fault.clone());
        state.known = None;
        state.passed = None;
    }

    /// Never again as this identity.
    pub(super) fn reject_identity(&self, fault: &ProxyFault) {
        let mut state = self.state();
        state.identity_rejected = true;
        state.rejection = Some(fault.clone());
        state.known = None;
    }

    /// How these credentials were refused before, if they were.
    pub(super) fn rejection_of(&self, credentials: &ProxyCredentials) -> Option<ProxyFault> {
        let state = self.state();
        let rejected = state.is_rejected(credentials);
        state.rejection.clone().filter(|_| rejected)
    }

    /// How the own identity was refused before, if it was.
    pub(super) fn rejection_of_identity(&self) -> Option<ProxyFault> {
        let state = self.state();
        state.rejection.clone().filter(|_| state.identity_rejected)
    }

    /// Whether any credentials were refused before.
    pub(super) fn has_rejected(&self) -> bool {
        !self.state().rejected.is_empty()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is locked, and every state is a valid one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_proven(&self) -> bool {
        let known = self.known.as_ref().map(|known| known.since);
        known
            .or(self.passed)
            .is_some_and(|since| since.elapsed() < PROVEN_FOR)
    }

    fn is_rejected(&self, credentials: &ProxyCredentials) -> bool {
        self.rejected
            .iter()
            .any(|rejected| rejected.is_same(credentials))
    }
}
