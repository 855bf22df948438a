//! Which scheme a login begins with: the best that is offered, allowed and has credentials.

use std::sync::Arc;

use super::{Login, MOST_TRIPS, Next};
use crate::error::{AuthScheme, ProxyFault};
use crate::proxy::ProxyScheme;
use crate::tunnel::auth::access::ProxyCredentials;
use crate::tunnel::auth::basic::{self, Charset};
use crate::tunnel::auth::conversation::{Conversation, digest, unusable};
use crate::tunnel::auth::digest::Demand;
use crate::tunnel::auth::keys::{Lock, NoKey};
use crate::tunnel::auth::method::Method;
use crate::tunnel::auth::offer::Offer;

/// The most schemes that are tried.
const MOST_SCHEMES: usize = 2;

impl Login {
    /// Begins with the best scheme that can be used.
    ///
    /// # Errors
    /// There is none: the fault of the best scheme that was tried, or would have been.
    pub(super) async fn choose(&mut self, offer: &Offer<'_>) -> Result<Next, ProxyFault> {
        // It says more than that nothing else can be said.
        let told = self.told.as_ref().map(|(_, fault)| fault.clone());
        let proxy = || self.peer.proxy.clone();
        let reply = || offer.reply.clone();
        if offer.is_empty() {
            return Err(told.unwrap_or_else(|| ProxyFault::NoChallenge {
                proxy: proxy(),
                reply: reply(),
            }));
        }
        let schemes: Vec<_> = offer
            .schemes()
            .filter(|scheme| self.permits(*scheme))
            .collect();
        if schemes.is_empty() {
            return Err(told.unwrap_or_else(|| ProxyFault::NoAcceptableScheme {
                proxy: proxy(),
                reply: reply(),
            }));
        }
        if !self.is_trusted() {
            return Err(ProxyFault::CredentialScopeDenied {
                proxy: proxy(),
                reply: reply(),
            });
        }
        let missing = ProxyFault::CredentialsMissing {
            proxy: proxy(),
            reply: reply(),
        };
        if self.turn.is_none() {
            self.take_turn().await?;
        }
        if self.trips >= MOST_TRIPS {
            let (proxy, round_trips) = (self.peer.proxy.clone(), self.trips);
            return Err(ProxyFault::AuthLoop { proxy, round_trips });
        }
        let mut first = None;
        for scheme in schemes {
            let is_new = !self.tried.contains(&scheme);
            if is_new && self.tried.len() >= MOST_SCHEMES {
                continue;
            }
            match self.begin(scheme, offer).await {
                Ok(conversation) => {
                    if is_new {
                        self.tried.push(scheme);
                    }
                    self.conversation = Some(conversation);
                    return Ok(Next::Anywhere);
                }
                Err(fault) if first.is_none() && fault != missing => first = Some(fault),
                Err(_) => {}
            }
        }
        Err(told.or(first).unwrap_or(missing))
    }

    async fn begin(
        &mut self,
        scheme: AuthScheme,
        offer: &Offer<'_>,
    ) -> Result<Conversation, ProxyFault> {
        let proxy = self.peer.proxy.clone();
        let method = match scheme {
            AuthScheme::Negotiate => {
                if self.peer.identity.is_none() {
                    let reply = offer.reply.clone();
                    return Err(ProxyFault::CredentialsMissing { proxy, reply });
                }
                if let Some(fault) = self.keys.memory.rejection_of_identity() {
                    return Err(fault);
                }
                Method::Negotiate
            }
            AuthScheme::Ntlm => Method::Ntlm {
                credentials: self.credentials(scheme, None, offer).await?,
            },
            AuthScheme::Digest => {
                let challenges: Vec<_> = offer.of(scheme).collect();
                let demand = Demand::strongest(&challenges)
                    .map_err(|problem| ProxyFault::DigestUnsupported { proxy, problem })?;
                let realm = Some(&*demand.realm);
                let credentials = self.credentials(scheme, realm, offer).await?;
                digest(demand, credentials, &self.peer)?
            }
            AuthScheme::Basic => {
                if self.shows_password(scheme) {
                    let reply = offer.reply.clone();
                    return Err(ProxyFault::BasicRefusedPlaintext { proxy, reply });
                }
                let challenge = offer.of(scheme).next();
                let charset = challenge.map(Charset::of).unwrap_or_default();
                let realm = challenge
                    .and_then(|challenge| challenge.parameter("realm").ok().flatten())
                    .map(String::from_utf8_lossy);
                let credentials = self.credentials(scheme, realm.as_deref(), offer).await?;
                if basic::answer(&credentials, charset).is_none() {
                    return Err(unusable(&self.peer, scheme));
                }
                Method::Basic {
                    credentials,
                    charset,
                }
            }
        };
        let mut conversation = Conversation::new(method);
        conversation.prepare(&self.peer).await?;
        Ok(conversation)
    }

    async fn credentials(
        &mut self,
        scheme: AuthScheme,
        realm: Option<&str>,
        offer: &Offer<'_>,
    ) -> Result<Arc<ProxyCredentials>, ProxyFault> {
        let lock = Lock {
            scheme: Some(scheme),
            realm,
            reply: Some(&offer.reply),
        };
        let (proxy, reply) = (self.peer.proxy.clone(), offer.reply.clone());
        self.keys.find(lock).await.map_err(|none| match none {
            NoKey::Missing => ProxyFault::CredentialsMissing { proxy, reply },
            NoKey::OtherRealm => ProxyFault::CredentialScopeDenied { proxy, reply },
            NoKey::Rejected(fault) => fault,
        })
    }

    pub(super) fn permits(&self, scheme: AuthScheme) -> bool {
        self.circumstances.permit_login(&self.peer.server)
            && self.circumstances.permit(scheme)
            && self.keys.access.allows(scheme)
    }

    /// Whether the password would be readable on the way, which the settings do not allow.
    pub(super) fn shows_password(&self, scheme: AuthScheme) -> bool {
        scheme == AuthScheme::Basic
            && self.peer.server.scheme != ProxyScheme::Https
            && !self.keys.access.basic_over_plaintext
    }
}
