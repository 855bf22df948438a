//! Demands for a login: in pieces, cut off, doubled, and such that cannot be met.

use tokio::time::Instant;

use super::answers::{OPEN, ask, opened_with, proxy};
use super::script::{Piece, cut, torn, whole};
use super::*;
use crate::error::{AuthScheme, PeerText, ProxyReply};

/// What many proxies say, with a page for browsers.
const WHO: &[u8] = b"HTTP/1.1 407 Proxy Authentication Required\r\n\
    Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm=\"corp\"\r\n\
    Content-Length: 12\r\n\r\n<html></html";

const WHO_IN_CHUNKS: &[u8] = b"HTTP/1.1 407 Who\r\nproxy-authenticate: Basic realm=\"corp\"\r\n\
    Transfer-Encoding: chunked\r\n\r\n3;x\r\n<ht\r\n2\r\nml\r\n0\r\nX: y\r\n\r\n";

/// The login is tried again elsewhere, where nobody is found.
fn is_reconnect(fault: &ProxyFault) -> bool {
    matches!(fault, ProxyFault::Unreachable { .. })
}

#[tokio::test]
async fn a_login_goes_on_after_the_body_of_the_refusal() {
    for who in [WHO, WHO_IN_CHUNKS] {
        for pieces in torn(who) {
            let (opened, heard) = ask(true, [pieces, whole(OPEN)]).await;
            assert_eq!(opened.unwrap().way, opened_with(Some(AuthScheme::Basic)));
            let heard = heard.lock().unwrap();
            assert_eq!(heard.len(), 2);
            let second = String::from_utf8_lossy(&heard[1]);
            assert!(second.contains(&format!("\r\nProxy-Authorization: {BASIC}\r\n")));
        }
        for pieces in torn(OPEN) {
            let (opened, _) = ask(true, [whole(who), pieces]).await;
            assert_eq!(opened.unwrap().way, opened_with(Some(AuthScheme::Basic)));
        }
    }
}

#[tokio::test]
async fn a_refusal_that_is_cut_off_is_no_demand_in_its_head_and_one_in_its_body() {
    for who in [WHO, WHO_IN_CHUNKS] {
        let head = memchr::memmem::find(who, b"\r\n\r\n").unwrap() + 4;
        for (at, pieces) in cut(who) {
            let (outcome, heard) = ask(true, [pieces]).await;
            let fault = outcome.err().unwrap();
            match at < head {
                true => assert_eq!(fault, ProxyFault::Closed { proxy: proxy() }, "cut at {at}"),
                false => assert!(is_reconnect(&fault), "cut at {at}: {fault:?}"),
            }
            assert_eq!(
                heard.lock().unwrap().len(),
                1,
                "nothing is told to whom it was not meant"
            );
        }
    }
}

/// What the answer to a login was going to say is not known: perhaps that it is refused. It is not sent once more.
#[tokio::test]
async fn an_answer_to_a_login_that_is_cut_off_is_no_reason_to_repeat_it() {
    let refused = [WHO, OPEN].map(|answer| cut(answer).filter(|(at, _)| *at > 0));
    for (at, pieces) in refused.into_iter().flatten() {
        let (outcome, heard) = ask(true, [whole(WHO), pieces]).await;
        let fault = outcome.err().unwrap();
        let in_body = memchr::memmem::find(WHO, b"\r\n\r\n").is_some_and(|head| at >= head + 4);
        match fault {
            ProxyFault::CredentialsRejected { .. } if in_body => {}
            ProxyFault::ClosedDuringAuth { scheme, .. } if !in_body => {
                assert_eq!(scheme, Some(AuthScheme::Basic), "cut at {at}");
            }
            other => panic!("cut at {at}: {other:?}"),
        }
        assert_eq!(heard.lock().unwrap().len(), 2);
    }
}

/// What follows a refusal unasked is not taken for the answer to the login.
#[tokio::test]
async fn a_doubled_refusal_costs_the_connection() {
    for second in [WHO, OPEN] {
        let doubled = [WHO, second].concat();
        let (outcome, heard) = ask(true, [whole(&doubled), whole(OPEN)]).await;
        let fault = outcome.err().unwrap();
        assert!(is_reconnect(&fault), "{fault:?}");
        assert_eq!(heard.lock().unwrap().len(), 1);
    }
}

/// A body that is too large, or ends with the connection, is not waited for.
#[tokio::test]
async fn a_refusal_without_end_costs_the_connection() {
    for framing in [
        "Content-Length: 65537",
        "Content-Length: 999999999999999999",
        "Transfer-Encoding: gzip",
        "X: y",
        "Connection: close\r\nContent-Length: 0",
    ] {
        let who = format!(
            "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\n{framing}\r\n\r\n"
        );
        let pieces = vec![Piece::Bytes(who.into_bytes()), Piece::Never];
        let (outcome, heard) = ask(true, [pieces, whole(OPEN)]).await;
        let fault = outcome.err().unwrap();
        assert!(is_reconnect(&fault), "{framing}: {fault:?}");
        assert_eq!(heard.lock().unwrap().len(), 1);
    }
}

/// A body that drips or stalls is waited for no longer than the answer.
#[tokio::test(start_paused = true)]
async fn a_refusal_that_stalls_costs_the_connection() {
    let start = Instant::now();
    let who = &WHO[..WHO.len() - 1];
    let (outcome, _) = ask(true, [vec![Piece::Bytes(who.to_vec()), Piece::Never]]).await;
    assert!(is_reconnect(&outcome.err().unwrap()));
    assert_eq!(start.elapsed(), Duration::from_secs(30));
}

/// P34, P35, T18: what the proxy demands is told with its words, cut body or not.
#[tokio::test]
async fn a_demand_that_cannot_be_met_is_told() {
    let reply = |offered: &[&str]| ProxyReply {
        status: 407,
        reason: PeerText::new("Who"),
        offered: offered.iter().copied().map(PeerText::new).collect(),
    };
    let ask = async |has_account, fields: &str| {
        let answer = format!("HTTP/1.1 407 Who\r\n{fields}Content-Length: 9\r\n\r\n<cut");
        ask(has_account, [whole(answer.as_bytes())])
            .await
            .0
            .err()
            .unwrap()
    };
    assert_eq!(
        ask(true, "").await,
        ProxyFault::NoChallenge {
            proxy: proxy(),
            reply: reply(&[])
        }
    );
    assert_eq!(
        ask(true, "Proxy-Authenticate: Foo\r\n").await,
        ProxyFault::NoAcceptableScheme {
            proxy: proxy(),
            reply: reply(&["Foo"])
        }
    );
    assert_eq!(
        ask(false, "Proxy-Authenticate: Basic realm=\"x\"\r\n").await,
        ProxyFault::CredentialsMissing {
            proxy: proxy(),
            reply: reply(&["Basic"])
        }
    );
}

/// P36, P41: credentials are not sent twice after a rejection.
#[tokio::test]
async fn a_rejected_login_is_sent_once() {
    for (status, field) in [(407, "Proxy-Authenticate"), (401, "WWW-Authenticate")] {
        let no = format!(
            "HTTP/1.1 {status} No\r\n{field}: Basic realm=\"corp\"\r\nContent-Length: 0\r\n\r\n"
        );
        let no = whole(no.as_bytes());
        let (outcome, heard) = ask(true, [whole(WHO), no.clone(), no, whole(OPEN)]).await;
        match outcome.err() {
            Some(ProxyFault::CredentialsRejected { scheme, reply, .. }) => {
                assert_eq!((scheme, reply.status), (AuthScheme::Basic, status));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(heard.lock().unwrap().len(), 2);
    }
}
