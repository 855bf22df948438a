//! What the device is joined to.

use serde::Serialize;

use super::finding::{Basis, Certainty, Effect, Matter, Place};
use super::probes::{NoAnswer, Probes, SystemJoin};
use super::reader::{Reader, Reading, Rule, at, at_key, machine};
use crate::error::PeerText;
use crate::machine::registry::Key;

const JOINS: Key = machine(r"SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo");
const NETWORK: Key = machine(r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters");
const JOIN_RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Seen);
const DOMAIN_RULE: Rule = Rule::new(Effect::Afterwards, Basis::Unverified);
/// More joins than these are counted, not listed.
const MAX_TENANTS: usize = 16;

/// What the device is joined to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Join {
    /// The kind.
    pub state: JoinState,
    /// The identifiers of the tenants, each once.
    pub tenants: Vec<PeerText>,
    /// The domain.
    pub domain: Option<PeerText>,
}

/// The kinds of joins (`dsregcmd /status`, "Device State").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum JoinState {
    /// Entra joined.
    Entra,
    /// Entra joined and in a domain.
    Hybrid,
    /// In a domain only.
    Domain,
    /// Joined to nothing.
    None,
    /// It cannot be told.
    Unknown,
}

impl Join {
    /// Whether the device has to see a domain controller before a new password works on it, if that can be told.
    pub fn needs_domain_controller(&self) -> Option<bool> {
        match self.state {
            JoinState::Hybrid | JoinState::Domain => Some(true),
            JoinState::Entra | JoinState::None => Some(false),
            JoinState::Unknown => None,
        }
    }
}

/// What one source says: `None` where it cannot tell.
#[derive(Debug, Clone, Default)]
struct Told {
    tenants: Option<Vec<PeerText>>,
    domain: Option<Option<PeerText>>,
}

pub(super) fn read(reader: &mut Reader<'_>, probes: &dyn Probes) -> Join {
    let registry = of_registry(reader);
    // The registry alone is an answer, so that a system that was not asked, or is too old, is no finding.
    let told = match probes.join() {
        Ok(system) => of_system(reader, system, &registry),
        Err(NoAnswer::NotAsked | NoAnswer::NotSupported) => registry,
        Err(why) => {
            let (place, why) = (Place::asked("NetGetAadJoinInformation"), why.to_string());
            reader.add(
                JOIN_RULE,
                Certainty::Undetermined,
                Matter::NotTold,
                place,
                &why,
            );
            registry
        }
    };
    let domain = told.domain.clone().flatten();
    let tenants = told.tenants.clone().unwrap_or_default();
    let join = Join {
        state: state(&told),
        tenants,
        domain,
    };
    judge(reader, probes, &join);
    join
}

fn state(told: &Told) -> JoinState {
    let entra = told.tenants.as_ref().map(|tenants| !tenants.is_empty());
    let domain = told.domain.as_ref().map(Option::is_some);
    match (entra, domain) {
        (Some(true), Some(true)) => JoinState::Hybrid,
        (Some(true), Some(false)) => JoinState::Entra,
        (Some(false), Some(true)) => JoinState::Domain,
        (Some(false), Some(false)) => JoinState::None,
        (None, _) | (_, None) => JoinState::Unknown,
    }
}

fn judge(reader: &mut Reader<'_>, probes: &dyn Probes, join: &Join) {
    const RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Instructions);
    let (matter, found) = match (join.state, &join.domain) {
        (JoinState::Domain, Some(domain)) => (Matter::JoinedToDomainOnly, domain.as_str()),
        (JoinState::None, _) => (Matter::NotJoined, ""),
        (JoinState::Hybrid, Some(domain)) => return line_of_sight(reader, probes, domain),
        _ => return,
    };
    reader.add(RULE, Certainty::Certain, matter, at_key(&JOINS), found);
}

fn line_of_sight(reader: &mut Reader<'_>, probes: &dyn Probes, domain: &str) {
    const RULE: Rule = Rule::new(Effect::Afterwards, Basis::Instructions);
    let (certainty, found) = match probes.sees_domain_controller(domain) {
        Ok(true) => return,
        Ok(false) => (Certainty::Certain, format!("none of {domain} answers")),
        Err(why) => (Certainty::Undetermined, format!("{domain}: {why}")),
    };
    let place = Place::asked("DsGetDcName");
    reader.add(
        RULE,
        certainty,
        Matter::DomainControllerNeeded,
        place,
        &found,
    );
}

fn of_registry(reader: &mut Reader<'_>) -> Told {
    let tenants = match reader.subkeys(JOIN_RULE, &JOINS) {
        Reading::Absent => Some(Vec::new()),
        Reading::Unknown => None,
        Reading::Is(joins) => Some(tenants_of(reader, &joins)),
    };
    let domain = match reader.text(DOMAIN_RULE, &NETWORK, "Domain") {
        Reading::Absent => Some(None),
        Reading::Is(name) if name.is_empty() => Some(None),
        Reading::Is(name) => Some(Some(PeerText::new(&name))),
        Reading::Unknown => None,
    };
    Told { tenants, domain }
}

/// Each join is a key, named after its certificate.
fn tenants_of(reader: &mut Reader<'_>, joins: &[String]) -> Vec<PeerText> {
    const REMARK: Rule = Rule::new(Effect::Remark, Basis::Seen);
    let mut tenants = Vec::new();
    for join in joins {
        let key = JOINS.child(join);
        let tenant = match reader.text(REMARK, &key, "TenantId") {
            Reading::Is(tenant) if !tenant.is_empty() => tenant,
            Reading::Is(_) | Reading::Absent => {
                let place = at(&key, "TenantId");
                reader.add(REMARK, Certainty::Undetermined, Matter::NotTold, place, "");
                String::new()
            }
            Reading::Unknown => String::new(),
        };
        let tenant = PeerText::new(&tenant.to_ascii_lowercase());
        if !tenants.contains(&tenant) && tenants.len() < MAX_TENANTS {
            tenants.push(tenant);
        }
    }
    match joins.len() {
        0 => {
            let found = "no key below it";
            reader.add(
                REMARK,
                Certainty::Possible,
                Matter::JoinKeyEmpty,
                at_key(&JOINS),
                found,
            );
        }
        1 => {}
        count => {
            let one_tenant = tenants.len() == 1;
            let found: Vec<&str> = tenants.iter().map(PeerText::as_str).collect();
            let rule = if one_tenant { REMARK } else { JOIN_RULE };
            let matter = Matter::SeveralJoins { count, one_tenant };
            let found = found.join(", ");
            reader.add(rule, Certainty::Possible, matter, at_key(&JOINS), &found);
        }
    }
    tenants
}

/// The system's own answer counts. That the registry says otherwise is worth a look.
fn of_system(reader: &mut Reader<'_>, system: SystemJoin, registry: &Told) -> Told {
    let name = |name: Option<String>| {
        let name = PeerText::new(&name?);
        (!name.is_empty()).then_some(name)
    };
    let told = Told {
        tenants: Some(
            system
                .tenant
                .iter()
                .map(|tenant| PeerText::new(&tenant.to_ascii_lowercase()))
                .collect(),
        ),
        domain: Some(name(system.domain)),
    };
    let (ours, theirs) = (state(registry), state(&told));
    let found = if ours != JoinState::Unknown && ours != theirs {
        Some(format!(
            "{ours:?} by the registry, {theirs:?} by the system"
        ))
    } else {
        other_tenant(registry, &told)
    };
    if let Some(found) = found {
        let rule = Rule::new(Effect::Remark, Basis::Unverified);
        reader.add(
            rule,
            Certainty::Possible,
            Matter::JoinDisputed,
            at_key(&JOINS),
            &found,
        );
    }
    told
}

/// Both name tenants, and that of the system is none of those that the registry names. Domains go by different names in
/// the two, and are not compared.
fn other_tenant(registry: &Told, system: &Told) -> Option<String> {
    let named = |told: &Told| -> Vec<PeerText> {
        let tenants = told.tenants.iter().flatten();
        tenants
            .filter(|tenant| !tenant.is_empty())
            .cloned()
            .collect()
    };
    let (ours, theirs) = (named(registry), named(system));
    let other = theirs.iter().find(|tenant| !ours.contains(tenant))?;
    let known = ours.first()?;
    Some(format!(
        "tenant {known} by the registry, {other} by the system"
    ))
}
