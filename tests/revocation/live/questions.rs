//! What is asked of a responder, and how.

use sspr::RevocationFault;
use sspr::revocation::Policy::{RequiredUnlessUnreachable, Strict};

use super::responder::{Act, Responder, ocsp};
use super::site::*;

#[tokio::test]
async fn what_is_asked_and_how() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp/")));
    responder.always(ocsp(&site.ocsp(|_| {})));
    site.open().await.accepted(Strict).await;
    let asked = responder.asked().remove(0);
    let mut lines = asked.head.lines();
    let line = lines.next().unwrap();
    let question = line
        .strip_prefix("GET /ocsp/M")
        .and_then(|rest| rest.strip_suffix(" HTTP/1.1"));
    let question = question.unwrap();
    assert!(
        question
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'%'),
        "{question}"
    );
    let fields: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    assert_eq!(
        fields,
        [
            format!("host: {}", responder.address).as_str(),
            concat!("user-agent: sspr/", env!("CARGO_PKG_VERSION")),
            "accept: application/ocsp-response",
        ]
    );
}

#[tokio::test]
async fn long_questions_are_posted() {
    let responder = Responder::start().await;
    let path = format!("/{}", "p".repeat(200));
    let site = Site::new(Sources::ocsp(responder.url(&path)));
    responder.always(ocsp(&site.ocsp(|_| {})));
    site.open().await.accepted(Strict).await;
    let asked = responder.asked().remove(0);
    assert!(asked.head.starts_with(&format!("POST {path} HTTP/1.1")));
    assert!(
        asked
            .head
            .contains("\r\ncontent-type: application/ocsp-request\r\n")
    );
    sspr::revocation::ocsp::RequestFields::parse(&asked.body).unwrap();
}

/// A question by SHA-1 that is not answered is put again by SHA-256.
#[tokio::test]
async fn the_second_question_names_the_issuer_by_sha256() {
    let responder = Responder::start().await;
    let path = format!("/{}", "p".repeat(200));
    let site = Site::new(Sources::ocsp(responder.url(&path)));
    let good = site.ocsp(|_| {});
    responder.serve(move |_, asked| {
        let fields = sspr::revocation::ocsp::RequestFields::parse(&asked.body).unwrap();
        let is_sha256 = fields.cert_id.issuer_name_hash.len() == 32;
        let unauthorized = [0x30, 3, 0x0a, 1, 6];
        vec![Act::Write(ocsp(if is_sha256 {
            &good
        } else {
            &unauthorized
        }))]
    });
    site.open().await.accepted(Strict).await;
    assert_eq!(responder.asked().len(), 2);
}

/// A proxy on the way keeps an old answer; told not to, it asks anew.
#[tokio::test]
async fn a_stale_answer_is_asked_for_again_past_the_caches() {
    for (mends, accepted) in [(true, true), (false, false)] {
        let responder = Responder::start().await;
        let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
        let good = site.ocsp(|_| {});
        let stale = site.ocsp(|answer| {
            answer.this_update = hours(-9);
            answer.next_update = Some(hours(-1));
        });
        responder.serve(move |number, asked| {
            let asks_anew = asked.head.contains("\r\ncache-control: no-cache\r\n");
            assert_eq!(asks_anew, number == 1);
            vec![Act::Write(ocsp(if asks_anew && mends {
                &good
            } else {
                &stale
            }))]
        });
        let server = site.open().await;
        let outcome = server.visit_with(RequiredUnlessUnreachable).await;
        assert_eq!(outcome.is_ok(), accepted);
        if !accepted {
            assert!(matches!(refusal(outcome), RevocationFault::Stale { .. }));
        }
        assert_eq!(responder.asked().len(), 2);
    }
}
