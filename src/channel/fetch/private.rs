//! Keeps a fetch out of this computer and its own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use url::Host;

use crate::ports::{Resolve, ResolveFuture};

/// The private address that `host` stands for by itself, whoever would resolve it.
pub(super) fn private_literal(host: &Host) -> Option<IpAddr> {
    let address = match host {
        Host::Ipv4(address) => IpAddr::V4(*address),
        Host::Ipv6(address) => IpAddr::V6(*address),
        // RFC 6761, section 6.3.
        Host::Domain(name) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            let last = name.rsplit('.').next()?;
            let is_local = last.eq_ignore_ascii_case("localhost");
            return is_local.then_some(Ipv4Addr::LOCALHOST.into());
        }
    };
    is_private(address).then_some(address)
}

/// Finds public addresses only, and remembers what it held back.
pub(super) struct PublicOnly {
    resolver: Arc<dyn Resolve>,
    refused: Mutex<Option<IpAddr>>,
}

impl PublicOnly {
    pub(super) fn new(resolver: Arc<dyn Resolve>) -> Self {
        Self {
            resolver,
            refused: Mutex::new(None),
        }
    }

    /// A private address, if a name had no others.
    pub(super) fn refused(&self) -> Option<IpAddr> {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Resolve for PublicOnly {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async move {
            let (private, public): (Vec<_>, Vec<_>) = self
                .resolver
                .resolve(host)
                .await?
                .into_iter()
                .partition(|address| is_private(*address));
            if public.is_empty() {
                *self.refused.lock().unwrap_or_else(PoisonError::into_inner) =
                    private.first().copied();
            }
            Ok(public)
        })
    }
}

/// Whether an address belongs to this computer or to a network of its own (RFC 6890), rather than to the internet.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && second & 0xc0 == 64;
    first == 0
        || is_shared
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_multicast()
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_multicast()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_this_computer_is_private_whoever_resolves_it() {
        for (host, is_refused) in [
            ("localhost", true),
            ("LOCALHOST.", true),
            ("a.localhost", true),
            ("127.0.0.1", true),
            ("[::1]", true),
            ("[fd00::1]", true),
            ("8.8.8.8", false),
            ("localhost.example", false),
            ("ocsp.contoso.example", false),
        ] {
            let host = Host::parse(host).unwrap();
            assert_eq!(private_literal(&host).is_some(), is_refused, "{host}");
        }
    }

    #[test]
    fn addresses_of_this_computer_and_its_network_are_private() {
        for private in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.2.1",
            "2001:db8::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }
}
