//! What the stations tell, gathered into a report.

use std::cmp::Reverse;
use std::time::{Duration, SystemTime};

use tracing::debug;

use super::problem::{Problem, Severity};
use super::report::{EndpointReport, Report, StationReport, Verdict};
use super::sign::Sign;
use super::veil::Veil;
use super::walk::Walked;
use crate::endpoint::RequiredEndpoint;
use crate::error::{Fault, Stage};
use crate::machine::readiness::Readiness;

/// What was found so far.
pub(super) struct Findings<'a> {
    veil: &'a Veil,
    problems: Vec<Problem>,
    signs: Vec<Sign>,
    stations: Vec<StationReport>,
    endpoints: Vec<EndpointReport>,
}

impl<'a> Findings<'a> {
    pub(super) const fn new(veil: &'a Veil) -> Self {
        Self {
            veil,
            problems: Vec::new(),
            signs: Vec::new(),
            stations: Vec::new(),
            endpoints: Vec::new(),
        }
    }

    pub(super) fn configuration(&mut self, fault: Option<&Fault>) {
        let Some(fault) = fault else {
            self.stations.push(passed(Stage::Configuration, Vec::new()));
            return;
        };
        let problem = Problem::of_fault(fault, Severity::Blocks, None, self.veil);
        let end = StationReport::end(problem.stage, &problem.fault);
        self.stations.push(end);
        self.add(problem);
    }

    pub(super) fn machine(&mut self, readiness: &Readiness) {
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
    pub(super) fn network(&mut self, is_up: bool) {
        let mut station = passed(Stage::Network, Vec::new());
        station.passed = is_up;
        self.stations.push(station);
    }

    pub(super) fn walked(&mut self, endpoint: &RequiredEndpoint, walked: Walked) {
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

    pub(super) fn report(mut self, protocol: Option<&'static str>, took: Duration) -> Report {
        let blocked = |one: &EndpointReport| one.verdict == Verdict::Blocked;
        if self.endpoints.iter().any(blocked) && !self.endpoints.iter().all(blocked) {
            self.signs.push(Sign::MixedAnswers);
        }
        self.signs.sort_unstable();
        self.signs.dedup();
        // A stable sort: what is equally grave stays in the order of the way.
        self.problems
            .sort_by_key(|one| (Reverse(one.severity), one.stage));
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
