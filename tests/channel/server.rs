//! A TLS server that does exactly what a test says, and an authority to sign its certificates.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use sspr::proxy::Explicit;
use sspr::{Channel, ChannelBuilder, Network, Resolve, ResolveFuture, RootScope, Trust};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use url::Url;

/// The name that the servers of these tests have.
pub(crate) const NAME: &str = "login.contoso.example";

/// A certificate authority.
pub(crate) struct Authority {
    pub(crate) der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// An authority with a name of its own.
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        Self::named(&format!(
            "Contoso Test Root {}",
            NUMBER.fetch_add(1, Ordering::SeqCst)
        ))
    }

    pub(crate) fn named(name: &str) -> Self {
        Self::root(name, |_| {})
    }

    /// A root of this name, changed by `change` before it is signed.
    pub(crate) fn root(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        change(&mut params);
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Self {
            der,
            issuer: Issuer::new(params, key),
        }
    }

    /// An authority below this one, changed by `change` before it is signed.
    pub(crate) fn subordinate(
        &self,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Self {
        self.subordinate_with(KeyPair::generate().unwrap(), name, change)
    }

    /// The same with a key that may be another authority's, too.
    pub(crate) fn subordinate_with(
        &self,
        key: KeyPair,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        change(&mut params);
        let der = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Self {
            der,
            issuer: Issuer::new(params, key),
        }
    }

    /// A copy of the key.
    pub(crate) fn key(&self) -> KeyPair {
        KeyPair::try_from(self.issuer.key().serialize_der()).unwrap()
    }

    /// A server's certificate for `names`, changed by `change` before it is signed.
    pub(crate) fn issue(
        &self,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> Identity {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(
            names
                .iter()
                .map(|name| name.to_string())
                .collect::<Vec<_>>(),
        )
        .unwrap();
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        params.not_before = days_from_now(-1).into();
        params.not_after = days_from_now(90).into();
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            chain: vec![certificate.der().clone()],
            key: key.serialize_der(),
            params,
        }
    }
}

/// As many days from now, or before now.
pub(crate) fn days_from_now(days: i64) -> SystemTime {
    let distance = Duration::from_secs(days.unsigned_abs() * 24 * 60 * 60);
    match days < 0 {
        true => SystemTime::now() - distance,
        false => SystemTime::now() + distance,
    }
}

/// What a server shows.
pub(crate) struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: Vec<u8>,
    pub(crate) params: CertificateParams,
}

impl Identity {
    /// Shows these certificates too, after its own.
    pub(crate) fn showing<'a>(mut self, others: impl IntoIterator<Item = &'a Authority>) -> Self {
        let others = others.into_iter().map(|other| other.der.clone().into());
        self.chain.extend(others);
        self
    }

    pub(crate) fn config(self) -> ServerConfig {
        self.config_for(rustls::ALL_VERSIONS)
    }

    /// A configuration that wants a certificate of `clients` from whoever connects.
    pub(crate) fn config_with_client_certificates(
        self,
        version: &'static SupportedProtocolVersion,
        clients: &Authority,
    ) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(clients.der.clone().into()).unwrap();
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_single_cert(self.chain, PrivateKeyDer::try_from(self.key).unwrap())
            .unwrap()
    }

    pub(crate) fn acceptor(self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::new(self.config()))
    }

    /// A certificate that nobody else signed.
    pub(crate) fn self_signed(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = params.self_signed(&key).unwrap();
        Self {
            chain: vec![certificate.der().clone()],
            key: key.serialize_der(),
            params,
        }
    }

    /// A certificate for `name` that this server, of all things, has signed.
    pub(crate) fn sign(self, name: &str) -> Self {
        let signer = KeyPair::try_from(self.key.as_slice()).unwrap();
        let issuer = Issuer::new(self.params, signer);
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let chain = std::iter::once(certificate.der().clone())
            .chain(self.chain.iter().cloned())
            .collect();
        Self {
            chain,
            key: key.serialize_der(),
            params,
        }
    }

    /// A configuration that does not mind a key that belongs to another certificate.
    pub(crate) fn config_unchecked(self) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = provider
            .key_provider
            .load_private_key(PrivateKeyDer::try_from(self.key).unwrap())
            .unwrap();
        let shown =
            rustls::sign::SingleCertAndKey::from(rustls::sign::CertifiedKey::new(self.chain, key));
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(shown))
    }

    pub(crate) fn config_for(self, versions: &[&'static SupportedProtocolVersion]) -> ServerConfig {
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain, PrivateKeyDer::try_from(self.key).unwrap())
            .unwrap()
    }
}

/// A listening server. It ends with the test's runtime.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// How many TCP connections came in.
    connections: Arc<AtomicUsize>,
    /// How many of them are still being served.
    open: Arc<watch::Sender<usize>>,
}

impl Server {
    /// Lets `serve` have every TCP connection, together with its number.
    pub(crate) async fn tcp<F, Served>(ip: IpAddr, serve: F) -> Self
    where
        F: Fn(usize, TcpStream) -> Served + Send + 'static,
        Served: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let open = Arc::new(watch::Sender::new(0));
        let server = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            open: open.clone(),
        };
        let connections = server.connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = connections.fetch_add(1, Ordering::SeqCst);
                let (served, open) = (serve(number, stream), open.clone());
                open.send_modify(|open| *open += 1);
                tokio::spawn(async move {
                    served.await;
                    open.send_modify(|open| *open -= 1);
                });
            }
        });
        server
    }

    /// Lets `serve` have every connection whose handshake succeeded, together with its number.
    pub(crate) async fn tls<F, Served>(config: ServerConfig, serve: F) -> Self
    where
        F: Fn(usize, Peer) -> Served + Clone + Send + Sync + 'static,
        Served: Future<Output = ()> + Send + 'static,
    {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Self::tcp(Ipv4Addr::LOCALHOST.into(), move |number, stream| {
            let (acceptor, serve) = (acceptor.clone(), serve.clone());
            async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    serve(number, Peer(stream)).await;
                }
            }
        })
        .await
    }

    pub(crate) fn url(&self) -> Url {
        Url::parse(&format!("https://{NAME}:{}/reset?x=1", self.address.port())).unwrap()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Waits until no connection is being served any more.
    pub(crate) async fn is_quiet(&self) {
        self.open
            .subscribe()
            .wait_for(|open| *open == 0)
            .await
            .unwrap();
    }
}

/// The server's end of a connection.
pub(crate) struct Peer(pub(crate) TlsStream<TcpStream>);

impl Peer {
    /// Reads one request: its head, and as much body as the head announces. `None` when the client is gone.
    pub(crate) async fn request(&mut self) -> Option<(String, Vec<u8>)> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).unwrap();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.0.read_exact(&mut body).await.ok()?;
        Some((head, body))
    }

    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.0.write_all(bytes.as_ref()).await;
        let _ = self.0.flush().await;
    }

    /// Reads as many bytes, or what comes until the client is gone. Says how many came.
    pub(crate) async fn read(&mut self, count: usize) -> usize {
        let mut read = 0;
        while read < count && self.0.read_u8().await.is_ok() {
            read += 1;
        }
        read
    }

    /// Says goodbye as TLS demands it.
    pub(crate) async fn close(mut self) {
        let _ = self.0.shutdown().await;
    }

    /// Answers every request with 200 and this body.
    pub(crate) async fn answer_all(mut self, body: &'static str) {
        while self.request().await.is_some() {
            self.write(answer(body)).await;
        }
    }
}

/// A complete answer.
pub(crate) fn answer(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A server's certificate and key for [`NAME`].
pub(crate) fn config(authority: &Authority) -> ServerConfig {
    authority.issue(&[NAME], |_| {}).config()
}

/// Every name is at these addresses.
pub(crate) struct Everywhere(pub(crate) Vec<IpAddr>);

impl Resolve for Everywhere {
    fn resolve<'a>(&'a self, _host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// A network that is there, or is not.
pub(crate) struct Cable(pub(crate) bool);

impl Network for Cable {
    fn is_up(&self) -> bool {
        self.0
    }
}

/// A channel to servers on this computer, which trusts `authority`.
pub(crate) fn channel_with(
    authority: &Authority,
    adjust: impl FnOnce(ChannelBuilder) -> ChannelBuilder,
) -> Channel {
    let builder = Channel::builder()
        .way(Explicit::Direct)
        .resolver(Everywhere(vec![Ipv4Addr::LOCALHOST.into()]))
        .network(Cable(true))
        .trust(Trust::new().added_root(RootScope::Authorities, authority.der.clone()));
    adjust(builder).build().unwrap()
}

pub(crate) fn channel(authority: &Authority) -> Channel {
    channel_with(authority, |builder| builder)
}
