//! TLS against servers that others wrote: OpenSSL with the limits of old days, tlslite-ng without extended master secret.
//!
//! `tests/real/install/tls` installs them. Where something is missing, the tests say so and end; with `SSPR_REAL=require`
//! they fail.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "tls/stand.rs"]
mod stand;

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use http::Method;
use sspr::probe::Answer;
use sspr::{ClockFault, Effect, Exchange, Fault, Request, TlsFault, TrustFault};

use stand::{Place, channel, url};

#[tokio::test]
async fn servers_of_old_versions_are_told_and_the_probe_agrees() {
    let Some(place) = Place::new("old-versions", &["openssl"]) else {
        return;
    };
    for (version, chosen) in [("-tls1", 0x0301), ("-tls1_1", 0x0302)] {
        let server = place.openssl(&[version, "-cipher", "ALL:@SECLEVEL=0", "-www"]);
        let fault = place.tls_fault(&server).await;
        assert!(matches!(fault, TlsFault::TooOld { .. }), "{fault:?}");
        match server.probe().await {
            Answer::Chose { version, .. } => assert_eq!(version, chosen),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn servers_of_old_suites_have_nothing_in_common_and_the_probe_says_that_they_are_not_old() {
    let Some(place) = Place::new("old-suites", &["openssl"]) else {
        return;
    };
    for (cipher, chosen) in [
        ("ECDHE-RSA-AES128-SHA256", 0xc027), // CBC
        ("AES128-GCM-SHA256", 0x009c),       // RSA key exchange
        ("DHE-RSA-AES128-GCM-SHA256", 0x009e),
    ] {
        let server = place.openssl(&["-tls1_2", "-cipher", cipher, "-www"]);
        let fault = place.tls_fault(&server).await;
        assert!(
            matches!(fault, TlsFault::NoCommonParameters { .. }),
            "{cipher}: {fault:?}"
        );
        match server.probe().await {
            Answer::Chose { version, suite } => assert_eq!((version, suite), (0x0303, chosen)),
            other => panic!("{cipher}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn servers_of_today_answer() {
    let Some(place) = Place::new("today", &["openssl"]) else {
        return;
    };
    for version in ["-tls1_2", "-tls1_3"] {
        let server = place.openssl(&[version, "-www"]);
        let status = place
            .ask(&server, |builder| builder.require_ems(true))
            .await;
        assert_eq!(status.unwrap(), 200, "{version}");
    }
}

#[tokio::test]
async fn a_wanted_certificate_is_told_in_both_versions() {
    let Some(place) = Place::new("wanted", &["openssl"]) else {
        return;
    };
    for version in ["-tls1_2", "-tls1_3"] {
        let server = place.openssl(&[version, "-Verify", "1", "-verify_return_error", "-www"]);
        let fault = place.tls_fault(&server).await;
        assert!(
            matches!(fault, TlsFault::ClientCertificateWanted { .. }),
            "{version}: {fault:?}"
        );
        // Where it is only wished for, none will do.
        let server = place.openssl(&[version, "-verify", "1", "-www"]);
        let status = place.ask(&server, |builder| builder).await;
        assert_eq!(status.unwrap(), 200, "{version}");
    }
}

#[tokio::test]
async fn no_handshake_begins_again_on_an_open_connection() {
    let Some(place) = Place::new("renegotiation", &["openssl"]) else {
        return;
    };
    let mut server = place.openssl(&["-tls1_2"]);
    let channel = place.channel(|builder| builder);
    let url = server.url();
    channel.warm_up(&url).await.unwrap();
    // On the command `r` the server sends a HelloRequest. The client declines, which OpenSSL takes for the end.
    let mut commands = server.child.stdin.take().unwrap();
    commands.write_all(b"r\n").unwrap();
    let mut request = Request::new(Method::POST, url);
    request.effect = Effect::SetsPassword;
    let error = channel.exchange(request).await.unwrap_err();
    match error.error.fault() {
        Fault::Closed { .. } | Fault::Tls(TlsFault::Alert { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_without_extended_master_secret_is_accepted_unless_it_is_required() {
    let Some(place) = Place::new("no-ems", &["openssl", "tlslite"]) else {
        return;
    };
    let server = place.tlslite("NO-EMS");
    let status = place.ask(&server, |builder| builder).await;
    assert_eq!(status.unwrap(), 200);
    match place
        .ask(&server, |builder| builder.require_ems(true))
        .await
    {
        Err(Fault::Tls(TlsFault::EmsMissing { .. })) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_probe_tells_an_old_version_behind_an_alert_that_does_not() {
    let Some(place) = Place::new("tlslite-old", &["openssl", "tlslite"]) else {
        return;
    };
    let server = place.tlslite("TLS1.1");
    let fault = place.tls_fault(&server).await;
    assert!(
        matches!(
            fault,
            TlsFault::NoCommonParameters { .. } | TlsFault::TooOld { .. }
        ),
        "{fault:?}"
    );
    let answer = server.probe().await;
    assert!(answer.is_too_old(), "{answer:?}");
}

/// Runs itself again under `faketime`, which sets the clock of a whole process.
#[test]
fn a_wrong_clock_is_told_with_both_times() {
    const INSIDE: &str = "SSPR_TEST_PLACE";
    if let Some(folder) = env::var_os(INSIDE) {
        let port = env::var("SSPR_TEST_PORT").unwrap().parse().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(under_a_wrong_clock(&PathBuf::from(folder), port));
        return;
    }
    let Some(place) = Place::new("clock", &["openssl", "faketime"]) else {
        return;
    };
    let server = place.openssl(&["-tls1_3", "-www"]);
    for (clock, expected) in [
        ("2010-01-01 00:00:00", "before-build"),
        ("-5d", "not-yet-valid"),
        ("2090-01-01 00:00:00", "expired"),
    ] {
        let told = Command::new("faketime")
            .args(["-f", clock])
            .arg(env::current_exe().unwrap())
            .args([
                "--exact",
                "a_wrong_clock_is_told_with_both_times",
                "--nocapture",
            ])
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env(INSIDE, &place.folder)
            .env("SSPR_TEST_PORT", server.port.to_string())
            .output()
            .unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        assert!(told.contains(&format!("told: {expected}")), "{told}");
    }
}

async fn under_a_wrong_clock(folder: &Path, port: u16) {
    let channel = channel(folder, |builder| builder);
    let error = channel
        .exchange(Request::new(Method::GET, url(port)))
        .await
        .unwrap_err();
    match error.error.fault() {
        Fault::Trust(TrustFault::NotYetValid {
            not_before, now, ..
        }) => {
            assert!(now < not_before);
            println!("told: not-yet-valid");
        }
        Fault::Trust(TrustFault::Expired { not_after, now, .. }) => {
            assert!(now > not_after);
            println!("told: expired");
        }
        Fault::Clock(ClockFault::BeforeBuild { .. }) => println!("told: before-build"),
        other => panic!("{other:?}"),
    }
}
