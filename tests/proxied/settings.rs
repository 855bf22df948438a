//! Who decides: the embedding program, its own source of ways, or the settings of this computer.

use sspr::mock::Tenant;
use sspr::proxy::{Candidate, Explicit, Store, Ways};

use super::proxy::{Proxy, Rules};
use super::site::{Given, builder_for, through, user};

#[tokio::test]
async fn a_given_way_goes_before_the_settings_of_this_computer() {
    let tenant = Tenant::start().unwrap();
    let proxy = Proxy::start(Rules::default()).await;
    for (way, expected) in [
        (Explicit::Direct, Candidate::Direct),
        (proxy.server().into(), Candidate::Proxy(proxy.server())),
    ] {
        let client = builder_for(&tenant).way(way).build().unwrap();
        let plan = client.plan().await.unwrap().unwrap();
        assert_eq!(plan.candidates, [expected]);
        let provenance = plan.provenance.as_ref().unwrap();
        assert_eq!(provenance.store, Store::Explicit);
    }
    assert!(proxy.seen().is_empty());
    assert_eq!(tenant.traffic().connections, 0);
}

#[tokio::test]
async fn ways_of_ones_own_go_before_everything() {
    let tenant = Tenant::start().unwrap();
    let [proxy, other] = [
        Proxy::start(Rules::default()),
        Proxy::start(Rules::default()),
    ];
    let (proxy, other) = (proxy.await, other.await);
    let ways = Ways::new(Given::new([proxy.server().into()]));
    let client = builder_for(&tenant)
        .ways(ways)
        .way(other.server())
        .build()
        .unwrap();
    let reset = client.start(user()).await.unwrap();
    assert_eq!(reset.trust().unwrap().way, through(&proxy.url()));
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn nothing_is_read_before_the_first_connection() {
    let tenant = Tenant::start().unwrap();
    let given = Given::new([Explicit::Direct]);
    let read = || given.read.load(std::sync::atomic::Ordering::SeqCst);
    let ways = Ways::new(given.clone());
    let client = builder_for(&tenant).ways(ways).build().unwrap();
    assert_eq!(read(), 0);
    client.warm_up().await.unwrap();
    assert_eq!(read(), 1);
    // Requests on a connection that stands decide nothing.
    client.start(user()).await.unwrap();
    assert_eq!(read(), 1);
}
