//! Why a proxy auto-configuration script gave no answer.

use serde::Serialize;

use super::PeerText;

/// What a script was doing when its time was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PacPhase {
    /// Its top level was being run.
    Load,
    /// The entry point was being called.
    Call,
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
    /// Its address is not one that is fetched.
    #[error("the address is refused: {0}")]
    UrlRejected(PacUrlProblem),
    /// The body is larger than it may be.
    #[error("the script exceeds {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
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
        /// The host it leads to.
        host: PeerText,
    },
    /// The script did not arrive in time.
    #[error("the script did not arrive in time")]
    FetchTimeout,
    /// The script's host could not be reached.
    #[error("the script cannot be fetched: {detail}")]
    Unreachable {
        /// What happened, in technical words.
        detail: PeerText,
    },
    /// The body is no script.
    #[error("what was fetched is no script (HTML: {looks_like_html})")]
    NotAScript {
        /// Whether it looks like a web page, as captive portals send them.
        looks_like_html: bool,
    },
    /// The body is not text in a known encoding.
    #[error("the script is not readable text")]
    Encoding,
    /// The script has no global function `FindProxyForURL`.
    #[error("the script has no entry point")]
    NoEntryPoint,
    /// The script threw an error while it ran.
    #[error("the script failed: {message}")]
    Threw {
        /// What it said.
        message: PeerText,
    },
    /// The script used up its time.
    #[error("the script used up its time ({phase:?})")]
    Timeout {
        /// What it was doing.
        phase: PacPhase,
    },
    /// The script used up its memory.
    #[error("the script used up its memory")]
    MemoryLimit,
    /// The script nested or recursed too deeply.
    #[error("the script used up its stack")]
    StackLimit,
    /// The script asked for too many host names, or a name took too long.
    #[error("the script used up its name look-ups")]
    DnsBudget,
    /// The entry point did not return a string.
    #[error("the script returned {got}")]
    NotAString {
        /// The type that was returned, in the words of JavaScript.
        got: PeerText,
    },
    /// The string that was returned names no usable proxy, and not `DIRECT` either.
    #[error("the script returned {text}")]
    InvalidResult {
        /// What was returned.
        text: PeerText,
    },
    /// The evaluator itself failed.
    #[error("the script cannot be evaluated: {detail}")]
    Engine {
        /// What happened, in technical words.
        detail: PeerText,
    },
}

impl PacError {
    /// Whether no script came to run, so that the manual proxy of the same store takes over, as Windows does it
    /// (Chromium's design page "Proxy settings and fallback"). A script that ran and failed has no substitute.
    pub const fn before_the_script_ran(&self) -> bool {
        matches!(
            self,
            Self::UrlRejected(_)
                | Self::TooLarge { .. }
                | Self::Status { .. }
                | Self::Redirect { .. }
                | Self::FetchTimeout
                | Self::Unreachable { .. }
                | Self::NotAScript { .. }
                | Self::Encoding
        )
    }
}
