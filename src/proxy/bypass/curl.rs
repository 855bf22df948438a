//! `no_proxy` of curl (`lib/noproxy.c`).

use std::net::IpAddr;

use super::BypassProblem;
use super::network::Network;
use super::rules::{Parsed, Pattern};

/// A `*` within a list is a name like any other, which no host has.
pub(super) fn parse(entry: &str) -> Parsed {
    let (address, bits) = match entry.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (entry, None),
    };
    match (address.parse::<IpAddr>(), bits) {
        (Ok(address), None) => Ok(Pattern::Addresses(Network::single(address)).into()),
        (Ok(address), Some(bits)) => {
            let network = network(address, bits).ok_or(BypassProblem::NotAHost)?;
            Ok(Pattern::Addresses(network).into())
        }
        (Err(_), Some(_)) => Err(BypassProblem::NotAHost),
        (Err(_), None) => {
            let name = entry.strip_suffix('.').unwrap_or(entry);
            let name = name.strip_prefix('.').unwrap_or(name);
            let name = super::name_to_ascii(name)?;
            Ok(Pattern::Domain(name).into())
        }
    }
}

/// A network by address and number of bits, where 0 bits stand for the whole address.
pub(super) fn network(address: IpAddr, bits: &str) -> Option<Network> {
    if !bits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match bits.parse().ok()? {
        0 => Some(Network::single(address)),
        bits => Network::new(address, bits),
    }
}
