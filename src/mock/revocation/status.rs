//! What can be said about a certificate.

use std::time::SystemTime;

/// Whether a certificate has been revoked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// It has not.
    #[default]
    Good,
    /// It has.
    Revoked {
        /// Why; left out if nothing.
        reason: Option<Reason>,
        /// When, to the second.
        time: SystemTime,
    },
    /// The responder does not know it. A list can only say this by not naming it.
    Unknown,
}

impl Status {
    /// Revoked now.
    pub fn revoked(reason: Reason) -> Self {
        Self::Revoked {
            reason: Some(reason),
            time: SystemTime::now(),
        }
    }
}

/// CRLReason (RFC 5280, section 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the RFC and say it all")]
#[non_exhaustive]
pub enum Reason {
    Unspecified = 0,
    KeyCompromise = 1,
    CaCompromise = 2,
    AffiliationChanged = 3,
    Superseded = 4,
    CessationOfOperation = 5,
    CertificateHold = 6,
    /// Is for delta lists only: anywhere else it is a fault.
    RemoveFromCrl = 8,
    PrivilegeWithdrawn = 9,
    AaCompromise = 10,
}
