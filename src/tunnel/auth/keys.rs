//! Finds the credentials for one login: those that were asked for before, those that were given, then the frontend's.

use std::sync::Arc;

use super::access::{CredentialQuestion, ProxyAccess, ProxyCredentials};
use super::asking::Asking;
use super::memory::Memory;
use crate::error::{AuthScheme, PeerText, ProxyFault, ProxyReply};
use crate::proxy::ProxyServer;

/// Where a login looks for credentials.
pub(super) struct Keys {
    pub(super) access: Arc<ProxyAccess>,
    pub(super) asking: Arc<Asking>,
    pub(super) memory: Arc<Memory>,
    pub(super) server: ProxyServer,
    /// Whether the frontend was asked already.
    pub(super) asked: bool,
}

/// What the credentials are for.
#[derive(Clone, Copy)]
pub(super) struct Lock<'a> {
    pub(super) scheme: Option<AuthScheme>,
    pub(super) realm: Option<&'a str>,
    pub(super) reply: Option<&'a ProxyReply>,
}

/// Why there are none.
pub(super) enum NoKey {
    Missing,
    /// There are some, but not in this realm.
    OtherRealm,
    /// There are some that the proxy refused before.
    Rejected(ProxyFault),
}

impl Keys {
    pub(super) async fn find(&mut self, lock: Lock<'_>) -> Result<Arc<ProxyCredentials>, NoKey> {
        let mut missing = NoKey::Missing;
        let answer = self.memory.answer();
        for credentials in answer.into_iter().chain(self.given(lock.realm)) {
            match self.memory.rejection_of(&credentials) {
                None => return Ok(credentials),
                Some(fault) => missing = NoKey::Rejected(fault),
            }
        }
        if let Some(credentials) = self.ask(lock).await {
            return match self.memory.rejection_of(&credentials) {
                None => {
                    self.memory.answered(&credentials);
                    Ok(credentials)
                }
                Some(fault) => Err(NoKey::Rejected(fault)),
            };
        }
        if matches!(missing, NoKey::Missing) && self.access.given_for(&self.server).next().is_some()
        {
            missing = NoKey::OtherRealm;
        }
        Err(missing)
    }

    /// Those that were given, those for the very realm first.
    fn given(&self, realm: Option<&str>) -> Vec<Arc<ProxyCredentials>> {
        let mut given: Vec<_> = self
            .access
            .given_for(&self.server)
            .filter(|given| given.realm.is_none() || given.realm.as_deref() == realm)
            .collect();
        given.sort_by_key(|given| given.realm.is_none());
        given
            .into_iter()
            .map(|given| Arc::clone(&given.credentials))
            .collect()
    }

    async fn ask(&mut self, lock: Lock<'_>) -> Option<Arc<ProxyCredentials>> {
        let frontend = self.access.frontend.as_ref()?;
        if std::mem::replace(&mut self.asked, true) {
            return None;
        }
        let question = CredentialQuestion {
            proxy: self.server.clone(),
            scheme: lock.scheme,
            realm: lock.realm.map(PeerText::new),
            reply: lock.reply.cloned(),
            refused_before: self.memory.has_rejected(),
        };
        self.asking.ask(frontend.ask(question)).await.map(Arc::new)
    }
}
