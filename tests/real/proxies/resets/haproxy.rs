//! HAProxy, to which TLS is spoken. It passes on to the proxy that logs in and writes down.

use sspr::revocation::Policy;
use sspr::{AuthScheme, Fault, ProxyAccess, ProxyFault, RevocationFault, RootScope, TrustFault};
use url::Url;

use super::{PASSWORD, Trip, USER, account, server, squid as log_of_squid};
use crate::reset;
use crate::stand::haproxy::{self, Haproxy};
use crate::stand::{Proxy, px, squid};

/// Through HAProxy, whose root is trusted for `scope`.
fn trip(haproxy: &Haproxy, policy: Policy, scope: RootScope, access: ProxyAccess) -> Trip {
    let url = haproxy.proxy.url();
    Trip::with(&url, |tenant, builder| {
        let trust = reset::trust(tenant).added_root(scope, haproxy.root.clone());
        let builder = builder.trust(trust).revocation(reset::checked(policy));
        builder.way(server(&url)).proxy_access(access)
    })
}

/// As by default: nobody can be asked about HAProxy's certificate, as it is with most certificates of the own network.
fn usual_trip(haproxy: &Haproxy, user: &str) -> Trip {
    let access = hidden_account(&haproxy.proxy.url(), user);
    trip(haproxy, Policy::default(), RootScope::Proxies, access)
}

/// What goes inside TLS is not in clear text.
fn hidden_account(url: &Url, user: &str) -> ProxyAccess {
    account(url, user, PASSWORD).allow_basic_over_plaintext(false)
}

async fn leads_to_squid(squid: Option<Proxy>, scheme: AuthScheme) {
    let Some(haproxy) = squid.and_then(haproxy::in_front_of) else {
        return;
    };
    let trip = usual_trip(&haproxy, USER);
    trip.arrives_twice(Some(scheme)).await;
    log_of_squid::has_seen(haproxy.proxy.behind().log(), &trip, USER, scheme);
    haproxy.proxy.log().line(&["TLSv1.3", "sni=localhost"]);
}

#[tokio::test]
async fn before_squid_with_basic() {
    let squid = squid::basic("corp", &[(USER, PASSWORD)]);
    leads_to_squid(squid, AuthScheme::Basic).await;
}

#[tokio::test]
async fn before_squid_with_digest() {
    let squid = squid::digest("corp", &[(USER, PASSWORD)]);
    leads_to_squid(squid, AuthScheme::Digest).await;
}

/// The response is bound to HAProxy's certificate, which squid's helper does not look at.
#[tokio::test]
async fn before_squid_with_ntlm() {
    leads_to_squid(squid::ntlm(), AuthScheme::Ntlm).await;
}

/// The response is bound to HAProxy's certificate, which px knows nothing of: it verifies all the rest.
#[tokio::test]
async fn before_px_with_ntlm() {
    const IN_DOMAIN: &str = "CORP\\user";
    let px = px::ntlm(IN_DOMAIN, PASSWORD);
    let Some(haproxy) = px.and_then(haproxy::in_front_of) else {
        return;
    };
    let trip = usual_trip(&haproxy, IN_DOMAIN);
    trip.arrives_twice(Some(AuthScheme::Ntlm)).await;
    let px = haproxy.proxy.behind().log();
    px.exactly(4, &["Authenticated NTLM client"]);
}

#[tokio::test]
async fn with_a_staple_it_passes_the_strictest_check() {
    let squid = squid::digest("corp", &[(USER, PASSWORD)]);
    let Some(haproxy) = squid.and_then(haproxy::stapling) else {
        return;
    };
    let access = hidden_account(&haproxy.proxy.url(), USER);
    let trip = trip(&haproxy, Policy::Strict, RootScope::Proxies, access);
    trip.arrives_twice(Some(AuthScheme::Digest)).await;
    log_of_squid::has_seen(
        haproxy.proxy.behind().log(),
        &trip,
        USER,
        AuthScheme::Digest,
    );
}

/// What was wrong with the TLS session. Nothing was said in it.
async fn tls_fault(policy: Policy, scope: RootScope) -> Option<Fault> {
    let squid = squid::basic("corp", &[(USER, PASSWORD)]);
    let haproxy = squid.and_then(haproxy::in_front_of)?;
    let access = hidden_account(&haproxy.proxy.url(), USER);
    let trip = trip(&haproxy, policy, scope, access);
    let ProxyFault::Tls { proxy, fault } = trip.is_refused().await else {
        panic!("another fault");
    };
    assert_eq!(proxy, trip.proxy);
    haproxy.proxy.behind().log().exactly(0, &[" TCP_"]);
    Some(*fault)
}

#[tokio::test]
async fn a_root_for_authorities_is_none_for_proxies() {
    let scope = RootScope::Authorities;
    let Some(fault) = tls_fault(Policy::default(), scope).await else {
        return;
    };
    let Fault::Trust(TrustFault::UnknownIssuer { host, issuer }) = fault else {
        panic!("{fault:?}");
    };
    assert_eq!(host, "localhost");
    assert_eq!(issuer.name.as_str(), "CN=Proxy Root");
}

#[tokio::test]
async fn the_strictest_check_wants_to_know_about_haproxy_too() {
    let Some(fault) = tls_fault(Policy::Strict, RootScope::Proxies).await else {
        return;
    };
    assert!(
        matches!(
            fault,
            Fault::Revocation(RevocationFault::NoInformation { .. })
        ),
        "{fault:?}"
    );
}
