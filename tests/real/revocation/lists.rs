//! Lists of `openssl ca`, for certificates that name no responder.

use sspr::revocation::{Policy, Reason};
use sspr::{AnswerFault, AttemptResult, RevocationFault, RevocationOutcome, Source, TrustWarning};

use crate::door::Door;
use crate::is_installed;
use crate::process::NOW;
use crate::server::OpenSsl;
use crate::site::{ISSUING, LEAF, Leaf, Site};
use crate::visit::{leaf, refusal, visit, visits};

fn site() -> (Site, Door) {
    let door = Door::open("crl.contoso.example");
    let site = Site::new(Leaf::new().list(&door.url("/issuing.crl")));
    (site, door)
}

#[test]
fn a_certificate_that_is_not_listed_is_good() {
    if !is_installed() {
        return;
    }
    let (site, door) = site();
    let other = site.issuing.issue("another", "", "-2d");
    site.issuing.revoke(&other, "keyCompromise");
    door.shows(site.issuing.list(NOW));
    for visit in visits(&site) {
        let report = visit.unwrap();
        assert_eq!(report.warnings, []);
        for certificate in &report.path {
            match certificate.revocation {
                RevocationOutcome::Good {
                    source: Source::Crl,
                    this_update,
                    next_update: Some(next_update),
                } => assert_eq!(next_update - this_update, 7 * 24 * 60 * 60),
                ref other => panic!("{other:?}"),
            }
            assert_eq!(certificate.attempts.len(), 1);
            assert_eq!(certificate.attempts[0].result, AttemptResult::Good);
        }
    }
    assert_eq!(door.asked(), ["GET /issuing.crl HTTP/1.1"; 3]);
    assert_eq!(site.root_list.asked(), ["GET /root.crl HTTP/1.1"; 3]);
}

#[test]
fn a_certificate_that_is_listed_is_refused_by_every_policy() {
    if !is_installed() {
        return;
    }
    for (word, reason) in [
        ("cessationOfOperation", Reason::CessationOfOperation),
        ("unspecified", Reason::Unspecified),
    ] {
        let (site, door) = site();
        site.issuing.revoke(&site.leaf, word);
        door.shows(site.issuing.list(NOW));
        for visit in visits(&site) {
            match refusal(&visit) {
                RevocationFault::Revoked {
                    certificate,
                    reason: told,
                    said_by: Source::Crl,
                    ..
                } => assert_eq!((certificate.as_str(), *told), (LEAF, Some(reason))),
                other => panic!("{other:?}"),
            }
        }
    }
}

/// The leaf is good, which does not help.
#[test]
fn a_revoked_authority_is_refused_by_every_policy() {
    if !is_installed() {
        return;
    }
    let (site, door) = site();
    door.shows(site.issuing.list(NOW));
    site.revoke_issuing("CACompromise");
    for visit in visits(&site) {
        match refusal(&visit) {
            RevocationFault::Revoked {
                certificate,
                reason: Some(Reason::CaCompromise),
                said_by: Source::Crl,
                ..
            } => assert_eq!(certificate.as_str(), ISSUING),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_stale_list_is_accepted_by_best_effort_only() {
    if !is_installed() {
        return;
    }
    let (site, door) = site();
    door.shows(site.issuing.list("-8d"));
    let [strict, required, best_effort] = visits(&site);
    for refused in [strict, required] {
        assert!(matches!(refusal(&refused), RevocationFault::Stale { .. }));
    }
    assert_eq!(
        leaf(&best_effort),
        &RevocationOutcome::Unconfirmed {
            fault: AnswerFault::Stale
        }
    );
}

/// A revocation does not go away by itself.
#[test]
fn a_stale_list_still_revokes() {
    if !is_installed() {
        return;
    }
    let (site, door) = site();
    site.issuing.revoke(&site.leaf, "keyCompromise");
    door.shows(site.issuing.list("-8d"));
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

/// The list of the root says nothing about what the issuing authority issued.
#[test]
fn a_list_of_another_authority_does_not_count() {
    if !is_installed() {
        return;
    }
    let (site, door) = site();
    door.shows(site.root.list(NOW));
    let [strict, required, best_effort] = visits(&site);
    for refused in [strict, required] {
        assert!(matches!(
            refusal(&refused),
            RevocationFault::WrongAnswer {
                said_by: Source::Crl,
                problem: AnswerFault::WrongIssuer,
                ..
            }
        ));
    }
    assert!(best_effort.is_ok());
}

#[test]
fn a_list_that_is_out_of_reach() {
    if !is_installed() {
        return;
    }
    let (site, door) = site();
    drop(door);
    let [strict, required, best_effort] = visits(&site);
    assert!(matches!(
        refusal(&strict),
        RevocationFault::Unreachable { .. }
    ));
    for accepted in [required, best_effort] {
        match &accepted.unwrap().warnings[..] {
            [TrustWarning::Unreachable { hosts, .. }] => {
                assert_eq!(hosts, &["crl.contoso.example"]);
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The leaf is good, but what is said about its authority cannot be read.
#[test]
fn every_certificate_below_the_root_counts() {
    if !is_installed() {
        return;
    }
    let (site, door) = site();
    door.shows(site.issuing.list(NOW));
    site.root_list.shows(b"not a list".to_vec());
    let [strict, required, best_effort] = visits(&site);
    for refused in [strict, required] {
        match refusal(&refused) {
            RevocationFault::WrongAnswer {
                certificate,
                problem: AnswerFault::Malformed,
                ..
            } => assert_eq!(certificate.as_str(), ISSUING),
            other => panic!("{other:?}"),
        }
    }
    assert!(best_effort.is_ok());
}

/// `Off` asks nobody, and does not pretend to know.
#[test]
fn a_policy_of_nothing_asks_nobody() {
    if !is_installed() {
        return;
    }
    let (site, door) = site();
    let mut server = OpenSsl::start(&site);
    let visit = visit(&site, Policy::Off, &mut server);
    assert_eq!(leaf(&visit), &RevocationOutcome::NotAsked);
    assert_eq!((door.asked(), site.root_list.asked()), (vec![], vec![]));
}
