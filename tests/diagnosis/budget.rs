//! One budget for everything, and nothing that goes on after it.

use std::time::Duration;

use sspr::diagnosis::{Diagnosis, Verdict};
use sspr::mock::{Endpoint, Fault, Tenant};
use sspr::{CloudTable, Stage};
use tokio::time::Instant;

use super::site::{Hole, channel, diagnosis, over};

#[tokio::test(start_paused = true)]
async fn names_that_nobody_answers_for_end_in_time() {
    let tenant = Tenant::start().unwrap();
    let start = Instant::now();
    let report = over(&tenant, channel(&tenant).resolver(Hole))
        .diagnose()
        .await;
    assert!(start.elapsed() <= Diagnosis::BUDGET);
    assert_eq!(report.verdict, Verdict::Blocked);
    let problem = &report.problems[0];
    assert_eq!(
        (problem.stage, &*problem.fault),
        (Stage::Dns, "name-timed-out")
    );
}

#[tokio::test(start_paused = true)]
async fn all_hosts_share_one_budget() {
    let tenant = Tenant::start().unwrap();
    let table = CloudTable::default();
    let mut all = over(&tenant, channel(&tenant).resolver(Hole));
    for cloud in table.clouds() {
        all = all.cloud(cloud);
    }
    let start = Instant::now();
    let report = all.diagnose().await;
    assert!(
        start.elapsed() <= Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(report.endpoints.len(), 7);
    // One fault, and every host on whose way it stands.
    assert_eq!(report.problems.len(), 1);
    assert_eq!(report.problems[0].hosts.len(), 7);
}

#[tokio::test]
async fn the_end_of_the_budget_is_told_at_the_station_that_was_reached() {
    let tenant = Tenant::start().unwrap();
    tenant.order(Fault::at(Endpoint::Discovery).hold().always());
    let budget = Duration::from_millis(600);
    let start = std::time::Instant::now();
    let report = diagnosis(&tenant).budget(budget).diagnose().await;
    assert!(start.elapsed() < 10 * budget);
    let problem = &report.problems[0];
    assert_eq!((problem.stage, &*problem.fault), (Stage::Http, "timed-out"));
    let last = report.endpoints[0].stations.last().unwrap();
    assert_eq!((last.stage, last.passed), (Stage::Http, false));
    assert_eq!(last.fault.as_deref(), Some("timed-out"));
}

/// At every station at which somebody can be kept waiting.
#[tokio::test]
async fn a_diagnosis_that_is_dropped_leaves_nothing_running() {
    for endpoint in [Endpoint::Connect, Endpoint::Ocsp, Endpoint::Discovery] {
        let tenant = Tenant::start().unwrap();
        let order = tenant.order(Fault::at(endpoint).hold().always());
        let running = tokio::spawn(diagnosis(&tenant).diagnose());
        let reached = tokio::task::spawn_blocking(move || {
            let reached = order.reached_within(Duration::from_secs(10));
            (order, reached)
        });
        let (order, reached) = reached.await.unwrap();
        assert!(reached, "{endpoint:?}");
        running.abort();
        assert!(running.await.unwrap_err().is_cancelled());
        tenant.cancel_orders();
        order.release();
        let idle = tokio::task::spawn_blocking(move || tenant.idle_within(Duration::from_secs(10)));
        assert!(idle.await.unwrap(), "{endpoint:?}");
    }
}

#[tokio::test]
async fn a_healthy_way_is_gone_once() {
    let tenant = Tenant::start().unwrap();
    let report = diagnosis(&tenant).diagnose().await;
    assert_eq!(report.verdict, Verdict::Ok, "{report:?}");
    let traffic = tenant.traffic();
    assert_eq!((traffic.connections, traffic.requests.len()), (1, 1));
    assert_eq!(traffic.requests[0].method, "GET");
    // One question for each certificate.
    assert_eq!(traffic.revocation.len(), 2);
    assert!(tenant.audit().is_empty());
}
