//! Why a CRL does not count.

use rustls_pki_types::UnixTime;

use super::number::Number;
use crate::error::PeerText;
use crate::revocation::{Revocation, Standing, Untimely};
use crate::x509::SignatureError;
use crate::x509::der::DerError;

/// Why there is no verdict. [`standing`](Self::standing) sorts the errors for the policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlError {
    /// The list is larger than the profile allows.
    #[error("the list has {size} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Bytes of the list.
        size: usize,
        /// Bytes that the profile allows.
        limit: usize,
    },
    /// The list is not what RFC 5280 describes.
    #[error("malformed list: {0}")]
    Malformed(#[from] DerError),
    /// The certificate in question cannot be read.
    #[error("the certificate in question is malformed: {0}")]
    Certificate(DerError),
    /// The list, or the issuer given, is not that of the certificate's issuer.
    #[error("issued by {found}, not by {expected}")]
    WrongIssuer {
        /// The issuer in the certificate.
        expected: PeerText,
        /// The other one.
        found: PeerText,
    },
    /// The signature does not count.
    #[error("{0}")]
    Signature(SignatureError),
    /// The issuer's certificate does not allow its key to sign CRLs.
    #[error("the key usage of {issuer} lacks cRLSign")]
    UnauthorizedSigner {
        /// The issuer.
        issuer: PeerText,
    },
    /// A critical extension, of the list or of an entry, that is not understood.
    #[error("critical extension {extension} is not supported")]
    UnsupportedCritical {
        /// The object identifier of the extension.
        extension: PeerText,
    },
    /// A kind of list that is not supported. Another distribution point may have another.
    #[error("{0} are not supported")]
    Unsupported(Unsupported),
    /// The list is about other certificates.
    #[error("the list is about {0}")]
    OutOfScope(OutOfScope),
    /// The list is older than one that was seen before.
    #[error("the list is older than number {known}")]
    Rollback {
        /// The number of the list, if it has one.
        number: Option<Number>,
        /// The number seen before.
        known: Number,
    },
    /// The list is authentic and not current.
    #[error("the list is not current: {reason}")]
    Untimely {
        /// In what way.
        reason: Untimely,
        /// When it was issued.
        this_update: UnixTime,
        /// What it says about the certificate: revoked, or nothing.
        revocation: Option<Revocation>,
    },
    /// There was no list to check.
    #[error("there is no list")]
    NoList,
}

impl CrlError {
    /// The row of the policy that this belongs to.
    pub fn standing(&self) -> Standing {
        match self {
            Self::Untimely {
                revocation: Some(_),
                ..
            } => Standing::Revoked,
            Self::Untimely { .. } => Standing::Untimely,
            Self::TooLarge { .. } | Self::NoList => Standing::NoAnswer,
            _ => Standing::Wrong,
        }
    }
}

/// Kinds of lists that are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unsupported {
    /// A list of what changed since another one.
    Delta,
    /// A list that holds certificates of other issuers.
    Indirect,
    /// A list for some reasons of revocation only.
    SomeReasons,
    /// A list whose distribution point is named relative to its issuer.
    RelativeName,
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Delta => "delta lists",
            Self::Indirect => "indirect lists",
            Self::SomeReasons => "lists for some reasons only",
            Self::RelativeName => "relative names of distribution points",
        })
    }
}

/// What a list is about, where it is not about the certificate in question.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutOfScope {
    /// Certificates of end entities; this one is that of a CA.
    UserCertificatesOnly,
    /// Certificates of CAs; this one is not.
    CaCertificatesOnly,
    /// Attribute certificates.
    AttributeCertificatesOnly,
    /// Certificates that name another distribution point.
    OtherPoint {
        /// The addresses of that point, as the list gives them.
        urls: Vec<PeerText>,
    },
}

impl std::fmt::Display for OutOfScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UserCertificatesOnly => f.write_str("certificates of end entities only"),
            Self::CaCertificatesOnly => f.write_str("certificates of CAs only"),
            Self::AttributeCertificatesOnly => f.write_str("attribute certificates only"),
            Self::OtherPoint { urls } => {
                f.write_str("certificates of another distribution point:")?;
                urls.iter().try_for_each(|url| write!(f, " {url}"))
            }
        }
    }
}
