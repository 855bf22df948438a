//! `openssl ocsp` is asked.

use sspr::revocation::Reason;
use sspr::{
    AnswerFault, AttemptResult, FetchFault, Remedy, RevocationFault, RevocationOutcome, Source,
    TlsVersion, TrustWarning, Way,
};

use crate::authority::DELEGATE;
use crate::door::Door;
use crate::is_installed;
use crate::process::NOW;
use crate::site::{ISSUING, LEAF, Leaf, Site};
use crate::visit::{leaf, refusal, visits};

const HOST: &str = "ocsp.contoso.example";

/// A site whose leaf names a responder at this path, and the door to it.
fn site(path: &str) -> (Site, Door) {
    let door = Door::open(HOST);
    let site = Site::new(Leaf::new().ocsp(&door.url(path)));
    (site, door)
}

#[test]
fn a_good_answer_is_taken_and_told() {
    if !is_installed() {
        return;
    }
    let (site, door) = site("/");
    let responder = site.issuing.responder();
    door.leads_to(responder.port);
    for visit in visits(&site) {
        let report = visit.unwrap();
        assert_eq!(report.tls, TlsVersion::Tls13);
        assert_eq!((&report.warnings[..], &report.clock), (&[][..], &None));
        let [leaf, issuing] = &report.path[..] else {
            panic!("{report:#?}")
        };
        assert_eq!((leaf.subject.as_str(), &*leaf.serial), (LEAF, "5a01"));
        assert_eq!(issuing.subject.as_str(), ISSUING);
        match leaf.revocation {
            RevocationOutcome::Good {
                source: Source::Ocsp,
                this_update,
                next_update: Some(next_update),
            } => assert_eq!(next_update, this_update + 60 * 60),
            ref other => panic!("{other:?}"),
        }
        assert!(matches!(
            issuing.revocation,
            RevocationOutcome::Good {
                source: Source::Crl,
                ..
            }
        ));
        let [attempt] = &leaf.attempts[..] else {
            panic!("{leaf:#?}")
        };
        assert_eq!(attempt.result, AttemptResult::Good);
        assert_eq!(attempt.way, Some(Way::Direct));
        assert_eq!(attempt.host().as_deref(), Some(HOST));
    }
    let asked = door.asked();
    assert_eq!(asked.len(), 3);
    // The Base64 form of any DER SEQUENCE begins so.
    assert!(asked.iter().all(|line| line.starts_with("GET /M")));
}

#[test]
fn a_long_address_is_asked_in_a_body() {
    if !is_installed() {
        return;
    }
    let path = format!("/{}", "long/".repeat(40));
    let (site, door) = site(&path);
    let responder = site.issuing.responder();
    door.leads_to(responder.port);
    for visit in visits(&site) {
        assert!(matches!(
            leaf(&visit),
            RevocationOutcome::Good {
                source: Source::Ocsp,
                ..
            }
        ));
    }
    assert_eq!(door.asked(), vec![format!("POST {path} HTTP/1.1"); 3]);
}

#[test]
fn a_revoked_certificate_is_refused_by_every_policy() {
    if !is_installed() {
        return;
    }
    let long = format!("/{}", "long/".repeat(40));
    for (path, method, word, reason) in [
        ("/", "GET ", "keyCompromise", Reason::KeyCompromise),
        (&long, "POST ", "superseded", Reason::Superseded),
        ("/", "GET ", "certificateHold", Reason::CertificateHold),
    ] {
        let (site, door) = site(path);
        site.issuing.revoke(&site.leaf, word);
        let responder = site.issuing.responder();
        door.leads_to(responder.port);
        for visit in visits(&site) {
            match refusal(&visit) {
                RevocationFault::Revoked {
                    certificate,
                    serial,
                    since,
                    reason: told,
                    said_by: Source::Ocsp,
                    ..
                } => {
                    assert_eq!((certificate.as_str(), &**serial), (LEAF, "5a01"));
                    assert_eq!(*told, Some(reason));
                    assert!(*since > 0);
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(visit.unwrap_err().remedy(), Remedy::CorrectCertificate);
        }
        assert!(door.asked().iter().all(|line| line.starts_with(method)));
    }
}

#[test]
fn an_unknown_certificate_is_accepted_by_best_effort_only() {
    if !is_installed() {
        return;
    }
    let (site, door) = site("/");
    let responder = site.issuing.responder_with(
        &site.issuing.identity,
        &["-nmin", "60", "-index", "/dev/null"],
        NOW,
    );
    door.leads_to(responder.port);
    let [strict, required, best_effort] = visits(&site);
    for refused in [strict, required] {
        assert!(matches!(
            refusal(&refused),
            RevocationFault::StatusUnknown {
                said_by: Source::Ocsp,
                ..
            }
        ));
    }
    assert!(matches!(
        leaf(&best_effort),
        RevocationOutcome::Unknown {
            source: Source::Ocsp
        }
    ));
    assert_unconfirmed(&best_effort.unwrap().warnings);
}

/// It was to be replaced yesterday. The client asks twice, the second time past the caches on the way.
#[test]
fn a_stale_answer_is_accepted_by_best_effort_only() {
    if !is_installed() {
        return;
    }
    let (site, door) = site("/");
    let responder = site
        .issuing
        .responder_with(&site.issuing.identity, &["-nmin", "5"], "-1d");
    door.leads_to(responder.port);
    let [strict, required, best_effort] = visits(&site);
    for refused in [strict, required] {
        match refusal(&refused) {
            RevocationFault::Stale {
                next_update: Some(next_update),
                now,
                ..
            } => {
                let age = now - next_update;
                assert!((80_000..100_000).contains(&age), "{age}");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(refused.unwrap_err().remedy(), Remedy::SetClock);
    }
    assert!(matches!(
        leaf(&best_effort),
        RevocationOutcome::Unconfirmed {
            fault: AnswerFault::Stale
        }
    ));
    assert_unconfirmed(&best_effort.unwrap().warnings);
    assert_eq!(door.asked().len(), 6);
}

/// `openssl ocsp` leaves `nextUpdate` out unless it is told.
#[test]
fn an_answer_without_an_end_does_not_count() {
    if !is_installed() {
        return;
    }
    let (site, door) = site("/");
    let responder = site
        .issuing
        .responder_with(&site.issuing.identity, &[], NOW);
    door.leads_to(responder.port);
    assert_wrong(&site, AnswerFault::NoNextUpdate);
}

#[test]
fn a_delegate_may_answer() {
    if !is_installed() {
        return;
    }
    let (site, door) = site("/");
    let delegate = site.issuing.issue("Real Responder", DELEGATE, "-1d");
    for options in [&["-nmin", "60"][..], &["-nmin", "60", "-resp_key_id"]] {
        let responder = site.issuing.responder_with(&delegate, options, NOW);
        door.leads_to(responder.port);
        for visit in visits(&site) {
            assert!(matches!(
                leaf(&visit),
                RevocationOutcome::Good {
                    source: Source::Ocsp,
                    ..
                }
            ));
            assert_eq!(visit.unwrap().warnings, []);
        }
    }
    site.issuing.revoke(&site.leaf, "keyCompromise");
    let responder = site
        .issuing
        .responder_with(&delegate, &["-nmin", "60"], NOW);
    door.leads_to(responder.port);
    for visit in visits(&site) {
        assert!(matches!(
            refusal(&visit),
            RevocationFault::Revoked {
                reason: Some(Reason::KeyCompromise),
                ..
            }
        ));
    }
}

/// A delegate that could be revoked itself is told about, and is too little for `Strict`.
#[test]
fn a_delegate_without_nocheck() {
    if !is_installed() {
        return;
    }
    let (site, door) = site("/");
    let extensions = DELEGATE.replace("noCheck = yes\n", "");
    let delegate = site.issuing.issue("Real Responder", &extensions, "-1d");
    let responder = site
        .issuing
        .responder_with(&delegate, &["-nmin", "60"], NOW);
    door.leads_to(responder.port);
    let [strict, required, best_effort] = visits(&site);
    assert!(matches!(
        refusal(&strict),
        RevocationFault::WrongAnswer {
            problem: AnswerFault::UnauthorizedResponder,
            ..
        }
    ));
    for accepted in [required, best_effort] {
        assert!(matches!(
            accepted.unwrap().warnings[..],
            [TrustWarning::ResponderNotExempt { .. }]
        ));
    }
}

/// The authority issued the certificate, but not for this.
#[test]
fn a_signer_without_the_right_purpose_does_not_count() {
    if !is_installed() {
        return;
    }
    let (site, door) = site("/");
    let extensions = DELEGATE.replace("OCSPSigning", "serverAuth");
    let impostor = site.issuing.issue("Real Responder", &extensions, "-1d");
    let responder = site
        .issuing
        .responder_with(&impostor, &["-nmin", "60"], NOW);
    door.leads_to(responder.port);
    assert_wrong(&site, AnswerFault::UnauthorizedResponder);
}

/// `Strict` refuses, the others tell which host did not answer.
#[test]
fn a_responder_that_is_gone() {
    if !is_installed() {
        return;
    }
    let (site, door) = site("/");
    let responder = site.issuing.responder();
    door.leads_to(responder.port);
    drop(responder);
    // The door still opens, but nobody is behind it.
    assert_unreachable(&site, |fault| *fault == FetchFault::Truncated);
    drop(door);
    assert_unreachable(&site, |fault| {
        matches!(fault, FetchFault::Connect { refused: true })
    });
}

#[test]
fn a_list_stands_in_for_a_responder() {
    if !is_installed() {
        return;
    }
    let (door, list) = (Door::open(HOST), Door::open("crl.contoso.example"));
    let site = Site::new(
        Leaf::new()
            .ocsp(&door.url("/"))
            .list(&list.url("/issuing.crl")),
    );
    list.shows(site.issuing.list(NOW));
    let stale = site
        .issuing
        .responder_with(&site.issuing.identity, &["-nmin", "5"], "-1d");
    door.leads_to(stale.port);
    let from_list = |visit: &_| {
        assert!(matches!(
            leaf(visit),
            RevocationOutcome::Good {
                source: Source::Crl,
                ..
            }
        ));
    };
    visits(&site).iter().for_each(from_list);
    drop((stale, door));
    visits(&site).iter().for_each(from_list);

    site.issuing.revoke(&site.leaf, "keyCompromise");
    list.shows(site.issuing.list(NOW));
    for visit in visits(&site) {
        assert!(matches!(
            refusal(&visit),
            RevocationFault::Revoked {
                said_by: Source::Crl,
                ..
            }
        ));
    }
}

fn assert_wrong(site: &Site, wanted: AnswerFault) {
    let [strict, required, best_effort] = visits(site);
    for refused in [strict, required] {
        match refusal(&refused) {
            RevocationFault::WrongAnswer {
                said_by: Source::Ocsp,
                problem,
                ..
            } => assert_eq!(*problem, wanted),
            other => panic!("{other:?}"),
        }
    }
    match leaf(&best_effort) {
        RevocationOutcome::Unconfirmed { fault } => assert_eq!(*fault, wanted),
        other => panic!("{other:?}"),
    }
    assert_unconfirmed(&best_effort.unwrap().warnings);
}

fn assert_unreachable(site: &Site, is_wanted: impl Fn(&FetchFault) -> bool) {
    let [strict, required, best_effort] = visits(site);
    match refusal(&strict) {
        RevocationFault::Unreachable {
            certificate, hosts, ..
        } => assert_eq!(
            (certificate.as_str(), &hosts[..]),
            (LEAF, &[HOST.to_owned()][..])
        ),
        other => panic!("{other:?}"),
    }
    assert_eq!(strict.unwrap_err().remedy(), Remedy::OpenFirewall);
    for accepted in [required, best_effort] {
        assert_eq!(leaf(&accepted), &RevocationOutcome::Unreachable);
        let report = accepted.unwrap();
        match &report.warnings[..] {
            [TrustWarning::Unreachable { certificate, hosts }] => {
                assert_eq!(
                    (certificate.as_str(), &hosts[..]),
                    (LEAF, &[HOST.to_owned()][..])
                );
            }
            other => panic!("{other:?}"),
        }
        match &report.path[0].attempts[..] {
            [attempt] => match &attempt.result {
                AttemptResult::Failed(fault) => assert!(is_wanted(fault), "{fault:?}"),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }
}

fn assert_unconfirmed(warnings: &[TrustWarning]) {
    match warnings {
        [TrustWarning::Unconfirmed { certificate }] => assert_eq!(certificate.as_str(), LEAF),
        other => panic!("{other:?}"),
    }
}
