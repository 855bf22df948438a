//! When a connection is kept, and when it is renewed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sspr::{Effect, Exchange, Fault, Sent};
use tokio::sync::Notify;
use tokio::time::{advance, pause, resume};

use crate::server::{Authority, NAME, Server, answer, channel, config};
use crate::{get, post};

const EFFECTS: [Effect; 3] = [Effect::None, Effect::Counts, Effect::SetsPassword];

/// Lets time go by between two requests, and only there: paused time would run ahead while a socket is waited for.
async fn silence(duration: Duration) {
    pause();
    advance(duration).await;
    resume();
}

#[tokio::test]
async fn a_request_arrives_as_it_was_given_and_the_answer_comes_back() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, mut peer| async move {
        let (head, body) = peer.request().await.unwrap();
        assert_eq!(body, b"password=x");
        peer.write(answer(&head)).await;
        peer.request().await;
    })
    .await;
    let response = channel(&authority)
        .exchange(post(server.url(), Effect::SetsPassword, "password=x"))
        .await
        .unwrap();
    assert_eq!(response.status, 200);
    let port = server.address.port();
    assert_eq!(
        String::from_utf8_lossy(response.body.as_ref()),
        format!("POST /reset?x=1 HTTP/1.1\r\nhost: {NAME}:{port}\r\ncontent-length: 10\r\n\r\n")
    );
}

#[tokio::test]
async fn one_connection_serves_one_request_after_the_other() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, peer| peer.answer_all("hello")).await;
    let channel = channel(&authority);
    channel.warm_up(&server.url()).await.unwrap();
    for effect in EFFECTS {
        let response = channel
            .exchange(post(server.url(), effect, "x"))
            .await
            .unwrap();
        assert_eq!(response.body.as_ref(), b"hello");
        silence(Duration::from_secs(4)).await;
        channel.warm_up(&server.url()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn after_five_seconds_a_request_with_an_effect_renews_the_connection() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, peer| peer.answer_all("hello")).await;
    let channel = channel(&authority);
    for (effect, connections) in [
        (Effect::Counts, 1),
        (Effect::None, 1),
        (Effect::Counts, 2),
        (Effect::SetsPassword, 3),
    ] {
        channel
            .exchange(post(server.url(), effect, "x"))
            .await
            .unwrap();
        assert_eq!(server.connections(), connections, "{effect:?}");
        silence(Duration::from_millis(5100)).await;
    }
    channel.warm_up(&server.url()).await.unwrap();
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn no_connection_grows_older_than_five_minutes() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, peer| peer.answer_all("hello")).await;
    let channel = channel(&authority);
    for connections in [1, 1, 2] {
        channel.exchange(get(server.url())).await.unwrap();
        assert_eq!(server.connections(), connections);
        silence(Duration::from_secs(151)).await;
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_while_waiting_is_replaced_whatever_the_effect() {
    for effect in EFFECTS {
        for with_goodbye in [true, false] {
            let authority = Authority::new();
            let closed = Arc::new(Notify::new());
            let tell = closed.clone();
            let server = Server::tls(config(&authority), move |number, mut peer| {
                let tell = tell.clone();
                async move {
                    peer.request().await.unwrap();
                    peer.write(answer("hello")).await;
                    if number > 0 {
                        peer.request().await;
                    } else if with_goodbye {
                        peer.close().await;
                    } else {
                        drop(peer);
                    }
                    tell.notify_one();
                }
            })
            .await;
            let channel = channel(&authority);
            channel
                .exchange(post(server.url(), effect, "x"))
                .await
                .unwrap();
            closed.notified().await;
            channel
                .exchange(post(server.url(), effect, "x"))
                .await
                .unwrap();
            assert_eq!(server.connections(), 2);
        }
    }
}

/// Between two calls of a program without a runtime of its own nobody looks at the sockets.
#[test]
fn a_connection_that_was_closed_while_nothing_ran_is_replaced_too() {
    let authority = Arc::new(Authority::new());
    let (tell_url, url) = std::sync::mpsc::channel();
    let (tell_closed, closed) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let issuer = authority.clone();
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let serving = std::thread::spawn(move || {
        runtime().block_on(async move {
            let server = Server::tls(config(&issuer), move |number, mut peer| {
                let tell_closed = tell_closed.clone();
                async move {
                    peer.request().await.unwrap();
                    peer.write(answer("hello")).await;
                    if number == 0 {
                        peer.close().await;
                        tell_closed.send(()).unwrap();
                    } else {
                        peer.request().await;
                    }
                }
            })
            .await;
            tell_url.send(server.url()).unwrap();
            let _ = stopped.await;
        });
    });
    let url = url.recv().unwrap();
    let channel = channel(&authority);
    let runtime = runtime();
    let set = || post(url.clone(), Effect::SetsPassword, "x");
    runtime.block_on(channel.exchange(set())).unwrap();
    closed.recv().unwrap();
    runtime.block_on(channel.exchange(set())).unwrap();
    stop.send(()).unwrap();
    serving.join().unwrap();
}

#[tokio::test]
async fn a_kept_connection_that_breaks_under_a_request_is_the_only_reason_to_send_it_again() {
    for (effect, sendings) in [
        (Effect::None, 2),
        (Effect::Counts, 1),
        (Effect::SetsPassword, 1),
    ] {
        let authority = Authority::new();
        let requests = Arc::new(AtomicUsize::new(0));
        let count = requests.clone();
        let server = Server::tls(config(&authority), move |number, mut peer| {
            let count = count.clone();
            async move {
                while peer.request().await.is_some() {
                    // The second request on the first connection gets no answer.
                    if count.fetch_add(1, Ordering::SeqCst) == 1 && number == 0 {
                        return;
                    }
                    peer.write(answer("hello")).await;
                }
            }
        })
        .await;
        let channel = channel(&authority);
        channel.exchange(get(server.url())).await.unwrap();
        let outcome = channel.exchange(post(server.url(), effect, "x")).await;
        assert_eq!(requests.load(Ordering::SeqCst), 1 + sendings, "{effect:?}");
        match (effect, outcome) {
            (Effect::None, outcome) => assert_eq!(outcome.unwrap().status, 200),
            (_, outcome) => {
                let error = outcome.unwrap_err();
                assert_eq!(error.sent, Sent::Maybe);
                assert!(
                    matches!(error.error.fault(), Fault::Closed { .. }),
                    "{error:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn what_was_sent_once_counts_when_the_second_connection_fails() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |number, mut peer| async move {
        if number == 0 {
            peer.request().await;
            peer.write(answer("hello")).await;
            peer.request().await;
        }
    })
    .await;
    let channel = channel(&authority);
    channel.exchange(get(server.url())).await.unwrap();
    let error = channel.exchange(get(server.url())).await.unwrap_err();
    assert_eq!(error.sent, Sent::Maybe);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn an_answer_that_closes_leaves_no_connection_behind() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, mut peer| async move {
        peer.request().await;
        peer.write("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok")
            .await;
        peer.request().await;
    })
    .await;
    let channel = channel(&authority);
    for connections in [1, 2] {
        channel.exchange(get(server.url())).await.unwrap();
        assert_eq!(server.connections(), connections);
        server.is_quiet().await;
    }
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_is_nobodys_answer() {
    let authority = Authority::new();
    let sent = Arc::new(Notify::new());
    let tell = sent.clone();
    let server = Server::tls(config(&authority), move |number, mut peer| {
        let tell = tell.clone();
        async move {
            peer.request().await;
            peer.write(answer(if number == 0 { "first" } else { "third" }))
                .await;
            peer.write(answer("second")).await;
            tell.notify_one();
            peer.request().await;
        }
    })
    .await;
    let channel = channel(&authority);
    assert_eq!(
        channel
            .exchange(get(server.url()))
            .await
            .unwrap()
            .body
            .as_ref(),
        b"first"
    );
    sent.notified().await;
    assert_eq!(
        channel
            .exchange(get(server.url()))
            .await
            .unwrap()
            .body
            .as_ref(),
        b"third"
    );
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn every_connection_shakes_hands_in_full() {
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let authority = Authority::new();
        let kinds = Arc::new(std::sync::Mutex::new(Vec::new()));
        let note = kinds.clone();
        let config = authority.issue(&[NAME], |_| {}).config_for(&[version]);
        let server = Server::tls(config, move |_, mut peer| {
            note.lock()
                .unwrap()
                .push(peer.0.get_ref().1.handshake_kind().unwrap());
            async move {
                peer.request().await;
                peer.write("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                    .await;
            }
        })
        .await;
        let channel = channel(&authority);
        for _ in 0..3 {
            channel.exchange(get(server.url())).await.unwrap();
        }
        assert!(
            kinds
                .lock()
                .unwrap()
                .iter()
                .all(|kind| *kind != rustls::HandshakeKind::Resumed),
            "{:?}",
            kinds.lock().unwrap()
        );
        assert_eq!(kinds.lock().unwrap().len(), 3);
    }
}
