//! Faults of revocation: a certificate is revoked, or it could not be found out.

use serde::Serialize;

use super::{FetchFault, PeerText, Remedy};
use crate::message::{Message, message_ids};
use crate::report::{Attempt, AttemptResult, Source};
use crate::x509::Reason;

/// Why the revocation policy refused a server. Times are seconds since 1970 (UTC).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RevocationFault {
    /// A certificate of the server's path was revoked, or put on hold.
    #[error("{host}: the certificate of {certificate} was revoked")]
    Revoked {
        /// The host that was asked.
        host: String,
        /// The subject of the certificate.
        certificate: PeerText,
        /// The serial number in hexadecimal.
        serial: String,
        /// Since when it counts as revoked.
        since: u64,
        /// Why, if the authority says.
        reason: Option<Reason>,
        /// Who says so.
        said_by: Source,
    },
    /// A responder that speaks for the issuer does not know the certificate.
    #[error("{host}: the responder does not know the certificate of {certificate}")]
    StatusUnknown {
        /// The host that was asked.
        host: String,
        /// The subject of the certificate.
        certificate: PeerText,
        /// Who says so.
        said_by: Source,
    },
    /// Every authentic answer is out of date.
    #[error("{host}: what is said about the certificate of {certificate} is out of date")]
    Stale {
        /// The host that was asked.
        host: String,
        /// The subject of the certificate.
        certificate: PeerText,
        /// When the freshest answer was to be replaced, if it says.
        next_update: Option<u64>,
        /// This computer's time.
        now: u64,
    },
    /// The best answer that came cannot be relied on.
    #[error("{host}: the answer about the certificate of {certificate} does not count: {problem}")]
    WrongAnswer {
        /// The host that was asked.
        host: String,
        /// The subject of the certificate.
        certificate: PeerText,
        /// Where the answer came from.
        said_by: Source,
        /// The responder or list, if the answer was fetched.
        url: Option<PeerText>,
        /// What is wrong with it.
        problem: AnswerFault,
    },
    /// No source gave an answer about the certificate.
    #[error("{host}: nobody could be asked about the certificate of {certificate} ({})", .hosts.join(", "))]
    Unreachable {
        /// The host that was asked.
        host: String,
        /// The subject of the certificate.
        certificate: PeerText,
        /// Every host that was tried.
        hosts: Vec<String>,
        /// Every attempt.
        attempts: Vec<Attempt>,
    },
    /// The certificate names nobody to ask.
    #[error("{host}: the certificate of {certificate} names nobody to ask about it")]
    NoInformation {
        /// The host that was asked.
        host: String,
        /// The subject of the certificate.
        certificate: PeerText,
    },
    /// The server's certificate demands a stapled answer (RFC 7633) and there was no valid one.
    #[error("{host}: the server does not bring the answer that its certificate demands")]
    MustStapleMissing {
        /// The host that was asked.
        host: String,
    },
}

impl RevocationFault {
    /// Who can do what about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Revoked { .. }
            | Self::StatusUnknown { .. }
            | Self::NoInformation { .. }
            | Self::MustStapleMissing { .. } => Remedy::CorrectCertificate,
            Self::Stale { .. } => Remedy::SetClock,
            Self::WrongAnswer { .. } => Remedy::ExemptFromInspection,
            Self::Unreachable { attempts, .. } => attempts
                .iter()
                .find_map(proxy_remedy)
                .unwrap_or(Remedy::OpenFirewall),
        }
    }

    /// The host whose certificate was refused.
    pub fn host(&self) -> &str {
        match self {
            Self::Revoked { host, .. }
            | Self::StatusUnknown { host, .. }
            | Self::Stale { host, .. }
            | Self::WrongAnswer { host, .. }
            | Self::Unreachable { host, .. }
            | Self::NoInformation { host, .. }
            | Self::MustStapleMissing { host } => host,
        }
    }
}

/// What clears the way where a proxy is in it.
fn proxy_remedy(attempt: &Attempt) -> Option<Remedy> {
    match &attempt.result {
        AttemptResult::Failed(FetchFault::Proxy(fault)) => Some(fault.remedy()),
        AttemptResult::Failed(FetchFault::ProxyResolution(fault)) => Some(fault.remedy()),
        _ => None,
    }
}

message_ids!(impl RevocationFault {
    Revoked => "fault-revocation-revoked",
    StatusUnknown => "fault-revocation-status-unknown",
    Stale => "fault-revocation-stale",
    WrongAnswer => "fault-revocation-wrong-answer",
    Unreachable => "fault-revocation-unreachable",
    NoInformation => "fault-revocation-no-information",
    MustStapleMissing => "fault-revocation-must-staple-missing",
});

impl Message for RevocationFault {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        let mut args = vec![("host", self.host().to_owned())];
        if let Self::Unreachable { hosts, .. } = self {
            args.push(("hosts", hosts.join(", ")));
        }
        args
    }
}

/// Why an OCSP response or a list does not count.
///
/// The technical words, with positions and names, are the error's [`source`](std::error::Error::source).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AnswerFault {
    /// It is not what its standard describes.
    #[error("malformed")]
    Malformed,
    /// It is larger than it may be.
    #[error("too large")]
    TooLarge,
    /// It is a kind of OCSP response that is not known.
    #[error("of an unknown type")]
    UnsupportedType,
    /// It is about other certificates.
    #[error("about other certificates")]
    NoMatchingResponse,
    /// It names the issuer by a hash that is not supported.
    #[error("with an unknown hash")]
    UnsupportedHash,
    /// Its signature does not verify.
    #[error("not signed properly")]
    BadSignature,
    /// It is signed with an algorithm that can be forged.
    #[error("signed with a weak algorithm")]
    WeakSignature,
    /// It is signed with an algorithm that this build does not have.
    #[error("signed with an unknown algorithm")]
    UnsupportedAlgorithm,
    /// Its signer may not speak for the issuer.
    #[error("signed by someone who may not")]
    UnauthorizedResponder,
    /// The issuer may sign certificates, but no lists.
    #[error("signed by an authority that may not sign lists")]
    UnauthorizedSigner,
    /// Its signer's certificate is not at hand.
    #[error("signed by someone unknown")]
    NoSigner,
    /// It carries too many certificates.
    #[error("with too many certificates")]
    TooManyCertificates,
    /// It holds a critical extension that is not known.
    #[error("with an unknown critical extension")]
    UnsupportedCritical,
    /// It answers another question.
    #[error("to another question")]
    NonceMismatch,
    /// It was produced when the certificate was not valid.
    #[error("produced at a time when the certificate was not valid")]
    BadProducedAt,
    /// It is out of date.
    #[error("out of date")]
    Stale,
    /// It is from the future, by this computer's clock.
    #[error("from the future")]
    NotYetValid,
    /// It does not say how long it holds.
    #[error("without an end of its validity")]
    NoNextUpdate,
    /// It is someone else's, not the issuer's.
    #[error("of another issuer")]
    WrongIssuer,
    /// The list is about other kinds of certificates, or another distribution point.
    #[error("about certificates of another kind or place")]
    WrongScope,
    /// It is a delta list, an indirect one, or one for some reasons only.
    #[error("a kind of list that is not supported")]
    UnsupportedCrl,
    /// It is older than a list that was seen before.
    #[error("older than one that was seen before")]
    Rollback,
    /// The responder says `malformedRequest`.
    #[error("malformedRequest")]
    MalformedRequest,
    /// The responder says `internalError`.
    #[error("internalError")]
    InternalError,
    /// The responder says `tryLater`.
    #[error("tryLater")]
    TryLater,
    /// The responder says `sigRequired`.
    #[error("sigRequired")]
    SignatureRequired,
    /// The responder says `unauthorized`: it has no record of the certificate.
    #[error("unauthorized")]
    Unauthorized,
}
