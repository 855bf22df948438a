//! The way to every address, kept up to date.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use url::Url;

use super::pac_source::PacResolver;
use super::{PlanCache, ProxyPlan, Survey, Target};
use crate::error::ProxyResolutionFault;

/// Where surveys come from: [`ThisComputer`](super::ThisComputer), or whatever a test makes up.
pub trait SurveySource: Send + Sync {
    /// Reads every place. It may block as long as reading some small files takes.
    fn survey(&self) -> Survey;

    /// Whether what [`survey`](Self::survey) read may have changed since. It never waits. `false` also where no notice
    /// is given: then [`Ways::refresh`] looks.
    fn has_changed(&self) -> bool {
        false
    }
}

/// Decides the way to every address, remembers it, and decides anew when a setting or the network changes.
///
/// A change of a setting is noticed by the next [`plan`](Self::plan) where the system gives notice, as the registry of
/// Windows does; elsewhere by [`refresh`](Self::refresh), which is due for instance when a person begins.
pub struct Ways {
    source: Box<dyn SurveySource>,
    resolver: Option<Arc<dyn PacResolver>>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    survey: Option<Arc<Survey>>,
    plans: PlanCache,
}

impl Ways {
    /// The ways that `source` leads to. Nothing is read yet.
    pub fn new(source: impl SurveySource + 'static) -> Self {
        Self {
            source: Box::new(source),
            resolver: None,
            known: Mutex::default(),
        }
    }

    /// Who fetches and runs proxy scripts. Without one, a store that names a script is
    /// [`ProxyResolutionFault::PacEngineMissing`].
    #[must_use]
    pub fn resolver(mut self, resolver: Arc<dyn PacResolver>) -> Self {
        self.resolver = Some(resolver);
        self
    }

    /// The ways to `url`: those that are remembered, for [`KEPT_FOR`](super::KEPT_FOR), or new ones.
    ///
    /// # Errors
    /// As [`Survey::plan`]; faults are not remembered.
    pub async fn plan(&self, url: &Url) -> Result<Arc<ProxyPlan>, ProxyResolutionFault> {
        let target = Target::from_url(url)
            .map_err(|problem| ProxyResolutionFault::HostInvalid { problem })?;
        let survey = self.survey();
        let fingerprint = &survey.fingerprint;
        if let Some(plan) = self.known().plans.get(fingerprint, &target, Instant::now()) {
            return Ok(plan);
        }
        let plan = Arc::new(survey.plan(url, self.resolver.as_deref()).await?);
        let mut known = self.known();
        // What was made from settings that have changed meanwhile is not kept.
        if known
            .survey
            .as_ref()
            .is_some_and(|now| Arc::ptr_eq(now, &survey))
        {
            let made = Arc::clone(&plan);
            known
                .plans
                .insert(survey.fingerprint, target, made, Instant::now());
        }
        Ok(plan)
    }

    /// What the places say: as they were last read, or as they are now if they gave notice of a change.
    pub fn survey(&self) -> Arc<Survey> {
        let known = self.known().survey.clone();
        match known {
            Some(survey) if !self.source.has_changed() => survey,
            _ => self.read_again().0,
        }
    }

    /// Reads every place again; whether anything has changed. If so, plans and scripts are forgotten.
    pub fn refresh(&self) -> bool {
        self.read_again().1
    }

    /// What the places say now, and whether it differs from what they said.
    fn read_again(&self) -> (Arc<Survey>, bool) {
        let survey = Arc::new(self.source.survey());
        let mut known = self.known();
        let before = known.survey.as_ref().map(|survey| survey.fingerprint);
        let has_changed = before.is_some_and(|before| before != survey.fingerprint);
        known.survey = Some(Arc::clone(&survey));
        drop(known);
        if has_changed {
            self.forget();
        }
        (survey, has_changed)
    }

    /// To be called when the network has changed: the same settings may lead elsewhere, so that plans and scripts are
    /// forgotten, and every place is read again by the next [`plan`](Self::plan).
    pub fn network_changed(&self) {
        self.known().survey = None;
        self.forget();
    }

    fn forget(&self) {
        self.known().plans.clear();
        if let Some(resolver) = &self.resolver {
            resolver.forget();
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Nothing that holds this lock can leave it half changed.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ways").finish_non_exhaustive()
    }
}
