//! A server that is good when the gateway looks, and does what a test says when the view comes.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use sspr::revocation::Policy;
use sspr::{Channel, ChannelBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::setup::{HOST, channel_to};

/// A site called [`HOST`]. It ends with the test's runtime.
pub(crate) struct Site {
    address: SocketAddr,
    root: Vec<u8>,
    connections: Arc<AtomicUsize>,
}

impl Site {
    /// Its first connection is good TLS; `serve` has all others.
    pub(crate) async fn start<F, Served>(serve: F) -> Self
    where
        F: Fn(TcpStream) -> Served + Send + 'static,
        Served: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::at(listener, identity(), serve)
    }

    /// The same at a place of its own, with an identity that others may have as well.
    pub(crate) fn at<F, Served>(listener: TcpListener, identity: Identity, serve: F) -> Self
    where
        F: Fn(TcpStream) -> Served + Send + 'static,
        Served: Future<Output = ()> + Send + 'static,
    {
        let (root, acceptor) = identity;
        let site = Self {
            address: listener.local_addr().unwrap(),
            root,
            connections: Arc::default(),
        };
        let connections = Arc::clone(&site.connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if connections.fetch_add(1, Ordering::SeqCst) == 0 {
                    let acceptor = acceptor.clone();
                    tokio::spawn(async move {
                        if let Ok(mut stream) = acceptor.accept(stream).await {
                            let _ = stream.read_u8().await;
                        }
                    });
                } else {
                    tokio::spawn(serve(stream));
                }
            }
        });
        site
    }

    /// Its later connections answer the view's first bytes with these, in pieces of `piece`, then read to the end, say
    /// `bye` and close.
    pub(crate) async fn answering(bytes: Vec<u8>, piece: usize) -> Self {
        Self::start(move |mut stream| {
            let bytes = bytes.clone();
            async move {
                let _ = stream.set_nodelay(true);
                let _ = stream.read(&mut [0; 1024]).await;
                for piece in bytes.chunks(piece) {
                    let _ = stream.write_all(piece).await;
                    let _ = stream.flush().await;
                    tokio::task::yield_now().await;
                }
                let _ = stream.read_to_end(&mut Vec::new()).await;
                let _ = stream.write_all(b"bye").await;
            }
        })
        .await
    }

    pub(crate) fn channel(&self) -> Channel {
        self.builder().build().unwrap()
    }

    pub(crate) fn builder(&self) -> ChannelBuilder {
        channel_to(self.address, &self.root).revocation(Policy::Off)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// A root certificate, and a server whose own was signed by it.
pub(crate) type Identity = (Vec<u8>, TlsAcceptor);

pub(crate) fn identity() -> Identity {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(DnType::CommonName, "Contoso Site Root");
    let root = params.self_signed(&key).unwrap().der().to_vec();
    let issuer = Issuer::new(params, key);

    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    params.not_before = (std::time::SystemTime::now() - day).into();
    params.not_after = (std::time::SystemTime::now() + 30 * day).into();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    (root, TlsAcceptor::from(Arc::new(config)))
}
