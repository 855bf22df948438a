//! What follows from what is known about a certificate.

use serde::{Deserialize, Serialize};

use super::Standing;

/// How much must be known about the revocation of every certificate below the root.
///
/// | what is known | `Strict` | `RequiredUnlessUnreachable` | `BestEffort` | `Off` |
/// |---|---|---|---|---|
/// | good, authentic, current | accept | accept | accept | accept |
/// | revoked or on hold, authentic, current or not | refuse | refuse | refuse | warn |
/// | not known to the responder, authentic | refuse | refuse | warn | accept |
/// | only answers that cannot be relied on | refuse | refuse | warn | accept |
/// | only answers out of date, or from the future | refuse | refuse | warn | accept |
/// | the responder declined (`tryLater`, `unauthorized` …) | refuse | warn | warn | accept |
/// | nobody could be reached | refuse | warn | warn | accept |
/// | the certificate names nobody to ask, public root | refuse, unless it lives 7 days or less | the same | warn, under the same condition | accept |
/// | the certificate names nobody to ask, local root | refuse | warn | accept | accept |
/// | a staple is demanded (RFC 7633) and no valid one came | refuse | refuse | refuse | accept |
///
/// `Off` asks nobody. What is at hand all the same, a staple or an earlier answer, is still looked at for the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Policy {
    /// Only what is known to be good.
    Strict,
    /// Only what is known to be good, unless nobody could be reached who knows. The default: a sign-in screen often has
    /// a way to the service and to nobody else.
    #[default]
    RequiredUnlessUnreachable,
    /// Anything that is not known to be revoked.
    BestEffort,
    /// Anything.
    Off,
}

/// What is known about one certificate: a row of the table at [`Policy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Situation {
    /// Authentic, current: not revoked.
    Good,
    /// Authentic: revoked or on hold.
    Revoked,
    /// Authentic, current: not known to the responder.
    Unknown,
    /// Answers came that cannot be relied on.
    Wrong,
    /// Authentic answers came that are not current.
    Untimely,
    /// Who was reached declined to answer.
    NoAnswer,
    /// Nobody was reached.
    Unreachable,
    /// The certificate names nobody to ask.
    NoInformation {
        /// Whether it lives for seven days or less.
        short_lived: bool,
        /// Whether its root is no public one.
        local_anchor: bool,
    },
    /// The certificate demands a staple, and there was no valid one.
    StapleMissing,
}

/// What a policy makes of a situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The certificate is accepted.
    Accept,
    /// It is accepted, and the report says why it might not have been.
    Warn,
    /// It is refused.
    Refuse,
}

impl Policy {
    /// The table.
    pub const fn decide(self, situation: Situation) -> Decision {
        use Decision::{Accept, Refuse, Warn};
        let [strict, default, best_effort, off] = match situation {
            Situation::Good => [Accept, Accept, Accept, Accept],
            Situation::Revoked => [Refuse, Refuse, Refuse, Warn],
            Situation::Unknown | Situation::Wrong | Situation::Untimely => {
                [Refuse, Refuse, Warn, Accept]
            }
            Situation::NoAnswer | Situation::Unreachable => [Refuse, Warn, Warn, Accept],
            Situation::NoInformation {
                local_anchor: true, ..
            } => [Refuse, Warn, Accept, Accept],
            Situation::NoInformation {
                short_lived: true, ..
            } => [Accept, Accept, Accept, Accept],
            Situation::NoInformation { .. } => [Refuse, Refuse, Warn, Accept],
            Situation::StapleMissing => [Refuse, Refuse, Refuse, Accept],
        };
        match self {
            Self::Strict => strict,
            Self::RequiredUnlessUnreachable => default,
            Self::BestEffort => best_effort,
            Self::Off => off,
        }
    }
}

impl From<Standing> for Situation {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Good => Self::Good,
            Standing::Revoked => Self::Revoked,
            Standing::Unknown => Self::Unknown,
            Standing::Wrong => Self::Wrong,
            Standing::Untimely => Self::Untimely,
            Standing::NoAnswer => Self::NoAnswer,
            Standing::StapleMissing => Self::StapleMissing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table, written once more: one letter for each policy, in the order of the columns.
    #[test]
    fn every_row_of_the_table() {
        let names_nobody = |short_lived, local_anchor| Situation::NoInformation {
            short_lived,
            local_anchor,
        };
        for (situation, decisions) in [
            (Situation::Good, "aaaa"),
            (Situation::Revoked, "rrrw"),
            (Situation::Unknown, "rrwa"),
            (Situation::Wrong, "rrwa"),
            (Situation::Untimely, "rrwa"),
            (Situation::NoAnswer, "rwwa"),
            (Situation::Unreachable, "rwwa"),
            (names_nobody(false, false), "rrwa"),
            (names_nobody(true, false), "aaaa"),
            (names_nobody(false, true), "rwaa"),
            (names_nobody(true, true), "rwaa"),
            (Situation::StapleMissing, "rrra"),
        ] {
            let columns = [
                Policy::Strict,
                Policy::RequiredUnlessUnreachable,
                Policy::BestEffort,
                Policy::Off,
            ];
            let decided = columns.map(|policy| match policy.decide(situation) {
                Decision::Accept => 'a',
                Decision::Warn => 'w',
                Decision::Refuse => 'r',
            });
            assert_eq!(String::from_iter(decided), decisions, "{situation:?}");
        }
    }

    #[test]
    fn the_default_forgives_a_blocked_way_and_nothing_else() {
        assert_eq!(Policy::default(), Policy::RequiredUnlessUnreachable);
    }
}
