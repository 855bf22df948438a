//! Revocation: when and why.

use rustls_pki_types::UnixTime;

/// That a certificate was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revocation {
    /// Since when it counts as revoked.
    pub time: UnixTime,
    /// Why, if the CA says.
    pub reason: Option<Reason>,
    /// Since when the key may have been in wrong hands, if a CRL says so.
    pub invalidity_date: Option<UnixTime>,
}

/// The reasons for a revocation (`CRLReason`, RFC 5280, section 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// No particular reason.
    Unspecified,
    /// The subject's key is in wrong hands.
    KeyCompromise,
    /// The CA's key is in wrong hands.
    CaCompromise,
    /// What the certificate says about its subject is no longer true.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// Put on hold. It may become good again; until then it is revoked like any other.
    CertificateHold,
    /// The hold has ended. Only a delta CRL may say so.
    RemoveFromCrl,
    /// A right that the certificate grants was withdrawn.
    PrivilegeWithdrawn,
    /// The key of an attribute authority is in wrong hands.
    AaCompromise,
}

impl Reason {
    /// The reason with this number; `None` for those that are not assigned.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }
}

/// The names of RFC 5280, such as `keyCompromise`.
impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        })
    }
}
