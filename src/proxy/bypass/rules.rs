//! The rules of a list, ordered for quick look-up: whole names and suffixes by hash, the rest one by one.

use std::collections::HashMap;
use std::net::IpAddr;

use super::super::Target;
use super::{BypassProblem, Network};

/// What an entry matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pattern {
    /// Every host.
    Everything,
    /// Every name without a dot.
    SimpleNames,
    /// This host.
    Host(String),
    /// What is below this name.
    Below(String),
    /// This name and what is below it.
    Domain(String),
    /// A text in which `*` stands for any text.
    Wildcard(String),
    /// These addresses.
    Addresses(Network),
    /// Nothing: it takes the implicit exceptions away, for itself and for every rule before it.
    NotImplicit,
}

/// A pattern, and the conditions under which it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) pattern: Pattern,
    pub(super) scheme: Option<String>,
    pub(super) port: Option<u16>,
}

impl From<Pattern> for Rule {
    fn from(pattern: Pattern) -> Self {
        Self {
            pattern,
            scheme: None,
            port: None,
        }
    }
}

/// What a dialect's reader makes of an entry.
pub(super) type Parsed = Result<Rule, BypassProblem>;

/// How a dialect compares.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matcher {
    /// Whether a pattern for names is also compared with the text of an address.
    pub(super) names_meet_addresses: bool,
    /// Whether an IPv4-mapped IPv6 address is the IPv4 address.
    pub(super) mapped_is_ipv4: bool,
}

/// The conditions of a rule, and its place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    place: u32,
    scheme: Option<Box<str>>,
    port: Option<u16>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    count: u32,
    everything: Vec<Condition>,
    simple_names: Vec<Condition>,
    hosts: HashMap<Box<str>, Vec<Condition>>,
    below: HashMap<Box<str>, Vec<Condition>>,
    wildcards: Vec<(Box<str>, Condition)>,
    networks: Vec<(Network, Condition)>,
    /// The place of the last [`Pattern::NotImplicit`].
    not_implicit: Option<u32>,
}

impl Rules {
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn add(&mut self, rule: Rule) {
        let place = self.count;
        self.count += 1;
        let condition = Condition {
            place,
            scheme: rule.scheme.map(Into::into),
            port: rule.port,
        };
        match rule.pattern {
            Pattern::Everything => self.everything.push(condition),
            Pattern::SimpleNames => self.simple_names.push(condition),
            Pattern::Host(name) => push(&mut self.hosts, name, condition),
            Pattern::Below(name) => push(&mut self.below, name, condition),
            Pattern::Domain(name) => {
                push(&mut self.hosts, name.clone(), condition.clone());
                push(&mut self.below, name, condition);
            }
            Pattern::Wildcard(text) => self.wildcards.push((text.into(), condition)),
            Pattern::Addresses(network) => self.networks.push((network, condition)),
            Pattern::NotImplicit => self.not_implicit = Some(place),
        }
    }

    /// Whether a rule excepts the target. The last rule that speaks of it wins; as only [`Pattern::NotImplicit`] speaks
    /// for the proxy, and only of implicit exceptions, for these the rules after it count, for all others every rule.
    pub(super) fn matches(&self, target: &Target, implicit: bool, matcher: Matcher) -> bool {
        let from = match (implicit, self.not_implicit) {
            (true, None) => return true,
            (true, Some(place)) => place,
            (false, _) => 0,
        };
        let meets = |condition: &Condition| condition.place >= from && condition.meets(target);
        self.everything.iter().any(meets)
            || self.simple_names.iter().any(meets) && is_simple(target)
            || self.names_match(target, matcher, meets)
            || self.networks_match(target, matcher, meets)
    }

    fn names_match(
        &self,
        target: &Target,
        matcher: Matcher,
        meets: impl Fn(&Condition) -> bool,
    ) -> bool {
        if target.ip().is_some() && !matcher.names_meet_addresses {
            return false;
        }
        let host = target.host();
        let any = |conditions: Option<&Vec<Condition>>| {
            conditions.is_some_and(|conditions| conditions.iter().any(&meets))
        };
        any(self.hosts.get(host))
            || !self.below.is_empty() && suffixes(host).any(|suffix| any(self.below.get(suffix)))
            || self
                .wildcards
                .iter()
                .any(|(pattern, condition)| meets(condition) && wildcard_matches(pattern, host))
    }

    fn networks_match(
        &self,
        target: &Target,
        matcher: Matcher,
        meets: impl Fn(&Condition) -> bool,
    ) -> bool {
        let Some(ip) = target.ip() else {
            return false;
        };
        let contains = |network: &Network, ip: IpAddr| {
            if matcher.mapped_is_ipv4 {
                network.canonical().contains(ip.to_canonical())
            } else {
                network.contains(ip)
            }
        };
        self.networks
            .iter()
            .any(|(network, condition)| meets(condition) && contains(network, ip))
    }
}

impl Condition {
    fn meets(&self, target: &Target) -> bool {
        self.port.is_none_or(|port| target.port() == Some(port))
            && self
                .scheme
                .as_deref()
                .is_none_or(|scheme| target.scheme() == scheme)
    }
}

fn push(map: &mut HashMap<Box<str>, Vec<Condition>>, name: String, condition: Condition) {
    map.entry(name.into()).or_default().push(condition);
}

fn is_simple(target: &Target) -> bool {
    target.ip().is_none() && !target.host().contains('.')
}

/// What stands behind each dot, the longest first.
fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    host.match_indices('.')
        .filter_map(|(at, dot)| host.get(at + dot.len()..))
}

/// Whether every `*` can be replaced so that the texts are equal. What stands between two stars is taken at its first
/// occurrence, which leaves the most for the rest; so there is no going back, whatever the pattern.
fn wildcard_matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut open) = text
        .strip_prefix(start)
        .and_then(|text| text.strip_suffix(end))
    else {
        return false;
    };
    for part in middle.split('*') {
        match open.split_once(part) {
            Some((_, after)) => open = after,
            None => return false,
        }
    }
    true
}
