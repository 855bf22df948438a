//! An HTTP server that answers with exactly the bytes that a test orders.

use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::interval;

/// What a client asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The request line and the fields.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// What the server does next.
pub(crate) enum Act {
    Write(Vec<u8>),
    /// The same bytes over and over, until the client is gone.
    Flood(Vec<u8>),
    /// One byte after the other, slowly, until the client is gone.
    Drip(Vec<u8>),
    /// Nothing, until the client is gone.
    Hold,
    /// Nothing, until so many requests have come to this server.
    Await(usize),
}

type Handler = Arc<dyn Fn(usize, Asked) -> Vec<Act> + Send + Sync>;

/// A listening server. Every connection carries one request.
#[derive(Clone)]
pub(crate) struct Responder {
    pub(crate) address: SocketAddr,
    handler: Arc<Mutex<Handler>>,
    asked: Arc<watch::Sender<Vec<Asked>>>,
}

impl Responder {
    /// A server that has nothing to say until [`serve`](Self::serve) tells it.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let nothing: Handler = Arc::new(|_, _| vec![Act::Write(status(404, "text/plain", b""))]);
        let responder = Self {
            address: listener.local_addr().unwrap(),
            handler: Arc::new(Mutex::new(nothing)),
            asked: Arc::new(watch::Sender::new(Vec::new())),
        };
        let server = responder.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(server.clone().answer(stream));
            }
        });
        responder
    }

    /// Answers with the acts that `handler` gives for the number of the request and what was asked.
    pub(crate) fn serve(&self, handler: impl Fn(usize, Asked) -> Vec<Act> + Send + Sync + 'static) {
        *self.handler.lock().unwrap() = Arc::new(handler);
    }

    /// Answers every request with this.
    pub(crate) fn always(&self, bytes: Vec<u8>) {
        self.serve(move |_, _| vec![Act::Write(bytes.clone())]);
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Everything that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.borrow().clone()
    }

    /// Waits until so many requests have come.
    pub(crate) async fn has_been_asked(&self, count: usize) {
        let mut asked = self.asked.subscribe();
        asked.wait_for(|asked| asked.len() >= count).await.unwrap();
    }

    async fn answer(self, mut stream: TcpStream) -> Option<()> {
        let asked = read(&mut stream).await?;
        let mut number = 0;
        self.asked.send_modify(|all| {
            number = all.len();
            all.push(asked.clone());
        });
        let handler = Arc::clone(&self.handler.lock().unwrap());
        for act in handler(number, asked) {
            match act {
                Act::Write(bytes) => stream.write_all(&bytes).await.ok()?,
                Act::Flood(bytes) => loop {
                    stream.write_all(&bytes).await.ok()?;
                },
                Act::Drip(bytes) => {
                    let mut beat = interval(Duration::from_millis(20));
                    for byte in bytes {
                        beat.tick().await;
                        stream.write_all(&[byte]).await.ok()?;
                    }
                }
                Act::Hold => pending().await,
                Act::Await(count) => self.has_been_asked(count).await,
            }
        }
        stream.shutdown().await.ok()
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    Some(Asked { head, body })
}

/// A complete answer.
pub(crate) fn status(code: u16, kind: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!(
        "HTTP/1.1 {code} Said\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend(body);
    answer
}

/// A complete answer of a responder.
pub(crate) fn ocsp(body: &[u8]) -> Vec<u8> {
    status(200, "application/ocsp-response", body)
}

/// A complete answer of a server of lists.
pub(crate) fn crl(body: &[u8]) -> Vec<u8> {
    status(200, "application/pkix-crl", body)
}
