//! Why a script gave no answer.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::PeerText;

/// Why a proxy auto-configuration script gave no answer. None of these means that a direct connection is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PacError {
    /// The address that was asked about names no host.
    #[error("the address names no host")]
    NoHost,
    /// The engine needs the text of the script, and there is none.
    #[error("the script was not fetched")]
    NoText,
    /// The script is larger than it may be.
    #[error("the script exceeds {limit} bytes")]
    ScriptTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The script's bytes are not text in the encoding that they claim, or hold a NUL.
    #[error("the script is not text in a known encoding")]
    Encoding,
    /// The script is no JavaScript.
    #[error("the script is not JavaScript: {message}")]
    NotAScript {
        /// Whether it looks like a web page, as a captive portal or a login page would send.
        looks_like_html: bool,
        /// The engine's words.
        message: PeerText,
        /// Where, counted from 1.
        line: Option<u32>,
    },
    /// The script defines neither `FindProxyForURL` nor `FindProxyForURLEx` as a function on the global object.
    #[error("the script has no entry point")]
    NoEntryPoint,
    /// The script threw an exception.
    #[error("the script failed ({phase}): {message}")]
    Exception {
        /// While doing what.
        phase: PacPhase,
        /// What was thrown, if it was text or an error.
        message: PeerText,
        /// Where, counted from 1.
        line: Option<u32>,
    },
    /// The script did not come to an end in time.
    #[error("the script did not end within {limit:?} ({phase})")]
    Timeout {
        /// While doing what.
        phase: PacPhase,
        /// The limit that it exceeded.
        limit: Duration,
    },
    /// The script needs more memory than it may have.
    #[error("the script exceeds its memory of {limit} bytes ({phase})")]
    MemoryLimit {
        /// While doing what.
        phase: PacPhase,
        /// The limit in bytes.
        limit: usize,
    },
    /// The script is nested or recurses too deeply.
    #[error("the script is nested too deeply ({phase})")]
    StackLimit {
        /// While doing what.
        phase: PacPhase,
    },
    /// The script asked for too many names, or waited too long for them.
    #[error("the script asks too much of name resolution")]
    DnsBudget,
    /// The script returned something other than a string.
    #[error("the script returned no string but {got}")]
    NotAString {
        /// The type that it returned, in the words of JavaScript.
        got: &'static str,
    },
    /// The script returned a string that is no well-formed Unicode.
    #[error("the script returned malformed text")]
    MalformedResult,
    /// The script returned more than it may.
    #[error("the script returned more than {limit} bytes")]
    ResultTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The engine itself did not work: no thread, no memory to start, or too many scripts that could not be stopped.
    #[error("the script engine is not available")]
    EngineFailed,
}

/// What a script was doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PacPhase {
    /// The script was being loaded: parsed, and its top level run.
    Load,
    /// Its entry point was being called.
    Call,
}

impl fmt::Display for PacPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Load => "at load",
            Self::Call => "in the call",
        })
    }
}
