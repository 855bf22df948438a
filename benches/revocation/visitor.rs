//! A client process that connects to every port of a site.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use sspr::proxy::Explicit;
use sspr::revocation::Policy;
use sspr::{Channel, Cloud, CloudTable, Network, Resolve, ResolveFuture, Trust};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::signature::provider;
use crate::site::HOST;
use crate::{Result, measured};

/// Connects once to have seen everything, then to each of the other ports, which is measured.
pub(crate) fn visit(who: &str, ports: &str, root: &str) -> Result<()> {
    let (root, ports) = (from_hex(root)?, parse_ports(ports)?);
    let (first, others) = ports.split_first().ok_or("no port")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match who {
        "bare" => {
            let connector = bare(root)?;
            runtime.block_on(shake_hands(&connector, *first))?;
            measured(|| {
                runtime.block_on(async {
                    for port in others {
                        shake_hands(&connector, *port).await?;
                    }
                    Ok(())
                })
            })
        }
        _ => {
            let policy = match who {
                "off" => Policy::Off,
                _ => Policy::Strict,
            };
            let channel = channel(policy, root)?;
            runtime.block_on(channel.warm_up(&url(*first)?))?;
            measured(|| {
                runtime.block_on(async {
                    for port in others {
                        channel.warm_up(&url(*port)?).await?;
                    }
                    Ok(())
                })
            })
        }
    }
}

/// A channel for which the root is a public one.
pub(crate) fn channel(policy: Policy, root: Vec<u8>) -> Result<Channel> {
    Ok(Channel::builder()
        .way(Explicit::Direct)
        .resolver(Everywhere)
        .network(Always)
        .trust(Trust::new().pinned_roots([root]))
        .clouds(CloudTable::new([Cloud::new("test", HOST, [""; 0])]))
        .revocation(policy)
        .build()?)
}

/// The server at one port.
pub(crate) fn url(port: u16) -> Result<Url> {
    Ok(Url::parse(&format!("https://{HOST}:{port}/"))?)
}

pub(crate) fn parse_ports(ports: &str) -> Result<Vec<u16>> {
    ports.split(',').map(|port| Ok(port.parse()?)).collect()
}

/// The client of rustls as it comes, with the same root and nothing resumed.
fn bare(root: Vec<u8>) -> Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(root))?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = rustls::client::Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn shake_hands(connector: &TlsConnector, port: u16) -> Result<()> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    connector
        .connect(ServerName::try_from(HOST)?, stream)
        .await?;
    Ok(())
}

pub(crate) fn from_hex(text: &str) -> Result<Vec<u8>> {
    let pairs = text
        .as_bytes()
        .chunks(2)
        .map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?));
    pairs.collect()
}

/// Every name is this computer.
struct Everywhere;

impl Resolve for Everywhere {
    fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Ok(vec![IpAddr::from(Ipv4Addr::LOCALHOST)]) })
    }
}

struct Always;

impl Network for Always {
    fn is_up(&self) -> bool {
        true
    }
}
