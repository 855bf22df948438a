//! Connections between two requests.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tracing::debug;

use super::link::Link;
use super::{AGE, FRESH};
use crate::exchange::Effect;
use crate::tunnel::Destination;

/// The most origins of which a connection is kept.
const ORIGINS: usize = 8;

/// At most one connection per origin, the most recently used one last.
#[derive(Default)]
pub(super) struct Idle(Mutex<Vec<(Destination, Link)>>);

impl Idle {
    /// Takes the connection to `destination` out, if it still stands and is good enough for a request with `effect`.
    pub(super) async fn take(&self, destination: &Destination, effect: Effect) -> Option<Link> {
        let mut link = {
            let mut kept = self.kept();
            let index = kept.iter().position(|(origin, _)| origin == destination)?;
            kept.remove(index).1
        };
        // Lets the runtime look at its sockets: it may not have done so since the other side hung up.
        tokio::task::yield_now().await;
        let now = Instant::now();
        let quiet = now.duration_since(link.quiet_since);
        let is_fresh = effect == Effect::None || quiet <= FRESH;
        if is_fresh && now.duration_since(link.born) < AGE && link.is_open().await {
            debug!(host = %destination, quiet_ms = quiet.as_millis() as u64, "reused");
            return Some(link);
        }
        debug!(host = %destination, "renewed");
        None
    }

    /// Keeps a connection for the next request.
    pub(super) fn keep(&self, destination: Destination, link: Link) {
        let mut kept = self.kept();
        kept.retain(|(origin, _)| *origin != destination);
        if kept.len() >= ORIGINS {
            kept.remove(0);
        }
        kept.push((destination, link));
    }

    fn kept(&self) -> MutexGuard<'_, Vec<(Destination, Link)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
