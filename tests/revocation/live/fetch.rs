//! The ways in which a fetch can fail. Each is told, and each counts as unreachable: the default policy forgives it.

use std::net::Ipv4Addr;
use std::time::Duration;

use sspr::revocation::Policy::{RequiredUnlessUnreachable, Strict};
use sspr::revocation::Settings;
use sspr::{
    AttemptResult, FetchFault, FetchPhase, RevocationFault, RevocationOutcome, Source, TrustWarning,
};
use tokio::net::TcpListener;

use super::responder::{Act, Responder, crl, ocsp, status};
use super::site::*;

/// What the attempts came to, under the default policy, which accepts, and the strict one, which does not.
async fn failures(sources: Sources) -> Vec<FetchFault> {
    let server = Site::new(sources).open().await;
    let strict = server.public(Strict).timeouts(hasty()).build().unwrap();
    let RevocationFault::Unreachable {
        attempts, hosts, ..
    } = refusal(server.visit(&strict).await)
    else {
        panic!("refused for another reason")
    };
    let forgiving = server
        .public(RequiredUnlessUnreachable)
        .timeouts(hasty())
        .build()
        .unwrap();
    let report = told(server.visit(&forgiving).await);
    assert_eq!(
        report.warnings,
        [TrustWarning::Unreachable {
            certificate: format!("CN={NAME}").as_str().into(),
            hosts
        }]
    );
    let failed = |attempt: sspr::Attempt| match attempt.result {
        AttemptResult::Failed(fault) => fault,
        other => panic!("{other:?}"),
    };
    attempts.into_iter().map(failed).collect()
}

async fn failure(responder: &Responder) -> FetchFault {
    let mut failures = failures(Sources::ocsp(responder.url("/ocsp"))).await;
    assert_eq!(failures.len(), 1);
    failures.remove(0)
}

async fn failure_of(acts: impl Fn() -> Vec<Act> + Send + Sync + 'static) -> FetchFault {
    let responder = Responder::start().await;
    responder.serve(move |_, _| acts());
    failure(&responder).await
}

async fn failure_of_bytes(bytes: impl Into<Vec<u8>>) -> FetchFault {
    let responder = Responder::start().await;
    responder.always(bytes.into());
    failure(&responder).await
}

#[tokio::test]
async fn a_name_that_nobody_knows() {
    let failures = failures(Sources::ocsp("http://ocsp.contoso.invalid/")).await;
    assert_eq!(failures, [FetchFault::Dns]);
}

#[tokio::test]
async fn a_port_that_nobody_listens_at() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let failures = failures(Sources::crl(format!("http://{address}/"))).await;
    assert_eq!(failures, [FetchFault::Connect { refused: true }]);
}

#[tokio::test]
async fn silence_and_drops() {
    let phase = FetchPhase::Read;
    let timeout = FetchFault::Timeout { phase };
    assert_eq!(failure_of(|| vec![Act::Hold]).await, timeout);
    let begun = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n0";
    let drops = || vec![Act::Write(begun.to_vec()), Act::Hold];
    assert_eq!(failure_of(drops).await, timeout);
}

#[tokio::test]
async fn bodies_without_an_end() {
    let limit = 64 << 10;
    let chunked = || {
        vec![
            Act::Write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec()),
            Act::Flood(b"5\r\nhello\r\n".to_vec()),
        ]
    };
    assert_eq!(failure_of(chunked).await, FetchFault::TooLarge { limit });
    let closed = || {
        vec![
            Act::Write(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
            Act::Flood(vec![0x30; 1024]),
        ]
    };
    assert_eq!(failure_of(closed).await, FetchFault::TooLarge { limit });
    let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", limit + 1);
    assert_eq!(
        failure_of_bytes(announced).await,
        FetchFault::TooLarge { limit }
    );
    let head = || {
        vec![
            Act::Write(b"HTTP/1.1 200 OK\r\n".to_vec()),
            // Not line by line: an emulated Windows would need all of its time for reading them.
            Act::Flood(b"x: y\r\n".repeat(64)),
        ]
    };
    assert_eq!(failure_of(head).await, FetchFault::HeadTooLarge);
    let long = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(16 << 10));
    assert_eq!(failure_of_bytes(long).await, FetchFault::HeadTooLarge);
}

#[tokio::test]
async fn lists_have_a_limit_of_their_own() {
    let responder = Responder::start().await;
    let limit = 5 << 20;
    let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", limit + 1);
    responder.always(announced.into_bytes());
    let failures = failures(Sources::crl(responder.url("/list"))).await;
    assert_eq!(failures, [FetchFault::TooLarge { limit }]);
    let chunked = || {
        vec![
            Act::Write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec()),
            Act::Flood([b"8000\r\n".to_vec(), vec![7; 0x8000], b"\r\n".to_vec()].concat()),
        ]
    };
    responder.serve(move |_, _| chunked());
    let failures = super::fetch::failures(Sources::crl(responder.url("/list"))).await;
    assert_eq!(failures, [FetchFault::TooLarge { limit }]);
}

/// The setting may raise it, to 20 MiB.
#[tokio::test]
async fn the_limit_of_lists_can_be_set() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::crl(responder.url("/list")));
    responder.always(crl(&site.root.crl(&[&[9]], |_| {})));
    let server = site.open().await;
    let channel = server.public(Settings::new(Strict).crl_limit(10)).build();
    let fault = refusal(server.visit(&channel.unwrap()).await);
    assert!(
        matches!(fault, RevocationFault::Unreachable { .. }),
        "{fault:?}"
    );
    let channel = server.public(Settings::new(Strict).crl_limit(Settings::LARGEST_CRL));
    server.visit(&channel.build().unwrap()).await.unwrap();
    let channel = server.public(Settings::new(Strict).crl_limit(Settings::LARGEST_CRL + 1));
    let setting = "crl_limit";
    assert_eq!(
        *channel.build().err().unwrap().fault(),
        sspr::Fault::InvalidSetting { setting }
    );
}

#[tokio::test]
async fn bodies_of_another_length_than_announced() {
    for answer in [
        &b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"[..],
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nmore than five",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-le",
        b"",
    ] {
        assert_eq!(failure_of_bytes(answer).await, FetchFault::Truncated);
    }
}

#[tokio::test]
async fn what_is_no_http() {
    for answer in [
        &b"SSH-2.0-OpenSSH_9.2\r\n\r\n"[..],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nhello\r\n\r\n",
    ] {
        assert_eq!(failure_of_bytes(answer).await, FetchFault::NotHttp);
    }
}

#[tokio::test]
async fn statuses_and_pages() {
    for code in [404, 403, 500, 503] {
        let fault = FetchFault::Status {
            status: code,
            retry_after: None,
        };
        assert_eq!(
            failure_of_bytes(status(code, "text/plain", b"no")).await,
            fault
        );
    }
    let busy = b"HTTP/1.1 503 Busy\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n";
    let retry_after = Some(Duration::from_secs(120));
    assert_eq!(
        failure_of_bytes(*busy).await,
        FetchFault::Status {
            status: 503,
            retry_after
        }
    );
    for (code, kind) in [
        (200, "text/html"),
        (403, "Text/HTML; charset=utf-8"),
        (511, "text/html"),
    ] {
        let page = status(code, kind, b"<html>Please sign in</html>");
        assert_eq!(
            failure_of_bytes(page).await,
            FetchFault::BlockPage { status: code }
        );
    }
}

#[tokio::test]
async fn content_codings_are_refused() {
    for coding in ["gzip", "br"] {
        let answer =
            format!("HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: 1\r\n\r\n0");
        let coding = coding.into();
        assert_eq!(
            failure_of_bytes(answer).await,
            FetchFault::EncodingRefused { coding }
        );
    }
}

fn moved(status: u16, to: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Moved\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n").into_bytes()
}

#[tokio::test]
async fn three_redirects_are_followed() {
    for redirects in [1, 3] {
        let responder = Responder::start().await;
        let site = Site::new(Sources::ocsp(responder.url("/0")));
        let good = site.ocsp(|_| {});
        responder.serve(move |number, asked| {
            assert!(asked.head.starts_with(&format!("GET /{number}")));
            let next = [301, 307, 308][number % 3];
            vec![Act::Write(match number < redirects {
                true => moved(next, &format!("/{}", number + 1)),
                false => ocsp(&good),
            })]
        });
        let report = site.open().await.accepted(Strict).await;
        assert!(matches!(
            report.path[0].revocation,
            RevocationOutcome::Good {
                source: Source::Ocsp,
                ..
            }
        ));
        assert_eq!(responder.asked().len(), redirects + 1);
    }
}

#[tokio::test]
async fn other_redirects_are_refused() {
    for (to, target) in [
        (
            "https://block.contoso.example/page?x=1",
            Some("https://block.contoso.example"),
        ),
        ("file:///etc/passwd", Some("file://")),
        (
            "ldap://directory.example/",
            Some("ldap://directory.example"),
        ),
        ("http://", None),
    ] {
        let expected = FetchFault::RedirectRefused {
            status: 302,
            target: target.map(Into::into),
        };
        assert_eq!(failure_of_bytes(moved(302, to)).await, expected, "{to}");
    }
    let responder = Responder::start().await;
    responder.always(moved(301, &responder.url("/again")));
    assert!(matches!(
        failure(&responder).await,
        FetchFault::RedirectRefused { status: 301, .. }
    ));
    assert_eq!(responder.asked().len(), 8, "four for each of two visits");
}

#[tokio::test]
async fn only_plain_http_is_fetched() {
    let sources = Sources {
        ocsp: vec![
            "https://ocsp.contoso.example/".into(),
            "ldap://ocsp.contoso.example/".into(),
        ],
        crl: vec!["ldap:///CN=List".into()],
        ..Sources::none()
    };
    let schemes = ["https", "ldap", "ldap"].map(|scheme| FetchFault::UnsupportedScheme {
        scheme: scheme.into(),
    });
    assert_eq!(failures(sources).await, schemes);
}

#[tokio::test]
async fn three_responders_are_asked_and_no_more() {
    let responder = Responder::start().await;
    let ocsp = (0..50)
        .map(|number| responder.url(&format!("/{number}")))
        .collect();
    let failures = failures(Sources {
        ocsp,
        ..Sources::none()
    })
    .await;
    assert_eq!(failures.len(), 3);
}

#[tokio::test]
async fn the_whole_phase_has_a_limit() {
    let responder = Responder::start().await;
    responder.serve(|_, _| vec![Act::Hold]);
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")).and_crl(responder.url("/list")));
    let server = site.open().await;
    let mut timeouts = patient();
    timeouts.revocation = Duration::from_millis(300);
    let channel = server.public(Strict).timeouts(timeouts).build().unwrap();
    match refusal(server.visit(&channel).await) {
        RevocationFault::Unreachable { attempts, .. } => {
            let phase = FetchPhase::Whole;
            let results: Vec<_> = attempts.into_iter().map(|attempt| attempt.result).collect();
            assert_eq!(
                results[0],
                AttemptResult::Failed(FetchFault::Timeout { phase })
            );
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_limit_is_too_long() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&site.ocsp(|_| {})));
    let server = site.open().await;
    let mut timeouts = patient();
    (timeouts.revocation, timeouts.revocation_fetch) = (Duration::MAX, Duration::MAX);
    let channel = server.public(Strict).timeouts(timeouts).build().unwrap();
    server.visit(&channel).await.unwrap();
}

/// No silence is long, and the end does not come.
#[tokio::test]
async fn a_slow_loris_has_the_time_of_the_whole_phase() {
    let responder = Responder::start().await;
    responder.serve(|_, _| {
        vec![
            Act::Write(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
            Act::Drip(vec![0x30; 10_000]),
        ]
    });
    let server = Site::new(Sources::ocsp(responder.url("/ocsp")))
        .open()
        .await;
    let mut timeouts = patient();
    timeouts.revocation = Duration::from_millis(500);
    let channel = server.public(Strict).timeouts(timeouts).build().unwrap();
    match refusal(server.visit(&channel).await) {
        RevocationFault::Unreachable { attempts, .. } => {
            let phase = FetchPhase::Whole;
            let failed = AttemptResult::Failed(FetchFault::Timeout { phase });
            assert_eq!(attempts[0].result, failed);
        }
        other => panic!("{other:?}"),
    }
}

/// Whoever inspects a connection could otherwise send requests into the network of this computer.
#[tokio::test]
async fn addresses_of_this_computer_are_refused_for_certificates_of_local_roots() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&site.ocsp(|_| {})));
    let server = site.open().await;
    let channel = server.local(Strict).build().unwrap();
    match refusal(server.visit(&channel).await) {
        RevocationFault::Unreachable { attempts, .. } => {
            let address = Ipv4Addr::LOCALHOST.into();
            assert_eq!(
                attempts[0].result,
                AttemptResult::Failed(FetchFault::AddressRefused { address })
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(responder.asked().len(), 0);
    // A redirect does not lead there either, and the default forgives it.
    let channel = server.local(RequiredUnlessUnreachable).build().unwrap();
    server.visit(&channel).await.unwrap();

    let settings = Settings::new(Strict).private_responders(["127.0.0.1"]);
    let channel = server.local(settings).build().unwrap();
    server.visit(&channel).await.unwrap();
    assert_eq!(responder.asked().len(), 1);
}

#[tokio::test]
async fn a_redirect_does_not_lead_to_a_refused_address() {
    let (named, hidden) = (Responder::start().await, Responder::start().await);
    let host = format!("http://responder.contoso.example:{}/", named.address.port());
    named.always(moved(302, &hidden.url("/inside")));
    let site = Site::new(Sources::ocsp(host));
    let server = site.open().await;
    let settings = Settings::new(Strict).private_responders(["responder.contoso.example"]);
    match refusal(server.visit(&server.local(settings).build().unwrap()).await) {
        RevocationFault::Unreachable { attempts, .. } => {
            let address = Ipv4Addr::LOCALHOST.into();
            assert_eq!(
                attempts[0].result,
                AttemptResult::Failed(FetchFault::AddressRefused { address })
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!((named.asked().len(), hidden.asked().len()), (1, 0));
}

/// Of the addresses of a responder one that leads nowhere is no obstacle.
#[tokio::test]
async fn an_address_that_leads_nowhere_is_passed_over() {
    use sspr::{Resolve, ResolveFuture};
    struct Twice;
    impl Resolve for Twice {
        fn resolve<'a>(&'a self, _host: &'a str) -> ResolveFuture<'a> {
            // Nobody listens at the first one, and a packet to it may well vanish.
            let found = ["100::1", "127.0.0.1"].map(|address| address.parse().unwrap());
            Box::pin(async move { Ok(found.to_vec()) })
        }
    }
    let responder = Responder::start().await;
    let port = responder.address.port();
    let site = Site::new(Sources::ocsp(format!(
        "http://responder.contoso.example:{port}/"
    )));
    responder.always(ocsp(&site.ocsp(|_| {})));
    let server = site.open().await;
    let channel = server.public(Strict).resolver(Twice).build().unwrap();
    server.visit(&channel).await.unwrap();
}
