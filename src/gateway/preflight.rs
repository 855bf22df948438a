//! Is the host who it should be? Asked with a connection of the gateway's own, before the view gets one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;

use crate::channel::{Channel, Opening, Vouched, Whereabouts};
use crate::error::{Error, Fault, GatewayFault};
use crate::report::TrustReport;
use crate::tunnel::{Destination, Opened};

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
    outcome: Result<Vouched, Fault>,
}

/// A good outcome, for one who has asked.
struct Found<'a> {
    vouched: Vouched,
    since: Instant,
    /// A way there. For the one whose question it was, it was opened meanwhile.
    opening: Opening<'a>,
}

impl Preflight {
    pub(super) fn new(channel: Arc<Channel>) -> Self {
        Self {
            channel,
            hosts: Mutex::default(),
        }
    }

    /// Opens a way to `destination`, which could be reached and trusted there: to the address that was looked at, or
    /// through the proxy.
    pub(super) async fn open(
        &self,
        destination: &Destination,
        whereabouts: Whereabouts,
    ) -> Result<(Opened, Arc<TrustReport>), Error> {
        let mut oldest = None;
        loop {
            let Found {
                vouched,
                since,
                opening,
            } = self.check(destination, whereabouts, oldest).await?;
            let fault = match opening.await {
                Ok(opened) if vouched.is_by_another_way(&opened.way) => {
                    let host = destination.name();
                    GatewayFault::WayChanges { host }.into()
                }
                Ok(opened) => return Ok((opened, vouched.report)),
                Err(error) if vouched.has_moved(&error) => error,
                Err(error) => return Err(error),
            };
            // The host is to be looked at where it is now, once.
            if oldest.replace(since).is_some() {
                return Err(fault);
            }
        }
    }

    /// Makes sure that `destination` can be reached and trusted. What was found out up to `oldest` does not count.
    ///
    /// Whoever asks while another one is asking waits for the same outcome.
    async fn check<'a>(
        &'a self,
        destination: &'a Destination,
        whereabouts: Whereabouts,
        oldest: Option<Instant>,
    ) -> Result<Found<'a>, Error> {
        let asked = Instant::now();
        let host = self.host(destination);
        let mut known = host.lock().await;
        if let Some(Known { since, outcome }) = &*known {
            let since = *since;
            let is_new = since.elapsed() < KEPT_FOR && oldest.is_none_or(|oldest| oldest < since);
            match outcome {
                Ok(vouched) if is_new => {
                    return Ok(Found {
                        opening: self.channel.open(destination, whereabouts, vouched.peer),
                        vouched: vouched.clone(),
                        since,
                    });
                }
                // A bad outcome counts for those alone who were waiting for it.
                Err(fault) if since >= asked => return Err(Error::new(fault.clone())),
                _ => {}
            }
        }
        let outcome = self.channel.vouch(destination, whereabouts).await;
        let since = Instant::now();
        *known = Some(Known {
            since,
            outcome: match &outcome {
                Ok((vouched, _)) => Ok(vouched.clone()),
                Err(error) => Err(error.fault().clone()),
            },
        });
        let (vouched, opening) = outcome?;
        Ok(Found {
            vouched,
            since,
            opening,
        })
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
