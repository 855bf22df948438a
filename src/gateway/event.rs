//! What the gateway tells the frontend.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{self, Receiver, Sender};
use tracing::debug;

use crate::error::{Correlation, Error, PeerText};
use crate::messages::Messages;
use crate::report::TrustReport;

/// The most events that wait for the frontend.
const WAITING: usize = 256;

/// What happened at the gateway.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A host was found good, and the view has a tunnel to it.
    Allowed {
        /// The host.
        host: String,
        /// How it was recognised, and what is known about the revocation of its certificates. May be 10 minutes old.
        trust: Arc<TrustReport>,
    },
    /// Something was refused. A browser shows a page of its own then, which knows no reason: show `page` instead if `host`
    /// is where the view was going. Browsers want hosts for themselves as well, for updates for instance, and those
    /// refusals are in nobody's way.
    ///
    /// Of what somebody else than the view tried, only the first of each kind is told; [`Counts`](super::Counts) has
    /// them all.
    Refused {
        /// The host that was wanted; `None` if it did not come to that.
        host: Option<PeerText>,
        /// What is in the way.
        error: Error,
        /// The same as a page of HTML in the person's language, from
        /// [`Messages::page`](crate::messages::Messages::page).
        page: String,
    },
    /// A tunnel has ended.
    Closed {
        /// The host that it led to.
        host: String,
        /// How it ended.
        end: TunnelEnd,
        /// How many bytes the view sent.
        sent: u64,
        /// How many bytes the view received.
        received: u64,
    },
    /// For a while nothing has gone through any tunnel: the person may have left. Told once, until something goes through
    /// again.
    Idle {
        /// For how long.
        quiet: Duration,
    },
}

/// How a tunnel ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TunnelEnd {
    /// Both sides said that they are done.
    Finished,
    /// One side broke it off.
    Broken,
    /// Nothing went through it for too long.
    Idle,
    /// The gateway cut it: see the [`Event::Refused`] before.
    Cut,
}

/// What happens at the gateway, in order. At most 256 events wait; later ones are lost, and counted in
/// [`Counts::events_lost`](super::Counts::events_lost).
pub struct Events(Receiver<Event>);

impl Events {
    /// Waits for the next event. `None` when the gateway has stopped. Cancel-safe.
    pub async fn next(&mut self) -> Option<Event> {
        self.0.recv().await
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

/// Tells the frontend.
pub(super) struct Teller {
    /// `None` once the gateway has stopped, so that the events end.
    sender: Mutex<Option<Sender<Event>>>,
    messages: Arc<Messages>,
    pub(super) correlation_id: String,
    lost: AtomicU64,
}

impl Teller {
    pub(super) fn new(messages: Arc<Messages>) -> (Self, Events) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let teller = Self {
            sender: Mutex::new(Some(sender)),
            messages,
            correlation_id: uuid::Uuid::new_v4().to_string(),
            lost: AtomicU64::new(0),
        };
        (teller, Events(receiver))
    }

    pub(super) fn tell(&self, event: Event) {
        let sender = self.sender();
        let is_told = sender.as_ref().map(|sender| sender.try_send(event).is_ok());
        if is_told == Some(false) {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Tells no more.
    pub(super) fn end(&self) {
        *self.sender() = None;
    }

    pub(super) fn refused(&self, host: Option<PeerText>, error: Error) {
        debug!(host = host.as_deref(), fault = %error, "refused");
        let correlation = Correlation {
            client: Some(self.correlation_id.clone()),
            server: None,
        };
        let error = error.with_correlation(correlation);
        let page = self.messages.page(&error);
        self.tell(Event::Refused { host, error, page });
    }

    fn sender(&self) -> MutexGuard<'_, Option<Sender<Event>>> {
        self.sender.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}
