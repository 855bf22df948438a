//! Why a proxy auto-configuration script gave no answer.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;

use super::PeerText;

/// What a script was doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PacPhase {
    /// Its top level was being run.
    Load,
    /// The entry point was being called.
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

/// What is wrong with the address of a script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PacUrlProblem {
    /// It is no absolute address: `wpad.dat`.
    #[error("not an absolute address")]
    NotAbsolute,
    /// It is neither `http` nor `https`.
    #[error("scheme {0} is not fetched")]
    Scheme(PeerText),
    /// It holds a user name or a password; scripts are fetched without credentials.
    #[error("it holds credentials")]
    Credentials,
}

/// Why a script named by a proxy store led to no list of proxies. None of these means "go direct".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PacError {
    // Before there is a script
    /// Its address is not one that is fetched.
    #[error("the address is refused: {0}")]
    UrlRejected(PacUrlProblem),
    /// Its host could not be reached.
    #[error("the script cannot be fetched: {detail}")]
    Unreachable {
        /// What happened, in technical words.
        detail: PeerText,
    },
    /// Automatic detection was asked for, but nobody said in which domain, or the evaluator does not do it.
    #[error("automatic detection is not possible here")]
    DetectionImpossible,
    /// The name that automatic detection would trust has an address outside of the own network.
    #[error("{name} leads to {address}, which is not of this network")]
    DetectionUntrusted {
        /// The name that was resolved.
        name: String,
        /// The first address that is not trusted.
        address: IpAddr,
    },
    /// It did not arrive in time.
    #[error("the script did not arrive within {limit:?}")]
    FetchTimeout {
        /// How long was waited.
        limit: Duration,
    },
    /// The status is not 200.
    #[error("the script's server answers with status {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// The answer leads to another host.
    #[error("the script's server redirects to {host}")]
    Redirect {
        /// The host that it leads to.
        host: PeerText,
    },
    /// It is larger than it may be.
    #[error("the script exceeds {limit} bytes")]
    ScriptTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The bytes are not text in the encoding that they claim, or hold a NUL.
    #[error("the script is not text in a known encoding")]
    Encoding,
    /// The evaluator needs the text of the script, and there is none.
    #[error("the script was not fetched")]
    NoText,
    /// It is no JavaScript.
    #[error("the script is not JavaScript: {message}")]
    NotAScript {
        /// Whether it looks like a web page, as captive portals and login pages send them.
        looks_like_html: bool,
        /// The evaluator's words.
        message: PeerText,
        /// Where, counted from 1.
        line: Option<u32>,
    },

    // When it runs
    /// The address that was asked about names no host.
    #[error("the address names no host")]
    NoHost,
    /// It defines neither `FindProxyForURL` nor `FindProxyForURLEx` as a function on the global object.
    #[error("the script has no entry point")]
    NoEntryPoint,
    /// It threw an exception.
    #[error("the script failed ({phase}): {message}")]
    Exception {
        /// While doing what.
        phase: PacPhase,
        /// What was thrown, if it was text or an error.
        message: PeerText,
        /// Where, counted from 1.
        line: Option<u32>,
    },
    /// It did not come to an end in time.
    #[error("the script did not end within {limit:?} ({phase})")]
    Timeout {
        /// While doing what.
        phase: PacPhase,
        /// The limit that it exceeded.
        limit: Duration,
    },
    /// It needs more memory than it may have.
    #[error("the script exceeds its memory of {limit} bytes ({phase})")]
    MemoryLimit {
        /// While doing what.
        phase: PacPhase,
        /// The limit in bytes.
        limit: usize,
    },
    /// It is nested or recurses too deeply.
    #[error("the script is nested too deeply ({phase})")]
    StackLimit {
        /// While doing what.
        phase: PacPhase,
    },
    /// It asked for too many names, or waited too long for them.
    #[error("the script asks too much of name resolution")]
    DnsBudget,
    /// The evaluator itself did not work.
    #[error("the script cannot be evaluated here")]
    EngineFailed,

    // What it returned
    /// Something other than a string.
    #[error("the script returned no string but {got}")]
    NotAString {
        /// The type that it returned, in the words of JavaScript.
        got: &'static str,
    },
    /// A string that is no well-formed Unicode.
    #[error("the script returned malformed text")]
    MalformedResult,
    /// More than it may.
    #[error("the script returned more than {limit} bytes")]
    ResultTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A string that names no usable proxy, and not `DIRECT` either.
    #[error("the script returned {text}")]
    InvalidResult {
        /// What was returned, without credentials.
        text: PeerText,
    },
}

impl PacError {
    /// Whether no script came to run, so that the manual proxy of the same store takes over, as Windows does it
    /// (Chromium's design page "Proxy settings and fallback"). A script that ran and failed has no substitute.
    pub const fn before_the_script_ran(&self) -> bool {
        matches!(
            self,
            Self::UrlRejected(_)
                | Self::Unreachable { .. }
                | Self::DetectionImpossible
                | Self::FetchTimeout { .. }
                | Self::Status { .. }
                | Self::Redirect { .. }
                | Self::ScriptTooLarge { .. }
                | Self::Encoding
                | Self::NoText
                | Self::NotAScript { .. }
        )
    }
}
