//! One login by one scheme: what is said, and what the answer means.

use std::sync::{Arc, Mutex, PoisonError};

use url::Host;
use zeroize::Zeroizing;

use super::access::ProxyCredentials;
use super::digest::{Demand, Session};
use super::login::{Next, RequestLine};
use super::method::Method;
use super::negotiate::Negotiate;
use super::ntlm::{self, Account, Bound, Fresh};
use super::offer::Offer;
use super::ticket::{Context, Ticket};
use super::{basic, token};
use crate::error::{AuthScheme, KerberosProblem, NtlmProblem, ProxyFault};
use crate::proxy::ProxyServer;

/// Whom a login is made at, and as whom.
pub(super) struct Peer {
    pub(super) server: ProxyServer,
    /// Its address, as faults tell it.
    pub(super) proxy: String,
    /// What binds a login to the TLS session with it.
    pub(super) end_point: Option<Vec<u8>>,
    pub(super) identity: Option<Arc<dyn Negotiate>>,
}

pub(super) struct Conversation {
    pub(super) method: Method,
    /// Whether it goes on from another connection, so that the proxy has not asked for it yet.
    resumed: bool,
    /// Whether it has begun again already.
    renewed: bool,
    context: Option<Context>,
    /// What to send next, where it is not made on the spot.
    token: Option<Zeroizing<Vec<u8>>>,
    /// Whether the credentials were shown, so that a refusal is about them.
    pub(super) has_proved: bool,
}

/// What a refusal means.
pub(super) enum Heard {
    /// Go on.
    Again(Next),
    /// The credentials are not accepted.
    Refused,
    /// It asks for the same once more.
    Loops,
    /// The scheme is not offered any more, before it came to the credentials.
    Withdrawn,
    /// There is no answer to it.
    Failed(ProxyFault),
}

impl Conversation {
    pub(super) const fn new(method: Method) -> Self {
        Self {
            method,
            resumed: false,
            renewed: false,
            context: None,
            token: None,
            has_proved: false,
        }
    }

    /// As it succeeded on another connection.
    pub(super) const fn resumed(method: Method) -> Self {
        let mut conversation = Self::new(method);
        conversation.resumed = true;
        conversation
    }

    pub(super) const fn scheme(&self) -> AuthScheme {
        self.method.scheme()
    }

    /// Makes sure that there is something to say.
    pub(super) async fn prepare(&mut self, peer: &Peer) -> Result<(), ProxyFault> {
        if matches!(self.method, Method::Negotiate) && self.token.is_none() {
            let ticket = begin(peer)
                .await
                .map_err(|problem| kerberos(peer, problem))?;
            self.keep(ticket);
        }
        Ok(())
    }

    /// The value of the field for the next request.
    pub(super) async fn field(
        &mut self,
        line: RequestLine<'_>,
        peer: &Peer,
    ) -> Result<Zeroizing<String>, ProxyFault> {
        self.prepare(peer).await?;
        let scheme = self.scheme();
        match (&self.method, self.token.take()) {
            (_, Some(data)) => {
                self.has_proved = true;
                Ok(token::field(scheme, &data))
            }
            (Method::Ntlm { .. }, None) => Ok(token::field(scheme, &ntlm::negotiate())),
            (Method::Negotiate, None) => Ok(token::field(scheme, &[])),
            (
                Method::Digest {
                    credentials,
                    session,
                },
                None,
            ) => {
                self.has_proved = true;
                let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(session.answer(credentials, line))
            }
            (
                Method::Basic {
                    credentials,
                    charset,
                },
                None,
            ) => {
                self.has_proved = true;
                basic::answer(credentials, *charset).ok_or_else(|| unusable(peer, scheme))
            }
        }
    }

    /// What the refusal of that request means.
    pub(super) async fn hear(&mut self, offer: &Offer<'_>, peer: &Peer) -> Heard {
        let resumed = std::mem::replace(&mut self.resumed, false);
        if !self.has_proved && offer.of(self.scheme()).next().is_none() {
            return Heard::Withdrawn;
        }
        let next = offer.token(self.scheme());
        match (&self.method, next) {
            (Method::Basic { .. }, _) => Heard::Refused,
            (
                Method::Digest {
                    credentials,
                    session,
                },
                _,
            ) => {
                let (credentials, session) = (Arc::clone(credentials), Arc::clone(session));
                self.hear_nonce(offer, peer, resumed, credentials, &session)
            }
            (Method::Ntlm { .. }, _) if self.has_proved => Heard::Refused,
            (Method::Ntlm { credentials }, Some(challenge)) => {
                match prove(challenge, credentials, peer) {
                    Ok(message) => {
                        self.token = Some(message);
                        Heard::Again(Next::SameConnection)
                    }
                    Err(fault) => Heard::Failed(fault),
                }
            }
            (Method::Ntlm { .. }, None) if resumed => Heard::Again(Next::Anywhere),
            (Method::Ntlm { .. }, None) => Heard::Loops,
            (Method::Negotiate, Some(input)) => match self.step(input).await {
                // Nothing is left to be said, and the proxy still asks.
                Ok(()) if self.token.as_ref().is_none_or(|token| token.is_empty()) => {
                    Heard::Refused
                }
                Ok(()) => Heard::Again(Next::SameConnection),
                Err(problem) => Heard::Failed(kerberos(peer, problem)),
            },
            (Method::Negotiate, None) if resumed => {
                self.begin_again();
                match self.prepare(peer).await {
                    Ok(()) => Heard::Again(Next::Anywhere),
                    Err(fault) => Heard::Failed(fault),
                }
            }
            (Method::Negotiate, None) => Heard::Refused,
        }
    }

    /// The connection is another one. A ticket that was shown already is not shown again: it would look stolen.
    pub(super) fn begin_again(&mut self) {
        if self.has_proved {
            self.unbind();
        }
        self.has_proved = false;
    }

    /// What was made ready is of no use: it belongs to another connection.
    pub(super) fn unbind(&mut self) {
        self.context = None;
        self.token = None;
    }

    /// Whether the proxy only found the nonce too old.
    ///
    /// It need not say so for one that another connection got: proxies forget nonces, and those behind one address do not
    /// share them. Then it cannot have judged the password, and is answered once more.
    fn hear_nonce(
        &mut self,
        offer: &Offer<'_>,
        peer: &Peer,
        resumed: bool,
        credentials: Arc<ProxyCredentials>,
        session: &Mutex<Session>,
    ) -> Heard {
        let challenges: Vec<_> = offer.of(AuthScheme::Digest).collect();
        let Ok(demand) = Demand::strongest(&challenges) else {
            return Heard::Refused;
        };
        let is_fresh = {
            let session = session.lock().unwrap_or_else(PoisonError::into_inner);
            session.demand().nonce != demand.nonce
        };
        let is_too_old = demand.stale || (resumed && is_fresh);
        if !is_too_old {
            return Heard::Refused;
        }
        if std::mem::replace(&mut self.renewed, true) {
            return Heard::Loops;
        }
        match digest(demand, credentials, peer) {
            Ok(method) => {
                self.method = method;
                Heard::Again(Next::Anywhere)
            }
            Err(fault) => Heard::Failed(fault),
        }
    }

    async fn step(&mut self, input: &str) -> Result<(), KerberosProblem> {
        // Neither a token that is none nor one that answers nothing can be gone on with.
        let (Some(context), Some(input)) = (self.context.take(), token::decode(input)) else {
            return Err(KerberosProblem::Failed {
                code: 0,
                detail: "the token of the proxy cannot be read".into(),
            });
        };
        let ticket = Ticket::step(context, input).await?;
        self.keep(ticket);
        Ok(())
    }

    fn keep(&mut self, ticket: Ticket) {
        self.context = Some(ticket.context);
        self.token = Some(ticket.token);
    }
}

/// A login by Digest with a new nonce.
pub(super) fn digest(
    demand: Demand,
    credentials: Arc<ProxyCredentials>,
    peer: &Peer,
) -> Result<Method, ProxyFault> {
    // Without random bytes nothing safe can be sent.
    let cnonce = Session::cnonce().map_err(|_| unusable(peer, AuthScheme::Digest))?;
    Ok(Method::Digest {
        credentials,
        session: Arc::new(Mutex::new(Session::new(demand, cnonce))),
    })
}

pub(super) fn unusable(peer: &Peer, scheme: AuthScheme) -> ProxyFault {
    ProxyFault::CredentialsUnusable {
        proxy: peer.proxy.clone(),
        scheme,
    }
}

fn kerberos(peer: &Peer, problem: KerberosProblem) -> ProxyFault {
    ProxyFault::Kerberos {
        proxy: peer.proxy.clone(),
        problem,
    }
}

async fn begin(peer: &Peer) -> Result<Ticket, KerberosProblem> {
    let identity = peer
        .identity
        .clone()
        .ok_or(KerberosProblem::NoCredentials)?;
    Ticket::begin(identity, host(peer), peer.end_point.clone()).await
}

/// The third message of NTLM, in answer to the second.
fn prove(
    challenge: &str,
    credentials: &ProxyCredentials,
    peer: &Peer,
) -> Result<Zeroizing<Vec<u8>>, ProxyFault> {
    // Without random bytes nothing safe can be sent.
    let fresh = Fresh::new().map_err(|_| unusable(peer, AuthScheme::Ntlm))?;
    let account = Account::new(&credentials.user, &credentials.password, "");
    let bound = Bound {
        service: &format!("HTTP/{}", host(peer)),
        channel: peer.end_point.as_deref().map(ntlm::channel_hash),
    };
    token::decode(challenge)
        .ok_or(NtlmProblem::NotBase64)
        .and_then(|challenge| ntlm::authenticate(&challenge, &account, &bound, fresh))
        .map_err(|problem| ProxyFault::NtlmChallenge {
            proxy: peer.proxy.clone(),
            problem,
        })
}

/// The proxy's name as it stands in the name of its service.
fn host(peer: &Peer) -> String {
    match &peer.server.host {
        Host::Domain(name) => name.clone(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    }
}
