//! The ways to a tenant: IPv6 only, no network yet, and the embedding program's own.

use std::io;
use std::net::Ipv6Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sspr::mock::Tenant;
use sspr::proxy::Explicit;
use sspr::{
    Fault, NativeV1, Network, Remedy, ResetClient, Resolve, ResolveFuture, RootScope, Sent, Stage,
    Timeouts, Trust,
};
use tokio::time::Instant;
use url::Url;

use crate::desk::{
    PASSWORD, USER, builder_for, client_for, finish, is_changed, mailed_code, patient_tenant, user,
};
use crate::script::{AUTHORITY, CLIENT_ID, Script};

#[tokio::test]
async fn a_whole_reset_over_ipv6_alone() {
    let tenant = patient_tenant().ipv6().start().unwrap();
    assert_eq!(tenant.authority().host_str(), Some("[::1]"));
    let client = client_for(&tenant);
    client.warm_up().await.unwrap();
    let mut reset = client.start(user()).await.unwrap();
    finish(&mut reset, || mailed_code(&tenant)).await.unwrap();
    assert!(is_changed(reset.step()));
    assert!(tenant.password_is(USER, PASSWORD));
    assert_eq!(tenant.traffic().connections, 1);
}

/// A resolver that knows every name, at `[::1]` and nowhere else.
struct OnlyIpv6;

impl Resolve for OnlyIpv6 {
    fn resolve<'a>(&'a self, _host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Ok(vec![Ipv6Addr::LOCALHOST.into()]) })
    }
}

#[tokio::test]
async fn a_name_with_an_ipv6_address_alone() {
    let tenant = patient_tenant()
        .ipv6()
        .host_name("login.contoso.example")
        .start()
        .unwrap();
    let mut authority: Url = tenant.authority();
    authority.set_host(Some("login.contoso.example")).unwrap();
    let protocol = NativeV1::new(&authority, tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let client = ResetClient::builder(protocol)
        .way(Explicit::Direct)
        .trust(trust)
        .resolver(OnlyIpv6)
        .build()
        .unwrap();
    let mut reset = client.start(user()).await.unwrap();
    finish(&mut reset, || mailed_code(&tenant)).await.unwrap();
    assert!(is_changed(reset.step()));
    assert_eq!(
        tenant.traffic().requests[0].header("host"),
        Some(&authority[url::Position::BeforeHost..url::Position::AfterPort])
    );
}

/// A network that comes up at the given look.
#[derive(Clone)]
struct UpAt(usize, Arc<AtomicUsize>);

impl UpAt {
    fn look(look: usize) -> Self {
        Self(look, Arc::default())
    }
}

impl Network for UpAt {
    fn is_up(&self) -> bool {
        self.1.fetch_add(1, Ordering::SeqCst) >= self.0
    }
}

/// A resolver that knows no name, as without a network.
struct Lost;

impl Resolve for Lost {
    fn resolve<'a>(&'a self, _host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Err(io::Error::from(io::ErrorKind::NotFound)) })
    }
}

fn lost_client(network: impl Network + 'static) -> ResetClient {
    let protocol = NativeV1::new(AUTHORITY, CLIENT_ID).unwrap();
    ResetClient::builder(protocol)
        .way(Explicit::Direct)
        .resolver(Lost)
        .network(network)
        .build()
        .unwrap()
}

#[tokio::test]
async fn without_a_network_it_is_the_network_and_not_the_name() {
    let client = lost_client(UpAt::look(usize::MAX));
    for error in [
        client.warm_up().await.unwrap_err(),
        client.start(user()).await.map(|_| ()).unwrap_err(),
    ] {
        assert_eq!(error.fault(), &Fault::NoNetwork);
        assert_eq!(
            (error.stage(), error.remedy()),
            (Stage::Network, Remedy::ConnectNetwork)
        );
        assert_eq!(error.sent(), Sent::Nothing);
    }
    let error = lost_client(UpAt::look(0))
        .start(user())
        .await
        .map(|_| ())
        .unwrap_err();
    assert!(
        matches!(error.fault(), Fault::NameNotFound { .. }),
        "{error:?}"
    );
    assert_eq!(error.stage(), Stage::Dns);
}

#[tokio::test(start_paused = true)]
async fn a_network_that_comes_late_is_waited_for() {
    let script = Script::new();
    let start = Instant::now();
    let client = script.builder().network(UpAt::look(7)).build().unwrap();
    client.wait_for_network(None).await.unwrap();
    assert!(start.elapsed() > Duration::from_secs(1) && start.elapsed() < Duration::from_secs(10));
    client.start(user()).await.unwrap();

    let client = script
        .builder()
        .network(UpAt::look(usize::MAX))
        .build()
        .unwrap();
    for (limit, expected) in [
        (None, 30),
        (Some(Duration::from_secs(5)), 5),
        (Some(Duration::ZERO), 0),
    ] {
        let start = Instant::now();
        let error = client.wait_for_network(limit).await.unwrap_err();
        assert_eq!(error.fault(), &Fault::NoNetwork);
        assert_eq!(start.elapsed(), Duration::from_secs(expected));
    }
    let client = script.builder().network(UpAt::look(100)).build().unwrap();
    client.wait_for_network(Some(Duration::MAX)).await.unwrap();
}

/// A client may serve one runtime after the other: a connection that belongs to another runtime is not used.
#[test]
fn a_client_may_be_used_from_two_runtimes() {
    let tenant = Tenant::start().unwrap();
    let client = client_for(&tenant);
    let other = sspr::blocking::ResetClient::new(client.clone()).unwrap();
    other.warm_up().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let attempt = async {
            let mut reset = client.start(user()).await.unwrap();
            finish(&mut reset, || mailed_code(&tenant)).await.unwrap();
            assert!(is_changed(reset.step()), "{:?}", reset.step());
        };
        let limit = Duration::from_secs(5);
        tokio::time::timeout(limit, attempt)
            .await
            .expect("stuck on a connection of the other runtime");
    });
}

/// Limits that no clock can tell are long ones.
#[tokio::test]
async fn limits_beyond_all_time() {
    let tenant = patient_tenant().start().unwrap();
    let mut timeouts = Timeouts::default();
    for limit in [
        &mut timeouts.dns,
        &mut timeouts.connect,
        &mut timeouts.tls_handshake,
        &mut timeouts.response_head,
        &mut timeouts.response_body,
        &mut timeouts.exchange,
        &mut timeouts.poll_limit,
    ] {
        *limit = Duration::MAX;
    }
    let client = builder_for(&tenant).timeouts(timeouts).build().unwrap();
    client.warm_up().await.unwrap();
    let mut reset = client.start(user()).await.unwrap();
    finish(&mut reset, || mailed_code(&tenant)).await.unwrap();
    assert!(is_changed(reset.step()));
}

/// An exchange of the embedding program needs no network of ours.
#[tokio::test(start_paused = true)]
async fn a_whole_reset_through_an_exchange_of_ones_own() {
    let script = Script::new();
    let client = script
        .builder()
        .network(UpAt::look(usize::MAX))
        .build()
        .unwrap();
    client.warm_up().await.unwrap();
    assert!(script.seen().is_empty(), "there is nothing to warm up");
    let mut reset = client.start(user()).await.unwrap();
    finish(&mut reset, crate::desk::code).await.unwrap();
    assert!(is_changed(reset.step()));
}
