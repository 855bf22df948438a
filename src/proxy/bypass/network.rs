//! A range of addresses.

use std::net::IpAddr;

use super::BypassProblem;

/// The addresses that share their first bits (RFC 4632).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// The addresses that agree with `address` in the first `bits` bits, or `None` if it has fewer.
    pub fn new(address: IpAddr, bits: u8) -> Option<Self> {
        (bits <= width(address)).then_some(Self { address, bits })
    }

    /// This one address.
    pub fn single(address: IpAddr) -> Self {
        Self {
            address,
            bits: width(address),
        }
    }

    /// Reads `address/bits`; `None` if there is no slash in `entry`.
    pub(super) fn written_with_bits(entry: &str) -> Option<Result<Self, BypassProblem>> {
        let (address, bits) = entry.split_once('/')?;
        let network = address
            .parse()
            .ok()
            .zip(bits.parse().ok())
            .and_then(|(address, bits)| Self::new(address, bits));
        Some(network.ok_or(BypassProblem::NotAHost))
    }

    /// Whether `address` is one of them. An IPv4 address is never one of an IPv6 network.
    pub fn contains(&self, address: IpAddr) -> bool {
        let shared = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros()
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros()
            }
            _ => return false,
        };
        shared >= u32::from(self.bits)
    }

    /// The same network, an IPv4-mapped one written as IPv4.
    pub(super) fn canonical(self) -> Self {
        match (self.address.to_canonical(), self.bits.checked_sub(96)) {
            (v4 @ IpAddr::V4(_), Some(bits)) if self.address.is_ipv6() => {
                Self { address: v4, bits }
            }
            _ => self,
        }
    }
}

fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}
