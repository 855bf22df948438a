//! A script names two proxies, of which the first is not there.

use std::sync::Arc;

use sspr::proxy::{Explicit, PacFuture, PacResolver, PacSource, SurveyOptions, ThisComputer, Ways};
use sspr::{AuthScheme, Fault, ProxyAccess, ProxyFault};
use url::Url;

use super::{PASSWORD, Trip, USER, account};
use crate::stand::{Port, microsocks, px, squid};

/// A script that answers the same for every address.
struct Answers(String);

impl PacResolver for Answers {
    fn resolve<'a>(&'a self, _source: &'a PacSource, _url: &'a Url) -> PacFuture<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// Ways that a script decides.
fn script(answer: &str) -> Ways {
    // Nobody reads it.
    let script = Url::parse("http://127.0.0.1:1/proxy.pac").unwrap();
    let computer = ThisComputer::new(SurveyOptions::default()).explicit(Explicit::Script(script));
    Ways::new(computer).resolver(Arc::new(Answers(answer.to_owned())))
}

/// A reset to which a script names first a proxy that is not there, at `closed`.
fn trip(closed: &Port, keyword: &str, proxy: &Url, access: ProxyAccess) -> Trip {
    let (closed, there) = (closed.number(), proxy.authority());
    let answer = format!("PROXY localhost:{closed}; {keyword} {there}");
    Trip::with(proxy, |_, builder| {
        builder.ways(script(&answer)).proxy_access(access)
    })
}

#[tokio::test]
async fn the_next_proxy_is_asked() {
    const IN_DOMAIN: &str = "CORP\\user";
    let users = [(USER, PASSWORD)];
    let (basic, digest) = (AuthScheme::Basic, AuthScheme::Digest);
    for (proxy, keyword, user, login) in [
        (squid::basic("corp", &users), "PROXY", USER, Some(basic)),
        (squid::digest("corp", &users), "PROXY", USER, Some(digest)),
        (
            px::ntlm(IN_DOMAIN, PASSWORD),
            "PROXY",
            IN_DOMAIN,
            Some(AuthScheme::Ntlm),
        ),
        (microsocks::start(USER, PASSWORD), "SOCKS5", USER, None),
    ] {
        let Some(proxy) = proxy else { return };
        let (closed, url) = (Port::reserve(), proxy.url());
        let trip = trip(&closed, keyword, &url, account(&url, user, PASSWORD));
        trip.arrives_twice(login).await;
    }
}

/// A script may lead anywhere, and the person's own tickets do not go there.
#[tokio::test]
async fn a_proxy_that_only_the_script_knows_is_told_nothing() {
    let Some(proxy) = squid::basic("corp", &[(USER, PASSWORD)]) else {
        return;
    };
    let (url, other) = (
        proxy.url(),
        Url::parse("http://proxy.contoso.example").unwrap(),
    );
    let closed = Port::reserve();
    let trip = trip(&closed, "PROXY", &url, account(&other, USER, PASSWORD));
    let fault = trip.is_refused().await;
    assert!(
        matches!(fault, ProxyFault::CredentialScopeDenied { .. }),
        "{fault:?}"
    );
    proxy.log().exactly(0, &[" user "]);
}

/// All of them are told, and none of the ways is direct.
#[tokio::test]
async fn when_none_is_there_each_is_told() {
    let (first, second) = (Port::reserve(), Port::reserve());
    let [one, other] = [&first, &second].map(|closed| format!("localhost:{}", closed.number()));
    let url = Url::parse(&format!("http://{one}")).unwrap();
    let answer = format!("PROXY {one}; PROXY {other}");
    let trip = Trip::with(&url, |_, builder| builder.ways(script(&answer)));
    let ProxyFault::AllFailed { ways } = trip.is_refused().await else {
        panic!("another fault");
    };
    let told: Vec<_> = ways.iter().map(|way| way.proxy.clone().unwrap()).collect();
    assert_eq!(told, [one, other].map(|place| format!("http://{place}")));
    for way in ways {
        let Fault::Proxy(ProxyFault::Unreachable { fault, .. }) = way.fault else {
            panic!("{:?}", way.fault);
        };
        assert!(
            matches!(*fault, Fault::ConnectionRefused { .. }),
            "{fault:?}"
        );
    }
}
