//! The server behind the proxies: HTTPS with a certificate that names nobody who could be asked about it.

use std::io::{BufWriter, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::Result;
use crate::proxy::read_head;

/// At how many ports it listens: a client keeps one connection to each.
pub(crate) const PORTS: usize = 8;

pub(crate) struct Server {
    pub(crate) addresses: Vec<SocketAddr>,
    /// Who issued its certificate, in PEM.
    pub(crate) root: String,
}

impl Server {
    pub(crate) fn start() -> Result<Self> {
        let (config, root) = identity()?;
        let config = Arc::new(config);
        let open = |_| -> Result<_> {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let address = listener.local_addr()?;
            let config = Arc::clone(&config);
            thread::spawn(move || {
                for client in listener.incoming().flatten() {
                    let config = Arc::clone(&config);
                    thread::spawn(move || serve(client, config));
                }
            });
            Ok(address)
        };
        let addresses = (0..PORTS).map(open).collect::<Result<_>>()?;
        Ok(Self { addresses, root })
    }
}

fn identity() -> Result<(ServerConfig, String)> {
    let mut root = CertificateParams::default();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let name = &mut root.distinguished_name;
    name.push(DnType::CommonName, "Benchmark Root");
    let root_key = KeyPair::generate()?;
    let pem = root.self_signed(&root_key)?.pem();
    let key = KeyPair::generate()?;
    let mut leaf = CertificateParams::new([Ipv4Addr::LOCALHOST.to_string()])?;
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&key, &Issuer::new(root, root_key))?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)?;
    Ok((config, pem))
}

/// Answers `GET /<number>` with so many bytes, and hangs up.
fn serve(client: TcpStream, config: Arc<ServerConfig>) -> Result<()> {
    client.set_nodelay(true)?;
    let mut stream = StreamOwned::new(ServerConnection::new(config)?, client);
    let head = read_head(&mut stream)?;
    let path = head.strip_prefix("GET /").ok_or("no GET")?;
    let (length, _) = path.split_once(' ').ok_or("no version")?;
    let length: u64 = length.parse()?;
    let mut writer = BufWriter::with_capacity(64 << 10, &mut stream);
    let fields = format!("Content-Length: {length}\r\nConnection: close");
    write!(writer, "HTTP/1.1 200 OK\r\n{fields}\r\n\r\n")?;
    std::io::copy(&mut std::io::repeat(b'x').take(length), &mut writer)?;
    writer.flush()?;
    drop(writer);
    stream.conn.send_close_notify();
    Ok(stream.flush()?)
}
