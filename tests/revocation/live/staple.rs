//! Answers that come within the handshake.

use sspr::revocation::Policy::{BestEffort, Off, RequiredUnlessUnreachable, Strict};
use sspr::{
    AnswerFault, AttemptResult, Fault, RevocationFault, RevocationOutcome, Source, TlsFault,
};

use super::responder::{Responder, ocsp};
use super::site::*;
use crate::builder::{revoked, unknown};

#[tokio::test]
async fn a_staple_is_enough() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    let staple = site.ocsp(|_| {});
    let site = site.staple(staple);
    for versions in [&[&rustls::version::TLS12][..], &[&rustls::version::TLS13]] {
        let report = site.open_for(versions).await.accepted(Strict).await;
        assert!(matches!(
            report.path[0].revocation,
            RevocationOutcome::Good {
                source: Source::Staple,
                ..
            }
        ));
    }
    assert_eq!(responder.asked().len(), 0);
}

/// O53: the server itself says so.
#[tokio::test]
async fn a_revoked_staple_beats_a_good_answer() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&site.ocsp(|_| {})));
    let server = site.open().await;
    let channel = server.public(BestEffort).build().unwrap();
    server.visit(&channel).await.unwrap();

    let staple = site.ocsp(|answer| answer.status = revoked(Some(1)));
    let site = site.staple(staple);
    let stapling = site.open().await;
    // The good answer that the channel keeps is no help.
    let fault = refusal(stapling.visit(&channel).await);
    assert!(
        matches!(
            fault,
            RevocationFault::Revoked {
                said_by: Source::Staple,
                ..
            }
        ),
        "{fault:?}"
    );
    // And the server that has shown it cannot take it back.
    let elsewhere = Site::open(&site.staple(Vec::new())).await;
    let fault = refusal(elsewhere.visit(&channel).await);
    assert!(
        matches!(
            fault,
            RevocationFault::Revoked {
                said_by: Source::Cache,
                ..
            }
        ),
        "{fault:?}"
    );
}

#[tokio::test]
async fn an_unknown_staple_is_an_answer() {
    let site = Site::new(Sources::none());
    let staple = site.ocsp(|answer| answer.status = unknown());
    let fault = site.staple(staple).open().await.refused(Strict).await;
    assert!(
        matches!(
            fault,
            RevocationFault::StatusUnknown {
                said_by: Source::Staple,
                ..
            }
        ),
        "{fault:?}"
    );
}

/// O51
#[tokio::test]
async fn a_staple_about_another_certificate() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&site.ocsp(|_| {})));
    let other = site.ocsp(|answer| answer.serial = vec![9]);
    let report = site.staple(other).open().await.accepted(Strict).await;
    let problem = AnswerFault::NoMatchingResponse;
    assert_eq!(
        report.path[0].attempts[0].result,
        AttemptResult::Refused(problem)
    );
    assert_eq!(report.path[0].attempts[0].source, Source::Staple);

    let site = Site::new(Sources::none());
    let other = site.ocsp(|answer| answer.serial = vec![9]);
    match site
        .staple(other)
        .open()
        .await
        .refused(RequiredUnlessUnreachable)
        .await
    {
        RevocationFault::WrongAnswer {
            problem: found,
            said_by,
            url,
            ..
        } => {
            assert_eq!((found, said_by, url), (problem, Source::Staple, None));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_stale_staple_sends_to_the_responder() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&site.ocsp(|_| {})));
    let stale = site.ocsp(|answer| {
        answer.this_update = hours(-9);
        answer.next_update = Some(hours(-1));
    });
    let report = site.staple(stale).open().await.accepted(Strict).await;
    assert_eq!(report.path[0].attempts.len(), 2);
    assert_eq!(responder.asked().len(), 1);
}

/// O52
#[tokio::test]
async fn a_demanded_staple_has_to_come() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")).must_staple());
    responder.always(ocsp(&site.ocsp(|_| {})));
    let (good, stale, forged) = (
        site.ocsp(|_| {}),
        site.ocsp(|answer| {
            answer.this_update = hours(-9);
            answer.next_update = Some(hours(-1));
        }),
        site.ocsp(|answer| answer.serial = vec![9]),
    );
    let mut site = site;
    for staple in [Vec::new(), stale, forged] {
        site = site.staple(staple);
        let server = site.open().await;
        for policy in [Strict, RequiredUnlessUnreachable, BestEffort] {
            let fault = server.refused(policy).await;
            assert!(
                matches!(fault, RevocationFault::MustStapleMissing { .. }),
                "{fault:?}"
            );
        }
        let report = server.accepted(Off).await;
        assert_eq!(report.path[0].revocation, RevocationOutcome::StapleMissing);
    }
    assert_eq!(
        responder.asked().len(),
        0,
        "nobody else can answer for the server"
    );
    site.staple(good).open().await.accepted(Strict).await;
}

/// O54: a handshake message of more than 64 KiB ends the handshake; what fits is as large as an answer may be.
#[tokio::test]
async fn huge_staples() {
    // TLS 1.3 has no room for more; TLS 1.2 has, up to 16 MiB.
    let server = Site::new(Sources::none())
        .staple(vec![0x30; 70_000])
        .open_for(&[&rustls::version::TLS12])
        .await;
    let error = server.visit_with(BestEffort).await.unwrap_err();
    assert!(
        matches!(error.fault(), Fault::Tls(TlsFault::Misbehaved { .. })),
        "{error:?}"
    );
    let server = Site::new(Sources::none())
        .staple(vec![0x30; 60_000])
        .open()
        .await;
    match server.refused(RequiredUnlessUnreachable).await {
        RevocationFault::WrongAnswer { problem, .. } => assert_eq!(problem, AnswerFault::Malformed),
        other => panic!("{other:?}"),
    }
}
