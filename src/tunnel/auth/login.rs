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
///
/// A stand-in: Basic, and the legs of NTLM without their meaning.
pub(crate) struct Login {
    proxy: String,
    in_the_clear: bool,
    account: Option<Arc<ProxyCredentials>>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Basic { reconnected: bool },
    Ntlm { leg: u8, reconnected: bool },
}

impl Logins {
    pub(crate) fn new(access: ProxyAccess) -> Self {
        Self { access }
    }

    /// A login at `server`.
    pub(crate) fn begin(&self, server: &ProxyServer, _: Circumstances) -> Login {
        let given = self.access.given.iter().find(|(proxy, _)| proxy == server);
        Login {
            proxy: server.to_string(),
            in_the_clear: server.scheme == crate::proxy::ProxyScheme::Http
                && !self.access.basic_over_plaintext,
            account: given.map(|(_, account)| Arc::clone(account)),
            state: State::Fresh,
        }
    }

    /// Whether [`password_for`](Self::password_for) might find one, so that a SOCKS proxy can be told before anyone is
    /// asked.
    pub(crate) fn may_have_password(&self, server: &ProxyServer, _: &Circumstances) -> bool {
        let mut given = self.access.given.iter();
        self.access.frontend.is_some() || given.any(|(proxy, _)| proxy == server)
    }

    /// User name and password for a SOCKS 5 proxy (RFC 1929), if there are any for it.
    ///
    /// # Errors
    /// There are some, and the proxy refused them before.
    pub(crate) async fn password_for(
        &self,
        server: &ProxyServer,
        _: &Circumstances,
    ) -> Result<Option<Arc<ProxyCredentials>>, ProxyFault> {
        let mut given = self.access.given.iter();
        let found = given.find(|(proxy, _)| proxy == server);
        Ok(found.map(|(_, credentials)| Arc::clone(credentials)))
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
        Ok(match (self.state, &self.account) {
            (State::Basic { .. }, Some(account)) => {
                let pair = format!("{}:{}", account.user, account.password.expose_secret());
                let text = format!("Basic {}", base64(pair.as_bytes()));
                Some(Zeroizing::new(text))
            }
            (State::Ntlm { leg, .. }, Some(_)) => {
                let message = [&b"NTLMSSP\0"[..], &[2 * leg - 1, 0, 0, 0]].concat();
                Some(Zeroizing::new(format!("NTLM {}", base64(&message))))
            }
            _ => None,
        })
    }

    /// Takes in a refusal.
    pub(crate) async fn refused(&mut self, refusal: Refusal<'_>) -> Result<Next, ProxyFault> {
        let proxy = self.proxy.clone();
        let named = |name: &[u8]| {
            let mut all = refusal.challenges.iter().copied();
            all.find(|challenge| challenge.starts_with(name))
        };
        let offered = refusal.challenges.iter().map(|challenge| {
            let name = challenge.split(|byte| *byte == b' ').next();
            PeerText::new(&String::from_utf8_lossy(name.unwrap_or_default()))
        });
        let reply = ProxyReply {
            status: refusal.status,
            reason: refusal.reason.clone(),
            offered: offered.collect(),
        };
        let reconnected = false;
        let scheme = match self.state {
            State::Ntlm { leg: 1, .. } if named(b"NTLM ").is_some() => {
                let reconnected = true;
                self.state = State::Ntlm {
                    leg: 2,
                    reconnected,
                };
                return Ok(Next::SameConnection);
            }
            State::Basic { .. } => Some(AuthScheme::Basic),
            State::Ntlm { .. } => Some(AuthScheme::Ntlm),
            State::Fresh => None,
        };
        if let Some(scheme) = scheme {
            return Err(ProxyFault::CredentialsRejected {
                proxy,
                scheme,
                reply,
            });
        }
        if refusal.challenges.is_empty() {
            return Err(ProxyFault::NoChallenge { proxy, reply });
        }
        let state = match (named(b"NTLM"), named(b"Basic")) {
            (Some(_), _) => State::Ntlm {
                leg: 1,
                reconnected,
            },
            (_, Some(_)) => State::Basic { reconnected },
            _ => return Err(ProxyFault::NoAcceptableScheme { proxy, reply }),
        };
        if self.account.is_none() {
            return Err(ProxyFault::CredentialsMissing { proxy, reply });
        }
        if self.in_the_clear && matches!(state, State::Basic { .. }) {
            return Err(ProxyFault::BasicRefusedPlaintext { proxy, reply });
        }
        self.state = state;
        Ok(Next::Anywhere)
    }

    /// The connection ended before the request was answered, or after a refusal. `Ok` if the request may be sent on a new
    /// connection.
    pub(crate) fn closed(&mut self) -> Result<(), ProxyFault> {
        let proxy = self.proxy.clone();
        let scheme = match &mut self.state {
            State::Fresh => return Err(ProxyFault::Closed { proxy }),
            State::Basic { reconnected }
            | State::Ntlm {
                leg: 1,
                reconnected,
            } if !*reconnected => {
                *reconnected = true;
                return Ok(());
            }
            State::Basic { .. } => None,
            State::Ntlm { .. } => Some(AuthScheme::Ntlm),
        };
        Err(ProxyFault::ClosedDuringAuth { proxy, scheme })
    }

    /// The proxy let the request pass. How this side had logged in, if it had to.
    pub(crate) fn accepted(&mut self) -> Option<AuthScheme> {
        match self.state {
            State::Fresh => None,
            State::Basic { .. } => Some(AuthScheme::Basic),
            State::Ntlm { .. } => Some(AuthScheme::Ntlm),
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut number = 0_u32;
        for index in 0..3 {
            number = number << 8 | u32::from(chunk.get(index).copied().unwrap_or(0));
        }
        for index in 0..4 {
            let sextet = (number >> (18 - 6 * index) & 63) as usize;
            let letter = alphabet.get(sextet).copied().map_or('=', char::from);
            text.push(if index <= chunk.len() { letter } else { '=' });
        }
    }
    text
}
