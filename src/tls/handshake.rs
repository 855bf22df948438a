//! One handshake over an open stream.

use std::future::{Ready, ready};
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{FixedServerNameResolver, HttpsConnector, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use rustls::ProtocolVersion;
use rustls::crypto::CryptoProvider;
use rustls_pki_types::ServerName;
use tokio::time::timeout;
use tower_service::Service;
use tracing::debug;

use super::config::{KeyExchange, classical, client_config, offers_post_quantum};
use super::fault::{ended, tls_fault};
use super::trust::Candidates;
use super::verifier::{Verdict, VerifiedChain, Verifier};
use super::wire::{Observed, Seen, Wire, Witness};
use crate::error::{AuthorityProblem, Error, Fault, TlsFault, TrustFault};

/// Speaks TLS as a client.
#[derive(Clone)]
pub(crate) struct TlsClient {
    /// The cryptography.
    pub(crate) provider: Arc<CryptoProvider>,
    /// Whether TLS 1.2 without extended master secret (RFC 7627) is refused.
    pub(crate) require_ems: bool,
    /// The time for one handshake.
    pub(crate) limit: Duration,
}

/// A stream after its handshake.
pub(crate) struct Secured {
    /// The encrypted stream.
    pub(crate) stream: Box<dyn Wire>,
    /// The chain by which the other side was recognised.
    #[allow(dead_code, reason = "the revocation room reads it")]
    pub(crate) chain: VerifiedChain,
    /// The version that was agreed on.
    #[allow(dead_code, reason = "the diagnosis shows it")]
    pub(crate) version: Option<ProtocolVersion>,
}

impl TlsClient {
    /// Makes sure that the other end of `wire` is `host`, by the roots of `candidates`.
    pub(crate) async fn connect(
        &self,
        wire: Box<dyn Wire>,
        host: &str,
        candidates: Candidates,
        key_exchange: KeyExchange,
    ) -> Result<Secured, Error> {
        let unusable = || {
            Error::new(Fault::InvalidAuthority {
                problem: AuthorityProblem::NoHost,
            })
        };
        let name =
            ServerName::try_from(host.to_owned()).map_err(|error| unusable().with_source(error))?;
        let provider = match key_exchange {
            KeyExchange::All => self.provider.clone(),
            KeyExchange::Classical => Arc::new(classical(&self.provider)),
        };
        let verdict = Verdict::default();
        let verifier = Verifier {
            host: host.to_owned(),
            candidates,
            provider: provider.clone(),
            verdict: verdict.clone(),
        };
        let config = client_config(provider, Arc::new(verifier), self.require_ems)
            .map_err(|error| Error::new(Fault::NoCryptoProvider).with_source(error))?;

        let witness = Witness::default();
        let open = Opened(Some(TokioIo::new(Observed::new(wire, witness.clone()))));
        let mut connector = HttpsConnector::new(
            open,
            Arc::new(config),
            true,
            Arc::new(FixedServerNameResolver::new(name)),
        );
        let handshake = connector.call(Uri::from_static("https://host/"));

        let stream = match timeout(self.limit, handshake).await {
            Ok(Ok(MaybeHttpsStream::Https(stream))) => stream.into_inner(),
            Ok(Ok(MaybeHttpsStream::Http(_))) => {
                let problem = AuthorityProblem::NotHttps;
                return Err(Fault::InvalidAuthority { problem }.into());
            }
            Ok(Err(error)) => {
                let fault = failure(host, error.as_ref(), verdict.get(), &witness.seen());
                return Err(Error::new(fault).with_source(error));
            }
            Err(_) => {
                return Err(Fault::Tls(TlsFault::TimedOut {
                    host: host.to_owned(),
                    received: witness.seen().received,
                    after: self.limit,
                })
                .into());
            }
        };
        let version = stream.get_ref().1.protocol_version();
        match verdict.get().cloned() {
            Some(Ok(chain)) => {
                debug!(host, ?version, root = ?chain.class, "secured");
                let stream = Box::new(stream);
                Ok(Secured {
                    stream,
                    chain,
                    version,
                })
            }
            // rustls does not come here without a good verdict; were it ever to, nobody would know who is there.
            Some(Err(fault)) => Err(Fault::Trust(fault).into()),
            None => Err(Fault::Trust(TrustFault::UnknownIssuer {
                host: host.to_owned(),
            })
            .into()),
        }
    }

    /// Whether [`KeyExchange::All`] offers more than [`KeyExchange::Classical`].
    pub(crate) fn offers_post_quantum(&self) -> bool {
        offers_post_quantum(&self.provider)
    }
}

/// Why a handshake failed, by the verdict on the certificate, the error of rustls, or what the stream saw.
fn failure(
    host: &str,
    error: &(dyn std::error::Error + 'static),
    verdict: Option<&Result<VerifiedChain, TrustFault>>,
    seen: &Seen,
) -> Fault {
    match (verdict, cause::<rustls::Error>(error)) {
        (Some(Err(fault)), _) => Fault::Trust(fault.clone()),
        // The chain is right, but the handshake is not signed with its key.
        (Some(Ok(_)), Some(rustls::Error::InvalidCertificate(_))) => {
            Fault::Trust(TrustFault::BadSignature {
                host: host.to_owned(),
            })
        }
        (_, Some(error)) => Fault::Tls(tls_fault(host, error, seen)),
        (_, None) => Fault::Tls(ended(host, seen)),
    }
}

/// The first error of type `E` in a chain of causes.
pub(crate) fn cause<'a, E: std::error::Error + 'static>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // An `io::Error` names as its source what lies beneath the error it wraps, and not that error itself.
        next = match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// A connector for a way that is open already.
struct Opened<W>(Option<W>);

impl<W> Service<Uri> for Opened<W> {
    type Response = W;
    type Error = io::Error;
    type Future = Ready<io::Result<W>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _uri: Uri) -> Self::Future {
        ready(
            self.0
                .take()
                .ok_or_else(|| io::ErrorKind::NotConnected.into()),
        )
    }
}
