//! What the view may not have, and what it is told: rows P56 and P58.

use std::time::Duration;

use sspr::mock::{Certificate, Reason, Status, Tenant};
use sspr::{Channel, Fault, GatewayFault, Remedy, Stage, Timeouts, TrustFault};

use super::setup::{
    Cable, HOST, Lookups, channel, channel_to, handoff, refused, serve, serve_with, tenant,
};
use super::view::{tunnel, tunnel_status};

/// P56
#[tokio::test]
async fn a_host_off_the_list_another_port_and_addresses_are_refused_and_counted() {
    let tenant = tenant();
    let (running, mut events) = serve(channel(&tenant)).await;
    for (target, stage) in [
        ("evil.example:443".to_owned(), Stage::Configuration),
        (format!("{HOST}:22"), Stage::Configuration),
        ("127.0.0.1:443".to_owned(), Stage::Configuration),
        ("[::1]:443".to_owned(), Stage::Configuration),
        ("0x7f.1:443".to_owned(), Stage::Configuration),
    ] {
        assert_eq!(tunnel_status(&running, &target).await, 403, "{target}");
        let (host, error, page) = refused(&mut events).await;
        assert_eq!(host.as_deref(), Some(target.rsplit_once(':').unwrap().0));
        assert_eq!(error.stage(), stage);
        assert!(page.contains(running.correlation_id()), "{page}");
    }
    let counts = running.counts();
    assert_eq!(counts.other_hosts, 1);
    assert_eq!(counts.other_ports, 1);
    assert_eq!(counts.addresses, 3);
    assert_eq!(counts.tunnels, 0);
}

#[tokio::test]
async fn hosts_may_be_added_one_by_one_and_as_the_policy_has_them() {
    let tenant = tenant();
    let (running, mut events) = serve_with(channel(&tenant), |builder| {
        builder
            .allow_host("idp.invalid")
            .allow_hosts(" one.invalid ; two.invalid;; ")
    })
    .await;
    for host in ["idp.invalid", "one.invalid", "two.invalid"] {
        assert_eq!(tunnel_status(&running, &format!("{host}:443")).await, 502);
        let (_, error, _) = refused(&mut events).await;
        assert_eq!(error.stage(), Stage::Dns, "{error}");
    }
    assert_eq!(running.counts().failed, 3);
}

#[tokio::test]
async fn a_revoked_certificate_keeps_the_view_out() {
    let tenant = tenant();
    let status = Status::revoked(Reason::KeyCompromise);
    tenant.revocation().set_status(Certificate::Leaf, status);
    let (running, mut events) = serve(channel(&tenant)).await;
    assert_eq!(tunnel_status(&running, &format!("{HOST}:443")).await, 502);
    let (_, error, page) = refused(&mut events).await;
    assert_eq!(error.stage(), Stage::Revocation);
    assert!(page.contains("withdrawn"), "{page}");

    // What was bad is asked anew.
    tenant
        .revocation()
        .set_status(Certificate::Leaf, Status::Good);
    running.network_changed();
    let again = tunnel_status(&running, &format!("{HOST}:443")).await;
    let (_, error, _) = match again {
        200 => return,
        _ => refused(&mut events).await,
    };
    // The signed answer of before may still hold.
    assert_eq!(error.stage(), Stage::Revocation);
}

/// P58
#[tokio::test]
async fn an_inspected_connection_keeps_the_view_out() {
    const PINNED: &str = "passwordreset.microsoftonline.com";
    let tenant = Tenant::builder().host_name(PINNED).start().unwrap();
    let channel = channel_to("127.0.0.1:1", tenant.ca_der())
        .connect_to(format!("{PINNED}:443"), tenant.address().to_string())
        .build()
        .unwrap();
    let (running, mut events) = serve_with(channel, |builder| builder.allow_host(PINNED)).await;
    assert_eq!(tunnel_status(&running, &format!("{PINNED}:443")).await, 502);
    let (_, error, page) = refused(&mut events).await;
    let Fault::Trust(TrustFault::Inspected { issuer, .. }) = error.fault() else {
        panic!("{error:?}")
    };
    assert_eq!(error.remedy(), Remedy::ExemptFromInspection);
    assert!(!issuer.sha256.is_empty());
    assert!(page.contains("inspected"), "{page}");
}

#[tokio::test]
async fn a_page_is_in_the_language_of_the_person() {
    let tenant = tenant();
    let japanese = sspr::messages::Messages::for_language("ja");
    let (running, mut events) =
        serve_with(channel(&tenant), |builder| builder.messages(japanese)).await;
    assert_eq!(tunnel_status(&running, "evil.example:443").await, 403);
    let (_, _, page) = refused(&mut events).await;
    assert!(page.contains("<html lang=\"ja\">") && page.contains("ページを開けません"));
}

fn resolving(lookups: Lookups) -> Channel {
    let mut timeouts = Timeouts::default();
    timeouts.connect = Duration::from_millis(100);
    Channel::builder()
        .way(sspr::proxy::Explicit::Direct)
        .network(Cable)
        .timeouts(timeouts)
        .resolver(lookups)
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_unless_it_may() {
    for address in ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"] {
        let (running, mut events) = serve(resolving(Lookups::new([&[address]]))).await;
        assert_eq!(tunnel_status(&running, &format!("{HOST}:443")).await, 403);
        let (_, error, _) = refused(&mut events).await;
        let expected = GatewayFault::PrivateAddress {
            host: HOST.into(),
            address: address.parse().unwrap(),
        };
        assert_eq!(*error.fault(), Fault::Gateway(expected));
    }
    let (running, mut events) = serve_with(resolving(Lookups::new([&["127.0.0.1"]])), |builder| {
        builder.allow_private_host(HOST)
    })
    .await;
    assert_eq!(tunnel_status(&running, &format!("{HOST}:443")).await, 502);
    let (_, error, _) = refused(&mut events).await;
    assert_eq!(error.stage(), Stage::Connect, "it was tried: {error}");
}

/// The addresses that were looked at are those that are used: a name that leads elsewhere now is looked at anew.
#[tokio::test]
async fn a_name_that_changes_its_mind_gains_nothing() {
    let lookups = Lookups::new([&["192.0.2.1", "127.0.0.1"], &["127.0.0.1"]]);
    let (running, mut events) = serve(resolving(lookups)).await;
    // Only the public one of both is tried, and nobody is there.
    assert_eq!(tunnel_status(&running, &format!("{HOST}:443")).await, 502);
    let (_, error, _) = refused(&mut events).await;
    assert!(matches!(error.stage(), Stage::Connect | Stage::Network));
    assert_eq!(tunnel_status(&running, &format!("{HOST}:443")).await, 403);
    let (_, error, _) = refused(&mut events).await;
    assert_eq!(error.stage(), Stage::Dns);
}

#[tokio::test]
async fn only_so_many_tunnels_and_bytes() {
    let tenant = tenant();
    let (running, mut events) = serve_with(channel(&tenant), |builder| builder.tunnels(1)).await;
    let target = format!("{HOST}:443");
    let _open = tunnel(&running, &target).await;
    super::setup::next(&mut events).await;
    assert_eq!(tunnel_status(&running, &target).await, 503);
    let (_, error, _) = refused(&mut events).await;
    let limit = GatewayFault::TooManyTunnels { limit: 1 };
    assert_eq!(*error.fault(), Fault::Gateway(limit));
}

#[tokio::test]
async fn a_handoff_that_leads_elsewhere_is_not_served() {
    let tenant = tenant();
    let gateway = sspr::gateway::Gateway::builder(channel(&tenant))
        .build()
        .unwrap();
    for url in [
        "http://reset.contoso.example/",
        "https://reset.contoso.example:8443/",
        "https://adele:hush@reset.contoso.example/",
    ] {
        let mut wrong = handoff();
        wrong.url = Some(url.parse().unwrap());
        let error = gateway.serve(&wrong).await.err().unwrap();
        assert_eq!(error.stage(), Stage::Configuration);
    }
    let error = gateway
        .serve(&handoff().hosts(["10.0.0.1"]))
        .await
        .err()
        .unwrap();
    assert_eq!(error.stage(), Stage::Configuration);
}
