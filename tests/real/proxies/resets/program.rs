//! The example program, which people try the crate with.

use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{PASSWORD, USER, WRONG, server};
use crate::stand::{Proxy, example, squid};

/// What `examples/reset` printed on its way through a proxy, and whether it changed the password.
fn run(program: &Path, proxy: &Proxy, password: &str) -> (String, bool) {
    let output = Command::new(program)
        .args(["--unattended", "--explain", "--lang", "en"])
        .args(["--proxy", &server(&proxy.url()).to_string()])
        .args(["--proxy-user", USER])
        .env("SSPR_PROXY_PASSWORD", password)
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).unwrap();
    // Neither as it is nor as schemes carry it.
    for secret in [password, &STANDARD.encode(format!("{USER}:{password}"))] {
        assert!(!printed.contains(secret), "{printed}");
    }
    for word in ["proxy-authorization", "Proxy-Authorization", "nonce"] {
        assert!(!printed.contains(word), "{printed}");
    }
    (printed, output.status.success())
}

#[test]
fn tells_the_way_and_no_secret() {
    let proxy = squid::digest("corp", &[(USER, PASSWORD)]);
    let (Some(program), Some(proxy)) = (example("reset"), proxy) else {
        return;
    };
    let (printed, is_changed) = run(&program, &proxy, PASSWORD);
    assert!(is_changed, "{printed}");
    let way = format!("{} (login: Digest)", server(&proxy.url()));
    // The connection, and both questions to the responder.
    assert_eq!(printed.matches(&way).count(), 3, "{printed}");
    assert_eq!(printed.matches("revocation: Good").count(), 2, "{printed}");
    assert!(
        printed.ends_with("outcome: password changed\n"),
        "{printed}"
    );
    let log = proxy.log();
    log.line(&["TCP_TUNNEL/200", "CONNECT", " user "]);
    log.exactly(2, &["TCP_MISS/200", "GET http://127.0.0.1:", " user "]);
    log.exactly(1, &["TCP_DENIED/407"]);
}

#[test]
fn tells_that_the_login_is_wrong() {
    let proxy = squid::digest("corp", &[(USER, PASSWORD)]);
    let (Some(program), Some(proxy)) = (example("reset"), proxy) else {
        return;
    };
    let (printed, is_changed) = run(&program, &proxy, WRONG);
    assert!(!is_changed, "{printed}");
    let fault = format!(
        "fault:  The proxy {} refused the login.",
        server(&proxy.url())
    );
    assert!(printed.contains(&fault), "{printed}");
    let log = proxy.log();
    log.line(&["TCP_DENIED/407", " user "]);
    log.exactly(1, &[" user "]);
    log.exactly(2, &[" TCP_"]);
}
