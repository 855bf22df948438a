//! Where a server may lead a flow: to its own origin, over HTTPS, or nowhere.

use url::Url;

use crate::error::{LinkProblem, PeerText};

/// No link that the protocols know comes near.
const LENGTH_LIMIT: usize = 4096;

/// Whether a URL parser reads `href` as it stands: it passes over tabs and line ends, and takes a backslash for a slash.
pub(super) fn is_plain(href: &str) -> bool {
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    !href.is_empty() && href.len() <= LENGTH_LIMIT && !href.contains(is_odd)
}

/// What keeps `url` from being followed, if anything does.
pub(super) fn problem(authority: &Url, url: &Url) -> Option<LinkProblem> {
    if url.scheme() != "https" {
        Some(LinkProblem::NotHttps)
    } else if !url.username().is_empty() || url.password().is_some() {
        Some(LinkProblem::HasCredentials)
    } else if url.origin() != authority.origin() {
        Some(LinkProblem::OtherOrigin)
    } else if url.fragment().is_some() {
        Some(LinkProblem::HasFragment)
    } else {
        None
    }
}

/// The host with its port, if it names one.
pub(super) fn host(url: &Url) -> Option<PeerText> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => PeerText::new(&format!("{host}:{port}")),
        None => PeerText::new(host),
    })
}
