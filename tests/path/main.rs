//! Paths judged as a pure function, with certificates that no library here makes any more.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use rustls_pki_types::{CertificateDer, UnixTime};
use sspr::path::{Path, Question, RootSet, verify};
use sspr::{RootClass, TrustFault};

const HOST: &str = "login.contoso.example";

/// The certificates that `chains/make` has made.
macro_rules! chain {
    ($($name:literal),*) => {
        [$(CertificateDer::from(&include_bytes!(concat!("chains/", $name, ".der"))[..])),*]
    };
}

fn roots(der: &[u8]) -> RootSet {
    RootSet::new(RootClass::Added, [der]).unwrap()
}

/// 2030-01-01: within the validity of all of them.
fn now() -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(1_893_456_000))
}

fn judged_by(
    roots: &[RootSet],
    chain: &[CertificateDer<'_>],
    host: &str,
) -> Result<Path, TrustFault> {
    let algorithms = rustls::crypto::ring::default_provider().signature_verification_algorithms;
    verify(&Question::new(host, chain, roots, now(), algorithms.all))
}

fn judged(chain: &[CertificateDer<'_>]) -> Result<Path, TrustFault> {
    let [root] = chain!["root"];
    judged_by(&[roots(&root)], chain, HOST)
}

#[test]
fn a_path_tells_its_certificates_and_its_root() {
    let chain = chain!["good-server"];
    let path = judged(&chain).unwrap();
    assert_eq!(path.certificates, chain);
    assert_eq!(path.class, RootClass::Added);
    assert_eq!(path.anchor_certificate, Some(chain!["root"][0].clone()));
    assert_eq!(path.inspected_by, None);
}

#[test]
fn the_spelling_of_the_host_does_not_matter() {
    let [root] = chain!["root"];
    for (host, is_it) in [
        ("LOGIN.Contoso.Example.", true),
        ("contoso.example", false),
        ("Contoso good-server", false),
        ("", false),
    ] {
        let judged = judged_by(&[roots(&root)], &chain!["good-server"], host);
        match judged {
            Ok(_) => assert!(is_it, "{host}"),
            Err(TrustFault::NameMismatch { .. }) => assert!(!is_it, "{host}"),
            Err(other) => panic!("{host}: {other:?}"),
        }
    }
}

#[test]
fn weak_keys_are_told_wherever_they_are() {
    for (chain, holder) in [
        (&chain!["weak-server"][..], "CN=Contoso weak-server"),
        (&chain!["odd-server"], "CN=Contoso odd-server"),
        (
            &chain!["below-weak", "weak-authority"],
            "CN=Contoso weak-authority",
        ),
    ] {
        match judged(chain).unwrap_err() {
            TrustFault::WeakKey { certificate, .. } => assert_eq!(certificate.as_str(), holder),
            other => panic!("{other:?}"),
        }
    }
    let [root] = chain!["weak-root"];
    let fault = judged_by(&[roots(&root)], &chain!["below-weak-root"], HOST).unwrap_err();
    match fault {
        TrustFault::WeakKey { certificate, .. } => {
            assert_eq!(certificate.as_str(), "CN=Contoso weak-root");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn weak_signatures_are_told() {
    let fault = judged(&chain!["below-sha1", "sha1-authority"]).unwrap_err();
    assert!(
        matches!(fault, TrustFault::WeakSignature { .. }),
        "{fault:?}"
    );
}

#[test]
fn of_two_sets_the_first_with_a_path_names_the_root() {
    let [root, other] = chain!["root", "weak-root"];
    let pinned = |der: &[u8]| RootSet::new(RootClass::Pinned, [der]).unwrap();
    let chain = chain!["good-server"];
    let path = judged_by(&[pinned(&other), roots(&root)], &chain, HOST).unwrap();
    assert_eq!(path.class, RootClass::Added);
    let issuer = path.inspected_by.unwrap();
    assert_eq!(issuer.name.as_str(), "CN=Contoso root");
    assert_eq!(issuer.sha256.len(), 64);
    // A server's certificate for a hundred years is more than a public root may issue, so the other set has it.
    let path = judged_by(&[pinned(&root), roots(&root)], &chain, HOST).unwrap();
    assert_eq!(path.class, RootClass::Added);
    let fault = judged_by(&[pinned(&root)], &chain, HOST).unwrap_err();
    assert!(
        matches!(fault, TrustFault::LivesTooLong { .. }),
        "{fault:?}"
    );
}

#[test]
fn no_certificate_and_no_root_are_answers_too() {
    let fault = judged(&[]).unwrap_err();
    assert!(matches!(fault, TrustFault::Malformed { .. }), "{fault:?}");
    let fault = judged_by(&[], &chain!["good-server"], HOST).unwrap_err();
    assert!(
        matches!(fault, TrustFault::UnknownIssuer { .. }),
        "{fault:?}"
    );
    assert!(RootSet::new(RootClass::Added, [b"no certificate"]).is_err());
}
