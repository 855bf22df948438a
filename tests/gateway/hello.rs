//! The server's hello as it passes.

use std::time::Duration;

use sspr::gateway::{Event, Events, Running, TunnelEnd};
use sspr::{Fault, GatewayFault, TlsFault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::setup::{HOST, next, refused, serve};
use super::site::Site;
use super::view::tunnel;

/// The beginning of a client's hello, as far as anybody looks.
const CLIENT: &[u8] = &[22, 3, 1, 0, 1, 1];

const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

fn hello(version: u16, random: [u8; 32], selected: Option<u16>) -> Vec<u8> {
    let mut body = version.to_be_bytes().to_vec();
    body.extend(random);
    body.extend([0, 0x13, 0x01, 0]);
    if let Some(selected) = selected {
        body.extend([0, 6, 0, 43, 0, 2]);
        body.extend(selected.to_be_bytes());
    }
    let length = u8::try_from(body.len()).unwrap();
    let mut record = vec![22, 3, 3, 0, length + 4, 2, 0, 0, length];
    record.extend(body);
    record
}

pub(crate) fn tls13() -> Vec<u8> {
    hello(0x0303, [7; 32], Some(0x0304))
}

pub(crate) async fn read(stream: &mut TcpStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).await.unwrap();
    bytes
}

/// What arrives at the view of a server that answers with `bytes`.
async fn arrives(bytes: Vec<u8>, piece: usize) -> (Vec<u8>, Running, Events) {
    let site = Site::answering(bytes, piece).await;
    let (running, events) = serve(site.channel()).await;
    let mut stream = tunnel(&running, &format!("{HOST}:443")).await;
    stream.write_all(CLIENT).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut arrived = Vec::new();
    let _ = stream.read_to_end(&mut arrived).await;
    (arrived, running, events)
}

/// The fault with which the tunnel was cut, before anything passed.
async fn cut(bytes: Vec<u8>, piece: usize) -> Fault {
    let (arrived, _running, mut events) = arrives(bytes, piece).await;
    assert_eq!(arrived, b"");
    assert!(matches!(next(&mut events).await, Event::Allowed { .. }));
    let (host, error, page) = refused(&mut events).await;
    assert_eq!(host.as_deref(), Some(HOST));
    assert!(page.contains(HOST), "{page}");
    match next(&mut events).await {
        Event::Closed { end, .. } => assert_eq!(end, TunnelEnd::Cut),
        other => panic!("{other:?}"),
    }
    error.fault().clone()
}

#[tokio::test]
async fn a_new_hello_passes_untouched_and_so_does_what_follows() {
    for hello in [tls13(), hello(0x0303, [7; 32], None)] {
        let stream = [hello, vec![23, 3, 3, 0, 2, 1, 2]].concat();
        for piece in [1, 7, stream.len()] {
            let (arrived, ..) = arrives(stream.clone(), piece).await;
            assert_eq!(arrived, [&stream[..], b"bye"].concat());
        }
    }
}

#[tokio::test]
async fn after_a_request_to_try_again_the_second_hello_counts() {
    let retry = hello(0x0303, RETRY, Some(0x0304));
    let whole = [retry.clone(), vec![20, 3, 3, 0, 1, 1], tls13()].concat();
    let (arrived, ..) = arrives(whole.clone(), 9).await;
    assert_eq!(arrived, [&whole[..], b"bye"].concat());

    let whole = [retry.clone(), hello(0x0301, [7; 32], None)].concat();
    let (arrived, _running, mut events) = arrives(whole, 9).await;
    assert_eq!(arrived, retry);
    next(&mut events).await;
    let (_, error, _) = refused(&mut events).await;
    assert!(matches!(
        error.fault(),
        Fault::Tls(TlsFault::TooOld {
            chosen: Some(0x0301),
            ..
        })
    ));
}

#[tokio::test]
async fn old_tls_is_cut_before_a_byte_of_it_passes() {
    for version in [0x0300, 0x0301, 0x0302] {
        for piece in [1, 1000] {
            let fault = cut(hello(version, [7; 32], None), piece).await;
            let expected = Fault::Tls(TlsFault::TooOld {
                host: HOST.into(),
                chosen: Some(version),
            });
            assert_eq!(fault, expected);
        }
    }
}

#[tokio::test]
async fn what_is_no_tls_is_cut() {
    let fault = cut(b"HTTP/1.1 200 OK\r\n\r\n<html>".to_vec(), 1000).await;
    let expected = Fault::Tls(TlsFault::NotTls {
        host: HOST.into(),
        first_bytes: b"HTTP/1.1 200 OK\r".to_vec(),
    });
    assert_eq!(fault, expected);
    let fault = cut(vec![22, 3, 3, 0, 4, 11, 0, 0, 0], 3).await;
    assert!(matches!(fault, Fault::Tls(TlsFault::Misbehaved { .. })));
}

#[tokio::test]
async fn a_view_that_speaks_no_tls_is_cut_before_anything_leaves() {
    let site = Site::answering(Vec::new(), 1).await;
    let (running, mut events) = serve(site.channel()).await;
    let mut stream = tunnel(&running, &format!("{HOST}:443")).await;
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut arrived = Vec::new();
    let _ = stream.read_to_end(&mut arrived).await;
    assert_eq!(arrived, b"");
    next(&mut events).await;
    let (_, error, _) = refused(&mut events).await;
    assert!(matches!(
        error.fault(),
        Fault::Gateway(GatewayFault::Malformed { .. })
    ));
    match next(&mut events).await {
        Event::Closed { sent, .. } => assert_eq!(sent, 0),
        other => panic!("{other:?}"),
    }
}

/// The view is done; the server is not.
#[tokio::test]
async fn a_tunnel_may_be_half_closed() {
    let site = Site::start(|mut stream| async move {
        let mut seen = Vec::new();
        stream.read_to_end(&mut seen).await.unwrap();
        stream.write_all(&tls13()).await.unwrap();
        stream.write_all(&vec![7; 1 << 20]).await.unwrap();
    })
    .await;
    let (running, mut events) = serve(site.channel()).await;
    let mut stream = tunnel(&running, &format!("{HOST}:443")).await;
    stream.write_all(CLIENT).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut arrived = Vec::new();
    stream.read_to_end(&mut arrived).await.unwrap();
    assert_eq!(arrived.len(), tls13().len() + (1 << 20));
    next(&mut events).await;
    match next(&mut events).await {
        Event::Closed { end, received, .. } => {
            assert_eq!(end, TunnelEnd::Finished);
            assert_eq!(received, arrived.len() as u64);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_silent_tunnel_is_closed() {
    let site = Site::answering(tls13(), 1000).await;
    let (running, mut events) = super::setup::serve_with(site.channel(), |builder| {
        builder.idle(Duration::from_millis(50))
    })
    .await;
    let mut stream = tunnel(&running, &format!("{HOST}:443")).await;
    stream.write_all(CLIENT).await.unwrap();
    let mut arrived = Vec::new();
    let _ = stream.read_to_end(&mut arrived).await;
    next(&mut events).await;
    match next(&mut events).await {
        Event::Closed { end, .. } => assert_eq!(end, TunnelEnd::Idle),
        other => panic!("{other:?}"),
    }
}
