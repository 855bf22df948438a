//! mitmproxy, which would read the new password. At a host of Microsoft that is refused, and told by name.

use sspr::mock::Tenant;
use sspr::revocation::Policy;
use sspr::{
    AuthScheme, Error, Fault, Issuer, NativeV1, ProxyAccess, ResetClient, RevocationFault,
    RootClass, RootScope, Sent, Stage, Trust, TrustFault, TrustWarning, Way,
};
use url::Url;

use super::{PASSWORD, Trip, USER, WRONG, account, server};
use crate::stand::Tap;
use crate::stand::mitmproxy::{self, Mitmproxy};
use crate::{probe, reset};

/// A host whose roots are pinned.
const HOST: &str = "contoso.ciamlogin.com";

fn pinned_tenant() -> Tenant {
    Tenant::builder().host_name(HOST).start().unwrap()
}

/// A client of the tenant by that name, whose root stands for those that Microsoft publishes.
fn client(
    tenant: &Tenant,
    proxy: &Url,
    access: ProxyAccess,
    policy: Policy,
    trust: impl FnOnce(Trust) -> Trust,
) -> ResetClient {
    let authority = format!("https://{HOST}/contoso.onmicrosoft.com");
    let protocol = NativeV1::new(authority, tenant.client_id()).unwrap();
    let pinned = Trust::new().pinned_roots([tenant.ca_der()]);
    let builder = ResetClient::builder(protocol)
        .trust(trust(pinned))
        .revocation(reset::checked(policy))
        .connect_to(format!("{HOST}:443"), tenant.address().to_string())
        .way(server(proxy))
        .proxy_access(access);
    builder.build().unwrap()
}

fn trust_fault(error: &Error) -> TrustFault {
    assert_eq!((error.stage(), error.sent()), (Stage::Trust, Sent::Nothing));
    match error.fault() {
        Fault::Trust(fault) => fault.clone(),
        other => panic!("{other:?}"),
    }
}

/// How a reset fails through mitmproxy, which has asked the tenant for nothing then.
async fn refusal(
    mitmproxy: &Mitmproxy,
    tenant: &Tenant,
    trust: fn(Trust, &[u8]) -> Trust,
) -> TrustFault {
    let url = mitmproxy.proxy.url();
    let client = client(
        tenant,
        &url,
        ProxyAccess::new(),
        Policy::default(),
        |pinned| trust(pinned, &mitmproxy.root),
    );
    let error = reset::whole(&client, tenant).await.unwrap_err();
    assert!(tenant.traffic().requests.is_empty());
    trust_fault(&error)
}

fn is_mitmproxy(issuer: &Issuer) -> bool {
    issuer.name.as_str().contains("CN=mitmproxy") && issuer.product == Some("mitmproxy")
}

#[tokio::test]
async fn is_refused_and_named() {
    let tenant = pinned_tenant();
    let Some(mitmproxy) = mitmproxy::open(&tenant.ca_pem()) else {
        return;
    };
    // Neither as a stranger, nor as one whose root was added for other hosts.
    let fault = refusal(&mitmproxy, &tenant, |pinned, _| pinned).await;
    let TrustFault::UnknownIssuer { host, issuer } = &fault else {
        panic!("{fault:?}");
    };
    assert_eq!(host, HOST);
    assert!(is_mitmproxy(issuer), "{issuer:?}");
    let fault = refusal(&mitmproxy, &tenant, |pinned, root| {
        pinned.added_root(RootScope::Authorities, root)
    })
    .await;
    let TrustFault::Inspected { host, issuer } = &fault else {
        panic!("{fault:?}");
    };
    assert_eq!(host, HOST);
    assert!(is_mitmproxy(issuer), "{issuer:?}");
    let log = mitmproxy.proxy.log();
    log.wait_for(2, &["Client TLS handshake failed"]);
    log.exactly(0, &["POST "]);
}

/// Nobody can say whether mitmproxy's own certificates are revoked, which the strictest check does not put up with. The
/// tenant's are for mitmproxy to check.
#[tokio::test]
async fn is_let_in_where_that_is_allowed() {
    let tenant = pinned_tenant();
    let Some(mitmproxy) = mitmproxy::basic(&tenant.ca_pem(), USER, PASSWORD) else {
        return;
    };
    let url = mitmproxy.proxy.url();
    let client = |policy| {
        client(
            &tenant,
            &url,
            account(&url, USER, PASSWORD),
            policy,
            |pinned| {
                let added = pinned.added_root(RootScope::Authorities, mitmproxy.root.clone());
                added.allow_inspection(true)
            },
        )
    };
    let strict = reset::whole(&client(Policy::Strict), &tenant).await;
    assert!(
        matches!(
            strict.as_ref().unwrap_err().fault(),
            Fault::Revocation(RevocationFault::NoInformation { .. })
        ),
        "{strict:?}"
    );
    let client = client(Policy::default());
    let report = reset::whole(&client, &tenant).await.unwrap();
    let way = Way::Proxy {
        proxy: server(&url).to_string(),
        login: Some(AuthScheme::Basic),
    };
    assert_eq!((report.host.as_str(), &report.way), (HOST, &way));
    assert_eq!(report.anchor.class, RootClass::Added);
    let Some(TrustWarning::Inspected { by }) = report.warnings.first() else {
        panic!("{:?}", report.warnings);
    };
    assert!(is_mitmproxy(by), "{by:?}");
    // As the tenant shows who asked, so does the log what was asked.
    let posts = tenant.traffic().requests.len();
    mitmproxy
        .proxy
        .log()
        .wait_for(posts, &["POST https://127.0.0.1:"]);
    mitmproxy
        .proxy
        .log()
        .exactly(posts, &["POST https://127.0.0.1:"]);
}

/// What an administrator is told to do about it.
#[tokio::test]
async fn does_not_matter_where_it_does_not_look() {
    let Some(mitmproxy) = mitmproxy::exempting("localhost", USER, PASSWORD) else {
        return;
    };
    let url = mitmproxy.proxy.url();
    let trip = Trip::through(&url, account(&url, USER, PASSWORD));
    trip.arrives_twice(Some(AuthScheme::Basic)).await;
    let log = mitmproxy.proxy.log();
    log.exactly(2, &["server connect", &trip.target()]);
    for responder in trip.responders() {
        log.wait_for(1, &["GET ", &responder]);
    }
    log.exactly(2, &["GET "]);
    log.exactly(0, &["POST "]);
}

#[tokio::test]
async fn a_wrong_password_is_shown_once() {
    let Some(mitmproxy) = mitmproxy::exempting("localhost", USER, PASSWORD) else {
        return;
    };
    let tap = Tap::before(&mitmproxy.proxy);
    let url = tap.url();
    let trip = Trip::through(&url, account(&url, USER, WRONG));
    assert_eq!(trip.is_not_let_in(AuthScheme::Basic).await, 407);
    assert_eq!(tap.count("CONNECT "), 3);
    assert_eq!(tap.count(&probe::basic(USER, WRONG)), 1);
    mitmproxy.proxy.log().exactly(0, &["server connect"]);
}
