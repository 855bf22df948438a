//! What `--explain` prints: which way was decided and why, what proxies said, and what is known about the server.

use sspr::proxy::ProxyPlan;
use sspr::{Attempt, AttemptResult, Error, Fault, ProxyFault, RevocationFault, TrustReport};

/// The ways that will be tried, where they come from, and remarks on the settings.
pub(crate) fn plan(plan: &ProxyPlan) {
    println!("\nthe way out of this computer");
    for candidate in &plan.candidates {
        println!("  way:  {candidate}");
    }
    match &plan.provenance {
        Some(from) => println!("  from: {} ({})", from.place, from.store.name()),
        None => println!("  from: nowhere, every store is empty"),
    }
    for finding in &plan.findings {
        println!("  note: {finding}");
    }
}

/// How the connection went, and who is at its other end.
pub(crate) fn trust(report: &TrustReport) {
    println!("\nthe connection to {}", report.host);
    println!("  way:  {}", report.way);
    println!("  tls:  {:?}", report.tls);
    println!(
        "  root: {} ({:?})",
        report.anchor.subject, report.anchor.class
    );
    for certificate in &report.path {
        println!("  certificate of {}", certificate.subject);
        println!("    revocation: {:?}", certificate.revocation);
        certificate.attempts.iter().for_each(attempt);
    }
    for warning in &report.warnings {
        println!("  warning: {warning:?}");
    }
}

/// Everything that was tried, where several things were.
pub(crate) fn failure(error: &Error) {
    match error.fault() {
        Fault::Proxy(ProxyFault::AllFailed { ways }) => {
            for way in ways {
                let proxy = way.proxy.as_deref().unwrap_or("direct");
                println!("  tried {proxy}: {}", way.fault);
            }
        }
        Fault::Revocation(RevocationFault::Unreachable { attempts, .. }) => {
            attempts.iter().for_each(attempt);
        }
        _ => {}
    }
}

fn attempt(attempt: &Attempt) {
    let url = attempt.url.as_deref().unwrap_or("at hand");
    let way = attempt.way.as_ref().map(|way| format!(", {way}"));
    let result = match &attempt.result {
        AttemptResult::Failed(fault) => fault.to_string(),
        other => format!("{other:?}"),
    };
    println!(
        "    {:?} {url}{}: {result} ({} ms)",
        attempt.source,
        way.unwrap_or_default(),
        attempt.ms
    );
}
