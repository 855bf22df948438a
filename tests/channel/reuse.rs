//! When a connection is kept, and when it is renewed.

use sspr::{Effect, Exchange};

use crate::server::{Authority, NAME, Server, answer, channel};
use crate::{get, post};

#[tokio::test]
async fn a_request_arrives_as_it_was_given_and_the_answer_comes_back() {
    let authority = Authority::new();
    let server = Server::tls(
        authority.issue(&[NAME], |_| {}).config(),
        |_, mut peer| async move {
            let (head, body) = peer.request().await.unwrap();
            assert_eq!(body, b"password=x");
            peer.write(answer(&head)).await;
            peer.request().await;
        },
    )
    .await;
    let channel = channel(&authority);
    let response = channel
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
    let server = Server::tls(authority.issue(&[NAME], |_| {}).config(), |_, peer| {
        peer.answer_all("hello")
    })
    .await;
    let channel = channel(&authority);
    for effect in [Effect::None, Effect::Counts, Effect::SetsPassword] {
        let response = channel
            .exchange(post(server.url(), effect, "x"))
            .await
            .unwrap();
        assert_eq!(response.body.as_ref(), b"hello");
    }
    channel.exchange(get(server.url())).await.unwrap();
    assert_eq!(server.connections(), 1);
}
