//! HTTP proxies, with a tenant behind them.

use std::net::{Ipv4Addr, TcpListener};

use sspr::diagnosis::Report;
use sspr::mock::Tenant;
use sspr::revocation::Policy;
use sspr::{Gssapi, NativeV1, ProxyAccess, ResetClient, RootScope, Trust};
use url::Url;

use crate::stand::haproxy::{self, Haproxy};
use crate::stand::kerberos::{self, COMPUTER, Realm};
use crate::stand::mitmproxy::{self, Mitmproxy};
use crate::stand::squid::{self, Squid};
use crate::stand::{Proxy, cntlm, px, tinyproxy};
use crate::way::{self, PASSWORD, USER, WRONG, account};

crate::scenarios![
    squid_open,
    squid_basic,
    squid_basic_without_login,
    squid_basic_wrong_password,
    squid_basic_in_clear_text,
    squid_digest_without_login,
    squid_digest_wrong_password,
    squid_ntlm_without_login,
    squid_kerberos,
    squid_kerberos_without_ticket,
    squid_destination_forbidden,
    squid_port_forbidden,
    squid_responder_forbidden,
    squid_destination_gone,
    squid_taken_for_https,
    px_without_login,
    px_ntlm_wrong_password,
    cntlm_wrong_password,
    tinyproxy_without_login,
    tinyproxy_wrong_password,
    haproxy_untrusted,
    haproxy_unconfirmed,
    haproxy_taken_for_plain,
    mitmproxy_unknown,
    mitmproxy_known,
    mitmproxy_allowed,
    proxy_gone,
];

const USERS: [(&str, &str); 1] = [(USER, PASSWORD)];

/// Through a proxy that gets no login.
async fn without_login(proxy: Proxy) -> Option<Report> {
    Some(way::through(&proxy.url(), ProxyAccess::new()).await)
}

/// Through a proxy that gets this password.
async fn with_password(proxy: Proxy, password: &str) -> Option<Report> {
    let url = proxy.url();
    Some(way::through(&url, account(&url, password)).await)
}

async fn squid_open() -> Option<Report> {
    without_login(Squid::new()?.start()).await
}

async fn squid_basic() -> Option<Report> {
    with_password(squid::basic("corp", &USERS)?, PASSWORD).await
}

async fn squid_basic_without_login() -> Option<Report> {
    without_login(squid::basic("corp", &USERS)?).await
}

async fn squid_basic_wrong_password() -> Option<Report> {
    with_password(squid::basic("corp", &USERS)?, WRONG).await
}

async fn squid_basic_in_clear_text() -> Option<Report> {
    let squid = squid::basic("corp", &USERS)?;
    let access = account(&squid.url(), PASSWORD).allow_basic_over_plaintext(false);
    Some(way::through(&squid.url(), access).await)
}

async fn squid_digest_without_login() -> Option<Report> {
    without_login(squid::digest("corp", &USERS)?).await
}

async fn squid_digest_wrong_password() -> Option<Report> {
    with_password(squid::digest("corp", &USERS)?, WRONG).await
}

async fn squid_ntlm_without_login() -> Option<Report> {
    without_login(squid::ntlm()?).await
}

/// In a process of its own, which has the keys of the computer.
async fn squid_kerberos() -> Option<Report> {
    if let Some(proxy) = kerberos::inside() {
        let keytab = std::env::var_os("KRB5_CLIENT_KTNAME").unwrap();
        let access = ProxyAccess::new().own_identity(Gssapi::keytab(keytab));
        return Some(way::through(&proxy, access).await);
    }
    let realm = Realm::start()?;
    let squid = squid::kerberos(&realm)?;
    let [service, _] = COMPUTER;
    let name = "proxies::tests::squid_kerberos";
    realm.computer(&[service]).goes_to(&squid, name);
    None
}

/// In a process of its own, which has neither ticket nor key.
async fn squid_kerberos_without_ticket() -> Option<Report> {
    if let Some(proxy) = kerberos::inside() {
        let access = ProxyAccess::new().own_identity(Gssapi::new());
        return Some(way::through(&proxy, access).await);
    }
    let realm = Realm::start()?;
    let squid = squid::kerberos(&realm)?;
    let name = "proxies::tests::squid_kerberos_without_ticket";
    realm.stranger().goes_to(&squid, name);
    None
}

async fn squid_destination_forbidden() -> Option<Report> {
    without_login(Squid::new()?.refusing("dstdomain localhost").start()).await
}

/// The tenant has another port than 443.
async fn squid_port_forbidden() -> Option<Report> {
    without_login(Squid::new()?.refusing("port 1024-65535").start()).await
}

/// Tunnels are let through, and plain requests are not: with those, responders are asked.
async fn squid_responder_forbidden() -> Option<Report> {
    without_login(Squid::new()?.refusing("method GET POST").start()).await
}

async fn squid_destination_gone() -> Option<Report> {
    let squid = Squid::new()?.start();
    let tenant = Tenant::start().unwrap();
    tenant.close_port().unwrap();
    let way = way::server(&squid.url());
    Some(way::to(&tenant, way::trust(&tenant), |builder| builder.way(way)).await)
}

async fn squid_taken_for_https() -> Option<Report> {
    let squid = Squid::new()?.start();
    let url = taken_for("https", &squid.url());
    Some(way::through(&url, ProxyAccess::new()).await)
}

async fn px_without_login() -> Option<Report> {
    without_login(px::ntlm(USER, PASSWORD)?).await
}

async fn px_ntlm_wrong_password() -> Option<Report> {
    with_password(px::ntlm(USER, PASSWORD)?, WRONG).await
}

/// cntlm logs in by itself, and px behind it does not let it in.
async fn cntlm_wrong_password() -> Option<Report> {
    let px = px::ntlm("CORP\\user", PASSWORD)?;
    without_login(cntlm::in_front_of(px, "CORP", USER, WRONG)?).await
}

async fn tinyproxy_without_login() -> Option<Report> {
    without_login(tinyproxy::basic(USER, PASSWORD)?).await
}

async fn tinyproxy_wrong_password() -> Option<Report> {
    with_password(tinyproxy::basic(USER, PASSWORD)?, WRONG).await
}

async fn through_haproxy(haproxy: &Haproxy, scope: RootScope, policy: Policy) -> Report {
    let tenant = Tenant::start().unwrap();
    let trust = way::trust(&tenant).added_root(scope, haproxy.root.clone());
    let way = way::server(&haproxy.proxy.url());
    let adjust =
        |builder: sspr::ResetClientBuilder| builder.way(way).revocation(way::asking(policy));
    way::to(&tenant, trust, adjust).await
}

async fn haproxy_untrusted() -> Option<Report> {
    let haproxy = haproxy::in_front_of(Squid::new()?.start())?;
    Some(through_haproxy(&haproxy, RootScope::Authorities, Policy::default()).await)
}

async fn haproxy_unconfirmed() -> Option<Report> {
    let haproxy = haproxy::in_front_of(Squid::new()?.start())?;
    Some(through_haproxy(&haproxy, RootScope::Proxies, Policy::Strict).await)
}

async fn haproxy_taken_for_plain() -> Option<Report> {
    let haproxy = haproxy::in_front_of(Squid::new()?.start())?;
    let url = taken_for("http", &haproxy.proxy.url());
    Some(way::through(&url, ProxyAccess::new()).await)
}

fn taken_for(scheme: &str, proxy: &Url) -> Url {
    let port = proxy.port().unwrap();
    Url::parse(&format!("{scheme}://localhost:{port}")).unwrap()
}

/// A host whose roots are pinned.
const HOST: &str = "contoso.ciamlogin.com";

/// To a host of Microsoft's, whose roots the tenant's stands for, by a proxy that shows certificates of its own.
async fn inspected(adjust: impl FnOnce(Trust, &Mitmproxy) -> Trust) -> Option<Report> {
    let tenant = Tenant::builder().host_name(HOST).start().unwrap();
    let mitmproxy = mitmproxy::open(&tenant.ca_pem())?;
    let authority = format!("https://{HOST}/contoso.onmicrosoft.com");
    let protocol = NativeV1::new(authority, tenant.client_id()).unwrap();
    let trust = Trust::new().pinned_roots([tenant.ca_der()]);
    let client = ResetClient::builder(protocol)
        .trust(adjust(trust, &mitmproxy))
        .revocation(way::asking(Policy::default()))
        .network(way::Up)
        .connect_to(format!("{HOST}:443"), tenant.address().to_string())
        .way(way::server(&mitmproxy.proxy.url()));
    Some(client.diagnosis().diagnose().await)
}

async fn mitmproxy_unknown() -> Option<Report> {
    inspected(|trust, _| trust).await
}

async fn mitmproxy_known() -> Option<Report> {
    inspected(|trust, mitmproxy| trust.added_root(RootScope::Authorities, mitmproxy.root.clone()))
        .await
}

async fn mitmproxy_allowed() -> Option<Report> {
    inspected(|trust, mitmproxy| {
        let trust = trust.added_root(RootScope::Authorities, mitmproxy.root.clone());
        trust.allow_inspection(true)
    })
    .await
}

/// Nobody listens where the settings say that the proxy is.
async fn proxy_gone() -> Option<Report> {
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let url = Url::parse(&format!("http://{address}")).unwrap();
    Some(way::through(&url, ProxyAccess::new()).await)
}
