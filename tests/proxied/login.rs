//! The login at a proxy, for the tunnel and for what is fetched.

use std::time::Duration;

use sspr::mock::Tenant;
use sspr::revocation::Policy;
use sspr::{
    AskCredentials, AttemptResult, AuthScheme, CredentialFuture, CredentialQuestion, Fault,
    FetchFault, ProxyAccess, ProxyCredentials, ProxyFault, ProxyPassword, Remedy, Way,
};

use super::proxy::{Proxy, Rules};
use super::site::{asking, builder_for, fetch_ways, finish, user};

/// `adele:s3cret`.
const ADELE: &str = "YWRlbGU6czNjcmV0";

fn access(proxy: &Proxy, password: &str) -> ProxyAccess {
    let credentials = ProxyCredentials::new("adele", ProxyPassword::new(password));
    ProxyAccess::new()
        .credentials(proxy.server(), credentials)
        .allow_basic_over_plaintext(true)
}

#[tokio::test]
async fn a_whole_reset_with_a_login_at_the_proxy() {
    for hangs_up in [false, true] {
        let tenant = Tenant::start().unwrap();
        let proxy = Proxy::start(Rules {
            basic: Some(ADELE),
            hangs_up,
            ..Rules::default()
        })
        .await;
        let client = builder_for(&tenant)
            .way(proxy.server())
            .proxy_access(access(&proxy, "s3cret"))
            .build()
            .unwrap();
        let mut reset = client.start(user()).await.unwrap();
        finish(&mut reset, &tenant).await.unwrap();
        let report = reset.trust().unwrap();
        let logged_in = Way::Proxy {
            proxy: proxy.url(),
            login: Some(AuthScheme::Basic),
        };
        assert_eq!(report.way, logged_in);
        assert_eq!(fetch_ways(report), vec![logged_in; 2]);
        // No login leaks into the tunnel.
        let requests = tenant.traffic().requests;
        assert!(
            requests
                .iter()
                .all(|request| request.header("proxy-authorization").is_none())
        );
    }
}

#[tokio::test]
async fn the_requests_of_a_login_stay_on_one_connection() {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(Rules {
        basic: Some(ADELE),
        ..Rules::default()
    })
    .await;
    let client = builder_for(&tenant)
        .way(super::site::all_but(proxy.server(), "localhost"))
        .proxy_access(access(&proxy, "s3cret"))
        .build()
        .unwrap();
    client.start(user()).await.unwrap();
    let seen = proxy.seen();
    let connections = seen.iter().map(|seen| seen.connection).max().unwrap() + 1;
    assert_eq!(connections, 2, "{seen:?}");
}

/// Types slowly: four minutes pass, by the clock of the runtime.
struct Slow;

impl AskCredentials for Slow {
    fn ask(&self, _: CredentialQuestion) -> CredentialFuture<'_> {
        Box::pin(async {
            tokio::time::pause();
            tokio::time::advance(Duration::from_secs(240)).await;
            tokio::time::resume();
            let password = ProxyPassword::new("s3cret");
            Some(ProxyCredentials::new("adele", password))
        })
    }
}

#[tokio::test]
async fn a_person_who_types_slowly_is_waited_for() {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(Rules {
        basic: Some(ADELE),
        ..Rules::default()
    })
    .await;
    let client = builder_for(&tenant)
        .way(proxy.server())
        .proxy_access(
            ProxyAccess::new()
                .ask(Slow)
                .allow_basic_over_plaintext(true),
        )
        .build()
        .unwrap();
    let mut reset = client.start(user()).await.unwrap();
    finish(&mut reset, &tenant).await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_sent_again() {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(Rules {
        basic: Some(ADELE),
        ..Rules::default()
    })
    .await;
    let client = builder_for(&tenant)
        .way(proxy.server())
        .proxy_access(access(&proxy, "wrong"))
        .build()
        .unwrap();
    for _ in 0..2 {
        let error = client.start(user()).await.unwrap_err();
        let Fault::Proxy(ProxyFault::CredentialsRejected { reply, .. }) = error.fault() else {
            panic!("{error:?}")
        };
        assert_eq!(reply.offered.len(), 1);
        assert_eq!(error.remedy(), Remedy::CorrectProxyLogin);
        assert!(!format!("{error:?}").contains("wrong"));
    }
    let seen = proxy.seen();
    let tries = seen
        .iter()
        .filter(|seen| seen.field("proxy-authorization").is_some());
    assert_eq!(tries.count(), 1, "{seen:?}");
    assert_eq!(tenant.traffic().connections, 0);
}

/// A proxy that breaks off its answer may have been about to refuse the login, which is not sent once more then.
#[tokio::test]
async fn an_answer_that_breaks_off_is_no_reason_to_log_in_again() {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(Rules {
        basic: Some(ADELE),
        to_plain: Some("HTTP/1.1 407 Who a"),
        ..Rules::default()
    })
    .await;
    let client = builder_for(&tenant)
        .revocation(asking(Policy::default()))
        .way(proxy.server())
        .proxy_access(access(&proxy, "s3cret"))
        .build()
        .unwrap();
    let reset = client.start(user()).await.unwrap();
    let path = &reset.trust().unwrap().path;
    let attempts: Vec<_> = path.iter().flat_map(|one| &one.attempts).collect();
    for attempt in &attempts {
        let AttemptResult::Failed(FetchFault::Proxy(fault)) = &attempt.result else {
            panic!("{attempt:?}")
        };
        assert!(
            matches!(**fault, ProxyFault::ClosedDuringAuth { .. }),
            "{fault:?}"
        );
    }
    let seen = proxy.seen();
    let plain = seen
        .iter()
        .filter(|seen| !seen.line().starts_with("CONNECT "));
    assert_eq!(plain.count(), attempts.len(), "{seen:?}");
}
