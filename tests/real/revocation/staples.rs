//! Answers that come with the handshake, from `openssl s_server -status_file` and from nginx with `ssl_stapling_file`.

use std::path::Path;

use sspr::revocation::Policy::{self, BestEffort, RequiredUnlessUnreachable, Strict};
use sspr::revocation::Reason;
use sspr::{
    AnswerFault, AttemptResult, Remedy, RevocationFault, RevocationOutcome, Source, TlsVersion,
};

use crate::door::Door;
use crate::is_installed;
use crate::server::{Nginx, OpenSsl};
use crate::site::{Leaf, Site};
use crate::visit::{POLICIES, Visit, leaf, refusal, visit};

const VERSIONS: [TlsVersion; 2] = [TlsVersion::Tls12, TlsVersion::Tls13];

/// Visits with one of the two kinds of servers.
type Visitor = fn(&Site, TlsVersion, Option<&Path>, Policy) -> Visit;

const VISITORS: [Visitor; 2] = [visit_openssl, visit_nginx];

fn visit_openssl(site: &Site, version: TlsVersion, staple: Option<&Path>, policy: Policy) -> Visit {
    let option = match version {
        TlsVersion::Tls12 => "-tls1_2",
        _ => "-tls1_3",
    };
    let mut server = OpenSsl::start_with(site, &[option], staple);
    visit(site, policy, &mut server)
}

fn visit_nginx(site: &Site, version: TlsVersion, staple: Option<&Path>, policy: Policy) -> Visit {
    let protocol = match version {
        TlsVersion::Tls12 => "TLSv1.2",
        _ => "TLSv1.3",
    };
    let mut server = Nginx::start(site, protocol, staple);
    visit(site, policy, &mut server)
}

/// Visits both kinds of servers with both versions.
fn visits(site: &Site, staple: Option<&Path>, policy: Policy) -> Vec<(TlsVersion, Visit)> {
    let combinations = VISITORS
        .iter()
        .flat_map(|visitor| VERSIONS.map(|version| (visitor, version)));
    combinations
        .map(|(visitor, version)| (version, visitor(site, version, staple, policy)))
        .collect()
}

/// A site whose leaf names a responder, and the door to it, behind which there is nobody.
fn site(change: impl FnOnce(Leaf) -> Leaf) -> (Site, Door) {
    let door = Door::open("ocsp.contoso.example");
    let site = Site::new(change(Leaf::new().ocsp(&door.url("/"))));
    (site, door)
}

#[test]
fn a_good_staple_is_enough() {
    if !is_installed() {
        return;
    }
    let (site, door) = site(|leaf| leaf);
    let staple = site.issuing.response(&site.leaf, "-30m");
    for policy in POLICIES {
        for (version, visit) in visits(&site, Some(&staple), policy) {
            assert!(matches!(
                leaf(&visit),
                RevocationOutcome::Good {
                    source: Source::Staple,
                    ..
                }
            ));
            let report = visit.unwrap();
            assert_eq!((report.tls, &report.warnings[..]), (version, &[][..]));
            assert_eq!(report.extended_master_secret, Some(true));
        }
    }
    assert_eq!(door.asked(), [""; 0]);
}

#[test]
fn a_revoked_staple_is_refused_by_every_policy() {
    if !is_installed() {
        return;
    }
    let (site, door) = site(|leaf| leaf);
    site.issuing.revoke(&site.leaf, "affiliationChanged");
    let staple = site.issuing.response(&site.leaf, "-30m");
    for policy in POLICIES {
        for (_, visit) in visits(&site, Some(&staple), policy) {
            assert!(matches!(
                refusal(&visit),
                RevocationFault::Revoked {
                    reason: Some(Reason::AffiliationChanged),
                    said_by: Source::Staple,
                    ..
                }
            ));
        }
    }
    assert_eq!(door.asked(), [""; 0]);
}

/// As if it were not there, so the responder is asked.
#[test]
fn a_stale_staple_is_replaced_by_an_answer() {
    if !is_installed() {
        return;
    }
    let (site, door) = site(|leaf| leaf);
    let staple = site.issuing.response(&site.leaf, "-2d");
    let responder = site.issuing.responder();
    door.leads_to(responder.port);
    for (_, visit) in visits(&site, Some(&staple), Strict) {
        assert!(matches!(
            leaf(&visit),
            RevocationOutcome::Good {
                source: Source::Ocsp,
                ..
            }
        ));
        let attempts = &visit.as_ref().unwrap().path[0].attempts;
        assert_eq!(attempts.len(), 2);
        assert_eq!(
            (attempts[0].source, &attempts[0].result),
            (Source::Staple, &AttemptResult::Refused(AnswerFault::Stale))
        );
    }
    assert_eq!(door.asked().len(), 4);
}

#[test]
fn a_stale_staple_alone_is_accepted_by_best_effort_only() {
    if !is_installed() {
        return;
    }
    let (site, _door) = site(|leaf| leaf);
    let staple = site.issuing.response(&site.leaf, "-2d");
    for policy in [Strict, RequiredUnlessUnreachable] {
        for (_, visit) in visits(&site, Some(&staple), policy) {
            assert!(matches!(refusal(&visit), RevocationFault::Stale { .. }));
        }
    }
    for (_, visit) in visits(&site, Some(&staple), BestEffort) {
        assert_eq!(
            leaf(&visit),
            &RevocationOutcome::Unconfirmed {
                fault: AnswerFault::Stale
            }
        );
    }
}

/// With a revoked certificate one could staple what is said about another.
#[test]
fn a_staple_for_another_certificate_does_not_count() {
    if !is_installed() {
        return;
    }
    let (site, door) = site(|leaf| leaf);
    let other = site.issuing.issue("another", "", "-2d");
    let staple = site.issuing.response(&other, "-30m");
    for (_, visit) in visits(&site, Some(&staple), RequiredUnlessUnreachable) {
        assert!(matches!(
            refusal(&visit),
            RevocationFault::WrongAnswer {
                said_by: Source::Staple,
                problem: AnswerFault::NoMatchingResponse,
                ..
            }
        ));
    }
    assert_eq!(door.asked().len(), 4);
}

/// RFC 7633: the responder's word does not stand in for the staple.
#[test]
fn a_demanded_staple_must_come() {
    if !is_installed() {
        return;
    }
    let (site, door) = site(Leaf::must_staple);
    let responder = site.issuing.responder();
    door.leads_to(responder.port);
    let good = site.issuing.response(&site.leaf, "-30m");
    for policy in POLICIES {
        for (_, visit) in visits(&site, Some(&good), policy) {
            assert!(matches!(
                leaf(&visit),
                RevocationOutcome::Good {
                    source: Source::Staple,
                    ..
                }
            ));
        }
    }
    let stale = site.issuing.response(&site.leaf, "-2d");
    for policy in POLICIES {
        for staple in [None, Some(&*stale)] {
            for (_, visit) in visits(&site, staple, policy) {
                assert!(matches!(
                    refusal(&visit),
                    RevocationFault::MustStapleMissing { .. }
                ));
                assert_eq!(visit.unwrap_err().remedy(), Remedy::CorrectCertificate);
            }
        }
    }
    assert_eq!(door.asked(), [""; 0]);
}
