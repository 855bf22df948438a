//! `ignore-hosts` of GNOME, as GLib's `GSimpleProxyResolver` documents it.

use std::net::IpAddr;

use super::super::server::{parse_port, split_port};
use super::BypassProblem;
use super::network::Network;
use super::rules::{Parsed, Pattern, Rule};

pub(super) fn parse(entry: &str) -> Parsed {
    if let Some(network) = Network::written_with_bits(entry) {
        return Ok(Pattern::Addresses(network?).into());
    }
    let (host, port) = split_port(entry);
    let port = port
        .map(parse_port)
        .transpose()
        .map_err(|_| BypassProblem::BadPort)?;
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    let pattern = match bare.parse::<IpAddr>() {
        Ok(address) => Pattern::Addresses(Network::single(address)),
        Err(_) => {
            let name = host.strip_prefix("*.").or(host.strip_prefix('.'));
            Pattern::Domain(super::name_to_ascii(name.unwrap_or(host))?)
        }
    };
    Ok(Rule {
        pattern,
        scheme: None,
        port,
    })
}
