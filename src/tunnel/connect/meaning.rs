//! What an answer to CONNECT means.

use url::Url;

use super::head::Head;
use crate::error::{PeerText, ProxyReply};
use crate::tunnel::auth::Refusal;

/// What the proxy says.
pub(super) enum Meaning<'a> {
    /// The tunnel is open.
    Open,
    /// It demands a login, or refuses the one that was sent.
    LogIn(Refusal<'a>),
    /// It leads to a page instead.
    Elsewhere {
        status: u16,
        location: Option<PeerText>,
    },
    /// It refuses the destination, or cannot reach it.
    No(ProxyReply),
}

impl<'a> Meaning<'a> {
    /// Reads `head`, the answer to a request that had a login if it `logs_in`.
    pub(super) fn of(head: &'a Head, logs_in: bool) -> Self {
        match head.status {
            // Any of them (RFC 9110, section 9.3.6), whatever else stands in the head.
            200..=299 => Self::Open,
            407 => Self::LogIn(refusal(head, "proxy-authenticate")),
            // Some proxies refuse a login with the status of a server. Without a login it would be the server's, and
            // that one must not be told how to log in here.
            401 if logs_in => Self::LogIn(refusal(head, "www-authenticate")),
            300..=399 | 511 => Self::Elsewhere {
                status: head.status,
                location: head.values("location").next().and_then(origin),
            },
            _ => Self::No(ProxyReply {
                status: head.status,
                reason: head.reason.clone(),
                offered: head
                    .values("proxy-authenticate")
                    .filter_map(scheme)
                    .collect(),
            }),
        }
    }
}

fn refusal<'a>(head: &'a Head, field: &str) -> Refusal<'a> {
    Refusal {
        status: head.status,
        reason: head.reason.clone(),
        challenges: head.values(field).collect(),
    }
}

/// The scheme and host of an address; the rest of it may tell who asked.
fn origin(location: &[u8]) -> Option<PeerText> {
    let url = Url::parse(std::str::from_utf8(location).ok()?).ok()?;
    url.host()?;
    Some(PeerText::new(&url.origin().ascii_serialization()))
}

/// The name at the beginning of a challenge.
fn scheme(challenge: &[u8]) -> Option<PeerText> {
    let name = challenge.split(|byte| matches!(byte, b' ' | b',')).next()?;
    Some(PeerText::new(&String::from_utf8_lossy(name)))
}
