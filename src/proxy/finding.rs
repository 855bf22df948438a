//! What an administrator should know about the proxy settings of a computer, besides the answer.

use std::fmt;

use serde::Serialize;

use super::settings::Store;
use super::{BypassProblem, ServerUse};
use crate::error::{PacError, PeerText, ServerProblem, StoreProblem};
use crate::message::{Message, message_ids};

/// A remark on a setting: why it has no effect, or what was not taken of it. Every text is free of credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "finding")]
#[non_exhaustive]
pub enum Finding {
    /// A store cannot be read, or a value in it has the wrong type.
    Unreadable {
        /// The store, if it is one that could decide.
        store: Option<Store>,
        /// The place.
        place: String,
        /// What is wrong there.
        problem: StoreProblem,
    },
    /// A setting names a way out and is not used.
    SetButIgnored {
        /// The store.
        store: Store,
        /// The place.
        place: String,
        /// What it says.
        says: PeerText,
        /// Why it is not used.
        because: IgnoredBecause,
    },
    /// The binary value and the plain values of a store say different things; the binary value counts.
    StoreDisagreement {
        /// The place of the binary value.
        used: String,
        /// What it says.
        says: PeerText,
        /// The place of the plain value.
        ignored: String,
        /// What that says.
        instead_of: PeerText,
    },
    /// `ProxySettingsPerUser` is 0, and the settings of the machine are empty: everything goes direct, whatever the
    /// users' settings say.
    PerMachineEmpty,
    /// A policy has a value that nobody documents; it is read as if it were not set.
    UnknownPolicyValue {
        /// The place.
        place: String,
        /// The value.
        value: u32,
    },
    /// The manual proxy is switched on, but none is named.
    EnabledWithoutServer {
        /// The place.
        place: String,
    },
    /// A part of a list of proxies was not taken.
    ServerRefused {
        /// The place.
        place: String,
        /// The part.
        token: PeerText,
        /// Why.
        problem: ServerProblem,
    },
    /// An entry of a list of exceptions was not taken; its hosts go to the proxy.
    BypassEntryRefused {
        /// The place.
        place: String,
        /// The entry.
        entry: PeerText,
        /// Why.
        problem: BypassProblem,
    },
    /// A list of exceptions is longer than what is read.
    BypassListTooLong {
        /// The place.
        place: String,
        /// How many entries were not read.
        ignored: usize,
    },
    /// Automatic detection is switched on, but the embedding program did not ask for it.
    AutoDetectNotAskedFor {
        /// The store.
        store: Store,
    },
    /// Automatic detection is switched on and asked for, but a policy forbids it.
    WpadDisabledByPolicy {
        /// The place of the policy.
        place: String,
    },
    /// The list of proxies leaves the scheme of the address out, so it goes without a proxy.
    NoServerForScheme {
        /// The scheme.
        scheme: String,
    },
    /// The address is an exception of the list.
    Bypassed {
        /// The host.
        host: String,
    },
    /// The script could not be had, so the manual proxy of the same store is used.
    ManualInsteadOfScript {
        /// What happened to the script.
        error: PacError,
    },
    /// What came instead of the script looks like a web page: perhaps a network that wants a sign-in of its own.
    CaptivePortalSuspected,
    /// A part of the script's answer was not taken.
    ScriptAnswerPartDropped {
        /// The part.
        part: PeerText,
    },
    /// `HTTP_PROXY` is set together with `REQUEST_METHOD`: it may come from a request's header, so it is ignored.
    CgiHazard {
        /// The variable.
        variable: String,
    },
    /// The proxy asks for a user name and password that are stored beside it; this crate does not use these.
    StoredCredentialsIgnored {
        /// The place.
        place: String,
    },
}

/// Why a setting is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IgnoredBecause {
    /// Another store comes first.
    StoreBefore(Store),
    /// The policy `ProxySettingsPerUser` is 0, so only the settings of the machine count.
    PerMachinePolicy,
    /// The policy `ProxySettingsPerUser` is not 0, so the settings of the machine do not count.
    PerUserPolicy,
    /// It is remembered, but switched off.
    SwitchedOff,
    /// Windows acts on no such value under the policy key.
    NotReadByWindows,
    /// The process is elevated; its environment may come from someone with fewer rights.
    Elevated,
    /// The embedding program did not allow environment variables.
    NotAllowed,
    /// The hive was not closed properly, and the caller does not take what may be out of date.
    Stale,
}

impl Finding {
    /// Whether it tells of a way that the settings name and that is not gone.
    pub(super) const fn names_another_way(&self) -> bool {
        matches!(
            self,
            Self::SetButIgnored { .. }
                | Self::AutoDetectNotAskedFor { .. }
                | Self::NoServerForScheme { .. }
                | Self::Bypassed { .. }
        )
    }

    /// The remarks on what was not taken of a manual proxy.
    pub(super) fn of_manual(place: &str, manual: &super::Manual) -> impl Iterator<Item = Self> {
        let servers = manual
            .servers
            .refused()
            .iter()
            .map(|refused| Self::ServerRefused {
                place: place.to_owned(),
                token: refused.token.clone(),
                problem: refused.problem.clone(),
            });
        let entries = manual
            .bypass
            .refused()
            .iter()
            .map(|refused| Self::BypassEntryRefused {
                place: place.to_owned(),
                entry: refused.entry.clone(),
                problem: refused.problem,
            });
        let ignored = manual.bypass.ignored();
        let rest = (ignored > 0).then(|| Self::BypassListTooLong {
            place: place.to_owned(),
            ignored,
        });
        servers.chain(entries).chain(rest)
    }
}

/// How a manual proxy or a script is told in a finding.
pub(super) fn summary(settings: &super::settings::Settings) -> PeerText {
    if let Some(url) = &settings.pac_url {
        return super::server::without_credentials(url);
    }
    let Some(manual) = &settings.manual else {
        return PeerText::new("automatic detection");
    };
    let used = manual
        .servers
        .servers()
        .map(|(used_for, server)| match used_for {
            ServerUse::Any => server.to_string(),
            ServerUse::Http => format!("http={server}"),
            ServerUse::Https => format!("https={server}"),
            ServerUse::Ftp => format!("ftp={server}"),
            ServerUse::Socks => format!("socks={server}"),
        });
    let refused = manual
        .servers
        .refused()
        .iter()
        .map(|refused| refused.token.to_string());
    PeerText::new(&used.chain(refused).collect::<Vec<_>>().join(";"))
}

message_ids!(impl Finding {
    Unreadable => "proxy-finding-unreadable",
    SetButIgnored => "proxy-finding-set-but-ignored",
    StoreDisagreement => "proxy-finding-store-disagreement",
    PerMachineEmpty => "proxy-finding-per-machine-empty",
    UnknownPolicyValue => "proxy-finding-unknown-policy-value",
    EnabledWithoutServer => "proxy-finding-enabled-without-server",
    ServerRefused => "proxy-finding-server-refused",
    BypassEntryRefused => "proxy-finding-bypass-entry-refused",
    BypassListTooLong => "proxy-finding-bypass-list-too-long",
    AutoDetectNotAskedFor => "proxy-finding-auto-detect-not-asked-for",
    WpadDisabledByPolicy => "proxy-finding-wpad-disabled",
    NoServerForScheme => "proxy-finding-no-server-for-scheme",
    Bypassed => "proxy-finding-bypassed",
    ManualInsteadOfScript => "proxy-finding-manual-instead-of-script",
    CaptivePortalSuspected => "proxy-finding-captive-portal-suspected",
    ScriptAnswerPartDropped => "proxy-finding-script-part-dropped",
    CgiHazard => "proxy-finding-cgi-hazard",
    StoredCredentialsIgnored => "proxy-finding-stored-credentials-ignored",
});

/// For a person; what was found there is in the technical line.
impl Message for Finding {
    fn message_id(&self) -> &'static str {
        self.id_of_message()
    }

    fn message_args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::SetButIgnored { place, because, .. } => vec![
                ("place", place.clone()),
                ("because", because.name().to_owned()),
            ],
            Self::StoreDisagreement { used: place, .. }
            | Self::Unreadable { place, .. }
            | Self::UnknownPolicyValue { place, .. }
            | Self::EnabledWithoutServer { place }
            | Self::WpadDisabledByPolicy { place }
            | Self::StoredCredentialsIgnored { place } => vec![("place", place.clone())],
            Self::ServerRefused {
                place, token: part, ..
            }
            | Self::BypassEntryRefused {
                place, entry: part, ..
            } => vec![("place", place.clone()), ("part", part.to_string())],
            Self::BypassListTooLong { place, ignored } => {
                vec![("place", place.clone()), ("count", ignored.to_string())]
            }
            Self::NoServerForScheme { scheme } => vec![("scheme", scheme.clone())],
            Self::Bypassed { host } => vec![("host", host.clone())],
            Self::ScriptAnswerPartDropped { part } => vec![("part", part.to_string())],
            Self::CgiHazard { variable } => vec![("variable", variable.clone())],
            Self::PerMachineEmpty
            | Self::AutoDetectNotAskedFor { .. }
            | Self::ManualInsteadOfScript { .. }
            | Self::CaptivePortalSuspected => Vec::new(),
        }
    }
}

impl IgnoredBecause {
    /// By which the texts choose.
    const fn name(self) -> &'static str {
        match self {
            Self::StoreBefore(_) => "store-before",
            Self::PerMachinePolicy => "per-machine-policy",
            Self::PerUserPolicy => "per-user-policy",
            Self::SwitchedOff => "switched-off",
            Self::NotReadByWindows => "not-read-by-windows",
            Self::Elevated => "elevated",
            Self::NotAllowed => "not-allowed",
            Self::Stale => "stale",
        }
    }
}

/// One technical line in English.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { place, problem, .. } => write!(f, "{place}: {problem}"),
            Self::SetButIgnored {
                place,
                says,
                because,
                ..
            } => write!(f, "{place} says {says}, which is ignored: {because}"),
            Self::StoreDisagreement {
                used,
                says,
                ignored,
                instead_of,
            } => {
                let says = if says.is_empty() { "nothing" } else { says };
                write!(f, "{ignored} says {instead_of}, but {used} says {says} and counts")
            }
            Self::PerMachineEmpty => f.write_str(
                "the settings of the machine alone count (ProxySettingsPerUser is 0), and they are empty",
            ),
            Self::UnknownPolicyValue { place, value } => {
                write!(f, "{place} is {value}, which has no known meaning")
            }
            Self::EnabledWithoutServer { place } => {
                write!(f, "{place} switches a proxy on, but none is named")
            }
            Self::ServerRefused {
                place,
                token,
                problem,
            } => write!(f, "{place}: {token} is not used: {problem}"),
            Self::BypassEntryRefused {
                place,
                entry,
                problem,
            } => write!(f, "{place}: the exception {entry} is not used: {problem}"),
            Self::BypassListTooLong { place, ignored } => {
                write!(f, "{place}: the last {ignored} exceptions are not read")
            }
            Self::AutoDetectNotAskedFor { store } => write!(
                f,
                "{} has automatic detection switched on, which this program does not do",
                store.name()
            ),
            Self::WpadDisabledByPolicy { place } => {
                write!(f, "{place} forbids automatic detection")
            }
            Self::NoServerForScheme { scheme } => {
                write!(f, "no proxy is named for {scheme} addresses")
            }
            Self::Bypassed { host } => write!(f, "{host} is an exception"),
            Self::ManualInsteadOfScript { error } => {
                write!(f, "the manual proxy stands in for the script: {error}")
            }
            Self::CaptivePortalSuspected => {
                f.write_str("a web page came instead of the script: a network that wants a sign-in?")
            }
            Self::ScriptAnswerPartDropped { part } => {
                write!(f, "the script's answer holds {part}, which is not used")
            }
            Self::CgiHazard { variable } => {
                write!(f, "{variable} may come from a request (REQUEST_METHOD is set)")
            }
            Self::StoredCredentialsIgnored { place } => {
                write!(f, "{place} holds credentials, which are not used")
            }
        }
    }
}

impl fmt::Display for IgnoredBecause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StoreBefore(store) => return write!(f, "{} comes first", store.name()),
            Self::PerMachinePolicy => {
                "ProxySettingsPerUser is 0, so only the machine's settings count"
            }
            Self::PerUserPolicy => {
                "ProxySettingsPerUser is not 0, so the machine's settings do not count"
            }
            Self::SwitchedOff => "it is switched off",
            Self::NotReadByWindows => "Windows reads no such value under the policy key",
            Self::Elevated => "this process is elevated",
            Self::NotAllowed => "environment variables were not allowed",
            Self::Stale => "the hive was not closed properly",
        })
    }
}
