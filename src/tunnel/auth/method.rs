//! How a login is made: by which scheme, with which credentials.

use std::sync::{Arc, Mutex};

use super::access::ProxyCredentials;
use super::basic::Charset;
use super::digest::Session;
use crate::error::AuthScheme;

/// All that is needed to log in once more, on another connection.
#[derive(Clone)]
pub(super) enum Method {
    Basic {
        credentials: Arc<ProxyCredentials>,
        charset: Charset,
    },
    Digest {
        credentials: Arc<ProxyCredentials>,
        /// Shared by the connections: each request has a number of its own.
        session: Arc<Mutex<Session>>,
    },
    Ntlm {
        credentials: Arc<ProxyCredentials>,
    },
    /// As the own identity.
    Negotiate,
}

impl Method {
    pub(super) const fn scheme(&self) -> AuthScheme {
        match self {
            Self::Basic { .. } => AuthScheme::Basic,
            Self::Digest { .. } => AuthScheme::Digest,
            Self::Ntlm { .. } => AuthScheme::Ntlm,
            Self::Negotiate => AuthScheme::Negotiate,
        }
    }

    /// The account; `None` for the own identity.
    pub(super) const fn credentials(&self) -> Option<&Arc<ProxyCredentials>> {
        match self {
            Self::Basic { credentials, .. }
            | Self::Digest { credentials, .. }
            | Self::Ntlm { credentials } => Some(credentials),
            Self::Negotiate => None,
        }
    }
}
