//! What is known about logins, for all connections of a channel.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::access::{ProxyAccess, ProxyCredentials};
use super::asking::Asking;
use super::circumstances::Circumstances;
use super::keys::{Keys, Lock, NoKey};
use super::login::Login;
use super::memory::Memory;
use crate::error::{ProxyFault, SocksProblem};
use crate::proxy::ProxyServer;

/// What is known about logins, for all connections of a channel.
pub(crate) struct Logins {
    access: Arc<ProxyAccess>,
    asking: Arc<Asking>,
    proxies: Mutex<HashMap<ProxyServer, Arc<Memory>>>,
}

impl Logins {
    pub(crate) fn new(access: ProxyAccess, asking: Arc<Asking>) -> Self {
        Self {
            access: Arc::new(access),
            asking,
            proxies: Mutex::default(),
        }
    }

    /// A login at `server`.
    pub(crate) fn begin(&self, server: &ProxyServer, circumstances: Circumstances) -> Login {
        let keys = self.keys(server, &circumstances);
        Login::new(keys, circumstances)
    }

    /// Whether [`password_for`](Self::password_for) might find one, so that a SOCKS proxy can be told before anyone is
    /// asked.
    pub(crate) fn may_have_password(
        &self,
        server: &ProxyServer,
        circumstances: &Circumstances,
    ) -> bool {
        circumstances.permit_login(server)
            && self.access.trusts(server, circumstances.by_script)
            && (self.access.frontend.is_some() || self.access.given_for(server).next().is_some())
    }

    /// User name and password for a SOCKS 5 proxy (RFC 1929), if there are any for it. Nobody is asked before the proxy
    /// has demanded them if this is called then only.
    ///
    /// # Errors
    /// There are some, and the proxy refused them before.
    pub(crate) async fn password_for(
        &self,
        server: &ProxyServer,
        circumstances: &Circumstances,
    ) -> Result<Option<Arc<ProxyCredentials>>, ProxyFault> {
        if !self.may_have_password(server, circumstances) {
            return Ok(None);
        }
        let mut keys = self.keys(server, circumstances);
        let failures = keys.memory.failures();
        let memory = Arc::clone(&keys.memory);
        let _turn = memory.turn(failures).await?;
        let lock = Lock {
            scheme: None,
            realm: None,
            reply: None,
        };
        match keys.find(lock).await {
            Ok(credentials) => {
                memory.handed_out(&credentials);
                Ok(Some(credentials))
            }
            Err(NoKey::Rejected(fault)) => Err(fault),
            Err(NoKey::Missing | NoKey::OtherRealm) => Ok(None),
        }
    }

    /// The proxy refused what [`password_for`](Self::password_for) found: it is not sent there again.
    pub(crate) fn password_rejected(&self, server: &ProxyServer) {
        let memory = self.proxies().get(server).cloned();
        let Some(memory) = memory else { return };
        if let Some(credentials) = memory.take_handed_out() {
            let fault = ProxyFault::Socks {
                proxy: server.to_string(),
                problem: SocksProblem::CredentialsRejected,
            };
            memory.reject(credentials, &fault);
            memory.failed(&fault);
        }
    }

    /// Forgets which logins worked and which were refused: after a change of the network, another proxy may stand at the
    /// same address.
    pub(crate) fn forget(&self) {
        self.proxies().clear();
    }

    fn keys(&self, server: &ProxyServer, circumstances: &Circumstances) -> Keys {
        // About a proxy that gets nothing there is nothing to remember, and a script could name them without end.
        let memory = if self.access.trusts(server, circumstances.by_script) {
            Arc::clone(self.proxies().entry(server.clone()).or_default())
        } else {
            Arc::default()
        };
        Keys {
            access: Arc::clone(&self.access),
            asking: Arc::clone(&self.asking),
            memory,
            server: server.clone(),
            asked: false,
        }
    }

    fn proxies(&self) -> MutexGuard<'_, HashMap<ProxyServer, Arc<Memory>>> {
        // Nothing panics while it is locked, and every state is a valid one.
        self.proxies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
