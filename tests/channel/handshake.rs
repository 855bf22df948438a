//! Peers that speak TLS badly, or not at all.

use std::time::Duration;

use sspr::{Exchange, Fault, Sent, Timeouts, TlsFault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::get;
use crate::server::{Authority, NAME, Server, channel, channel_with, config};

/// Reads the whole first record, the hello, so that closing afterwards is no reset.
async fn hello(stream: &mut TcpStream) -> Vec<u8> {
    let mut record = vec![0; 5];
    stream.read_exact(&mut record).await.unwrap();
    let mut hello = vec![0; usize::from(u16::from_be_bytes([record[3], record[4]]))];
    stream.read_exact(&mut hello).await.unwrap();
    hello
}

/// What is told of a peer that answers a hello with `bytes` and closes.
async fn told(bytes: impl Into<Vec<u8>>) -> TlsFault {
    let authority = Authority::new();
    let bytes = bytes.into();
    let server = Server::tcp([127, 0, 0, 1].into(), move |_, mut stream| {
        let bytes = bytes.clone();
        async move {
            hello(&mut stream).await;
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
            // Until the client is gone, so that no answer is lost to a reset.
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        }
    })
    .await;
    let error = channel(&authority)
        .exchange(get(server.url()))
        .await
        .unwrap_err();
    assert_eq!(error.sent, Sent::Nothing);
    server.is_quiet().await;
    match error.error.fault() {
        Fault::Tls(fault) => fault.clone(),
        other => panic!("{other:?}"),
    }
}

fn alert(description: u8) -> [u8; 7] {
    [21, 3, 1, 0, 2, 2, description]
}

/// A ServerHello without extensions (RFC 5246, section 7.4.1.3).
fn server_hello(version: [u8; 2], suite: [u8; 2]) -> Vec<u8> {
    let mut body = version.to_vec();
    body.extend([7; 32]);
    body.push(0);
    body.extend(suite);
    body.push(0);
    let mut record = vec![
        22,
        version[0],
        version[1],
        0,
        body.len() as u8 + 4,
        2,
        0,
        0,
        body.len() as u8,
    ];
    record.extend(body);
    record
}

#[tokio::test]
async fn old_versions_are_told_however_they_show() {
    assert!(matches!(
        told(alert(70)).await,
        TlsFault::TooOld { chosen: None, .. }
    ));
    let hello = server_hello([3, 2], [0xc0, 0x2f]);
    assert!(matches!(
        told(hello).await,
        TlsFault::TooOld {
            chosen: Some(0x0302),
            ..
        }
    ));
    let hello = server_hello([3, 1], [0, 0x2f]);
    assert!(matches!(
        told(hello).await,
        TlsFault::TooOld {
            chosen: Some(0x0301),
            ..
        }
    ));
}

#[tokio::test]
async fn alerts_are_told_by_name() {
    assert!(matches!(
        told(alert(40)).await,
        TlsFault::NoCommonParameters { .. }
    ));
    assert!(matches!(
        told(alert(112)).await,
        TlsFault::NameRefused { .. }
    ));
    match told(alert(71)).await {
        TlsFault::Alert { alert, .. } => assert_eq!(alert.as_str(), "InsufficientSecurity"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_not_tls_shows_its_first_bytes() {
    let page = "HTTP/1.1 400 Bad Request\r\n\r\n";
    match told(page).await {
        TlsFault::NotTls { first_bytes, .. } => assert_eq!(first_bytes, b"HTTP/1.1 400 Bad"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        told("SSH-2.0-OpenSSH_9.2\r\n").await,
        TlsFault::NotTls { .. }
    ));
    assert!(matches!(told([0; 64]).await, TlsFault::NotTls { .. }));
    assert!(matches!(told([0xff; 64]).await, TlsFault::NotTls { .. }));
}

#[tokio::test]
async fn broken_rules_are_told() {
    // A suite that was not offered, a record beyond its size, and something else than a ServerHello.
    for bytes in [
        server_hello([3, 3], [0, 5]),
        vec![22, 3, 3, 0xff, 0xff],
        vec![22, 3, 3, 0, 4, 14, 0, 0, 0],
    ] {
        let fault = told(bytes.clone()).await;
        assert!(
            matches!(fault, TlsFault::Misbehaved { .. }),
            "{bytes:02x?}: {fault:?}"
        );
    }
}

#[tokio::test]
async fn an_end_in_the_middle_is_told_with_what_came_before() {
    let whole = server_hello([3, 3], [0xc0, 0x2f]);
    for bytes in 0..whole.len() {
        match told(&whole[..bytes]).await {
            TlsFault::Ended {
                received, reset, ..
            } => assert_eq!((received, reset), (bytes as u64, false)),
            other => panic!("{bytes}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_reset_is_told_from_an_end() {
    let authority = Authority::new();
    let server = Server::tcp([127, 0, 0, 1].into(), |_, mut stream| async move {
        hello(&mut stream).await;
        stream.set_zero_linger().unwrap();
    })
    .await;
    let error = channel(&authority)
        .exchange(get(server.url()))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error.error.fault(),
            Fault::Tls(TlsFault::Ended {
                received: 0,
                reset: true,
                ..
            })
        ),
        "{error:?}"
    );
    assert_eq!(error.sent, Sent::Nothing);
}

#[tokio::test]
async fn silence_and_slowness_end_with_the_time_of_the_handshake() {
    for bytes in [&[][..], &[22, 3, 3]] {
        let authority = Authority::new();
        let server = Server::tcp([127, 0, 0, 1].into(), move |_, mut stream| async move {
            let _ = stream.write_all(bytes).await;
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        })
        .await;
        let mut timeouts = Timeouts::default();
        timeouts.tls_handshake = Duration::from_millis(60);
        let channel = channel_with(&authority, |builder| builder.timeouts(timeouts));
        let error = channel.exchange(get(server.url())).await.unwrap_err();
        match error.error.fault() {
            Fault::Tls(TlsFault::TimedOut {
                received, after, ..
            }) => {
                assert_eq!(
                    (*received, *after),
                    (bytes.len() as u64, timeouts.tls_handshake)
                );
            }
            other => panic!("{other:?}"),
        }
        server.is_quiet().await;
    }
}

#[cfg(feature = "aws-lc-rs")]
#[tokio::test]
async fn a_way_that_swallows_long_hellos_is_gone_with_a_short_one_and_remembered() {
    use std::sync::Arc;

    use tokio_rustls::TlsAcceptor;

    use crate::server::Peer;

    let authority = Authority::new();
    let acceptor = TlsAcceptor::from(Arc::new(config(&authority)));
    let server = Server::tcp([127, 0, 0, 1].into(), move |_, stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut header = [0; 5];
            while stream.peek(&mut header).await.unwrap() < 5 {}
            if u16::from_be_bytes([header[3], header[4]]) > 1000 {
                return;
            }
            let mut peer = Peer(acceptor.accept(stream).await.unwrap());
            peer.request().await;
            peer.write("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                .await;
        }
    })
    .await;
    let channel = channel(&authority);
    for connections in [2, 3] {
        channel.exchange(get(server.url())).await.unwrap();
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn both_versions_of_tls_are_spoken() {
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let authority = Authority::new();
        let config = authority.issue(&[NAME], |_| {}).config_for(&[version]);
        let server = Server::tls(config, |_, peer| peer.answer_all("hello")).await;
        // The servers of these tests offer extended master secret, so that demanding it changes nothing.
        let channel = channel_with(&authority, |builder| builder.require_ems(true));
        assert_eq!(
            channel.exchange(get(server.url())).await.unwrap().status,
            200
        );
    }
}

#[tokio::test]
async fn garbage_after_the_handshake_is_no_answer() {
    // Nothing of TLS, and an alert that is not encrypted.
    for bytes in [&b"HTTP/1.1 200 OK\r\n\r\n"[..], &alert(40)] {
        let authority = Authority::new();
        let bytes = bytes.to_vec();
        let server = Server::tls(config(&authority), move |_, mut peer| {
            let bytes = bytes.clone();
            async move {
                peer.request().await.unwrap();
                let _ = peer.0.get_mut().0.write_all(&bytes).await;
                peer.request().await;
            }
        })
        .await;
        let error = channel(&authority)
            .exchange(get(server.url()))
            .await
            .unwrap_err();
        assert!(
            matches!(error.error.fault(), Fault::Tls(TlsFault::Misbehaved { .. })),
            "{error:?}"
        );
        assert_eq!(error.sent, Sent::Maybe);
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_of_the_client_gets_none() {
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let authority = Authority::new();
        let config = authority
            .issue(&[NAME], |_| {})
            .config_with_client_certificates(version, &authority);
        let server = Server::tls(config, |_, peer| peer.answer_all("hello")).await;
        let error = channel(&authority)
            .exchange(get(server.url()))
            .await
            .unwrap_err();
        match error.error.fault() {
            Fault::Tls(TlsFault::Alert { alert, .. }) => {
                assert_eq!(alert.as_str(), "CertificateRequired")
            }
            other => panic!("{version:?}: {other:?}"),
        }
    }
}
