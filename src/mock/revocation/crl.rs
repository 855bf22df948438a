//! How the lists of revoked certificates look.

use std::time::SystemTime;

use super::ocsp::Times;
use super::status::Status;
use crate::mock::pki::{EncodingFault, SignatureName};

/// A list of revoked certificates (RFC 5280, section 5): by default complete, number 1, with the certificate on it if
/// its status says so.
#[derive(Clone, Debug)]
#[must_use = "a list has to be given to Revocation::set_crl"]
pub struct CrlAnswer {
    pub(super) status: Option<Status>,
    pub(super) number: u64,
    pub(super) more: usize,
    pub(super) scope: CrlScope,
    pub(super) times: Times,
    pub(super) faults: Vec<CrlFault>,
}

/// What a list says it is about, in its issuingDistributionPoint (RFC 5280, section 5.2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrlScope {
    /// Everything that the issuer has issued; there is no such extension.
    #[default]
    Everything,
    /// The partition of the list's own URL.
    Partition,
    /// The partition of another URL.
    OtherPartition,
    /// End-entity certificates; no URL.
    UserCertificates,
    /// Certificates of authorities; no URL.
    AuthorityCertificates,
    /// Attribute certificates; no URL.
    AttributeCertificates,
    /// Certificates of other issuers too, at the list's own URL.
    Indirect,
    /// Only the reasons keyCompromise and cACompromise, at the list's own URL.
    SomeReasons,
}

/// Something wrong with a list. Several combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrlFault {
    /// Its issuer is nobody; the key is the right one.
    WrongIssuer,
    /// One bit of the signature is turned over.
    FlippedSignature,
    /// Signed with another key than the issuer's.
    SignedByStranger,
    /// The signature is called this, within and without.
    Called(SignatureName),
    /// Within, the signature is called this; without, what it is.
    CalledWithin(SignatureName),
    /// A delta to number 1 (a critical deltaCRLIndicator).
    Delta,
    /// A critical extension of the list that nobody knows.
    UnknownCriticalExtension,
    /// A critical extension of the last entry that nobody knows; an unrelated entry is there for it.
    UnknownCriticalEntryExtension,
    /// Version 1: no version, no extensions, no reasons.
    Version1,
    /// revokedCertificates is there and empty.
    EmptyEntries,
    /// PEM instead of DER.
    Pem,
    /// The list is not DER.
    Encoding(EncodingFault),
}

impl Default for CrlAnswer {
    fn default() -> Self {
        Self {
            status: None,
            number: 1,
            more: 0,
            scope: CrlScope::default(),
            times: Times::default(),
            faults: Vec::new(),
        }
    }
}

impl CrlAnswer {
    /// The list as it is at the time.
    pub fn new() -> Self {
        Self::default()
    }

    /// This status of the certificate, whatever it is.
    pub fn status(mut self, status: Status) -> Self {
        self.status = Some(status);
        self
    }

    /// cRLNumber; 1 by default.
    pub fn number(mut self, number: u64) -> Self {
        self.number = number;
        self
    }

    /// This many unrelated entries before the certificate's own, about 37 bytes each.
    pub fn more_entries(mut self, count: usize) -> Self {
        self.more = count;
        self
    }

    /// What the list is about.
    pub fn scope(mut self, scope: CrlScope) -> Self {
        self.scope = scope;
        self
    }

    /// thisUpdate, to the second; an hour ago by default.
    pub fn this_update(mut self, time: SystemTime) -> Self {
        self.times.set_this_update(time);
        self
    }

    /// nextUpdate, to the second, or none; four days from now by default.
    pub fn next_update(mut self, time: impl Into<Option<SystemTime>>) -> Self {
        self.times.set_next_update(time.into());
        self
    }

    /// Adds a fault.
    pub fn fault(mut self, fault: CrlFault) -> Self {
        self.faults.push(fault);
        self
    }

    pub(super) fn has(&self, fault: CrlFault) -> bool {
        self.faults.contains(&fault)
    }
}
