//! A server with certificates that name who knows about them, and a client that visits it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use http::Method;
use rcgen::{CertificateParams, DnType, KeyPair, KeyUsagePurpose, SerialNumber};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sspr::proxy::Explicit;
use sspr::revocation::{Policy, Settings};
use sspr::{
    Channel, ChannelBuilder, Cloud, CloudTable, Error, Exchange, Fault, Network, Request, Resolve,
    ResolveFuture, Response, RevocationFault, RootScope, Timeouts, Trust, TrustReport, Trusted,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

pub(crate) use super::authority::*;
use crate::builder::Answer;

/// The name that the servers of these tests have.
pub(crate) const NAME: &str = "login.contoso.example";

/// Certificates, and what the server staples.
pub(crate) struct Site {
    pub(crate) root: Authority,
    /// The authority between the root and the server, if there is one.
    pub(crate) issuing: Option<Authority>,
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
    staple: Vec<u8>,
}

impl Site {
    /// A server's certificate directly below a root.
    pub(crate) fn new(sources: Sources) -> Self {
        Self::under(Authority::root(), sources)
    }

    /// A server's certificate directly below this root.
    pub(crate) fn under(root: Authority, sources: Sources) -> Self {
        Self::made(root, None, sources)
    }

    /// As [`new`](Self::new), below a root that may sign certificates and no lists.
    pub(crate) fn whose_root_signs_no_lists(sources: Sources) -> Self {
        let root = Authority::root_that_may(vec![KeyUsagePurpose::KeyCertSign]);
        Self::under(root, sources)
    }

    /// A server's certificate, and that of an authority between it and the root.
    pub(crate) fn with_issuing(issuing: Sources, leaf: Sources) -> Self {
        let root = Authority::root();
        let issuing = root.below(&issuing);
        Self::made(root, Some(issuing), leaf)
    }

    fn made(root: Authority, issuing: Option<Authority>, sources: Sources) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([NAME.to_owned()]).unwrap();
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        params.distinguished_name = Default::default();
        params.distinguished_name.push(DnType::CommonName, NAME);
        params.serial_number = Some(SerialNumber::from(LEAF.to_vec()));
        let days = if sources.short_lived { 3 } else { 90 };
        let half_life = Duration::from_secs(days * 24 * 3600);
        params.not_before = (SystemTime::now() - half_life).into();
        params.not_after = (SystemTime::now() + half_life).into();
        name_sources(&mut params, &sources);
        let issuer = issuing.as_ref().unwrap_or(&root);
        let leaf = params.signed_by(&key, &issuer.issuer).unwrap();
        let mut chain = vec![leaf.der().clone()];
        chain.extend(issuing.as_ref().map(|issuing| issuing.der.clone()));
        Self {
            root,
            issuing,
            chain,
            key: key.serialize_der(),
            staple: Vec::new(),
        }
    }

    /// Who issued the server's certificate.
    pub(crate) fn issuer(&self) -> &Authority {
        self.issuing.as_ref().unwrap_or(&self.root)
    }

    /// An OCSP response about the server's certificate.
    pub(crate) fn ocsp(&self, change: impl FnOnce(&mut Answer)) -> Vec<u8> {
        self.issuer().ocsp(LEAF, change)
    }

    /// What the server staples from now on.
    pub(crate) fn staple(mut self, staple: Vec<u8>) -> Self {
        self.staple = staple;
        self
    }

    /// Starts the server.
    pub(crate) async fn open(&self) -> Server {
        self.open_for(rustls::ALL_VERSIONS).await
    }

    pub(crate) async fn open_for(
        &self,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> Server {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert_with_ocsp(
                self.chain.clone(),
                PrivateKeyDer::try_from(self.key.clone()).unwrap(),
                self.staple.clone(),
            )
            .unwrap();
        Server::start(config, self.root.der.clone()).await
    }
}

/// A TLS server that answers every request and counts what it was sent.
pub(crate) struct Server {
    port: u16,
    pub(crate) root: CertificateDer<'static>,
    handshakes: Arc<AtomicUsize>,
    bytes: Arc<AtomicUsize>,
}

impl Server {
    async fn start(config: ServerConfig, root: CertificateDer<'static>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            root,
            handshakes: Arc::default(),
            bytes: Arc::default(),
        };
        let (handshakes, bytes) = (server.handshakes.clone(), server.bytes.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, handshakes, bytes) =
                    (acceptor.clone(), handshakes.clone(), bytes.clone());
                tokio::spawn(async move {
                    let mut stream = acceptor.accept(stream).await.ok()?;
                    handshakes.fetch_add(1, Ordering::SeqCst);
                    let mut head = Vec::new();
                    loop {
                        head.push(stream.read_u8().await.ok()?);
                        bytes.fetch_add(1, Ordering::SeqCst);
                        if head.ends_with(b"\r\n\r\n") {
                            head.clear();
                            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
                            stream.write_all(answer).await.ok()?;
                            stream.flush().await.ok()?;
                        }
                    }
                    #[allow(unreachable_code, reason = "gives the block its type")]
                    Some(())
                });
            }
        });
        server
    }

    pub(crate) fn url(&self) -> Url {
        Url::parse(&format!("https://{NAME}:{}/", self.port)).unwrap()
    }

    /// How many application bytes have come.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::SeqCst)
    }

    /// How many handshakes were completed.
    pub(crate) fn handshakes(&self) -> usize {
        self.handshakes.load(Ordering::SeqCst)
    }

    /// A channel for which the root is a public one.
    pub(crate) fn public(&self, settings: impl Into<Settings>) -> ChannelBuilder {
        let trust = Trust::new().pinned_roots([self.root.to_vec()]);
        builder(settings)
            .trust(trust)
            .clouds(CloudTable::new([Cloud::new("test", NAME, [""; 0])]))
    }

    /// A channel for which the root is a local one.
    pub(crate) fn local(&self, settings: impl Into<Settings>) -> ChannelBuilder {
        builder(settings).trust(Trust::new().added_root(RootScope::Authorities, self.root.to_vec()))
    }

    /// One request to the server over `channel`. A refusal must come before the server was sent anything.
    pub(crate) async fn visit(&self, channel: &Channel) -> Result<Response, Error> {
        let before = self.bytes();
        let outcome = channel
            .exchange(Request::new(Method::GET, self.url()))
            .await;
        match &outcome {
            Ok(_) => assert!(self.bytes() > before),
            Err(failed) => {
                assert_eq!(failed.sent, sspr::Sent::Nothing);
                assert_eq!(self.bytes(), before, "something was sent");
            }
        }
        outcome.map_err(|failed| failed.error)
    }

    /// One request over a channel of its own, for which the root is public.
    pub(crate) async fn visit_with(&self, policy: Policy) -> Result<Response, Error> {
        self.visit(&self.public(policy).build().unwrap()).await
    }

    /// As [`visit_with`](Self::visit_with), where the visit must succeed.
    pub(crate) async fn accepted(&self, policy: Policy) -> Arc<TrustReport> {
        told(self.visit_with(policy).await)
    }

    /// As [`visit_with`](Self::visit_with), where the visit must fail for its revocation.
    pub(crate) async fn refused(&self, policy: Policy) -> RevocationFault {
        refusal(self.visit_with(policy).await)
    }
}

fn builder(settings: impl Into<Settings>) -> ChannelBuilder {
    Channel::builder()
        .way(Explicit::Direct)
        .resolver(Everywhere)
        .network(Always)
        .timeouts(patient())
        .revocation(settings)
}

/// Long enough for a busy machine.
pub(crate) fn patient() -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.revocation = Duration::from_secs(30);
    timeouts.revocation_fetch = Duration::from_secs(20);
    timeouts
}

/// As [`patient`], but with little time for one fetch.
pub(crate) fn hasty() -> Timeouts {
    let mut timeouts = patient();
    timeouts.revocation_fetch = Duration::from_millis(300);
    timeouts
}

pub(crate) fn told(outcome: Result<Response, Error>) -> Arc<TrustReport> {
    match outcome.unwrap().trust {
        Trusted::Checked(report) => report,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn refusal(outcome: Result<Response, Error>) -> RevocationFault {
    match outcome.unwrap_err().fault() {
        Fault::Revocation(fault) => {
            assert_eq!(fault.host(), NAME);
            fault.clone()
        }
        other => panic!("{other:?}"),
    }
}

/// Every name is this computer, except for names without an address.
struct Everywhere;

impl Resolve for Everywhere {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        let found = match host.ends_with(".invalid") {
            true => Vec::new(),
            false => vec![IpAddr::from(Ipv4Addr::LOCALHOST)],
        };
        Box::pin(async { Ok(found) })
    }
}

struct Always;

impl Network for Always {
    fn is_up(&self) -> bool {
        true
    }
}
