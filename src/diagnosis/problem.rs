//! One thing that is in the way: where, what, who can clear it, and the evidence.

use serde::Serialize;
use serde_json::{Map, Value};

use super::veil::Veil;
use crate::error::{Fault, Remedy, Stage, Who};
use crate::machine::readiness::{Certainty, Effect, Finding, Matter};
use crate::message::Message;

/// The most elements of a list of evidence that are kept.
const ELEMENTS: usize = 6;

/// How deep evidence is nested at most.
const DEPTH: usize = 8;

/// One thing that is in the way.
///
/// The text for people comes from [`Messages`](crate::messages::Messages): of the problem itself, of its stage, its
/// remedy, and who can act.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// The station of the way.
    pub stage: Stage,
    /// What happened: the name of the variant of [`Fault`], or of the enum of its stage inside it, or of
    /// [`Matter`] at the stage [`Machine`](Stage::Machine), in kebab case: `credentials-missing`.
    pub fault: String,
    /// What it does to a reset.
    pub severity: Severity,
    /// Who can act.
    pub who: Who,
    /// The stable identifier of its text.
    pub message_id: &'static str,
    /// What to do.
    pub remedy: Remedy,
    /// The hosts on whose way it stands; empty if it concerns the computer.
    pub hosts: Vec<String>,
    /// What was seen: an object whose fields are those of the variant.
    pub evidence: Value,
    /// What else was seen of the same fault: on other ways, or about other certificates. At most [`Problem::OTHERS`].
    pub others: Vec<Value>,
    #[serde(skip)]
    args: Vec<(&'static str, String)>,
}

/// What a problem does to a reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// Nothing, by itself: it is worth knowing, or concerns only the reset that is built into Windows.
    Remark,
    /// A reset works, but slower, less protected, or not to its very end.
    Degrades,
    /// No reset works.
    Blocks,
}

impl Problem {
    /// The most further evidence of one fault that is kept.
    pub const OTHERS: usize = 4;

    pub(super) fn of_fault(
        fault: &Fault,
        severity: Severity,
        host: Option<&str>,
        veil: &Veil,
    ) -> Self {
        let (name, evidence) = taken_apart(fault);
        let remedy = fault.remedy();
        Self {
            stage: fault.stage(),
            fault: name,
            severity,
            who: remedy.who(),
            message_id: fault.message_id(),
            remedy,
            hosts: host.map(|host| veil.text(host)).into_iter().collect(),
            evidence: shown(evidence, veil, DEPTH),
            others: Vec::new(),
            args: veiled(fault.message_args(), veil),
        }
    }

    /// A finding about this computer; `None` for what nobody could find out and which concerns only the reset that is
    /// built into Windows.
    pub(super) fn of_finding(finding: &Finding, veil: &Veil) -> Option<Self> {
        let severity = severity(finding)?;
        let mut evidence = serde_json::to_value(finding).unwrap_or_default();
        let name = evidence.as_object_mut()?.remove("matter")?;
        let remedy = finding.remedy();
        Some(Self {
            stage: Stage::Machine,
            fault: name.as_str()?.to_owned(),
            severity,
            who: remedy.who(),
            message_id: finding.message_id(),
            remedy,
            hosts: Vec::new(),
            evidence: shown(evidence, veil, DEPTH),
            others: Vec::new(),
            args: veiled(finding.message_args(), veil),
        })
    }

    /// Takes `other` in if it is the same fault, with the same remedy, on another way; otherwise it is given back. What is
    /// found on this computer stays apart: each place needs its own hand.
    pub(super) fn absorb(&mut self, other: Self) -> Option<Self> {
        let told = |one: &Self| (one.stage, one.message_id, one.remedy, one.severity);
        if told(self) != told(&other) || self.fault != other.fault || self.stage == Stage::Machine {
            return Some(other);
        }
        for host in other.hosts {
            if !self.hosts.contains(&host) {
                self.hosts.push(host);
            }
        }
        let is_known = self.evidence == other.evidence || self.others.contains(&other.evidence);
        if !is_known && self.others.len() < Self::OTHERS {
            self.others.push(other.evidence);
        }
        None
    }
}

impl Message for Problem {
    fn message_id(&self) -> &'static str {
        self.message_id
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        self.args.clone()
    }
}

/// How much a finding about this computer matters to a frontend with this crate.
fn severity(finding: &Finding) -> Option<Severity> {
    let is_open = matches!(
        (&finding.matter, finding.certainty),
        (Matter::NotTold | Matter::ToCheckByHand, _)
            | (_, Certainty::BeyondReach | Certainty::Undetermined)
    );
    match (finding.effect, finding.certainty) {
        (Effect::BlocksAll, Certainty::Certain) => Some(Severity::Blocks),
        (Effect::BlocksAll | Effect::Afterwards, _) if !is_open => Some(Severity::Degrades),
        (Effect::BlocksAll, _) => Some(Severity::Remark),
        _ if is_open => None,
        _ => Some(Severity::Remark),
    }
}

/// The name of the innermost variant that is told as a fault of its own, and its fields.
fn taken_apart(fault: &Fault) -> (String, Value) {
    let outer = variant(serde_json::to_value(fault).unwrap_or_default());
    match fault {
        Fault::ProxyResolution(_)
        | Fault::Proxy(_)
        | Fault::Tls(_)
        | Fault::Trust(_)
        | Fault::Clock(_)
        | Fault::Revocation(_) => variant(outer.1),
        _ => outer,
    }
}

/// A serialized variant as its name and its fields.
fn variant(value: Value) -> (String, Value) {
    let fields = || Value::Object(Map::new());
    match value {
        Value::String(name) => (name, fields()),
        Value::Object(mut object) if object.len() == 1 => {
            let name = object.keys().next().cloned().unwrap_or_default();
            let inner = object.remove(&name).unwrap_or_default();
            (name, inner)
        }
        other => (String::new(), other),
    }
}

/// Evidence as it may be shown: bounded, and veiled.
fn shown(value: Value, veil: &Veil, depth: usize) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) if depth == 0 => Value::Null,
        Value::String(text) => Value::String(veil.text(&text)),
        Value::Array(elements) => {
            let numbers = elements.iter().all(Value::is_number);
            let limit = if numbers { 16 } else { ELEMENTS };
            let kept = elements.into_iter().take(limit);
            Value::Array(kept.map(|one| shown(one, veil, depth - 1)).collect())
        }
        Value::Object(fields) => {
            let kept = fields.into_iter();
            Value::Object(
                kept.map(|(name, value)| (name, shown(value, veil, depth - 1)))
                    .collect(),
            )
        }
        plain => plain,
    }
}

fn veiled(args: Vec<(&'static str, String)>, veil: &Veil) -> Vec<(&'static str, String)> {
    args.into_iter()
        .map(|(name, value)| (name, veil.text(&value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{PeerText, ProxyFault, ProxyReply, TlsFault};

    fn problem(fault: Fault) -> Problem {
        Problem::of_fault(&fault, Severity::Blocks, Some("host"), &Veil::lifted())
    }

    #[test]
    fn a_fault_is_named_by_its_innermost_variant() {
        let too_old = TlsFault::TooOld {
            host: "host".into(),
            chosen: Some(0x0301),
        };
        let problem = problem(Fault::Tls(too_old));
        assert_eq!(
            (problem.stage, problem.fault.as_str()),
            (Stage::Tls, "too-old")
        );
        assert_eq!(problem.evidence["chosen"], 0x0301);
        assert_eq!(problem.message_id, "fault-tls-too-old");
        assert_eq!(problem.hosts, ["host"]);
    }

    #[test]
    fn a_fault_without_fields_has_no_evidence() {
        let problem = problem(Fault::NoNetwork);
        assert_eq!(problem.fault, "no-network");
        assert_eq!(problem.evidence, serde_json::json!({}));
    }

    #[test]
    fn evidence_is_bounded() {
        let offered = (0..100).map(|n| PeerText::new(&n.to_string())).collect();
        let reply = ProxyReply {
            status: 407,
            reason: PeerText::default(),
            offered,
        };
        let proxy = "http://p:1".to_owned();
        let problem = problem(Fault::Proxy(ProxyFault::CredentialsMissing {
            proxy,
            reply,
        }));
        let offered = problem.evidence["reply"]["offered"].as_array().unwrap();
        assert_eq!(offered.len(), ELEMENTS);
    }
}
