//! What a fault is made of: the finer reasons, and the server's own words.

use std::fmt;

use serde::Serialize;

use super::PeerText;

/// What is wrong with an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AuthorityProblem {
    /// It is no URL.
    #[error("not a URL")]
    NotAUrl,
    /// It is not `https`.
    #[error("not https")]
    NotHttps,
    /// It has no host name.
    #[error("no host")]
    NoHost,
    /// It holds a user name or a password.
    #[error("holds credentials")]
    HasCredentials,
    /// It holds a query or a fragment.
    #[error("holds a query or a fragment")]
    HasQueryOrFragment,
}

/// Why a link that a server sent is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LinkProblem {
    /// It cannot be read as a URL (RFC 3986), or not without passing over characters in it.
    #[error("not a URL")]
    NotAUrl,
    /// It is not `https`.
    #[error("not https")]
    NotHttps,
    /// It leads to another host or port than the one that sent it.
    #[error("leads to another origin")]
    OtherOrigin,
    /// It holds a user name or a password.
    #[error("holds credentials")]
    HasCredentials,
    /// It holds a fragment.
    #[error("holds a fragment")]
    HasFragment,
    /// It is a template (RFC 6570), and nothing says what to fill in.
    #[error("is a template")]
    Templated,
}

/// What is wrong with a user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UsernameProblem {
    /// Nothing is left after the blanks at both ends are taken off.
    #[error("empty")]
    Empty,
    /// More than [`Username::LIMIT`](crate::Username::LIMIT) characters.
    #[error("too long")]
    TooLong,
    /// Blanks, control characters or invisible characters inside.
    #[error("holds characters that no user name has")]
    Characters,
}

/// What was being waited for when the time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TimedPhase {
    /// The head of the answer.
    Head,
    /// The body of the answer.
    Body,
    /// The whole of it, from the name to the last byte.
    Whole,
}

impl fmt::Display for TimedPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Head => "head",
            Self::Body => "body",
            Self::Whole => "whole exchange",
        })
    }
}

/// The machine-readable part of a server's error answer, verbatim as far as it can be shown.
///
/// The server's description is left out: it repeats the user name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServerError {
    /// The field `error`.
    pub error: PeerText,
    /// The field `suberror`.
    pub suberror: Option<PeerText>,
    /// The field `error_codes`, at most 16 of them.
    pub codes: Vec<i64>,
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)?;
        if let Some(suberror) = &self.suberror {
            write!(f, "/{suberror}")?;
        }
        for (index, code) in self.codes.iter().enumerate() {
            write!(f, "{}{code}", if index == 0 { " " } else { "," })?;
        }
        Ok(())
    }
}
