//! Proxies that are in the way: of the request, or of the revocation check alone.

use std::net::Ipv4Addr;

use sspr::mock::Tenant;
use sspr::proxy::{Explicit, ProxyServer};
use sspr::revocation::Policy;
use sspr::{
    Attempt, AttemptResult, Error, Fault, FetchFault, ProxyAccess, ProxyFault, Remedy, ResetClient,
    Resolve, ResolveFuture, RevocationFault, Sent, Stage, TrustReport, TrustWarning,
};
use tokio::net::TcpListener;

use super::proxy::{Proxy, Rules};
use super::site::{all_but, asking, builder_for, user};

fn proxy_fault(error: &Error) -> &ProxyFault {
    assert_eq!((error.stage(), error.sent()), (Stage::Proxy, Sent::Nothing));
    match error.fault() {
        Fault::Proxy(fault) => fault,
        other => panic!("{other:?}"),
    }
}

async fn error_through(rules: Rules) -> Error {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(rules).await;
    let client = builder_for(&tenant).way(proxy.server()).build().unwrap();
    let error = client.start(user()).await.unwrap_err();
    assert_eq!(tenant.traffic().connections, 0);
    error
}

/// P31.
#[tokio::test]
async fn a_proxy_that_is_not_there_is_no_reason_to_go_direct() {
    let tenant = Tenant::start().unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let server: ProxyServer = url.parse().unwrap();
    let client = builder_for(&tenant).way(server).build().unwrap();
    let error = client.start(user()).await.unwrap_err();
    let fault = proxy_fault(&error);
    assert!(
        matches!(fault, ProxyFault::Unreachable { proxy, .. } if *proxy == url),
        "{fault:?}"
    );
    assert_eq!(tenant.traffic().connections, 0);
}

/// P45, T19.
#[tokio::test]
async fn a_refusal_is_told_with_the_words_of_the_proxy() {
    let error = error_through(Rules {
        to_connect: Some("HTTP/1.1 403 Not this host\r\ncontent-length: 0\r\n\r\n"),
        ..Rules::default()
    })
    .await;
    let ProxyFault::Refused { reply, .. } = proxy_fault(&error) else {
        panic!("{error:?}")
    };
    assert_eq!(
        (reply.status, reply.reason.as_str()),
        (403, "Not this host")
    );
    assert_eq!(error.remedy(), Remedy::OpenFirewall);
}

/// P44, T8.
#[tokio::test]
async fn a_page_in_the_tunnel_is_the_proxys_fault() {
    let (http, proxy) = (page().await, Proxy::start(Rules::default()).await);
    let channel = sspr::Channel::builder()
        .way(proxy.server())
        .build()
        .unwrap();
    let url = format!("https://127.0.0.1:{http}/").parse().unwrap();
    let error = channel.warm_up(&url).await.unwrap_err();
    let ProxyFault::TunnelNotTls { first_bytes, .. } = proxy_fault(&error) else {
        panic!("{error:?}")
    };
    assert!(first_bytes.starts_with(b"HTTP/1.1 "), "{first_bytes:?}");
}

/// The port of a server that answers anything with a page.
async fn page() -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read_u8().await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    port
}

/// What comes of a revocation check that `rules` are in the way of, while the tunnel is open.
struct Blocked {
    report: TrustReport,
    refusal: Error,
}

impl Blocked {
    async fn by(rules: Rules) -> Self {
        let tenant = Tenant::start().unwrap();
        let proxy = Proxy::start(rules).await;
        let client = |policy| -> ResetClient {
            // Basic would do; there only is no account.
            let access = ProxyAccess::new().allow_basic_over_plaintext(true);
            let builder = builder_for(&tenant)
                .revocation(asking(policy))
                .proxy_access(access);
            // The origin goes without the proxy, so that nothing but the fetches meets it.
            builder
                .way(all_but(proxy.server(), "localhost"))
                .build()
                .unwrap()
        };
        let reset = client(Policy::default()).start(user()).await.unwrap();
        let report = reset.trust().unwrap().clone();
        let refusal = client(Policy::Strict).start(user()).await.unwrap_err();
        Self { report, refusal }
    }

    fn attempts(&self) -> Vec<FetchFault> {
        let attempts = self.report.path.iter().flat_map(|one| &one.attempts);
        let failed = |attempt: &Attempt| match &attempt.result {
            AttemptResult::Failed(fault) => fault.clone(),
            other => panic!("{other:?}"),
        };
        attempts.map(failed).collect()
    }

    /// What the proxy said, as the report tells it before everything else.
    fn told(&self) -> &ProxyFault {
        let told = self
            .report
            .warnings
            .iter()
            .find_map(|warning| match warning {
                TrustWarning::RevocationBlockedByProxy { fault } => Some(&**fault),
                _ => None,
            });
        told.expect("the report says nothing about the proxy")
    }

    fn attempts_of_refusal(&self) -> &[Attempt] {
        match self.refusal.fault() {
            Fault::Revocation(RevocationFault::Unreachable { attempts, .. }) => attempts,
            other => panic!("{other:?}"),
        }
    }
}

/// F16.
#[tokio::test]
async fn a_proxy_for_tunnels_only() {
    let blocked = Blocked::by(Rules {
        to_plain: Some("HTTP/1.1 405 Tunnels only\r\ncontent-length: 0\r\n\r\n"),
        ..Rules::default()
    })
    .await;
    let ProxyFault::Refused { reply, .. } = blocked.told() else {
        panic!("{:?}", blocked.told())
    };
    assert_eq!((reply.status, reply.reason.as_str()), (405, "Tunnels only"));
    for fault in blocked.attempts() {
        assert!(matches!(fault, FetchFault::Proxy(_)), "{fault:?}");
    }
    assert!(!blocked.attempts_of_refusal().is_empty());
}

/// F8.
#[tokio::test]
async fn a_proxy_that_wants_a_login_for_revocation_data() {
    let blocked = Blocked::by(Rules {
        basic: Some("nobody has this one"),
        ..Rules::default()
    })
    .await;
    let ProxyFault::CredentialsMissing { reply, .. } = blocked.told() else {
        panic!("{:?}", blocked.told())
    };
    assert_eq!((reply.status, reply.reason.as_str()), (407, "Who are you"));
    assert_eq!(blocked.refusal.remedy(), Remedy::CorrectProxyLogin);
    let told = blocked.report.warnings.iter();
    let told =
        told.filter(|warning| matches!(warning, TrustWarning::RevocationBlockedByProxy { .. }));
    assert_eq!(told.count(), 1, "one proxy is told once");
}

/// P46.
#[tokio::test]
async fn a_page_instead_of_revocation_data() {
    let blocked = Blocked::by(Rules {
        to_plain: Some(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>",
        ),
        ..Rules::default()
    })
    .await;
    for fault in blocked.attempts() {
        assert_eq!(fault, FetchFault::BlockPage { status: 200 });
    }
}

#[tokio::test]
async fn a_proxy_that_hangs_up_on_revocation_data() {
    let blocked = Blocked::by(Rules {
        to_plain: Some(""),
        ..Rules::default()
    })
    .await;
    let told = blocked.told();
    assert!(matches!(told, ProxyFault::Closed { .. }), "{told:?}");
}

#[tokio::test]
async fn no_proxy_is_asked_to_fetch_from_its_own_computer() {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(Rules::default()).await;
    let client = builder_for(&tenant)
        .revocation(Policy::default())
        .way(proxy.server())
        .build()
        .unwrap();
    let reset = client.start(user()).await.unwrap();
    let address = Ipv4Addr::LOCALHOST.into();
    for attempt in reset
        .trust()
        .unwrap()
        .path
        .iter()
        .flat_map(|one| &one.attempts)
    {
        let refused = AttemptResult::Failed(FetchFault::AddressRefused { address });
        assert_eq!(attempt.result, refused);
    }
    assert_eq!(proxy.seen().len(), 1, "{:?}", proxy.seen());
}

/// Knows no name.
struct Lost;

impl Resolve for Lost {
    fn resolve<'a>(&'a self, _host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// T21.
#[tokio::test]
async fn a_name_that_only_the_proxy_knows_is_looked_for_in_the_settings() {
    let tenant = Tenant::start().unwrap();
    let proxy: ProxyServer = "http://127.0.0.1:1".parse().unwrap();
    for (way, has_hint) in [
        (all_but(proxy, "localhost"), true),
        (Explicit::Direct, false),
    ] {
        let client = builder_for(&tenant).way(way).resolver(Lost);
        let error = client.build().unwrap().warm_up().await.unwrap_err();
        assert_eq!(error.stage(), Stage::Dns);
        match error.fault() {
            Fault::NameNotFoundDirectly { finding, .. } if has_hint => {
                assert_eq!(finding.as_str(), "localhost is an exception");
                assert_eq!(error.remedy(), Remedy::CorrectProxySettings);
            }
            Fault::NameNotFound { .. } if !has_hint => {}
            other => panic!("{other:?}"),
        }
    }
}
