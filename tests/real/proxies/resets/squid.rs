//! squid, which writes down everything that it is asked, and by whom.

use sspr::{AuthScheme, ProxyFault};

use super::{PASSWORD, Trip, USER, WRONG, account, proxy_fault};
use crate::stand::kerberos::Realm;
use crate::stand::squid::{self, Squid};
use crate::stand::{Log, Proxy};

/// What squid wrote down about two resets that have ended: who asked for what, and how often it refused.
///
/// Both responders are asked at once. If their counts of one Digest nonce overtake each other on the way, squid takes both
/// and gives the nonce up; whoever comes next is told so (`stale`), once and by name.
pub(super) fn has_seen(log: &Log, trip: &Trip, user: &str, login: AuthScheme) {
    let user = format!(" {user} ");
    let tunnel = ["TCP_TUNNEL/200", "CONNECT", &trip.target(), &user];
    log.wait_for(2, &tunnel);
    log.exactly(2, &tunnel);
    for responder in trip.responders() {
        log.exactly(1, &["TCP_MISS/200", &responder, &user]);
    }
    let overtaken = log.lines().iter().any(|line| {
        login == AuthScheme::Digest && line.contains("TCP_DENIED/407") && line.contains(&user)
    });
    let refusals = usize::from(overtaken)
        + match login {
            // Each of the four connections has to be given its challenge; only the first was asked for a login before.
            AuthScheme::Ntlm => 1 + 4,
            _ => 1,
        };
    log.exactly(refusals, &["TCP_DENIED/407"]);
    log.exactly(4 + refusals, &[" TCP_"]);
}

async fn lets_in(proxy: &Proxy, login: AuthScheme) {
    let url = proxy.url();
    let trip = Trip::through(&url, account(&url, USER, PASSWORD));
    trip.arrives_twice(Some(login)).await;
    has_seen(proxy.log(), &trip, USER, login);
}

#[tokio::test]
async fn basic() {
    let Some(proxy) = squid::basic("corp", &[(USER, PASSWORD)]) else {
        return;
    };
    lets_in(&proxy, AuthScheme::Basic).await;
}

#[tokio::test]
async fn digest() {
    let Some(proxy) = squid::digest("corp", &[(USER, PASSWORD)]) else {
        return;
    };
    lets_in(&proxy, AuthScheme::Digest).await;
}

#[tokio::test]
async fn ntlm() {
    let Some(proxy) = squid::ntlm() else { return };
    lets_in(&proxy, AuthScheme::Ntlm).await;
}

/// A nonce that is too old does not mean that the password is wrong.
#[tokio::test]
async fn digest_with_nonces_that_are_soon_used_up() {
    let Some(squid) = Squid::new() else { return };
    let proxy = squid.forgetful_digest("corp", &[(USER, PASSWORD)]).start();
    let url = proxy.url();
    let trip = Trip::through(&url, account(&url, USER, PASSWORD));
    trip.arrives_twice(Some(AuthScheme::Digest)).await;
    let log = proxy.log();
    log.wait_for(2, &["TCP_TUNNEL/200", "CONNECT", &trip.target()]);
    for responder in trip.responders() {
        log.exactly(1, &["TCP_MISS/200", &responder]);
    }
    // The first question, and at least one for another nonce.
    log.wait_for(2, &["TCP_DENIED/407"]);
}

/// The best scheme for which there is something to show: nobody here has a ticket.
#[tokio::test]
async fn of_all_schemes_the_best() {
    let (Some(squid), Some(realm)) = (Squid::new(), Realm::start()) else {
        return;
    };
    let users = [(USER, PASSWORD)];
    let squid = squid.basic("corp", &users).digest("corp", &users).ntlm();
    let proxy = squid.kerberos(&realm).start();
    lets_in(&proxy, AuthScheme::Ntlm).await;
    let Some(proxy) = digest_and_basic() else {
        return;
    };
    lets_in(&proxy, AuthScheme::Digest).await;
}

fn digest_and_basic() -> Option<Proxy> {
    let users = [(USER, PASSWORD)];
    let squid = Squid::new()?.basic("corp", &users);
    Some(squid.digest("corp", &users).start())
}

#[tokio::test]
async fn a_wrong_password_is_shown_once() {
    let users = [(USER, PASSWORD)];
    for (proxy, scheme) in [
        (squid::basic("corp", &users), AuthScheme::Basic),
        (squid::digest("corp", &users), AuthScheme::Digest),
        // Nor in clear text, when its hash was refused.
        (digest_and_basic(), AuthScheme::Digest),
    ] {
        let Some(proxy) = proxy else { return };
        let url = proxy.url();
        let trip = Trip::through(&url, account(&url, USER, WRONG));
        assert_eq!(trip.is_not_let_in(scheme).await, 407);
        let log = proxy.log();
        let (nobody, user) = (["TCP_DENIED/407", " - HIER"], ["TCP_DENIED/407", " user "]);
        // Before the password, and when the client was told to try again.
        log.wait_for(2, &nobody);
        log.exactly(2, &nobody);
        log.exactly(1, &user);
        log.exactly(3, &[" TCP_"]);
    }
}

/// Whoever waits for a login that fails shares its result.
#[tokio::test]
async fn a_wrong_password_is_shown_once_however_many_try_at_once() {
    let Some(proxy) = squid::digest("corp", &[(USER, PASSWORD)]) else {
        return;
    };
    let url = proxy.url();
    let trip = Trip::through(&url, account(&url, USER, WRONG));
    let tries = [(); 4].map(|()| trip.client.warm_up());
    let [a, b, c, d] = tries;
    let results = tokio::join!(a, b, c, d);
    for result in [results.0, results.1, results.2, results.3] {
        let fault = proxy_fault(&result.unwrap_err());
        assert!(
            matches!(fault, ProxyFault::CredentialsRejected { .. }),
            "{fault:?}"
        );
    }
    let log = proxy.log();
    log.line(&["TCP_DENIED/407", " user "]);
    log.exactly(1, &[" user "]);
}
