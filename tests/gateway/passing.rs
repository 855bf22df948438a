//! What may pass, passes.

use sspr::Way;
use sspr::gateway::{Event, TunnelEnd};
use tokio::io::AsyncWriteExt;

use super::hello::{read, tls13};
use super::setup::{HOST, channel, next, serve, tenant};
use super::view::{connect_head, get, secure, status_of, tunnel};
use super::{site::Site, view};

#[tokio::test]
async fn a_view_opens_the_portal_through_the_gateway() {
    let tenant = tenant();
    let (running, mut events) = serve(channel(&tenant)).await;
    assert!(running.address().ip().is_loopback());

    let stream = tunnel(&running, &format!("{HOST}:443")).await;
    let mut stream = secure(stream, HOST, tenant.ca_der()).await;
    let page = get(&mut stream, HOST, "/n/passwordreset?mkt=ja-JP").await;
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    assert!(page.contains("アカウントの確認"), "{page}");
    drop(stream);

    match next(&mut events).await {
        Event::Allowed { host, trust } => {
            assert_eq!(host, HOST);
            assert_eq!(trust.way, Way::Direct);
            assert!(trust.path.iter().all(|certificate| {
                matches!(certificate.revocation, sspr::RevocationOutcome::Good { .. })
            }));
        }
        other => panic!("{other:?}"),
    }
    match next(&mut events).await {
        Event::Closed {
            host,
            sent,
            received,
            ..
        } => {
            assert_eq!(host, HOST);
            assert!(sent > 200 && received > page.len() as u64);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(running.counts().tunnels, 1);
}

#[tokio::test]
async fn the_token_is_asked_for_and_a_second_request_shows_it() {
    let tenant = tenant();
    let (running, _events) = serve(channel(&tenant)).await;
    let target = format!("{HOST}:443");
    let (_, answer) = view::ask(
        &running,
        &format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n"),
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 407 "), "{answer}");
    assert!(answer.contains("\r\nProxy-Authenticate: Basic realm=\"sspr gateway\"\r\n"));
    tunnel(&running, &target).await;
    assert_eq!(running.counts().without_token, 1);
}

/// One look serves many tunnels, also those that were wanted at the same time.
#[tokio::test]
async fn a_host_is_looked_at_once() {
    let site = Site::answering(Vec::new(), 1).await;
    let (running, _events) = serve(site.channel()).await;
    let target = format!("{HOST}:443");
    let tunnels = (0..8).map(|_| {
        let head = connect_head(&running, &target);
        let address = running.address();
        tokio::spawn(async move {
            let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            let answer = view::answer(&mut stream).await;
            (stream, status_of(&answer))
        })
    });
    let mut open = Vec::new();
    for tunnel in tunnels.collect::<Vec<_>>() {
        let (stream, status) = tunnel.await.unwrap();
        assert_eq!(status, 200);
        open.push(stream);
    }
    assert_eq!(site.connections(), 1 + open.len());
}

/// RFC 9110, section 9.3.6: what follows the head belongs to the tunnel.
#[tokio::test]
async fn bytes_that_come_with_the_head_are_not_lost() {
    let hello = super::hello::tls13();
    let site = Site::answering(hello.clone(), 1024).await;
    let (running, mut events) = serve(site.channel()).await;
    let head = connect_head(&running, &format!("{HOST}:443"));
    let mut stream = tokio::net::TcpStream::connect(running.address())
        .await
        .unwrap();
    let early = [head.as_bytes(), &[22, 3, 1, 0, 1, 1]].concat();
    stream.write_all(&early).await.unwrap();
    assert_eq!(status_of(&view::answer(&mut stream).await), 200);
    assert_eq!(super::hello::read(&mut stream, hello.len()).await, hello);
    drop(stream);
    assert!(matches!(next(&mut events).await, Event::Allowed { .. }));
    match next(&mut events).await {
        Event::Closed { sent, end, .. } => {
            assert_eq!(sent, 6);
            assert!(matches!(end, TunnelEnd::Finished | TunnelEnd::Broken));
        }
        other => panic!("{other:?}"),
    }
}

/// P59. Tunnels that stand are kept, and the next one is for a host that was looked at anew.
#[tokio::test]
async fn a_change_of_the_network_ends_no_tunnel() {
    let site = Site::answering(tls13(), 1000).await;
    let (running, _events) = serve(site.channel()).await;
    let target = format!("{HOST}:443");
    let mut stream = tunnel(&running, &target).await;
    running.network_changed();
    // The site is good TLS once, and the second look finds none.
    assert_eq!(view::tunnel_status(&running, &target).await, 502);
    stream.write_all(&[22, 3, 1, 0, 1, 1]).await.unwrap();
    assert_eq!(read(&mut stream, tls13().len()).await, tls13());
}
