//! A whole reset through a proxy, and the way that is decided for every address.

use sspr::mock::Tenant;
use sspr::{RevocationOutcome, Way};

use super::proxy::{Proxy, Rules};
use super::site::{all_but, builder_for, fetch_ways, finish, through, user};

#[tokio::test]
async fn a_whole_reset_with_revocation_checked_on_the_way() {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(Rules::default()).await;
    let client = builder_for(&tenant).way(proxy.server()).build().unwrap();
    client.warm_up().await.unwrap();
    let mut reset = client.start(user()).await.unwrap();
    finish(&mut reset, &tenant).await.unwrap();

    let report = reset.trust().unwrap();
    assert_eq!(report.way, through(&proxy.url()));
    assert_eq!(fetch_ways(report), vec![through(&proxy.url()); 2]);
    assert!(
        report
            .warnings
            .iter()
            .all(|warning| !matches!(warning, sspr::TrustWarning::Unreachable { .. }))
    );
    for certificate in &report.path {
        assert!(
            matches!(certificate.revocation, RevocationOutcome::Good { .. }),
            "{certificate:?}"
        );
    }

    let port = tenant.address().port();
    assert_eq!(
        proxy.lines("CONNECT"),
        [format!("CONNECT localhost:{port}")]
    );
    assert_eq!(tenant.traffic().connections, 1);
    let fetched = proxy.lines("GET http://127.0.0.1:");
    assert_eq!(fetched.len(), tenant.traffic().revocation.len());
    for seen in proxy.seen() {
        let (_, target) = seen.line().split_once(' ').unwrap();
        let target = target.strip_prefix("http://").unwrap_or(target);
        let authority = target.split('/').next();
        assert_eq!(seen.field("host"), authority, "{}", seen.head);
        assert_eq!(seen.field("proxy-authorization"), None);
    }
}

/// F15.
#[tokio::test]
async fn the_origin_direct_and_the_responder_through_the_proxy() {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(Rules::default()).await;
    let way = all_but(proxy.server(), "localhost");
    let client = builder_for(&tenant).way(way).build().unwrap();
    let reset = client.start(user()).await.unwrap();
    let report = reset.trust().unwrap();
    assert_eq!(report.way, Way::Direct);
    assert_eq!(fetch_ways(report), vec![through(&proxy.url()); 2]);
    assert!(proxy.lines("CONNECT").is_empty());
    assert_eq!(proxy.lines("GET http://").len(), 2);
}

/// F15.
#[tokio::test]
async fn the_origin_through_the_proxy_and_the_responder_direct() {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(Rules::default()).await;
    let way = all_but(proxy.server(), "127.0.0.1");
    let client = builder_for(&tenant).way(way).build().unwrap();
    let reset = client.start(user()).await.unwrap();
    let report = reset.trust().unwrap();
    assert_eq!(report.way, through(&proxy.url()));
    assert_eq!(fetch_ways(report), [Way::Direct, Way::Direct]);
    assert_eq!(proxy.seen().len(), 1);
    assert_eq!(tenant.traffic().revocation.len(), 2);
}

#[tokio::test]
async fn a_kept_connection_asks_the_proxy_once() {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(Rules::default()).await;
    let client = builder_for(&tenant).way(proxy.server()).build().unwrap();
    for _ in 0..3 {
        client.warm_up().await.unwrap();
        client.start(user()).await.unwrap();
    }
    assert_eq!(proxy.lines("CONNECT").len(), 1);
}
