//! Which store decides. Reads every place once, takes the first that names a way, and tells what the others say.
//!
//! | Rank | User | Service |
//! |---|---|---|
//! | 0 | what the embedding program gave | the same |
//! | 1 | WinINET of the machine, if `ProxySettingsPerUser` is 0: it then decides alone, even if it is empty | the same |
//! | 2 | WinINET of the account | the same, if one was named |
//! | 3 | the Default profile | WinHTTP |
//! | 4 | WinHTTP | the Default profile |
//! | 5 | LocalSystem | the same |
//! | 6 | environment variables, if allowed; GNOME; `/etc/sysconfig/proxy`; `/etc/environment`; macOS | the same |
//! | 7 | automatic detection, if asked for, switched on somewhere above, and not forbidden | the same |
//! | 8 | direct, if every place was readable and empty | the same |
//!
//! A place that cannot be read stops the search at its rank: what it would have said is not known, and what comes after
//! it is no answer.

use super::finding::{Finding, IgnoredBecause, summary};
use super::pac_source::{PacSource, parse_script_url};
use super::settings::{
    self, DisabledAuthentication, Environment, Journal, Reading, Scope, Settings, UserHive,
};
use super::sources::{Context, Explicit, OnUnreadable, Sources, SurveyOptions, WindowsSources};
use super::{Digest, Manual, Provenance, Store, Unreadable};
use crate::error::{PacUrlProblem, ProxyResolutionFault, StoreProblem};

/// What every place says, and which of them decides.
#[derive(Debug)]
#[non_exhaustive]
pub struct Survey {
    /// Remarks for the administrator, also where no way was found.
    pub findings: Vec<Finding>,
    /// The digest of everything that was read. A survey with another fingerprint may decide otherwise: plans that were
    /// made from this one are no longer valid then.
    pub fingerprint: Digest,
    /// Which ways to authenticate to a proxy the administrator forbids.
    pub disabled_authentication: DisabledAuthentication,
    pub(super) route: Result<Route, ProxyResolutionFault>,
}

/// What the deciding store says.
#[derive(Debug)]
pub(super) struct Route {
    /// `None` if no store says anything.
    pub(super) provenance: Option<Provenance>,
    /// Scripts to ask, in this order. The next is asked only if one cannot be had.
    pub(super) scripts: Vec<Script>,
    /// What counts if there is no script, or none can be had.
    pub(super) manual: Option<Manual>,
}

pub(super) type Script = Result<PacSource, PacUrlProblem>;

impl Survey {
    /// Asks every place.
    pub fn take(sources: &Sources<'_>, options: &SurveyOptions) -> Self {
        let mut surveyor = Surveyor {
            options,
            journal: Journal::default(),
            findings: Vec::new(),
            auto_detect_in: None,
            wpad_policy: None,
            skipped: None,
            decision: None,
        };
        let mut disabled_authentication = DisabledAuthentication::default();
        if let Some(explicit) = &sources.explicit {
            surveyor.explicit(explicit);
        }
        if let Some(windows) = &sources.windows {
            surveyor.windows(windows);
            disabled_authentication = settings::disabled_authentication(
                windows.registry,
                &mut surveyor.journal,
                &mut surveyor.findings,
            );
        }
        surveyor.other_systems(sources);
        surveyor.nothing_left();
        Self {
            route: surveyor.decision.unwrap_or_else(|| Ok(Route::direct(None))),
            findings: surveyor.findings,
            fingerprint: surveyor.journal.close(),
            disabled_authentication,
        }
    }

    /// The store that decides: `None` if every store is empty.
    ///
    /// # Errors
    /// [`ProxyResolutionFault`] if none can be found.
    pub fn provenance(&self) -> Result<Option<&Provenance>, &ProxyResolutionFault> {
        self.route.as_ref().map(|route| route.provenance.as_ref())
    }
}

impl Route {
    fn direct(provenance: Option<Provenance>) -> Self {
        Self {
            provenance,
            scripts: Vec::new(),
            manual: None,
        }
    }
}

struct Surveyor<'a> {
    options: &'a SurveyOptions,
    journal: Journal,
    findings: Vec<Finding>,
    /// The first store, among those that name nothing else, in which automatic detection is switched on.
    auto_detect_in: Option<Provenance>,
    /// Where the policy stands that forbids automatic detection.
    wpad_policy: Option<String>,
    /// The first place that was skipped because it cannot be read.
    skipped: Option<ProxyResolutionFault>,
    decision: Option<Result<Route, ProxyResolutionFault>>,
}

impl Surveyor<'_> {
    fn explicit(&mut self, explicit: &Explicit) {
        let mut settings = Settings::nothing(Store::Explicit, "explicit");
        match explicit {
            Explicit::Direct => {
                self.journal.note("explicit", b"direct");
                self.decision = Some(Ok(Route::direct(Some(settings.provenance))));
                return;
            }
            Explicit::Manual(manual) => settings.manual = Some(manual.as_ref().clone()),
            Explicit::Script(url) => settings.pac_url = Some(url.to_string()),
        }
        self.journal.note("explicit", summary(&settings).as_bytes());
        let route = self.route(settings);
        self.decision = Some(route);
    }

    fn windows(&mut self, windows: &WindowsSources<'_>) {
        let registry = windows.registry;
        self.wpad_policy = settings::wpad_policy(registry, &mut self.journal);
        let scope = settings::scope(registry, &mut self.journal, &mut self.findings);
        let scope = scope.unwrap_or_else(|unreadable| {
            self.unreadable(None, unreadable);
            Scope::PerUser
        });
        let mut findings = settings::policy_values(registry, &mut self.journal);
        self.findings.append(&mut findings);

        let machine = settings::machine_wininet(registry, &mut self.journal);
        let per_machine = scope == Scope::PerMachine;
        if per_machine {
            self.decide_per_machine(machine);
        } else {
            self.ignore(machine, IgnoredBecause::PerUserPolicy);
        }
        let because = per_machine.then_some(IgnoredBecause::PerMachinePolicy);
        if let Some(user) = &windows.user {
            let reading = settings::user_wininet(user, &mut self.journal);
            self.offer_hive(Store::UserWinInet, user, reading, because);
        }
        match self.options.context {
            Context::User => {
                self.default_profile(windows, because);
                self.winhttp(windows, because);
            }
            Context::Service => {
                self.winhttp(windows, because);
                self.default_profile(windows, because);
            }
        }
        let reading = settings::local_system(registry, &mut self.journal);
        self.offer(Store::LocalSystem, reading, because);
    }

    /// The settings of the machine decide, whatever they say.
    fn decide_per_machine(&mut self, reading: Reading) {
        let empty = match &reading.outcome {
            Ok(settings) if !settings.names_a_way() => Some(settings.clone()),
            _ => None,
        };
        self.offer(Store::MachineWinInet, reading, None);
        let Some(settings) = empty.filter(|_| self.decision.is_none()) else {
            return;
        };
        if self.options.auto_detect && settings.auto_detect {
            let route = self.detect(settings.provenance);
            self.decision = Some(route);
        } else {
            if settings.auto_detect {
                let store = settings.provenance.store;
                self.findings.push(Finding::AutoDetectNotAskedFor { store });
            }
            self.findings.push(Finding::PerMachineEmpty);
            self.decision = Some(Ok(Route::direct(Some(settings.provenance))));
        }
    }

    fn default_profile(&mut self, windows: &WindowsSources<'_>, because: Option<IgnoredBecause>) {
        match &windows.default_profile {
            None => {}
            Some(Ok(hive)) => {
                let reading = settings::default_profile(hive, &mut self.journal);
                self.offer_hive(Store::DefaultProfile, hive, reading, because);
            }
            Some(Err(unreadable)) => {
                let reading = Reading {
                    outcome: Err(unreadable.clone()),
                    findings: Vec::new(),
                };
                self.journal
                    .note(&unreadable.place, unreadable.problem.to_string().as_bytes());
                self.offer(Store::DefaultProfile, reading, because);
            }
        }
    }

    fn winhttp(&mut self, windows: &WindowsSources<'_>, because: Option<IgnoredBecause>) {
        let reading = settings::winhttp(windows.registry, &mut self.journal);
        self.offer(Store::WinHttp, reading, because);
    }

    fn other_systems(&mut self, sources: &Sources<'_>) {
        if let Some(environment) = &sources.environment {
            self.environment(environment);
        }
        match &sources.gnome {
            None => {}
            Some(Ok(gnome)) => {
                gnome.note(&mut self.journal);
                self.offer(Store::Gnome, gnome.read(), None);
            }
            Some(Err(unreadable)) => self.not_read(unreadable),
        }
        match &sources.linux {
            None => {}
            Some(Ok(places)) => {
                places.note(&mut self.journal);
                self.offer(Store::Sysconfig, places.read_sysconfig(), None);
                self.offer(Store::EtcEnvironment, places.read_etc_environment(), None);
            }
            Some(Err(unreadable)) => self.not_read(unreadable),
        }
        if let Some(macos) = &sources.macos {
            macos.note(&mut self.journal);
            self.offer(Store::MacOs, macos.read(), None);
        }
    }

    /// Files that could not be read.
    fn not_read(&mut self, unreadable: &Unreadable) {
        self.journal
            .note(&unreadable.place, unreadable.problem.to_string().as_bytes());
        if self.decision.is_none() {
            self.unreadable(None, unreadable.clone());
        }
    }

    fn environment(&mut self, environment: &Environment) {
        environment.note("environment", &mut self.journal);
        let because = match self.options.environment {
            _ if self.options.elevated => IgnoredBecause::Elevated,
            None => IgnoredBecause::NotAllowed,
            Some(dialect) => {
                let reading = environment.read(Store::Environment, "environment", dialect);
                return self.offer(Store::Environment, reading, None);
            }
        };
        for (name, value) in environment.naming_proxies() {
            self.findings.push(Finding::SetButIgnored {
                store: Store::Environment,
                place: name.to_owned(),
                says: super::server::without_credentials(value),
                because,
            });
        }
    }

    /// A hive that was not closed properly is as good as unreadable, unless the caller takes it.
    fn offer_hive(
        &mut self,
        store: Store,
        hive: &UserHive<'_>,
        reading: Reading,
        because: Option<IgnoredBecause>,
    ) {
        if !hive.stale || self.options.accept_stale_hive {
            return self.offer(store, reading, because);
        }
        self.ignore(reading, IgnoredBecause::Stale);
        let unreadable = Unreadable {
            place: format!("hive of {}", store.name()),
            problem: StoreProblem::Dirty,
        };
        let reading = Reading {
            outcome: Err(unreadable),
            findings: Vec::new(),
        };
        self.offer(store, reading, because);
    }

    /// Takes a store's answer, unless another one has decided or `because` says that it does not count.
    fn offer(&mut self, store: Store, reading: Reading, because: Option<IgnoredBecause>) {
        if let Some(because) = because.or(self.before()) {
            return self.ignore(reading, because);
        }
        if self.decision.is_some() {
            return;
        }
        self.findings.extend(reading.findings);
        match reading.outcome {
            Err(unreadable) => self.unreadable(Some(store), unreadable),
            Ok(settings) if settings.names_a_way() => {
                let route = self.route(settings);
                self.decision = Some(route);
            }
            Ok(settings) if settings.auto_detect => {
                self.auto_detect_in.get_or_insert(settings.provenance);
            }
            Ok(_) => {}
        }
    }

    /// The store that has decided.
    fn before(&self) -> Option<IgnoredBecause> {
        let route = self.decision.as_ref()?.as_ref().ok()?;
        let provenance = route.provenance.as_ref()?;
        Some(IgnoredBecause::StoreBefore(provenance.store))
    }

    /// Tells what a store says that does not count.
    fn ignore(&mut self, reading: Reading, because: IgnoredBecause) {
        if let Ok(settings) = &reading.outcome
            && settings.names_a_way()
        {
            self.findings.push(Finding::SetButIgnored {
                store: settings.provenance.store,
                place: settings.provenance.place.clone(),
                says: summary(settings),
                because,
            });
        }
    }

    fn unreadable(&mut self, store: Option<Store>, unreadable: Unreadable) {
        self.findings.push(Finding::Unreadable {
            store,
            place: unreadable.place.clone(),
            problem: unreadable.problem.clone(),
        });
        match self.options.on_unreadable {
            OnUnreadable::Stop => {
                self.decision.get_or_insert(Err(unreadable.into()));
            }
            OnUnreadable::Skip => {
                self.skipped.get_or_insert(unreadable.into());
            }
        }
    }

    /// The way of a store that names one: automatic detection, script, manual proxy, in the order of WinINET.
    fn route(&mut self, settings: Settings) -> Result<Route, ProxyResolutionFault> {
        let mut scripts = Vec::new();
        if settings.auto_detect {
            if !self.options.auto_detect {
                self.findings.push(Finding::AutoDetectNotAskedFor {
                    store: settings.provenance.store,
                });
            } else if let Some(place) = &self.wpad_policy {
                self.findings.push(Finding::WpadDisabledByPolicy {
                    place: place.clone(),
                });
            } else {
                scripts.push(Ok(PacSource::AutoDetect));
            }
        }
        scripts.extend(
            settings
                .pac_url
                .map(|url| parse_script_url(&url).map(PacSource::Url)),
        );
        Ok(Route {
            provenance: Some(settings.provenance),
            scripts,
            manual: settings.manual,
        })
    }

    /// No store names a way: automatic detection is what is left, or every store is empty. A store that was skipped is
    /// not known to be empty.
    fn nothing_left(&mut self) {
        if self.decision.is_some() {
            return;
        }
        if let Some(provenance) = self.auto_detect_in.take() {
            if self.options.auto_detect {
                let route = self.detect(provenance);
                self.decision = Some(route);
                return;
            }
            self.findings.push(Finding::AutoDetectNotAskedFor {
                store: provenance.store,
            });
        }
        self.decision = self.skipped.take().map(Err);
    }

    fn detect(&self, provenance: Provenance) -> Result<Route, ProxyResolutionFault> {
        match &self.wpad_policy {
            Some(place) => Err(ProxyResolutionFault::WpadDisabledByPolicy {
                place: place.clone(),
            }),
            None => Ok(Route {
                provenance: Some(provenance),
                scripts: vec![Ok(PacSource::AutoDetect)],
                manual: None,
            }),
        }
    }
}
