//! Addresses as scripts write them, and the questions that scripts ask about them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Four decimal numbers of one to three digits. Leading zeros are allowed and change nothing, as in browsers.
pub(super) fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut fields = text.split('.');
    let mut octets = [0; 4];
    for octet in &mut octets {
        let field = fields.next()?;
        if field.is_empty() || field.len() > 3 || !field.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *octet = field.parse().ok()?;
    }
    fields.next().is_none().then(|| octets.into())
}

/// An address of either family. An IPv4 address in IPv6 form is the IPv4 address.
pub(super) fn ip(text: &str) -> Option<IpAddr> {
    let ip: IpAddr = match ipv4(text) {
        Some(address) => address.into(),
        None => text.parse::<Ipv6Addr>().ok()?.into(),
    };
    Some(plain(ip))
}

/// Takes the IPv6 form off an IPv4 address.
pub(super) fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// Whether `address` equals `pattern` where `mask` has ones.
pub(super) fn is_in_net(address: Ipv4Addr, pattern: Ipv4Addr, mask: Ipv4Addr) -> bool {
    (address.to_bits() ^ pattern.to_bits()) & mask.to_bits() == 0
}

/// An address and how many of its first bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prefix {
    address: IpAddr,
    bits: u32,
}

impl Prefix {
    /// `address/bits`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        if bits.is_empty() || bits.len() > 3 || !bits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let bits: u32 = bits.parse().ok()?;
        let address: IpAddr = match ipv4(address) {
            Some(address) => address.into(),
            None => address.parse::<Ipv6Addr>().ok()?.into(),
        };
        let width = if address.is_ipv4() { 32 } else { 128 };
        (bits <= width).then_some(Self { address, bits })
    }

    /// Whether `address` begins with this prefix. Addresses of the other family do not, but an IPv4 address counts as
    /// one in both of its forms.
    pub(super) fn contains(self, address: IpAddr) -> bool {
        match (self.address, plain(address)) {
            (IpAddr::V4(prefix), IpAddr::V4(address)) => {
                let differing = prefix.to_bits() ^ address.to_bits();
                differing.checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(prefix), IpAddr::V6(address)) => self.shares(prefix, address),
            (IpAddr::V6(prefix), IpAddr::V4(address)) if prefix.to_ipv4_mapped().is_some() => {
                self.shares(prefix, address.to_ipv6_mapped())
            }
            _ => false,
        }
    }

    fn shares(self, prefix: Ipv6Addr, address: Ipv6Addr) -> bool {
        let differing = prefix.to_bits() ^ address.to_bits();
        differing.checked_shr(128 - self.bits).unwrap_or(0) == 0
    }
}

/// A list separated by semicolons in ascending order, IPv6 before IPv4; empty if anything in it is no address.
pub(super) fn sorted(list: &str) -> String {
    let mut entries = Vec::new();
    for entry in list.split(';') {
        let entry: String = entry.chars().filter(|c| !matches!(c, ' ' | '\t')).collect();
        if entry.is_empty() {
            continue;
        }
        let key = match (ipv4(&entry), entry.parse::<Ipv6Addr>()) {
            (Some(address), _) => (true, u128::from(address.to_bits())),
            (None, Ok(address)) => (false, address.to_bits()),
            (None, Err(_)) => return String::new(),
        };
        entries.push((key, entry));
    }
    entries.sort();
    let texts: Vec<String> = entries.into_iter().map(|(_, text)| text).collect();
    texts.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv4_as_browsers_read_it() {
        assert_eq!(ipv4("10.0.0.1"), Some(Ipv4Addr::new(10, 0, 0, 1)));
        assert_eq!(ipv4("010.008.0.1"), Some(Ipv4Addr::new(10, 8, 0, 1)));
        for text in [
            "",
            "10.0.0",
            "10.0.0.1.",
            "10.0.0.256",
            "10.0.0.0001",
            "10.0.0.+1",
            " 10.0.0.1",
            "a.b.c.d",
        ] {
            assert_eq!(ipv4(text), None, "{text}");
        }
    }

    #[test]
    fn nets() {
        let net = |address: &str, pattern: &str, mask: &str| {
            is_in_net(
                ipv4(address).unwrap(),
                ipv4(pattern).unwrap(),
                ipv4(mask).unwrap(),
            )
        };
        assert!(net("198.95.249.79", "198.95.249.79", "255.255.255.255"));
        assert!(net("198.95.1.1", "198.95.0.0", "255.255.0.0"));
        assert!(!net("198.96.1.1", "198.95.0.0", "255.255.0.0"));
        assert!(net("1.2.3.4", "9.2.9.9", "0.255.0.0"));
        assert!(net("1.2.3.4", "9.9.9.9", "0.0.0.0"));
    }

    #[test]
    fn prefixes() {
        let inside = |address: &str, prefix: &str| {
            Prefix::parse(prefix).is_some_and(|prefix| prefix.contains(ip(address).unwrap()))
        };
        assert!(inside("198.95.249.79", "198.95.249.79/32"));
        assert!(!inside("198.95.249.78", "198.95.249.79/32"));
        assert!(inside("198.95.1.1", "198.95.0.0/16"));
        assert!(inside("1.1.1.1", "0.0.0.0/0"));
        assert!(inside("3ffe:8311:ffff::1", "3ffe:8311:ffff::/48"));
        assert!(!inside("3ffe:8312:ffff::1", "3ffe:8311:ffff::/48"));
        assert!(inside("::1", "::/0"));
        assert!(!inside("::1", "0.0.0.0/0"));
        assert!(!inside("10.0.0.1", "fe80::/10"));
        assert!(!inside("10.0.0.1", "::/0"));
        assert!(inside("::ffff:10.0.0.1", "10.0.0.0/8"));
        assert!(inside("10.0.0.1", "::ffff:10.0.0.0/104"));
        for bad in [
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10/8",
            "::/129",
            "/8",
            "3ffe:8311:ffff/48",
        ] {
            assert_eq!(Prefix::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn sorting() {
        assert_eq!(
            sorted(
                "157.59.139.22; fe80::5efe:157.59.139.22;\t10.0.0.1;2001:4898:28:3:201:2ff:feea:fc14"
            ),
            "2001:4898:28:3:201:2ff:feea:fc14;fe80::5efe:157.59.139.22;10.0.0.1;157.59.139.22"
        );
        assert_eq!(
            sorted("2.0.0.0;10.0.0.0;2.0.0.0"),
            "2.0.0.0;2.0.0.0;10.0.0.0"
        );
        assert_eq!(sorted("10.0.0.1;x"), "");
        assert_eq!(sorted("; ;"), "");
    }
}
