//! A proxy as small as it can be, which does what a test says and remembers what it was asked.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use sspr::proxy::ProxyServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// How a proxy behaves. The default passes everything on.
#[derive(Clone, Default)]
pub(crate) struct Rules {
    /// Whom it lets pass, as the base64 of `user:password`.
    pub(crate) basic: Option<&'static str>,
    /// Whether it ends the connection after each 407, as HTTP/1.0 proxies do.
    pub(crate) hangs_up: bool,
    /// What it answers to CONNECT instead of opening a tunnel.
    pub(crate) to_connect: Option<&'static str>,
    /// What it answers to everything else instead of fetching it.
    pub(crate) to_plain: Option<&'static str>,
}

/// A proxy on this computer, for which every name is this computer. It ends with the test's runtime.
pub(crate) struct Proxy {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// A request that a proxy got.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The number of the connection.
    pub(crate) connection: usize,
    pub(crate) head: String,
}

impl Seen {
    /// Method and target.
    pub(crate) fn line(&self) -> &str {
        let line = self.head.lines().next().unwrap();
        line.strip_suffix(" HTTP/1.1").unwrap()
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

impl Proxy {
    pub(crate) async fn start(rules: Rules) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            for connection in 0.. {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                let served = serve(stream, rules.clone(), connection, Arc::clone(&log));
                tokio::spawn(served);
            }
        });
        Self { address, seen }
    }

    pub(crate) fn server(&self) -> ProxyServer {
        self.url().parse().unwrap()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The request lines that begin with `start`.
    pub(crate) fn lines(&self, start: &str) -> Vec<String> {
        let seen = self.seen();
        let lines = seen.iter().map(Seen::line);
        lines
            .filter(|line| line.starts_with(start))
            .map(str::to_owned)
            .collect()
    }
}

async fn serve(mut client: TcpStream, rules: Rules, connection: usize, log: Arc<Mutex<Vec<Seen>>>) {
    while let Some(head) = read_head(&mut client).await {
        let seen = Seen { connection, head };
        log.lock().unwrap().push(seen.clone());
        let body = read_body(&mut client, &seen).await;
        let (method, target) = seen.line().split_once(' ').unwrap();
        let answer = if !knows(&rules, &seen) {
            Some(ASK)
        } else if method == "CONNECT" {
            rules.to_connect
        } else {
            rules.to_plain
        };
        if let Some(answer) = answer {
            let _ = client.write_all(answer.as_bytes()).await;
            if rules.hangs_up || answer != ASK {
                return;
            }
        } else if method == "CONNECT" {
            return tunnel(client, target).await;
        } else {
            return pass_on(client, &seen, method, target, &body).await;
        }
    }
}

const ASK: &str = "HTTP/1.1 407 Who are you\r\nproxy-authenticate: Basic realm=\"here\"\r\n\
    content-length: 5\r\n\r\nlogin";

fn knows(rules: &Rules, seen: &Seen) -> bool {
    rules.basic.is_none_or(|user| {
        seen.field("proxy-authorization")
            .is_some_and(|value| value == format!("Basic {user}"))
    })
}

async fn tunnel(mut client: TcpStream, target: &str) {
    let Ok(mut server) = TcpStream::connect(here(target)).await else {
        return;
    };
    let _ = client
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await;
    let _ = copy_bidirectional(&mut client, &mut server).await;
}

/// Fetches from this computer and passes the answer on as it comes.
async fn pass_on(mut client: TcpStream, seen: &Seen, method: &str, target: &str, body: &[u8]) {
    let rest = target.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_at(rest.find('/').unwrap());
    let Ok(mut server) = TcpStream::connect(here(host)).await else {
        return;
    };
    let kind = seen.field("content-type").unwrap_or("none");
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: {kind}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    let _ = server.write_all(head.as_bytes()).await;
    let _ = server.write_all(body).await;
    let _ = copy_bidirectional(&mut server, &mut client).await;
}

/// The port that is meant, on this computer.
fn here(authority: &str) -> (Ipv4Addr, u16) {
    let (_, port) = authority.rsplit_once(':').unwrap();
    (Ipv4Addr::LOCALHOST, port.parse().unwrap())
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

async fn read_body(stream: &mut TcpStream, seen: &Seen) -> Vec<u8> {
    let length = seen.field("content-length");
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    let _ = stream.read_exact(&mut body).await;
    body
}
