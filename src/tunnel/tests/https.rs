//! Proxies that are spoken to by TLS.

use super::hostile::{Hostile, Identity};
use super::*;
use crate::error::{AuthScheme, RevocationFault, TrustFault};
use crate::ports::Way;
use crate::proxy::ProxyScheme;
use crate::tls::RootScope;

const OPEN: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n";

const CRL: Option<&str> = Some("http://127.0.0.1:9/list.crl");

fn added(scope: RootScope, identity: &Identity) -> Trust {
    Trust::new().added_root(scope, identity.root.clone())
}

#[tokio::test]
async fn a_password_may_go_to_a_proxy_that_is_trusted_for_that() {
    let identity = Identity::new("127.0.0.1", None);
    let trust = added(RootScope::Proxies, &identity);
    let who =
        b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
    let proxy = Hostile::secure(identity, [vec![who.to_vec(), OPEN.to_vec()]]).await;
    let access = account(&proxy.server).allow_basic_over_plaintext(false);
    let opened = open(&trusting(access, trust), &proxy.server).await.unwrap();
    let expected = Way::Proxy {
        proxy: proxy.server.to_string(),
        login: Some(AuthScheme::Basic),
    };
    assert_eq!(opened.way, expected);
    let heard = proxy.heard();
    assert!(heard[0][1].contains(BASIC));
}

/// The certificate that logins are bound to is the proxy's own.
#[tokio::test]
async fn the_certificate_of_the_proxy_is_kept() {
    let identity = Identity::new("127.0.0.1", None);
    let trust = added(RootScope::Proxies, &identity);
    let certificate = identity.certificate.clone();
    let proxy = Hostile::secure(identity, [vec![]]).await;
    let tunnels = trusting(ProxyAccess::new(), trust);
    let approached = tunnels.approach(&proxy.server).await.unwrap();
    assert_eq!(approached.certificate.unwrap().as_ref(), certificate);
}

/// P52: nothing is said to a proxy with a bad certificate, by TLS or without.
#[tokio::test]
async fn a_bad_certificate_ends_the_way() {
    let own = Identity::new("127.0.0.1", None);
    let trust = added(RootScope::Proxies, &own);
    let for_authorities = added(RootScope::Authorities, &own);
    let foreign = Identity::new("127.0.0.1", None);
    let misnamed = Identity::new("proxy.test", None);
    let trusts_misnamed = added(RootScope::Proxies, &misnamed);
    for (identity, trust, is_expected) in [
        (foreign, trust, is_unknown as fn(&TrustFault) -> bool),
        (own, for_authorities, is_unknown),
        (misnamed, trusts_misnamed, is_misnamed),
    ] {
        let proxy = Hostile::secure(identity, vec![vec![OPEN.to_vec()]; 2]).await;
        let tunnels = trusting(account(&proxy.server), trust);
        match open(&tunnels, &proxy.server).await.err().unwrap() {
            ProxyFault::Tls { proxy: told, fault } => {
                assert_eq!(told, proxy.server.to_string());
                let Fault::Trust(fault) = *fault else {
                    panic!("{fault:?}");
                };
                assert!(is_expected(&fault), "{fault:?}");
            }
            other => panic!("{other:?}"),
        }
        assert!(proxy.heard().concat().is_empty());
    }
}

fn is_unknown(fault: &TrustFault) -> bool {
    matches!(
        fault,
        TrustFault::UnknownIssuer { .. }
            | TrustFault::SelfSigned { .. }
            | TrustFault::BadSignature { .. }
    )
}

fn is_misnamed(fault: &TrustFault) -> bool {
    matches!(fault, TrustFault::NameMismatch { .. })
}

/// P51.
#[tokio::test]
async fn plain_http_on_the_port_of_an_https_proxy_is_another_protocol() {
    let answer = b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec();
    let mut proxy = Hostile::new(ProxyScheme::Http, [vec![answer]]).await;
    proxy.server.scheme = ProxyScheme::Https;
    let fault = open(&tunnels(ProxyAccess::new()), &proxy.server).await;
    let mismatch = ProxyFault::ProtocolMismatch {
        proxy: proxy.server.to_string(),
        first_bytes: b"HTTP/1.1 400 Bad".to_vec(),
    };
    assert_eq!(fault.err(), Some(mismatch));
}

#[tokio::test]
async fn a_proxy_without_tls_is_passed_over() {
    let mut mute = Hostile::new(ProxyScheme::Http, [vec![b"no".to_vec()]]).await;
    mute.server.scheme = ProxyScheme::Https;
    let spare = Hostile::new(ProxyScheme::Http, [vec![OPEN.to_vec()]]).await;
    let plan = plan([
        Candidate::Proxy(mute.server.clone()),
        Candidate::Proxy(spare.server.clone()),
    ]);
    let tunnels = tunnels(ProxyAccess::new());
    let opened = tunnels
        .open(&plan, &destination(), &tunnels.dialer)
        .await
        .unwrap();
    let expected = Way::Proxy {
        proxy: spare.server.to_string(),
        login: None,
    };
    assert_eq!(opened.way, expected);
}

/// What nobody may be asked about counts as unreachable, which the policy judges.
#[tokio::test]
async fn revocation_is_judged_by_what_is_at_hand() {
    for (crl, policy, is_open) in [
        (None, Policy::RequiredUnlessUnreachable, true),
        (CRL, Policy::RequiredUnlessUnreachable, true),
        (CRL, Policy::Strict, false),
        (CRL, Policy::Off, true),
    ] {
        let identity = Identity::new("127.0.0.1", crl);
        let trust = added(RootScope::Proxies, &identity);
        let proxy = Hostile::secure(identity, [vec![OPEN.to_vec()]]).await;
        let mut tunnels = trusting(ProxyAccess::new(), trust);
        let algorithms = provider().unwrap().signature_verification_algorithms.all;
        tunnels.revocation = Arc::new(Checker::at_hand(Settings::new(policy), algorithms));
        match open(&tunnels, &proxy.server).await {
            Ok(_) => assert!(is_open, "{policy:?}"),
            Err(ProxyFault::Tls { fault, .. }) if !is_open => {
                let Fault::Revocation(RevocationFault::Unreachable { hosts, .. }) = *fault else {
                    panic!("{fault:?}");
                };
                assert!(hosts.is_empty(), "nobody was asked");
                assert!(proxy.heard().concat().is_empty());
            }
            Err(other) => panic!("{policy:?}: {other:?}"),
        }
    }
}

/// Something on the way may swallow a hello with a post-quantum key share; see the channel.
#[tokio::test]
async fn a_proxy_that_says_nothing_is_greeted_more_shortly() {
    let identity = Identity::new("127.0.0.1", None);
    let trust = added(RootScope::Proxies, &identity);
    let proxy = Hostile::deaf_at_first(identity, [vec![OPEN.to_vec()]]).await;
    let tunnels = trusting(ProxyAccess::new(), trust);
    let outcome = open(&tunnels, &proxy.server).await;
    match tunnels.tls.offers_post_quantum() {
        true => assert!(outcome.is_ok()),
        false => assert!(matches!(outcome, Err(ProxyFault::Tls { .. }))),
    }
}
