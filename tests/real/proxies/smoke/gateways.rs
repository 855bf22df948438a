//! The proxies that are odd: of HTTP/1.0, over TLS, and one that looks inside.

use super::{PASSWORD, Target, USER, WRONG};
use crate::probe::{self, Probe};
use crate::stand::{haproxy, mitmproxy, squid, tinyproxy};

#[test]
fn tinyproxy_speaks_http_1_0_and_closes_after_a_refusal() {
    let Some(proxy) = tinyproxy::basic(USER, PASSWORD) else {
        return;
    };
    let target = Target::new();
    for (credentials, status) in [
        (None, 407),
        // Not what a proxy should say.
        (Some(probe::basic(USER, WRONG)), 401),
    ] {
        let mut probe = Probe::new(&proxy.url());
        let refused = probe.connect(&target.host, credentials.as_deref());
        assert_eq!(refused.status, status);
        assert_eq!(refused.version, "HTTP/1.0");
        assert!(probe.is_closed());
    }
    let refused = target.refused(&proxy, None);
    assert_eq!(refused.schemes(), ["Basic"]);
    target.passes(&proxy, Some(&probe::basic(USER, PASSWORD)));
    proxy.log().line(&["Request", "CONNECT", &target.host]);
    proxy.log().line(&["Request", "GET", &target.url]);
}

#[test]
fn haproxy_speaks_tls() {
    let Some(squid) = squid::basic("corp", &[(USER, PASSWORD)]) else {
        return;
    };
    let Some(haproxy) = haproxy::in_front_of(squid) else {
        return;
    };
    let target = Target::new();
    let mut probe = Probe::new(&haproxy.proxy.url()).over_tls(&haproxy.root);
    let refused = probe.connect(&target.host, None);
    assert_eq!((refused.status, refused.schemes()), (407, vec!["Basic"]));
    let credentials = probe::basic(USER, PASSWORD);
    let opened = probe.connect(&target.host, Some(&credentials));
    assert_eq!(opened.status, 200);
    assert_eq!(probe.get_inside(&target.url).status, 200);
    drop(probe);
    haproxy.proxy.log().line(&["TLSv1.3", "sni=localhost"]);
    let squid = haproxy.proxy.behind().log();
    squid.line(&["TCP_TUNNEL/200", "CONNECT", &target.host, USER]);
}

#[test]
fn mitmproxy_sees_what_the_tenant_is_asked() {
    let target = Target::new();
    let Some(mitmproxy) = mitmproxy::open(&target.tenant.ca_pem()) else {
        return;
    };
    let proxy = &mitmproxy.proxy;
    target.passes(proxy, None);
    // It trusts the tenant, and its own certificate is the one that is shown.
    let mut probe = Probe::new(&proxy.url());
    assert_eq!(probe.connect(&target.tunnel(), None).status, 200);
    let authority = target.tenant.authority();
    let answer = probe
        .over_tls(&mitmproxy.root)
        .get_inside(authority.as_str());
    assert_eq!(answer.status, 404);
    let request = &target.tenant.traffic().requests[0];
    assert_eq!(request.path(), authority.path());
    proxy.log().line(&["GET", authority.as_str()]);
}

#[test]
fn mitmproxy_with_basic() {
    let target = Target::new();
    let trusted = target.tenant.ca_pem();
    let Some(mitmproxy) = mitmproxy::basic(&trusted, USER, PASSWORD) else {
        return;
    };
    let proxy = &mitmproxy.proxy;
    let refused = target.refused(proxy, None);
    assert_eq!((refused.status, refused.schemes()), (407, vec!["Basic"]));
    target.passes(proxy, Some(&probe::basic(USER, PASSWORD)));
    proxy.log().line(&["server connect", &target.host]);
    proxy.log().line(&["GET", &target.url]);
}
