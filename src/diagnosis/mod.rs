//! Walks the way of a reset once, without resetting anything, and tells what is in it.
//!
//! configuration → machine → network → choice of the proxy → name → TCP → proxy → TLS → trust → revocation → HTTP →
//! service: for every address that the cloud and the protocol need, all at once, within one budget of time. The way is
//! walked by the very [`Channel`] that a reset would use, with the same settings. No account is named,
//! nothing is sent but a `GET` for public descriptions, no attempt is spent, and nothing is kept.
//!
//! The outcome is a [`Report`]: a [`Verdict`], [`Problem`]s with stage, fault, remedy and evidence, what they point to
//! ([`Sign`]), and every station with its time. It serializes (the schema stands at [`Report`]), prints as text, and as
//! one line for the sign-in screen.
//!
//! ```no_run
//! use sspr::diagnosis::{Diagnosis, Verdict};
//! use sspr::messages::Messages;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let protocol = sspr::NativeV1::new("https://contoso.ciamlogin.com/contoso.onmicrosoft.com", "your-client-id")?;
//! let report = Diagnosis::new().protocol(&protocol).diagnose().await;
//! println!("{}", report.screen_line(&Messages::for_language("en")));
//! if report.verdict != Verdict::Ok {
//!     eprintln!("{}", report.text(&Messages::for_language("en")));
//! }
//! # Ok(()) }
//! ```
//!
//! # What it cannot tell
//! Whether the application may use the protocol and whether an account exists: asking that would spend an attempt. How
//! long a name lookup of the operating system goes on after the budget is over: its thread cannot be stopped.

mod accepted;
mod problem;
mod report;
mod service;
mod sign;
mod text;
mod veil;
mod walk;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::instrument::WithSubscriber;
use tracing::{Instrument, debug, debug_span};

pub use self::problem::{Problem, Severity};
pub use self::report::{EndpointReport, Report, StationReport, Verdict};
pub use self::sign::Sign;
pub use self::text::Label;
use self::veil::Veil;
use self::walk::{Walked, walk};
use crate::channel::{Channel, ChannelBuilder, Timeouts};
use crate::cloud::Cloud;
use crate::endpoint::RequiredEndpoint;
use crate::error::{Error, Fault, Stage};
use crate::machine::readiness::Readiness;
use crate::protocol::Protocol;
use crate::trail::Trail;

/// The most addresses that are asked.
const ENDPOINTS: usize = 16;

/// A diagnosis to be made.
///
/// | setting | default |
/// |---|---|
/// | [`protocol`](Self::protocol), [`cloud`](Self::cloud), [`endpoint`](Self::endpoint) | none: at least one has to be given |
/// | [`over`](Self::over) | a channel with the defaults |
/// | [`readiness`](Self::readiness) | the computer is not looked at |
/// | [`budget`](Self::budget) | 20 s |
/// | [`disclose`](Self::disclose) | no |
#[must_use = "a diagnosis has to be made"]
pub struct Diagnosis {
    protocol: Option<&'static str>,
    endpoints: Vec<RequiredEndpoint>,
    channel: ChannelBuilder,
    readiness: Option<Readiness>,
    budget: Duration,
    is_disclosed: bool,
    hidden: Vec<String>,
}

impl Default for Diagnosis {
    fn default() -> Self {
        Self {
            protocol: None,
            endpoints: Vec::new(),
            channel: Channel::builder(),
            readiness: None,
            budget: Self::BUDGET,
            is_disclosed: false,
            hidden: Vec::new(),
        }
    }
}

impl Diagnosis {
    /// The default budget.
    pub const BUDGET: Duration = Duration::from_secs(20);

    /// A diagnosis that asks nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks what `protocol` needs: [`Protocol::required_endpoints`].
    pub fn protocol(mut self, protocol: &dyn Protocol) -> Self {
        self.protocol = Some(protocol.name());
        self.endpoints.extend(protocol.required_endpoints());
        self
    }

    /// Asks what `cloud` needs: [`Cloud::required_endpoints`].
    pub fn cloud(mut self, cloud: &Cloud) -> Self {
        self.endpoints.extend(cloud.required_endpoints());
        self
    }

    /// Asks one more address.
    pub fn endpoint(mut self, endpoint: RequiredEndpoint) -> Self {
        self.endpoints.push(endpoint);
        self
    }

    /// With the settings of a client. Its time limits are shortened to what fits the budget.
    pub fn over(mut self, channel: ChannelBuilder) -> Self {
        self.channel = channel;
        self
    }

    /// Tells also what this computer says about itself.
    pub fn readiness(mut self, readiness: Readiness) -> Self {
        self.readiness = Some(readiness);
        self
    }

    /// The time for all of it, at least a tenth of a second and at most ten minutes.
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget.clamp(Duration::from_millis(100), Duration::from_secs(600));
        self
    }

    /// Whether the report may hold names of people and of this computer.
    pub fn disclose(mut self, disclose: bool) -> Self {
        self.is_disclosed = disclose;
        self
    }

    /// Something else that the report must not hold, such as the name that a person typed.
    pub fn hide(mut self, word: impl Into<String>) -> Self {
        self.hidden.push(word.into());
        self
    }

    /// Walks every way. Whatever is in one is in the report; dropping the future ends everything.
    pub async fn diagnose(self) -> Report {
        let span = debug_span!(target: "sspr::diagnosis", "diagnosis");
        self.run().instrument(span).await
    }

    async fn run(self) -> Report {
        let start = Instant::now();
        let veil = match self.is_disclosed {
            true => Veil::lifted(),
            false => Veil::over(&self.hidden),
        };
        let mut findings = Findings::new(&veil);
        let endpoints = distinct(self.endpoints);
        let channel = self.channel.timeouts(within(self.budget)).build();
        let channel = configuration(channel, &endpoints, &mut findings);
        if let Some(readiness) = &self.readiness {
            findings.machine(readiness);
        }
        let mut walks = Vec::new();
        if let Some(channel) = channel {
            findings.network(channel.has_network());
            walks = walk_all(Arc::new(channel), &endpoints, start, self.budget).await;
        }
        for (endpoint, walked) in endpoints.iter().zip(walks) {
            findings.walked(endpoint, walked);
        }
        let report = findings.report(self.protocol, start.elapsed());
        debug!(target: "sspr::diagnosis", verdict = ?report.verdict, problems = report.problems.len(), ms = report.ms, "diagnosed");
        report
    }
}

impl fmt::Debug for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Diagnosis")
            .field("protocol", &self.protocol)
            .field("endpoints", &self.endpoints)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

/// Time limits of which the usual ones fit into the budget one after the other.
fn within(budget: Duration) -> Timeouts {
    let usual = Timeouts::default();
    Timeouts {
        dns: usual.dns.min(budget / 5),
        connect: usual.connect.min(budget / 3),
        proxy_answer: usual.proxy_answer.min(budget / 3),
        tls_handshake: usual.tls_handshake.min(budget / 3),
        revocation: usual.revocation.min(budget * 2 / 5),
        revocation_fetch: usual.revocation_fetch.min(budget / 5),
        response_head: usual.response_head.min(budget / 3),
        response_body: usual.response_body.min(budget / 3),
        exchange: budget,
        ..usual
    }
}

/// Each address once.
fn distinct(endpoints: Vec<RequiredEndpoint>) -> Vec<RequiredEndpoint> {
    let mut distinct: Vec<RequiredEndpoint> = Vec::new();
    for endpoint in endpoints {
        if distinct.len() < ENDPOINTS && !distinct.contains(&endpoint) {
            distinct.push(endpoint);
        }
    }
    distinct
}

/// The channel, if it can be built and there is something to ask and a runtime to ask in.
fn configuration(
    channel: Result<Channel, Error>,
    endpoints: &[RequiredEndpoint],
    findings: &mut Findings<'_>,
) -> Option<Channel> {
    let has_runtime = Handle::try_current().is_ok();
    let fault = match &channel {
        Err(error) => Some(error.fault().clone()),
        Ok(_) if endpoints.is_empty() => Some(Fault::NoProtocol),
        Ok(_) if !has_runtime => Some(Fault::NoRuntime),
        Ok(_) => None,
    };
    findings.configuration(fault.as_ref());
    channel.ok().filter(|_| fault.is_none())
}

/// The ways to all of them at once. They end when the future is dropped.
async fn walk_all(
    channel: Arc<Channel>,
    endpoints: &[RequiredEndpoint],
    start: Instant,
    budget: Duration,
) -> Vec<Walked> {
    let mut running = JoinSet::new();
    for (index, endpoint) in endpoints.iter().cloned().enumerate() {
        let channel = Arc::clone(&channel);
        let walk = async move { (index, walk(&channel, &endpoint, start, budget).await) };
        running.spawn(walk.in_current_span().with_current_subscriber());
    }
    let mut walks: Vec<_> = running.join_all().await;
    walks.sort_by_key(|(index, _)| *index);
    walks.into_iter().map(|(_, walked)| walked).collect()
}

/// What was found so far.
struct Findings<'a> {
    veil: &'a Veil,
    problems: Vec<Problem>,
    signs: Vec<Sign>,
    stations: Vec<StationReport>,
    endpoints: Vec<EndpointReport>,
}

impl<'a> Findings<'a> {
    const fn new(veil: &'a Veil) -> Self {
        Self {
            veil,
            problems: Vec::new(),
            signs: Vec::new(),
            stations: Vec::new(),
            endpoints: Vec::new(),
        }
    }

    fn configuration(&mut self, fault: Option<&Fault>) {
        let Some(fault) = fault else {
            self.stations.push(passed(Stage::Configuration, Vec::new()));
            return;
        };
        let problem = Problem::of_fault(fault, Severity::Blocks, None, self.veil);
        let end = StationReport::end(problem.stage, &problem.fault);
        self.stations.push(end);
        self.add(problem);
    }

    fn machine(&mut self, readiness: &Readiness) {
        let found = readiness.findings.iter();
        let found: Vec<_> = found
            .filter_map(|finding| Problem::of_finding(finding, self.veil))
            .collect();
        let count = format!("{} findings", readiness.findings.len());
        let mut station = passed(Stage::Machine, vec![count]);
        if let Some(block) = found.iter().find(|one| one.severity == Severity::Blocks) {
            station.passed = false;
            station.fault = Some(block.fault.clone());
        }
        self.stations.push(station);
        found.into_iter().for_each(|problem| self.add(problem));
    }

    /// That there is no route to anywhere is told by who fails for it: this computer itself can be reached without one.
    fn network(&mut self, is_up: bool) {
        let mut station = passed(Stage::Network, Vec::new());
        station.passed = is_up;
        self.stations.push(station);
    }

    fn walked(&mut self, endpoint: &RequiredEndpoint, walked: Walked) {
        let host = endpoint.url.host_str().unwrap_or_default();
        let mut stations: Vec<_> = walked
            .stations
            .iter()
            .map(|mark| StationReport::of_mark(mark, self.veil))
            .collect();
        let mut found = Vec::new();
        for (fault, severity) in &walked.faults {
            let problem = Problem::of_fault(fault, *severity, Some(host), self.veil);
            debug!(target: "sspr::diagnosis", host, stage = %problem.stage, fault = problem.fault, "problem");
            if *severity == Severity::Blocks {
                end_at(&mut stations, &problem);
            }
            self.signs.extend(Sign::of(fault));
            found.push(problem);
        }
        self.endpoints.push(EndpointReport {
            url: self.veil.text(endpoint.url.as_str()),
            answers: endpoint.answers,
            verdict: Verdict::of(&found),
            ms: walked.took.as_millis() as u64,
            stations,
        });
        found.into_iter().for_each(|problem| self.add(problem));
    }

    /// Adds a problem, or what is new of it to one that is known.
    fn add(&mut self, problem: Problem) {
        let mut left = Some(problem);
        for known in &mut self.problems {
            left = left.and_then(|problem| known.absorb(problem));
        }
        self.problems.extend(left);
    }

    fn report(mut self, protocol: Option<&'static str>, took: Duration) -> Report {
        let blocked = |one: &EndpointReport| one.verdict == Verdict::Blocked;
        if self.endpoints.iter().any(blocked) && !self.endpoints.iter().all(blocked) {
            self.signs.push(Sign::MixedAnswers);
        }
        self.signs.sort_unstable();
        self.signs.dedup();
        // A stable sort: what is equally grave stays in the order of the way.
        self.problems
            .sort_by_key(|one| (std::cmp::Reverse(one.severity), one.stage));
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let report = Report {
            schema: Report::SCHEMA,
            verdict: Verdict::of(&self.problems),
            problems: self.problems,
            signs: self.signs,
            protocol,
            version: env!("CARGO_PKG_VERSION"),
            time: since.unwrap_or_default().as_secs(),
            ms: took.as_millis() as u64,
            stations: self.stations,
            endpoints: self.endpoints,
        };
        report.fitted()
    }
}

fn passed(stage: Stage, seen: Vec<String>) -> StationReport {
    StationReport {
        passed: true,
        fault: None,
        seen,
        ..StationReport::end(stage, "")
    }
}

/// Marks the station at which the way ended, and adds it if it was never entered.
fn end_at(stations: &mut Vec<StationReport>, problem: &Problem) {
    let mut entered = stations.iter_mut().rev();
    match entered.find(|station| station.stage == problem.stage && !station.passed) {
        Some(station) => station.fault = Some(problem.fault.clone()),
        None => stations.push(StationReport::end(problem.stage, &problem.fault)),
    }
}
