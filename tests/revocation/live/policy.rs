//! The table of the policy, through a channel.

use sspr::revocation::{Policy, Settings};
use sspr::{
    AnswerFault, AttemptResult, ClockFault, Fault, Remedy, RevocationFault, RevocationOutcome,
    RootClass, Source, Stage, TrustWarning,
};

use super::responder::{Responder, ocsp, status};
use super::site::*;
use crate::builder::{revoked, unknown};

use Policy::{BestEffort, Off, RequiredUnlessUnreachable, Strict};

const DEFAULT: Policy = RequiredUnlessUnreachable;

/// A site whose only source is a responder that says this.
async fn site_that_says(body: impl FnOnce(&Site) -> Vec<u8>) -> (Site, Responder) {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&body(&site)));
    (site, responder)
}

#[tokio::test]
async fn good_is_accepted_and_told() {
    let (site, responder) = site_that_says(|site| site.ocsp(|_| {})).await;
    let server = site.open().await;
    for policy in [Strict, DEFAULT, BestEffort] {
        let report = server.accepted(policy).await;
        let [leaf] = &report.path[..] else {
            panic!("{report:?}")
        };
        assert!(matches!(
            leaf.revocation,
            RevocationOutcome::Good {
                source: Source::Ocsp,
                next_update: Some(_),
                ..
            }
        ));
        assert_eq!(leaf.attempts.len(), 1);
        assert_eq!(leaf.attempts[0].result, AttemptResult::Good);
        assert_eq!(
            leaf.attempts[0].url.as_deref(),
            Some(&*responder.url("/ocsp"))
        );
        assert_eq!(report.anchor.class, RootClass::Pinned);
        assert_eq!(report.warnings, []);
    }
    assert_eq!(responder.asked().len(), 3);
}

#[tokio::test]
async fn revoked_is_refused_by_all_but_off() {
    let (site, _responder) =
        site_that_says(|site| site.ocsp(|answer| answer.status = revoked(Some(1)))).await;
    let server = site.open().await;
    for policy in [Strict, DEFAULT, BestEffort] {
        match server.refused(policy).await {
            RevocationFault::Revoked {
                serial,
                reason,
                said_by,
                since,
                ..
            } => {
                assert_eq!((&*serial, said_by), ("5a01", Source::Ocsp));
                assert_eq!(reason.unwrap().to_string(), "keyCompromise");
                assert_eq!(since, 1_780_272_000);
            }
            other => panic!("{other:?}"),
        }
    }
    let report = server.accepted(Off).await;
    assert_eq!(report.path[0].revocation, RevocationOutcome::NotAsked);
}

/// Any reason will do, and so will an answer that is out of date.
#[tokio::test]
async fn a_hold_or_an_old_revocation_is_a_revocation() {
    for old in [false, true] {
        let (site, _responder) = site_that_says(|site| {
            site.ocsp(|answer| {
                answer.status = revoked(Some(6));
                if old {
                    answer.this_update = hours(-9);
                    answer.next_update = Some(hours(-1));
                }
            })
        })
        .await;
        let fault = site.open().await.refused(BestEffort).await;
        assert!(
            matches!(fault, RevocationFault::Revoked { .. }),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn unknown_is_refused_unless_any_effort_will_do() {
    let (site, _responder) =
        site_that_says(|site| site.ocsp(|answer| answer.status = unknown())).await;
    let server = site.open().await;
    for policy in [Strict, DEFAULT] {
        let fault = server.refused(policy).await;
        assert!(
            matches!(
                fault,
                RevocationFault::StatusUnknown {
                    said_by: Source::Ocsp,
                    ..
                }
            ),
            "{fault:?}"
        );
    }
    let report = server.accepted(BestEffort).await;
    assert_eq!(
        report.path[0].revocation,
        RevocationOutcome::Unknown {
            source: Source::Ocsp
        }
    );
    assert!(matches!(
        report.warnings[..],
        [TrustWarning::Unconfirmed { .. }]
    ));
    assert_eq!(server.accepted(Off).await.warnings, []);
}

#[tokio::test]
async fn a_wrong_answer_is_refused_unless_any_effort_will_do() {
    let (site, _responder) = site_that_says(|site| {
        let mut forged = site.ocsp(|_| {});
        *forged.last_mut().unwrap() ^= 1;
        forged
    })
    .await;
    let server = site.open().await;
    for policy in [Strict, DEFAULT] {
        match server.refused(policy).await {
            RevocationFault::WrongAnswer {
                problem,
                said_by,
                url,
                ..
            } => {
                assert_eq!(
                    (problem, said_by),
                    (AnswerFault::BadSignature, Source::Ocsp)
                );
                assert!(url.is_some());
            }
            other => panic!("{other:?}"),
        }
    }
    let report = server.accepted(BestEffort).await;
    let fault = AnswerFault::BadSignature;
    assert_eq!(
        report.path[0].revocation,
        RevocationOutcome::Unconfirmed { fault }
    );
}

#[tokio::test]
async fn an_answer_out_of_date_is_refused_unless_any_effort_will_do() {
    let (site, _responder) = site_that_says(|site| {
        site.ocsp(|answer| {
            answer.this_update = hours(-9);
            answer.next_update = Some(hours(-1));
        })
    })
    .await;
    let server = site.open().await;
    for policy in [Strict, DEFAULT] {
        match server.refused(policy).await {
            RevocationFault::Stale {
                next_update: Some(next),
                now,
                ..
            } => {
                assert!((3590..3700).contains(&(now - next)));
            }
            other => panic!("{other:?}"),
        }
    }
    server.accepted(BestEffort).await;
    // The skew may be widened: a day at most.
    let mut settings = Settings::new(Strict).clock_skew(Settings::LONGEST_SKEW);
    server
        .visit(&server.public(settings.clone()).build().unwrap())
        .await
        .unwrap();
    settings = settings.clock_skew(Settings::LONGEST_SKEW * 2);
    let error = server.public(settings).build().err().unwrap();
    assert_eq!(
        *error.fault(),
        Fault::InvalidSetting {
            setting: "clock_skew"
        }
    );
}

#[tokio::test]
async fn an_answer_from_the_future_shows_that_the_clock_is_slow() {
    let (site, _responder) = site_that_says(|site| {
        site.ocsp(|answer| {
            answer.this_update = hours(20);
            answer.next_update = Some(hours(30));
        })
    })
    .await;
    let server = site.open().await;
    for policy in [Strict, DEFAULT] {
        let error = server.visit_with(policy).await.unwrap_err();
        match error.fault() {
            Fault::Clock(ClockFault::Behind { at_least, now }) => {
                assert!((71_900..=72_000).contains(&(at_least - now)));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(
            (error.stage(), error.remedy()),
            (Stage::Trust, Remedy::SetClock)
        );
    }
    let report = server.accepted(BestEffort).await;
    assert!(matches!(report.clock, Some(ClockFault::Behind { .. })));
}

/// A forged answer proves nothing about the time.
#[tokio::test]
async fn only_signed_answers_speak_of_the_time() {
    let (site, _responder) = site_that_says(|site| {
        let mut forged = site.ocsp(|answer| {
            answer.this_update = hours(20);
            answer.next_update = Some(hours(30));
        });
        *forged.last_mut().unwrap() ^= 1;
        forged
    })
    .await;
    assert_eq!(site.open().await.accepted(BestEffort).await.clock, None);
}

#[tokio::test]
async fn a_responder_that_declines_counts_as_unreachable() {
    for (number, fault, requests) in [
        (1, AnswerFault::MalformedRequest, 2),
        (2, AnswerFault::InternalError, 1),
        (3, AnswerFault::TryLater, 1),
        (5, AnswerFault::SignatureRequired, 1),
        (6, AnswerFault::Unauthorized, 2),
    ] {
        let declined = vec![0x30, 3, 0x0a, 1, number];
        let (site, responder) = site_that_says(|_| declined).await;
        let server = site.open().await;
        match server.refused(Strict).await {
            RevocationFault::Unreachable {
                hosts, attempts, ..
            } => {
                assert_eq!(hosts, ["127.0.0.1"]);
                assert!(
                    attempts
                        .iter()
                        .all(|attempt| attempt.result == AttemptResult::Refused(fault))
                );
            }
            other => panic!("{other:?}"),
        }
        // Once with a SHA-256 CertID where the question may have been to blame.
        assert_eq!(responder.asked().len(), requests);
        for policy in [DEFAULT, BestEffort] {
            let report = server.accepted(policy).await;
            assert_eq!(
                report.path[0].revocation,
                RevocationOutcome::Unconfirmed { fault }
            );
            assert!(
                matches!(&report.warnings[..], [TrustWarning::Unreachable { hosts, .. }] if *hosts == ["127.0.0.1"])
            );
        }
    }
}

#[tokio::test]
async fn a_way_that_is_blocked_is_forgiven_and_told() {
    let responder = Responder::start().await;
    let sources = Sources::ocsp("http://ocsp.contoso.invalid/").and_crl(responder.url("/list"));
    let site = Site::new(sources);
    responder.always(status(503, "text/plain", b""));
    let server = site.open().await;
    match server.refused(Strict).await {
        RevocationFault::Unreachable {
            hosts, attempts, ..
        } => {
            assert_eq!(hosts, ["ocsp.contoso.invalid", "127.0.0.1"]);
            assert_eq!(attempts.len(), 2);
        }
        other => panic!("{other:?}"),
    }
    for policy in [DEFAULT, BestEffort] {
        let report = server.accepted(policy).await;
        assert_eq!(report.path[0].revocation, RevocationOutcome::Unreachable);
        assert!(
            matches!(&report.warnings[..], [TrustWarning::Unreachable { hosts, .. }]
            if *hosts == ["ocsp.contoso.invalid", "127.0.0.1"])
        );
    }
    let asked = responder.asked().len();
    assert_eq!(server.accepted(Off).await.warnings, []);
    assert_eq!(responder.asked().len(), asked, "nobody is asked");
}

#[tokio::test]
async fn a_certificate_that_names_nobody() {
    let server = Site::new(Sources::none()).open().await;
    for policy in [Strict, DEFAULT] {
        let fault = server.refused(policy).await;
        assert!(
            matches!(fault, RevocationFault::NoInformation { .. }),
            "{fault:?}"
        );
    }
    let report = server.accepted(BestEffort).await;
    assert!(matches!(
        report.warnings[..],
        [TrustWarning::Unconfirmed { .. }]
    ));
    server.accepted(Off).await;

    // Of a local root it is not expected.
    let fault = refusal(server.visit(&server.local(Strict).build().unwrap()).await);
    assert!(
        matches!(fault, RevocationFault::NoInformation { .. }),
        "{fault:?}"
    );
    let report = told(server.visit(&server.local(DEFAULT).build().unwrap()).await);
    assert_eq!(report.path[0].revocation, RevocationOutcome::NoInformation);
    assert!(matches!(
        report.warnings[..],
        [
            TrustWarning::LocalAnchor { .. },
            TrustWarning::Unconfirmed { .. }
        ]
    ));

    // Of a short life neither.
    let short = Sources {
        short_lived: true,
        ..Sources::none()
    };
    let server = Site::new(short).open().await;
    for policy in [Strict, DEFAULT, BestEffort] {
        assert_eq!(server.accepted(policy).await.warnings, []);
    }
}

/// The words that a person sees.
#[tokio::test]
async fn a_refusal_is_told_in_words() {
    let site = Site::new(Sources::ocsp("http://ocsp.contoso.invalid/"));
    let error = site.open().await.visit_with(Strict).await.unwrap_err();
    assert_eq!(
        (error.stage(), error.remedy()),
        (Stage::Revocation, Remedy::OpenFirewall)
    );
    for language in sspr::messages::Messages::LANGUAGES {
        let text = sspr::messages::Messages::for_language(language).text(&error);
        assert!(
            text.contains("ocsp.contoso.invalid") && text.contains(NAME),
            "{text}"
        );
    }
}
