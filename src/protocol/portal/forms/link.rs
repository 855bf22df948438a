//! Where an address on a page leads.

use url::Url;

use super::fault::FormFault;
use crate::error::{LinkProblem, PeerText};
use crate::protocol::origin;

/// What is wrong with an address, and its host if it has one.
pub(super) type Refused = (LinkProblem, Option<PeerText>);

/// The addresses that those on a page are relative to.
#[derive(Clone)]
pub(super) struct Place {
    /// Of the page.
    pub(super) page: Url,
    /// As `<base>` says; otherwise that of the page.
    pub(super) base: Url,
}

impl Place {
    /// An address on the page's own origin, without its fragment, which is never sent.
    pub(super) fn follow(&self, href: &str) -> Result<Url, Refused> {
        let href = href.trim_matches(|c: char| c.is_ascii_whitespace());
        if !href.is_empty() && !origin::is_plain(href) {
            return Err((LinkProblem::NotAUrl, None));
        }
        let mut url = self
            .base
            .join(href)
            .map_err(|_| (LinkProblem::NotAUrl, None))?;
        url.set_fragment(None);
        match origin::problem(&self.page, &url) {
            None => Ok(url),
            Some(problem) => Err((problem, origin::host(&url))),
        }
    }

    /// Where a form goes: without an address to the page itself, whatever `<base>` says.
    pub(super) fn action(&self, action: Option<&str>) -> Result<Url, FormFault> {
        let is_empty = |action: &&str| action.trim_ascii().is_empty();
        match action.filter(|action| !is_empty(action)) {
            Some(action) => self.follow(action),
            None => Self {
                page: self.page.clone(),
                base: self.page.clone(),
            }
            .follow(""),
        }
        .map_err(|(problem, host)| FormFault::Action { problem, host })
    }
}
