//! The mail that the tenant sends.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use super::waiting::wait;

/// All mail of the tenant, in the order in which it was sent. Clones show the same mail.
#[derive(Clone, Debug)]
pub struct Inbox {
    messages: Arc<Mutex<Vec<Message>>>,
    count: watch::Sender<usize>,
}

/// A mail with a code.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Message {
    /// Whose reset it is.
    pub user: String,
    /// The address it went to.
    pub to: String,
    /// The code, decimal digits.
    pub code: String,
    /// When it was sent, by the tenant's clock.
    pub time: SystemTime,
}

impl Inbox {
    pub(super) fn new() -> Self {
        Self {
            messages: Arc::default(),
            count: watch::Sender::new(0),
        }
    }

    /// Every mail so far.
    pub fn messages(&self) -> Vec<Message> {
        self.messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The last mail for a user name or an address. It is there before the answer to the challenge is sent.
    pub fn latest(&self, recipient: &str) -> Option<Message> {
        let is_for = |message: &Message| {
            message.user.eq_ignore_ascii_case(recipient)
                || message.to.eq_ignore_ascii_case(recipient)
        };
        self.messages().into_iter().rev().find(is_for)
    }

    /// Blocks until there are more than `seen` messages and returns the one after those;
    /// `None` once `limit` has passed.
    pub fn wait_for(&self, seen: usize, limit: Duration) -> Option<Message> {
        let mut count = self.count.subscribe();
        wait(
            async move { count.wait_for(|&count| count > seen).await.map(|_| ()) },
            limit,
        )?
        .ok()?;
        self.messages().into_iter().nth(seen)
    }

    pub(super) fn deliver(&self, message: Message) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.push(message);
        self.count.send_replace(messages.len());
    }
}
