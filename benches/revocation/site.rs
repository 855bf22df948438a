//! A server whose certificates name a responder, and that responder, in a process of their own.

use std::io::{BufRead, BufReader, Write};
use std::net::Ipv4Addr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

use crate::Result;
use crate::authority::Authority;
use crate::signature::provider;

/// The server's name.
pub(crate) const HOST: &str = "login.contoso.example";

/// The round trip to a distant responder.
pub(crate) const ROUND_TRIP: Duration = Duration::from_millis(50);

/// At how many ports the server listens: as many connections a client can have without reuse.
const PORTS: usize = 21;

/// What kind of site.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The server's certificate lies below the root; the responder is near.
    Plain,
    /// The same with a staple.
    Stapled,
    /// There is an authority between them; the responder of both certificates is a round trip away.
    Distant,
}

impl Kind {
    const ALL: [(&'static str, Self); 3] = [
        ("plain", Self::Plain),
        ("stapled", Self::Stapled),
        ("distant", Self::Distant),
    ];

    fn name(self) -> &'static str {
        let known = Self::ALL.iter().find(|(_, kind)| *kind == self);
        known.map_or("", |(name, _)| name)
    }
}

/// The process, as the benchmark holds it. It ends with its standard input.
pub(crate) struct Site {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// The server's ports, with commas between.
    pub(crate) ports: String,
    /// The root's certificate, in hexadecimal.
    pub(crate) root: String,
}

impl Site {
    pub(crate) fn start(kind: Kind) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["site", kind.name()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut site = Self {
            orders: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().ok_or("no output")?),
            child,
            ports: String::new(),
            root: String::new(),
        };
        let line = site.read_line()?;
        let (ports, root) = line.split_once(' ').ok_or("the site has not started")?;
        (site.ports, site.root) = (ports.to_owned(), root.to_owned());
        Ok(site)
    }

    /// Connections and requests that came to the responder since the last question.
    pub(crate) fn traffic(&mut self) -> Result<(usize, usize)> {
        writeln!(self.orders.as_mut().ok_or("no input")?, "traffic")?;
        let line = self.read_line()?;
        let (connections, requests) = line.split_once(' ').ok_or("no traffic")?;
        Ok((connections.parse()?, requests.parse()?))
    }

    fn read_line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.child.wait();
    }
}

/// The site's process.
pub(crate) fn serve(kind: &str) -> Result<()> {
    let known = Kind::ALL.iter().find(|(name, _)| *name == kind);
    let kind = known.ok_or("no such kind of site")?.1;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let responder = runtime.block_on(open(kind))?;
    for order in std::io::stdin().lines() {
        order?;
        let [connections, requests] = [&responder.connections, &responder.requests]
            .map(|count| count.swap(0, Ordering::SeqCst));
        println!("{connections} {requests}");
    }
    Ok(())
}

async fn open(kind: Kind) -> Result<Arc<Responder>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let responder = format!("http://{}", listener.local_addr()?);
    let root = Authority::root()?;
    let issuing = match kind {
        Kind::Distant => Some(root.below(&format!("{responder}/issuing"))?),
        _ => None,
    };
    let issuer = issuing.as_ref().unwrap_or(&root);
    let (leaf, key) = issuer.server(HOST, &format!("{responder}/leaf"))?;
    let responder = Arc::new(Responder {
        leaf: issuer.ocsp(None)?,
        issuing: root.ocsp(None)?,
        round_trip: match kind {
            Kind::Distant => ROUND_TRIP,
            _ => Duration::ZERO,
        },
        connections: AtomicUsize::new(0),
        requests: AtomicUsize::new(0),
    });
    tokio::spawn(Arc::clone(&responder).listen(listener));

    let staple = match kind {
        Kind::Stapled => issuer.ocsp(None)?,
        _ => Vec::new(),
    };
    let chain = std::iter::once(leaf).chain(issuing.map(|issuing| issuing.der));
    let ports = open_server(chain.collect(), key, staple).await?;
    println!("{} {}", ports.join(","), to_hex(&root.der));
    Ok(responder)
}

/// A server that shakes hands and says nothing.
async fn open_server(
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
    staple: Vec<u8>,
) -> Result<Vec<String>> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key));
    let config = ServerConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert_with_ocsp(chain, key, staple)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let mut ports = Vec::new();
    for _ in 0..PORTS {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        ports.push(listener.local_addr()?.port().to_string());
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut stream = acceptor.accept(stream).await?;
                    stream.read_u8().await
                });
            }
        });
    }
    Ok(ports)
}

/// Answers one request for each connection.
struct Responder {
    leaf: Vec<u8>,
    issuing: Vec<u8>,
    /// How long each turn of the client takes.
    round_trip: Duration,
    connections: AtomicUsize,
    requests: AtomicUsize,
}

impl Responder {
    async fn listen(self: Arc<Self>, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            self.connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(Arc::clone(&self).answer(stream));
        }
    }

    /// The system has accepted the connection before anyone could wait for it, so its round trip is waited for here.
    async fn answer(self: Arc<Self>, mut stream: TcpStream) -> std::io::Result<()> {
        sleep(self.round_trip).await;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        self.requests.fetch_add(1, Ordering::SeqCst);
        sleep(self.round_trip).await;
        let body = match head.starts_with(b"GET /leaf") {
            true => &self.leaf,
            false => &self.issuing,
        };
        let fields = "HTTP/1.1 200 OK\r\ncontent-type: application/ocsp-response\r\n";
        let head = format!("{fields}content-length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        stream.shutdown().await
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
