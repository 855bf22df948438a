//! squid in a realm: who has which ticket or key, and under which name that is written down.

use std::process::Command;

use super::Target;
use crate::probe::Probe;
use crate::stand::kerberos::{self, COMPUTER, PERSON, REALM, Realm};
use crate::stand::squid;

#[test]
fn squid_with_kerberos_tells_the_person_from_the_computer() {
    let target = Target::new();
    if let Some(proxy) = kerberos::inside() {
        let negotiate = format!("Negotiate {}", token().unwrap());
        let mut probe = Probe::new(&proxy);
        assert_eq!(probe.connect(&target.host, Some(&negotiate)).status, 200);
        target.is_there(&probe.get_inside(&target.url));
        return;
    }
    let Some(realm) = Realm::start() else { return };
    let Some(proxy) = squid::kerberos(&realm) else {
        return;
    };
    let refused = target.refused(&proxy, None);
    assert_eq!(
        (refused.status, refused.schemes()),
        (407, vec!["Negotiate"])
    );
    let [service, account] = COMPUTER;
    for (identity, principal) in [
        (realm.person(), PERSON),
        (realm.computer(&[service]), service),
        (realm.computer(&[account]), account),
    ] {
        identity.goes_to(
            &proxy,
            "smoke::kerberos::squid_with_kerberos_tells_the_person_from_the_computer",
        );
        let who = format!(" {principal}@{REALM} ");
        proxy.log().line(&["TCP_TUNNEL/200", "CONNECT", &who]);
    }
}

#[test]
fn who_has_neither_ticket_nor_key_has_no_token() {
    if kerberos::inside().is_some() {
        assert_eq!(token(), None);
        return;
    }
    let Some(realm) = Realm::start() else { return };
    let Some(proxy) = squid::kerberos(&realm) else {
        return;
    };
    realm.stranger().goes_to(
        &proxy,
        "smoke::kerberos::who_has_neither_ticket_nor_key_has_no_token",
    );
}

/// The first token for the proxy, which squid's own tool makes of what this process is given. `None` if that is nothing.
fn token() -> Option<String> {
    let output = Command::new("/usr/lib/squid/negotiate_kerberos_auth_test")
        .arg("localhost")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let token = told.lines().find_map(|line| line.strip_prefix("Token: "))?;
    (token != "NULL").then(|| token.to_owned())
}
