//! `ProxyOverride` of WinINET.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::super::Target;
use super::super::host::bare_text;
use super::super::server::{parse_port, split_port};
use super::BypassProblem;
use super::rules::{Parsed, Pattern, Rule};

pub(super) fn is_separator(c: char) -> bool {
    matches!(c, ';' | ',') || c.is_ascii_whitespace()
}

/// What goes direct without being listed, as measured on Windows. Not the rest of 127.0.0.0/8, not `*.localhost`.
pub(super) fn is_implicit(target: &Target) -> bool {
    match target.ip() {
        Some(IpAddr::V4(ip)) => ip == Ipv4Addr::LOCALHOST || ip.is_link_local(),
        Some(IpAddr::V6(ip)) => ip == Ipv6Addr::LOCALHOST || ip.is_unicast_link_local(),
        None => matches!(target.host(), "localhost" | "loopback"),
    }
}

/// Reads `[scheme://]host[:port]`, where the host may hold `*`.
pub(super) fn parse(entry: &str) -> Parsed {
    let entry = entry.to_lowercase();
    match entry.as_str() {
        "<local>" => return Ok(Pattern::SimpleNames.into()),
        "<-loopback>" => return Ok(Pattern::NotImplicit.into()),
        word if word.starts_with('<') => return Err(BypassProblem::UnknownWord),
        _ => {}
    }
    let (scheme, rest) = match entry.split_once("://") {
        Some((scheme, _)) if !is_scheme(scheme) => return Err(BypassProblem::Slash),
        Some((scheme, rest)) => (Some(scheme.to_owned()), rest),
        None => (None, entry.as_str()),
    };
    if rest.contains('/') {
        return Err(BypassProblem::Slash);
    }
    let (host, port) = split_port(rest);
    let port = port
        .map(parse_port)
        .transpose()
        .map_err(|_| BypassProblem::BadPort)?;
    Ok(Rule {
        pattern: pattern(host)?,
        scheme,
        port,
    })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn pattern(host: &str) -> Result<Pattern, BypassProblem> {
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']').ok_or(BypassProblem::NotAHost)?;
        return ipv6(inner);
    }
    if host.contains(':') {
        return ipv6(host);
    }
    if host.starts_with('.') {
        return Err(BypassProblem::LeadingDot);
    }
    if host.ends_with('.') {
        return Err(BypassProblem::TrailingDot);
    }
    if host == "*" {
        return Ok(Pattern::Everything);
    }
    if !host.is_empty() && host.bytes().all(|byte| matches!(byte, b'*' | b'.')) {
        return Err(BypassProblem::TooBroad);
    }
    if !host.contains('*') {
        return whole_name(host);
    }
    let ascii = ascii_pattern(host)?;
    Ok(match ascii.strip_prefix("*.") {
        Some(suffix) if !suffix.contains('*') => Pattern::Below(suffix.to_owned()),
        _ => Pattern::Wildcard(ascii),
    })
}

/// Addresses are compared as text; the text of the target is the usual form, so only that form is taken.
fn whole_name(host: &str) -> Result<Pattern, BypassProblem> {
    let parsed = super::super::host::parse(host).map_err(|_| BypassProblem::NotAHost)?;
    let text = bare_text(&parsed);
    if matches!(parsed, url::Host::Ipv4(_)) && text != host {
        return Err(BypassProblem::OddAddress);
    }
    Ok(Pattern::Host(text))
}

fn ipv6(text: &str) -> Result<Pattern, BypassProblem> {
    if let Ok(address) = text.parse::<Ipv6Addr>() {
        return Ok(Pattern::Host(address.to_string()));
    }
    let plain = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'*' | b'.');
    if text.contains('*') && text.bytes().all(plain) {
        return Ok(Pattern::Wildcard(text.to_owned()));
    }
    Err(BypassProblem::NotAHost)
}

/// The A-labels of a name with wildcards: what stands between the stars of a label cannot be converted, so a label with
/// a star must be ASCII.
fn ascii_pattern(host: &str) -> Result<String, BypassProblem> {
    let mut labels = Vec::new();
    for label in host.split('.') {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*');
        if label.bytes().all(plain) {
            labels.push(label.to_owned());
        } else if label.contains('*') {
            return Err(BypassProblem::NotAHost);
        } else {
            let ascii = idna::domain_to_ascii(label).map_err(|_| BypassProblem::NotAHost)?;
            if !ascii.bytes().all(plain) {
                return Err(BypassProblem::NotAHost);
            }
            labels.push(ascii);
        }
    }
    Ok(labels.join("."))
}
