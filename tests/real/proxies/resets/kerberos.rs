//! squid in a realm: the person and the computer, each known by the name of their ticket.

use std::env;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sspr::revocation::Policy;
use sspr::{AuthScheme, Gssapi, KerberosProblem, ProxyAccess, ProxyFault, RootScope};
use url::Url;

use super::{Trip, server};
use crate::reset;
use crate::stand::kerberos::{self, COMPUTER, PERSON, REALM, Realm};
use crate::stand::{Log, haproxy, squid};

/// What squid wrote down about two resets of someone else's process.
fn has_seen(log: &Log, principal: &str) {
    let who = format!(" {principal}@{REALM} ");
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
    has_seen(proxy.log(), PERSON);
}

#[tokio::test]
async fn a_computer_by_its_keys() {
    if let Some(proxy) = kerberos::inside() {
        let keytab = env::var_os("KRB5_CLIENT_KTNAME").unwrap();
        return arrive(&proxy, Gssapi::keytab(keytab)).await;
    }
    let Some(realm) = Realm::start() else { return };
    for principal in COMPUTER {
        let Some(proxy) = squid::kerberos(&realm) else {
            return;
        };
        let name = "resets::kerberos::a_computer_by_its_keys";
        realm.computer(&[principal]).goes_to(&proxy, name);
        has_seen(proxy.log(), principal);
    }
}

/// Where the process that goes through HAProxy learns its root.
const ROOT: &str = "SSPR_INSIDE_ROOT";

/// The ticket is bound to HAProxy's certificate, which squid's helper does not look at.
#[tokio::test]
async fn a_computer_over_tls() {
    if let Some(proxy) = kerberos::inside() {
        let keytab = env::var_os("KRB5_CLIENT_KTNAME").unwrap();
        let root = STANDARD.decode(env::var(ROOT).unwrap()).unwrap();
        let trip = Trip::with(&proxy, |tenant, builder| {
            let trust = reset::trust(tenant).added_root(RootScope::Proxies, root);
            let access = ProxyAccess::new().own_identity(Gssapi::keytab(keytab));
            let builder = builder.trust(trust).proxy_access(access);
            let checked = reset::checked(Policy::default());
            builder.revocation(checked).way(server(&proxy))
        });
        return trip.arrives_twice(Some(AuthScheme::Negotiate)).await;
    }
    let Some(realm) = Realm::start() else { return };
    let squid = squid::kerberos(&realm);
    let Some(haproxy) = squid.and_then(haproxy::in_front_of) else {
        return;
    };
    let [service, _] = COMPUTER;
    let computer = realm.computer(&[service]);
    computer
        .knowing(ROOT, STANDARD.encode(&haproxy.root))
        .goes_to(&haproxy.proxy, "resets::kerberos::a_computer_over_tls");
    has_seen(haproxy.proxy.behind().log(), service);
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
