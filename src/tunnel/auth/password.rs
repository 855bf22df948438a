//! User name and password for a SOCKS 5 proxy (RFC 1929), and what came of them.

use std::sync::Arc;

use super::access::ProxyCredentials;
use super::memory::{Memory, Turn};
use crate::error::ProxyFault;

/// User name and password for one connection. Until it is known what the proxy thinks of them, other connections wait: tell
/// it, or drop this.
pub(crate) struct Password {
    credentials: Arc<ProxyCredentials>,
    memory: Arc<Memory>,
    turn: Option<Turn>,
}

impl Password {
    pub(super) const fn new(
        credentials: Arc<ProxyCredentials>,
        memory: Arc<Memory>,
        turn: Option<Turn>,
    ) -> Self {
        Self {
            credentials,
            memory,
            turn,
        }
    }

    /// Name and password, to be sent.
    pub(crate) fn expose_secrets(&self) -> (&str, &str) {
        let ProxyCredentials { user, password } = &*self.credentials;
        (user, password.expose_secret())
    }

    /// The proxy is content with them.
    pub(crate) fn accepted(self) {
        self.memory.passed();
    }

    /// The proxy refused them, which is told by `fault`. They are not sent there again.
    pub(crate) fn rejected(self, fault: &ProxyFault) {
        self.memory.reject(Arc::clone(&self.credentials), fault);
        self.unanswered(fault);
    }

    /// They were sent, and `fault` came instead of an answer. Nobody knows whether they were refused, so those who wait do
    /// not try them.
    pub(crate) fn unanswered(self, fault: &ProxyFault) {
        // Without the turn, this side knows no more than the others.
        if self.turn.is_some() {
            self.memory.failed(fault);
        }
    }
}
