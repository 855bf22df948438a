//! The logs of operating systems, as their services would receive them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod entries;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use sspr::event_log::Entry;

/// What is left of [`entries::HOSTILE`].
const HARMLESS: &str = "no\"]\\ <0>root: PRIORITY=0 SSPR_RESULT=finished %1";

#[tokio::test]
async fn an_attempt_is_told_with_its_correlation_and_without_its_person() {
    let record = entries::record().await;
    let entry = Entry::from(&record);
    assert_eq!((entry.event().id(), entry.time()), (102, record.time));
    let field = |name| entry.fields().find(|(known, _)| *known == name).unwrap().1;
    assert_eq!(field("result"), "failed");
    assert_eq!(field("stage"), "http");
    assert_eq!(field("fault"), "fault-service-unavailable");
    assert_eq!(
        Some(field("correlation")),
        record.correlation.client.as_deref()
    );
    assert!(!entry.line().contains("adele"), "{}", entry.line());
}

#[tokio::test]
async fn a_problem_is_told_in_one_harmless_line() {
    let entry = Entry::from(&entries::problem().await);
    assert_eq!((entry.event().id(), entry.event().name()), (202, "blocks"));
    let line = entry.line();
    assert!(
        line.starts_with("diagnosis: proxy/refused blocks event=202 "),
        "{line}"
    );
    let evidence = entry
        .fields()
        .find(|(name, _)| *name == "evidence")
        .unwrap()
        .1;
    let evidence: serde_json::Value = serde_json::from_str(evidence).unwrap();
    assert_eq!(evidence["reply"]["reason"], HARMLESS);
    assert!(
        !line.chars().any(|c| c.is_control() || c == '\u{202e}'),
        "{line}"
    );
}
