//! Answers that are kept: in memory, on disk, and what is never kept.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use sspr::revocation::Policy::{BestEffort, RequiredUnlessUnreachable, Strict};
use sspr::revocation::Settings;
use sspr::{
    AnswerFault, AttemptResult, FetchFault, RevocationFault, RevocationOutcome, Source, TrustReport,
};

use super::responder::{Act, Responder, crl, ocsp, status};
use super::site::*;
use crate::builder::{extension, generalized, raw, revoked};

/// A directory that is gone after the test.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        use std::time::SystemTime;
        let name = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap();
        Self(std::env::temp_dir().join(format!("sspr-{}-{}", std::process::id(), name.as_nanos())))
    }

    fn settings(&self) -> Settings {
        Settings::new(Strict).cache_directory(&self.0)
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.0).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn source(report: &Arc<TrustReport>) -> Source {
    match report.path[0].revocation {
        RevocationOutcome::Good { source, .. } => source,
        ref other => panic!("{other:?}"),
    }
}

/// Every visit over a connection of its own: the server hangs up after each answer.
async fn visit(server: &Server, channel: &sspr::Channel) -> Arc<TrustReport> {
    let mut request = sspr::Request::new(http::Method::GET, server.url());
    request
        .headers
        .insert("connection", "close".parse().unwrap());
    let handshakes = server.handshakes();
    let outcome = sspr::Exchange::exchange(channel, request).await;
    assert_eq!(server.handshakes(), handshakes + 1);
    told(outcome.map_err(|failed| failed.error))
}

#[tokio::test]
async fn an_answer_is_asked_for_once() {
    let responder = Responder::start().await;
    for list in [false, true] {
        let sources = match list {
            true => Sources::crl(responder.url("/list")),
            false => Sources::ocsp(responder.url("/ocsp")),
        };
        let site = Site::new(sources);
        responder.always(match list {
            true => crl(&site.root.crl(&[&[9]], |_| {})),
            false => ocsp(&site.ocsp(|_| {})),
        });
        let server = site.open().await;
        let channel = server.public(Strict).build().unwrap();
        let before = responder.asked().len();
        let first = visit(&server, &channel).await;
        assert_ne!(source(&first), Source::Cache);
        let second = visit(&server, &channel).await;
        assert_eq!(source(&second), Source::Cache);
        assert_eq!(second.path[0].attempts[0].url, None);
        assert_eq!(responder.asked().len(), before + 1);
    }
}

#[tokio::test]
async fn an_answer_outlives_the_channel_on_disk() {
    let (responder, directory) = (Responder::start().await, Directory::new());
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    let answer = site.ocsp(|_| {});
    responder.always(ocsp(&answer));
    let server = site.open().await;
    for expected in [Source::Ocsp, Source::Cache, Source::Cache] {
        let channel = server.public(directory.settings()).build().unwrap();
        assert_eq!(source(&visit(&server, &channel).await), expected);
    }
    assert_eq!(responder.asked().len(), 1);
    let [file] = &directory.files()[..] else {
        panic!("{:?}", directory.files())
    };
    assert_eq!(
        fs::read(file).unwrap(),
        answer,
        "the signed bytes and nothing else"
    );
}

/// F20: whatever is on the disk proves nothing by being there.
#[tokio::test]
async fn what_someone_else_wrote_is_dropped() {
    let forger = Site::new(Sources::none());
    let forged = forger.ocsp(|_| {});
    for damage in [forged, b"not an answer".to_vec(), Vec::new()] {
        let (responder, directory) = (Responder::start().await, Directory::new());
        let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
        responder.always(ocsp(&site.ocsp(|_| {})));
        let server = site.open().await;
        let channel = server.public(directory.settings()).build().unwrap();
        visit(&server, &channel).await;
        let file = directory.files().remove(0);
        fs::write(&file, &damage).unwrap();

        let channel = server.public(directory.settings()).build().unwrap();
        let report = visit(&server, &channel).await;
        assert_eq!(source(&report), Source::Ocsp);
        let first = &report.path[0].attempts[0];
        assert_eq!(first.source, Source::Cache);
        assert!(
            matches!(first.result, AttemptResult::Refused(_)),
            "{first:?}"
        );
        assert_eq!(responder.asked().len(), 2);

        // It locks nobody out either.
        fs::write(&file, &damage).unwrap();
        responder.always(status(503, "text/plain", b""));
        let forgiving = Settings::new(RequiredUnlessUnreachable).cache_directory(&directory.0);
        let channel = server.public(forgiving).build().unwrap();
        assert_eq!(
            visit(&server, &channel).await.path[0].revocation,
            RevocationOutcome::Unreachable
        );
        assert!(!file.exists());
    }
}

/// An answer that no longer holds is not used, although it is there.
#[tokio::test]
async fn no_answer_is_used_past_its_time() {
    let (responder, directory) = (Responder::start().await, Directory::new());
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&site.ocsp(|_| {})));
    let server = site.open().await;
    let channel = server.public(directory.settings()).build().unwrap();
    visit(&server, &channel).await;
    let stale = site.ocsp(|answer| {
        answer.this_update = hours(-9);
        answer.next_update = Some(minutes(-6));
    });
    fs::write(directory.files().remove(0), stale).unwrap();
    let channel = server.public(directory.settings()).build().unwrap();
    let report = visit(&server, &channel).await;
    assert_eq!(source(&report), Source::Ocsp);
    assert_eq!(
        report.path[0].attempts[0].result,
        AttemptResult::Refused(AnswerFault::Stale)
    );
}

#[tokio::test]
async fn a_revocation_is_kept_whatever_is_said_later() {
    let (responder, directory) = (Responder::start().await, Directory::new());
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    // The answer itself is out of date already.
    responder.always(ocsp(&site.ocsp(|answer| {
        answer.status = revoked(Some(1));
        answer.this_update = hours(-9);
        answer.next_update = Some(hours(-1));
    })));
    let server = site.open().await;
    let channel = server.public(directory.settings()).build().unwrap();
    refusal(server.visit(&channel).await);
    responder.always(ocsp(&site.ocsp(|_| {})));
    for policy in [Strict, BestEffort] {
        let settings = Settings::new(policy).cache_directory(&directory.0);
        let channel = server.public(settings).build().unwrap();
        let fault = refusal(server.visit(&channel).await);
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
    assert_eq!(responder.asked().len(), 1);
}

/// The old answer serves, and the new one is there for the next.
#[tokio::test]
async fn an_answer_is_renewed_at_half_of_its_life() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    let aging = site.ocsp(|answer| {
        answer.this_update = hours(-11);
        answer.next_update = Some(hours(9));
    });
    let fresh = site.ocsp(|_| {});
    responder
        .serve(move |number, _| vec![Act::Write(ocsp(if number == 0 { &aging } else { &fresh }))]);
    let server = site.open().await;
    let channel = server.public(Strict).build().unwrap();
    let this_update = |report: &Arc<TrustReport>| match report.path[0].revocation {
        RevocationOutcome::Good { this_update, .. } => this_update,
        ref other => panic!("{other:?}"),
    };
    let old = visit(&server, &channel).await;
    assert_eq!(source(&old), Source::Ocsp);
    let kept = visit(&server, &channel).await;
    assert_eq!(source(&kept), Source::Cache);
    assert_eq!(this_update(&kept), this_update(&old));
    responder.has_been_asked(2).await;
    // The answer is on its way: a later visit finds it, and then nobody asks any more.
    let mut visits = 0;
    while this_update(&visit(&server, &channel).await) == this_update(&old) {
        visits += 1;
        assert!(visits < 1000);
    }
    let asked = responder.asked().len();
    visit(&server, &channel).await;
    assert_eq!(responder.asked().len(), asked);
}

#[tokio::test]
async fn who_cannot_be_reached_is_left_alone_for_a_while() {
    let (responder, directory) = (Responder::start().await, Directory::new());
    responder.always(status(503, "text/plain", b""));
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    let server = site.open().await;
    let settings = Settings::default().cache_directory(&directory.0);
    let channel = server.public(settings.clone()).build().unwrap();
    let failed = AttemptResult::Failed(FetchFault::Status {
        status: 503,
        retry_after: None,
    });
    for _ in 0..3 {
        let report = visit(&server, &channel).await;
        assert_eq!(report.path[0].attempts[0].result, failed);
    }
    assert_eq!(responder.asked().len(), 1);
    // But only by this channel: it is not written down.
    assert_eq!(directory.files().len(), 0);
    visit(&server, &server.public(settings).build().unwrap()).await;
    assert_eq!(responder.asked().len(), 2);
}

/// L21: who holds back a list, to hide a revocation, is found out.
#[tokio::test]
async fn an_older_list_is_refused() {
    let (responder, directory) = (Responder::start().await, Directory::new());
    let site = Site::new(Sources::crl(responder.url("/list")));
    let list = |number: u8, from: i64, until: i64| {
        site.root.crl(&[&[9]], |list| {
            list.this_update = generalized(&hours(from));
            list.next_update = generalized(&hours(until));
            list.extensions = vec![extension("2.5.29.20", false, raw(0x02, &[number]))];
        })
    };
    let server = site.open().await;
    responder.always(crl(&list(7, -11, 9)));
    let channel = server.public(directory.settings()).build().unwrap();
    visit(&server, &channel).await;

    // The kept one counts for as long as it holds, whatever its renewal brings.
    responder.always(crl(&list(6, -1, 30)));
    let channel = server.public(directory.settings()).build().unwrap();
    assert_eq!(source(&visit(&server, &channel).await), Source::Cache);
    responder.has_been_asked(2).await;
    assert_eq!(source(&visit(&server, &channel).await), Source::Cache);

    // After that it still shows which number came last.
    fs::write(directory.files().remove(0), list(7, -11, -1)).unwrap();
    let channel = server.public(directory.settings()).build().unwrap();
    match refusal(server.visit(&channel).await) {
        RevocationFault::WrongAnswer { problem, .. } => assert_eq!(problem, AnswerFault::Rollback),
        other => panic!("{other:?}"),
    }
    responder.always(crl(&list(8, -1, 30)));
    let channel = server.public(directory.settings()).build().unwrap();
    assert_eq!(source(&visit(&server, &channel).await), Source::Crl);
}
