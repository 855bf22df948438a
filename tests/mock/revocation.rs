//! The responder for OCSP and lists, asked by hand. What it says is judged by OpenSSL in `tests/real/mock_pki`.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use sspr::mock::{
    Certificate, CrlAnswer, Endpoint, Fault, OcspAnswer, OcspFault, Reason, Staple, Status, Tenant,
};

use super::ADELE;
use super::client::Client;

const SOON: Duration = Duration::from_secs(20);
const LEAF: Certificate = Certificate::Leaf;

#[test]
fn each_certificate_has_its_list_and_its_issuer() {
    let tenant = Tenant::start().unwrap();
    let revocation = tenant.revocation();
    for of in [Certificate::Leaf, Certificate::Intermediate] {
        let list = get(&revocation.crl_url(of));
        assert_eq!(list.status, 200);
        assert_eq!(list.header("content-type"), Some("application/pkix-crl"));
        let issuer = get(&revocation.issuer_url(of));
        assert_eq!(issuer.header("content-type"), Some("application/pkix-cert"));
        assert_eq!(issuer.body, revocation.issuer(of));
    }
    assert_eq!(
        revocation.issuer(Certificate::Intermediate),
        tenant.ca_der()
    );
    assert_eq!(
        revocation.issuer(LEAF),
        revocation.certificate(Certificate::Intermediate)
    );
    let shown = [LEAF, Certificate::Intermediate].map(|of| revocation.certificate(of));
    assert_eq!(revocation.shown(), shown);
    let serial = &revocation.certificate(LEAF)[15..31];
    let lists = |serial: &[u8]| {
        let list = get(&revocation.crl_url(LEAF)).body;
        list.windows(serial.len()).any(|bytes| bytes == serial)
    };
    assert!(!lists(serial));
    revocation.set_status(LEAF, Status::revoked(Reason::KeyCompromise));
    assert!(lists(serial));
    revocation.set_crl(LEAF, CrlAnswer::new().status(Status::Good).more_entries(5));
    assert!(!lists(serial));
}

/// The only answers that are the same every time, and so can be compared without a parser.
#[test]
fn what_is_no_request_is_told_so() {
    let tenant = Tenant::start().unwrap();
    let revocation = tenant.revocation();
    let url = revocation.ocsp_url(LEAF);
    let malformed = [0x30, 3, 0x0A, 1, 1];
    for encoded in ["", "AAAA", "%zz", "MAA=", "MAIwAA=="] {
        assert_eq!(
            get(&format!("{url}/{encoded}")).body,
            malformed,
            "{encoded}"
        );
    }
    assert_eq!(
        post(&url, "application/ocsp-request", b"\x30\x00").body,
        malformed
    );
    assert_eq!(post(&url, "text/plain", b"").status, 415);
    assert_eq!(get(&url).status, 405);
    assert_eq!(get(&url.replace("leaf", "root")).status, 404);
    assert_eq!(
        post(&revocation.crl_url(LEAF), "text/plain", b"").status,
        405
    );
    let later = OcspAnswer::new().fault(OcspFault::ResponseStatus(3));
    assert_eq!(
        revocation.ocsp_response(LEAF, &later),
        [0x30, 3, 0x0A, 1, 3]
    );
}

#[test]
fn requests_are_recorded_apart() {
    let tenant = Tenant::start().unwrap();
    let revocation = tenant.revocation();
    get(&revocation.crl_url(LEAF));
    post(
        &revocation.ocsp_url(Certificate::Intermediate),
        "application/ocsp-request",
        b"?",
    );
    let traffic = tenant.traffic();
    assert_eq!((traffic.connections, traffic.requests.len()), (0, 0));
    assert_eq!(traffic.revocation_connections, 2);
    let seen: Vec<_> = traffic
        .revocation
        .iter()
        .map(|request| (request.connection, request.method.as_str(), request.path()))
        .collect();
    assert_eq!(
        seen,
        [
            (1, "GET", "/crl/leaf.crl"),
            (2, "POST", "/ocsp/intermediate")
        ]
    );
    assert_eq!(traffic.revocation[1].body, b"?");
}

#[test]
fn http_goes_wrong_as_ordered() {
    let tenant = Tenant::start().unwrap();
    let revocation = tenant.revocation();
    let (list, ocsp) = (
        revocation.crl_url(LEAF),
        revocation.ocsp_url(LEAF) + "/AAAA",
    );
    let crl = || Fault::at(Endpoint::Crl);

    tenant.order(crl().status(503).retry_after(9));
    tenant.order(Fault::at(Endpoint::Ocsp).status(403));
    let refused = get(&list);
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (503, Some("9"))
    );
    assert_eq!(get(&ocsp).header("content-type"), Some("text/html"));
    assert_eq!((get(&list).status, get(&ocsp).status), (200, 200));

    tenant.order(crl().redirect_to("http://other.example/list.crl"));
    let redirect = get(&list);
    assert_eq!(
        (redirect.status, redirect.header("location")),
        (302, Some("http://other.example/list.crl"))
    );

    tenant.order(crl().header("Content-Encoding", "gzip"));
    assert_eq!(get(&list).header("content-encoding"), Some("gzip"));
    tenant.order(crl().header("Content-Length", "5"));
    assert!(get(&list).body.len() > 5);
    tenant.order(crl().truncate_body(7));
    assert_eq!(get(&list).body.len(), 7);
    tenant.order(crl().padded_to(5 * 1024 * 1024 + 1));
    assert_eq!(get(&list).body.len(), 5 * 1024 * 1024 + 1);
    tenant.order(crl().body(*b"<html>").content_type("text/html"));
    assert_eq!(get(&list).body, b"<html>");
    tenant.order(Fault::at(Endpoint::Issuer).status(404));
    assert_eq!(get(&revocation.issuer_url(LEAF)).status, 404);

    let held = tenant.order(crl().hold());
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| get(&list).status);
        assert!(held.reached_within(SOON));
        assert!(!asking.is_finished());
        held.release();
        assert_eq!(asking.join().unwrap(), 200);
    });
}

#[test]
fn an_answer_can_be_slow_or_without_end() {
    let tenant = Tenant::start().unwrap();
    let url = tenant.revocation().crl_url(LEAF);
    let plain = get(&url);
    let gap = Duration::from_micros(200);
    tenant.order(Fault::at(Endpoint::Crl).trickle(gap));
    let started = Instant::now();
    let slow = get(&url);
    assert_eq!(slow.head.len(), plain.head.len());
    let gaps = u32::try_from(slow.head.len() + slow.body.len()).unwrap();
    assert!(started.elapsed() >= gap * gaps);

    tenant.order(Fault::at(Endpoint::Crl).endless());
    let mut tcp = ask(&url, "GET", "", b"").unwrap();
    let mut read = vec![0; 3_000_000];
    tcp.read_exact(&mut read).unwrap();
    let head = String::from_utf8_lossy(&read[..400]).to_lowercase();
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert!(!read.windows(5).any(|bytes| bytes == b"0\r\n\r\n"));
    // The tenant still stops, although nobody reads any more.
    drop(tenant);
}

#[test]
fn the_responder_can_be_away() {
    let tenant = Tenant::start().unwrap();
    let revocation = tenant.revocation();
    let url = revocation.crl_url(LEAF);
    revocation.close_port().unwrap();
    let refused = ask(&url, "GET", "", b"").unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert_eq!(Client::connect(&tenant).try_start(ADELE).status, 200);
    revocation.open_port().unwrap();
    assert_eq!(get(&url).status, 200);
}

#[test]
fn bytes_are_counted_from_the_handshake_on() {
    let (tenant, other) = (Tenant::start().unwrap(), Tenant::start().unwrap());
    let tcp = TcpStream::connect(tenant.address()).unwrap();
    let mut stranger = Client::over(tcp, &other, "localhost");
    let request = stranger.start_request(ADELE);
    assert!(stranger.exchange(&request).is_err());
    drop(stranger);
    assert!(tenant.idle_within(SOON));
    let traffic = tenant.traffic();
    assert_eq!((traffic.connections, traffic.application_bytes), (1, 0));

    let mut client = Client::connect(&tenant);
    client.start(ADELE);
    client.send(b"POST /half");
    assert!(!tenant.idle_within(Duration::ZERO));
    drop(client);
    assert!(tenant.idle_within(SOON));
    assert_eq!(tenant.traffic().application_bytes, request.len() + 10);
}

/// A staple of nothing is no TLS, and one above 64 KiB is no handshake message that rustls takes.
#[test]
fn staples_that_break_the_handshake() {
    let worked = |tenant: &Tenant, staple: Staple| {
        tenant.revocation().set_staple(staple);
        let mut client = Client::connect(tenant);
        let request = client.start_request(ADELE);
        client.exchange(&request).is_ok()
    };
    let (any, older) = (Tenant::builder(), Tenant::builder().tls12_only());
    for tenant in [any.start().unwrap(), older.start().unwrap()] {
        assert!(worked(&tenant, Staple::Answer(OcspAnswer::new())));
        assert!(worked(&tenant, Staple::Bytes(vec![1])));
        assert!(worked(&tenant, Staple::Zeros(60_000)));
        assert!(!worked(&tenant, Staple::Zeros(usize::MAX)));
        assert!(!worked(&tenant, Staple::Empty));
        assert!(worked(&tenant, Staple::None));
    }
}

struct Got {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Got {
    fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

fn get(url: &str) -> Got {
    read(ask(url, "GET", "", b"").unwrap())
}

fn post(url: &str, content_type: &str, body: &[u8]) -> Got {
    let fields = format!(
        "Content-Type: {content_type}\r\nContent-Length: {}\r\n",
        body.len()
    );
    read(ask(url, "POST", &fields, body).unwrap())
}

fn ask(url: &str, method: &str, fields: &str, body: &[u8]) -> io::Result<TcpStream> {
    let (host, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut tcp = TcpStream::connect(host)?;
    tcp.set_read_timeout(Some(SOON))?;
    let head =
        format!("{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{fields}\r\n");
    tcp.write_all(head.as_bytes())?;
    tcp.write_all(body)?;
    Ok(tcp)
}

fn read(mut tcp: TcpStream) -> Got {
    let mut bytes = Vec::new();
    tcp.read_to_end(&mut bytes).unwrap();
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4;
    let body = bytes.split_off(end);
    let head = String::from_utf8(bytes).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Got { status, head, body }
}
