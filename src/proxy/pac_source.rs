//! The seam behind which a proxy script is fetched and run.

use std::future::Future;
use std::pin::Pin;

use serde::Serialize;
use url::Url;

use crate::error::{PacError, PacUrlProblem};

/// Where a store says that the script is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PacSource {
    /// At this address, `http` or `https` and without credentials.
    Url(Url),
    /// Where automatic detection finds it (WPAD). Only after the caller opted in and no policy forbids it.
    AutoDetect,
}

/// What [`PacResolver::resolve`] returns: the string that the script returned, not yet read.
pub type PacFuture<'a> = Pin<Box<dyn Future<Output = Result<String, PacError>> + Send + 'a>>;

/// Fetches a proxy script and asks it for the way to an address. An embedding program may bring the evaluator of its
/// operating system.
pub trait PacResolver: Send + Sync {
    /// What the script answers for `url`.
    ///
    /// `url` holds scheme, host and port only: [`address_for_script`] has taken out what a script has no business to
    /// see. The answer is read by [`pac_list::parse`](super::pac_list::parse).
    ///
    /// # Errors
    /// [`PacError`]; none of them is to be answered by going direct.
    fn resolve<'a>(&'a self, source: &'a PacSource, url: &'a Url) -> PacFuture<'a>;

    /// Forgets scripts and answers: a setting or the network has changed.
    fn forget(&self) {}
}

/// The part of an address that a script may see: no credentials, path, query or fragment, whatever the scheme.
pub fn address_for_script(url: &Url) -> Url {
    let mut bare = url.clone();
    bare.set_path("/");
    bare.set_query(None);
    bare.set_fragment(None);
    // These fail only where there is no host, and then there is nothing to take out either.
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    bare
}

/// Reads the address of a script as a store states it.
///
/// # Errors
/// [`PacUrlProblem`] if it is relative, neither `http` nor `https`, or holds credentials.
pub fn parse_script_url(text: &str) -> Result<Url, PacUrlProblem> {
    let url = Url::parse(text.trim()).map_err(|_| PacUrlProblem::NotAbsolute)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(PacUrlProblem::Scheme(url.scheme().into()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(PacUrlProblem::Credentials);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P11
    #[test]
    fn p11_only_http_addresses_name_a_script() {
        for (text, problem) in [
            ("file://c:/proxy.pac", PacUrlProblem::Scheme("file".into())),
            ("ftp://h/proxy.pac", PacUrlProblem::Scheme("ftp".into())),
            ("data:,x", PacUrlProblem::Scheme("data".into())),
            ("wpad.dat", PacUrlProblem::NotAbsolute),
            ("//h/wpad.dat", PacUrlProblem::NotAbsolute),
            ("", PacUrlProblem::NotAbsolute),
            ("http://", PacUrlProblem::NotAbsolute),
            ("http://u:p@h/", PacUrlProblem::Credentials),
        ] {
            assert_eq!(parse_script_url(text), Err(problem), "{text}");
        }
        assert!(parse_script_url(" http://pac.corp.example/proxy.pac ").is_ok());
    }

    #[test]
    fn a_script_sees_neither_path_nor_credentials() {
        let url = Url::parse("http://u:p@h.example:8080/a/b?c=d#e").unwrap();
        assert_eq!(address_for_script(&url).as_str(), "http://h.example:8080/");
    }
}
