//! What the view may reach.

use std::collections::HashMap;

use url::{Host, Url};

use crate::channel::Whereabouts;
use crate::error::{Error, Fault, GatewayFault, PeerText};
use crate::tunnel::Destination;

/// The only port that tunnels lead to.
const PORT: u16 = 443;

/// The hosts and addresses of one run.
#[derive(Debug, Clone, Default)]
pub(super) struct AllowList {
    /// Names in their ASCII form, in lower case and without a final dot.
    hosts: HashMap<String, Whereabouts>,
    plain: Vec<Plain>,
}

/// Revocation data that the view may fetch by plain HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plain {
    url: Url,
    pub(super) kind: PlainKind,
}

/// What revocation data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlainKind {
    /// An OCSP responder: questions stand in the path, or in a body (RFC 6960, appendix A).
    Ocsp,
    /// One list of revoked certificates.
    Crl,
}

impl PlainKind {
    /// The media type of an answer (RFC 6960, appendix C; RFC 5280, section 4.2.1.13).
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Ocsp => "application/ocsp-response",
            Self::Crl => "application/pkix-crl",
        }
    }
}

impl AllowList {
    /// Adds a host by its name, in any script. It stands for itself only.
    ///
    /// # Errors
    /// [`Fault::InvalidSetting`] with the name of the setting if it is no host name.
    pub(super) fn host(
        &mut self,
        name: &str,
        whereabouts: Whereabouts,
        setting: &'static str,
    ) -> Result<(), Error> {
        let invalid = || Error::new(Fault::InvalidSetting { setting });
        let Ok(Host::Domain(name)) = Host::parse(name.trim()) else {
            return Err(invalid());
        };
        let name = name.strip_suffix('.').unwrap_or(&name);
        if name.is_empty() || !name.bytes().all(is_of_name) {
            return Err(invalid());
        }
        let known = self.hosts.entry(name.to_owned()).or_insert(whereabouts);
        if whereabouts == Whereabouts::Anywhere {
            *known = whereabouts;
        }
        Ok(())
    }

    /// Adds an address of revocation data.
    ///
    /// # Errors
    /// [`Fault::InvalidSetting`] if it is no plain `http` address of a host at port 80.
    pub(super) fn plain(&mut self, url: &Url, kind: PlainKind) -> Result<(), Error> {
        let is_plain = url.scheme() == "http"
            && matches!(url.host(), Some(Host::Domain(_)))
            && url.port().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none();
        if !is_plain {
            let setting = match kind {
                PlainKind::Ocsp => "ocsp_responder",
                PlainKind::Crl => "crl",
            };
            return Err(Fault::InvalidSetting { setting }.into());
        }
        let url = url.clone();
        self.plain.push(Plain { url, kind });
        Ok(())
    }

    /// Where a tunnel to `authority` (`host:port`) leads, if it may be opened.
    pub(super) fn tunnel(
        &self,
        authority: &str,
    ) -> Result<(Destination, Whereabouts), GatewayFault> {
        let (host, port) = authority
            .rsplit_once(':')
            .and_then(|(host, port)| Some((host, number(port)?)))
            .ok_or(GatewayFault::Malformed {
                rule: "the target is a host and a port",
            })?;
        if is_address(host) {
            let address = host.into();
            return Err(GatewayFault::AddressNotAllowed { address });
        }
        // The same name, and nobody's search list is asked.
        let host = host.strip_suffix('.').unwrap_or(host);
        if host.is_empty() || !host.bytes().all(is_of_name) {
            return Err(GatewayFault::Malformed {
                rule: "a host has letters, digits, hyphens and dots",
            });
        }
        let name = host.to_ascii_lowercase();
        let Some(whereabouts) = self.hosts.get(&name) else {
            let host = PeerText::new(&name);
            return Err(GatewayFault::HostNotAllowed { host });
        };
        if port != PORT {
            let host = PeerText::new(&name);
            return Err(GatewayFault::PortNotAllowed { host, port });
        }
        let host = Host::Domain(name);
        Ok((Destination { host, port }, *whereabouts))
    }

    /// The address of revocation data that `url` is, if it may be fetched: with a body if `has_body`.
    pub(super) fn revocation_data(&self, url: &str, has_body: bool) -> Option<(Url, PlainKind)> {
        let url = Url::parse(url).ok()?;
        let is_same_place = |plain: &&Plain| {
            url.scheme() == "http"
                && url.host() == plain.url.host()
                && url.port().is_none()
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
        };
        let is_meant = |plain: &&Plain| {
            let (path, base) = (url.path(), plain.url.path());
            match plain.kind {
                PlainKind::Crl => !has_body && path == base,
                PlainKind::Ocsp if has_body => path == base,
                // The question is the rest of the path; it is base64, or its form for URLs.
                PlainKind::Ocsp => path
                    .strip_prefix(base.strip_suffix('/').unwrap_or(base))
                    .is_some_and(|question| question.starts_with('/') && question.len() > 1),
            }
        };
        let mut plain = self.plain.iter().filter(is_same_place);
        let kind = plain.find(is_meant)?.kind;
        Some((url, kind))
    }
}

/// A port in its only form.
fn number(port: &str) -> Option<u16> {
    let is_plain = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    port.parse().ok().filter(|_| is_plain)
}

/// Whether `host` is an IP address, in any form that some reader takes for one (WHATWG URL, section 3.5).
fn is_address(host: &str) -> bool {
    host.contains(':')
        || host.starts_with('[')
        || matches!(Host::parse(host), Ok(Host::Ipv4(_) | Host::Ipv6(_)))
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(hosts: &[&str]) -> AllowList {
        let mut list = AllowList::default();
        for host in hosts {
            list.host(host, Whereabouts::Public, "allow_host").unwrap();
        }
        list
    }

    #[test]
    fn a_host_stands_for_itself_and_nothing_else() {
        let list = list(&[
            "IdP.Contoso.example.",
            "パスワード.example",
            " a_b.example ",
        ]);
        for host in [
            "idp.contoso.example",
            "IDP.contoso.EXAMPLE",
            // P30
            "idp.contoso.example.",
        ] {
            let (destination, whereabouts) = list.tunnel(&format!("{host}:443")).unwrap();
            assert_eq!(destination.to_string(), "idp.contoso.example:443");
            assert_eq!(whereabouts, Whereabouts::Public);
        }
        let unicode = Host::parse("パスワード.example").unwrap();
        list.tunnel(&format!("{unicode}:443")).unwrap();
        for host in [
            "contoso.example",
            "x.idp.contoso.example",
            "idp.contoso.example.evil.example",
            "idp.contoso.example..",
            ".idp.contoso.example",
            "evil",
            "xn--idp-.contoso.example",
        ] {
            let refused = list.tunnel(&format!("{host}:443")).unwrap_err();
            assert!(
                matches!(refused, GatewayFault::HostNotAllowed { .. }),
                "{host}"
            );
        }
    }

    #[test]
    fn odd_encodings_of_a_host_are_refused() {
        let list = list(&["idp.contoso.example"]);
        for authority in [
            "idp%2econtoso.example:443",
            "%69dp.contoso.example:443",
            "user@idp.contoso.example:443",
            "idp.contoso.example@evil:443",
            "ｉｄｐ.contoso.example:443",
            "idp。contoso.example:443",
            "idp.contoso.example/x:443",
            "idp.contoso.example\\:443",
            "https://idp.contoso.example:443",
            "idp.contoso.example#:443",
            ":443",
            ".:443",
            "idp.contoso.example",
            "idp.contoso.example:",
            "idp.contoso.example:0",
            "idp.contoso.example:+443",
            "idp.contoso.example:0443",
            "idp.contoso.example:65979",
            "idp.contoso.example:443 ",
        ] {
            let refused = list.tunnel(authority).unwrap_err();
            let is_told = matches!(
                refused,
                GatewayFault::Malformed { .. } | GatewayFault::AddressNotAllowed { .. }
            );
            assert!(is_told, "{authority}: {refused:?}");
        }
    }

    #[test]
    fn addresses_in_any_form_and_other_ports_are_refused() {
        let list = list(&["idp.contoso.example"]);
        for address in [
            "127.0.0.1",
            "10.0.0.1",
            "8.8.8.8",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "127.0.0.1.",
            "[::1]",
            "[::ffff:8.8.8.8]",
            "::1",
        ] {
            let refused = list.tunnel(&format!("{address}:443")).unwrap_err();
            let is_told = matches!(refused, GatewayFault::AddressNotAllowed { .. });
            assert!(is_told, "{address}: {refused:?}");
        }
        for port in [22, 80, 8443] {
            let refused = list.tunnel(&format!("idp.contoso.example:{port}"));
            assert_eq!(
                refused.unwrap_err(),
                GatewayFault::PortNotAllowed {
                    host: "idp.contoso.example".into(),
                    port
                }
            );
        }
    }

    #[test]
    fn what_is_no_host_name_cannot_be_allowed() {
        let mut list = AllowList::default();
        for host in [
            "",
            "*.example",
            "127.0.0.1",
            "[::1]",
            "a b",
            "a:443",
            "https://a",
            ".",
        ] {
            let outcome = list.host(host, Whereabouts::Public, "allow_host");
            assert!(outcome.is_err(), "{host}");
        }
    }

    #[test]
    fn being_allowed_anywhere_is_not_taken_back() {
        let mut list = AllowList::default();
        for whereabouts in [Whereabouts::Anywhere, Whereabouts::Public] {
            list.host("a.example", whereabouts, "allow_host").unwrap();
        }
        assert_eq!(
            list.tunnel("a.example:443").unwrap().1,
            Whereabouts::Anywhere
        );
    }

    #[test]
    fn revocation_data_is_fetched_from_where_it_was_said() {
        let url = |text: &str| Url::parse(text).unwrap();
        let mut list = AllowList::default();
        list.plain(&url("http://ocsp.example/"), PlainKind::Ocsp)
            .unwrap();
        list.plain(&url("http://deep.example/ca/1"), PlainKind::Ocsp)
            .unwrap();
        list.plain(&url("http://crl.example/a.crl"), PlainKind::Crl)
            .unwrap();
        for (text, has_body, expected) in [
            ("http://ocsp.example/", true, Some(PlainKind::Ocsp)),
            (
                "http://ocsp.example/MFEwTzBN%2Fa",
                false,
                Some(PlainKind::Ocsp),
            ),
            (
                "http://OCSP.example:80/MFEwTzBN",
                false,
                Some(PlainKind::Ocsp),
            ),
            (
                "http://deep.example/ca/1/MFEw",
                false,
                Some(PlainKind::Ocsp),
            ),
            ("http://crl.example/a.crl", false, Some(PlainKind::Crl)),
            ("http://ocsp.example/", false, None),
            ("http://ocsp.example/other", true, None),
            ("http://deep.example/ca/12/MFEw", false, None),
            ("http://deep.example/ca/1/../2", false, None),
            ("http://crl.example/a.crl?x", false, None),
            ("http://crl.example/b.crl", false, None),
            ("http://crl.example/a.crl", true, None),
            ("http://crl.example:8080/a.crl", false, None),
            ("http://a@crl.example/a.crl", false, None),
            ("https://crl.example/a.crl", false, None),
            ("/a.crl", false, None),
        ] {
            let kind = list.revocation_data(text, has_body).map(|(_, kind)| kind);
            assert_eq!(kind, expected, "{text}");
        }
        for text in [
            "https://a.example/",
            "http://10.0.0.1/",
            "http://a.example:81/",
        ] {
            assert!(list.plain(&url(text), PlainKind::Crl).is_err(), "{text}");
        }
    }
}
