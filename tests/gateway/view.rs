//! What a web view does: asks the gateway for a tunnel, and speaks TLS in it.

use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use sspr::gateway::{Running, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The field with the token of this run.
pub(crate) fn token(running: &Running) -> String {
    field(Token::USER, running.token().expose_secret())
}

pub(crate) fn field(user: &str, password: &str) -> String {
    let pair = base64(format!("{user}:{password}").as_bytes());
    format!("Proxy-Authorization: Basic {pair}\r\n")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().chain([&0; 3]).take(3);
        let word = word.fold(0_usize, |word, byte| word << 8 | usize::from(*byte));
        for digit in 0..4 {
            text.push(match digit <= chunk.len() {
                true => DIGITS[word >> (18 - 6 * digit) & 63].into(),
                false => '=',
            });
        }
    }
    text
}

/// The head that asks for a tunnel.
pub(crate) fn connect_head(running: &Running, target: &str) -> String {
    let token = token(running);
    format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{token}\r\n")
}

/// Sends `head` and reads the head of the answer.
pub(crate) async fn ask(running: &Running, head: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = answer(&mut stream).await;
    (stream, answer)
}

/// The head of an answer; what came of it if there is no more.
pub(crate) async fn answer(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

/// The status with which `head` is answered; zero if it is not answered at all.
pub(crate) async fn status(running: &Running, head: &str) -> u16 {
    let (_, answer) = ask(running, head).await;
    status_of(&answer)
}

pub(crate) fn status_of(answer: &str) -> u16 {
    match answer.split(' ').nth(1) {
        Some(status) => status.parse().unwrap(),
        None => 0,
    }
}

/// The status with which a tunnel to `target` is answered.
pub(crate) async fn tunnel_status(running: &Running, target: &str) -> u16 {
    status(running, &connect_head(running, target)).await
}

/// A tunnel that was opened.
pub(crate) async fn tunnel(running: &Running, target: &str) -> TcpStream {
    let (stream, answer) = ask(running, &connect_head(running, target)).await;
    assert_eq!(answer, "HTTP/1.1 200 Connection established\r\n\r\n");
    stream
}

/// Speaks TLS with `host`, whose root is `root`.
pub(crate) async fn secure(stream: TcpStream, host: &str, root: &[u8]) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(root.to_vec().into()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    connector.connect(name, stream).await.unwrap()
}

/// Fetches a page.
pub(crate) async fn get(stream: &mut TlsStream<TcpStream>, host: &str, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut page = Vec::new();
    let _ = stream.read_to_end(&mut page).await;
    String::from_utf8(page).unwrap()
}
