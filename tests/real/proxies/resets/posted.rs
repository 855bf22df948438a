//! Questions to a responder whose address is too long for GET (RFC 9919): each leg of a login takes the body along.

use sspr::AuthScheme;
use sspr::mock::{Certificate, Tenant};

use super::{PASSWORD, Trip, USER, account, server, squid as log_of_squid};
use crate::stand::{px, squid};
use crate::{reset, stand::Proxy};

const IN_DOMAIN: &str = "CORP\\user";

/// A reset at a tenant whose responder has a long name, which stands for an address of this computer.
fn trip(proxy: &Proxy, user: &str) -> Trip {
    let name = ["a-part-of-a-long-name"; 9].join(".") + ".example";
    let url = |path: &str| [format!("http://{name}/ocsp/{path}")];
    let tenant = Tenant::builder()
        .ocsp_urls(Certificate::Leaf, url("leaf"))
        .ocsp_urls(Certificate::Intermediate, url("intermediate"))
        .start()
        .unwrap();
    let proxy = proxy.url();
    Trip::to(tenant, &proxy, |tenant, builder| {
        let [responder, _] = reset::responders(tenant);
        builder
            .connect_to(format!("{name}:80"), responder.authority())
            .way(server(&proxy))
            .proxy_access(account(&proxy, user, PASSWORD))
    })
}

#[tokio::test]
async fn through_squid() {
    let users = [(USER, PASSWORD)];
    for (proxy, login) in [
        (squid::basic("corp", &users), AuthScheme::Basic),
        (squid::digest("corp", &users), AuthScheme::Digest),
        (squid::ntlm(), AuthScheme::Ntlm),
    ] {
        let Some(proxy) = proxy else { return };
        let trip = trip(&proxy, USER);
        trip.arrives_twice(Some(login)).await;
        log_of_squid::has_seen(proxy.log(), &trip, USER, login);
        proxy.log().exactly(2, &["TCP_MISS/200", "POST http://"]);
    }
}

#[tokio::test]
async fn through_px() {
    for (proxy, user, login) in [
        (px::digest(USER, PASSWORD), USER, AuthScheme::Digest),
        (px::ntlm(IN_DOMAIN, PASSWORD), IN_DOMAIN, AuthScheme::Ntlm),
    ] {
        let Some(proxy) = proxy else { return };
        let trip = trip(&proxy, user);
        trip.arrives_twice(Some(login)).await;
        for responder in trip.responders() {
            let asked = format!("POST {responder} using");
            proxy.log().exactly(1, &["__init__", &asked]);
        }
    }
}
