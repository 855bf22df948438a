//! One answer about a certificate, or that none came, in the form that the policy and the report need.

use rustls_pki_types::UnixTime;

use super::crl::{self, CrlError};
use super::ocsp::{self, OcspError, Responder, ResponderStatus, Status};
use super::{Revocation, Situation, Untimely};
use crate::error::{AnswerFault, FetchFault, PeerText};
use crate::ports::Way;
use crate::report::{Attempt, AttemptResult, Source};
use crate::x509::SignatureError;

/// Where an answer came from, and how.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) source: Source,
    pub(super) url: Option<PeerText>,
    pub(super) way: Option<Way>,
    pub(super) ms: u64,
}

impl Origin {
    /// What was at hand without a fetch.
    pub(super) fn at_hand(source: Source) -> Self {
        Self {
            source,
            url: None,
            way: None,
            ms: 0,
        }
    }
}

/// What one source says.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    pub(super) origin: Origin,
    pub(super) situation: Situation,
    pub(super) result: AttemptResult,
    /// Since when it is known to be so.
    pub(super) this_update: Option<UnixTime>,
    /// Until when it holds.
    pub(super) next_update: Option<UnixTime>,
    pub(super) revocation: Option<Revocation>,
    /// Whether the signer's own certificate could be revoked.
    pub(super) may_be_revoked_itself: bool,
    /// Why the answer does not count, in its own words.
    pub(super) problem: Option<Problem>,
}

/// Why an answer does not count.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum Problem {
    #[error(transparent)]
    Ocsp(OcspError),
    #[error(transparent)]
    Crl(CrlError),
}

impl Evidence {
    fn new(origin: Origin, situation: Situation, result: AttemptResult) -> Self {
        Self {
            origin,
            situation,
            result,
            this_update: None,
            next_update: None,
            revocation: None,
            may_be_revoked_itself: false,
            problem: None,
        }
    }

    /// The verdict on an OCSP response.
    pub(super) fn ocsp(origin: Origin, judged: Result<ocsp::Verdict, OcspError>) -> Self {
        match judged {
            Ok(verdict) => {
                let situation = verdict.standing().into();
                let (result, revocation) = match verdict.status {
                    Status::Good => (AttemptResult::Good, None),
                    Status::Unknown => (AttemptResult::Unknown, None),
                    Status::Revoked(revocation) => (AttemptResult::Revoked, Some(revocation)),
                };
                Self {
                    this_update: Some(verdict.this_update),
                    next_update: verdict.next_update,
                    revocation,
                    may_be_revoked_itself: matches!(
                        verdict.responder,
                        Responder::Delegate {
                            no_check: false,
                            ..
                        }
                    ),
                    ..Self::new(origin, situation, result)
                }
            }
            Err(error) => {
                let situation = error.standing().into();
                let (revocation, reason) = match &error {
                    OcspError::Untimely { reason, status } => match status {
                        Status::Revoked(revocation) => (Some(*revocation), Some(*reason)),
                        _ => (None, Some(*reason)),
                    },
                    _ => (None, None),
                };
                let fault = ocsp_fault(&error);
                Self::failed(
                    origin,
                    situation,
                    fault,
                    Problem::Ocsp(error),
                    revocation,
                    reason,
                )
            }
        }
    }

    /// The verdict on a list.
    pub(super) fn crl(origin: Origin, judged: Result<crl::Verdict, CrlError>) -> Self {
        match judged {
            Ok(verdict) => {
                let situation = verdict.standing().into();
                let result = match verdict.revocation {
                    Some(_) => AttemptResult::Revoked,
                    None => AttemptResult::Good,
                };
                Self {
                    this_update: Some(verdict.this_update),
                    next_update: verdict.next_update,
                    revocation: verdict.revocation,
                    ..Self::new(origin, situation, result)
                }
            }
            Err(error) => {
                let situation = error.standing().into();
                let (revocation, reason) = match &error {
                    CrlError::Untimely {
                        reason, revocation, ..
                    } => (*revocation, Some(*reason)),
                    _ => (None, None),
                };
                let fault = crl_fault(&error);
                Self::failed(
                    origin,
                    situation,
                    fault,
                    Problem::Crl(error),
                    revocation,
                    reason,
                )
            }
        }
    }

    /// An answer that is wrong before anyone could look at it closely.
    pub(super) fn wrong(origin: Origin, fault: AnswerFault) -> Self {
        Self::new(origin, Situation::Wrong, AttemptResult::Refused(fault))
    }

    /// That no answer came.
    pub(super) fn unreachable(origin: Origin, fault: FetchFault) -> Self {
        let situation = match fault {
            // It is there, and has said too much.
            FetchFault::TooLarge { .. } => Situation::NoAnswer,
            _ => Situation::Unreachable,
        };
        Self::new(origin, situation, AttemptResult::Failed(fault))
    }

    fn failed(
        origin: Origin,
        situation: Situation,
        fault: AnswerFault,
        problem: Problem,
        revocation: Option<Revocation>,
        reason: Option<Untimely>,
    ) -> Self {
        let result = match revocation {
            Some(_) => AttemptResult::Revoked,
            None => AttemptResult::Refused(fault),
        };
        let (this_update, next_update) = match reason {
            Some(Untimely::Stale { next_update, .. }) => (None, Some(next_update)),
            Some(
                Untimely::TooOld { this_update, .. } | Untimely::NotYetValid { this_update, .. },
            ) => (Some(this_update), None),
            _ => (None, None),
        };
        Self {
            this_update,
            next_update,
            revocation,
            problem: Some(problem),
            ..Self::new(origin, situation, result)
        }
    }

    /// Whether nobody else needs to be asked: the first authentic, current answer wins, and so does a revocation.
    pub(super) fn settles(&self) -> bool {
        matches!(
            self.situation,
            Situation::Good | Situation::Revoked | Situation::Unknown
        )
    }

    /// How much it says, where nothing settles the question: authentic data more than what is not.
    pub(super) fn weight(&self) -> u8 {
        match self.situation {
            Situation::Untimely => 3,
            Situation::Wrong => 2,
            Situation::NoAnswer => 1,
            _ => 0,
        }
    }

    /// Why the answer does not count, if one came.
    pub(super) fn fault(&self) -> Option<AnswerFault> {
        match self.result {
            AttemptResult::Refused(fault) => Some(fault),
            _ => None,
        }
    }

    /// What authentic data says about the true time, if it is from this computer's future.
    pub(super) fn true_time_at_least(&self) -> Option<UnixTime> {
        let reason = match &self.problem {
            Some(Problem::Ocsp(OcspError::Untimely { reason, .. })) => reason,
            Some(Problem::Crl(CrlError::Untimely { reason, .. })) => reason,
            _ => return None,
        };
        match reason {
            Untimely::NotYetValid { this_update, .. } => Some(*this_update),
            _ => None,
        }
    }

    /// For the report.
    pub(super) fn attempt(&self) -> Attempt {
        Attempt {
            source: self.origin.source,
            url: self.origin.url.clone(),
            way: self.origin.way.clone(),
            result: self.result.clone(),
            detail: match (&self.problem, &self.result) {
                (Some(problem), _) => Some(PeerText::new(&problem.to_string())),
                (None, AttemptResult::Failed(fault)) => Some(PeerText::new(&fault.to_string())),
                _ => None,
            },
            ms: self.origin.ms,
        }
    }
}

fn ocsp_fault(error: &OcspError) -> AnswerFault {
    match error {
        OcspError::TooLarge { .. } => AnswerFault::TooLarge,
        OcspError::Malformed { .. } | OcspError::Certificate(_) => AnswerFault::Malformed,
        OcspError::UnsupportedType { .. } => AnswerFault::UnsupportedType,
        OcspError::Responder(status) => match status {
            ResponderStatus::MalformedRequest => AnswerFault::MalformedRequest,
            ResponderStatus::InternalError => AnswerFault::InternalError,
            ResponderStatus::TryLater => AnswerFault::TryLater,
            ResponderStatus::SignatureRequired => AnswerFault::SignatureRequired,
            ResponderStatus::Unauthorized => AnswerFault::Unauthorized,
        },
        OcspError::WrongIssuer { .. } => AnswerFault::WrongIssuer,
        OcspError::UnsupportedCritical { .. } => AnswerFault::UnsupportedCritical,
        OcspError::TooManyCertificates { .. } => AnswerFault::TooManyCertificates,
        OcspError::NoSigner { .. } => AnswerFault::NoSigner,
        OcspError::Signature(error) => signature_fault(error),
        OcspError::UnauthorizedResponder { .. } => AnswerFault::UnauthorizedResponder,
        OcspError::NonceMismatch => AnswerFault::NonceMismatch,
        OcspError::BadProducedAt { .. } => AnswerFault::BadProducedAt,
        OcspError::UnsupportedHash { .. } => AnswerFault::UnsupportedHash,
        OcspError::NoMatchingResponse { .. } | OcspError::MustStapleMissing => {
            AnswerFault::NoMatchingResponse
        }
        OcspError::Untimely { reason, .. } => untimely_fault(reason),
    }
}

fn crl_fault(error: &CrlError) -> AnswerFault {
    match error {
        CrlError::TooLarge { .. } => AnswerFault::TooLarge,
        CrlError::Malformed(_) | CrlError::Certificate(_) => AnswerFault::Malformed,
        CrlError::WrongIssuer { .. } => AnswerFault::WrongIssuer,
        CrlError::Signature(error) => signature_fault(error),
        CrlError::UnauthorizedSigner { .. } => AnswerFault::UnauthorizedSigner,
        CrlError::UnsupportedCritical { .. } => AnswerFault::UnsupportedCritical,
        CrlError::Unsupported(_) => AnswerFault::UnsupportedCrl,
        CrlError::OutOfScope(_) => AnswerFault::WrongScope,
        CrlError::Rollback { .. } => AnswerFault::Rollback,
        CrlError::Untimely { reason, .. } => untimely_fault(reason),
        CrlError::NoList => AnswerFault::NoMatchingResponse,
    }
}

fn signature_fault(error: &SignatureError) -> AnswerFault {
    match error {
        SignatureError::Wrong => AnswerFault::BadSignature,
        SignatureError::Weak { .. } => AnswerFault::WeakSignature,
        SignatureError::Unsupported { .. } => AnswerFault::UnsupportedAlgorithm,
    }
}

fn untimely_fault(reason: &Untimely) -> AnswerFault {
    match reason {
        Untimely::Stale { .. } | Untimely::TooOld { .. } => AnswerFault::Stale,
        Untimely::NotYetValid { .. } => AnswerFault::NotYetValid,
        Untimely::NoNextUpdate => AnswerFault::NoNextUpdate,
    }
}
