//! Faults of the certificate that the other side showed.

use std::fmt;

use serde::Serialize;

use super::{PeerText, Remedy};
use crate::message::{Message, message_ids};

/// Why a certificate was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TrustFault {
    /// The chain ends at nobody who is trusted for this host.
    #[error("{host} shows a certificate of an authority that is not trusted for it ({issuer})")]
    UnknownIssuer {
        /// The host that was asked.
        host: String,
        /// Who is behind the chain.
        issuer: Issuer,
    },
    /// The chain ends at a root that is trusted, but not one of those that Microsoft publishes for this host: someone on
    /// the way inspects the connection.
    #[error("{host} shows a certificate of an authority that inspects connections ({issuer})")]
    Inspected {
        /// The host that was asked.
        host: String,
        /// Who is behind the chain.
        issuer: Issuer,
    },
    /// The chain ends at a public root, but not at one of those that Microsoft publishes for this host.
    #[error(
        "{host} shows a certificate of a public authority that is not Microsoft's choice for it ({issuer})"
    )]
    NotPinned {
        /// The host that was asked.
        host: String,
        /// Who is behind the chain.
        issuer: Issuer,
    },
    /// The server does not show the certificate of the authority that signed its own, and it is not at hand here.
    #[error("{host} does not show the certificate of its authority ({issuer})")]
    MissingIntermediate {
        /// The host that was asked.
        host: String,
        /// The name of the authority, in the form of RFC 4514.
        issuer: PeerText,
        /// Where the certificate says that the authority's own can be fetched (`caIssuers`), at most 4 addresses. This
        /// crate does not fetch it.
        addresses: Vec<PeerText>,
    },
    /// The chain leads to a root that public programs have given up.
    #[error("{host} shows a certificate of a root that is no longer trusted ({root})")]
    DistrustedRoot {
        /// The host that was asked.
        host: String,
        /// The name of the root, in the form of RFC 4514.
        root: PeerText,
    },
    /// The root's own time is over, by this computer's clock.
    #[error("{host} shows a certificate of a root that has expired ({root})")]
    AnchorExpired {
        /// The host that was asked.
        host: String,
        /// The name of the root, in the form of RFC 4514.
        root: PeerText,
        /// The last second of its validity, since 1970 (UTC).
        not_after: u64,
        /// This computer's time, in seconds since 1970 (UTC).
        now: u64,
    },
    /// This computer, or the settings, refuse a certificate of the path by name.
    #[error("{host} shows a chain with a certificate that is disallowed here ({certificate})")]
    Disallowed {
        /// The host that was asked.
        host: String,
        /// The subject of the certificate, in the form of RFC 4514.
        certificate: PeerText,
    },
    /// The certificate is signed by itself and by nobody else.
    #[error("{host} shows a certificate that only vouches for itself")]
    SelfSigned {
        /// The host that was asked.
        host: String,
    },
    /// The certificate belongs to another name.
    #[error("{host} shows a certificate for another name")]
    NameMismatch {
        /// The host that was asked.
        host: String,
        /// Names that the certificate holds, as far as known, at most 8.
        presented: Vec<PeerText>,
    },
    /// The certificate's time is over, by this computer's clock.
    #[error("{host} shows a certificate that has expired")]
    Expired {
        /// The host that was asked.
        host: String,
        /// The last second of its validity, since 1970 (UTC).
        not_after: u64,
        /// This computer's time, in seconds since 1970 (UTC).
        now: u64,
    },
    /// The certificate's time has not come, by this computer's clock.
    #[error("{host} shows a certificate that is not valid yet")]
    NotYetValid {
        /// The host that was asked.
        host: String,
        /// The first second of its validity, since 1970 (UTC).
        not_before: u64,
        /// This computer's time, in seconds since 1970 (UTC).
        now: u64,
    },
    /// A signature of the chain, or of the handshake, does not verify.
    #[error("{host} shows a certificate whose signature is not accepted")]
    BadSignature {
        /// The host that was asked.
        host: String,
    },
    /// A signature uses an algorithm that is not accepted, such as SHA-1, or a key that does not fit it.
    #[error("{host} shows a certificate with a signature algorithm that is not accepted")]
    WeakSignature {
        /// The host that was asked.
        host: String,
    },
    /// A key of the chain is too weak: RSA below 2048 bits, or a curve other than P-256, P-384 and P-521.
    #[error("{host} shows a chain with a key that is too weak ({certificate})")]
    WeakKey {
        /// The host that was asked.
        host: String,
        /// The subject of the certificate that holds it, in the form of RFC 4514.
        certificate: PeerText,
    },
    /// A public authority issued the server's certificate for longer than its rules allow.
    #[error("{host} shows a certificate that lives for too long ({days} days)")]
    LivesTooLong {
        /// The host that was asked.
        host: String,
        /// From its first to its last day; 398 are allowed.
        days: u64,
    },
    /// The certificate does not say that it is meant for servers.
    #[error("{host} shows a certificate that is not meant for a server")]
    WrongPurpose {
        /// The host that was asked.
        host: String,
    },
    /// The server shows the certificate of an authority as its own.
    #[error("{host} shows the certificate of an authority as its own")]
    AuthorityAsServer {
        /// The host that was asked.
        host: String,
    },
    /// An authority of the chain was not allowed to sign what it signed: by its path length, its name constraints, or
    /// because it is none (RFC 5280, sections 4.2.1.9 and 4.2.1.10).
    #[error("{host} shows a certificate beyond the limits of its authority")]
    ConstraintViolated {
        /// The host that was asked.
        host: String,
    },
    /// A certificate holds a critical extension that this crate does not know.
    #[error("{host} shows a certificate with an unknown critical extension")]
    UnsupportedCritical {
        /// The host that was asked.
        host: String,
    },
    /// So many certificates, or so intertwined, that the search for a path was given up.
    #[error("{host} shows certificates that lead nowhere within bounds")]
    TooComplex {
        /// The host that was asked.
        host: String,
    },
    /// A certificate cannot be read.
    #[error("{host} shows an unreadable certificate: {detail}")]
    Malformed {
        /// The host that was asked.
        host: String,
        /// What is wrong, in the words of the TLS library.
        detail: PeerText,
    },
    /// The chain breaks another rule.
    #[error("{host} shows an unacceptable certificate: {detail}")]
    Unacceptable {
        /// The host that was asked.
        host: String,
        /// The rule, in the words of the TLS library.
        detail: PeerText,
    },
}

/// Who is behind a chain, as its certificates tell. They are evidence and not proof: whoever signs a chain chooses the
/// names in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Issuer {
    /// The root that the chain ends at; if it ends at none that is known, the issuer of the topmost certificate that was
    /// shown. In the form of RFC 4514.
    pub name: PeerText,
    /// The SHA-256 fingerprint, in small hexadecimal digits, of that root; if there is none, of the topmost certificate.
    /// Empty if nothing could be read.
    pub sha256: String,
    /// The product that inspects connections with an authority of such a name, if one is known for it.
    pub product: Option<&'static str>,
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, sha256, .. } = self;
        write!(f, "{name}, sha256 {sha256}")?;
        match self.product {
            Some(product) => write!(f, ", probably {product}"),
            None => Ok(()),
        }
    }
}

impl TrustFault {
    /// Who can do what about it.
    pub const fn remedy(&self) -> Remedy {
        match self {
            Self::UnknownIssuer { .. } | Self::Inspected { .. } | Self::NotPinned { .. } => {
                Remedy::ExemptFromInspection
            }
            Self::Expired { .. } | Self::NotYetValid { .. } | Self::AnchorExpired { .. } => {
                Remedy::SetClock
            }
            _ => Remedy::CorrectCertificate,
        }
    }

    /// The host whose certificate was refused.
    pub fn host(&self) -> &str {
        match self {
            Self::UnknownIssuer { host, .. }
            | Self::Inspected { host, .. }
            | Self::NotPinned { host, .. }
            | Self::MissingIntermediate { host, .. }
            | Self::DistrustedRoot { host, .. }
            | Self::AnchorExpired { host, .. }
            | Self::Disallowed { host, .. }
            | Self::WeakKey { host, .. }
            | Self::LivesTooLong { host, .. }
            | Self::SelfSigned { host }
            | Self::NameMismatch { host, .. }
            | Self::Expired { host, .. }
            | Self::NotYetValid { host, .. }
            | Self::BadSignature { host }
            | Self::WeakSignature { host }
            | Self::WrongPurpose { host }
            | Self::AuthorityAsServer { host }
            | Self::ConstraintViolated { host }
            | Self::UnsupportedCritical { host }
            | Self::TooComplex { host }
            | Self::Malformed { host, .. }
            | Self::Unacceptable { host, .. } => host,
        }
    }
}

message_ids!(impl TrustFault {
    UnknownIssuer => "fault-trust-unknown-issuer",
    Inspected => "fault-trust-inspected",
    NotPinned => "fault-trust-not-pinned",
    MissingIntermediate => "fault-trust-missing-intermediate",
    DistrustedRoot => "fault-trust-distrusted-root",
    AnchorExpired => "fault-trust-anchor-expired",
    Disallowed => "fault-trust-disallowed",
    WeakKey => "fault-trust-weak-key",
    LivesTooLong => "fault-trust-lives-too-long",
    SelfSigned => "fault-trust-self-signed",
    NameMismatch => "fault-trust-name-mismatch",
    Expired => "fault-trust-expired",
    NotYetValid => "fault-trust-not-yet-valid",
    BadSignature => "fault-trust-bad-signature",
    WeakSignature => "fault-trust-weak-signature",
    WrongPurpose => "fault-trust-wrong-purpose",
    AuthorityAsServer => "fault-trust-authority-as-server",
    ConstraintViolated => "fault-trust-constraint-violated",
    UnsupportedCritical => "fault-trust-unsupported-critical",
    TooComplex => "fault-trust-too-complex",
    Malformed => "fault-trust-malformed",
    Unacceptable => "fault-trust-unacceptable",
});

impl Message for TrustFault {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        let mut args = vec![("host", self.host().to_owned())];
        match self {
            Self::UnknownIssuer { issuer, .. }
            | Self::Inspected { issuer, .. }
            | Self::NotPinned { issuer, .. } => {
                let name = issuer.product.unwrap_or(&issuer.name);
                let name = if name.is_empty() { "none" } else { name };
                args.push(("issuer", name.to_owned()));
            }
            Self::MissingIntermediate { issuer, .. } => args.push(("issuer", issuer.to_string())),
            Self::DistrustedRoot { root, .. } | Self::AnchorExpired { root, .. } => {
                args.push(("issuer", root.to_string()));
            }
            _ => {}
        }
        args
    }
}
