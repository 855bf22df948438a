//! What happened on the way to one server, and when: kept only if somebody asks for it.

use std::mem::take;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{PeerText, Stage};

/// The most stations that are kept of one way: a plan with many dead proxies is told by its first ones.
const STATIONS: usize = 64;

/// Keeps the stations of a way. The default keeps nothing and costs nothing.
#[derive(Clone, Default)]
pub(crate) struct Trail(Option<Arc<Mutex<Vec<Mark>>>>);

/// A station that was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) stage: Stage,
    /// What was asked there: a host, an address, a proxy.
    pub(crate) subject: PeerText,
    /// When it was entered.
    pub(crate) began: Instant,
    /// How long it took; `None` while it lasts.
    pub(crate) took: Option<Duration>,
    /// Whether it let the connection pass.
    pub(crate) passed: bool,
    /// What was seen there.
    pub(crate) seen: Vec<PeerText>,
}

impl Trail {
    /// A trail that is kept.
    pub(crate) fn kept() -> Self {
        Self(Some(Arc::default()))
    }

    /// Enters a station. It is left when the value is dropped, and passed only if that is said.
    pub(crate) fn enter(&self, stage: Stage, subject: &dyn std::fmt::Display) -> Station<'_> {
        let index = self.marks().and_then(|mut marks| {
            if marks.len() >= STATIONS {
                return None;
            }
            marks.push(Mark {
                stage,
                subject: PeerText::new(&subject.to_string()),
                began: Instant::now(),
                took: None,
                passed: false,
                seen: Vec::new(),
            });
            Some(marks.len() - 1)
        });
        Station {
            trail: self,
            index,
            seen: Vec::new(),
            passed: false,
        }
    }

    /// The stations so far, in the order in which they were entered.
    pub(crate) fn stations(&self) -> Vec<Mark> {
        self.marks().map(|marks| marks.clone()).unwrap_or_default()
    }

    fn marks(&self) -> Option<MutexGuard<'_, Vec<Mark>>> {
        let marks = self.0.as_ref()?;
        Some(marks.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A station in which somebody is. Dropping it leaves the station.
pub(crate) struct Station<'a> {
    trail: &'a Trail,
    index: Option<usize>,
    seen: Vec<PeerText>,
    passed: bool,
}

impl Station<'_> {
    /// Keeps a remark.
    pub(crate) fn saw(&mut self, what: &dyn std::fmt::Display) {
        if self.index.is_some() {
            self.seen.push(PeerText::new(&what.to_string()));
        }
    }

    /// Leaves it: the way goes on.
    pub(crate) fn passed(mut self) {
        self.passed = true;
    }
}

impl Drop for Station<'_> {
    fn drop(&mut self) {
        let Some(mut marks) = self.trail.marks() else {
            return;
        };
        if let Some(mark) = self.index.and_then(|index| marks.get_mut(index)) {
            mark.took = Some(mark.began.elapsed());
            mark.passed = self.passed;
            mark.seen = take(&mut self.seen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_station_is_passed_only_if_that_is_said() {
        let trail = Trail::kept();
        let mut dns = trail.enter(Stage::Dns, &"host");
        tokio::time::advance(Duration::from_millis(7)).await;
        dns.saw(&"192.0.2.1");
        dns.passed();
        drop(trail.enter(Stage::Connect, &"host:443"));
        let open = trail.enter(Stage::Tls, &"host");
        let stations = trail.stations();
        let told: Vec<_> = stations.iter().map(|one| (one.stage, one.passed)).collect();
        assert_eq!(
            told,
            [
                (Stage::Dns, true),
                (Stage::Connect, false),
                (Stage::Tls, false)
            ]
        );
        assert_eq!(stations[0].took, Some(Duration::from_millis(7)));
        assert_eq!(stations[0].seen, ["192.0.2.1".into()]);
        assert_eq!(stations[2].took, None);
        drop(open);
    }

    #[test]
    fn a_trail_that_nobody_wants_keeps_nothing() {
        let trail = Trail::default();
        trail.enter(Stage::Dns, &"host").passed();
        assert!(trail.stations().is_empty());
    }

    #[tokio::test]
    async fn it_is_bounded() {
        let trail = Trail::kept();
        for _ in 0..2 * STATIONS {
            trail.enter(Stage::Connect, &"host").passed();
        }
        assert_eq!(trail.stations().len(), STATIONS);
    }
}
