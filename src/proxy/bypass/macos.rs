//! `ExceptionsList` of macOS's SystemConfiguration.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::super::Target;
use super::BypassProblem;
use super::network::Network;
use super::rules::{Parsed, Pattern};

pub(super) fn is_implicit(target: &Target) -> bool {
    match target.ip() {
        Some(ip) => ip == Ipv4Addr::LOCALHOST || ip == Ipv6Addr::LOCALHOST,
        None => target.host() == "localhost",
    }
}

pub(super) fn parse(entry: &str) -> Parsed {
    if let Some((address, bits)) = entry.split_once('/') {
        let network = short_address(address)
            .zip(bits.parse().ok())
            .and_then(|(address, bits)| Network::new(address, bits))
            .ok_or(BypassProblem::NotAHost)?;
        return Ok(Pattern::Addresses(network).into());
    }
    if let Ok(address) = entry.parse::<IpAddr>() {
        return Ok(Pattern::Addresses(Network::single(address)).into());
    }
    if let Some(name) = entry.strip_prefix("*.") {
        return Ok(Pattern::Below(super::name_to_ascii(name)?).into());
    }
    if let Some(start) = entry.strip_suffix(".*") {
        return Ok(Pattern::Wildcard(super::name_to_ascii(start)? + ".*").into());
    }
    Ok(Pattern::Host(super::name_to_ascii(entry)?).into())
}

/// An address of which the last numbers may be left out: `169.254`.
fn short_address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let missing = 3_usize.checked_sub(text.matches('.').count())?;
    (text.to_owned() + &".0".repeat(missing)).parse().ok()
}
