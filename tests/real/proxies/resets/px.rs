//! px, which verifies each login in earnest, and cntlm, which logs in there by itself.

use sspr::{AuthScheme, ProxyFault};

use super::{PASSWORD, Trip, USER, WRONG, account};
use crate::stand::{Log, Proxy, cntlm, px};

const IN_DOMAIN: &str = "CORP\\user";

/// What px wrote down about two resets: the tunnel twice, each responder once, and a login of so many legs for each of
/// these.
fn has_seen(log: &Log, trip: &Trip, scheme: AuthScheme, legs: usize) {
    log.exactly(
        2,
        &["__init__", &format!("CONNECT {} using", trip.target())],
    );
    for responder in trip.responders() {
        log.exactly(1, &["__init__", &format!("GET {responder}")]);
    }
    log.exactly(4 * legs, &["Auth type: "]);
    let client = format!("Authenticated {scheme} client");
    log.exactly(4, &[&client]);
    log.exactly(4, &["Authenticated"]);
    log.exactly(0, &["Authentication failed"]);
}

async fn lets_in(proxy: &Proxy, user: &str, scheme: AuthScheme, legs: usize) {
    let url = proxy.url();
    let trip = Trip::through(&url, account(&url, user, PASSWORD));
    trip.arrives_twice(Some(scheme)).await;
    has_seen(proxy.log(), &trip, scheme, legs);
    proxy.log().exactly(1, &["No auth header"]);
}

async fn lets_nobody_in(proxy: &Proxy, user: &str, scheme: AuthScheme, legs: usize) {
    let url = proxy.url();
    let trip = Trip::through(&url, account(&url, user, WRONG));
    assert_eq!(trip.is_not_let_in(scheme).await, 401);
    let log = proxy.log();
    log.exactly(legs, &["Auth type: "]);
    log.exactly(1, &["Authentication failed"]);
    // Before the password, and when the client was told to try again.
    log.exactly(2, &["No auth header"]);
}

#[tokio::test]
async fn basic() {
    let Some(proxy) = px::basic(USER, PASSWORD) else {
        return;
    };
    lets_in(&proxy, USER, AuthScheme::Basic, 1).await;
}

#[tokio::test]
async fn digest() {
    let Some(proxy) = px::digest(USER, PASSWORD) else {
        return;
    };
    lets_in(&proxy, USER, AuthScheme::Digest, 1).await;
}

#[tokio::test]
async fn ntlm() {
    let Some(proxy) = px::ntlm(IN_DOMAIN, PASSWORD) else {
        return;
    };
    lets_in(&proxy, IN_DOMAIN, AuthScheme::Ntlm, 2).await;
}

#[tokio::test]
async fn a_wrong_password_is_shown_once() {
    for (proxy, user, scheme, legs) in [
        (px::basic(USER, PASSWORD), USER, AuthScheme::Basic, 1),
        (px::digest(USER, PASSWORD), USER, AuthScheme::Digest, 1),
        (
            px::ntlm(IN_DOMAIN, PASSWORD),
            IN_DOMAIN,
            AuthScheme::Ntlm,
            2,
        ),
    ] {
        let Some(proxy) = proxy else { return };
        lets_nobody_in(&proxy, user, scheme, legs).await;
    }
}

/// cntlm asks nobody who they are; px knows whom it speaks for.
#[tokio::test]
async fn behind_cntlm() {
    let Some(px) = px::ntlm(IN_DOMAIN, PASSWORD) else {
        return;
    };
    let Some(proxy) = cntlm::in_front_of(px, "CORP", USER, PASSWORD) else {
        return;
    };
    let url = proxy.url();
    // It is never asked for.
    let trip = Trip::through(&url, account(&url, USER, WRONG));
    trip.arrives_twice(None).await;
    has_seen(proxy.behind().log(), &trip, AuthScheme::Ntlm, 2);
    let asked = format!("127.0.0.1 CONNECT {}", trip.target());
    proxy.log().exactly(2, &[&asked]);
    for responder in trip.responders() {
        proxy
            .log()
            .exactly(1, &[&format!("127.0.0.1 GET {responder}")]);
    }
}

/// That cntlm has a wrong password is nothing that a login here could change.
#[tokio::test]
async fn behind_cntlm_with_a_wrong_password() {
    let Some(px) = px::ntlm(IN_DOMAIN, PASSWORD) else {
        return;
    };
    let Some(proxy) = cntlm::in_front_of(px, "CORP", USER, WRONG) else {
        return;
    };
    let url = proxy.url();
    let trip = Trip::through(&url, account(&url, USER, PASSWORD));
    match trip.is_refused().await {
        ProxyFault::Refused { proxy, reply } => {
            assert_eq!((proxy, reply.status), (trip.proxy.clone(), 401));
        }
        other => panic!("{other:?}"),
    }
    proxy.log().exactly(0, &["Proxy-Authorization", "Basic"]);
}
