//! The way to a destination: decided for every address anew, then gone.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tracing::debug;
use url::{Host, Url};

use crate::error::{Error, Fault, HostProblem, PeerText, ProxyResolutionFault, Stage};
use crate::proxy::{KEPT_FOR, ProxyPlan, Ways};
use crate::trail::Station;
use crate::tunnel::{Destination, Dialer, Opened, Reached, Tunnels};

/// The most remarks on the settings that a trail keeps.
const REMARKS: usize = 8;

/// Decides the ways out and goes them, for requests and for revocation data alike.
pub(super) struct WayOut {
    ways: Arc<Ways>,
    tunnels: Tunnels,
    instead: Instead,
    /// When the settings were last looked at.
    looked: Mutex<Option<Instant>>,
}

impl WayOut {
    pub(super) fn new(ways: Arc<Ways>, tunnels: Tunnels, instead: Instead) -> Self {
        Self {
            ways,
            tunnels,
            instead,
            looked: Mutex::default(),
        }
    }

    /// The ways to `destination` for an address of `scheme`.
    pub(super) async fn plan(
        &self,
        scheme: &str,
        destination: &Destination,
    ) -> Result<Arc<ProxyPlan>, ProxyResolutionFault> {
        let destination = self.instead.of(destination);
        let url = Url::parse(&format!("{scheme}://{destination}/")).map_err(|_| {
            ProxyResolutionFault::HostInvalid {
                problem: HostProblem::NotAName,
            }
        })?;
        self.look();
        let plan = self.ways.plan(&url).await?;
        let from = plan.provenance.as_ref().map(|from| from.place.as_str());
        debug!(%url, ways = ?plan.candidates, from, "planned");
        Ok(plan)
    }

    /// Opens a way on which TLS can be spoken with `destination`. `direct` dials where no proxy is to be used; the stations
    /// are noted in its trail.
    pub(super) async fn open(
        &self,
        destination: &Destination,
        direct: &Dialer,
    ) -> Result<Opened, Error> {
        let mut station = direct.trail.enter(Stage::ProxyResolution, destination);
        let plan = self.plan("https", destination).await;
        let plan = plan.map_err(Fault::ProxyResolution)?;
        note(&plan, &mut station);
        station.passed();
        self.tunnels
            .noting(&direct.trail)
            .open(&plan, self.instead.of(destination), direct)
            .await
            .map_err(|error| with_hint(error, &plan))
    }

    /// Opens a way on which a plain HTTP request for `destination` can be sent. `direct` dials where no proxy is to be
    /// used.
    pub(super) async fn reach(
        &self,
        destination: &Destination,
        direct: &Dialer,
    ) -> Result<Reached, Error> {
        let plan = self.plan("http", destination).await;
        let plan = plan.map_err(Fault::ProxyResolution)?;
        self.tunnels
            .reach(&plan, self.instead.of(destination), direct)
            .await
    }

    /// What is connected to instead of `destination`.
    pub(super) fn instead_of<'a>(&'a self, destination: &'a Destination) -> &'a Destination {
        self.instead.of(destination)
    }

    /// Whether there is a way to anywhere but this computer.
    pub(super) fn has_network(&self) -> bool {
        self.tunnels.dialer.network.is_up()
    }

    /// Forgets what was decided and learned: the network has changed.
    pub(super) fn network_changed(&self) {
        self.ways.network_changed();
        self.tunnels.forget();
    }

    /// Reads the settings again if that was long ago: not every system tells that they have changed.
    fn look(&self) {
        let now = Instant::now();
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let since = looked.map(|before| now.duration_since(before));
        if since.is_none_or(|since| since >= KEPT_FOR) {
            *looked = Some(now);
            drop(looked);
            if since.is_some() {
                self.ways.refresh();
            }
        }
    }
}

/// What was decided, by whom, and what there is to say about the settings.
fn note(plan: &ProxyPlan, station: &mut Station<'_>) {
    for way in &plan.candidates {
        station.saw(way);
    }
    if let Some(from) = &plan.provenance {
        station.saw(&format_args!("{} ({})", from.place, from.store.name()));
    }
    for finding in plan.findings.iter().take(REMARKS) {
        station.saw(finding);
    }
}

/// A name that was not found may be one that only a proxy knows.
fn with_hint(error: Error, plan: &ProxyPlan) -> Error {
    match (error.fault(), plan.proxy_elsewhere()) {
        (Fault::NameNotFound { host }, Some(finding)) => Error::new(Fault::NameNotFoundDirectly {
            host: host.clone(),
            finding: PeerText::new(&finding.to_string()),
        })
        .with_source(error),
        _ => error,
    }
}

/// Destinations that others stand in for.
#[derive(Default)]
pub(super) struct Instead(Vec<(Destination, Destination)>);

impl Instead {
    /// Reads pairs of `host:port`.
    ///
    /// # Errors
    /// [`Fault::InvalidSetting`] if one of them is no host with a port.
    pub(super) fn parse(pairs: &[(String, String)]) -> Result<Self, Error> {
        let pairs = pairs
            .iter()
            .map(|(from, to)| Some((destination(from)?, destination(to)?)));
        match pairs.collect() {
            Some(pairs) => Ok(Self(pairs)),
            None => Err(Fault::InvalidSetting {
                setting: "connect_to",
            }
            .into()),
        }
    }

    /// The stand-in, or the destination itself.
    fn of<'a>(&'a self, destination: &'a Destination) -> &'a Destination {
        let is_meant =
            |from: &Destination| from.port == destination.port && from.name() == destination.name();
        let pair = self.0.iter().find(|(from, _)| is_meant(from));
        pair.map_or(destination, |(_, to)| to)
    }
}

fn destination(text: &str) -> Option<Destination> {
    let (host, port) = text.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port != 0)?;
    let host = Host::parse(host).ok()?;
    Some(Destination { host, port })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(from: &str, to: &str) -> [(String, String); 1] {
        [(from.to_owned(), to.to_owned())]
    }

    #[test]
    fn a_destination_is_stood_in_for_by_name_and_port() {
        let instead = Instead::parse(&pairs("Login.Contoso.example:443", "[::1]:8443")).unwrap();
        let told = |text| instead.of(&destination(text).unwrap()).to_string();
        assert_eq!(told("login.contoso.example:443"), "[::1]:8443");
        assert_eq!(told("login.contoso.example.:443"), "[::1]:8443");
        assert_eq!(
            told("login.contoso.example:444"),
            "login.contoso.example:444"
        );
        assert_eq!(told("contoso.example:443"), "contoso.example:443");
    }

    #[test]
    fn what_is_no_destination_is_refused() {
        for text in [
            "",
            "host",
            "host:",
            "host:0",
            "host:65536",
            ":443",
            "a b:1",
            "::1:1",
        ] {
            for pair in [pairs(text, "host:1"), pairs("host:1", text)] {
                let error = Instead::parse(&pair).err().expect(text);
                assert!(
                    matches!(error.fault(), Fault::InvalidSetting { .. }),
                    "{text}"
                );
            }
        }
    }
}
