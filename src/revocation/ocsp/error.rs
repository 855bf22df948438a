//! Why an OCSP response does not count.

use rustls_pki_types::UnixTime;

use super::response::Status;
use crate::error::PeerText;
use crate::revocation::{Standing, Untimely};
use crate::x509::der::DerError;
use crate::x509::{SignatureError, Validity};

/// Why there is no verdict. [`standing`](Self::standing) sorts the errors for the policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OcspError {
    /// The response is larger than the profile allows.
    #[error("the response has {size} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Bytes of the response.
        size: usize,
        /// Bytes that the profile allows.
        limit: usize,
    },
    /// The response is not what RFC 6960 describes.
    #[error("malformed {part}: {error}")]
    Malformed {
        /// In which part.
        part: Part,
        /// Where and what.
        error: DerError,
    },
    /// A kind of response other than `id-pkix-ocsp-basic`.
    #[error("responses of type {response_type} are not supported")]
    UnsupportedType {
        /// The object identifier of the type.
        response_type: PeerText,
    },
    /// The responder declined to answer.
    #[error("the responder says {0}")]
    Responder(ResponderStatus),
    /// The certificate in question cannot be read.
    #[error("the certificate in question is malformed: {0}")]
    Certificate(DerError),
    /// The issuer given is not the issuer that the certificate names.
    #[error("the certificate was issued by {named}, not by {given}")]
    WrongIssuer {
        /// The issuer in the certificate.
        named: PeerText,
        /// The subject of the issuer given.
        given: PeerText,
    },
    /// A critical extension that is not understood.
    #[error("critical extension {extension} is not supported")]
    UnsupportedCritical {
        /// The object identifier of the extension.
        extension: PeerText,
    },
    /// More certificates come with the response than the profile allows.
    #[error("the response carries {count} certificates, more than the {limit} allowed")]
    TooManyCertificates {
        /// Certificates in the response.
        count: usize,
        /// Certificates that the profile allows.
        limit: usize,
    },
    /// Neither the issuer nor a certificate in the response is the responder that the response
    /// names.
    #[error("no certificate for the responder {responder}")]
    NoSigner {
        /// The responder: its name, or the hash of its key in hexadecimal.
        responder: PeerText,
    },
    /// The signature does not count.
    #[error("{0}")]
    Signature(SignatureError),
    /// The signature is right, but the signer may not speak for the issuer.
    #[error("{subject} may not sign for the issuer: {reason}")]
    UnauthorizedResponder {
        /// The subject of the signer's certificate.
        subject: PeerText,
        /// Why not.
        reason: Unauthorized,
    },
    /// The response carries another nonce than the request.
    #[error("the response answers another request")]
    NonceMismatch,
    /// The response was produced when the certificate was not valid.
    #[error("the response was produced at {}, outside the certificate's lifetime", produced_at.as_secs())]
    BadProducedAt {
        /// When it was produced.
        produced_at: UnixTime,
        /// The certificate's lifetime.
        validity: Validity,
    },
    /// The response is about this serial number, but names the issuer by a hash that is not
    /// supported.
    #[error("the hash {algorithm} is not supported")]
    UnsupportedHash {
        /// The object identifier of the hash.
        algorithm: PeerText,
    },
    /// The response is about other certificates.
    #[error("none of the {count} answers is about the certificate")]
    NoMatchingResponse {
        /// Answers in the response.
        count: usize,
        /// What differs in the closest one; `None` if there is no answer at all.
        closest: Option<Mismatch>,
    },
    /// The answer is authentic and not current.
    #[error("the answer is not current: {reason}")]
    Untimely {
        /// In what way.
        reason: Untimely,
        /// What the answer says.
        status: Status,
    },
    /// The certificate demands a stapled response (RFC 7633) and the server sent none.
    #[error("the certificate demands a stapled response and there is none")]
    MustStapleMissing,
}

impl OcspError {
    /// The row of the policy that this belongs to.
    pub fn standing(&self) -> Standing {
        match self {
            Self::Untimely {
                status: Status::Revoked(_),
                ..
            } => Standing::Revoked,
            Self::Untimely { .. } => Standing::Untimely,
            Self::Responder(_) | Self::TooLarge { .. } => Standing::NoAnswer,
            Self::MustStapleMissing => Standing::StapleMissing,
            _ => Standing::Wrong,
        }
    }

    /// Whether asking again with a SHA-256 `CertID` may help: the responder declined for a reason
    /// that lies in the request, or answered about something else.
    pub fn retry_with_sha256(&self) -> bool {
        matches!(
            self,
            Self::Responder(ResponderStatus::Unauthorized | ResponderStatus::MalformedRequest)
                | Self::NoMatchingResponse { .. }
                | Self::UnsupportedHash { .. }
        )
    }
}

/// A part of an OCSP response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Everything around the signed bytes.
    Envelope,
    /// The signed bytes (`ResponseData`).
    Data,
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Envelope => "response",
            Self::Data => "response data",
        })
    }
}

/// What a responder says instead of an answer (`OCSPResponseStatus`, RFC 6960, section 4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponderStatus {
    /// It does not understand the request.
    MalformedRequest,
    /// It has trouble of its own.
    InternalError,
    /// It cannot answer now.
    TryLater,
    /// It answers signed requests only.
    SignatureRequired,
    /// It has no record of the certificate, or does not serve this client.
    Unauthorized,
}

impl std::fmt::Display for ResponderStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::MalformedRequest => "malformedRequest",
            Self::InternalError => "internalError",
            Self::TryLater => "tryLater",
            Self::SignatureRequired => "sigRequired",
            Self::Unauthorized => "unauthorized",
        })
    }
}

/// Why a responder may not speak for the issuer (RFC 6960, section 4.2.2.2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unauthorized {
    /// Its certificate is not issued by the issuer itself.
    #[error("its certificate is not issued by the issuer itself")]
    NotDirect,
    /// Its certificate does not name the purpose `id-kp-OCSPSigning`.
    #[error("its certificate is not for OCSP signing")]
    NoEku,
    /// Its certificate is no longer valid.
    #[error("its certificate expired at {}", not_after.as_secs())]
    Expired {
        /// The last second of its validity.
        not_after: UnixTime,
    },
    /// Its certificate is not valid yet.
    #[error("its certificate is valid from {} on", not_before.as_secs())]
    NotYetValid {
        /// The first second of its validity.
        not_before: UnixTime,
    },
    /// Its certificate is that of a CA.
    #[error("its certificate is that of a CA")]
    IsCa,
    /// Its key may not sign data.
    #[error("its key usage lacks digitalSignature")]
    NoDigitalSignature,
    /// Its certificate lacks `id-pkix-ocsp-nocheck`, which the profile requires.
    #[error("its certificate lacks id-pkix-ocsp-nocheck")]
    NoCheckMissing,
    /// The signature on its certificate does not count, for another reason than being wrong.
    #[error("its certificate: {0}")]
    Signature(SignatureError),
    /// Its certificate has a critical extension that is not understood.
    #[error("its certificate has a critical extension that is not supported")]
    UnsupportedCritical,
    /// Its certificate fails in another way.
    #[error("its certificate is not acceptable")]
    Invalid,
}

/// What differs between a certificate and an answer about another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Mismatch {
    /// The serial number.
    Serial,
    /// The serial number is right, the issuer's name is not.
    IssuerName,
    /// The serial number and the issuer's name are right, the issuer's key is not.
    IssuerKey,
    /// The serial number is right, the hash that names the issuer is not supported.
    Hash {
        /// The object identifier of the hash.
        algorithm: PeerText,
    },
}
