//! The round trips of a healthy diagnosis.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use sspr::diagnosis::{Diagnosis, Report, Verdict};
use sspr::mock::{Endpoint, Fault, Tenant};
use sspr::proxy::Explicit;
use sspr::revocation::{Policy, Settings};
use sspr::{Channel, Network, RequiredEndpoint, Resolve, ResolveFuture, RootScope, Trust};
use tokio::time::{Instant, sleep};
use url::Url;

use crate::{Result, distance, ratio};

/// So long that what a busy machine adds is far less than half of it.
const ROUND_TRIP: Duration = Duration::from_millis(200);

/// How long the slowest responder takes.
const RESPONDER: Duration = Duration::from_millis(600);

const ROUNDS: usize = 3;

/// As many addresses as a cloud and a protocol need, at most.
const SERVERS: usize = 3;

pub(crate) async fn measure() -> Result<()> {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let report = diagnose(ROUND_TRIP, RESPONDER).await?;
        best = best.min(begun.elapsed());
        if report.verdict != Verdict::Ok || report.endpoints.len() != SERVERS {
            return Err(format!("not healthy: {report:?}").into());
        }
    }
    println!("diagnosis of {SERVERS} servers: {best:?}, the slowest responder {RESPONDER:?}");
    let turns = best.saturating_sub(RESPONDER).div_duration_f64(ROUND_TRIP);
    ratio("round-trips-besides-responder", turns.round(), 4.0);
    Ok(())
}

/// Of servers that are all so far away, as the resolver is. The responders of the first take so long.
pub(crate) async fn diagnose(round_trip: Duration, responder: Duration) -> Result<Report> {
    let mut tenants = Vec::new();
    for number in 0..SERVERS {
        let name = format!("login{number}.contoso.example");
        tenants.push((Tenant::builder().host_name(&name).start()?, name));
    }
    if let Some((first, _)) = tenants.first() {
        first.order(Fault::at(Endpoint::Ocsp).delay(responder).always());
    }
    let trust = tenants.iter().fold(Trust::new(), |trust, (tenant, _)| {
        trust.added_root(RootScope::Authorities, tenant.ca_der())
    });
    let mut channel = Channel::builder()
        .way(Explicit::Direct)
        .network(Up)
        .resolver(FarAway(round_trip))
        .trust(trust)
        .revocation(Settings::new(Policy::Strict).private_responders(["127.0.0.1"]));
    let mut diagnosis = Diagnosis::new();
    for (tenant, name) in &tenants {
        let address = distance::before(tenant.address(), round_trip).await?;
        channel = channel.connect_to(
            format!("{name}:443"),
            format!("far.example:{}", address.port()),
        );
        let authority = Url::parse(&format!("https://{name}/contoso.onmicrosoft.com"))?;
        diagnosis = diagnosis.endpoint(RequiredEndpoint::sign_in(&authority));
    }
    Ok(diagnosis.over(channel).diagnose().await)
}

/// Every name is this computer, and to ask for it takes a round trip.
struct FarAway(Duration);

impl Resolve for FarAway {
    fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
        Box::pin(async {
            sleep(self.0).await;
            Ok(vec![IpAddr::from(Ipv4Addr::LOCALHOST)])
        })
    }
}

/// A network that is always there.
pub(crate) struct Up;

impl Network for Up {
    fn is_up(&self) -> bool {
        true
    }
}
