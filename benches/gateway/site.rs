//! A server and the responder for its certificate.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::authority::Authority;
use crate::process::{to_hex, wanted};
use crate::{Result, distance, pace};

/// The server's name.
pub(crate) const HOST: &str = "reset.contoso.example";

/// How a view begins that wants [`SIZE`] bytes, one that wants them at the [`PACE`] of a network, and one that wants to hear
/// what it says. To the gateway they all look like TLS.
pub(crate) const BULK: [u8; 6] = [22, 3, 1, 0, 1, 0xb0];
pub(crate) const PACED: [u8; 6] = [22, 3, 1, 0, 1, 0xb1];
pub(crate) const ECHO: [u8; 6] = [22, 3, 1, 0, 1, 0xe0];

/// How the server begins: a hello of TLS 1.3 (RFC 8446, section 4.1.3).
pub(crate) const HELLO: [u8; 55] = hello();

/// What a network of 10 Gbit/s carries, in bytes per second.
const PACE: u64 = 1_250_000_000;

/// How many bytes follow the hello.
pub(crate) const SIZE: usize = PIECES * 4 * RECORD;
const PIECES: usize = 2048;

/// The largest record with its head.
const RECORD: usize = 5 + (16 << 10);

pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    pub(crate) root: Vec<u8>,
}

/// The site's process.
pub(crate) async fn serve() -> Result<()> {
    let site = Site::open(Duration::ZERO).await?;
    println!("{} {}", site.address, to_hex(&site.root));
    wanted().await;
    Ok(())
}

impl Site {
    /// Opens it, so far away. It ends with the runtime.
    pub(crate) async fn open(round_trip: Duration) -> Result<Self> {
        let root = Authority::root()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let responder = distance::before(listener.local_addr()?, round_trip).await?;
        let status: Arc<[u8]> = root.ocsp(None)?.into();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(tell_status(stream, Arc::clone(&status)));
            }
        });

        let (certificate, key) = root.server(HOST, &format!("http://{responder}/"))?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = distance::before(listener.local_addr()?, round_trip).await?;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, acceptor.clone()));
            }
        });
        Ok(Self {
            address,
            root: root.der.to_vec(),
        })
    }
}

async fn tell_status(mut stream: TcpStream, status: Arc<[u8]>) -> Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let fields = "HTTP/1.1 200 OK\r\ncontent-type: application/ocsp-response\r\n";
    let head = format!("{fields}content-length: {}\r\n\r\n", status.len());
    stream
        .write_all(&[head.as_bytes(), &status].concat())
        .await?;
    Ok(stream.shutdown().await?)
}

async fn answer(mut stream: TcpStream, acceptor: TlsAcceptor) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut first = [0; BULK.len()];
    loop {
        match stream.peek(&mut first).await? {
            0 => return Ok(()),
            count if count == first.len() => break,
            _ => tokio::task::yield_now().await,
        }
    }
    if ![BULK, PACED, ECHO].contains(&first) {
        let mut stream = acceptor.accept(stream).await?;
        stream.read_u8().await?;
        return Ok(());
    }
    stream.read_exact(&mut first).await?;
    if first == PACED {
        pace::limit(&stream, PACE)?;
    }
    stream.write_all(&HELLO).await?;
    if first == ECHO {
        let (mut reader, mut writer) = stream.split();
        tokio::io::copy(&mut reader, &mut writer).await?;
        return Ok(());
    }
    let mut record = vec![0; RECORD];
    record[..5].copy_from_slice(&[23, 3, 3, 0x40, 0]);
    let piece = record.repeat(4);
    for _ in 0..PIECES {
        stream.write_all(&piece).await?;
    }
    Ok(stream.shutdown().await?)
}

const fn hello() -> [u8; 55] {
    let mut hello = [0; 55];
    // The record, the message, the version that all hellos have, and no session.
    (hello[0], hello[1], hello[2], hello[4]) = (22, 3, 3, 50);
    (hello[5], hello[8], hello[9], hello[10]) = (2, 46, 3, 3);
    // TLS_AES_128_GCM_SHA256, and one extension: supported_versions with 1.3.
    (hello[44], hello[45], hello[48]) = (0x13, 0x01, 6);
    (hello[50], hello[52], hello[53], hello[54]) = (43, 2, 3, 4);
    hello
}
