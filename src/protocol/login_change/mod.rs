//! Changing a password that has expired, as the sign-in page of Microsoft Entra ID does it: undocumented by the vendor,
//! seen alike in four public programs. Outside the semver promise.
//!
//! For **workforce** accounts whose person still knows the old password: it has expired, or has to be changed. A
//! forgotten password cannot be changed so; what to offer then, [`SignInResult::route`] tells.
//!
//! ```text
//!  sign-in page ─▶ EnterCurrentPassword ─▶ NewPassword ─▶ Applying ─▶ Finished
//!       GET             POST urlPost          Begin         Poll, End
//! ```
//!
//! The contract is a web page's own and may change at any time. So every address but the first is taken from the page's
//! `$Config`, and only if it lies on the origin of the authority; whatever is not recognised ends in
//! [`Step::UseBrowser`](super::Step::UseBrowser) or in an error of stage Protocol, and nothing is sent elsewhere.
//! Accounts whose sign-in is federated lead to a browser.

mod change_code;
mod flow;
mod job;
mod page;
mod replies;
mod request;
mod script;
mod sign_in_result;

use std::sync::Arc;

use url::Url;

pub use self::change_code::ChangeCode;
pub use self::sign_in_result::{Route, SignInResult};
use super::application::{check_authority, check_client_id, endpoint};
use super::{Attempt, Flow, Protocol};
use crate::cloud::CloudTable;
use crate::error::Error;

/// The change of an expired password at sign-in, for one tenant.
///
/// Under [`Privacy::Hide`](super::Privacy::Hide) an unknown account is answered like a wrong password, and the third
/// refusal of either ends the attempt. What the service tells of a known account alone (it is locked or disabled) is not
/// hidden. That a password has to be changed, it tells to whoever knows it.
#[derive(Debug, Clone)]
pub struct LoginChange {
    settings: Arc<Settings>,
}

#[derive(Debug, Clone)]
struct Settings {
    authority: Url,
    authorize: Url,
    client_id: String,
    redirect_uri: String,
    reset_url: Option<Url>,
    browser_url: Option<Url>,
}

impl LoginChange {
    /// The sign-in page at `authority`, for instance `https://login.microsoftonline.com/contoso.onmicrosoft.com`, that a
    /// person would see for the application `client_id`. Nobody is signed in to it: the page only wants to know.
    ///
    /// # Errors
    /// [`Fault::InvalidAuthority`](crate::Fault::InvalidAuthority) if it is no `https` URL with a host, or holds
    /// credentials, a query or a fragment; [`Fault::InvalidClientId`](crate::Fault::InvalidClientId) if the client id is
    /// empty, longer than 128 characters, or not of letters, digits and `-._~`.
    pub fn new(authority: impl AsRef<str>, client_id: impl Into<String>) -> Result<Self, Error> {
        let authority = check_authority(authority.as_ref())?;
        let client_id = check_client_id(client_id.into())?;
        let settings = Settings {
            authorize: endpoint(&authority, "/oauth2/v2.0/authorize"),
            redirect_uri: default_redirect_uri(&authority),
            reset_url: reset_portal(&authority),
            authority,
            client_id,
            browser_url: None,
        };
        Ok(Self {
            settings: Arc::new(settings),
        })
    }

    /// Where the application's sign-ins lead, as it is registered. By default `/common/oauth2/nativeclient` of the
    /// authority's host. Nothing is sent there: an answer that leads there with a code proves that the new password works.
    #[must_use]
    pub fn redirect_uri(mut self, uri: Url) -> Self {
        Arc::make_mut(&mut self.settings).redirect_uri = uri.into();
        self
    }

    /// The page that [`Step::UseBrowser`](super::Step::UseBrowser) leads to. By default the reset portal of the cloud for
    /// those who have to reset their password, where the cloud is a known one, and the authority for everyone else.
    #[must_use]
    pub fn browser_url(mut self, url: Url) -> Self {
        Arc::make_mut(&mut self.settings).browser_url = Some(url);
        self
    }
}

impl Protocol for LoginChange {
    fn name(&self) -> &'static str {
        "login-change"
    }

    fn authority(&self) -> &Url {
        &self.settings.authority
    }

    fn begin(&self, attempt: Attempt) -> Box<dyn Flow> {
        let settings = Arc::clone(&self.settings);
        Box::new(flow::ChangeFlow::new(settings, attempt))
    }
}

fn default_redirect_uri(authority: &Url) -> String {
    let mut uri = authority.clone();
    uri.set_path("/common/oauth2/nativeclient");
    uri.into()
}

/// Where those reset their password who sign in at this authority.
fn reset_portal(authority: &Url) -> Option<Url> {
    let table = CloudTable::default();
    let is_own = |login_host: &str| authority.host_str() == Some(login_host);
    let cloud = table.clouds().iter().find(|c| is_own(&c.login_host))?;
    Url::parse(&format!("https://{}/", cloud.reset_hosts.first()?)).ok()
}
