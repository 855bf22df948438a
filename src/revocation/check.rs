//! The check of a whole path: every certificate below the root at once, in one budget of time.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use rustls_pki_types::UnixTime;
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use tracing::debug;

use super::cache::Cache;
use super::evidence::Evidence;
use super::inquiry::{Inquiry, Tools};
use super::subject::{Algorithms, Subject};
use super::{Decision, Policy, Settings, Situation};
use crate::error::{AnswerFault, ClockFault, Error, Fault, FetchFault, PeerText, RevocationFault};
use crate::ports::Fetch;
use crate::report::{
    Attempt, AttemptResult, PathCertificate, RevocationOutcome, Source, TrustWarning,
};
use crate::tls::VerifiedChain;
use crate::x509::Certificate;

/// No check takes longer, whatever the settings say: a clock cannot tell every time.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// Checks paths for one channel.
pub(crate) struct Checker {
    tools: Arc<Tools>,
    budget: Duration,
}

/// What the check of an accepted path came to.
pub(crate) struct Checked {
    pub(crate) path: Vec<PathCertificate>,
    pub(crate) warnings: Vec<TrustWarning>,
    pub(crate) clock: Option<ClockFault>,
}

/// What was found out about one certificate.
struct Finding {
    certificate: PathCertificate,
    situation: Situation,
    /// What the situation rests on.
    basis: Option<Evidence>,
    true_time_at_least: Option<UnixTime>,
    is_aging: bool,
}

impl Checker {
    /// Checks by staple and cache, and asks nobody: for a proxy, which could only be asked about through itself. What
    /// neither of them tells counts as unreachable.
    pub(crate) fn at_hand(settings: Settings, algorithms: &'static Algorithms) -> Self {
        Self {
            tools: Arc::new(Tools {
                cache: Arc::new(Cache::new(settings.cache_directory.clone())),
                settings,
                algorithms,
                fetch: None,
            }),
            budget: Duration::ZERO,
        }
    }

    /// A checker with the same settings and the same cache that asks the network too, for at most `budget`.
    pub(crate) fn asking(&self, fetch: Box<dyn Fetch>, budget: Duration) -> Self {
        Self {
            tools: Arc::new(Tools {
                cache: Arc::clone(&self.tools.cache),
                settings: self.tools.settings.clone(),
                algorithms: self.tools.algorithms,
                fetch: Some(fetch),
            }),
            budget: budget.min(LONGEST),
        }
    }

    /// Judges every certificate of `chain` by the policy.
    ///
    /// # Errors
    /// [`Fault::Revocation`] for the gravest thing that the policy refuses; [`Fault::Clock`] where the only thing wrong
    /// with an answer is that it comes from this clock's future.
    pub(crate) async fn check(
        &self,
        host: &str,
        chain: &Arc<VerifiedChain>,
        now: UnixTime,
    ) -> Result<Checked, Error> {
        let end = Instant::now() + self.budget;
        let inquiries = (0..chain.path.len())
            .map(|index| Box::pin(find_out(&self.tools, chain, index, now, end)) as Pin<Box<_>>);
        let findings: Vec<Finding> = all(inquiries.collect())
            .await
            .into_iter()
            .flatten()
            .collect();

        let at_least = findings
            .iter()
            .filter_map(|one| one.true_time_at_least)
            .max();
        let clock = at_least.map(|at_least| ClockFault::Behind {
            at_least: at_least.as_secs(),
            now: now.as_secs(),
        });
        let refused = findings
            .iter()
            .filter(|one| self.decide(one) == Decision::Refuse)
            .min_by_key(|one| one.situation != Situation::Revoked);
        if let Some(finding) = refused {
            return Err(refusal(host, finding, clock, now));
        }
        for (index, _) in findings.iter().enumerate().filter(|(_, one)| one.is_aging) {
            self.refresh(chain, index, now);
        }
        let mut warnings = Vec::new();
        for warning in findings.iter().flat_map(|one| self.warnings(one)) {
            // One proxy says the same about every certificate.
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        Ok(Checked {
            path: findings.into_iter().map(|one| one.certificate).collect(),
            warnings,
            clock,
        })
    }

    /// Forgets who could not be reached: the network has changed.
    pub(crate) fn network_changed(&self) {
        self.tools.cache.forget_failures();
    }

    fn decide(&self, finding: &Finding) -> Decision {
        self.tools.settings.policy.decide(finding.situation)
    }

    fn warnings(&self, finding: &Finding) -> Vec<TrustWarning> {
        let certificate = finding.certificate.subject.clone();
        let mut warnings = Vec::new();
        if self.decide(finding) == Decision::Warn {
            warnings.extend(blocked_by_proxy(&finding.certificate.attempts));
            warnings.push(match finding.situation {
                Situation::Unreachable | Situation::NoAnswer => TrustWarning::Unreachable {
                    certificate: certificate.clone(),
                    hosts: hosts(&finding.certificate.attempts),
                },
                _ => TrustWarning::Unconfirmed {
                    certificate: certificate.clone(),
                },
            });
        }
        if finding
            .basis
            .as_ref()
            .is_some_and(|basis| basis.may_be_revoked_itself)
        {
            warnings.push(TrustWarning::ResponderNotExempt { certificate });
        }
        warnings
    }

    /// Asks anew in the background: the kept answer still holds, and nobody has to wait for the next one.
    fn refresh(&self, chain: &Arc<VerifiedChain>, index: usize, now: UnixTime) {
        if self.tools.settings.policy == Policy::Off || self.tools.fetch.is_none() {
            return;
        }
        let (tools, chain) = (Arc::clone(&self.tools), Arc::clone(chain));
        let end = Instant::now() + self.budget;
        tokio::spawn(async move {
            if let Some(Ok(subject)) = Subject::new(&chain, index) {
                let mut inquiry = Inquiry::new(&tools, &subject, now, end);
                inquiry.ask_everyone().await;
                debug!(target: "sspr::revocation", attempts = ?inquiry.attempts, "refreshed");
            }
        });
    }
}

async fn find_out(
    tools: &Tools,
    chain: &VerifiedChain,
    index: usize,
    now: UnixTime,
    end: Instant,
) -> Option<Finding> {
    let der = chain.path.get(index)?;
    let sha256: [u8; 32] = Sha256::digest(der).into();
    let mut certificate = match Certificate::parse(der) {
        Ok(certificate) => describe(&certificate, &sha256),
        Err(_) => PathCertificate {
            subject: PeerText::default(),
            issuer: PeerText::default(),
            serial: String::new(),
            sha256: hex(&sha256),
            not_before: 0,
            not_after: 0,
            revocation: RevocationOutcome::NotAsked,
            attempts: Vec::new(),
        },
    };
    let finding = |certificate, situation| Finding {
        certificate,
        situation,
        basis: None,
        true_time_at_least: None,
        is_aging: false,
    };
    if tools.settings.revoked_authorities.contains(&sha256) {
        certificate.revocation = RevocationOutcome::Revoked {
            source: Source::BlockList,
            since: 0,
            reason: None,
        };
        return Some(finding(certificate, Situation::Revoked));
    }
    let subject = match Subject::new(chain, index)? {
        Ok(subject) => subject,
        Err(_) => {
            certificate.revocation = RevocationOutcome::Unconfirmed {
                fault: AnswerFault::Malformed,
            };
            return Some(finding(certificate, Situation::Wrong));
        }
    };
    let mut inquiry = Inquiry::new(tools, &subject, now, end);
    inquiry.run().await;

    let (situation, basis) = inquiry.situation();
    certificate.revocation = outcome(tools.settings.policy, situation, basis);
    let basis = basis.cloned();
    let evidence = inquiry.evidence.iter();
    Some(Finding {
        situation,
        basis,
        true_time_at_least: evidence.filter_map(Evidence::true_time_at_least).max(),
        is_aging: inquiry.is_aging,
        certificate: PathCertificate {
            attempts: inquiry.attempts,
            ..certificate
        },
    })
}

fn outcome(policy: Policy, situation: Situation, basis: Option<&Evidence>) -> RevocationOutcome {
    let source = basis.map_or(Source::Cache, |basis| basis.origin.source);
    let seconds = |time: Option<UnixTime>| time.map(|time| time.as_secs());
    match situation {
        Situation::Good => RevocationOutcome::Good {
            source,
            this_update: seconds(basis.and_then(|basis| basis.this_update)).unwrap_or_default(),
            next_update: seconds(basis.and_then(|basis| basis.next_update)),
        },
        Situation::Revoked => {
            let revocation = basis.and_then(|basis| basis.revocation);
            RevocationOutcome::Revoked {
                source,
                since: seconds(revocation.map(|it| it.time)).unwrap_or_default(),
                reason: revocation.and_then(|revocation| revocation.reason),
            }
        }
        Situation::Unknown => RevocationOutcome::Unknown { source },
        Situation::NoInformation { .. } => RevocationOutcome::NoInformation,
        Situation::StapleMissing => RevocationOutcome::StapleMissing,
        Situation::Wrong | Situation::Untimely | Situation::NoAnswer | Situation::Unreachable => {
            match basis.and_then(Evidence::fault) {
                Some(fault) => RevocationOutcome::Unconfirmed { fault },
                None if policy == Policy::Off => RevocationOutcome::NotAsked,
                None => RevocationOutcome::Unreachable,
            }
        }
    }
}

/// Why a certificate is refused.
fn refusal(host: &str, finding: &Finding, clock: Option<ClockFault>, now: UnixTime) -> Error {
    let basis = finding.basis.as_ref();
    let (host, shown) = (host.to_owned(), &finding.certificate);
    let certificate = shown.subject.clone();
    let fault = match (&shown.revocation, finding.situation) {
        (
            RevocationOutcome::Revoked {
                source,
                since,
                reason,
            },
            _,
        ) => RevocationFault::Revoked {
            host,
            certificate,
            serial: shown.serial.clone(),
            since: *since,
            reason: *reason,
            said_by: *source,
        },
        (RevocationOutcome::Unknown { source }, _) => RevocationFault::StatusUnknown {
            host,
            certificate,
            said_by: *source,
        },
        (RevocationOutcome::NoInformation, _) => {
            RevocationFault::NoInformation { host, certificate }
        }
        (RevocationOutcome::StapleMissing, _) => RevocationFault::MustStapleMissing { host },
        (RevocationOutcome::Unconfirmed { fault }, Situation::Untimely | Situation::Wrong) => {
            match (fault, clock) {
                (AnswerFault::NotYetValid, Some(clock)) => {
                    return with_problem(Fault::Clock(clock), basis);
                }
                (AnswerFault::Stale, _) => RevocationFault::Stale {
                    host,
                    certificate,
                    next_update: basis
                        .and_then(|basis| basis.next_update)
                        .map(|time| time.as_secs()),
                    now: now.as_secs(),
                },
                (problem, _) => RevocationFault::WrongAnswer {
                    host,
                    certificate,
                    said_by: basis.map_or(Source::Cache, |basis| basis.origin.source),
                    url: basis.and_then(|basis| basis.origin.url.clone()),
                    problem: *problem,
                },
            }
        }
        _ => RevocationFault::Unreachable {
            host,
            certificate,
            hosts: hosts(&shown.attempts),
            attempts: shown.attempts.clone(),
        },
    };
    with_problem(Fault::Revocation(fault), basis)
}

fn with_problem(fault: Fault, basis: Option<&Evidence>) -> Error {
    let error = Error::new(fault);
    match basis.and_then(|basis| basis.problem.clone()) {
        Some(problem) => error.with_source(problem),
        None => error,
    }
}

/// What a proxy said that did not let a question through.
fn blocked_by_proxy(attempts: &[Attempt]) -> Option<TrustWarning> {
    attempts.iter().find_map(|attempt| match &attempt.result {
        AttemptResult::Failed(FetchFault::Proxy(fault)) => {
            Some(TrustWarning::RevocationBlockedByProxy {
                fault: fault.clone(),
            })
        }
        _ => None,
    })
}

/// Every host that was asked, once each.
fn hosts(attempts: &[Attempt]) -> Vec<String> {
    let mut hosts = Vec::new();
    for host in attempts.iter().filter_map(Attempt::host) {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

fn describe(certificate: &Certificate<'_>, sha256: &[u8]) -> PathCertificate {
    PathCertificate {
        subject: PeerText::new(&certificate.subject.to_string()),
        issuer: PeerText::new(&certificate.issuer.to_string()),
        serial: hex(certificate.serial),
        sha256: hex(sha256),
        not_before: certificate.validity.not_before.as_secs(),
        not_after: certificate.validity.not_after.as_secs(),
        revocation: RevocationOutcome::NotAsked,
        attempts: Vec::new(),
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Awaits all of them at once.
async fn all<T>(mut futures: Vec<Pin<Box<dyn Future<Output = T> + Send + '_>>>) -> Vec<T> {
    let mut outputs: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    poll_fn(move |cx| {
        let mut is_pending = false;
        for (future, output) in futures.iter_mut().zip(&mut outputs) {
            if output.is_none() {
                match future.as_mut().poll(cx) {
                    Poll::Ready(value) => *output = Some(value),
                    Poll::Pending => is_pending = true,
                }
            }
        }
        match is_pending {
            true => Poll::Pending,
            false => Poll::Ready(outputs.drain(..).flatten().collect()),
        }
    })
    .await
}
