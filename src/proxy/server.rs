//! One proxy server: how to speak to it, and where it is.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use url::Host;

use super::host;
use crate::error::{PeerText, ServerProblem};

/// How a proxy is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProxyScheme {
    /// HTTP, in the clear (RFC 9110).
    Http,
    /// HTTP inside TLS to the proxy.
    Https,
    /// SOCKS version 4: knows IPv4 addresses only, and names by its extension 4A, which the proxy resolves.
    Socks4,
    /// SOCKS version 5 (RFC 1928); names are resolved by the proxy.
    Socks5,
}

impl ProxyScheme {
    /// The port where none is stated.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Socks4 | Self::Socks5 => 1080,
        }
    }

    /// The scheme of the address form: `http`, `https`, `socks4`, `socks5`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks4 => "socks4",
            Self::Socks5 => "socks5",
        }
    }

    /// Reads the scheme of an address; `socks` means version 5 there, as Chromium's `net/docs/proxy.md` has it.
    fn from_uri(name: &str) -> Result<Self, ServerProblem> {
        match name.to_ascii_lowercase().as_str() {
            "http" => Ok(Self::Http),
            "https" => Ok(Self::Https),
            "socks4" | "socks4a" => Ok(Self::Socks4),
            "socks" | "socks5" | "socks5h" => Ok(Self::Socks5),
            _ => Err(ServerProblem::Scheme(PeerText::new(name))),
        }
    }
}

/// A proxy server. Its text form is an address: `http://proxy.corp.example:8080`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ProxyServer {
    /// How it is spoken to.
    pub scheme: ProxyScheme,
    /// Its name (ASCII, lower case) or address.
    pub host: Host<String>,
    /// Its TCP port, never 0.
    pub port: u16,
}

impl ProxyServer {
    /// Reads `[scheme://]host[:port]`, where `without_scheme` says what a text without a scheme means.
    ///
    /// An IPv6 address stands in brackets; without them it is accepted only where no port can be meant.
    ///
    /// # Errors
    /// [`ServerProblem`] says which part cannot be used.
    pub fn parse(text: &str, without_scheme: ProxyScheme) -> Result<Self, ServerProblem> {
        let text = text.trim();
        let (scheme, authority) = match text.split_once("://") {
            Some((name, rest)) => (
                ProxyScheme::from_uri(name)?,
                rest.strip_suffix('/').unwrap_or(rest),
            ),
            None => (without_scheme, text),
        };
        Self::from_authority(scheme, authority)
    }

    /// Reads `host[:port]`.
    pub(super) fn from_authority(
        scheme: ProxyScheme,
        authority: &str,
    ) -> Result<Self, ServerProblem> {
        if authority.contains('@') {
            return Err(ServerProblem::Userinfo);
        }
        if authority.contains(['/', '\\', '?', '#']) {
            return Err(ServerProblem::Path);
        }
        let (host, port) = split_port(authority);
        if host.is_empty() {
            return Err(ServerProblem::Empty);
        }
        Ok(Self {
            scheme,
            host: host::parse(host).map_err(ServerProblem::Host)?,
            port: port.map_or(Ok(scheme.default_port()), parse_port)?,
        })
    }

    /// `host:port`, an IPv6 address in brackets.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// Splits the port off; a text with more than one colon outside of brackets has none.
pub(super) fn split_port(authority: &str) -> (&str, Option<&str>) {
    let after_address = authority.rfind(']').map_or(0, |at| at + 1);
    match authority.rsplit_once(':') {
        Some((host, port)) if host.len() >= after_address => {
            if after_address == 0 && host.contains(':') {
                (authority, None)
            } else {
                (host, Some(port))
            }
        }
        _ => (authority, None),
    }
}

/// A port from 1 to 65535, in digits only.
pub(super) fn parse_port(text: &str) -> Result<u16, ServerProblem> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ServerProblem::BadPort);
    }
    match text.parse() {
        Ok(0) | Err(_) => Err(ServerProblem::BadPort),
        Ok(port) => Ok(port),
    }
}

/// What was refused, fit to be shown: everything before an `@` may be a password and is left out.
pub(super) fn without_credentials(token: &str) -> PeerText {
    match token.rsplit_once('@') {
        Some((_, rest)) => PeerText::new(&format!("…@{rest}")),
        None => PeerText::new(token),
    }
}

impl fmt::Display for ProxyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme.name(), self.host, self.port)
    }
}

/// A text without a scheme means an HTTP proxy.
impl FromStr for ProxyServer {
    type Err = ServerProblem;

    fn from_str(text: &str) -> Result<Self, ServerProblem> {
        Self::parse(text, ProxyScheme::Http)
    }
}

impl Serialize for ProxyServer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One way to try.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Candidate {
    /// Without a proxy, because a store says so or every store is empty.
    Direct,
    /// Through this proxy.
    Proxy(ProxyServer),
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct => f.write_str("direct"),
            Self::Proxy(server) => server.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::HostProblem;

    #[test]
    fn addresses_are_read_with_their_default_ports() {
        for (text, expected) in [
            ("proxy", "http://proxy:80"),
            ("Proxy.Corp.Example:8080", "http://proxy.corp.example:8080"),
            ("http://proxy:3128/", "http://proxy:3128"),
            ("https://proxy", "https://proxy:443"),
            ("socks://proxy", "socks5://proxy:1080"),
            ("SOCKS4://10.0.0.1:9", "socks4://10.0.0.1:9"),
            ("socks4a://proxy", "socks4://proxy:1080"),
            ("socks5h://proxy", "socks5://proxy:1080"),
            ("[2001:db8::1]:8080", "http://[2001:db8::1]:8080"),
            ("[::1]", "http://[::1]:80"),
            ("::1", "http://[::1]:80"),
            ("bücher.example:1", "http://xn--bcher-kva.example:1"),
        ] {
            let server: ProxyServer = text.parse().unwrap();
            assert_eq!(server.to_string(), expected, "{text}");
            assert_eq!(expected.parse::<ProxyServer>().as_ref(), Ok(&server));
        }
    }

    #[test]
    fn what_is_no_server_says_why() {
        for (text, problem) in [
            ("", ServerProblem::Empty),
            (":8080", ServerProblem::Empty),
            ("host:99999", ServerProblem::BadPort),
            ("host:0", ServerProblem::BadPort),
            ("host:", ServerProblem::BadPort),
            ("host:+80", ServerProblem::BadPort),
            ("user:secret@host:80", ServerProblem::Userinfo),
            ("http://user:se/cret@host:80", ServerProblem::Userinfo),
            ("http://host/wpad.dat", ServerProblem::Path),
            ("host/", ServerProblem::Path),
            ("foo://host", ServerProblem::Scheme("foo".into())),
            ("[fe80::1%3]:80", ServerProblem::Host(HostProblem::Zone)),
            ("fe80::1%3", ServerProblem::Host(HostProblem::Zone)),
            (
                "2001:db8::1:8080",
                ServerProblem::Host(HostProblem::NeedsBrackets),
            ),
            ("[::1", ServerProblem::Host(HostProblem::NotAName)),
            ("[::1]8080", ServerProblem::Host(HostProblem::NotAName)),
            ("a b:80", ServerProblem::Host(HostProblem::NotAName)),
            ("a\u{0}b", ServerProblem::Host(HostProblem::NotAName)),
        ] {
            assert_eq!(text.parse::<ProxyServer>(), Err(problem), "{text}");
        }
    }

    #[test]
    fn a_refused_text_is_shown_without_its_password() {
        assert_eq!(
            without_credentials("http://user:p@ss@host:1").as_str(),
            "…@host:1"
        );
    }
}
