//! The event trail of a diagnosis: names that are documented, and nothing that is secret.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use sspr::mock::Tenant;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::site::diagnosis;

/// Keeps target and message of every event.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<BTreeSet<(String, String)>>>);

struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sspr")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut words = Words(String::new());
        event.record(&mut words);
        let target = event.metadata().target().to_owned();
        self.0.lock().unwrap().insert((target, words.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn every_event_is_documented() {
    let tenant = Tenant::start().unwrap();
    let log = Log::default();
    diagnosis(&tenant)
        .diagnose()
        .with_subscriber(log.clone())
        .await;
    let told = log.0.lock().unwrap().clone();
    let documented = include_str!("../../src/lib.rs");
    for (target, message) in &told {
        let row = documented
            .lines()
            .find(|line| line.contains(&format!("`{message}`")) && line.starts_with("//! | `"));
        assert!(row.is_some(), "{target}: {message}");
    }
    let of_diagnosis = told
        .iter()
        .filter(|(target, _)| target == "sspr::diagnosis")
        .count();
    assert_eq!(of_diagnosis, 2, "{told:?}");
}
