//! The protocol: a portal at its address, with its profile.

use std::sync::Arc;

use url::Url;

use super::flow::PortalFlow;
use super::profile::Profile;
use crate::cloud::CloudTable;
use crate::endpoint::RequiredEndpoint;
use crate::error::{AuthorityProblem, Error, Fault};
use crate::protocol::{Attempt, Flow, Handoff, Protocol, workforce};

/// Resets passwords on server-rendered pages, as a [`Profile`] says what they mean. Experimental.
///
/// ```
/// use sspr::protocol::portal::Profile;
/// use sspr::{Portal, ResetClient};
///
/// let url = "https://passwordreset.microsoftonline.com/".parse()?;
/// let client = ResetClient::builder(Portal::new(url, Profile::entra())?.language("ja-JP")).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What the profile does not know, what comes out of its order, and what leads to another origin ends in
/// [`Step::UseBrowser`](crate::Step::UseBrowser), with the page's own name for what it showed. A picture that asks for a
/// person is shown to the person. Nothing that has an effect is sent twice, and a new password goes only to a view that the
/// profile says takes it, where it says, on the origin of the first page. Success is what a view says that the profile
/// knows as success, in answer to the new password; where that is not seen, the outcome is
/// [`Unknown`](crate::Outcome::Unknown).
///
/// # Privacy
/// Under [`Privacy::Hide`](crate::Privacy::Hide) a user name that the page refuses as unknown ends in
/// [`Declined`](crate::Outcome::Declined) without more, and no hint of a contact is shown. **Not hidden** is what such
/// pages tell by themselves: whoever gets to choose a method, to be asked questions in somebody's own words, or to read
/// that an account is blocked or only an administrator can help, has learned that it exists. Times are not hidden either.
#[derive(Debug, Clone)]
pub struct Portal {
    settings: Arc<Settings>,
}

#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) url: Url,
    pub(super) profile: Profile,
    pub(super) language: Option<String>,
    pub(super) browser_url: Option<Url>,
    pub(super) hosts: Vec<String>,
    pub(super) posts_partially: bool,
}

impl Portal {
    /// The portal whose first page is at `url`: the page for everyone, or the one behind the link in a person's mail if the
    /// profile lets that view come first.
    ///
    /// # Errors
    /// [`Fault::InvalidAuthority`] if it is no `https` address with a host, or holds credentials or a fragment.
    pub fn new(url: Url, profile: Profile) -> Result<Self, Error> {
        let problem = match &url {
            url if url.scheme() != "https" => Some(AuthorityProblem::NotHttps),
            url if url.host_str().is_none_or(str::is_empty) => Some(AuthorityProblem::NoHost),
            url if !url.username().is_empty() || url.password().is_some() => {
                Some(AuthorityProblem::HasCredentials)
            }
            url if url.fragment().is_some() => Some(AuthorityProblem::HasQueryOrFragment),
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(Fault::InvalidAuthority { problem }.into());
        }
        let settings = Settings {
            hosts: hosts(&url),
            url,
            profile,
            language: None,
            browser_url: None,
            posts_partially: true,
        };
        Ok(Self {
            settings: Arc::new(settings),
        })
    }

    /// The language that the pages are asked for, a tag such as `ja-JP`: with every request, and in the address if the
    /// profile names a parameter for it. By default the portal chooses.
    #[must_use]
    pub fn language(mut self, tag: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.settings).language = Some(tag.into());
        self
    }

    /// The page that [`Step::UseBrowser`](crate::Step::UseBrowser) leads to. By default the first page.
    #[must_use]
    pub fn browser_url(mut self, url: Url) -> Self {
        Arc::make_mut(&mut self.settings).browser_url = Some(url);
        self
    }

    /// Asks for whole pages, as a browser without script does, also where the profile has partial posts.
    #[must_use]
    pub fn whole_pages(mut self) -> Self {
        Arc::make_mut(&mut self.settings).posts_partially = false;
        self
    }
}

impl Protocol for Portal {
    fn name(&self) -> &'static str {
        "portal"
    }

    fn authority(&self) -> &Url {
        &self.settings.url
    }

    fn required_endpoints(&self) -> Vec<RequiredEndpoint> {
        vec![RequiredEndpoint::page(self.settings.url.clone())]
    }

    fn begin(&self, attempt: Attempt) -> Box<dyn Flow> {
        let settings = Arc::clone(&self.settings);
        Box::new(PortalFlow::new(settings, attempt))
    }
}

impl Settings {
    /// The first page, in the language that was asked for.
    pub(super) fn first_page(&self) -> Url {
        let mut url = self.url.clone();
        if let Some((name, tag)) = self.profile.language.as_ref().zip(self.language.as_ref()) {
            url.query_pairs_mut().append_pair(name, tag);
        }
        url
    }

    pub(super) fn handoff(&self, reason: crate::error::PeerText) -> Handoff {
        let page = self
            .browser_url
            .clone()
            .unwrap_or_else(|| self.first_page());
        Handoff::new(Some(page), Some(reason)).hosts(self.hosts.clone())
    }
}

/// The hosts that a browser needs there, where it is the portal of a known cloud.
fn hosts(url: &Url) -> Vec<String> {
    let table = CloudTable::default();
    let is_own = |host: &String| Some(host.as_str()) == url.host_str();
    let mut clouds = table.clouds().iter();
    let cloud = clouds.find(|cloud| cloud.reset_hosts.iter().any(is_own));
    cloud.map(workforce::hosts).unwrap_or_default()
}
