//! Who is asked, in which order, and whose word counts.

use sspr::revocation::Policy::{BestEffort, Strict};
use sspr::revocation::Settings;
use sspr::{AnswerFault, AttemptResult, RevocationFault, RevocationOutcome, Source};

use super::responder::{Act, Responder, crl, ocsp};
use super::site::*;
use crate::builder::revoked;

#[tokio::test]
async fn a_list_helps_where_nobody_answers() {
    let responder = Responder::start().await;
    let sources = Sources::ocsp("http://ocsp.contoso.invalid/").and_crl(responder.url("/list"));
    let site = Site::new(sources);
    let server = site.open().await;
    responder.always(crl(&site.root.crl(&[&[9]], |_| {})));
    let report = server.accepted(Strict).await;
    assert!(matches!(
        report.path[0].revocation,
        RevocationOutcome::Good {
            source: Source::Crl,
            ..
        }
    ));
    assert_eq!(report.path[0].attempts.len(), 2);
    responder.always(crl(&site.root.crl(&[&[9], LEAF], |_| {})));
    let fault = server.refused(BestEffort).await;
    assert!(
        matches!(
            fault,
            RevocationFault::Revoked {
                said_by: Source::Crl,
                ..
            }
        ),
        "{fault:?}"
    );
}

/// What came first and counts is enough; what came first and does not count is no obstacle.
#[tokio::test]
async fn the_first_answer_that_counts_wins() {
    let responder = Responder::start().await;
    let sources = Sources::ocsp(responder.url("/first")).and_crl(responder.url("/list"));
    let site = Site::new(Sources {
        ocsp: vec![responder.url("/first"), responder.url("/second")],
        ..sources
    });
    let (good, list) = (site.ocsp(|_| {}), site.root.crl(&[LEAF], |_| {}));
    responder.serve(move |_, asked| {
        let first = asked.head.starts_with("GET /first");
        let second = asked.head.starts_with("GET /second");
        vec![Act::Write(match (first, second) {
            (true, _) => ocsp(b"no answer"),
            (_, true) => ocsp(&good),
            _ => crl(&list),
        })]
    });
    let report = site.open().await.accepted(Strict).await;
    assert_eq!(report.path[0].attempts.len(), 2);
    assert_eq!(
        report.path[0].attempts[0].result,
        AttemptResult::Refused(AnswerFault::Malformed)
    );
}

/// Both questions stand before either is answered.
#[tokio::test]
async fn every_certificate_below_the_root_is_asked_about_at_once() {
    let responder = Responder::start().await;
    let site = Site::with_issuing(
        Sources::ocsp(responder.url("/root")),
        Sources::ocsp(responder.url("/issuing")),
    );
    let leaf = site.ocsp(|_| {});
    let issuing = site.root.ocsp(ISSUING, |_| {});
    let serve = move |leaf: Vec<u8>, issuing: Vec<u8>| {
        move |_: usize, asked: super::responder::Asked| {
            let is_root = asked.head.starts_with("GET /root");
            let answer = ocsp(if is_root { &issuing } else { &leaf });
            vec![Act::Await(2), Act::Write(answer)]
        }
    };
    responder.serve(serve(leaf.clone(), issuing));
    let server = site.open().await;
    let report = server.accepted(Strict).await;
    assert_eq!(report.path.len(), 2);
    assert!(
        report
            .path
            .iter()
            .all(|one| matches!(one.revocation, RevocationOutcome::Good { .. }))
    );

    let withdrawn = site
        .root
        .ocsp(ISSUING, |answer| answer.status = revoked(None));
    responder.serve(serve(leaf, withdrawn));
    match server.refused(BestEffort).await {
        RevocationFault::Revoked {
            serial,
            certificate,
            ..
        } => {
            assert_eq!(serial, "5a10");
            assert!(certificate.ends_with("Issuing"), "{certificate}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_settings_can_revoke_an_authority() {
    let responder = Responder::start().await;
    let site = Site::with_issuing(Sources::none(), Sources::none());
    let server = site.open().await;
    let hash: [u8; 32] = crate::builder::sha256(&site.issuing.as_ref().unwrap().der)
        .try_into()
        .unwrap();
    let settings = Settings::new(BestEffort).revoked_authorities([hash]);
    let fault = refusal(
        server
            .visit(&server.public(settings).build().unwrap())
            .await,
    );
    assert!(
        matches!(
            fault,
            RevocationFault::Revoked {
                said_by: Source::BlockList,
                ..
            }
        ),
        "{fault:?}"
    );
    assert_eq!(responder.asked().len(), 0);
}
