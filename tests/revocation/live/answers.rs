//! Answers that came and do not count, and lists.

use sspr::revocation::Policy::{BestEffort, RequiredUnlessUnreachable, Strict};
use sspr::{AnswerFault, AttemptResult, RevocationFault, RevocationOutcome, Source};

use super::responder::{Responder, crl, ocsp};
use super::site::*;
use crate::builder::{Reply, extension, raw};

/// Why the only answer does not count, by the strict policy and by the default one alike.
async fn problem_with(answer: impl FnOnce(&Site) -> Vec<u8>) -> AnswerFault {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&answer(&site)));
    problem(&site, Source::Ocsp).await
}

async fn problem_with_list(list: impl FnOnce(&Site) -> Vec<u8>) -> AnswerFault {
    let responder = Responder::start().await;
    let site = Site::new(Sources::crl(responder.url("/list")));
    responder.always(crl(&list(&site)));
    problem(&site, Source::Crl).await
}

async fn problem(site: &Site, source: Source) -> AnswerFault {
    let server = site.open().await;
    let mut problems = Vec::new();
    for policy in [Strict, RequiredUnlessUnreachable] {
        match server.refused(policy).await {
            RevocationFault::WrongAnswer {
                problem, said_by, ..
            } => {
                assert_eq!(said_by, source);
                problems.push(problem);
            }
            other => panic!("{other:?}"),
        }
    }
    server.accepted(BestEffort).await;
    assert_eq!(problems[0], problems[1]);
    problems[0]
}

#[tokio::test]
async fn times_in_another_form() {
    for time in [
        "20260615120000.5Z",
        "202606151200Z",
        "20260615120000+0100",
        "20260615120000",
    ] {
        let problem = problem_with(|site| site.ocsp(|answer| answer.this_update = time.into()));
        assert_eq!(problem.await, AnswerFault::Malformed, "{time}");
    }
}

/// Truncated, trailing, indefinite, lengths beyond the end, nesting.
#[tokio::test]
async fn bytes_that_are_no_der() {
    let good = |site: &Site| site.ocsp(|_| {});
    type Change = fn(Vec<u8>) -> Vec<u8>;
    let changes: [Change; 8] = [
        |der| der[..der.len() - 1].to_vec(),
        |der| der[..1].to_vec(),
        |der| [der, vec![0]].concat(),
        |der| [vec![0x30, 0x80], der[4..].to_vec(), vec![0, 0]].concat(),
        |der| [vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff], der[4..].to_vec()].concat(),
        |der| {
            [
                vec![0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                der,
            ]
            .concat()
        },
        |_| [0x30, 0x80].repeat(20_000),
        |_| (0..10_000).fold(Vec::new(), |inner, _| [vec![0x30, 2], inner].concat()),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let problem = problem_with(|site| change(good(site))).await;
        assert_eq!(problem, AnswerFault::Malformed, "{number}");
    }
    assert_eq!(problem_with(|_| Vec::new()).await, AnswerFault::Malformed);
}

/// One of each kind of wrong; the tests of the pure functions have them all.
#[tokio::test]
async fn what_is_wrong_is_named() {
    let reply = |change: fn(&mut Reply)| {
        problem_with(move |site| {
            let mut reply = site.root.reply(vec![site.root.answer(LEAF)]);
            change(&mut reply);
            site.root.sign(&reply)
        })
    };
    let answer =
        |change: fn(&mut crate::builder::Answer)| problem_with(move |site| site.ocsp(change));
    assert_eq!(
        reply(|reply| reply.outer_status = 4).await,
        AnswerFault::Malformed
    );
    assert_eq!(
        reply(|reply| reply.response_type = "1.2.3").await,
        AnswerFault::UnsupportedType
    );
    assert_eq!(
        reply(|reply| reply.answers.clear()).await,
        AnswerFault::NoMatchingResponse
    );
    assert_eq!(
        reply(|reply| reply.extensions = vec![extension("1.2.3.4", true, raw(0x05, &[]))]).await,
        AnswerFault::UnsupportedCritical
    );
    assert_eq!(
        reply(|reply| reply.responder = crate::builder::by_name("Nobody")).await,
        AnswerFault::NoSigner
    );
    assert_eq!(
        reply(|reply| reply.certificates = vec![raw(0x30, &[]); 20]).await,
        AnswerFault::TooManyCertificates
    );
    assert_eq!(
        reply(|reply| reply.algorithm = "1.2.840.10045.4.1").await,
        AnswerFault::WeakSignature
    );
    assert_eq!(
        answer(|answer| answer.serial = vec![9]).await,
        AnswerFault::NoMatchingResponse
    );
    assert_eq!(
        answer(|answer| answer.hash = "1.2.840.113549.2.5").await,
        AnswerFault::UnsupportedHash
    );
    assert_eq!(
        answer(|answer| answer.next_update = None).await,
        AnswerFault::NoNextUpdate
    );
}

#[tokio::test]
async fn lists_that_do_not_count() {
    let list = |site: &Site| site.root.crl(&[&[9]], |_| {});
    let pem = |site: &Site| {
        let der: String = list(site)
            .iter()
            .map(|octet| format!("{octet:02x}"))
            .collect();
        format!("-----BEGIN X509 CRL-----\n{der}\n-----END X509 CRL-----\n").into_bytes()
    };
    assert_eq!(problem_with_list(pem).await, AnswerFault::Malformed);
    let flipped = |site: &Site| {
        let mut list = list(site);
        *list.last_mut().unwrap() ^= 1;
        list
    };
    assert_eq!(problem_with_list(flipped).await, AnswerFault::BadSignature);
    let of_another = |_: &Site| Site::new(Sources::none()).root.crl(&[], |_| {});
    assert_eq!(
        problem_with_list(of_another).await,
        AnswerFault::WrongIssuer
    );
    let delta = |site: &Site| {
        let indicator = extension("2.5.29.27", true, raw(0x02, &[1]));
        site.root.crl(&[], |list| list.extensions.push(indicator))
    };
    assert_eq!(problem_with_list(delta).await, AnswerFault::UnsupportedCrl);
}

/// A list that does not fit is no obstacle to the next one.
#[tokio::test]
async fn the_next_list_is_asked_for() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::crl(responder.url("/delta")).and_crl(responder.url("/complete")));
    let indicator = extension("2.5.29.27", true, raw(0x02, &[1]));
    let delta = site.root.crl(&[], |list| list.extensions.push(indicator));
    let complete = site.root.crl(&[&[9]], |_| {});
    responder.serve(move |_, asked| {
        let is_delta = asked.head.starts_with("GET /delta");
        vec![super::responder::Act::Write(crl(if is_delta {
            &delta
        } else {
            &complete
        }))]
    });
    let report = site.open().await.accepted(Strict).await;
    let [first, second] = &report.path[0].attempts[..] else {
        panic!("{report:?}")
    };
    assert_eq!(
        first.result,
        AttemptResult::Refused(AnswerFault::UnsupportedCrl)
    );
    assert_eq!(second.result, AttemptResult::Good);
    assert!(matches!(
        report.path[0].revocation,
        RevocationOutcome::Good {
            source: Source::Crl,
            ..
        }
    ));
}

/// Lists age like other answers, and show a slow clock as well.
#[tokio::test]
async fn the_time_of_a_list_is_looked_at() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::crl(responder.url("/list")));
    let server = site.open().await;
    let time = |hours_from_now| crate::builder::generalized(&hours(hours_from_now));
    responder.always(crl(&site.root.crl(&[], |list| {
        list.this_update = time(-9);
        list.next_update = time(-1);
    })));
    let fault = server.refused(RequiredUnlessUnreachable).await;
    assert!(matches!(fault, RevocationFault::Stale { .. }), "{fault:?}");
    responder.always(crl(&site.root.crl(&[], |list| {
        list.this_update = time(9);
        list.next_update = time(19);
    })));
    let error = server.visit_with(Strict).await.unwrap_err();
    assert!(matches!(error.fault(), sspr::Fault::Clock(_)), "{error:?}");
}

/// A bare anchor would not tell; the certificate of an added or pinned root does.
#[tokio::test]
async fn a_root_that_may_not_sign_lists_is_noticed() {
    let responder = Responder::start().await;
    let site = Site::whose_root_signs_no_lists(Sources::crl(responder.url("/list")));
    responder.always(crl(&site.root.crl(&[&[9]], |_| {})));
    assert_eq!(
        problem(&site, Source::Crl).await,
        AnswerFault::UnauthorizedSigner
    );
}

/// O27
#[tokio::test]
async fn a_delegate_that_could_be_revoked_itself_is_told() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&site.root.ocsp_by_delegate(LEAF)));
    let server = site.open().await;
    let report = server.accepted(RequiredUnlessUnreachable).await;
    assert!(matches!(
        report.path[0].revocation,
        RevocationOutcome::Good {
            source: Source::Ocsp,
            ..
        }
    ));
    assert!(matches!(
        report.warnings[..],
        [sspr::TrustWarning::ResponderNotExempt { .. }]
    ));
    match server.refused(Strict).await {
        RevocationFault::WrongAnswer { problem, .. } => {
            assert_eq!(problem, AnswerFault::UnauthorizedResponder);
        }
        other => panic!("{other:?}"),
    }
}
