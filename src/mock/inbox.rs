//! The mail that the tenant sends, and the calls and notifications of its portal.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use super::waiting::wait;

/// All messages of the tenant, in the order in which they were sent. Clones show the same messages.
#[derive(Clone, Debug)]
pub struct Inbox {
    messages: Arc<Mutex<Vec<Message>>>,
    count: watch::Sender<usize>,
}

/// A mail or text message with a code, a call, or a notification.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Message {
    /// Whose reset it is.
    pub user: String,
    /// The address or number it went to; empty for a notification.
    pub to: String,
    /// How it was sent.
    pub channel: Channel,
    /// The code, decimal digits; empty for a call and a notification, which
    /// [`Tenant::approve`](super::Tenant::approve) answers.
    pub code: String,
    /// When it was sent, by the tenant's clock.
    pub time: SystemTime,
}

/// How a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Channel {
    /// By mail, with a code.
    Email,
    /// As a text message, with a code.
    Text,
    /// As a call, which asks for a key to be pressed.
    Call,
    /// As a notification in an authenticator app, which asks for approval.
    Notification,
}

impl Inbox {
    pub(super) fn new() -> Self {
        Self {
            messages: Arc::default(),
            count: watch::Sender::new(0),
        }
    }

    /// Every message so far.
    pub fn messages(&self) -> Vec<Message> {
        self.messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The last message for a user name or an address. It is there before the answer to the request for it is sent.
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
