//! What is remembered between requests: plans that were made, and proxies that could not be reached.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Candidate, Digest, ProxyPlan, ProxyServer, Target};

/// How long a plan, and the memory of a proxy that could not be reached, are kept.
pub const KEPT_FOR: Duration = Duration::from_secs(5 * 60);

/// The most plans that are kept. A client that knows its hosts needs a handful.
const MOST_PLANS: usize = 256;
/// The most proxies that are remembered.
const MOST_PROXIES: usize = 64;

/// Plans by target, valid for one reading of the settings.
#[derive(Debug, Default)]
pub struct PlanCache {
    fingerprint: Option<Digest>,
    plans: HashMap<Target, (Instant, Arc<ProxyPlan>)>,
}

impl PlanCache {
    /// The plan for `target`, if one was made from settings with this fingerprint in the last [`KEPT_FOR`].
    pub fn get(
        &self,
        fingerprint: &Digest,
        target: &Target,
        now: Instant,
    ) -> Option<Arc<ProxyPlan>> {
        if self.fingerprint.as_ref() != Some(fingerprint) {
            return None;
        }
        let (made, plan) = self.plans.get(target)?;
        (now.saturating_duration_since(*made) < KEPT_FOR).then(|| Arc::clone(plan))
    }

    /// Keeps a plan. Settings with another fingerprint make every older plan invalid.
    pub fn insert(
        &mut self,
        fingerprint: Digest,
        target: Target,
        plan: Arc<ProxyPlan>,
        now: Instant,
    ) {
        if self.fingerprint != Some(fingerprint) || self.plans.len() >= MOST_PLANS {
            self.plans.clear();
            self.fingerprint = Some(fingerprint);
        }
        self.plans.insert(target, (now, plan));
    }

    /// Forgets everything: after a change of the network, a script may answer otherwise.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Proxies that could not be reached: for [`KEPT_FOR`] the others are tried before them.
///
/// What a proxy answers (407, 403, 5xx to CONNECT) is no reason to mark it.
#[derive(Debug, Default)]
pub struct BadProxies {
    since: HashMap<ProxyServer, Instant>,
}

impl BadProxies {
    /// Remembers that `server` could not be reached.
    pub fn mark(&mut self, server: ProxyServer, now: Instant) {
        self.since.retain(|_, since| is_recent(*since, now));
        if self.since.len() < MOST_PROXIES {
            self.since.insert(server, now);
        }
    }

    /// Forgets a proxy that was reached after all.
    pub fn clear_mark(&mut self, server: &ProxyServer) {
        self.since.remove(server);
    }

    /// Forgets everything: after a change of the network, all of them may be reached.
    pub fn clear(&mut self) {
        self.since.clear();
    }

    /// The candidates with the marked proxies at the end; otherwise in their order. None is left out.
    pub fn order<'a>(&self, candidates: &'a [Candidate], now: Instant) -> Vec<&'a Candidate> {
        let is_bad = |candidate: &&Candidate| match candidate {
            Candidate::Direct => false,
            Candidate::Proxy(server) => self
                .since
                .get(server)
                .is_some_and(|since| is_recent(*since, now)),
        };
        let (bad, good): (Vec<_>, Vec<_>) = candidates.iter().partition(is_bad);
        good.into_iter().chain(bad).collect()
    }
}

fn is_recent(since: Instant, now: Instant) -> bool {
    now.saturating_duration_since(since) < KEPT_FOR
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(text: &str) -> Candidate {
        Candidate::Proxy(text.parse().unwrap())
    }

    #[test]
    fn a_marked_proxy_comes_last_for_five_minutes() {
        let now = Instant::now();
        let all = [proxy("a"), proxy("b"), Candidate::Direct];
        let mut bad = BadProxies::default();
        bad.mark("a".parse().unwrap(), now);
        assert_eq!(bad.order(&all, now), [&all[1], &all[2], &all[0]]);
        let later = now + KEPT_FOR;
        assert_eq!(bad.order(&all, later), [&all[0], &all[1], &all[2]]);
        bad.mark("b".parse().unwrap(), now);
        bad.clear_mark(&"a".parse().unwrap());
        assert_eq!(bad.order(&all, now), [&all[0], &all[2], &all[1]]);
    }

    #[test]
    fn the_memory_is_bounded() {
        let now = Instant::now();
        let mut bad = BadProxies::default();
        for n in 0..1000 {
            bad.mark(format!("h{n}").parse().unwrap(), now);
        }
        assert_eq!(bad.since.len(), MOST_PROXIES);
        bad.mark("z".parse().unwrap(), now + KEPT_FOR);
        assert_eq!(bad.since.len(), 1);
    }

    #[test]
    fn a_plan_is_kept_until_time_or_settings_change() {
        let now = Instant::now();
        let target = Target::new("https", "a.example", Some(443)).unwrap();
        let plan = Arc::new(ProxyPlan {
            candidates: vec![Candidate::Direct],
            provenance: None,
            findings: Vec::new(),
            by_script: false,
            disabled_authentication: Default::default(),
        });
        let (one, two) = (Digest::of(b"1"), Digest::of(b"2"));
        let mut cache = PlanCache::default();
        assert_eq!(cache.get(&one, &target, now), None);
        cache.insert(one, target.clone(), Arc::clone(&plan), now);
        assert_eq!(cache.get(&one, &target, now), Some(Arc::clone(&plan)));
        assert_eq!(cache.get(&two, &target, now), None);
        assert_eq!(cache.get(&one, &target, now + KEPT_FOR), None);
        cache.insert(two, target.clone(), plan, now);
        assert_eq!(cache.get(&one, &target, now), None);
        cache.clear();
        assert_eq!(cache.get(&two, &target, now), None);
    }
}
