//! A plan is remembered, and made anew when a setting or the network changes.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use sspr::proxy::{
    Candidate, Explicit, PacFuture, PacResolver, PacSource, Sources, Survey, SurveyOptions,
    SurveySource, ThisComputer, Ways,
};
use sspr::{PacError, ProxyResolutionFault};
use url::Url;

#[tokio::test]
async fn a_plan_is_made_once_until_the_network_changes() {
    let script = Arc::new(Script::default());
    let computer = Computer::at("http://pac.example/1");
    let ways = Ways::new(computer.clone()).resolver(script.clone());
    let far = url("https://far.example/");
    let first = ways.plan(&far).await.unwrap();
    assert_eq!(first.candidates, [proxy("p1")]);
    assert!(Arc::ptr_eq(&first, &ways.plan(&far).await.unwrap()));
    assert_eq!(
        ways.plan(&url("https://other.example/"))
            .await
            .unwrap()
            .candidates,
        [proxy("p2")]
    );

    assert!(!ways.refresh(), "nothing has changed");
    assert_eq!(ways.plan(&far).await.unwrap().candidates, [proxy("p1")]);
    assert_eq!(script.forgotten.load(Ordering::Relaxed), 0);

    ways.network_changed();
    assert_eq!(ways.plan(&far).await.unwrap().candidates, [proxy("p3")]);
    assert_eq!(script.forgotten.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_changed_setting_counts_at_once_where_notice_is_given_and_else_on_demand() {
    let script = Arc::new(Script::default());
    let computer = Computer::at("http://pac.example/1");
    let ways = Ways::new(computer.clone()).resolver(script.clone());
    let far = url("https://far.example/");
    ways.plan(&far).await.unwrap();

    computer
        .0
        .script
        .lock()
        .unwrap()
        .clone_from(&url("http://pac.example/2"));
    assert_eq!(
        ways.plan(&far).await.unwrap().candidates,
        [proxy("p1")],
        "no notice was given"
    );
    computer.0.notice.store(true, Ordering::Relaxed);
    assert_eq!(ways.plan(&far).await.unwrap().candidates, [proxy("p2")]);
    assert_eq!(script.forgotten.load(Ordering::Relaxed), 1);

    computer
        .0
        .script
        .lock()
        .unwrap()
        .clone_from(&url("http://pac.example/3"));
    assert!(ways.refresh());
    assert_eq!(ways.plan(&far).await.unwrap().candidates, [proxy("p3")]);
    assert_eq!(computer.0.surveys.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn faults_are_not_remembered_and_a_script_without_an_engine_is_one() {
    let ways = Ways::new(Computer::at("http://pac.example/1"));
    let fault = ways.plan(&url("https://far.example/")).await.unwrap_err();
    assert!(
        matches!(fault, ProxyResolutionFault::PacEngineMissing { .. }),
        "{fault}"
    );

    let ways =
        Ways::new(Computer::at("http://pac.example/1")).resolver(Arc::new(Script::failing_once()));
    ways.plan(&url("https://far.example/")).await.unwrap_err();
    ways.plan(&url("https://far.example/")).await.unwrap();
}

#[tokio::test]
async fn what_the_program_gives_goes_before_this_computer() {
    let ways = Ways::new(ThisComputer::new(SurveyOptions::default()).explicit(Explicit::Direct));
    let plan = ways.plan(&url("https://far.example/")).await.unwrap();
    assert_eq!(plan.candidates, [Candidate::Direct]);
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn proxy(host: &str) -> Candidate {
    Candidate::Proxy(host.parse().unwrap())
}

/// A computer whose only setting is a script.
#[derive(Clone)]
struct Computer(Arc<Inside>);

struct Inside {
    script: Mutex<Url>,
    notice: AtomicBool,
    surveys: AtomicU32,
}

impl Computer {
    fn at(script: &str) -> Self {
        Self(Arc::new(Inside {
            script: Mutex::new(url(script)),
            notice: AtomicBool::new(false),
            surveys: AtomicU32::new(0),
        }))
    }
}

impl SurveySource for Computer {
    fn survey(&self) -> Survey {
        self.0.surveys.fetch_add(1, Ordering::Relaxed);
        let mut sources = Sources::default();
        sources.explicit = Some(Explicit::Script(self.0.script.lock().unwrap().clone()));
        Survey::take(&sources, &SurveyOptions::default())
    }

    fn has_changed(&self) -> bool {
        self.0.notice.swap(false, Ordering::Relaxed)
    }
}

/// Answers `PROXY p1`, `PROXY p2`, …
#[derive(Default)]
struct Script {
    answers: AtomicU32,
    forgotten: AtomicU32,
    fails: AtomicBool,
}

impl Script {
    fn failing_once() -> Self {
        Self {
            fails: AtomicBool::new(true),
            ..Self::default()
        }
    }
}

impl PacResolver for Script {
    fn resolve<'a>(&'a self, _: &'a PacSource, _: &'a Url) -> PacFuture<'a> {
        Box::pin(async {
            if self.fails.swap(false, Ordering::Relaxed) {
                return Err(PacError::EngineFailed);
            }
            let number = self.answers.fetch_add(1, Ordering::Relaxed) + 1;
            Ok(format!("PROXY p{number}"))
        })
    }

    fn forget(&self) {
        self.forgotten.fetch_add(1, Ordering::Relaxed);
    }
}
