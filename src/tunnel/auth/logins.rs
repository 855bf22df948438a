//! What is known about logins, for all connections of a channel.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::access::ProxyAccess;
use super::asking::Asking;
use super::circumstances::Circumstances;
use super::keys::{Keys, Lock, NoKey};
use super::login::Login;
use super::memory::Memory;
use super::password::Password;
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

    /// User name and password for a SOCKS 5 proxy (RFC 1929). Nobody is asked before the proxy has demanded them if this is
    /// called then only. While they are tried by one connection, this waits for what comes of it.
    ///
    /// # Errors
    /// There are none, or the proxy refused them: to this connection, before, or to another one just now.
    pub(crate) async fn password_for(
        &self,
        server: &ProxyServer,
        circumstances: &Circumstances,
    ) -> Result<Password, ProxyFault> {
        let missing = || ProxyFault::Socks {
            proxy: server.to_string(),
            problem: SocksProblem::CredentialsMissing,
        };
        if !self.may_have_password(server, circumstances) {
            return Err(missing());
        }
        let mut keys = self.keys(server, circumstances);
        let failures = keys.memory.failures();
        let memory = Arc::clone(&keys.memory);
        let turn = memory.turn(failures).await?;
        let lock = Lock {
            scheme: None,
            realm: None,
            reply: None,
        };
        let fault = match keys.find(lock).await {
            Ok(credentials) => return Ok(Password::new(credentials, memory, turn)),
            Err(NoKey::Rejected(fault)) => fault,
            Err(NoKey::Missing | NoKey::OtherRealm) => missing(),
        };
        // Those who wait need not ask the same person the same.
        if turn.is_some() {
            memory.failed(&fault);
        }
        Err(fault)
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
