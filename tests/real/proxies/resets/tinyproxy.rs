//! tinyproxy, which speaks HTTP/1.0 and closes after each refusal.

use sspr::AuthScheme;

use super::{PASSWORD, Trip, USER, WRONG, account};
use crate::probe;
use crate::stand::{Tap, tinyproxy};

#[tokio::test]
async fn basic() {
    let Some(proxy) = tinyproxy::basic(USER, PASSWORD) else {
        return;
    };
    let url = proxy.url();
    let trip = Trip::through(&url, account(&url, USER, PASSWORD));
    trip.arrives_twice(Some(AuthScheme::Basic)).await;
    let log = proxy.log();
    // Without a login, then with it; and with it at once.
    log.exactly(2 + 1, &["Request", "CONNECT", &trip.target()]);
    for responder in trip.responders() {
        log.exactly(1, &["Request", "GET", &responder]);
    }
    log.exactly(2, &["Established connection to host \"localhost\""]);
    log.exactly(2, &["Established connection to host \"127.0.0.1\""]);
}

/// It does not write down who asks.
#[tokio::test]
async fn a_wrong_password_is_shown_once() {
    let Some(proxy) = tinyproxy::basic(USER, PASSWORD) else {
        return;
    };
    let tap = Tap::before(&proxy);
    let url = tap.url();
    let trip = Trip::through(&url, account(&url, USER, WRONG));
    assert_eq!(trip.is_not_let_in(AuthScheme::Basic).await, 401);
    proxy
        .log()
        .exactly(3, &["Request", "CONNECT", &trip.target()]);
    assert_eq!(tap.count("CONNECT "), 3);
    assert_eq!(tap.count("Proxy-Authorization: "), 1);
    assert_eq!(tap.count(&probe::basic(USER, WRONG)), 1);
}
