//! What is kept of an attempt for those who must account for it.

use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;
use tokio::time::Instant;
use tracing::debug;

use crate::error::{Correlation, Error, Stage};
use crate::message::Message;
use crate::ports::Way;
use crate::protocol::{Outcome, Step};

/// One attempt, told when it has ended: when a frontend drops it at the latest.
///
/// It holds no user name and nothing secret. Whose password it was is known to whoever began the attempt, and to the
/// service by the same correlation id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditRecord {
    /// When it ended, in seconds since 1970 (UTC) by this computer's clock.
    pub time: u64,
    /// How long it took, in milliseconds; the person's thinking included.
    pub ms: u64,
    /// What was attempted.
    pub activity: Activity,
    /// The name of the protocol.
    pub protocol: &'static str,
    /// Which way the last answer came; `None` if none came, or by an exchange of the embedding program.
    pub way: Option<Way>,
    /// What came of it.
    pub result: AuditResult,
    /// The identifiers by which both sides log it.
    pub correlation: Correlation,
}

/// What was attempted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Activity {
    /// To set a new password without the old one.
    ResetPassword,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "result")]
#[non_exhaustive]
pub enum AuditResult {
    /// It came to an end.
    Finished(Outcome),
    /// It was left to a browser.
    UseBrowser,
    /// Something was in the way, and nothing came after it.
    Failed {
        /// Where.
        stage: Stage,
        /// What, by the stable identifier of its text.
        message_id: &'static str,
    },
    /// It was given up.
    Abandoned {
        /// The identifier of the step that was shown last; `None` if none was.
        step: Option<&'static str>,
    },
}

impl AuditResult {
    const fn name(&self) -> &'static str {
        match self {
            Self::Finished(_) => "finished",
            Self::UseBrowser => "use-browser",
            Self::Failed { .. } => "failed",
            Self::Abandoned { .. } => "abandoned",
        }
    }
}

/// Who is told of every attempt.
pub(super) type AuditSink = Arc<dyn Fn(&AuditRecord) + Send + Sync>;

/// Follows one attempt, and tells of it once.
pub(super) struct Audit {
    sink: Option<AuditSink>,
    protocol: &'static str,
    began: Instant,
    is_told: bool,
    /// The step that was shown last.
    step: Option<&'static str>,
    /// What was in the way since then.
    failure: Option<(Stage, &'static str)>,
}

impl Audit {
    pub(super) fn new(sink: Option<AuditSink>, protocol: &'static str) -> Self {
        Self {
            sink,
            protocol,
            began: Instant::now(),
            is_told: false,
            step: None,
            failure: None,
        }
    }

    /// Something was in the way.
    pub(super) fn failed(&mut self, error: &Error) {
        self.failure = Some((error.stage(), error.message_id()));
    }

    /// A step is shown. The outcome, if it is one.
    pub(super) fn shown(&mut self, step: &Step) -> Option<AuditResult> {
        self.step = Some(step.id());
        self.failure = None;
        match step {
            Step::Finished(outcome) => Some(AuditResult::Finished(outcome.clone())),
            _ => None,
        }
    }

    /// What came of an attempt at which `step` is shown and nobody looks any more.
    pub(super) fn end(&self, step: &Step) -> AuditResult {
        match (self.failure, step) {
            (Some((stage, message_id)), _) => AuditResult::Failed { stage, message_id },
            (None, Step::UseBrowser(_)) if self.step.is_some() => AuditResult::UseBrowser,
            (None, _) => AuditResult::Abandoned { step: self.step },
        }
    }

    /// Tells of the attempt, the first time only.
    pub(super) fn tell(&mut self, result: AuditResult, way: Option<Way>, correlation: Correlation) {
        if std::mem::replace(&mut self.is_told, true) {
            return;
        }
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let record = AuditRecord {
            time: since.unwrap_or_default().as_secs(),
            ms: self.began.elapsed().as_millis() as u64,
            activity: Activity::ResetPassword,
            protocol: self.protocol,
            way,
            result,
            correlation,
        };
        debug!(
            target: "sspr::reset",
            activity = ?record.activity,
            result = record.result.name(),
            correlation = record.correlation.client,
            way = record.way.as_ref().map(tracing::field::display),
            ms = record.ms,
            "attempt"
        );
        if let Some(sink) = &self.sink {
            sink(&record);
        }
    }
}
