//! Every fault that can be ordered.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::json;
use sspr::mock::{Endpoint, Fault, INITIAL_PASSWORD, Tenant};

use super::client::{CHALLENGE, Client, SUBMIT};
use super::{ADELE, NEW};

const SOON: Duration = Duration::from_secs(20);

#[test]
fn a_status_with_and_without_retry_after() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    tenant.order(Fault::at(Endpoint::Start).status(503));
    tenant.order(Fault::at(Endpoint::Start).status(429).retry_after(7));
    let first = client.try_start(ADELE);
    assert_eq!((first.status, first.header("retry-after")), (503, None));
    assert_eq!(first.header("content-type"), Some("text/html"));
    let second = client.try_start(ADELE);
    assert_eq!(
        (second.status, second.header("retry-after")),
        (429, Some("7"))
    );
    assert_eq!(client.try_start(ADELE).status, 200);
    assert_eq!(tenant.traffic().connections, 1);
}

#[test]
fn only_the_nth_or_several_or_all() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let third = tenant.order(Fault::at(Endpoint::Start).nth(3).times(2).status(500));
    let mut statuses = |count: usize| {
        (0..count)
            .map(|_| client.try_start(ADELE).status)
            .collect::<Vec<_>>()
    };
    assert_eq!(statuses(5), [200, 200, 500, 500, 200]);
    assert_eq!(third.hits(), 2);
    tenant.order(Fault::at(Endpoint::Start).always().status(500));
    assert_eq!(statuses(3), [500, 500, 500]);
    tenant.cancel_orders();
    assert_eq!(statuses(1), [200]);
}

#[test]
fn errors_and_redirects_in_the_usual_form() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let error = Fault::at(Endpoint::Start)
        .error("odd")
        .suberror("odder")
        .code(1)
        .code(2);
    tenant.order(error);
    let body = client.try_start(ADELE).json();
    assert_eq!(
        (&body["error"], &body["suberror"]),
        (&json!("odd"), &json!("odder"))
    );
    assert_eq!(body["error_codes"], json!([1, 2]));
    assert!(
        body["error_description"]
            .as_str()
            .unwrap()
            .starts_with("AADSTS1: ")
    );

    tenant.order(Fault::at(Endpoint::Start).suberror("password_banned"));
    assert_eq!(client.try_start(ADELE).json()["error"], "invalid_grant");
    tenant.order(Fault::at(Endpoint::Start).expired_token());
    assert_eq!(
        client.try_start(ADELE).json()["error_codes"],
        json!([552_003])
    );
    tenant.order(Fault::at(Endpoint::Start).redirect());
    assert_eq!(client.start(ADELE), json!({ "challenge_type": "redirect" }));
    tenant.order(Fault::at(Endpoint::Start).redirect_because("policy"));
    assert_eq!(client.start(ADELE)["redirect_reason"], "policy");
}

#[test]
fn bodies_of_every_kind() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let mut spoiled = |fault: Fault| {
        tenant.order(fault);
        client.try_start(ADELE)
    };
    let start = || Fault::at(Endpoint::Start);
    let body = spoiled(
        start()
            .body("<html>")
            .content_type("text/html; charset=utf-16")
            .status(201),
    );
    assert_eq!(
        (body.status, body.body.as_slice()),
        (201, b"<html>".as_slice())
    );
    assert_eq!(
        body.header("content-type"),
        Some("text/html; charset=utf-16")
    );
    assert_eq!(spoiled(start().body("")).body, b"");

    assert_eq!(
        spoiled(start().with("continuation_token", 5)).json()["continuation_token"],
        5
    );
    assert_eq!(
        spoiled(start().without("continuation_token")).json(),
        json!({})
    );
    let twice = spoiled(start().duplicate("continuation_token"));
    let text = String::from_utf8(twice.body).unwrap();
    assert_eq!(text.matches("\"continuation_token\":").count(), 2);
    assert!(
        serde_json::from_slice::<serde_json::Value>(&spoiled(start().broken_json()).body).is_err()
    );

    let padded = spoiled(start().padded_to(3_000_000));
    assert_eq!(padded.body.len(), 3_000_000);
    assert!(padded.json()["continuation_token"].is_string());
    let chunked = spoiled(start().padded_to(2500).chunked());
    assert_eq!(chunked.header("transfer-encoding"), Some("chunked"));
    assert_eq!(chunked.body.len(), 2500);
    assert_eq!(
        spoiled(
            start()
                .status(302)
                .header("Location", "https://example.com/")
        )
        .status,
        302
    );
}

#[test]
fn a_replaced_answer_keeps_the_tenant_from_acting() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let verified = client.verified(&tenant);
    tenant.order(Fault::at(Endpoint::Submit).status(502));
    assert_eq!(
        client
            .step(SUBMIT, &verified, &[("new_password", NEW)])
            .status,
        502
    );
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));
    tenant.order(Fault::at(Endpoint::Submit).status(502).after_effect());
    assert_eq!(
        client
            .step(SUBMIT, &verified, &[("new_password", NEW)])
            .status,
        502
    );
    assert!(tenant.password_is(ADELE, NEW));
}

#[test]
fn an_answer_is_cut_at_every_byte() {
    let tenant = Tenant::builder()
        .codes_per_hour(usize::MAX)
        .start()
        .unwrap();
    let started = Client::connect(&tenant).start(ADELE);
    let whole = {
        let mut client = Client::connect(&tenant);
        tenant.order(Fault::at(Endpoint::Start).close());
        let request = client.start_request(ADELE);
        client.drain(&request)
    };
    assert!(whole.starts_with(b"HTTP/1.1 200 OK\r\n") && whole.ends_with(b"}"));
    assert!(started["continuation_token"].is_string());
    for n in 0..=whole.len() {
        let mut client = Client::connect(&tenant);
        tenant.order(Fault::at(Endpoint::Start).close_after_response_bytes(n));
        let request = client.start_request(ADELE);
        let cut = client.drain(&request);
        assert_eq!(cut.len(), n);
        // All but the tokens and ids is the same.
        assert!(cut.iter().zip(&whole).take(40).all(|(a, b)| a == b));
    }
    let mut client = Client::connect(&tenant);
    tenant.order(Fault::at(Endpoint::Start).truncate_body(3));
    let request = client.start_request(ADELE);
    let cut = client.drain(&request);
    assert!(
        cut.ends_with(b"\r\n\r\n{\"c"),
        "{}",
        String::from_utf8_lossy(&cut)
    );
}

#[test]
fn a_request_is_cut_at_every_byte() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let started = client.start(ADELE);
    let request = client.step_request(CHALLENGE, &started, &[]);
    for n in 0..=request.len() {
        let mut client = Client::connect(&tenant);
        tenant.order(Fault::at(Endpoint::Challenge).close_after_request_bytes(n));
        assert_eq!(client.drain(&request), b"");
        let seen = tenant.traffic().requests.pop().unwrap();
        assert_eq!(seen.raw, request[..n]);
        assert_eq!(seen.complete, n == request.len());
    }
    assert!(tenant.inbox().messages().is_empty());
    assert_eq!(client.challenge(&started)["challenge_type"], "oob");
}

#[test]
fn a_request_that_the_client_gives_up() {
    let tenant = Tenant::start().unwrap();
    let client = Client::connect(&tenant);
    let request = client.start_request(ADELE);
    client.abandon(&request[..50]);
    let seen = tenant.traffic().requests.pop().unwrap();
    assert_eq!(seen.raw, request[..50]);
    assert!(!seen.complete && seen.method.is_empty());
}

#[test]
fn an_answer_is_held_until_released() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let started = client.start(ADELE);
    let held = tenant.order(Fault::at(Endpoint::Challenge).hold());
    assert_eq!(held.hits(), 0);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| client.challenge(&started));
        assert!(held.reached_within(SOON));
        assert_eq!(tenant.inbox().messages().len(), 1, "the tenant has acted");
        assert!(!waiting.is_finished());
        held.release();
        assert_eq!(waiting.join().unwrap()["challenge_type"], "oob");
    });
}

#[test]
fn an_answer_is_delayed() {
    let tenant = Tenant::start().unwrap();
    let time = Duration::from_millis(80);
    tenant.order(Fault::at(Endpoint::Start).delay(time));
    let mut client = Client::connect(&tenant);
    let before = std::time::Instant::now();
    client.start(ADELE);
    assert!(before.elapsed() >= time);
}

#[test]
fn raw_bytes() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    tenant.order(Fault::at(Endpoint::Start).raw("HTTP/1.1 200 OK\r\nContent-Length: nine\r\n\r\n"));
    let request = client.start_request(ADELE);
    assert!(client.drain(&request).ends_with(b"nine\r\n\r\n"));
}

#[test]
fn before_tls() {
    let tenant = Tenant::start().unwrap();
    let read = |write: &[u8]| {
        let mut tcp = TcpStream::connect(tenant.address()).unwrap();
        tcp.write_all(write).unwrap();
        let mut bytes = Vec::new();
        // A reset is as good an end as any.
        let _ = tcp.read_to_end(&mut bytes);
        bytes
    };
    tenant.order(Fault::at(Endpoint::Connect).close());
    assert_eq!(read(b""), b"");
    tenant.order(Fault::at(Endpoint::Connect).raw("HTTP/1.0 403 no\r\n\r\n"));
    assert_eq!(read(b""), b"HTTP/1.0 403 no\r\n\r\n");
    tenant.order(Fault::at(Endpoint::Connect).close_after_request_bytes(5));
    assert_eq!(read(b"12345"), b"");
    assert_eq!(tenant.traffic().handshakes, 0);

    let held = tenant.order(Fault::at(Endpoint::Connect).hold());
    let mut client = Client::connect(&tenant);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| client.try_start(ADELE).status);
        assert!(held.reached_within(SOON));
        assert_eq!(tenant.traffic().handshakes, 0);
        held.release();
        assert_eq!(waiting.join().unwrap(), 200);
    });
    assert_eq!(tenant.traffic().connections, 4);
}

#[test]
fn the_port_can_be_closed_and_opened() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    client.start(ADELE);
    for _ in 0..2 {
        tenant.close_port().unwrap();
        tenant.close_port().unwrap();
        let refused = TcpStream::connect(tenant.address()).unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
        assert_eq!(
            client.try_start(ADELE).status,
            200,
            "an open connection stays"
        );
        tenant.open_port().unwrap();
        assert_eq!(Client::connect(&tenant).try_start(ADELE).status, 200);
    }
}

#[test]
fn connections_can_be_dropped() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    client.start(ADELE);
    tenant.drop_connections().unwrap();
    let request = client.start_request(ADELE);
    assert_eq!(client.drain(&request), b"");
    assert_eq!(Client::connect(&tenant).try_start(ADELE).status, 200);
}
