//! The event trail of a diagnosis and of a reset: names that are documented, and nothing that is secret.
//!
//! The only test of its process: whether somebody listens is remembered where an event is told first, on whatever thread.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use sspr::diagnosis::Diagnosis;
use sspr::mock::Tenant;
use sspr::proxy::Explicit;
use sspr::{NativeV1, ResetClient, ResetClientBuilder, RootScope, Trust, Username};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps target, message and fields of every event.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<BTreeSet<(String, String, String)>>>);

#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            name => self.fields += &format!("{name}={value:?} "),
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
        let mut words = Words::default();
        event.record(&mut words);
        let target = event.metadata().target().to_owned();
        self.0
            .lock()
            .unwrap()
            .insert((target, words.message, words.fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn builder(tenant: &Tenant) -> ResetClientBuilder {
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    ResetClient::builder(protocol)
        .trust(Trust::new().added_root(RootScope::Authorities, tenant.ca_der()))
        .way(Explicit::Direct)
}

#[tokio::test]
async fn every_event_is_documented() {
    let tenant = Tenant::start().unwrap();
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let diagnosis: Diagnosis = builder(&tenant).diagnosis();
    diagnosis.diagnose().await;
    let client = builder(&tenant).build().unwrap();
    let user = Username::parse("adele@contoso.com").unwrap();
    drop(client.start(user).await.unwrap());

    let told = log.0.lock().unwrap().clone();
    let documented = include_str!("../src/lib.rs");
    for (target, message, fields) in &told {
        let row = documented.lines().find(|line| {
            let is_row = line.starts_with("//! | `");
            is_row && line.contains(&format!("`{message}`"))
        });
        assert!(row.is_some(), "{target}: {message}");
        assert!(!fields.contains("adele"), "{target}: {message}: {fields}");
    }
    for (target, event) in [
        ("sspr::diagnosis", "station"),
        ("sspr::diagnosis", "diagnosed"),
        ("sspr::reset", "request"),
        ("sspr::reset", "step"),
        ("sspr::reset", "attempt"),
    ] {
        let mut names = told
            .iter()
            .map(|(target, event, _)| (target.as_str(), event.as_str()));
        assert!(
            names.any(|name| name == (target, event)),
            "{event}: {told:?}"
        );
    }
}
