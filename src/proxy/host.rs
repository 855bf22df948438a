//! Host names in the one form in which they are compared: ASCII, lower case, without a trailing dot.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::Host;

use crate::error::HostProblem;

/// The longest name, in bytes of its ASCII form (RFC 1035, section 2.3.4).
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Reads a name, an IPv4 address, or an IPv6 address in brackets. An internationalized name becomes its A-labels.
pub(super) fn parse(text: &str) -> Result<Host<String>, HostProblem> {
    if let Some(rest) = text.strip_prefix('[') {
        let inner = rest.strip_suffix(']').ok_or(HostProblem::NotAName)?;
        return ipv6(inner).map(Host::Ipv6);
    }
    if text.matches(':').count() > 1 {
        return bare_ipv6(text).map(Host::Ipv6);
    }
    name(text)
}

/// An IPv6 address without brackets, if the text cannot be meant as an address with a port.
fn bare_ipv6(text: &str) -> Result<Ipv6Addr, HostProblem> {
    let address = ipv6(text)?;
    match text.rsplit_once(':') {
        Some((before, _)) if before.parse::<Ipv6Addr>().is_ok() => Err(HostProblem::NeedsBrackets),
        _ => Ok(address),
    }
}

fn ipv6(text: &str) -> Result<Ipv6Addr, HostProblem> {
    if text.contains('%') {
        return Err(HostProblem::Zone);
    }
    text.parse().map_err(|_| HostProblem::NotAName)
}

fn name(text: &str) -> Result<Host<String>, HostProblem> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() {
        return Err(HostProblem::Empty);
    }
    // Percent escapes would be decoded by the URL rules; a setting has none.
    if text.contains('%') {
        return Err(HostProblem::NotAName);
    }
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Ok(Host::Ipv4(address));
    }
    let host = Host::parse(text).map_err(|_| HostProblem::NotAName)?;
    if let Host::Domain(domain) = &host {
        check_name(domain)?;
    }
    Ok(host)
}

/// Checks the ASCII form of a name: letters, digits, `-` and `_` in labels of 1 to 63 bytes.
fn check_name(domain: &str) -> Result<(), HostProblem> {
    if domain.len() > LONGEST_NAME {
        return Err(HostProblem::TooLong);
    }
    for label in domain.split('.') {
        if label.is_empty() {
            return Err(HostProblem::Empty);
        }
        if label.len() > LONGEST_LABEL {
            return Err(HostProblem::TooLong);
        }
        if !label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        {
            return Err(HostProblem::NotAName);
        }
    }
    Ok(())
}

/// The host as lists of exceptions compare it: an IPv6 address stands without brackets.
pub(super) fn bare_text(host: &Host<String>) -> String {
    match host {
        Host::Domain(name) => name.clone(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_lower_case_ascii_without_the_trailing_dot() {
        for (text, expected) in [
            ("Proxy.Corp.Example.", "proxy.corp.example"),
            ("プロキシ.example", "xn--nckua8gwd.example"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("10.1.2.3", "10.1.2.3"),
            ("[2001:DB8:0::1]", "2001:db8::1"),
            ("::1", "::1"),
            ("a_b.example", "a_b.example"),
        ] {
            assert_eq!(bare_text(&parse(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_host_says_why() {
        let long_label = "a".repeat(64);
        let long_name = ["a".repeat(50).as_str(); 6].join(".");
        for (text, problem) in [
            ("", HostProblem::Empty),
            (".", HostProblem::Empty),
            ("a..b", HostProblem::Empty),
            (".a", HostProblem::Empty),
            (long_label.as_str(), HostProblem::TooLong),
            (long_name.as_str(), HostProblem::TooLong),
            ("a b", HostProblem::NotAName),
            ("a*b", HostProblem::NotAName),
            ("%41", HostProblem::NotAName),
            ("[::1", HostProblem::NotAName),
            ("[fe80::1%eth0]", HostProblem::Zone),
            ("fe80::1%2", HostProblem::Zone),
            ("2001:db8::1:8080", HostProblem::NeedsBrackets),
            ("xn--a.example", HostProblem::NotAName),
        ] {
            assert_eq!(parse(text), Err(problem), "{text}");
        }
    }
}
