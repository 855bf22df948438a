//! Which way is gone when the first one cannot be.

use std::time::Duration;

use tokio::net::TcpListener;

use super::hostile::{Hostile, nobody};
use super::*;
use crate::ports::Way;
use crate::proxy::ProxyScheme;

const OPEN: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n";

fn unknown() -> ProxyServer {
    "http://unknown.test:8080".parse().unwrap()
}

async fn willing() -> Hostile {
    Hostile::new(ProxyScheme::Http, vec![vec![OPEN.to_vec()]; 8]).await
}

async fn go(tunnels: &Tunnels, candidates: &[Candidate]) -> Result<Way, Fault> {
    let plan = plan(candidates.iter().cloned());
    let opened = tunnels.open(&plan, &destination(), &tunnels.dialer).await;
    opened
        .map(|opened| opened.way)
        .map_err(|error| error.fault().clone())
}

fn through(server: &ProxyServer) -> Way {
    Way::Proxy {
        proxy: server.to_string(),
        login: None,
    }
}

/// P31: no name, no listener.
#[tokio::test]
async fn the_next_way_is_gone_if_a_proxy_cannot_be_reached() {
    let proxy = willing().await;
    for unreachable in [unknown(), nobody(ProxyScheme::Http).await] {
        let tunnels = tunnels(ProxyAccess::new());
        let ways = [unreachable, proxy.server.clone()].map(Candidate::Proxy);
        assert_eq!(go(&tunnels, &ways).await, Ok(through(&proxy.server)));
    }
}

/// P31: nobody answers.
#[tokio::test]
async fn a_proxy_that_is_not_found_in_time_is_passed_over() {
    let proxy = willing().await;
    let mut tunnels = tunnels(ProxyAccess::new());
    tunnels.dialer.resolver = Arc::new(Nobody);
    tunnels.dialer.lookup_limit = Duration::from_millis(1);
    let ways = [unknown(), proxy.server.clone()].map(Candidate::Proxy);
    assert_eq!(go(&tunnels, &ways).await, Ok(through(&proxy.server)));
}

/// P31: all fail.
#[tokio::test]
async fn every_failure_is_told() {
    let tunnels = tunnels(ProxyAccess::new());
    let ways = [
        Candidate::Proxy(unknown()),
        Candidate::Proxy(nobody(ProxyScheme::Socks5).await),
        Candidate::Direct,
    ];
    let Err(Fault::Proxy(ProxyFault::AllFailed { ways: failed })) = go(&tunnels, &ways).await
    else {
        panic!("not all failed");
    };
    let told: Vec<_> = failed.iter().map(|way| way.proxy.clone()).collect();
    let [Candidate::Proxy(first), Candidate::Proxy(second), _] = &ways else {
        unreachable!()
    };
    assert_eq!(
        told,
        [Some(first.to_string()), Some(second.to_string()), None]
    );
    let refused = |fault: &Fault| matches!(fault, Fault::ConnectionRefused { .. });
    match [&failed[0].fault, &failed[1].fault, &failed[2].fault] {
        [
            Fault::Proxy(ProxyFault::Unreachable { fault: no_name, .. }),
            Fault::Proxy(ProxyFault::Unreachable { fault: no_one, .. }),
            Fault::NameNotFound { host },
        ] if matches!(**no_name, Fault::NameNotFound { .. }) && refused(no_one) => {
            assert_eq!(host, "login.example");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_way_that_is_alone_has_its_own_fault() {
    let tunnels = tunnels(ProxyAccess::new());
    let alone = go(&tunnels, &[Candidate::Proxy(unknown())]).await;
    let Err(Fault::Proxy(ProxyFault::Unreachable { proxy, .. })) = alone else {
        panic!("{alone:?}");
    };
    assert_eq!(proxy, unknown().to_string());
    let direct = go(&tunnels, &[Candidate::Direct]).await;
    let host = "login.example".to_owned();
    assert_eq!(direct, Err(Fault::NameNotFound { host }));
    let none = go(&tunnels, &[]).await;
    let ways = Vec::new();
    assert_eq!(none, Err(Fault::Proxy(ProxyFault::AllFailed { ways })));
}

/// Without a network no proxy is to blame, and none is remembered.
#[tokio::test]
async fn a_missing_network_is_no_fault_of_a_proxy() {
    let mut tunnels = tunnels(ProxyAccess::new());
    tunnels.dialer.network = Arc::new(Up(false));
    let ways = [Candidate::Proxy(unknown()), Candidate::Direct];
    assert_eq!(go(&tunnels, &ways).await, Err(Fault::NoNetwork));
    assert_eq!(go(&tunnels, &ways[..1]).await, Err(Fault::NoNetwork));
    let order = tunnels.unreachable.lock().unwrap();
    let first = order.order(&ways, std::time::Instant::now())[0];
    assert_eq!(*first, ways[0]);
}

/// P45 and its like: whatever a proxy answers, and be it nothing, no other way is gone.
#[tokio::test]
async fn an_answer_is_the_outcome_whatever_it_is() {
    for answer in [
        "HTTP/1.1 403 Forbidden\r\n\r\n",
        "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n",
        "HTTP/1.1 407 Who\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\n\r\n",
        "HTTP/1.1 503 Unavailable\r\n\r\n",
        "HTTP/1.1 504 Timeout\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n",
        "HTTP/1.1 511 Portal\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n<html>",
        "\u{15}\u{3}\u{3}",
        "garbage",
        "",
    ] {
        let proxy = Hostile::new(ProxyScheme::Http, [vec![answer.into()]]).await;
        let spare = willing().await;
        let ways = [
            Candidate::Proxy(proxy.server.clone()),
            Candidate::Proxy(spare.server.clone()),
            Candidate::Direct,
        ];
        let tunnels = tunnels(account(&spare.server));
        let outcome = go(&tunnels, &ways).await;
        let Err(Fault::Proxy(fault)) = outcome else {
            panic!("{answer:?}: {outcome:?}");
        };
        assert!(!matches!(fault, ProxyFault::AllFailed { .. }), "{fault:?}");
        assert!(spare.heard().is_empty(), "{answer:?}");
        // Nor is it remembered as unreachable.
        let order = tunnels.unreachable.lock().unwrap();
        assert_eq!(*order.order(&ways, std::time::Instant::now())[0], ways[0]);
    }
}

#[tokio::test]
async fn a_proxy_that_could_not_be_reached_comes_last_until_it_is_forgotten() {
    let (first, second) = (willing().await, willing().await);
    let mut tunnels = tunnels(ProxyAccess::new());
    let mut named = first.server.clone();
    named.host = url::Host::Domain("first.test".to_owned());
    let ways = [named.clone(), second.server.clone()].map(Candidate::Proxy);
    assert_eq!(go(&tunnels, &ways).await, Ok(through(&second.server)));

    // Its name is known now, but it was not found a moment ago.
    let loopback = vec!["127.0.0.1".parse().unwrap()];
    tunnels.dialer.resolver = Arc::new(Names(vec![("first.test", loopback)]));
    assert_eq!(go(&tunnels, &ways).await, Ok(through(&second.server)));
    assert_eq!(
        go(&tunnels.clone(), &ways).await,
        Ok(through(&second.server))
    );
    tunnels.forget();
    assert_eq!(go(&tunnels, &ways).await, Ok(through(&named)));

    // One that is reached after all is in its place again.
    tunnels.unreachable = forgetful();
    let now = std::time::Instant::now();
    tunnels.unreachable.lock().unwrap().mark(named.clone(), now);
    assert_eq!(go(&tunnels, &ways[..1]).await, Ok(through(&named)));
    assert_eq!(go(&tunnels, &ways).await, Ok(through(&named)));
}

#[tokio::test]
async fn every_address_of_a_proxy_is_tried() {
    let proxy = willing().await;
    let mut tunnels = tunnels(ProxyAccess::new());
    let addresses = ["127.0.0.2", "127.0.0.1"].map(|address| address.parse().unwrap());
    tunnels.dialer.resolver = Arc::new(Names(vec![("proxy.test", addresses.to_vec())]));
    let mut named = proxy.server.clone();
    named.host = url::Host::Domain("proxy.test".to_owned());
    let ways = [Candidate::Proxy(named.clone())];
    assert_eq!(go(&tunnels, &ways).await, Ok(through(&named)));
}

/// The name of the destination is left to the proxy (T21).
#[tokio::test]
async fn the_direct_way_is_gone_if_it_is_decided() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut to = destination();
    to.port = listener.local_addr().unwrap().port();
    to.host = url::Host::Domain("origin.test".to_owned());
    let mut tunnels = tunnels(ProxyAccess::new());
    let loopback = vec!["127.0.0.1".parse().unwrap()];
    tunnels.dialer.resolver = Arc::new(Names(vec![("origin.test", loopback)]));
    for ways in [
        vec![Candidate::Direct],
        vec![Candidate::Proxy(unknown()), Candidate::Direct],
    ] {
        let opened = tunnels
            .open(&plan(ways), &to, &tunnels.dialer)
            .await
            .unwrap();
        assert_eq!(opened.way, Way::Direct);
    }
}

#[tokio::test]
async fn a_plain_request_goes_to_the_proxy_or_where_the_caller_dials() {
    let proxy = willing().await;
    let tunnels = tunnels(ProxyAccess::new());
    let to = destination();
    let proxied = plan([Candidate::Proxy(proxy.server.clone())]);
    let reached = tunnels.reach(&proxied, &to, &tunnels.dialer).await.unwrap();
    assert_eq!(reached.way, through(&proxy.server));
    assert!(reached.login.is_some());
    assert!(proxy.heard().concat().is_empty(), "nothing was said yet");

    let mut direct = tunnels.dialer.clone();
    direct.network = Arc::new(Up(false));
    let error = tunnels
        .reach(&plan([Candidate::Direct]), &to, &direct)
        .await;
    assert_eq!(*error.err().unwrap().fault(), Fault::NoNetwork);

    let socks = Hostile::new(ProxyScheme::Socks4, [vec![b"\0\x5a\0\0\0\0\0\0".to_vec()]]).await;
    let proxied = plan([Candidate::Proxy(socks.server.clone())]);
    let reached = tunnels.reach(&proxied, &to, &direct).await.unwrap();
    assert_eq!(reached.way, through(&socks.server));
    assert!(reached.login.is_none());
}
