//! The SOCKS servers. Plain requests go through them in tunnels, too.

use sspr::{ProxyAccess, ProxyFault, SocksProblem};

use super::{PASSWORD, Trip, USER, WRONG, account};
use crate::stand::{Tap, dante, microsocks};

#[tokio::test]
async fn dante_without_a_password() {
    let Some(proxy) = dante::open() else { return };
    let trip = Trip::through(&proxy.url(), ProxyAccess::new());
    trip.arrives_twice(None).await;
    let log = proxy.log();
    for address in [trip.tenant.authority(), trip.responder()] {
        let port = format!(" 127.0.0.1.{}", address.port().unwrap());
        log.wait_for(2, &["pass(1): tcp/connect [", &port]);
    }
    log.exactly(4, &["pass(1): tcp/connect ["]);
}

#[tokio::test]
async fn microsocks_with_a_password() {
    let Some(proxy) = microsocks::start(USER, PASSWORD) else {
        return;
    };
    let tap = Tap::before(&proxy);
    let url = tap.url();
    let trip = Trip::through(&url, account(&url, USER, PASSWORD));
    trip.arrives_twice(None).await;
    let log = proxy.log();
    for address in [trip.tenant.authority(), trip.responder()] {
        let connected = format!("connected to {}", address.authority());
        log.wait_for(2, &[&connected]);
    }
    log.exactly(4, &["connected to "]);
    assert_eq!(tap.count(PASSWORD), 4);
}

#[tokio::test]
async fn a_wrong_password_is_shown_once() {
    let Some(proxy) = microsocks::start(USER, PASSWORD) else {
        return;
    };
    let tap = Tap::before(&proxy);
    let url = tap.url();
    let trip = Trip::through(&url, account(&url, USER, WRONG));
    let rejected = ProxyFault::Socks {
        proxy: trip.proxy.clone(),
        problem: SocksProblem::CredentialsRejected,
    };
    assert_eq!(trip.is_refused().await, rejected);
    assert_eq!(tap.count(WRONG), 1);
    proxy.log().exactly(0, &["connected to "]);
}

/// It is not asked for more than it offers.
#[tokio::test]
async fn without_a_password_microsocks_says_so() {
    let Some(proxy) = microsocks::start(USER, PASSWORD) else {
        return;
    };
    let trip = Trip::through(&proxy.url(), ProxyAccess::new());
    let refused = ProxyFault::Socks {
        proxy: trip.proxy.clone(),
        problem: SocksProblem::NoMethod,
    };
    assert_eq!(trip.is_refused().await, refused);
}
