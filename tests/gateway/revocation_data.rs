//! The one exception to encryption: revocation data at addresses that were named.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use sspr::{Fetch, FetchFault, FetchFuture, FetchRequest, FetchResponse, Way};
use tokio::io::AsyncReadExt;
use url::Url;

use super::setup::{channel_to, serve_with, tenant};
use super::view::{ask, status, status_of, token};

/// Answers what it is asked for, and remembers it.
#[derive(Clone, Default)]
struct Responder(Arc<Mutex<Vec<FetchRequest>>>);

impl Fetch for Responder {
    fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
        let is_there = !request.url.path().ends_with("/gone");
        self.0.lock().unwrap().push(request);
        Box::pin(async move {
            match is_there {
                true => Ok(FetchResponse::new(
                    Bytes::from_static(b"signed"),
                    Way::Direct,
                )),
                false => Err(FetchFault::Dns),
            }
        })
    }
}

#[tokio::test]
async fn what_was_named_is_fetched_without_a_word_of_the_view() {
    let tenant = tenant();
    let responder = Responder::default();
    let channel = channel_to(tenant.address(), tenant.ca_der())
        .fetch(responder.clone())
        .build()
        .unwrap();
    let (running, _events) = serve_with(channel, |builder| {
        builder
            .ocsp_responder(&Url::parse("http://ocsp.example/").unwrap())
            .crl(&Url::parse("http://crl.example/a.crl").unwrap())
    })
    .await;
    let token = token(&running);
    let fields = format!("Host: x\r\nCookie: secret=1\r\nX-Odd: 1\r\n{token}");
    for (line, body, kind) in [
        (
            "GET http://ocsp.example/MFEw HTTP/1.1",
            "",
            "application/ocsp-response",
        ),
        (
            "POST http://ocsp.example/ HTTP/1.1",
            "question",
            "application/ocsp-response",
        ),
        (
            "GET http://crl.example/a.crl HTTP/1.1",
            "",
            "application/pkix-crl",
        ),
    ] {
        let length = body.len();
        let head = format!("{line}\r\nContent-Length: {length}\r\n{fields}\r\n{body}");
        let (mut stream, answer) = ask(&running, &head).await;
        assert_eq!(status_of(&answer), 200, "{answer}");
        assert!(answer.contains(&format!("\r\nContent-Type: {kind}\r\n")));
        let mut content = Vec::new();
        stream.read_to_end(&mut content).await.unwrap();
        assert_eq!(content, b"signed");
    }
    let asked = responder.0.lock().unwrap().clone();
    assert_eq!(asked.len(), 3);
    assert_eq!(asked[1].body, "question");
    assert!(asked.iter().all(|request| request.deny_private_addresses));

    for line in [
        "GET http://other.example/a.crl HTTP/1.1",
        "GET http://crl.example/b.crl HTTP/1.1",
        "GET http://crl.example:81/a.crl HTTP/1.1",
        "GET https://crl.example/a.crl HTTP/1.1",
    ] {
        let answer = status(&running, &format!("{line}\r\n{fields}\r\n")).await;
        assert_eq!(answer, 405, "{line}");
    }
    let gone = format!("GET http://ocsp.example/a/gone HTTP/1.1\r\n{fields}\r\n");
    assert_eq!(status(&running, &gone).await, 502);
    let counts = running.counts();
    assert_eq!(
        (counts.fetched, counts.not_fetched, counts.other_methods),
        (3, 1, 4)
    );
}
