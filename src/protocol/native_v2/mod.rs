//! Native authentication V2 of Microsoft Entra External ID (preview): documented in part, the rest seen in the vendor's
//! client. Outside the semver promise.
//!
//! It follows "Native authentication password reset API reference (preview)" of the Microsoft identity platform as far as
//! it could be read, and the V2 client in `@azure/msal-browser`. For customer tenants only.
//!
//! The server leads: every answer names the next action and links to it. Links are followed only to the origin of the
//! authority, over HTTPS; any other is [`Fault::LinkRefused`](crate::Fault::LinkRefused), and nothing is sent there.

mod answer;
mod flow;
mod links;
mod methods;
mod replies;
mod request;
mod verdict;

use std::sync::Arc;

use url::Url;

use super::application::{check_authority, check_client_id};
use super::{Attempt, Flow, Protocol};
use crate::error::Error;

/// Native authentication V2, for one application of one External ID tenant.
///
/// The application must be a public client for which native authentication is enabled, and self-service password reset
/// with one-time codes by e-mail or text message must be on in the tenant.
///
/// Under [`Privacy::Hide`](super::Privacy::Hide) nobody is asked to choose a method, since the choice would tell that
/// there is an account: the first is taken.
#[derive(Debug, Clone)]
pub struct NativeV2 {
    settings: Arc<Settings>,
}

#[derive(Debug, Clone)]
struct Settings {
    authority: Url,
    urls: request::Urls,
    client_id: String,
    scope: String,
    browser_url: Option<Url>,
}

impl NativeV2 {
    /// The protocol at `authority` for the application `client_id`. The documents show `https://{custom domain}/{tenant
    /// GUID}` and disagree on whether a custom domain is needed, so any authority is taken.
    ///
    /// # Errors
    /// [`Fault::InvalidAuthority`](crate::Fault::InvalidAuthority) if it is no `https` URL with a host, or holds
    /// credentials, a query or a fragment; [`Fault::InvalidClientId`](crate::Fault::InvalidClientId) if the client id is
    /// empty, longer than 128 characters, or not of letters, digits and `-._~`.
    pub fn new(authority: impl AsRef<str>, client_id: impl Into<String>) -> Result<Self, Error> {
        let authority = check_authority(authority.as_ref())?;
        let client_id = check_client_id(client_id.into())?;
        let settings = Settings {
            urls: request::Urls::at(&authority),
            authority,
            client_id,
            scope: String::new(),
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

    /// The scopes of a sign-in that follows, separated by blanks. This protocol wants them when the attempt begins, so
    /// the ones that [`Reset::sign_in`](crate::Reset::sign_in) is given play no part. By default none are sent.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.settings).scope = scope.into();
        self
    }
}

impl Protocol for NativeV2 {
    fn name(&self) -> &'static str {
        "native-v2"
    }

    fn authority(&self) -> &Url {
        &self.settings.authority
    }

    fn begin(&self, attempt: Attempt) -> Box<dyn Flow> {
        Box::new(flow::V2Flow::new(Arc::clone(&self.settings), attempt))
    }
}
