//! Starting, reaching and stopping a tenant.

use std::io::{ErrorKind, Read as _};
use std::net::TcpStream;
use std::time::Duration;

use sspr::mock::{Endpoint, Fault, INITIAL_PASSWORD, Tenant, User};

use super::client::{Client, START};
use super::{ADELE, NEW};

#[test]
fn it_says_where_it_is() {
    let tenant = Tenant::start().unwrap();
    let authority = tenant.authority();
    assert_eq!(authority.scheme(), "https");
    assert_eq!(authority.host_str(), Some("localhost"));
    assert_eq!(authority.port(), Some(tenant.address().port()));
    assert_eq!(authority.path(), "/contoso.onmicrosoft.com");
    assert_eq!(tenant.client_id().len(), 36);
    assert!(tenant.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
}

#[test]
fn it_listens_on_ipv6_too() {
    let tenant = Tenant::builder().ipv6().start().unwrap();
    assert_eq!(tenant.authority().host_str(), Some("[::1]"));
    assert_eq!(Client::connect(&tenant).try_start(ADELE).status, 200);
}

#[test]
fn it_answers_to_other_names_and_older_tls() {
    let tenant = Tenant::builder()
        .host_name("contoso.ciamlogin.com")
        .tls12_only()
        .start()
        .unwrap();
    let mut client = Client::connect_as(&tenant, "contoso.ciamlogin.com");
    assert_eq!(client.try_start(ADELE).status, 200);
    assert_eq!(client.tls_version(), Some(rustls::ProtocolVersion::TLSv1_2));
    let mut stranger = Client::connect_as(&tenant, "login.example.com");
    let request = stranger.start_request(ADELE);
    assert!(stranger.exchange(&request).is_err());
    assert_eq!(tenant.traffic().handshakes, 1);
}

#[test]
fn strangers_do_not_trust_it() {
    let (tenant, other) = (Tenant::start().unwrap(), Tenant::start().unwrap());
    let tcp = TcpStream::connect(tenant.address()).unwrap();
    let mut client = Client::over(tcp, &other, "localhost");
    let request = client.start_request(ADELE);
    assert!(client.exchange(&request).is_err());
}

#[test]
fn any_tenant_segment_will_do() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let request = String::from_utf8(client.start_request(ADELE)).unwrap();
    for segment in [
        "fabrikam.onmicrosoft.com",
        "7a2f3c1e-6b1d-4d5c-9a52-1f7e0f2b8f10",
    ] {
        let request = request.replace("contoso.onmicrosoft.com", segment);
        assert_eq!(client.exchange(request.as_bytes()).unwrap().status, 200);
    }
    let seen = tenant.traffic().requests.pop().unwrap();
    assert_eq!(seen.method, "POST");
    assert!(seen.path().ends_with(START));
    assert_eq!(seen.header("HOST"), Some("localhost"));
    assert_eq!(seen.parameter("username").as_deref(), Some(ADELE));
    assert!(seen.complete && seen.raw.ends_with(&seen.body));
}

#[test]
fn requests_may_follow_at_once() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let request = client.start_request(ADELE);
    client.send(&[request.clone(), request].concat());
    assert_eq!(client.read_answer().unwrap().status, 200);
    assert_eq!(client.read_answer().unwrap().status, 200);
}

#[test]
fn it_stops_when_dropped() {
    let tenant = Tenant::start().unwrap();
    let address = tenant.address();
    let mut client = Client::connect(&tenant);
    client.start(ADELE);
    let held = tenant.order(Fault::at(Endpoint::Start).hold());
    let request = client.start_request(ADELE);
    client.send(&request);
    assert!(held.reached_within(Duration::from_secs(20)));
    drop(tenant);
    assert_eq!(client.drain(b""), b"");
    assert_eq!(
        TcpStream::connect(address).unwrap_err().kind(),
        ErrorKind::ConnectionRefused
    );
}

#[tokio::test]
async fn it_runs_beside_any_runtime() {
    let tenant = Tenant::start().unwrap();
    let order = tenant.order(Fault::at(Endpoint::Connect).close());
    let address = tenant.address();
    let stream = tokio::task::spawn_blocking(move || {
        let mut tcp = TcpStream::connect(address).unwrap();
        // A reset is as good an end as any.
        let _ = tcp.read(&mut [0]);
    });
    order.reached().await;
    stream.await.unwrap();
}

#[test]
fn users_come_as_ordered() {
    let megan = User::new("megan@contoso.com")
        .password("Spring-Rain-3")
        .contact("m@example.org");
    let tenant = Tenant::builder()
        .user(megan)
        .code_length(6)
        .start()
        .unwrap();
    let mut client = Client::connect(&tenant);
    assert!(tenant.password_is("MEGAN@contoso.com", "Spring-Rain-3"));
    assert!(!tenant.password_is("megan@contoso.com", INITIAL_PASSWORD));
    assert!(!tenant.password_is("nobody@contoso.com", NEW));
    let started = client.start("Megan@Contoso.com");
    assert_eq!(client.challenge(&started)["code_length"], 6);
    let mail = tenant.inbox().latest("m@example.org").unwrap();
    assert_eq!(
        (mail.user.as_str(), mail.code.len()),
        ("megan@contoso.com", 6)
    );
}

#[test]
fn mail_can_be_waited_for() {
    let tenant = Tenant::start().unwrap();
    let inbox = tenant.inbox();
    assert!(inbox.wait_for(0, Duration::ZERO).is_none());
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| inbox.wait_for(0, Duration::from_secs(20)));
        let mut client = Client::connect(&tenant);
        let started = client.start(ADELE);
        client.challenge(&started);
        assert_eq!(waiting.join().unwrap().unwrap().user, ADELE);
    });
}
