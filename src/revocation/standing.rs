//! The rows of the revocation policy.

/// What one piece of evidence means for the policy, before the policy decides.
///
/// [`ocsp::Verdict`](super::ocsp::Verdict), [`ocsp::OcspError`](super::ocsp::OcspError) and their
/// counterparts for CRLs each say where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Standing {
    /// Authentic, current: not revoked.
    Good,
    /// Authentic: revoked or on hold. Also where the data is no longer current, or not yet, since
    /// a revocation does not go away by itself.
    Revoked,
    /// Authentic, current: the responder does not know the certificate.
    Unknown,
    /// An answer that cannot be relied on: malformed, not authentic, about something else.
    Wrong,
    /// Authentic, not revoked, and not current.
    Untimely,
    /// Authentic or not, no answer about the certificate: the responder declined, or what it sent
    /// is larger than allowed. It counts like a responder that cannot be reached.
    NoAnswer,
    /// The certificate demands a stapled response and there was none.
    StapleMissing,
}
