//! Which credentials may go to which proxy.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::negotiate::Negotiate;
use crate::error::{AuthScheme, PeerText, ProxyReply};
use crate::proxy::ProxyServer;
use crate::secret::ProxyPassword;

/// An account at a proxy. `Debug` shows nothing of it.
pub struct ProxyCredentials {
    pub(in crate::tunnel) user: String,
    pub(in crate::tunnel) password: ProxyPassword,
}

impl ProxyCredentials {
    /// An account. `user` is the name as the proxy knows it: `adele`, `CORP\adele` or `adele@corp.example`.
    pub fn new(user: impl Into<String>, password: ProxyPassword) -> Self {
        Self {
            user: user.into(),
            password,
        }
    }

    /// Whether the proxy would see no difference.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.user == other.user && self.password.expose_secret() == other.password.expose_secret()
    }
}

impl fmt::Debug for ProxyCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyCredentials(…)")
    }
}

/// What [`AskCredentials::ask`] returns.
pub type CredentialFuture<'a> = Pin<Box<dyn Future<Output = Option<ProxyCredentials>> + Send + 'a>>;

/// What a frontend is asked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CredentialQuestion {
    /// The proxy that demands a login.
    pub proxy: ProxyServer,
    /// Which of the ways that it offers would be used; `None` for a SOCKS proxy, which gets the password in clear text.
    pub scheme: Option<AuthScheme>,
    /// How the proxy calls what the credentials are for, if it says so.
    pub realm: Option<PeerText>,
    /// What it said; `None` for a SOCKS proxy.
    pub reply: Option<ProxyReply>,
    /// Whether it refused credentials before.
    pub refused_before: bool,
}

/// Asks the person, or a vault, for a login at a proxy: implemented by the frontend.
///
/// It is asked at most once while one connection is opened, and for one connection at a time. What it answers is used until
/// the proxy refuses it. [`Timeouts::proxy_question`](crate::Timeouts::proxy_question) is the time for it; while it is
/// asked, the time for the exchange stands still. A fetch of revocation data does not wait that long.
pub trait AskCredentials: Send + Sync {
    /// The login, or `None` if there is none. Dropping the future withdraws the question.
    fn ask(&self, question: CredentialQuestion) -> CredentialFuture<'_>;
}

/// Which credentials may go to which proxy, and how. The default gives none to any.
///
/// Credentials that a proxy has refused are not sent to it again as long as the client lives, so that no account is locked
/// out; a change of the network makes it forget that.
#[derive(Clone, Default)]
pub struct ProxyAccess {
    given: Vec<Given>,
    listed: Vec<ProxyServer>,
    forbidden: Vec<AuthScheme>,
    pub(super) frontend: Option<Arc<dyn AskCredentials>>,
    pub(super) identity: Option<Arc<dyn Negotiate>>,
    pub(super) basic_over_plaintext: bool,
}

#[derive(Clone)]
pub(super) struct Given {
    pub(super) proxy: ProxyServer,
    /// `None` for all of them, and for schemes that have none.
    pub(super) realm: Option<String>,
    pub(super) credentials: Arc<ProxyCredentials>,
}

impl ProxyAccess {
    /// No credentials for any proxy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Logs in to `proxy`, and to no other, with these and no longer with those that were given for it before. A SOCKS 5 proxy gets them in clear text (RFC 1929).
    #[must_use]
    pub fn credentials(self, proxy: ProxyServer, credentials: ProxyCredentials) -> Self {
        self.give(proxy, None, credentials)
    }

    /// As [`credentials`](Self::credentials), but only where the proxy asks for them by the name `realm` (RFC 9110,
    /// section 11.5). Only Basic and Digest have realms.
    #[must_use]
    pub fn credentials_in_realm(
        self,
        proxy: ProxyServer,
        realm: impl Into<String>,
        credentials: ProxyCredentials,
    ) -> Self {
        self.give(proxy, Some(realm.into()), credentials)
    }

    /// Whom to ask for credentials that were not given.
    #[must_use]
    pub fn ask(mut self, frontend: impl AskCredentials + 'static) -> Self {
        self.frontend = Some(Arc::new(frontend));
        self
    }

    /// Logs in by Negotiate as this identity: the account of the computer, or whose ticket there is.
    ///
    /// It goes to every proxy that the settings name and that asks for it; to one that a script names, only if it is
    /// [`listed`](Self::listed).
    #[must_use]
    pub fn own_identity(mut self, identity: impl Negotiate + 'static) -> Self {
        self.identity = Some(Arc::new(identity));
        self
    }

    /// Lets a script (PAC, WPAD) name this proxy for a login. Whoever answers for the script could name a proxy of their
    /// own otherwise. Proxies with credentials given for them are on the list already.
    #[must_use]
    pub fn listed(mut self, proxy: ProxyServer) -> Self {
        self.listed.push(proxy);
        self
    }

    /// Never logs in this way.
    #[must_use]
    pub fn disable(mut self, scheme: AuthScheme) -> Self {
        self.forbidden.push(scheme);
        self
    }

    /// Whether a password may go to an HTTP proxy in clear text (Basic without TLS to the proxy), which everyone on the way
    /// can read.
    #[must_use]
    pub fn allow_basic_over_plaintext(mut self, allow: bool) -> Self {
        self.basic_over_plaintext = allow;
        self
    }

    /// Whether anything may be told to `proxy` at all.
    pub(super) fn trusts(&self, proxy: &ProxyServer, by_script: bool) -> bool {
        !by_script || self.listed.contains(proxy) || self.given_for(proxy).next().is_some()
    }

    pub(super) fn allows(&self, scheme: AuthScheme) -> bool {
        !self.forbidden.contains(&scheme)
    }

    pub(super) fn given_for(&self, proxy: &ProxyServer) -> impl Iterator<Item = &Given> {
        self.given.iter().filter(move |given| given.proxy == *proxy)
    }

    fn give(
        mut self,
        proxy: ProxyServer,
        realm: Option<String>,
        credentials: ProxyCredentials,
    ) -> Self {
        self.given
            .retain(|given| given.proxy != proxy || given.realm != realm);
        self.given.push(Given {
            proxy,
            realm,
            credentials: Arc::new(credentials),
        });
        self
    }
}

impl fmt::Debug for ProxyAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given: Vec<_> = self.given.iter().map(|given| &given.proxy).collect();
        f.debug_struct("ProxyAccess")
            .field("given", &given)
            .field("listed", &self.listed)
            .field("forbidden", &self.forbidden)
            .field("asks", &self.frontend.is_some())
            .field("own_identity", &self.identity.is_some())
            .field("basic_over_plaintext", &self.basic_over_plaintext)
            .finish()
    }
}
