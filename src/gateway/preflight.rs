//! Is the host who it should be? Asked with a connection of the gateway's own, before the view gets one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;

use crate::channel::{Channel, Whereabouts};
use crate::error::{Error, Fault};
use crate::report::TrustReport;
use crate::tunnel::Destination;

/// How long a good outcome counts.
const KEPT_FOR: Duration = Duration::from_secs(600);

/// Asks about each host once, and remembers what was good.
pub(super) struct Preflight {
    channel: Arc<Channel>,
    /// There are no more of them than hosts on the list.
    hosts: Mutex<HashMap<Destination, Arc<AsyncMutex<Option<Known>>>>>,
}

/// The last outcome.
struct Known {
    since: Instant,
    outcome: Result<Arc<TrustReport>, Fault>,
}

impl Preflight {
    pub(super) fn new(channel: Arc<Channel>) -> Self {
        Self {
            channel,
            hosts: Mutex::default(),
        }
    }

    /// Makes sure that `destination` can be reached and trusted.
    ///
    /// Whoever asks while another one is asking waits for the same outcome.
    pub(super) async fn check(
        &self,
        destination: &Destination,
        whereabouts: Whereabouts,
    ) -> Result<Arc<TrustReport>, Error> {
        let asked = Instant::now();
        let host = self.host(destination);
        let mut known = host.lock().await;
        if let Some(Known { since, outcome }) = &*known {
            match outcome {
                Ok(report) if since.elapsed() < KEPT_FOR => return Ok(Arc::clone(report)),
                // A bad outcome counts for those alone who were waiting for it.
                Err(fault) if *since >= asked => return Err(Error::new(fault.clone())),
                _ => {}
            }
        }
        let outcome = self.channel.vouch(destination, whereabouts).await;
        *known = Some(Known {
            since: Instant::now(),
            outcome: match &outcome {
                Ok(report) => Ok(Arc::clone(report)),
                Err(error) => Err(error.fault().clone()),
            },
        });
        outcome
    }

    /// Forgets everything.
    pub(super) fn forget(&self) {
        self.hosts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn host(&self, destination: &Destination) -> Arc<AsyncMutex<Option<Known>>> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(hosts.entry(destination.clone()).or_default())
    }
}
