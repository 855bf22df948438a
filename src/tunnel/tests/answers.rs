//! Answers to CONNECT: in pieces, cut off, doubled, and of every kind.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use super::script::{Heard, Piece, Script, cut, torn, whole};
use super::*;
use crate::error::{AuthScheme, PeerText, ProxyReply};
use crate::ports::Way;
use crate::proxy::ProxyScheme;
use crate::tunnel::auth::Circumstances;
use crate::tunnel::{connect, socks};

pub(super) const PROXY: &str = "http://proxy.test:8080";

pub(super) const OPEN: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

pub(super) fn proxy() -> String {
    PROXY.to_owned()
}

/// Asks a scripted proxy, which cannot be connected to once more: nobody knows its name. With or without an account.
pub(super) async fn ask(
    has_account: bool,
    answers: impl IntoIterator<Item = Vec<Piece>>,
) -> (Result<Opened, ProxyFault>, Heard) {
    let server = PROXY.parse().unwrap();
    let access = match has_account {
        true => account(&server),
        false => ProxyAccess::new().allow_basic_over_plaintext(true),
    };
    let tunnels = tunnels(access);
    let circumstances = Circumstances {
        by_script: false,
        disabled: DisabledAuthentication::default(),
        certificate: None,
    };
    let login = tunnels.logins.begin(&server, circumstances);
    let (script, heard) = Script::new(answers);
    let opened = connect::open(&tunnels, &server, Box::new(script), login, &destination()).await;
    (opened.map_err(|error| proxy_fault(&error)), heard)
}

/// What is wrong with a single answer, to a request without a login.
async fn fault(answer: &[u8]) -> ProxyFault {
    ask(false, [whole(answer)]).await.0.err().unwrap()
}

pub(super) fn opened_with(login: Option<AuthScheme>) -> Way {
    Way::Proxy {
        proxy: proxy(),
        login,
    }
}

#[tokio::test]
async fn a_tunnel_carries_every_byte_and_no_login() {
    let (opened, heard) = ask(true, [whole(OPEN), whole(b"pong")]).await;
    let mut opened = opened.unwrap();
    assert_eq!(opened.way, opened_with(None));
    opened.wire.write_all(b"ping").await.unwrap();
    let mut answer = [0; 4];
    opened.wire.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"pong");
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 2);
    let request = String::from_utf8_lossy(&heard[0]);
    assert!(
        request.starts_with("CONNECT login.example:443 HTTP/1.1\r\nHost: login.example:443\r\n")
    );
    assert!(!request.contains("Authorization"));
    assert_eq!(heard[1], b"ping");
}

#[tokio::test]
async fn an_opening_may_come_in_any_pieces() {
    for pieces in torn(OPEN) {
        let (opened, _) = ask(false, [pieces]).await;
        assert_eq!(opened.unwrap().way, opened_with(None));
    }
}

#[tokio::test]
async fn an_opening_that_is_cut_off_opens_nothing() {
    for (at, pieces) in cut(OPEN) {
        let (opened, _) = ask(false, [pieces]).await;
        let closed = ProxyFault::Closed { proxy: proxy() };
        assert_eq!(opened.err(), Some(closed), "cut at {at}");
    }
}

/// P49: any 2xx opens, and what it says about a body means nothing. P50: what comes with it is nobody's.
#[tokio::test]
async fn every_2xx_opens() {
    for answer in [
        &b"HTTP/1.1 204 No Content\r\n\r\n"[..],
        b"HTTP/1.1 206 Part\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.0 200 Connection established\r\nProxy-agent: tinyproxy/1.11.1\r\n\r\n",
        b"HTTP/1.1 200 \r\nConnection: close\r\n\r\n",
    ] {
        assert_eq!(
            ask(false, [whole(answer)]).await.0.unwrap().way,
            opened_with(None)
        );
        for doubled in [[answer, answer].concat(), [answer, b"<html>"].concat()] {
            let unexpected = ProxyFault::UnexpectedTunnelData { proxy: proxy() };
            assert_eq!(fault(&doubled).await, unexpected);
        }
    }
}

/// P49.
#[tokio::test]
async fn five_interim_answers_are_waited_through() {
    let interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n";
    let five = [&interim[..], interim, b"HTTP/1.1 199 x\r\n\r\n"].concat();
    let answer = [&five, OPEN].concat();
    assert!(ask(false, [whole(&answer)]).await.0.is_ok());
    for pieces in torn(&answer) {
        assert!(ask(false, [pieces]).await.0.is_ok());
    }
    let six = [b"HTTP/1.1 100 x\r\n\r\n", &answer[..]].concat();
    let detail = "too many interim answers";
    assert_eq!(
        fault(&six).await,
        ProxyFault::Malformed {
            proxy: proxy(),
            detail
        }
    );
    let upgrade = fault(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n").await;
    assert!(
        matches!(upgrade, ProxyFault::Malformed { .. }),
        "{upgrade:?}"
    );
}

/// P45, T19.
#[tokio::test]
async fn a_refusal_is_told_with_its_words() {
    for (answer, status, reason, offered) in [
        (
            &b"HTTP/1.1 403 Forbidden by policy\r\n\r\n"[..],
            403,
            "Forbidden by policy",
            None,
        ),
        (
            b"HTTP/1.0 502 Bad Gateway\r\n\r\n<html>",
            502,
            "Bad Gateway",
            None,
        ),
        (b"HTTP/1.1 503 \r\n\r\n", 503, "", None),
        (
            b"HTTP/1.1 504 Gateway Timeout\r\nTransfer-Encoding: x\r\n\r\n",
            504,
            "Gateway Timeout",
            None,
        ),
        (
            b"HTTP/1.1 403 No\r\nProxy-Authenticate: NTLM\r\n\r\n",
            403,
            "No",
            Some("NTLM"),
        ),
        // The 401 of a proxy that was told nothing is no demand of the proxy.
        (
            b"HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=x\r\n\r\n",
            401,
            "Who",
            None,
        ),
        (b"HTTP/1.1 405 Method\r\n\r\n", 405, "Method", None),
    ] {
        let reply = ProxyReply {
            status,
            reason: PeerText::new(reason),
            offered: offered.into_iter().map(PeerText::new).collect(),
        };
        let refused = ProxyFault::Refused {
            proxy: proxy(),
            reply,
        };
        let (outcome, heard) = ask(true, [whole(answer), whole(OPEN)]).await;
        assert_eq!(outcome.err(), Some(refused));
        assert_eq!(heard.lock().unwrap().len(), 1);
    }
}

/// P44, T8.
#[tokio::test]
async fn a_portal_is_told_by_where_it_leads() {
    for (answer, status, location) in [
        (
            &b"HTTP/1.1 302 Found\r\nLocation: http://portal.hotel.example/login?mac=00:11\r\n\r\n"
                [..],
            302,
            Some("http://portal.hotel.example"),
        ),
        (
            b"HTTP/1.1 307 x\r\nLocation: https://u:p@portal:8443/\r\n\r\n",
            307,
            Some("https://portal:8443"),
        ),
        (b"HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", 302, None),
        (
            b"HTTP/1.1 302 Found\r\nLocation: javascript:x\r\n\r\n",
            302,
            None,
        ),
        (
            b"HTTP/1.1 511 Network Authentication Required\r\n\r\n<html>",
            511,
            None,
        ),
    ] {
        let portal = ProxyFault::CaptivePortal {
            proxy: proxy(),
            status,
            location: location.map(PeerText::new),
        };
        assert_eq!(fault(answer).await, portal);
    }
}

/// P47, P48, T20: what the parser refuses has a name; its own tests have the rest.
#[tokio::test]
async fn a_flawed_head_has_its_fault() {
    let split = b"HTTP/1.1 200 OK\r\nHTTP/1.1 200 OK\r\n\r\n";
    assert!(matches!(fault(split).await, ProxyFault::Malformed { .. }));
    let both = b"HTTP/1.1 407 x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert!(matches!(fault(both).await, ProxyFault::Malformed { .. }));
    let flood = [
        b"HTTP/1.1 200 OK\r\n",
        &b"A: b\r\n".repeat(101)[..],
        b"\r\n",
    ]
    .concat();
    let too_large = ProxyFault::TooLarge { proxy: proxy() };
    assert_eq!(fault(&flood).await, too_large);
    let endless = [b"HTTP/1.1 200 OK\r\nA: ", &b"b".repeat(20_000)[..]].concat();
    assert_eq!(fault(&endless).await, too_large);
}

/// P51.
#[tokio::test]
async fn tls_on_a_plain_port_is_another_protocol() {
    let alert = b"\x15\x03\x03\x00\x02\x02\x0a";
    let mismatch = ProxyFault::ProtocolMismatch {
        proxy: proxy(),
        first_bytes: alert.to_vec(),
    };
    assert_eq!(fault(alert).await, mismatch);
}

/// P48.
#[tokio::test(start_paused = true)]
async fn an_answer_has_a_time_limit_as_a_whole() {
    let start = Instant::now();
    let after = Duration::from_secs(30);
    for pieces in [
        vec![Piece::Never],
        vec![Piece::Bytes(b"HTTP/1.1 2".to_vec()), Piece::Never],
    ] {
        let (outcome, _) = ask(false, [pieces]).await;
        let proxy = proxy();
        assert_eq!(outcome.err(), Some(ProxyFault::TimedOut { proxy, after }));
    }
    assert_eq!(start.elapsed(), 2 * after);
}

/// A limit so long that no clock has its end.
#[tokio::test]
async fn there_may_be_no_time_limit() {
    let mut patient = tunnels(ProxyAccess::new());
    patient.answer_limit = Duration::MAX;
    for (server, answers) in [
        (PROXY, vec![whole(OPEN)]),
        (
            "socks4://proxy.test:1080",
            vec![whole(b"\0\x5a\0\0\0\0\0\0")],
        ),
    ] {
        let server: ProxyServer = server.parse().unwrap();
        let circumstances = Circumstances {
            by_script: false,
            disabled: DisabledAuthentication::default(),
            certificate: None,
        };
        let (script, _) = Script::new(answers);
        let (wire, to) = (Box::new(script), destination());
        let opened = match server.scheme {
            ProxyScheme::Http => {
                let login = patient.logins.begin(&server, circumstances);
                connect::open(&patient, &server, wire, login, &to).await
            }
            _ => socks::open(&patient, &server, wire, &circumstances, &to).await,
        };
        assert!(opened.is_ok());
    }
}
