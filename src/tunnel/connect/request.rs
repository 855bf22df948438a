//! What is sent to an HTTP proxy to ask for a tunnel.

use url::Host;
use zeroize::Zeroizing;

use crate::tunnel::dial::Destination;

/// Who asks, as proxies log it.
const USER_AGENT: &str = concat!("sspr/", env!("CARGO_PKG_VERSION"));

/// The target of the request: `host:port`, the name in its ASCII form, an IPv6 address in brackets.
pub(super) fn target(destination: &Destination) -> String {
    let (name, port) = (destination.name(), destination.port);
    match destination.host {
        Host::Ipv6(_) => format!("[{name}]:{port}"),
        Host::Ipv4(_) | Host::Domain(_) => format!("{name}:{port}"),
    }
}

/// The request (RFC 9110, section 9.3.6), in memory that is wiped: `authorization` may tell a password.
pub(super) fn connect(target: &str, authorization: Option<&str>) -> Zeroizing<Vec<u8>> {
    // Proxies that know HTTP/1.0 only stay on the line for `Proxy-Connection`.
    let mut parts = vec![
        "CONNECT ",
        target,
        " HTTP/1.1\r\nHost: ",
        target,
        "\r\nUser-Agent: ",
        USER_AGENT,
        "\r\nProxy-Connection: keep-alive\r\n",
    ];
    if let Some(value) = authorization {
        parts.extend(["Proxy-Authorization: ", value, "\r\n"]);
    }
    parts.push("\r\n");
    // It never grows: a smaller buffer would be freed without being wiped.
    let size = parts.iter().map(|part| part.len()).sum();
    let mut request = Zeroizing::new(Vec::with_capacity(size));
    for part in parts {
        request.extend_from_slice(part.as_bytes());
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(host: Host) -> String {
        target(&Destination { host, port: 443 })
    }

    #[test]
    fn every_byte_is_as_the_standard_has_it() {
        let host = to(Host::Domain("login.example.".into()));
        assert_eq!(host, "login.example:443");
        let expected = format!(
            "CONNECT login.example:443 HTTP/1.1\r\nHost: login.example:443\r\n\
             User-Agent: {USER_AGENT}\r\nProxy-Connection: keep-alive\r\n\r\n"
        );
        assert_eq!(*connect(&host, None), expected.into_bytes());
        let request = connect("[::1]:8443", Some("Basic eA=="));
        assert!(request.ends_with(b"keep-alive\r\nProxy-Authorization: Basic eA==\r\n\r\n"));
        assert_eq!(request.len(), request.capacity());
    }

    #[test]
    fn addresses_have_brackets_where_they_need_them() {
        let four = Host::Ipv4([192, 0, 2, 1].into());
        assert_eq!(to(four), "192.0.2.1:443");
        let six = Host::Ipv6("2001:db8::1".parse().unwrap());
        assert_eq!(to(six), "[2001:db8::1]:443");
    }
}
