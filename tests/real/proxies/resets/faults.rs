//! A destination that is not there, and a proxy that is spoken to in the wrong way: each is told as what it is.

use sspr::{ProxyFault, SocksProblem};
use url::Url;

use super::{PASSWORD, Trip, USER, account};
use crate::stand::{Proxy, dante, haproxy, microsocks, px, squid, tinyproxy};

const USERS: [(&str, &str); 1] = [(USER, PASSWORD)];

/// What is in the way to a tenant that listens no more.
async fn without_destination(proxy: &Proxy) -> ProxyFault {
    let url = proxy.url();
    let trip = Trip::through(&url, account(&url, USER, PASSWORD));
    trip.tenant.close_port().unwrap();
    trip.is_refused().await
}

#[tokio::test]
async fn a_destination_that_is_not_there() {
    for (proxy, status) in [
        (squid::basic("corp", &USERS), 503),
        (px::basic(USER, PASSWORD), 502),
        (tinyproxy::basic(USER, PASSWORD), 500),
    ] {
        let Some(proxy) = proxy else { return };
        match without_destination(&proxy).await {
            ProxyFault::Refused { reply, .. } => assert_eq!(reply.status, status),
            other => panic!("{other:?}"),
        }
    }
    for proxy in [dante::open(), microsocks::start(USER, PASSWORD)] {
        let Some(proxy) = proxy else { return };
        let refused = SocksProblem::Refused {
            code: 5,
            meaning: "connection refused",
        };
        match without_destination(&proxy).await {
            ProxyFault::Socks { problem, .. } => assert_eq!(problem, refused),
            other => panic!("{other:?}"),
        }
    }
}

/// What is in the way if the settings say that `proxy` is one of `scheme`.
async fn taken_for(scheme: &str, proxy: &Proxy) -> ProxyFault {
    let port = proxy.url().port().unwrap();
    let url = Url::parse(&format!("{scheme}://localhost:{port}")).unwrap();
    let trip = Trip::through(&url, account(&url, USER, PASSWORD));
    trip.is_refused().await
}

fn first_bytes(fault: &ProxyFault) -> &[u8] {
    match fault {
        ProxyFault::ProtocolMismatch { first_bytes, .. } => first_bytes,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_http_proxy_that_is_taken_for_another() {
    let (Some(squid), Some(px)) = (squid::basic("corp", &USERS), px::basic(USER, PASSWORD)) else {
        return;
    };
    let fault = taken_for("https", &squid).await;
    assert!(
        first_bytes(&fault).starts_with(b"HTTP/1.1 400 "),
        "{fault:?}"
    );
    let fault = taken_for("socks5", &px).await;
    assert!(matches!(fault, ProxyFault::Closed { .. }), "{fault:?}");
}

#[tokio::test]
async fn an_https_proxy_that_is_taken_for_another() {
    let squid = squid::basic("corp", &USERS);
    let Some(haproxy) = squid.and_then(haproxy::in_front_of) else {
        return;
    };
    let fault = taken_for("http", &haproxy.proxy).await;
    assert!(matches!(fault, ProxyFault::Closed { .. }), "{fault:?}");
    haproxy.proxy.behind().log().exactly(0, &[" TCP_"]);
}

#[tokio::test]
async fn a_socks_proxy_that_is_taken_for_another() {
    let Some(microsocks) = microsocks::start(USER, PASSWORD) else {
        return;
    };
    for scheme in ["http", "socks4"] {
        let fault = taken_for(scheme, &microsocks).await;
        assert_eq!(first_bytes(&fault), [5, 0xff]);
    }
    // It knows no names in version 4.
    let Some(dante) = dante::open() else { return };
    match taken_for("socks4", &dante).await {
        ProxyFault::Socks { problem, .. } => {
            assert!(
                matches!(problem, SocksProblem::Refused { code: 91, .. }),
                "{problem:?}"
            );
        }
        other => panic!("{other:?}"),
    }
}
