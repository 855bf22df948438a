//! Another destination in the place of the one that is meant.

use sspr::mock::{Certificate, Tenant};
use sspr::proxy::Explicit;
use sspr::revocation::Policy;
use sspr::{Fault, NativeV1, ResetClient, ResetClientBuilder, RootScope, Trust, Way};

use url::{Position, Url};

use super::proxy::{Proxy, Rules};
use super::site::{asking, builder_for, fetch_ways, finish, through, user};

const NAME: &str = "login.contoso.example";

fn named_tenant() -> Tenant {
    Tenant::builder().host_name(NAME).start().unwrap()
}

/// A client for the name, which stands for the tenant on this computer.
fn builder(tenant: &Tenant) -> ResetClientBuilder {
    let authority = format!("https://{NAME}/contoso.onmicrosoft.com");
    let protocol = NativeV1::new(authority, tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    ResetClient::builder(protocol)
        .trust(trust)
        .revocation(asking(Policy::Strict))
        .connect_to(format!("{NAME}:443"), tenant.address().to_string())
}

#[tokio::test]
async fn the_server_must_still_be_the_one_that_is_meant() {
    let tenant = named_tenant();
    let client = builder(&tenant).way(Explicit::Direct).build().unwrap();
    let mut reset = client.start(user()).await.unwrap();
    finish(&mut reset, &tenant).await.unwrap();
    assert_eq!(reset.trust().unwrap().host, NAME);
    let traffic = tenant.traffic();
    assert_eq!(traffic.requests[0].header("host"), Some(NAME));

    let other = Tenant::start().unwrap();
    let address = other.address().to_string();
    let trust = Trust::new().added_root(RootScope::Authorities, other.ca_der());
    let protocol = NativeV1::new(format!("https://{NAME}/x"), other.client_id()).unwrap();
    let client = ResetClient::builder(protocol)
        .trust(trust)
        .way(Explicit::Direct)
        .connect_to(format!("{NAME}:443"), address)
        .build()
        .unwrap();
    let error = client.warm_up().await.unwrap_err();
    assert!(matches!(error.fault(), Fault::Trust(_)), "{error:?}");
}

#[tokio::test]
async fn the_way_is_the_one_for_the_stand_in() {
    let tenant = named_tenant();
    let proxy = Proxy::start(Rules::default()).await;
    let client = builder(&tenant).way(proxy.server()).build().unwrap();
    let plan = client.plan().await.unwrap().unwrap();
    assert_eq!(plan.candidates.len(), 1);
    let reset = client.start(user()).await.unwrap();
    assert_eq!(reset.trust().unwrap().way, through(&proxy.url()));
    let connect = format!("CONNECT {}", tenant.address());
    assert_eq!(proxy.lines("CONNECT"), [connect]);
}

#[tokio::test]
async fn revocation_data_is_fetched_from_the_stand_in() {
    let url = |path| [format!("http://ocsp.contoso.example/ocsp/{path}")];
    let tenant = Tenant::builder()
        .ocsp_urls(Certificate::Leaf, url("leaf"))
        .ocsp_urls(Certificate::Intermediate, url("intermediate"))
        .start()
        .unwrap();
    let url = Url::parse(&tenant.revocation().ocsp_url(Certificate::Leaf)).unwrap();
    let responder = url[Position::BeforeHost..Position::AfterPort].to_owned();
    let from = "ocsp.contoso.example:80";
    // Nobody names the stand-in's address as one that is allowed: the stand-in itself says so.
    let builder = || builder_for(&tenant).revocation(Policy::Strict);
    let client = builder().way(Explicit::Direct).connect_to(from, &responder);
    let reset = client.build().unwrap().start(user()).await.unwrap();
    assert_eq!(
        fetch_ways(reset.trust().unwrap()),
        [Way::Direct, Way::Direct]
    );

    let proxy = Proxy::start(Rules::default()).await;
    let client = builder().way(proxy.server()).connect_to(from, &responder);
    client.build().unwrap().start(user()).await.unwrap();
    let plain = proxy.lines(&format!("GET http://{responder}/ocsp/"));
    assert_eq!(plain.len(), 2, "{:?}", proxy.seen());
}

#[test]
fn what_is_no_destination_is_refused() {
    let tenant = Tenant::start().unwrap();
    let built = builder_for(&tenant)
        .connect_to("login", "127.0.0.1:443")
        .build();
    let setting = "connect_to";
    assert_eq!(
        *built.err().unwrap().fault(),
        Fault::InvalidSetting { setting }
    );
}
