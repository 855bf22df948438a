//! TLS servers, straight: `openssl s_server` and tlslite-ng.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;

use sspr::ChannelBuilder;
use sspr::diagnosis::Report;

use crate::tls::{NAME, Place, Server, url};
use crate::way;

crate::scenarios![
    openssl_today,
    openssl_tls10,
    openssl_tls11,
    openssl_rsa_key_exchange,
    openssl_cbc,
    openssl_wants_certificate,
    openssl_expired,
    openssl_not_yet_valid,
    openssl_wrong_name,
    openssl_self_signed,
    openssl_unknown_authority,
    openssl_without_intermediate,
    tlslite_tls11,
    tlslite_without_ems,
    server_gone,
];

/// What is said of `server`, where its root is trusted.
async fn told(
    place: &Place,
    server: &Server,
    adjust: fn(ChannelBuilder) -> ChannelBuilder,
) -> Report {
    let root = fs::read(place.folder.join("root.der")).unwrap();
    way::page(server.url(), adjust(way::straight(root))).await
}

/// Of `openssl s_server` with these options.
async fn openssl(name: &str, options: &[&str]) -> Option<Report> {
    let place = Place::new(&format!("diagnosis-{name}"), &["openssl"])?;
    let server = place.openssl(&[options, &["-www"]].concat());
    Some(told(&place, &server, |channel| channel).await)
}

async fn openssl_today() -> Option<Report> {
    openssl("today", &["-tls1_3"]).await
}

async fn openssl_tls10() -> Option<Report> {
    openssl("tls10", &["-tls1", "-cipher", "ALL:@SECLEVEL=0"]).await
}

async fn openssl_tls11() -> Option<Report> {
    openssl("tls11", &["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]).await
}

async fn openssl_rsa_key_exchange() -> Option<Report> {
    openssl("rsa", &["-tls1_2", "-cipher", "AES128-GCM-SHA256"]).await
}

async fn openssl_cbc() -> Option<Report> {
    openssl("cbc", &["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256"]).await
}

async fn openssl_wants_certificate() -> Option<Report> {
    openssl(
        "wants",
        &["-tls1_3", "-Verify", "1", "-verify_return_error"],
    )
    .await
}

/// Of a server whose certificate `make` put into `other.pem`.
async fn with_certificate(name: &str, make: impl FnOnce(&Place)) -> Option<Report> {
    let place = Place::new(&format!("diagnosis-{name}"), &["openssl", "faketime"])?;
    make(&place);
    let server = place.openssl(&["-cert", "other.pem", "-www"]);
    Some(told(&place, &server, |channel| channel).await)
}

/// A certificate like that of the other servers, issued at another time for 20 days.
fn issued(place: &Place, when: &str) {
    let output = Command::new("faketime")
        .args(["-f", when, "openssl", "x509", "-req", "-in", "request.pem"])
        .args(["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"])
        .args(["-days", "20", "-extfile", "extensions", "-out", "other.pem"])
        .current_dir(&place.folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

async fn openssl_expired() -> Option<Report> {
    with_certificate("expired", |place| issued(place, "-60d")).await
}

async fn openssl_not_yet_valid() -> Option<Report> {
    with_certificate("early", |place| issued(place, "+5d")).await
}

async fn openssl_wrong_name() -> Option<Report> {
    with_certificate("name", |place| {
        fs::write(
            place.folder.join("extensions"),
            "subjectAltName=DNS:other.example\nextendedKeyUsage=serverAuth\n",
        )
        .unwrap();
        issued(place, "+0");
    })
    .await
}

async fn openssl_self_signed() -> Option<Report> {
    with_certificate("self-signed", |place| {
        place.run(&format!(
            "req -x509 -key server.key -out other.pem -days 20 -subj /CN=Self -addext subjectAltName=DNS:{NAME} \
             -addext basicConstraints=critical,CA:FALSE"
        ));
    })
    .await
}

/// The root that is trusted is another one.
async fn openssl_unknown_authority() -> Option<Report> {
    let place = Place::new("diagnosis-unknown", &["openssl"])?;
    let server = place.openssl(&["-www"]);
    place.run("req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 30 -subj /CN=Other");
    place.run("x509 -in other.pem -outform DER -out root.der");
    Some(told(&place, &server, |channel| channel).await)
}

/// Between the server's certificate and the root there is an authority that the server does not show.
async fn openssl_without_intermediate() -> Option<Report> {
    with_certificate("intermediate", |place| {
        place.run("req -newkey rsa:2048 -nodes -keyout middle.key -out middle.req -subj /CN=Middle");
        fs::write(place.folder.join("authority"), "basicConstraints=critical,CA:TRUE\n").unwrap();
        place.run("x509 -req -in middle.req -CA root.pem -CAkey root.key -CAcreateserial -days 20 -extfile authority -out middle.pem");
        place.run("x509 -req -in request.pem -CA middle.pem -CAkey middle.key -CAcreateserial -days 20 -extfile extensions -out other.pem");
    })
    .await
}

async fn tlslite_tls11() -> Option<Report> {
    let place = Place::new("diagnosis-tlslite-old", &["openssl", "tlslite"])?;
    let server = place.tlslite("TLS1.1");
    Some(told(&place, &server, |channel| channel).await)
}

async fn tlslite_without_ems() -> Option<Report> {
    let place = Place::new("diagnosis-tlslite-ems", &["openssl", "tlslite"])?;
    let server = place.tlslite("NO-EMS");
    Some(told(&place, &server, |channel| channel.require_ems(true)).await)
}

/// Nobody listens there.
async fn server_gone() -> Option<Report> {
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    Some(
        way::page(
            url(port),
            sspr::Channel::builder()
                .way(sspr::proxy::Explicit::Direct)
                .resolver(way::Here)
                .network(way::Up),
        )
        .await,
    )
}
