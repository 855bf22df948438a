//! The way to a proxy itself: TCP, and TLS where the proxy is spoken to by TLS.

use rustls_pki_types::CertificateDer;
use tracing::debug;
use url::Host;

use super::dial::Destination;
use super::open::Tunnels;
use crate::clock;
use crate::error::{Error, Fault, ProxyFault, TlsFault};
use crate::proxy::{ProxyScheme, ProxyServer};
use crate::tls::{KeyExchange, Secured, Wire};

/// A connection to a proxy on which nothing was said yet.
pub(super) struct Approached {
    pub(super) wire: Box<dyn Wire>,
    /// The certificate that it showed.
    pub(super) certificate: Option<CertificateDer<'static>>,
}

impl Tunnels {
    /// Connects to `server`.
    ///
    /// Whatever goes wrong means that it cannot be reached. The absence of a network is no fault of the proxy, and is
    /// told as itself.
    pub(super) async fn approach(&self, server: &ProxyServer) -> Result<Approached, Error> {
        match server.scheme {
            ProxyScheme::Https => self.secure(server).await,
            ProxyScheme::Http | ProxyScheme::Socks4 | ProxyScheme::Socks5 => Ok(Approached {
                wire: self.dial(server).await?,
                certificate: None,
            }),
        }
    }

    async fn dial(&self, server: &ProxyServer) -> Result<Box<dyn Wire>, Error> {
        match self.dialer.dial(&place(server)).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) if *error.fault() == Fault::NoNetwork => Err(error),
            Err(error) => Err(about(server, error, |proxy, fault| {
                ProxyFault::Unreachable { proxy, fault }
            })),
        }
    }

    /// TLS to the proxy. What is known about the revocation of its certificate must be at hand: asking could need the
    /// very proxy that is asked about.
    async fn secure(&self, server: &ProxyServer) -> Result<Approached, Error> {
        let host = place(server).name();
        let secured = match self.shake_hands(server, &host, KeyExchange::All).await {
            Err(error) if self.tls.offers_post_quantum() && is_deaf(&error) => {
                self.shake_hands(server, &host, KeyExchange::Classical)
                    .await
            }
            outcome => outcome,
        }?;
        let checked = self
            .revocation
            .check(&host, &secured.chain, clock::now())
            .await
            .map_err(|error| about(server, error, tls_fault))?;
        debug!(proxy = %server, warnings = ?checked.warnings, "proxy secured");
        Ok(Approached {
            wire: secured.stream,
            certificate: secured.chain.path.first().cloned(),
        })
    }

    async fn shake_hands(
        &self,
        server: &ProxyServer,
        host: &str,
        key_exchange: KeyExchange,
    ) -> Result<Secured, Error> {
        let wire = self.dial(server).await?;
        self.tls
            .connect(wire, host, self.roots.for_proxies(), key_exchange)
            .await
            .map_err(|error| about(server, error, tls_fault))
    }
}

/// Where a proxy is.
fn place(server: &ProxyServer) -> Destination {
    Destination {
        host: match &server.host {
            Host::Domain(name) => Host::Domain(name.clone()),
            Host::Ipv4(address) => Host::Ipv4(*address),
            Host::Ipv6(address) => Host::Ipv6(*address),
        },
        port: server.port,
    }
}

fn tls_fault(proxy: String, fault: Box<Fault>) -> ProxyFault {
    match *fault {
        Fault::Tls(TlsFault::NotTls { first_bytes, .. }) => {
            ProxyFault::ProtocolMismatch { proxy, first_bytes }
        }
        _ => ProxyFault::Tls { proxy, fault },
    }
}

/// The proxy said not one byte before it hung up or the time was over: as with servers, something on the way may swallow
/// a hello that comes in two segments.
fn is_deaf(error: &Error) -> bool {
    let Fault::Proxy(ProxyFault::Tls { fault, .. }) = error.fault() else {
        return false;
    };
    matches!(
        **fault,
        Fault::Tls(TlsFault::Ended { received: 0, .. } | TlsFault::TimedOut { received: 0, .. })
    )
}

fn about(
    server: &ProxyServer,
    error: Error,
    fault: impl FnOnce(String, Box<Fault>) -> ProxyFault,
) -> Error {
    let fault = fault(server.to_string(), Box::new(error.fault().clone()));
    Error::from(fault).with_source(error)
}
