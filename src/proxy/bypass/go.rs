//! `NO_PROXY` of Go (`golang.org/x/net/http/httpproxy`).

use std::net::IpAddr;

use super::super::Target;
use super::super::server::{parse_port, split_port};
use super::BypassProblem;
use super::network::Network;
use super::rules::{Parsed, Pattern, Rule};

/// `localhost` and every loopback address.
pub(super) fn is_implicit(target: &Target) -> bool {
    match target.ip() {
        Some(ip) => ip.to_canonical().is_loopback(),
        None => target.host() == "localhost",
    }
}

pub(super) fn parse(entry: &str) -> Parsed {
    if entry == "*" {
        return Ok(Pattern::Everything.into());
    }
    if let Some(network) = Network::written_with_bits(entry) {
        return Ok(Pattern::Addresses(network?).into());
    }
    let (host, port) = split_port(entry);
    let port = port
        .map(parse_port)
        .transpose()
        .map_err(|_| BypassProblem::BadPort)?;
    let host = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    let pattern = if let Ok(address) = host.parse::<IpAddr>() {
        Pattern::Addresses(Network::single(address))
    } else if let Some(name) = host.strip_prefix("*.").or(host.strip_prefix('.')) {
        Pattern::Below(super::name_to_ascii(name)?)
    } else {
        Pattern::Domain(super::name_to_ascii(host)?)
    };
    Ok(Rule {
        pattern,
        scheme: None,
        port,
    })
}
