//! Answers that are too large, too slow, or none at all.

use std::time::Duration;

use sspr::{Channel, Effect, Exchange, Fault, Request, Response, Sent, TimedPhase, Timeouts};

use crate::server::{Authority, Server, answer, channel, channel_with, config};
use crate::{get, post};

/// One exchange with a server that answers with `bytes` and then keeps silent.
async fn answered_with(
    bytes: impl Into<Vec<u8>>,
    request: impl FnOnce(&mut Request),
) -> Result<Response, Fault> {
    let authority = Authority::new();
    let bytes = bytes.into();
    let server = Server::tls(config(&authority), move |_, mut peer| {
        let bytes = bytes.clone();
        async move {
            peer.request().await.unwrap();
            peer.write(bytes).await;
            peer.request().await;
        }
    })
    .await;
    let mut asked = post(server.url(), Effect::SetsPassword, "x");
    request(&mut asked);
    let outcome = channel(&authority).exchange(asked).await;
    assert_eq!(server.connections(), 1);
    outcome.map_err(|error| {
        assert_eq!(error.sent, Sent::Maybe);
        assert_eq!(
            error.error.sent(),
            Sent::Nothing,
            "the exchange error alone says what was sent"
        );
        error.error.fault().clone()
    })
}

async fn body_of(bytes: impl Into<Vec<u8>>) -> Result<Vec<u8>, Fault> {
    answered_with(bytes, |_| {})
        .await
        .map(|response| response.body.as_ref().to_vec())
}

fn head(fields: impl AsRef<str>) -> String {
    format!(
        "HTTP/1.1 200 OK\r\n{}content-length: 2\r\n\r\nok",
        fields.as_ref()
    )
}

#[tokio::test]
async fn every_status_is_handed_through_and_no_redirect_followed() {
    for status in [
        201, 204, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 407, 418, 429, 500, 502, 503,
        599,
    ] {
        let bytes = format!(
            "HTTP/1.1 {status} x\r\nlocation: https://elsewhere.example/\r\ncontent-length: 0\r\n\r\n"
        );
        let response = answered_with(bytes, |_| {}).await.unwrap();
        assert_eq!(response.status, status);
        assert_eq!(response.headers["location"], "https://elsewhere.example/");
    }
}

#[tokio::test]
async fn a_switch_of_protocols_is_a_status_like_any_other() {
    let response = answered_with(
        "HTTP/1.1 101 x\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
        |_| {},
    )
    .await;
    assert_eq!(response.unwrap().status, 101);
}

#[tokio::test]
async fn a_body_may_be_as_large_as_its_limit_and_no_larger() {
    for (length, limit, fits) in [
        (5, 5, true),
        (5, 4, false),
        (0, 0, true),
        (1, 0, false),
        (1 << 20, 1 << 20, true),
    ] {
        let body = "b".repeat(length);
        let chunked = format!(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"
        );
        let chunked = if length == 0 {
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n".into()
        } else {
            chunked
        };
        for bytes in [answer(&body), chunked] {
            let outcome = answered_with(bytes, |request| request.response_limit = limit).await;
            match fits {
                true => assert_eq!(outcome.unwrap().body.as_ref(), body.as_bytes()),
                false => assert!(
                    matches!(outcome, Err(Fault::TooLarge { limit: told, .. }) if told == limit)
                ),
            }
        }
    }
}

#[tokio::test]
async fn an_announced_length_beyond_all_measure_is_refused_before_it_comes() {
    for length in ["1048577", "4294967296", "18446744073709551613"] {
        let bytes = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
        assert!(
            matches!(
                body_of(bytes).await,
                Err(Fault::TooLarge {
                    limit: 1_048_576,
                    ..
                })
            ),
            "{length}"
        );
    }
}

#[tokio::test]
async fn chunks_are_put_together_and_trailers_ignored() {
    let bytes = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x\r\n\r\n\
                 2\r\nhe\r\n3;ext=1\r\nllo\r\n0\r\nx: y\r\n\r\n";
    assert_eq!(body_of(bytes).await.unwrap(), b"hello");
}

#[tokio::test]
async fn what_is_not_http_is_told_as_such() {
    for bytes in [
        "hello\r\n\r\n",
        "\0\0\0\0\0\0\0\0\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffffffff\r\n",
    ] {
        let outcome = body_of(bytes).await;
        assert!(
            matches!(outcome, Err(Fault::NotHttp { .. })),
            "{bytes:?}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_content_coding_is_refused_and_identity_is_none() {
    assert_eq!(
        body_of(head("content-encoding: Identity \r\n"))
            .await
            .unwrap(),
        b"ok"
    );
    for coding in ["gzip", "br", "identity, gzip", "\u{7f}"] {
        let outcome = body_of(head(format!(
            "content-encoding: identity\r\ncontent-encoding: {coding}\r\n"
        )))
        .await;
        assert!(
            matches!(outcome, Err(Fault::Encoded { .. } | Fault::NotHttp { .. })),
            "{coding}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_head_has_at_most_100_fields_and_16_kib() {
    let fields = |count| "a: b\r\n".repeat(count);
    assert_eq!(body_of(head(fields(99))).await.unwrap(), b"ok");
    let large = |bytes| format!("a: {}\r\n", "b".repeat(bytes));
    assert_eq!(body_of(head(large(16_000))).await.unwrap(), b"ok");
    for fields in [
        fields(100),
        fields(2000),
        large(16_400),
        large(100_000),
        large(1_000_000),
        large(17).repeat(1000),
    ] {
        let outcome = body_of(head(&fields)).await;
        assert!(
            matches!(outcome, Err(Fault::HeadTooLarge { .. })),
            "{} bytes: {outcome:?}",
            fields.len()
        );
    }
}

#[tokio::test]
async fn interim_answers_are_skipped_but_not_for_ever() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n";
    assert_eq!(
        body_of(interim.repeat(10) + &answer("ok")).await.unwrap(),
        b"ok"
    );
    let outcome = body_of(interim.repeat(10_000) + &answer("ok")).await;
    assert!(
        matches!(outcome, Err(Fault::HeadTooLarge { .. })),
        "{outcome:?}"
    );
}

/// A channel with one short limit.
fn hasty(authority: &Authority, limit: impl FnOnce(&mut Timeouts) -> &mut Duration) -> Channel {
    let mut timeouts = Timeouts::default();
    *limit(&mut timeouts) = Duration::from_millis(60);
    channel_with(authority, |builder| builder.timeouts(timeouts))
}

#[tokio::test]
async fn each_phase_has_its_own_time() {
    type Limit = fn(&mut Timeouts) -> &mut Duration;
    let head: Limit = |timeouts| &mut timeouts.response_head;
    let body: Limit = |timeouts| &mut timeouts.response_body;
    let cases = [
        ("", head, TimedPhase::Head),
        ("HTTP/1.1 200 OK\r\ncontent-", head, TimedPhase::Head),
        ("HTTP/1.1 100 Continue\r\n\r\n", head, TimedPhase::Head),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no",
            body,
            TimedPhase::Body,
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n",
            body,
            TimedPhase::Body,
        ),
    ];
    for (bytes, limit, expected) in cases {
        let authority = Authority::new();
        let server = Server::tls(config(&authority), move |_, mut peer| async move {
            peer.request().await.unwrap();
            peer.write(bytes).await;
            peer.request().await;
        })
        .await;
        let channel = hasty(&authority, limit);
        channel.warm_up(&server.url()).await.unwrap();
        // Not even a request without an effect is sent again, since slowness is not a broken connection.
        let error = channel.exchange(get(server.url())).await.unwrap_err();
        assert_eq!(error.sent, Sent::Maybe);
        match error.error.fault() {
            Fault::TimedOut { phase, after, .. } => {
                assert_eq!(*phase, expected, "{bytes:?}");
                assert_eq!(*after, Duration::from_millis(60));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(server.connections(), 1);
        server.is_quiet().await;
    }
}

#[tokio::test]
async fn the_whole_is_never_longer_than_its_own_time() {
    for bytes in ["", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no"] {
        let authority = Authority::new();
        let server = Server::tls(config(&authority), move |_, mut peer| async move {
            peer.request().await.unwrap();
            peer.write(bytes).await;
            peer.request().await;
        })
        .await;
        let mut timeouts = Timeouts::default();
        timeouts.exchange = Duration::from_secs(20);
        timeouts.response_head = Duration::from_secs(30);
        let channel = channel_with(&authority, |builder| builder.timeouts(timeouts));
        channel.warm_up(&server.url()).await.unwrap();
        tokio::time::pause();
        let start = tokio::time::Instant::now();
        let error = channel.exchange(get(server.url())).await.unwrap_err();
        tokio::time::resume();
        assert!(start.elapsed() < timeouts.response_head);
        match error.error.fault() {
            Fault::TimedOut {
                phase: TimedPhase::Whole,
                after,
                ..
            } => assert_eq!(*after, timeouts.exchange),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn limits_beyond_all_measure_are_no_limits() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, peer| peer.answer_all("hello")).await;
    let mut timeouts = Timeouts::default();
    for limit in [
        &mut timeouts.dns,
        &mut timeouts.connect,
        &mut timeouts.tls_handshake,
        &mut timeouts.response_head,
        &mut timeouts.response_body,
        &mut timeouts.exchange,
    ] {
        *limit = Duration::MAX;
    }
    let channel = channel_with(&authority, |builder| builder.timeouts(timeouts));
    channel.exchange(get(server.url())).await.unwrap();
}

#[tokio::test]
async fn the_time_of_the_whole_includes_the_way_there() {
    let authority = Authority::new();
    let server = Server::tcp([127, 0, 0, 1].into(), |_, stream| async move {
        let mut stream = stream;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await;
    let channel = hasty(&authority, |timeouts| &mut timeouts.exchange);
    let error = channel.exchange(get(server.url())).await.unwrap_err();
    assert_eq!(error.sent, Sent::Nothing);
    assert!(matches!(
        error.error.fault(),
        Fault::TimedOut {
            phase: TimedPhase::Whole,
            ..
        }
    ));
}
