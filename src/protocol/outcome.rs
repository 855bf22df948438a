//! How an attempt ended.

use std::time::Duration;

use serde::Serialize;
use url::Url;

use crate::error::PeerText;
use crate::message::{Message, message_ids};

/// How an attempt ended. Success needs positive proof: a final answer that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// The new password is set.
    PasswordChanged {
        /// What this computer still needs before the new password works on it.
        device: DeviceState,
        /// What follows at the next sign-in.
        sign_in: SignInNext,
    },
    /// The password is changed on-premises; the cloud follows within minutes.
    ChangedCloudPending,
    /// The account is unlocked; the password is the old one.
    Unlocked,
    /// The person has registered too little to be verified.
    NotRegistered {
        /// Where to register, once signed in.
        where_to_register: Option<Url>,
    },
    /// Only an administrator can help.
    NeedsAdministrator {
        /// The server's code for the reason.
        code: PeerText,
    },
    /// Too many tries.
    Blocked {
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// The attempt took too long, or its thread was lost; it can be begun anew.
    Expired,
    /// Nothing came of it, without saying why: an answer for everyone who may or may not have an account.
    Declined,
    /// The new password was sent, but whether it was set could not be found out.
    Unknown {
        /// What the person should do now.
        advice: Advice,
    },
}

impl Outcome {
    /// The new password has left, and nothing proves what became of it.
    #[cfg(any(
        feature = "native-v1",
        feature = "preview",
        feature = "login-change",
        feature = "portal-forms"
    ))]
    pub(super) const UNKNOWN: Self = Self::Unknown {
        advice: Advice::TryNewPasswordFirst,
    };
}

/// What this computer needs before the new password works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DeviceState {
    /// The account does not sign in to computers.
    NotConcerned,
    /// Not known.
    Unknown,
    /// The computer must see a domain controller once.
    NeedsDomainController,
}

/// What follows at the next sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignInNext {
    /// Not known: the protocol tells only when the person signs in.
    Unknown,
    /// A second factor will be asked for.
    SecondFactor,
    /// A second factor has to be registered first.
    Enrolment,
}

/// What the person should do when the outcome is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Advice {
    /// Sign in with the new password first; if it does not work, begin anew.
    TryNewPasswordFirst,
}

message_ids!(impl Outcome {
    PasswordChanged => "outcome-password-changed",
    ChangedCloudPending => "outcome-changed-cloud-pending",
    Unlocked => "outcome-unlocked",
    NotRegistered => "outcome-not-registered",
    NeedsAdministrator => "outcome-needs-administrator",
    Blocked => "outcome-blocked",
    Expired => "outcome-expired",
    Declined => "outcome-declined",
    Unknown => "outcome-unknown",
});

message_ids!(impl Advice {
    TryNewPasswordFirst => "advice-try-new-password-first",
});

impl Message for Outcome {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NeedsAdministrator { code } => vec![("code", code.to_string())],
            _ => Vec::new(),
        }
    }
}

impl Message for Advice {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }
}
