//! The login at one proxy: what goes with a request, and what a refusal leads to.

use std::sync::Arc;

use rustls_pki_types::CertificateDer;
use zeroize::Zeroizing;

use super::access::{ProxyAccess, ProxyCredentials};
use crate::error::{AuthScheme, PeerText, ProxyFault, ProxyReply};
use crate::proxy::{DisabledAuthentication, ProxyServer};

/// What is known about logins, for all connections of a channel.
pub(crate) struct Logins {
    access: ProxyAccess,
}

/// What matters for a login beside the proxy's address.
pub(crate) struct Circumstances {
    /// Whether a script named the proxy.
    pub(crate) by_script: bool,
    /// What the administrator forbids.
    pub(crate) disabled: DisabledAuthentication,
    /// The certificate of the proxy, if it is spoken to by TLS.
    pub(crate) certificate: Option<CertificateDer<'static>>,
}

/// The request that a login is for.
#[derive(Clone, Copy)]
pub(crate) struct RequestLine<'a> {
    pub(crate) method: &'a str,
    /// As it stands in the request line: `host:port` for CONNECT, otherwise the whole address.
    pub(crate) target: &'a str,
}

/// A 407, or a 401 to what this side said.
pub(crate) struct Refusal<'a> {
    pub(crate) status: u16,
    pub(crate) reason: PeerText,
    /// The values of the fields `Proxy-Authenticate` (`WWW-Authenticate` at a 401), in their order.
    pub(crate) challenges: Vec<&'a [u8]>,
}

/// How to go on after a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Send the request again: on the same connection if it stays open, otherwise on a new one.
    Anywhere,
    /// Send the request again on the same connection; if it closes, the login has failed.
    SameConnection,
}

/// The login for one request with its repetitions.
pub(crate) struct Login {
    proxy: String,
}

impl Logins {
    pub(crate) fn new(access: ProxyAccess) -> Self {
        Self { access }
    }

    /// A login at `server`.
    pub(crate) fn begin(&self, server: &ProxyServer, _: Circumstances) -> Login {
        let _ = &self.access;
        Login {
            proxy: server.to_string(),
        }
    }

    /// The account for a proxy that is no HTTP proxy.
    pub(crate) async fn password_for(
        &self,
        server: &ProxyServer,
        _: &Circumstances,
    ) -> Option<Arc<ProxyCredentials>> {
        let given = &self.access.given;
        let (_, credentials) = given.iter().find(|(proxy, _)| proxy == server)?;
        Some(Arc::clone(credentials))
    }

    /// The proxy refused the account that [`password_for`](Self::password_for) gave.
    pub(crate) fn password_rejected(&self, _: &ProxyServer) {}

    /// Forgets which logins worked: after a change of the network, another proxy may stand at the same address.
    pub(crate) fn forget(&self) {}
}

impl Login {
    /// The value of `Proxy-Authorization` for the next request, if one is to be sent.
    pub(crate) async fn field(
        &mut self,
        _: RequestLine<'_>,
    ) -> Result<Option<Zeroizing<String>>, ProxyFault> {
        Ok(None)
    }

    /// Takes in a refusal.
    pub(crate) async fn refused(&mut self, refusal: Refusal<'_>) -> Result<Next, ProxyFault> {
        Err(ProxyFault::CredentialsMissing {
            proxy: self.proxy.clone(),
            reply: ProxyReply {
                status: refusal.status,
                reason: refusal.reason,
                offered: Vec::new(),
            },
        })
    }

    /// The connection ended before the request was answered, or after a refusal. `Ok` if the request may be sent on a new
    /// connection.
    pub(crate) fn closed(&mut self) -> Result<(), ProxyFault> {
        Err(ProxyFault::Closed {
            proxy: self.proxy.clone(),
        })
    }

    /// The proxy let the request pass. How this side had logged in, if it had to.
    pub(crate) fn accepted(&mut self) -> Option<AuthScheme> {
        None
    }
}
