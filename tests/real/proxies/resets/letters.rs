//! Names, passwords and realms with letters that ASCII does not have.

use sspr::AuthScheme;

use super::{Trip, account, squid as log_of_squid};
use crate::stand::{Proxy, microsocks, px, squid};

const NAME: &str = "jürgen";
const IN_DOMAIN: &str = "CORP\\佐藤";
const PASSWORD: &str = "Grüße, \"Übung\" 5 €!";

async fn arrives(proxy: &Proxy, user: &str, login: Option<AuthScheme>) -> Trip {
    let url = proxy.url();
    let trip = Trip::through(&url, account(&url, user, PASSWORD));
    trip.arrives_twice(login).await;
    trip
}

#[tokio::test]
async fn pass_squid() {
    let (realm, users) = ("Größe 会社", [(NAME, PASSWORD)]);
    for (proxy, login) in [
        (squid::basic(realm, &users), AuthScheme::Basic),
        (squid::digest(realm, &users), AuthScheme::Digest),
    ] {
        let Some(proxy) = proxy else { return };
        let trip = arrives(&proxy, NAME, Some(login)).await;
        log_of_squid::has_seen(proxy.log(), &trip, "j%c3%bcrgen", login);
    }
}

/// px takes no such name for Digest in any form.
#[tokio::test]
async fn pass_px() {
    for (proxy, user, login) in [
        (px::basic(NAME, PASSWORD), NAME, AuthScheme::Basic),
        (px::digest("user", PASSWORD), "user", AuthScheme::Digest),
        (px::ntlm(IN_DOMAIN, PASSWORD), IN_DOMAIN, AuthScheme::Ntlm),
    ] {
        let Some(proxy) = proxy else { return };
        arrives(&proxy, user, Some(login)).await;
    }
}

#[tokio::test]
async fn pass_microsocks() {
    let Some(proxy) = microsocks::start(NAME, PASSWORD) else {
        return;
    };
    arrives(&proxy, NAME, None).await;
}
