//! What a Digest challenge demands (RFC 7616, section 3.3).

use std::cmp::Reverse;

use super::algorithm::Algorithm;
use crate::error::{DigestProblem, PeerText};
use crate::tunnel::auth::challenge::Challenge;

/// A challenge that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tunnel::auth) struct Demand {
    pub(in crate::tunnel::auth) realm: String,
    pub(in crate::tunnel::auth) nonce: String,
    /// Whether the credentials were right and only the nonce was too old.
    pub(in crate::tunnel::auth) stale: bool,
    pub(super) opaque: Option<String>,
    /// `None` if it names none.
    pub(super) algorithm: Option<Algorithm>,
    /// Whether it knows the quality of protection `auth`; RFC 2069 had none.
    pub(super) protects: bool,
    /// Whether the user's name is to be hashed.
    pub(super) hashes_user: bool,
    /// Whether it says that it knows UTF-8, as those do that follow RFC 7616.
    pub(super) knows_utf8: bool,
}

impl Demand {
    /// The challenge with the strongest hash that can be answered; of equal ones the first, as the proxy prefers.
    ///
    /// # Errors
    /// None of them can be: what is wrong with the first.
    pub(in crate::tunnel::auth) fn strongest(
        challenges: &[&Challenge<'_>],
    ) -> Result<Self, DigestProblem> {
        let (demands, problems): (Vec<_>, Vec<_>) = challenges
            .iter()
            .map(|challenge| Self::read(challenge))
            .partition(Result::is_ok);
        demands
            .into_iter()
            .flatten()
            .min_by_key(|demand| Reverse(demand.algorithm().strength()))
            .ok_or_else(|| {
                let first = problems.into_iter().find_map(Result::err);
                first.unwrap_or(DigestProblem::Missing { name: "nonce" })
            })
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm.unwrap_or(Algorithm::DEFAULT)
    }

    fn read(challenge: &Challenge<'_>) -> Result<Self, DigestProblem> {
        let algorithm =
            match parameter(challenge, "algorithm")? {
                None => None,
                Some(name) => Some(Algorithm::named(name.as_bytes()).ok_or_else(|| {
                    DigestProblem::Algorithm {
                        algorithm: PeerText::new(&name),
                    }
                })?),
            };
        let qop = parameter(challenge, "qop")?;
        if let Some(qop) = &qop
            && !qop
                .split(',')
                .any(|one| one.trim().eq_ignore_ascii_case("auth"))
        {
            let qop = PeerText::new(qop);
            return Err(DigestProblem::Qop { qop });
        }
        let required = |name| parameter(challenge, name)?.ok_or(DigestProblem::Missing { name });
        let says = |name, word: &str| {
            let value = parameter(challenge, name)?;
            Ok(value.is_some_and(|value| value.eq_ignore_ascii_case(word)))
        };
        Ok(Self {
            realm: required("realm")?,
            nonce: required("nonce")?,
            stale: says("stale", "true")?,
            opaque: parameter(challenge, "opaque")?,
            algorithm,
            protects: qop.is_some(),
            hashes_user: says("userhash", "true")?,
            knows_utf8: says("charset", "UTF-8")?,
        })
    }
}

/// A parameter as text: it is hashed, or sent back.
fn parameter(
    challenge: &Challenge<'_>,
    name: &'static str,
) -> Result<Option<String>, DigestProblem> {
    let invalid = DigestProblem::Invalid { name };
    match challenge.parameter(name) {
        Ok(None) => Ok(None),
        Ok(Some(value)) => match String::from_utf8(value.to_vec()) {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(invalid),
        },
        Err(_) => Err(invalid),
    }
}
