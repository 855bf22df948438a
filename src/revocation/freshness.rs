//! The rules of time that OCSP responses and CRLs share (RFC 9919, section 4; RFC 5280, section
//! 6.3.3).

use std::time::Duration;

use rustls_pki_types::UnixTime;

/// How fresh revocation data must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Freshness {
    /// How far this machine's clock may be off, applied at both ends. Default: 5 minutes.
    pub skew: Duration,
    /// How long after `thisUpdate` the data counts, even if `nextUpdate` is later. Default: 10
    /// days for a server's certificate, 366 days for a CA's.
    pub max_age: Duration,
    /// Whether data without `nextUpdate` is refused, as RFC 9919 demands. Default: true.
    pub next_update_required: bool,
}

impl Freshness {
    /// The rules for a server's certificate.
    pub const LEAF: Self = Self {
        skew: Duration::from_secs(5 * 60),
        max_age: Duration::from_secs(10 * 24 * 60 * 60),
        next_update_required: true,
    };

    /// The rules for the certificate of a CA.
    pub const INTERMEDIATE: Self = Self {
        max_age: Duration::from_secs(366 * 24 * 60 * 60),
        ..Self::LEAF
    };

    /// Judges data issued at `this_update`, to be replaced by `next_update`.
    pub(crate) fn judge(
        &self,
        this_update: UnixTime,
        next_update: Option<UnixTime>,
        now: UnixTime,
    ) -> Result<(), Untimely> {
        let (skew, seconds) = (self.skew.as_secs(), now.as_secs());
        if this_update.as_secs() > seconds.saturating_add(skew) {
            return Err(Untimely::NotYetValid { this_update, now });
        }
        match next_update {
            Some(next_update) if next_update.as_secs().saturating_add(skew) < seconds => {
                return Err(Untimely::Stale { next_update, now });
            }
            None if self.next_update_required => return Err(Untimely::NoNextUpdate),
            _ => {}
        }
        if seconds.saturating_sub(this_update.as_secs()) > self.max_age.as_secs() {
            return Err(Untimely::TooOld {
                this_update,
                max_age: self.max_age,
                now,
            });
        }
        Ok(())
    }
}

/// Why authentic revocation data does not count now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Untimely {
    /// It was to be replaced before now.
    #[error("it was to be replaced at {}, now is {}", next_update.as_secs(), now.as_secs())]
    Stale {
        /// When it was to be replaced.
        next_update: UnixTime,
        /// The time given by the caller.
        now: UnixTime,
    },
    /// It is older than the profile allows.
    #[error("it was issued at {}, now is {}, more than {max_age:?} later", this_update.as_secs(), now.as_secs())]
    TooOld {
        /// When it was issued.
        this_update: UnixTime,
        /// The age that the profile allows.
        max_age: Duration,
        /// The time given by the caller.
        now: UnixTime,
    },
    /// It comes from the future. Its signature is good, so the true time is `this_update` or
    /// later, and this machine's clock is slow.
    #[error("it was issued at {}, now is only {}", this_update.as_secs(), now.as_secs())]
    NotYetValid {
        /// When it was issued.
        this_update: UnixTime,
        /// The time given by the caller.
        now: UnixTime,
    },
    /// It does not say when it will be replaced.
    #[error("it does not say when it will be replaced")]
    NoNextUpdate,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    #[test]
    fn the_edges_of_every_rule() {
        let rules = Freshness::LEAF;
        let (this, next) = (at(1_000_000), Some(at(1_086_400)));
        assert_eq!(rules.judge(this, next, at(1_000_000 - 300)), Ok(()));
        assert!(matches!(
            rules.judge(this, next, at(1_000_000 - 301)),
            Err(Untimely::NotYetValid { .. })
        ));
        assert_eq!(rules.judge(this, next, at(1_086_400 + 300)), Ok(()));
        assert!(matches!(
            rules.judge(this, next, at(1_086_400 + 301)),
            Err(Untimely::Stale { .. })
        ));
        let late = Some(at(u64::MAX));
        assert_eq!(rules.judge(this, late, at(1_000_000 + 864_000)), Ok(()));
        assert!(matches!(
            rules.judge(this, late, at(1_000_000 + 864_001)),
            Err(Untimely::TooOld { .. })
        ));
        assert_eq!(rules.judge(this, None, this), Err(Untimely::NoNextUpdate));
        let lenient = Freshness {
            next_update_required: false,
            ..rules
        };
        assert_eq!(lenient.judge(this, None, this), Ok(()));
    }
}
