//! What a program learns about the other end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sspr::revocation::Policy::{RequiredUnlessUnreachable, Strict};
use sspr::{
    Fetch, FetchFault, FetchFuture, FetchRequest, FetchResponse, RootClass, TlsVersion,
    TrustWarning, Way,
};

use super::responder::{Responder, ocsp};
use super::site::*;

#[tokio::test]
async fn the_path_is_told() {
    let responder = Responder::start().await;
    let site = Site::with_issuing(Sources::none(), Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&site.ocsp(|_| {})));
    let server = site.open().await;
    let settings = sspr::revocation::Settings::default().private_responders(["127.0.0.1"]);
    let report = told(server.visit(&server.local(settings).build().unwrap()).await);
    assert_eq!((&*report.host, report.tls), (NAME, TlsVersion::Tls13));
    assert_eq!(report.extended_master_secret, Some(true));
    assert!(!report.classical_only);
    let [leaf, issuing] = &report.path[..] else {
        panic!("{report:?}")
    };
    assert_eq!(leaf.subject.as_str(), format!("CN={NAME}"));
    assert_eq!((&*leaf.serial, &*issuing.serial), ("5a01", "5a10"));
    assert_eq!(leaf.issuer, issuing.subject);
    assert_eq!(issuing.issuer, report.anchor.subject);
    assert_eq!(leaf.sha256.len(), 64);
    assert!(leaf.not_before < leaf.not_after);
    assert_eq!(report.anchor.class, RootClass::Added);
    let hash = crate::builder::sha256(&server.root);
    let hash: String = hash.iter().map(|octet| format!("{octet:02x}")).collect();
    assert_eq!(report.anchor.sha256, Some(hash));
    assert!(matches!(
        report.warnings[..],
        [
            TrustWarning::LocalAnchor { .. },
            TrustWarning::Unconfirmed { .. }
        ]
    ));
    let attempt = &leaf.attempts[0];
    assert_eq!(attempt.way, Some(Way::Direct));
    assert_eq!(attempt.host().as_deref(), Some("127.0.0.1"));

    let json = serde_json::to_value(&*report).unwrap();
    assert_eq!(json["tls"], "tls13");
    assert_eq!(json["path"][0]["revocation"]["outcome"], "good");
    assert_eq!(json["path"][0]["attempts"][0]["result"], "good");
}

#[tokio::test]
async fn tls_1_2_is_told_with_its_master_secret() {
    let site = Site::new(Sources {
        short_lived: true,
        ..Sources::none()
    });
    let server = site.open_for(&[&rustls::version::TLS12]).await;
    let report = server.accepted(Strict).await;
    assert_eq!(report.tls, TlsVersion::Tls12);
    assert_eq!(report.extended_master_secret, Some(true));
}

/// One connection, one check, the same report on every response.
#[tokio::test]
async fn a_kept_connection_keeps_its_report() {
    let responder = Responder::start().await;
    let site = Site::new(Sources::ocsp(responder.url("/ocsp")));
    responder.always(ocsp(&site.ocsp(|_| {})));
    let server = site.open().await;
    let channel = server.public(Strict).build().unwrap();
    channel.warm_up(&server.url()).await.unwrap();
    assert_eq!(
        (server.bytes(), responder.asked().len()),
        (0, 1),
        "checked before anything is sent"
    );
    let first = told(server.visit(&channel).await);
    let second = told(server.visit(&channel).await);
    assert!(Arc::ptr_eq(&first, &second));
    assert_eq!(responder.asked().len(), 1);
}

/// The embedding program may fetch in its own way.
#[tokio::test]
async fn another_fetch_can_be_given() {
    struct Own(Vec<u8>, Arc<AtomicUsize>);
    impl Fetch for Own {
        fn fetch(&self, request: FetchRequest) -> FetchFuture<'_> {
            self.1.fetch_add(1, Ordering::SeqCst);
            assert_eq!(request.limit, 64 << 10);
            let is_list = request.accept == "application/pkix-crl";
            let body = self.0.clone();
            Box::pin(async move {
                match is_list {
                    true => Err(FetchFault::Dns),
                    false => Ok(FetchResponse::new(body, Way::Direct)),
                }
            })
        }
    }
    let site = Site::new(Sources::ocsp("http://ocsp.contoso.invalid/"));
    let server = site.open().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let own = Own(site.ocsp(|_| {}), Arc::clone(&asked));
    let channel = server.public(Strict).fetch(own).build().unwrap();
    server.visit(&channel).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

/// The defaults work with a tenant whose authority is an added root and names nobody to ask.
#[tokio::test]
async fn a_session_tells_who_answered() {
    use sspr::mock::Tenant;
    use sspr::{NativeV1, ResetClient, RootScope, Trust, Username};
    let tenant = Tenant::start().unwrap();
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let builder = |policy| {
        ResetClient::builder(NativeV1::new(tenant.authority(), tenant.client_id()).unwrap())
            .trust(trust.clone())
            .revocation(policy)
            .build()
            .unwrap()
    };
    let username = || Username::parse("adele@contoso.com").unwrap();
    let client = ResetClient::builder(protocol)
        .trust(trust.clone())
        .build()
        .unwrap();
    let reset = client.start(username()).await.unwrap();
    let report = reset.trust().unwrap();
    assert_eq!(report.anchor.class, RootClass::Added);
    assert_eq!(report.path.len(), 1);

    let reset = builder(RequiredUnlessUnreachable)
        .start(username())
        .await
        .unwrap();
    assert!(reset.trust().is_some());
    let error = builder(Strict).start(username()).await.unwrap_err();
    assert_eq!(error.stage(), sspr::Stage::Revocation);
}
