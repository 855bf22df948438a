//! The addresses that must answer before anything can be reset.

use serde::Serialize;
use url::Url;

/// An address that a protocol or a cloud needs, and what a healthy server answers there to a plain `GET`.
///
/// Asking it changes nothing: no account is named, and no attempt is spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequiredEndpoint {
    /// The address; always `https`.
    pub url: Url,
    /// What it answers.
    pub answers: Answers,
}

/// What a healthy server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Answers {
    /// The description of a sign-in service (OpenID Connect Discovery 1.0, section 4.2).
    OpenIdConfiguration,
    /// A page for people.
    Page,
}

impl RequiredEndpoint {
    /// The description of the sign-in service at `authority`, which Entra publishes for every tenant.
    pub fn sign_in(authority: &Url) -> Self {
        let mut url = authority.clone();
        let path = authority.path().trim_end_matches('/');
        url.set_path(&format!("{path}/v2.0/.well-known/openid-configuration"));
        Self {
            url,
            answers: Answers::OpenIdConfiguration,
        }
    }

    /// The page at `url`.
    pub const fn page(url: Url) -> Self {
        Self {
            url,
            answers: Answers::Page,
        }
    }
}
