//! The network changes: what was decided is forgotten, what stands is kept.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sspr::mock::Tenant;
use sspr::proxy::{Explicit, Ways};
use sspr::{Network, Way};

use super::proxy::{Proxy, Rules};
use super::site::{Given, builder_for, finish, through, user};

/// P59.
#[tokio::test]
async fn a_connection_that_stands_is_kept_and_the_next_one_goes_the_new_way() -> io::Result<()> {
    let tenant = Tenant::start()?;
    let proxy = Proxy::start(Rules::default()).await;
    let given = Given::new([proxy.server().into(), Explicit::Direct]);
    let ways = Arc::new(Ways::new(given.clone()));
    let client = builder_for(&tenant)
        .ways(Arc::clone(&ways))
        .build()
        .unwrap();
    let mut reset = client.start(user()).await.unwrap();

    given.now.store(1, Ordering::SeqCst);
    client.network_changed();
    finish(&mut reset, &tenant).await.unwrap();
    assert_eq!(reset.trust().unwrap().way, through(&proxy.url()));
    assert_eq!(tenant.traffic().connections, 1);
    let plan = client.plan().await.unwrap().unwrap();
    assert_eq!(plan.candidates, [sspr::proxy::Candidate::Direct]);

    tenant.drop_connections()?;
    let reset = client.start(user()).await.unwrap();
    assert_eq!(reset.trust().unwrap().way, Way::Direct);
    assert_eq!(proxy.lines("CONNECT").len(), 1);
    Ok(())
}

#[tokio::test]
async fn without_a_notice_the_plan_stays() -> io::Result<()> {
    let tenant = Tenant::start()?;
    let proxy = Proxy::start(Rules::default()).await;
    let given = Given::new([proxy.server().into(), Explicit::Direct]);
    let client = builder_for(&tenant)
        .ways(Ways::new(given.clone()))
        .build()
        .unwrap();
    client.warm_up().await.unwrap();
    given.now.store(1, Ordering::SeqCst);
    tenant.drop_connections()?;
    let reset = client.start(user()).await.unwrap();
    assert_eq!(reset.trust().unwrap().way, through(&proxy.url()));
    Ok(())
}

/// A network that comes up at the given look.
struct UpAt(usize, AtomicUsize);

impl Network for UpAt {
    fn is_up(&self) -> bool {
        self.1.fetch_add(1, Ordering::SeqCst) >= self.0
    }
}

#[tokio::test(start_paused = true)]
async fn a_network_that_had_to_be_waited_for_has_changed() {
    for (look, read) in [(0, 1), (5, 2)] {
        let tenant = Tenant::start().unwrap();
        let given = Given::new([Explicit::Direct]);
        let client = builder_for(&tenant)
            .ways(Ways::new(given.clone()))
            .network(UpAt(look, AtomicUsize::default()))
            .build()
            .unwrap();
        client.plan().await.unwrap();
        client.wait_for_network(None).await.unwrap();
        client.plan().await.unwrap();
        assert_eq!(given.read.load(Ordering::SeqCst), read, "up at look {look}");
    }
}
