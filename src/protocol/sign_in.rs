//! Signing in right after a reset, with the flow's own token.

use std::fmt;
use std::time::Duration;

use super::step::Handoff;
use crate::error::ServerError;
use crate::secret::Token;

/// What came of [`Reset::sign_in`](crate::Reset::sign_in). Whatever it is, the reset stays the success it was.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignIn {
    /// The person is signed in.
    Tokens(Tokens),
    /// A second factor is asked for first.
    SecondFactorRequired,
    /// A second factor has to be registered first.
    EnrolmentRequired,
    /// The service wants the password changed again before it signs the person in.
    PasswordChangeRequired,
    /// The service leads to a browser.
    UseBrowser(Handoff),
    /// The service refused.
    Refused(ServerError),
}

/// The tokens of a signed-in person (RFC 6749, section 5.1). `Debug` shows none of them.
#[non_exhaustive]
pub struct Tokens {
    /// The access token, a bearer token (RFC 6750).
    pub access_token: Token,
    /// The refresh token, if `offline_access` was among the scopes.
    pub refresh_token: Option<Token>,
    /// The ID token, if `openid` was among the scopes.
    pub id_token: Option<Token>,
    /// The scopes that were granted, separated by blanks.
    pub scope: Option<String>,
    /// For how long the access token is valid.
    pub expires_in: Option<Duration>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("scope", &self.scope)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}
