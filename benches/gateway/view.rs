//! What a web view does: asks a proxy for a tunnel.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use sspr::gateway::{Running, Token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::Result;
use crate::site::{HELLO, HOST};

/// A proxy, and how to log in there.
#[derive(Clone)]
pub(crate) struct Proxy {
    address: String,
    login: String,
    /// What it is asked for.
    target: String,
}

impl Proxy {
    pub(crate) fn new(address: &str, user: &str, password: &str, target: &str) -> Self {
        Self {
            address: address.to_owned(),
            login: STANDARD.encode(format!("{user}:{password}")),
            target: target.to_owned(),
        }
    }

    /// A gateway, and the site behind it.
    pub(crate) fn gateway(address: &str, token: &str) -> Self {
        Self::new(address, Token::USER, token, &format!("{HOST}:443"))
    }

    pub(crate) fn running(running: &Running) -> Self {
        let address = running.address().to_string();
        Self::gateway(&address, running.token().expose_secret())
    }

    /// A tunnel that was opened.
    pub(crate) async fn tunnel(&self) -> Result<TcpStream> {
        let Self { target, login, .. } = self;
        let mut stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let line = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        let head = format!("{line}Proxy-Authorization: Basic {login}\r\n\r\n");
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await?);
        }
        match answer.get(9..12) {
            Some(b"200") => Ok(stream),
            _ => Err(String::from_utf8_lossy(&answer).into()),
        }
    }
}

/// Begins as a view of the benchmark, up to the server's hello.
pub(crate) async fn begin(stream: &mut TcpStream, first: &[u8]) -> Result<()> {
    stream.write_all(first).await?;
    let mut hello = HELLO;
    stream.read_exact(&mut hello).await?;
    match hello == HELLO {
        true => Ok(()),
        false => Err("the hello was changed on the way".into()),
    }
}

/// Shakes hands in earnest.
pub(crate) async fn secure(stream: TcpStream, root: &[u8]) -> Result<()> {
    let mut roots = RootCertStore::empty();
    roots.add(root.to_vec().into())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
        .connect(ServerName::try_from(HOST)?, stream)
        .await?;
    Ok(())
}
