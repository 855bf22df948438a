//! Connections that end at every byte, and futures that are dropped at every await.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use sspr::{Effect, Exchange, Fault, Sent};

use crate::server::{Authority, Server, answer, channel, config};
use crate::{get, post};

/// As the channel sends it, up to the port.
const REQUEST: usize =
    "POST /reset?x=1 HTTP/1.1\r\nhost: login.contoso.example:\r\ncontent-length: 1\r\n\r\nx".len()
        + 5;

#[tokio::test]
async fn a_request_cut_off_at_any_byte_may_have_arrived_and_is_never_sent_again() {
    for effect in [Effect::Counts, Effect::SetsPassword, Effect::None] {
        for bytes in 0..=REQUEST {
            let authority = Authority::new();
            let received = Arc::new(AtomicUsize::new(0));
            let note = received.clone();
            let server = Server::tls(config(&authority), move |_, mut peer| {
                let note = note.clone();
                async move {
                    note.fetch_add(peer.read(bytes).await, Ordering::SeqCst);
                }
            })
            .await;
            let error = channel(&authority)
                .exchange(post(server.url(), effect, "x"))
                .await
                .unwrap_err();
            let fault = error.error.fault();
            assert!(matches!(fault, Fault::Closed { .. }), "{bytes}: {fault:?}");
            assert_eq!(server.connections(), 1);
            if received.load(Ordering::SeqCst) > 0 {
                assert_eq!(error.sent, Sent::Maybe, "{bytes}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_cut_off_at_any_byte_is_no_answer() {
    let whole = answer("hello");
    for with_goodbye in [true, false] {
        for bytes in 0..whole.len() {
            let authority = Authority::new();
            let part = whole[..bytes].to_owned();
            let server = Server::tls(config(&authority), move |_, mut peer| {
                let part = part.clone();
                async move {
                    peer.request().await.unwrap();
                    peer.write(part).await;
                    if with_goodbye {
                        peer.close().await;
                    }
                }
            })
            .await;
            for effect in [Effect::None, Effect::Counts, Effect::SetsPassword] {
                let before = server.connections();
                let error = channel(&authority)
                    .exchange(post(server.url(), effect, "x"))
                    .await
                    .unwrap_err();
                let fault = error.error.fault();
                assert!(matches!(fault, Fault::Closed { .. }), "{bytes}: {fault:?}");
                assert_eq!(error.sent, Sent::Maybe);
                assert_eq!(
                    server.connections(),
                    before + 1,
                    "sent again after {bytes} bytes"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_chunked_answer_cut_off_at_any_byte_is_no_answer() {
    let whole =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n";
    for bytes in 0..=whole.len() {
        let authority = Authority::new();
        let server = Server::tls(config(&authority), move |_, mut peer| async move {
            peer.request().await.unwrap();
            peer.write(&whole[..bytes]).await;
            peer.close().await;
        })
        .await;
        let outcome = channel(&authority).exchange(get(server.url())).await;
        if bytes == whole.len() {
            assert_eq!(outcome.unwrap().body.as_ref(), b"hello");
        } else {
            let error = outcome.unwrap_err().error;
            assert!(
                matches!(error.fault(), Fault::Closed { .. }),
                "{bytes}: {error:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_without_a_length_ends_with_the_goodbye_of_tls_and_not_without() {
    for with_goodbye in [true, false] {
        let authority = Authority::new();
        let server = Server::tls(config(&authority), move |_, mut peer| async move {
            peer.request().await.unwrap();
            peer.write("HTTP/1.1 200 OK\r\n\r\nhello").await;
            if with_goodbye {
                peer.close().await;
            }
        })
        .await;
        let outcome = channel(&authority).exchange(get(server.url())).await;
        match with_goodbye {
            true => assert_eq!(outcome.unwrap().body.as_ref(), b"hello"),
            false => assert!(matches!(
                outcome.unwrap_err().error.fault(),
                Fault::Closed { .. }
            )),
        }
    }
}

#[tokio::test]
async fn a_future_dropped_at_any_await_leaves_nothing_behind() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, mut peer| async move {
        while peer.request().await.is_some() {
            // Piece by piece, so that there are awaits within the answer too.
            for byte in answer("hello").bytes() {
                peer.write([byte]).await;
                tokio::task::yield_now().await;
            }
        }
    })
    .await;
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    let mut completed = 0;
    let mut polls = 0;
    while completed < 3 {
        polls += 1;
        let channel = channel(&authority);
        channel.warm_up(&server.url()).await.unwrap();
        {
            let mut exchange =
                pin!(channel.exchange(post(server.url(), Effect::SetsPassword, "x")));
            let mut left = polls;
            std::future::poll_fn(|cx| {
                left -= 1;
                match exchange.as_mut().poll(cx) {
                    Poll::Ready(outcome) => {
                        assert_eq!(outcome.unwrap().status, 200);
                        completed += 1;
                        Poll::Ready(())
                    }
                    Poll::Pending if left == 0 => Poll::Ready(()),
                    Poll::Pending => Poll::Pending,
                }
            })
            .await;
        }
        // The channel still works, on a connection of its own.
        channel.exchange(get(server.url())).await.unwrap();
        drop(channel);
        server.is_quiet().await;
        // The server's own tasks end right after they have said so.
        while tasks() > before {
            tokio::task::yield_now().await;
        }
    }
    assert!(polls > 5, "the exchange was dropped at {polls} points only");
}
