//! Everything that the gateway refuses, and the page that tells a person about it: in Chromium, in both languages.

use std::net::{IpAddr, Ipv4Addr};

use sspr::messages::Messages;
use sspr::mock::{Certificate, Reason, Status, Tenant};
use sspr::proxy::{Explicit, ProxyServer};
use sspr::{
    ChannelBuilder, Error, Fault, GatewayFault, Resolve, ResolveFuture, RevocationFault, RootScope,
    TlsFault, Trust, TrustFault,
};

use crate::stand::installed::has;
use crate::stand::mitmproxy;
use crate::stand::place::Place;
use crate::stand::port::Port;
use crate::stand::process::{Process, run};
use crate::visit::{PORTAL, Visit, channel, tenant};

const OTHER: &str = "evil.example";
const OLD: &str = "old.contoso.example";
const REVOKED: &str = "revoked.contoso.example";
const INSIDE: &str = "inside.contoso.example";

/// Where the name of [`INSIDE`] leads.
const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 1, 2, 3));

#[tokio::test]
async fn are_told_in_english() {
    told(
        "en",
        [
            [
                "which is not allowed here.",
                "Add the named host",
                "Settings",
            ],
            ["only outdated encryption.", "Enable TLS 1.2", "Encryption"],
            ["was withdrawn.", "Renew or correct", "Revocation check"],
            ["(10.1.2.3)", "Check the name", "Name lookup"],
        ],
    )
    .await;
}

#[tokio::test]
async fn are_told_in_japanese() {
    told(
        "ja",
        [
            ["許可されていません", "ホストに追加", "設定"],
            ["古い暗号化方式", "TLS 1.2", "暗号化"],
            ["取り消されています", "証明書を更新", "失効の確認"],
            ["(10.1.2.3)", "ホスト名", "名前の検索"],
        ],
    )
    .await;
}

async fn told(language: &str, [other, old, revoked, inside]: [[&'static str; 3]; 4]) {
    let Some(server) = OldServer::start() else {
        return;
    };
    let (tenant, withdrawn) = (tenant(), withdrawn());
    let name = format!("refusals-{language}");
    let channel = channel_to_all(&tenant, &withdrawn, &server);
    let hosts = [OLD, REVOKED, INSIDE].join(";");
    let visit = Visit::begin(&name, language, &tenant, channel, |builder| {
        builder.allow_hosts(&hosts)
    });
    let Some(mut visit) = visit.await else { return };
    let cases = [
        (OTHER, is_off_the_list as fn(&Fault) -> bool, other),
        (OLD, is_too_old, old),
        (REVOKED, is_revoked, revoked),
        (INSIDE, is_inside, inside),
    ];
    for (host, is_fault, words) in cases {
        let (error, page) = visit.is_refused(host).await;
        assert!(is_fault(error.fault()), "{error:?}");
        visit.open_page(host, &page).await;
        visit.reads(language, &error, words).await;
    }
    assert_eq!(withdrawn.traffic().requests.len(), 0);
    // What was refused is in nobody's way.
    visit.open_portal().await;
    visit.browser.find("form").await;
    visit.end().await;
}

#[tokio::test]
async fn an_inspector_is_named_in_english() {
    let words = [
        "inspected on its way (mitmproxy)",
        "Exempt the named host",
        "Certificate",
    ];
    inspected("en", words).await;
}

#[tokio::test]
async fn an_inspector_is_named_in_japanese() {
    inspected("ja", ["検査されています", "検査の対象から外す", "証明書"]).await;
}

/// As where an organisation inspects: its root was added, and the one of the portal is pinned.
async fn inspected(language: &str, words: [&'static str; 3]) {
    let tenant = tenant();
    let Some(mitmproxy) = mitmproxy::open(&tenant.ca_pem()) else {
        return;
    };
    let proxy: ProxyServer = mitmproxy.proxy.url().as_str().parse().unwrap();
    let trust = Trust::new()
        .pinned_roots([tenant.ca_der()])
        .added_root(RootScope::Authorities, mitmproxy.root);
    let channel = channel(&tenant).way(proxy).trust(trust);
    let name = format!("inspected-{language}");
    let visit = Visit::begin(&name, language, &tenant, channel, |builder| builder);
    let Some(mut visit) = visit.await else { return };
    let (error, page) = visit.is_refused(PORTAL).await;
    let Fault::Trust(TrustFault::Inspected { issuer, .. }) = error.fault() else {
        panic!("{error:?}");
    };
    assert_eq!(issuer.product, Some("mitmproxy"));
    visit.open_page(PORTAL, &page).await;
    visit.reads(language, &error, words).await;
    assert_eq!(tenant.traffic().requests.len(), 0);
    visit.end().await;
}

fn is_off_the_list(fault: &Fault) -> bool {
    matches!(fault, Fault::Gateway(GatewayFault::HostNotAllowed { .. }))
}

fn is_too_old(fault: &Fault) -> bool {
    matches!(fault, Fault::Tls(TlsFault::TooOld { .. }))
}

fn is_revoked(fault: &Fault) -> bool {
    matches!(fault, Fault::Revocation(RevocationFault::Revoked { .. }))
}

fn is_inside(fault: &Fault) -> bool {
    let expected = GatewayFault::PrivateAddress {
        host: INSIDE.into(),
        address: PRIVATE,
    };
    *fault == Fault::Gateway(expected)
}

impl Visit {
    /// That the browser does not come to the host: why not, and the page about it.
    async fn is_refused(&mut self, host: &str) -> (Error, String) {
        let opened = self.browser.open(&format!("https://{host}/")).await;
        let own = opened.unwrap_err();
        assert!(own.contains("ERR_TUNNEL_CONNECTION_FAILED"), "{own}");
        self.refusal(Some(host)).await
    }

    /// That a person can read on the page that is open what the error says: cause, remedy and stage, with these words.
    pub(crate) async fn reads(&self, language: &str, error: &Error, words: [&str; 3]) {
        let browser = &self.browser;
        assert_eq!(browser.property("html", "lang").await, language);
        let messages = Messages::for_language(language);
        let expected = [
            ("#cause", messages.text(error)),
            ("#remedy", messages.text(&error.remedy())),
            ("#stage", messages.text(&error.stage())),
            ("#correlation", self.gateway.correlation_id().to_owned()),
        ];
        let mut shown = Vec::new();
        for (place, text) in expected {
            let read = browser.text(place).await;
            assert!(read.contains(&text), "{text} in {read}");
            shown.push(read);
        }
        for (word, read) in words.into_iter().zip(shown) {
            assert!(read.contains(word), "{word} in {read}");
        }
    }
}

/// A channel for which each host is what it is called.
fn channel_to_all(tenant: &Tenant, withdrawn: &Tenant, old: &OldServer) -> ChannelBuilder {
    let trust = Trust::new()
        .pinned_roots([tenant.ca_der()])
        .added_root(RootScope::Authorities, withdrawn.ca_der());
    channel(tenant)
        .way(Explicit::Direct)
        .trust(trust)
        .connect_to(format!("{OLD}:443"), old.address())
        .connect_to(format!("{REVOKED}:443"), withdrawn.address().to_string())
        .resolver(Inside)
}

/// A tenant whose certificate was withdrawn.
fn withdrawn() -> Tenant {
    let tenant = Tenant::builder().host_name(REVOKED).start().unwrap();
    let status = Status::revoked(Reason::KeyCompromise);
    tenant.revocation().set_status(Certificate::Leaf, status);
    tenant
}

/// Every name leads into the own network.
struct Inside;

impl Resolve for Inside {
    fn resolve<'a>(&'a self, _host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Ok(vec![PRIVATE]) })
    }
}

/// OpenSSL's server, which speaks TLS 1.1 and nothing newer.
struct OldServer {
    _process: Process,
    _place: Place,
    port: Port,
}

impl OldServer {
    fn start() -> Option<Self> {
        if !has("chromium", &["openssl"]) {
            return None;
        }
        let (place, port) = (Place::new(), Port::reserve());
        run(place
            .command("openssl")
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
            ])
            .args(["-keyout", "key.pem", "-out", "certificate.pem"])
            .args(["-subj", "/CN=old"]));
        let mut server = place.command("openssl");
        server
            .args(["s_server", "-www", "-tls1_1"])
            .args(["-cipher", "ALL:@SECLEVEL=0"])
            .args(["-key", "key.pem", "-cert", "certificate.pem"])
            .args(["-accept", &format!("127.0.0.1:{}", port.number())]);
        Some(Self {
            _process: Process::start(&place, &mut server, &port),
            _place: place,
            port,
        })
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port.number())
    }
}
