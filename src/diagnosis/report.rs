//! What a diagnosis found.

use serde::Serialize;

use super::problem::{Problem, Severity};
use super::sign::Sign;
use super::veil::Veil;
use crate::endpoint::Answers;
use crate::error::Stage;
use crate::message::{Message, message_ids};
use crate::trail::Mark;

/// What a diagnosis found.
///
/// # As JSON
/// `serde` writes it as one object. Names and meanings below are stable within [`Report::SCHEMA`]; fields may be added.
///
/// | field | content |
/// |---|---|
/// | `schema` | 1 |
/// | `verdict` | `ok`, `degraded` or `blocked`: see [`Verdict`] |
/// | `problems` | list of [`Problem`], the gravest first: `stage` ([`Stage`]), `fault` (the variant's name), `severity` (`remark`, `degrades`, `blocks`), `who` ([`Who`](crate::Who)), `message_id`, `remedy` ([`Remedy`](crate::Remedy)), `hosts` (list), `evidence` (object), `others` (list of objects) |
/// | `signs` | list of [`Sign`]: `captive-portal`, `inspection`, `proxy-wants-login`, `clock-suspect`, `revocation-blocked`, `mixed-answers` |
/// | `protocol` | the protocol's name, or null |
/// | `version` | the version of this crate |
/// | `time` | when it ended, in seconds since 1970 (UTC) by this computer's clock |
/// | `ms` | how long it took, in milliseconds |
/// | `stations` | list of [`StationReport`]: what concerns the computer |
/// | `endpoints` | list of [`EndpointReport`]: `url`, `answers`, `verdict`, `ms`, `stations` |
///
/// A station has `stage`, `subject`, `passed`, `fault` (or null), `ms` and `seen` (list of technical lines in English).
/// All enums are in kebab case. The whole has at most [`Report::LIMIT`] bytes; where it would have more, what was seen is
/// left out first, then remarks, then evidence.
///
/// Nothing in it is secret. Names of people and of this computer are hidden unless
/// [`Diagnosis::disclose`](super::Diagnosis::disclose) says otherwise; hosts of the network are not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The version of the schema.
    pub schema: u32,
    /// Whether a reset would work.
    pub verdict: Verdict,
    /// What is in the way, the gravest first.
    pub problems: Vec<Problem>,
    /// What the problems point to.
    pub signs: Vec<Sign>,
    /// The protocol's name.
    pub protocol: Option<&'static str>,
    /// The version of this crate.
    pub version: &'static str,
    /// When it ended, in seconds since 1970 (UTC) by this computer's clock.
    pub time: u64,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// The stations that concern the computer: configuration, machine, network.
    pub stations: Vec<StationReport>,
    /// The way to every address that is needed.
    pub endpoints: Vec<EndpointReport>,
}

/// Whether a reset would work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Yes.
    Ok,
    /// Yes, but something should be mended.
    Degraded,
    /// No.
    Blocked,
}

/// The way to one address.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EndpointReport {
    /// The address.
    pub url: String,
    /// What a healthy server answers there.
    pub answers: Answers,
    /// Whether it did.
    pub verdict: Verdict,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// The stations, in the order in which they were entered.
    pub stations: Vec<StationReport>,
}

/// One station of a way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StationReport {
    /// Which one.
    pub stage: Stage,
    /// What was asked there: a host, an address, a proxy.
    pub subject: String,
    /// Whether the way went on.
    pub passed: bool,
    /// The name of the fault, as in [`Problem::fault`], if the way ended here.
    pub fault: Option<String>,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// What was seen, in technical words.
    pub seen: Vec<String>,
}

impl Report {
    /// The version of the schema.
    pub const SCHEMA: u32 = 1;

    /// The most bytes of the JSON form.
    pub const LIMIT: usize = 32 << 10;

    /// Leaves out what is least needed until the report has its size.
    pub(super) fn fitted(mut self) -> Self {
        type Step = fn(&mut Report);
        const STEPS: [Step; 4] = [
            |report| {
                report
                    .all_stations()
                    .for_each(|station| station.seen.truncate(2))
            },
            |report| {
                report
                    .all_stations()
                    .for_each(|station| station.seen.clear())
            },
            |report| {
                report
                    .problems
                    .retain(|one| one.severity != Severity::Remark)
            },
            |report| {
                let emptied = report.problems.iter_mut().skip(1);
                emptied.for_each(|one| one.evidence = serde_json::json!({}));
                report
                    .problems
                    .iter_mut()
                    .for_each(|one| one.others.clear());
                report.problems.truncate(16);
                report.endpoints.truncate(16);
            },
        ];
        let mut steps = STEPS.into_iter();
        while self.size() > Self::LIMIT
            && let Some(step) = steps.next()
        {
            step(&mut self);
        }
        self
    }

    fn size(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }

    fn all_stations(&mut self) -> impl Iterator<Item = &mut StationReport> {
        let of_endpoints = self.endpoints.iter_mut().flat_map(|one| &mut one.stations);
        self.stations.iter_mut().chain(of_endpoints)
    }
}

impl Verdict {
    /// What problems come to.
    pub(super) fn of<'a>(problems: impl IntoIterator<Item = &'a Problem>) -> Self {
        let gravest = problems.into_iter().map(|problem| problem.severity).max();
        match gravest {
            None | Some(Severity::Remark) => Self::Ok,
            Some(Severity::Degrades) => Self::Degraded,
            Some(Severity::Blocks) => Self::Blocked,
        }
    }
}

impl StationReport {
    pub(super) fn of_mark(mark: &Mark, veil: &Veil) -> Self {
        Self {
            stage: mark.stage,
            subject: veil.text(&mark.subject),
            passed: mark.passed,
            fault: None,
            ms: mark.took.unwrap_or_default().as_millis() as u64,
            seen: mark.seen.iter().map(|line| veil.text(line)).collect(),
        }
    }

    /// A station at which the way ended.
    pub(super) fn end(stage: Stage, fault: &str) -> Self {
        Self {
            stage,
            subject: String::new(),
            passed: false,
            fault: Some(fault.to_owned()),
            ms: 0,
            seen: Vec::new(),
        }
    }
}

message_ids!(impl Verdict {
    Ok => "verdict-ok",
    Degraded => "verdict-degraded",
    Blocked => "verdict-blocked",
});

impl Message for Verdict {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }
}
