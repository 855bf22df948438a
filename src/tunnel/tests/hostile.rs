//! A proxy on loopback that does what it was told to, connection by connection.

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CrlDistributionPoint, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::proxy::{ProxyScheme, ProxyServer};
use crate::tls::Wire;

/// What is said on one connection: each answer after one message. Then the connection is closed.
pub(super) type Conversation = Vec<Vec<u8>>;

/// A proxy under control of a test.
pub(super) struct Hostile {
    pub(super) server: ProxyServer,
    /// What was heard on each connection.
    heard: Arc<Mutex<Vec<Vec<String>>>>,
    task: JoinHandle<()>,
}

impl Hostile {
    /// A proxy that speaks in the clear, on as many connections as there are conversations.
    pub(super) async fn new(
        scheme: ProxyScheme,
        conversations: impl IntoIterator<Item = Conversation>,
    ) -> Self {
        Self::start(scheme, conversations, None, 0).await
    }

    /// An HTTPS proxy that shows `identity`.
    pub(super) async fn secure(
        identity: Identity,
        conversations: impl IntoIterator<Item = Conversation>,
    ) -> Self {
        let acceptor = Some(identity.acceptor());
        Self::start(ProxyScheme::Https, conversations, acceptor, 0).await
    }

    /// The same, but the first connection is closed before a word is said.
    pub(super) async fn deaf_at_first(
        identity: Identity,
        conversations: impl IntoIterator<Item = Conversation>,
    ) -> Self {
        let acceptor = Some(identity.acceptor());
        Self::start(ProxyScheme::Https, conversations, acceptor, 1).await
    }

    async fn start(
        scheme: ProxyScheme,
        conversations: impl IntoIterator<Item = Conversation>,
        acceptor: Option<TlsAcceptor>,
        closed: usize,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = ProxyServer::parse(&address.to_string(), scheme).unwrap();
        let heard = Arc::<Mutex<Vec<Vec<String>>>>::default();
        let conversations: Vec<_> = conversations.into_iter().collect();
        let task = tokio::spawn({
            let heard = Arc::clone(&heard);
            async move {
                for _ in 0..closed {
                    drop(listener.accept().await.unwrap());
                }
                for conversation in conversations {
                    let (stream, _) = listener.accept().await.unwrap();
                    heard.lock().unwrap().push(Vec::new());
                    let wire: Box<dyn Wire> = match &acceptor {
                        None => Box::new(stream),
                        Some(acceptor) => match acceptor.accept(stream).await {
                            Ok(stream) => Box::new(stream),
                            Err(_) => continue,
                        },
                    };
                    converse(wire, conversation, &heard).await;
                }
            }
        });
        Self {
            server,
            heard,
            task,
        }
    }

    /// What was heard on each connection so far.
    pub(super) fn heard(&self) -> Vec<Vec<String>> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(
    mut wire: Box<dyn Wire>,
    conversation: Conversation,
    heard: &Mutex<Vec<Vec<String>>>,
) {
    for answer in conversation {
        let mut message = [0; 4096];
        // What is sent comes in one piece: it is small.
        let Ok(length @ 1..) = wire.read(&mut message).await else {
            return;
        };
        let text = String::from_utf8_lossy(&message[..length]).into_owned();
        heard.lock().unwrap().last_mut().unwrap().push(text);
        let said = async {
            wire.write_all(&answer).await?;
            wire.flush().await
        };
        if said.await.is_err() {
            return;
        }
    }
    _ = wire.shutdown().await;
}

/// An address at which nobody listens.
pub(super) async fn nobody(scheme: ProxyScheme) -> ProxyServer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    ProxyServer::parse(&address.to_string(), scheme).unwrap()
}

/// A certificate for an HTTPS proxy, and the authority that signed it.
pub(super) struct Identity {
    pub(super) root: Vec<u8>,
    pub(super) certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Identity {
    pub(super) fn new(name: &str, crl: Option<&str>) -> Self {
        let root_key = KeyPair::generate().unwrap();
        let mut root = CertificateParams::default();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root_der = root.self_signed(&root_key).unwrap().der().to_vec();

        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        params.crl_distribution_points = crl
            .map(|uri| CrlDistributionPoint {
                uris: vec![uri.to_owned()],
            })
            .into_iter()
            .collect();
        let certificate = params
            .signed_by(&key, &Issuer::new(root, root_key))
            .unwrap();
        Self {
            root: root_der,
            certificate: certificate.der().to_vec(),
            key: key.serialize_der(),
        }
    }

    fn acceptor(self) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![self.certificate.into()],
                PrivateKeyDer::Pkcs8(self.key.into()),
            )
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}
