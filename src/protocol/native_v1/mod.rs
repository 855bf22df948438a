//! Native authentication V1 of Microsoft Entra External ID: documented by the vendor, for customer tenants only.
//!
//! It follows "Native authentication API reference" (self-service password reset) of the Microsoft identity platform.
//! Where that page and the vendor's own clients disagree, the clients are followed, and the place says so.
//! Accounts of a workforce tenant cannot be reset with it.

mod answer;
mod flow;
mod request;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use super::application::{check_authority, check_client_id};
use super::{Attempt, Flow, Protocol};
use crate::error::Error;

/// What the embedding program can do when a sign-in follows the reset.
///
/// Without it the token call may answer with [`SignIn::UseBrowser`](super::SignIn::UseBrowser), whose reason names the
/// missing capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Capability {
    /// It can ask for a second factor.
    MfaRequired,
    /// It can register a second factor.
    RegistrationRequired,
}

impl Capability {
    const fn word(self) -> &'static str {
        match self {
            Self::MfaRequired => "mfa_required",
            Self::RegistrationRequired => "registration_required",
        }
    }
}

/// Native authentication V1, for one application of one External ID tenant.
///
/// The application must be a public client for which native authentication is enabled, and self-service password reset
/// with e-mail one-time codes must be on in the tenant.
#[derive(Debug, Clone)]
pub struct NativeV1 {
    settings: Arc<Settings>,
}

#[derive(Debug, Clone)]
struct Settings {
    authority: Url,
    urls: request::Urls,
    client_id: String,
    capabilities: Vec<Capability>,
    browser_url: Option<Url>,
}

impl NativeV1 {
    /// The protocol at `authority`, usually `https://{name}.ciamlogin.com/{name}.onmicrosoft.com`, for the application
    /// `client_id`. A custom domain or a tenant GUID will do as well; the paths of the protocol are put behind it.
    ///
    /// # Errors
    /// [`Fault::InvalidAuthority`](crate::Fault::InvalidAuthority) if it is no `https` URL with a host, or holds credentials, a query or a fragment;
    /// [`Fault::InvalidClientId`](crate::Fault::InvalidClientId) if the client id is empty, longer than 128 characters, or not of letters, digits and
    /// `-._~`.
    pub fn new(authority: impl AsRef<str>, client_id: impl Into<String>) -> Result<Self, Error> {
        let authority = check_authority(authority.as_ref())?;
        let client_id = check_client_id(client_id.into())?;
        let settings = Settings {
            urls: request::Urls::at(&authority),
            authority,
            client_id,
            capabilities: Vec::new(),
            browser_url: None,
        };
        Ok(Self {
            settings: Arc::new(settings),
        })
    }

    /// The page that [`Step::UseBrowser`](super::Step::UseBrowser) leads to when the service asks for a browser. There
    /// is no default: the service names none, and the portal for workforce accounts does not know customers.
    #[must_use]
    pub fn browser_url(mut self, url: Url) -> Self {
        Arc::make_mut(&mut self.settings).browser_url = Some(url);
        self
    }

    /// What the embedding program can do when a sign-in follows. By default nothing is said.
    #[must_use]
    pub fn capabilities(mut self, capabilities: impl IntoIterator<Item = Capability>) -> Self {
        Arc::make_mut(&mut self.settings).capabilities = capabilities.into_iter().collect();
        self
    }
}

impl Protocol for NativeV1 {
    fn name(&self) -> &'static str {
        "native-v1"
    }

    fn authority(&self) -> &Url {
        &self.settings.authority
    }

    fn begin(&self, attempt: Attempt) -> Box<dyn Flow> {
        Box::new(flow::V1Flow::new(Arc::clone(&self.settings), attempt))
    }
}
