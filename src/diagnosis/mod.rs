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
mod findings;
mod problem;
mod report;
mod service;
mod sign;
mod text;
mod veil;
mod walk;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::instrument::WithSubscriber;
use tracing::{Instrument, debug, debug_span};

use self::findings::Findings;
pub use self::problem::{Problem, Severity};
pub use self::report::{EndpointReport, Report, StationReport, Verdict};
pub use self::sign::Sign;
pub use self::text::Label;
use self::veil::Veil;
use self::walk::{Walked, walk};
use crate::channel::{Channel, ChannelBuilder, Timeouts};
use crate::cloud::Cloud;
use crate::endpoint::RequiredEndpoint;
use crate::error::{Error, Fault};
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
