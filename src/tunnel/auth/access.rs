//! Which credentials may go to which proxy.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::error::{AuthScheme, ProxyReply};
use crate::proxy::ProxyServer;
use crate::secret::ProxyPassword;

/// An account at a proxy.
#[derive(Debug)]
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
}

/// What [`AskCredentials::ask`] returns.
pub type CredentialFuture<'a> = Pin<Box<dyn Future<Output = Option<ProxyCredentials>> + Send + 'a>>;

/// What a frontend is asked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CredentialQuestion {
    /// The proxy that demands a login.
    pub proxy: ProxyServer,
    /// Which of the ways that it offers would be used.
    pub scheme: AuthScheme,
    /// What it said.
    pub reply: ProxyReply,
    /// Whether it refused what the frontend answered before.
    pub refused_before: bool,
}

/// Asks the person, or a vault, for a login at a proxy: implemented by the frontend.
///
/// It is asked at most once while one connection is opened.
pub trait AskCredentials: Send + Sync {
    /// The login, or `None` if there is none. Dropping the future withdraws the question.
    fn ask(&self, question: CredentialQuestion) -> CredentialFuture<'_>;
}

/// Which credentials may go to which proxy, and how. The default gives none to any.
#[derive(Clone, Default)]
pub struct ProxyAccess {
    pub(super) given: Vec<(ProxyServer, Arc<ProxyCredentials>)>,
    pub(super) frontend: Option<Arc<dyn AskCredentials>>,
    pub(super) basic_over_plaintext: bool,
}

impl ProxyAccess {
    /// No credentials for any proxy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Logs in to `proxy`, and to no other, with these.
    #[must_use]
    pub fn credentials(mut self, proxy: ProxyServer, credentials: ProxyCredentials) -> Self {
        self.given.push((proxy, Arc::new(credentials)));
        self
    }

    /// Whom to ask for credentials that were not given.
    #[must_use]
    pub fn ask(mut self, frontend: impl AskCredentials + 'static) -> Self {
        self.frontend = Some(Arc::new(frontend));
        self
    }

    /// Whether a password may go to a proxy in clear text (Basic without TLS to the proxy), which everyone on the way can
    /// read.
    #[must_use]
    pub fn allow_basic_over_plaintext(mut self, allow: bool) -> Self {
        self.basic_over_plaintext = allow;
        self
    }
}

impl fmt::Debug for ProxyAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyAccess")
            .field("given", &self.given)
            .field("asks", &self.frontend.is_some())
            .field("basic_over_plaintext", &self.basic_over_plaintext)
            .finish()
    }
}
