//! The login at one proxy: what goes with a request, and what a refusal leads to.
//!
//! The best scheme that is offered, allowed and has credentials is taken. A refusal of the credentials ends the login,
//! unless others are at hand; they are never sent a second time.

mod choice;

use std::sync::Arc;

use rustls_pki_types::CertificateDer;
use zeroize::Zeroizing;

use super::circumstances::Circumstances;
use super::conversation::{Conversation, Heard, Peer};
use super::end_point::tls_server_end_point;
use super::keys::Keys;
use super::memory::Turn;
use super::method::Method;
use super::offer::Offer;
use crate::error::{AuthScheme, PeerText, ProxyFault};

/// The most requests that are answered with a refusal.
const MOST_TRIPS: usize = 6;

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

/// The login for one request with its repetitions. While it is the first at its proxy, others wait for it: drop it when the
/// request has failed.
pub(crate) struct Login {
    keys: Keys,
    circumstances: Circumstances,
    peer: Peer,
    /// How many logins had failed when this one began.
    failures: u64,
    turn: Option<Turn>,
    conversation: Option<Conversation>,
    /// Whether the first request was made.
    has_begun: bool,
    /// How to go on, after a refusal.
    next: Option<Next>,
    /// Whether the connection was lost since that refusal.
    is_reconnected: bool,
    trips: usize,
    /// By which schemes something was sent.
    tried: Vec<AuthScheme>,
    /// What the best of them came to.
    told: Option<(AuthScheme, ProxyFault)>,
}

impl Login {
    pub(super) fn new(keys: Keys, circumstances: Circumstances) -> Self {
        let certificate = circumstances.certificate.as_ref();
        let peer = Peer {
            server: keys.server.clone(),
            proxy: keys.server.to_string(),
            end_point: certificate.and_then(tls_server_end_point),
            identity: keys.access.identity.clone(),
        };
        Self {
            failures: keys.memory.failures(),
            keys,
            circumstances,
            peer,
            turn: None,
            conversation: None,
            has_begun: false,
            next: None,
            is_reconnected: false,
            trips: 0,
            tried: Vec::new(),
            told: None,
        }
    }

    /// The value of `Proxy-Authorization` for the next request, if one is to be sent. It is ASCII, except where Digest
    /// repeats what the proxy said, or names the user.
    ///
    /// Before the first request, this waits for another connection that is logging in to the same proxy; how to log in is
    /// known afterwards, and saves a refusal.
    ///
    /// # Errors
    /// That other login failed, or the Kerberos library did after the connection was renewed.
    pub(crate) async fn field(
        &mut self,
        line: RequestLine<'_>,
    ) -> Result<Option<Zeroizing<String>>, ProxyFault> {
        if !std::mem::replace(&mut self.has_begun, true) {
            self.resume().await?;
        }
        match &mut self.conversation {
            None => Ok(None),
            Some(conversation) => conversation.field(line, &self.peer).await.map(Some),
        }
    }

    /// Takes in a refusal.
    ///
    /// # Errors
    /// Nothing more can be said: the fault of the best scheme that was tried, or would have been.
    pub(crate) async fn refused(&mut self, refusal: Refusal<'_>) -> Result<Next, ProxyFault> {
        self.has_begun = true;
        self.trips += 1;
        let outcome = self.go_on(refusal).await;
        match &outcome {
            Ok(next) => {
                self.next = Some(*next);
                self.is_reconnected = false;
            }
            Err(fault) => self.end(fault),
        }
        outcome
    }

    /// The connection ended before the request was answered, or after a refusal. `Ok` if the request may be sent on a new
    /// connection.
    ///
    /// # Errors
    /// It ended in the middle of a login, or once too often.
    pub(crate) fn closed(&mut self) -> Result<(), ProxyFault> {
        let proxy = self.peer.proxy.clone();
        match (self.next, &mut self.conversation) {
            // It may not like to be told what it did not ask for.
            (None, Some(_)) => {
                self.keys.memory.forget_known();
                self.conversation = None;
                Ok(())
            }
            (None, None) => Err(ProxyFault::Closed { proxy }),
            (Some(Next::Anywhere), Some(conversation)) if !self.is_reconnected => {
                self.is_reconnected = true;
                conversation.begin_again();
                Ok(())
            }
            (Some(next), conversation) => {
                let is_first = next == Next::Anywhere && self.trips == 1;
                let scheme = conversation.as_ref().map(Conversation::scheme);
                let scheme = scheme.filter(|_| !is_first);
                self.turn = None;
                Err(ProxyFault::ClosedDuringAuth { proxy, scheme })
            }
        }
    }

    /// The answer to the request broke off. Nobody knows what it was going to say, perhaps that the login is refused, so the
    /// request is not repeated, neither here nor by those who wait. The fault of it.
    pub(crate) fn cut(&mut self) -> ProxyFault {
        let proxy = self.peer.proxy.clone();
        let fault = match self.conversation.take() {
            None => ProxyFault::Closed { proxy },
            Some(conversation) => ProxyFault::ClosedDuringAuth {
                proxy,
                scheme: Some(conversation.scheme()),
            },
        };
        self.end(&fault);
        fault
    }

    /// The request is sent on a new connection, on which the proxy showed this certificate: proxies behind one address
    /// need not have the same.
    pub(crate) fn renewed(&mut self, certificate: Option<&CertificateDer<'_>>) {
        self.bind(certificate.and_then(tls_server_end_point));
    }

    /// The request is sent on the connection for which `other` was begun.
    pub(crate) fn moved(&mut self, other: Self) {
        self.bind(other.peer.end_point);
    }

    fn bind(&mut self, end_point: Option<Vec<u8>>) {
        if self.peer.end_point != end_point {
            self.peer.end_point = end_point;
            if let Some(conversation) = &mut self.conversation {
                conversation.unbind();
            }
        }
    }

    /// The proxy let the request pass. How this side had logged in, if it had to.
    pub(crate) fn accepted(&mut self) -> Option<AuthScheme> {
        let conversation = self.conversation.take();
        let scheme = conversation.as_ref().map(Conversation::scheme);
        if let Some(conversation) = conversation {
            self.keys.memory.succeeded(conversation.method);
        }
        self.turn = None;
        scheme
    }

    /// Begins as the last login succeeded, where it may be told unasked.
    async fn resume(&mut self) -> Result<(), ProxyFault> {
        if !self.is_trusted() {
            return Ok(());
        }
        if self.keys.memory.must_wait() {
            self.take_turn().await?;
        }
        let Some(method) = self.keys.memory.known() else {
            return Ok(());
        };
        let scheme = method.scheme();
        let is_rejected = match method.credentials() {
            Some(credentials) => self.keys.memory.rejection_of(credentials).is_some(),
            None => self.keys.memory.rejection_of_identity().is_some(),
        };
        if self.permits(scheme) && !self.shows_password(scheme) && !is_rejected {
            let mut conversation = Conversation::resumed(method);
            if conversation.prepare(&self.peer).await.is_ok() {
                self.tried.push(scheme);
                self.conversation = Some(conversation);
            }
        }
        Ok(())
    }

    async fn go_on(&mut self, refusal: Refusal<'_>) -> Result<Next, ProxyFault> {
        let offer = Offer::read(refusal.status, refusal.reason, &refusal.challenges);
        let proxy = || self.peer.proxy.clone();
        let Some(mut conversation) = self.conversation.take() else {
            if refusal.status != 407 {
                // It is not the proxy who asks.
                let (proxy, reply) = (proxy(), offer.reply);
                return Err(ProxyFault::Refused { proxy, reply });
            }
            return self.choose(&offer).await;
        };
        let heard = match refusal.status {
            407 => conversation.hear(&offer, &self.peer).await,
            _ => Heard::Refused,
        };
        let round_trips = self.trips;
        match heard {
            Heard::Again(next) if self.trips < MOST_TRIPS => {
                self.conversation = Some(conversation);
                Ok(next)
            }
            Heard::Again(_) | Heard::Loops => Err(ProxyFault::AuthLoop {
                proxy: proxy(),
                round_trips,
            }),
            Heard::Withdrawn => self.choose(&offer).await,
            Heard::Failed(fault) => Err(fault),
            Heard::Refused => {
                let scheme = conversation.scheme();
                let fault = ProxyFault::CredentialsRejected {
                    proxy: proxy(),
                    scheme,
                    reply: offer.reply.clone(),
                };
                if conversation.has_proved {
                    self.reject(&conversation.method, &fault);
                }
                if refusal.status != 407 {
                    return Err(fault);
                }
                if self.told.as_ref().is_none_or(|(best, _)| *best < scheme) {
                    self.told = Some((scheme, fault));
                }
                self.choose(&offer).await
            }
        }
    }

    /// Waits for whoever is logging in, and shares the result.
    async fn take_turn(&mut self) -> Result<(), ProxyFault> {
        self.turn = self.keys.memory.turn(self.failures).await?;
        Ok(())
    }

    fn reject(&self, method: &Method, fault: &ProxyFault) {
        match method.credentials() {
            Some(credentials) => self.keys.memory.reject(Arc::clone(credentials), fault),
            None => self.keys.memory.reject_identity(fault),
        }
    }

    /// The login is over.
    fn end(&mut self, fault: &ProxyFault) {
        // Without the turn, this side knows no more than the others.
        if self.turn.take().is_some() {
            self.keys.memory.failed(fault);
        }
    }

    fn is_trusted(&self) -> bool {
        let by_script = self.circumstances.by_script;
        self.keys.access.trusts(&self.peer.server, by_script)
    }
}
