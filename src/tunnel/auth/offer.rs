//! What a proxy offers when it demands a login.

use super::challenge::Challenge;
use crate::error::{AuthScheme, PeerText, ProxyReply};

/// The most names that are kept as evidence.
const MOST_NAMES: usize = 32;

/// The challenges of one refusal, and the refusal itself.
pub(super) struct Offer<'a> {
    challenges: Vec<Challenge<'a>>,
    /// The evidence.
    pub(super) reply: ProxyReply,
}

impl<'a> Offer<'a> {
    pub(super) fn read(status: u16, reason: PeerText, fields: &[&'a [u8]]) -> Self {
        let challenges: Vec<_> = fields
            .iter()
            .flat_map(|field| Challenge::parse(field))
            .collect();
        let names = challenges.iter().map(|challenge| challenge.scheme);
        let reply = ProxyReply {
            status,
            reason,
            offered: names.map(PeerText::new).take(MOST_NAMES).collect(),
        };
        Self { challenges, reply }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.challenges.is_empty()
    }

    /// The schemes that are known here, the best first. The order of the proxy does not count.
    pub(super) fn schemes(&self) -> impl Iterator<Item = AuthScheme> {
        [
            AuthScheme::Negotiate,
            AuthScheme::Ntlm,
            AuthScheme::Digest,
            AuthScheme::Basic,
        ]
        .into_iter()
        .filter(|scheme| self.of(*scheme).next().is_some())
    }

    /// The challenges of a scheme, in their order.
    pub(super) fn of(&self, scheme: AuthScheme) -> impl Iterator<Item = &Challenge<'a>> {
        self.challenges
            .iter()
            .filter(move |challenge| challenge.is(scheme.name()))
    }

    /// The data that a scheme of several legs goes on with.
    pub(super) fn token(&self, scheme: AuthScheme) -> Option<&'a str> {
        self.of(scheme).find_map(|challenge| challenge.token)
    }
}
