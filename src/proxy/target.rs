//! Where a request wants to go, in the form in which the rules compare it.

use std::net::IpAddr;

use url::{Host, Url};

use super::host;
use crate::error::HostProblem;

/// Scheme, host and port of a request. A trailing dot of the host is gone, names are ASCII and lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    scheme: Box<str>,
    host: Box<str>,
    ip: Option<IpAddr>,
    port: Option<u16>,
}

impl Target {
    /// A target from its parts. `host` is a name in any script, or an address (IPv6 with or without brackets).
    ///
    /// # Errors
    /// [`HostProblem`] if `host` is none.
    pub fn new(scheme: &str, host: &str, port: Option<u16>) -> Result<Self, HostProblem> {
        let parsed = match host.parse() {
            Ok(IpAddr::V6(address)) => Host::Ipv6(address),
            _ => host::parse(host)?,
        };
        Ok(Self::from_parts(scheme, &parsed, port))
    }

    /// The target of an address; where it states no port, the port of its scheme.
    ///
    /// # Errors
    /// [`HostProblem`] if the address has no host, or one that is too long.
    pub fn from_url(url: &Url) -> Result<Self, HostProblem> {
        let port = url.port_or_known_default();
        match url.host().ok_or(HostProblem::Empty)? {
            Host::Domain(name) => Self::new(url.scheme(), name, port),
            address => Ok(Self::from_parts(url.scheme(), &address.to_owned(), port)),
        }
    }

    fn from_parts(scheme: &str, host: &Host<String>, port: Option<u16>) -> Self {
        let ip = match host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address)),
        };
        Self {
            scheme: scheme.to_ascii_lowercase().into(),
            host: host::bare_text(host).into(),
            ip,
            port,
        }
    }

    /// The scheme, in lower case.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The host; an IPv6 address stands without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The address, if the host is one.
    pub fn ip(&self) -> Option<IpAddr> {
        self.ip
    }

    /// The port, if it is known.
    pub fn port(&self) -> Option<u16> {
        self.port
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_normalized() {
        let url = Url::parse("HTTPS://PasswordReset.MicrosoftOnline.com./n").unwrap();
        let target = Target::from_url(&url).unwrap();
        assert_eq!(target.scheme(), "https");
        assert_eq!(target.host(), "passwordreset.microsoftonline.com");
        assert_eq!(target.port(), Some(443));
    }

    #[test]
    fn hosts_that_cannot_be_are_refused() {
        let long = format!("https://{}/", ["abcdefghij"; 30].join("."));
        assert_eq!(
            Target::from_url(&Url::parse(&long).unwrap()),
            Err(HostProblem::TooLong)
        );
        assert_eq!(
            Target::from_url(&Url::parse("data:,x").unwrap()),
            Err(HostProblem::Empty)
        );
        assert_eq!(
            Target::new("http", "[1000::%.example.com]", Some(123)),
            Err(HostProblem::Zone)
        );
        // Scripts may be mixed: the name goes out as what DNS would be asked for.
        assert_eq!(
            Target::new("https", "раypal.example", None).unwrap().host(),
            "xn--ypal-43d9g.example"
        );
    }
}
