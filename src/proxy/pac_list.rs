//! What a proxy script returns: `PROXY a:8080; HTTPS b; DIRECT`.

use serde::Serialize;

use super::server::{Candidate, ProxyScheme, ProxyServer, without_credentials};
use crate::error::{PacError, PeerText};

/// The most ways that are taken from one answer; what follows is ignored.
pub const MAX_CANDIDATES: usize = 64;

/// The most parts that are looked at.
const MAX_PARTS: usize = 1024;

/// The ways that a script named, in the order in which they are to be tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PacList {
    /// At least one way, each of them once.
    pub candidates: Vec<Candidate>,
    /// Parts that could not be used, without credentials; at most [`MAX_CANDIDATES`].
    pub dropped: Vec<PeerText>,
}

/// Reads the string that a script returned.
///
/// The parts are separated by `;`. The words are `DIRECT`, `PROXY` and `HTTP` (port 80), `HTTPS` (TLS to the proxy,
/// port 443), `SOCKS` and `SOCKS4` (1080), `SOCKS5` (1080), in any case. A part with anything else, or with credentials,
/// a path or a port of 0, is dropped; repetitions collapse.
///
/// # Errors
/// [`PacError::InvalidResult`] if nothing usable is left, also for the empty string. Browsers go direct then; a script
/// that said nothing did not say "direct", so this crate does not.
pub fn parse(text: &str) -> Result<PacList, PacError> {
    let mut list = PacList {
        candidates: Vec::new(),
        dropped: Vec::new(),
    };
    let parts = text
        .split(';')
        .map(|part| part.trim_matches(|c: char| c.is_ascii_whitespace()))
        .filter(|part| !part.is_empty());
    for part in parts.take(MAX_PARTS) {
        match candidate(part) {
            Some(candidate) if list.candidates.contains(&candidate) => {}
            Some(candidate) => list.candidates.push(candidate),
            None if list.dropped.len() < MAX_CANDIDATES => {
                list.dropped.push(without_credentials(part));
            }
            None => {}
        }
        if list.candidates.len() == MAX_CANDIDATES {
            break;
        }
    }
    if list.candidates.is_empty() {
        return Err(PacError::InvalidResult {
            text: without_credentials(text),
        });
    }
    Ok(list)
}

fn candidate(part: &str) -> Option<Candidate> {
    let mut words = part.split_ascii_whitespace();
    let keyword = words.next()?.to_ascii_uppercase();
    let address = words.next();
    if words.next().is_some() {
        return None;
    }
    let scheme = match keyword.as_str() {
        "DIRECT" => return address.is_none().then_some(Candidate::Direct),
        "PROXY" | "HTTP" => ProxyScheme::Http,
        "HTTPS" => ProxyScheme::Https,
        "SOCKS" | "SOCKS4" => ProxyScheme::Socks4,
        "SOCKS5" => ProxyScheme::Socks5,
        _ => return None,
    };
    ProxyServer::from_authority(scheme, address?)
        .ok()
        .map(Candidate::Proxy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match parse(text) {
            Ok(list) => {
                let ways: Vec<_> = list.candidates.iter().map(ToString::to_string).collect();
                ways.join(" ")
            }
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn the_words_and_their_ports() {
        for (text, expected) in [
            ("DIRECT", "direct"),
            (" direct ;", "direct"),
            (
                "PROXY a:1; HTTPS b:2; SOCKS5 c; DIRECT",
                "http://a:1 https://b:2 socks5://c:1080 direct",
            ),
            (
                "proxy a;http b;https c;socks d;socks4 e",
                "http://a:80 http://b:80 https://c:443 socks4://d:1080 socks4://e:1080",
            ),
            (
                "PROXY\ta:1;\r\nPROXY [2001:db8::1]:3128",
                "http://a:1 http://[2001:db8::1]:3128",
            ),
            ("PROXY a:1; PROXY A.:1; PROXY a:1", "http://a:1"),
            ("PROXY bücher.example:1", "http://xn--bcher-kva.example:1"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn parts_that_cannot_be_used_are_dropped_and_told() {
        let list = parse(
            "QUIC q:1; a:1; PROXY; PROXY a b; PROXY u:p@h:1; PROXY h:0; PROXY http://h; DIRECT now; PROXY ok:1",
        )
        .unwrap();
        assert_eq!(list.candidates.len(), 1);
        let dropped: Vec<_> = list.dropped.iter().map(PeerText::as_str).collect();
        assert_eq!(
            dropped,
            [
                "QUIC q:1",
                "a:1",
                "PROXY",
                "PROXY a b",
                "…@h:1",
                "PROXY h:0",
                "PROXY http://h",
                "DIRECT now"
            ]
        );
    }

    /// P6 and P7: an answer that names nothing is an error, also the empty one.
    #[test]
    fn p6_p7_an_answer_that_names_nothing_is_an_error() {
        for text in [
            "",
            " ",
            ";;",
            "FOO a:1",
            "PROXY",
            "undefined",
            "PROXY a:1\nDIRECT",
            "DIRECT\u{a0}",
            "DIRECT\0",
        ] {
            assert!(
                matches!(parse(text), Err(PacError::InvalidResult { .. })),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_answer_is_bounded() {
        let many: String = (0..1000).map(|n| format!("PROXY h{n}:1;")).collect();
        assert_eq!(parse(&many).unwrap().candidates.len(), MAX_CANDIDATES);
        let junk = "JUNK;".repeat(100_000) + "DIRECT";
        assert!(parse(&junk).is_err());
    }
}
