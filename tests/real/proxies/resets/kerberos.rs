//! squid in a realm: the person and the computer, each known by the name of their ticket.

use sspr::{AuthScheme, Gssapi, KerberosProblem, ProxyAccess, ProxyFault};
use url::Url;

use super::Trip;
use crate::stand::kerberos::{self, COMPUTER, PERSON, REALM, Realm};
use crate::stand::{Proxy, squid};

/// What squid wrote down about two resets of someone else's process.
fn has_seen(proxy: &Proxy, principal: &str) {
    let (log, who) = (proxy.log(), format!(" {principal}@{REALM} "));
    log.wait_for(2, &["TCP_TUNNEL/200", "CONNECT localhost:", &who]);
    for responder in ["leaf", "intermediate"] {
        let path = format!("/ocsp/{responder}/");
        log.exactly(1, &["TCP_MISS/200", "GET http://127.0.0.1:", &path, &who]);
    }
    log.exactly(4, &[&who]);
    log.exactly(1, &["TCP_DENIED/407"]);
    log.exactly(5, &[" TCP_"]);
}

/// Two resets by the identity of this process.
async fn arrive(proxy: &Url, identity: Gssapi) {
    let access = ProxyAccess::new().own_identity(identity);
    let trip = Trip::through(proxy, access);
    trip.arrives_twice(Some(AuthScheme::Negotiate)).await;
}

#[tokio::test]
async fn a_person_by_their_ticket() {
    if let Some(proxy) = kerberos::inside() {
        return arrive(&proxy, Gssapi::new()).await;
    }
    let Some(realm) = Realm::start() else { return };
    let Some(proxy) = squid::kerberos(&realm) else {
        return;
    };
    let name = "resets::kerberos::a_person_by_their_ticket";
    realm.person().goes_to(&proxy, name);
    has_seen(&proxy, PERSON);
}

#[tokio::test]
async fn a_computer_by_its_keys() {
    if let Some(proxy) = kerberos::inside() {
        let keytab = std::env::var_os("KRB5_CLIENT_KTNAME").unwrap();
        return arrive(&proxy, Gssapi::keytab(keytab)).await;
    }
    let Some(realm) = Realm::start() else { return };
    for principal in COMPUTER {
        let Some(proxy) = squid::kerberos(&realm) else {
            return;
        };
        let name = "resets::kerberos::a_computer_by_its_keys";
        realm.computer(&[principal]).goes_to(&proxy, name);
        has_seen(&proxy, principal);
    }
}

#[tokio::test]
async fn nobody_without_a_ticket() {
    if let Some(proxy) = kerberos::inside() {
        let access = ProxyAccess::new().own_identity(Gssapi::new());
        let trip = Trip::through(&proxy, access);
        let missing = ProxyFault::Kerberos {
            proxy: trip.proxy.clone(),
            problem: KerberosProblem::NoCredentials,
        };
        assert_eq!(trip.is_refused().await, missing);
        return;
    }
    let Some(realm) = Realm::start() else { return };
    let Some(proxy) = squid::kerberos(&realm) else {
        return;
    };
    let name = "resets::kerberos::nobody_without_a_ticket";
    realm.stranger().goes_to(&proxy, name);
    let log = proxy.log();
    log.wait_for(2, &["TCP_DENIED/407", " - HIER"]);
    log.exactly(2, &[" TCP_"]);
}
