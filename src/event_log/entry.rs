//! What is written down, whatever the log is.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::SystemTime;

use serde::Serialize;

use crate::diagnosis::{Problem, Severity};
use crate::error::PeerText;
use crate::message::Message;
use crate::reset::{AuditRecord, AuditResult};

/// The most characters of the evidence of a problem that are kept; of other fields [`PeerText::LIMIT`].
const EVIDENCE: usize = 1024;

/// One entry of a log: an [`Event`] with its fields.
///
/// Every text in it is one line without control characters. It is made from an [`AuditRecord`] or a [`Problem`], and holds
/// nothing that those do not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    event: Event,
    /// In seconds since 1970 (UTC).
    time: u64,
    summary: String,
    fields: Vec<(&'static str, String)>,
}

/// What an entry is about. The table stands at the [module](super).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Event {
    /// An attempt came to its end.
    Finished,
    /// An attempt was left to a browser.
    UseBrowser,
    /// Something was in the way of an attempt.
    Failed,
    /// An attempt was given up.
    Abandoned,
    /// A diagnosis found something that is worth knowing.
    Remark,
    /// A diagnosis found something that a reset works in spite of.
    Degrades,
    /// A diagnosis found something in the way.
    Blocks,
}

/// How grave an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Information,
    Warning,
    Error,
}

impl Event {
    /// Its stable number.
    pub const fn id(self) -> u16 {
        match self {
            Self::Finished => 100,
            Self::UseBrowser => 101,
            Self::Failed => 102,
            Self::Abandoned => 103,
            Self::Remark => 200,
            Self::Degrades => 201,
            Self::Blocks => 202,
        }
    }

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::UseBrowser => "use-browser",
            Self::Failed => "failed",
            Self::Abandoned => "abandoned",
            Self::Remark => "remark",
            Self::Degrades => "degrades",
            Self::Blocks => "blocks",
        }
    }

    pub(super) const fn level(self) -> Level {
        match self {
            Self::Failed | Self::Degrades => Level::Warning,
            Self::Blocks => Level::Error,
            _ => Level::Information,
        }
    }
}

impl Level {
    /// As syslog and the journal count it (RFC 5424, table 2).
    #[cfg(unix)]
    pub(super) const fn severity(self) -> u8 {
        match self {
            Self::Information => 6,
            Self::Warning => 4,
            Self::Error => 3,
        }
    }
}

impl Entry {
    /// What it is about.
    pub const fn event(&self) -> Event {
        self.event
    }

    /// When it happened, in seconds since 1970 (UTC) by this computer's clock.
    pub const fn time(&self) -> u64 {
        self.time
    }

    /// Its fields, in a fixed order, with names in kebab case.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fields = self.fields.iter();
        fields.map(|(name, value)| (*name, value.as_str()))
    }

    /// The entry as one line in technical English: what happened, then `name=value` for every field. Values with other
    /// than plain characters stand in quotation marks.
    pub fn line(&self) -> String {
        let mut line = self.summary.clone();
        for (name, value) in self.fields() {
            // Writing to a string cannot fail.
            let _ = write!(line, " {name}={}", quoted(value));
        }
        line
    }

    fn new(event: Event, time: u64) -> Self {
        let fields = vec![("event", event.id().to_string())];
        Self {
            event,
            time,
            summary: String::new(),
            fields,
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.fields.push((name, PeerText::new(value).to_string()));
        self
    }

    fn with_some(self, name: &'static str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.with(name, value.as_ref()),
            None => self,
        }
    }
}

impl From<&AuditRecord> for Entry {
    fn from(record: &AuditRecord) -> Self {
        let event = match record.result {
            AuditResult::Finished(_) => Event::Finished,
            AuditResult::UseBrowser => Event::UseBrowser,
            AuditResult::Failed { .. } => Event::Failed,
            AuditResult::Abandoned { .. } => Event::Abandoned,
        };
        let activity = named(&record.activity);
        let entry = Self::new(event, record.time)
            .with("activity", &activity)
            .with("protocol", record.protocol)
            .with("result", event.name());
        let entry = match &record.result {
            AuditResult::Finished(outcome) => entry.with("outcome", outcome.message_id()),
            AuditResult::UseBrowser => entry,
            AuditResult::Failed { stage, message_id } => entry
                .with("stage", &stage.to_string())
                .with("fault", message_id),
            AuditResult::Abandoned { step } => entry.with_some("step", *step),
        };
        let way = record.way.as_ref().map(ToString::to_string);
        let mut entry = entry
            .with_some("way", way)
            .with_some("correlation", record.correlation.client.as_deref())
            .with_some(
                "server-correlation",
                record.correlation.server.as_ref().map(PeerText::as_str),
            )
            .with("ms", &record.ms.to_string())
            .with("time", &record.time.to_string());
        entry.summary = format!("{activity}: {}", event.name());
        entry
    }
}

impl From<&Problem> for Entry {
    /// The time is that of now.
    fn from(problem: &Problem) -> Self {
        let event = match problem.severity {
            Severity::Remark => Event::Remark,
            Severity::Degrades => Event::Degrades,
            Severity::Blocks => Event::Blocks,
        };
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let stage = problem.stage.to_string();
        let mut entry = Self::new(event, since.unwrap_or_default().as_secs())
            .with("stage", &stage)
            .with("fault", &problem.fault)
            .with("who", &named(&problem.who))
            .with("remedy", &named(&problem.remedy))
            .with("hosts", &problem.hosts.join(","));
        let evidence = problem.evidence.to_string();
        let kept = evidence.chars().filter(|c| !PeerText::removes(*c));
        let kept = kept.take(EVIDENCE).collect();
        entry.fields.push(("evidence", kept));
        let fault = PeerText::new(&problem.fault);
        entry.summary = format!("diagnosis: {stage}/{fault} {}", event.name());
        entry
    }
}

/// The name of a variant without fields, as it is serialized.
fn named(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

fn quoted(value: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '=');
    if !value.is_empty() && value.chars().all(is_plain) {
        return Cow::Borrowed(value);
    }
    let escaped = value.replace('\\', r"\\").replace('"', r#"\""#);
    Cow::Owned(format!("\"{escaped}\""))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::error::{Correlation, Stage};
    use crate::ports::Way;
    use crate::protocol::Outcome;
    use crate::reset::Activity;

    /// A record with words of others that try to be more than a value.
    pub(crate) fn record(result: AuditResult) -> AuditRecord {
        AuditRecord {
            time: 1_796_086_428,
            ms: 1250,
            activity: Activity::ResetPassword,
            protocol: "native-v1",
            way: Some(Way::Proxy {
                proxy: "http://proxy\nPRIORITY=0:1".to_owned(),
                login: None,
            }),
            result,
            correlation: Correlation {
                client: Some("11111111-2222-4333-8444-555555555555".to_owned()),
                server: Some(PeerText::new("a\"] b\\ \r\n<0>root: c=d")),
            },
        }
    }

    #[test]
    fn an_attempt_is_one_line_with_all_that_is_known() {
        let failed = AuditResult::Failed {
            stage: Stage::Proxy,
            message_id: "fault-proxy-refused",
        };
        let entry = Entry::from(&record(failed));
        assert_eq!((entry.event().id(), entry.event().name()), (102, "failed"));
        assert_eq!(
            entry.line(),
            "reset-password: failed event=102 activity=reset-password protocol=native-v1 result=failed stage=proxy \
             fault=fault-proxy-refused way=\"http://proxyPRIORITY=0:1\" \
             correlation=11111111-2222-4333-8444-555555555555 \
             server-correlation=\"a\\\"] b\\\\ <0>root: c=d\" ms=1250 time=1796086428"
        );
    }

    #[test]
    fn every_result_has_its_number() {
        for (result, id, field) in [
            (
                AuditResult::Finished(Outcome::Unlocked),
                100,
                Some(("outcome", "outcome-unlocked")),
            ),
            (AuditResult::UseBrowser, 101, None),
            (
                AuditResult::Abandoned {
                    step: Some("enter-code"),
                },
                103,
                Some(("step", "enter-code")),
            ),
        ] {
            let entry = Entry::from(&record(result));
            assert_eq!(entry.event().id(), id);
            if let Some(field) = field {
                assert!(entry.fields().any(|one| one == field), "{entry:?}");
            }
        }
    }

    #[test]
    fn nothing_is_longer_than_its_limit() {
        let mut record = record(AuditResult::UseBrowser);
        record.correlation.client = Some("\u{10FFFF}".repeat(100_000));
        let entry = Entry::from(&record);
        assert!(entry.line().len() < 10 << 10, "{}", entry.line().len());
    }
}
