//! Keeps connections out of this computer and its own network.

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
    let [first, second, third, _] = address.octets();
    let is_shared = first == 100 && second & 0xc0 == 64;
    let is_of_protocols = (first, second, third) == (192, 0, 0);
    let is_for_measurements = first == 198 && second & 0xfe == 18;
    let is_reserved = first >= 240;
    first == 0
        || is_shared
        || is_of_protocols
        || is_for_measurements
        || is_reserved
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let [first, ..] = address.segments();
    let is_site_local = first & 0xffc0 == 0xfec0;
    translated(address).is_some_and(is_private_v4)
        || is_site_local
        || address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_multicast()
}

/// The IPv4 address to which a gateway on the way leads, or some computers do by themselves: NAT64 (RFC 6052), 6to4
/// (RFC 3056), and the oldest form (RFC 4291, section 2.5.5.1).
fn translated(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        _ => None,
    }
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
            "192.0.0.8",
            "198.18.0.1",
            "198.19.255.255",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:a00:1::1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.2.1",
            "2001:db8::1",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
        ] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }
}
