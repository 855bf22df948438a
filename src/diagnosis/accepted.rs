//! What is wrong with a connection that was accepted all the same.

use crate::error::{Fault, RevocationFault, TrustFault};
use crate::report::{AttemptResult, PathCertificate, TrustReport, TrustWarning};

/// The warnings of `report`, each as the fault that it would have been under a stricter policy.
pub(super) fn faults(report: &TrustReport) -> Vec<Fault> {
    let host = || report.host.clone();
    let about = |subject: &str| report.path.iter().find(|one| *one.subject == *subject);
    let warnings = report.warnings.iter().filter_map(|warning| match warning {
        TrustWarning::Inspected { by } => Some(Fault::Trust(TrustFault::Inspected {
            host: host(),
            issuer: by.clone(),
        })),
        TrustWarning::RevocationBlockedByProxy { fault } => Some(Fault::Proxy((**fault).clone())),
        TrustWarning::Unreachable { certificate, hosts } => {
            let known = about(certificate);
            Some(Fault::Revocation(RevocationFault::Unreachable {
                host: host(),
                certificate: certificate.clone(),
                hosts: hosts.clone(),
                attempts: known.map_or_else(Vec::new, |one| one.attempts.clone()),
            }))
        }
        TrustWarning::Unconfirmed { certificate } => {
            about(certificate).and_then(|known| unconfirmed(&report.host, known))
        }
        _ => None,
    });
    warnings.chain(report.clock.map(Fault::Clock)).collect()
}

/// The answer that does not count; what nobody can be asked about at all, otherwise.
fn unconfirmed(host: &str, known: &PathCertificate) -> Option<Fault> {
    let (host, certificate) = (host.to_owned(), known.subject.clone());
    let refused = known
        .attempts
        .iter()
        .find_map(|attempt| match &attempt.result {
            AttemptResult::Refused(problem) => Some((attempt, *problem)),
            _ => None,
        });
    Some(Fault::Revocation(match refused {
        Some((attempt, problem)) => RevocationFault::WrongAnswer {
            host,
            certificate,
            said_by: attempt.source,
            url: attempt.url.clone(),
            problem,
        },
        None => RevocationFault::NoInformation { host, certificate },
    }))
}
