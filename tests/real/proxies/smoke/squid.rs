//! squid with each of its helpers that need no one else.

use super::{PASSWORD, Target, USER, WRONG};
use crate::probe::{self, Probe};
use crate::stand::kerberos::Realm;
use crate::stand::squid::{self, Squid};

#[test]
fn squid_lets_everyone_through_unless_it_is_told_otherwise() {
    let Some(squid) = Squid::new() else { return };
    let proxy = squid.start();
    let target = Target::new();
    target.passes(&proxy, None);
    proxy
        .log()
        .line(&["TCP_TUNNEL/200", "CONNECT", &target.host, " - "]);
    proxy
        .log()
        .line(&["TCP_MISS/200", "GET", &target.url, " - "]);
}

#[test]
fn squid_with_basic() {
    let Some(proxy) = squid::basic("corp", &[("other", "secret"), (USER, PASSWORD)]) else {
        return;
    };
    let target = Target::new();
    let refused = target.refused(&proxy, None);
    assert_eq!((refused.status, refused.schemes()), (407, vec!["Basic"]));
    target.passes(&proxy, Some(&probe::basic(USER, PASSWORD)));
    let refused = target.refused(&proxy, Some(&probe::basic(USER, WRONG)));
    assert_eq!(refused.status, 407);
    proxy
        .log()
        .line(&["TCP_TUNNEL/200", "CONNECT", &target.host, USER]);
    proxy
        .log()
        .line(&["TCP_MISS/200", "GET", &target.url, USER]);
}

/// A refusal leaves the connection open, behind a page of some length.
#[test]
fn squid_goes_on_after_a_refusal() {
    let Some(proxy) = squid::basic("corp", &[(USER, PASSWORD)]) else {
        return;
    };
    let target = Target::new();
    let mut probe = Probe::new(&proxy.url());
    let refused = probe.connect(&target.host, None);
    assert_eq!(
        (refused.status, refused.version.as_str()),
        (407, "HTTP/1.1")
    );
    assert!(refused.body.len() > 1000, "{refused:?}");
    let credentials = probe::basic(USER, PASSWORD);
    assert_eq!(probe.connect(&target.host, Some(&credentials)).status, 200);
}

#[test]
fn squid_with_digest() {
    let Some(proxy) = squid::digest("corp", &[(USER, PASSWORD)]) else {
        return;
    };
    let refused = Target::new().refused(&proxy, None);
    assert_eq!((refused.status, refused.schemes()), (407, vec!["Digest"]));
}

#[test]
fn squid_with_everything() {
    let (Some(squid), Some(realm)) = (Squid::new(), Realm::start()) else {
        return;
    };
    let users = [(USER, PASSWORD)];
    let squid = squid.kerberos(&realm).ntlm();
    let proxy = squid.digest("corp", &users).basic("corp", &users).start();
    let refused = Target::new().refused(&proxy, None);
    let expected = vec!["Negotiate", "NTLM", "Digest", "Basic"];
    assert_eq!((refused.status, refused.schemes()), (407, expected));
}
