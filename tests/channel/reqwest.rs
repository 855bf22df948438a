//! The same promises over the embedding program's `reqwest`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Client, ClientBuilder};
use rustls::{ClientConfig, RootCertStore};
use sspr::{Effect, Exchange, Fault, ReqwestExchange, Sent};

use crate::server::{Authority, NAME, Server, answer, config};
use crate::{get, post};

/// A client that trusts `authority` and finds [`NAME`] on this computer.
fn builder(authority: &Authority, server: &Server) -> ClientBuilder {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der.clone().into()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .resolve(NAME, server.address)
}

fn exchange(authority: &Authority, server: &Server) -> ReqwestExchange {
    ReqwestExchange::new(builder(authority, server)).unwrap()
}

#[tokio::test]
async fn a_request_goes_out_and_an_answer_comes_back() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, peer| peer.answer_all("hello")).await;
    let exchange = exchange(&authority, &server);
    let response = exchange
        .exchange(post(server.url(), Effect::SetsPassword, "x"))
        .await
        .unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(response.body.as_ref(), b"hello");
}

#[tokio::test]
async fn redirects_are_handed_through() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, mut peer| async move {
        peer.request().await;
        peer.write("HTTP/1.1 307 x\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n")
            .await;
        peer.request().await;
    })
    .await;
    let response = exchange(&authority, &server)
        .exchange(get(server.url()))
        .await
        .unwrap();
    assert_eq!(response.status, 307);
    assert_eq!(response.headers["location"], "/elsewhere");
}

#[tokio::test]
async fn a_broken_connection_is_told_and_nothing_sent_again() {
    let authority = Authority::new();
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    let server = Server::tls(config(&authority), move |_, mut peer| {
        let count = count.clone();
        async move {
            // The first request is answered, so that the second one meets a kept connection.
            while peer.request().await.is_some() {
                if count.fetch_add(1, Ordering::SeqCst) > 0 {
                    return;
                }
                peer.write(answer("hello")).await;
            }
        }
    })
    .await;
    let exchange = exchange(&authority, &server);
    exchange.exchange(get(server.url())).await.unwrap();
    let error = exchange
        .exchange(post(server.url(), Effect::SetsPassword, "x"))
        .await
        .unwrap_err();
    assert_eq!(
        *error.error.fault(),
        Fault::ExchangeFailed { host: NAME.into() }
    );
    assert_eq!(error.sent, Sent::Maybe);
    assert_eq!(requests.load(Ordering::SeqCst), 2);
    let error = format!("{:?}", error.error);
    assert!(!error.contains("/reset"), "{error}");
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let authority = Authority::new();
    let stranger = Authority::new();
    let server = Server::tls(config(&stranger), |_, peer| peer.answer_all("hello")).await;
    let error = exchange(&authority, &server)
        .exchange(get(server.url()))
        .await
        .unwrap_err();
    assert_eq!(error.sent, Sent::Nothing);
    let plain = "http://login.contoso.example/".parse().unwrap();
    let error = exchange(&authority, &server)
        .exchange(get(plain))
        .await
        .unwrap_err();
    assert_eq!(error.sent, Sent::Nothing);
}

#[tokio::test]
async fn a_body_may_be_as_large_as_its_limit_and_no_larger() {
    for chunked in [false, true] {
        let authority = Authority::new();
        let server = Server::tls(config(&authority), move |_, mut peer| async move {
            while peer.request().await.is_some() {
                peer.write(match chunked {
                    true => "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n".into(),
                    false => answer("hello"),
                })
                .await;
            }
        })
        .await;
        for (limit, fits) in [(5, true), (4, false), (0, false)] {
            let mut request = get(server.url());
            request.response_limit = limit;
            match exchange(&authority, &server).exchange(request).await {
                Ok(response) => assert!(fits && response.body.as_ref() == b"hello"),
                Err(error) => {
                    assert!(!fits);
                    assert_eq!(
                        *error.error.fault(),
                        Fault::TooLarge {
                            host: NAME.into(),
                            limit
                        }
                    );
                    assert_eq!(error.sent, Sent::Maybe);
                }
            }
        }
    }
}

#[tokio::test]
async fn an_exchange_ends_in_time() {
    let authority = Authority::new();
    let server = Server::tls(config(&authority), |_, mut peer| async move {
        peer.request().await;
        peer.request().await;
    })
    .await;
    let exchange = exchange(&authority, &server).with_limit(Duration::from_millis(60));
    let error = exchange.exchange(get(server.url())).await.unwrap_err();
    assert!(
        matches!(error.error.fault(), Fault::TimedOut { .. }),
        "{error:?}"
    );
    assert_eq!(error.sent, Sent::Maybe);
}
