//! Which hosts go without the manual proxy. Every owner of such a list reads it differently, so the dialect has a name.

mod curl;
mod gnome;
mod go;
mod macos;
mod network;
mod rules;
mod wininet;

use serde::Serialize;

pub use self::network::Network;
use self::rules::{Matcher, Pattern, Rules};
use super::{Target, host};
use crate::error::PeerText;

/// Whose reading of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BypassDialect {
    /// `ProxyOverride` of WinINET, and the list of WinHTTP. Separated by `;`, `,` or white space; `name` is that host
    /// alone, `*` stands for anything, `<local>` for names without a dot, `<-loopback>` takes the implicit exceptions
    /// (`localhost`, `loopback`, `127.0.0.1`, `::1`, link-local addresses) away; an entry may name scheme and port.
    WinInet,
    /// `no_proxy` of curl. Separated by commas; `name` and `.name` are the host and everything below it; addresses
    /// and networks; no ports; `*` counts only alone.
    Curl,
    /// `NO_PROXY` of Go's `httpproxy`. Separated by commas; `name` is the host and everything below it, `.name` and
    /// `*.name` only what is below; addresses and networks; ports; `*`; `localhost` and loopback addresses always.
    Go,
    /// `ignore-hosts` of GNOME, as GLib reads it. `name`, `.name` and `*.name` are the host and everything below it;
    /// addresses and networks; ports; nothing is implicit.
    Gnome,
    /// `ExceptionsList` of macOS. `name` is that host alone, `*.name` what is below it; a trailing `.*`; addresses and
    /// networks, also short ones (`169.254/16`); `localhost`, `127.0.0.1` and `::1` if the list holds anything.
    MacOs,
}

/// Why an entry was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BypassProblem {
    /// A `/` where the dialect knows no networks. Windows gives up the proxy for the whole list then; this crate
    /// ignores the entry.
    #[error("a slash has no meaning here")]
    Slash,
    /// It begins with a dot where that has no meaning; `*.name` has.
    #[error("a leading dot has no meaning here")]
    LeadingDot,
    /// It ends with a dot, and no host is compared with one.
    #[error("a trailing dot is never met")]
    TrailingDot,
    /// `*.*`, which lets every name with a dot past the proxy.
    #[error("it excepts everything")]
    TooBroad,
    /// A `*` where the dialect reads none.
    #[error("a wildcard has no meaning here")]
    Wildcard,
    /// The port is no number from 1 to 65535.
    #[error("no usable port")]
    BadPort,
    /// A word in angle brackets that is not known.
    #[error("an unknown word")]
    UnknownWord,
    /// An address that is not written in the usual form, so that its readers disagree.
    #[error("an unusual address")]
    OddAddress,
    /// It cannot be a host.
    #[error("not a host")]
    NotAHost,
}

/// An entry that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RefusedEntry {
    /// The entry.
    pub entry: PeerText,
    /// Why.
    pub problem: BypassProblem,
}

/// A list of exceptions, prepared for matching: a look-up costs about the same for ten entries and a thousand.
#[derive(Debug, Clone)]
pub struct BypassList {
    dialect: BypassDialect,
    rules: Rules,
    refused: Vec<RefusedEntry>,
    ignored: usize,
}

impl BypassList {
    /// The most entries that are read; what follows is counted in [`ignored`](Self::ignored) and goes to the proxy.
    pub const MAX_ENTRIES: usize = 4096;

    /// Reads a list as the dialect separates it. For lists that come as an array, see
    /// [`from_entries`](Self::from_entries).
    pub fn parse(dialect: BypassDialect, text: &str) -> Self {
        match dialect {
            BypassDialect::WinInet => {
                Self::from_entries(dialect, text.split(wininet::is_separator))
            }
            BypassDialect::Curl if text == "*" => {
                let mut list = Self::from_entries(dialect, []);
                list.rules.add(Pattern::Everything.into());
                list
            }
            BypassDialect::Curl
            | BypassDialect::Go
            | BypassDialect::Gnome
            | BypassDialect::MacOs => Self::from_entries(dialect, text.split(',')),
        }
    }

    /// Reads the entries of a list. Empty ones are skipped.
    pub fn from_entries<'a>(
        dialect: BypassDialect,
        entries: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut list = Self {
            dialect,
            rules: Rules::default(),
            refused: Vec::new(),
            ignored: 0,
        };
        let mut entries = entries
            .into_iter()
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        for entry in entries.by_ref().take(Self::MAX_ENTRIES) {
            list.add(entry);
        }
        list.ignored = entries.count();
        list
    }

    /// The same list, with every name without a dot excepted too: a switch of macOS.
    pub(super) fn with_simple_names(mut self) -> Self {
        self.rules.add(Pattern::SimpleNames.into());
        self
    }

    /// Whether the target goes without the proxy.
    pub fn matches(&self, target: &Target) -> bool {
        let implicit = match self.dialect {
            BypassDialect::WinInet => wininet::is_implicit(target),
            BypassDialect::Go => go::is_implicit(target),
            BypassDialect::MacOs => !self.rules.is_empty() && macos::is_implicit(target),
            BypassDialect::Curl | BypassDialect::Gnome => false,
        };
        self.rules.matches(target, implicit, self.matcher())
    }

    /// The entries that were not taken, in their order.
    pub fn refused(&self) -> &[RefusedEntry] {
        &self.refused
    }

    /// How many entries stood beyond the limit.
    pub fn ignored(&self) -> usize {
        self.ignored
    }

    /// Whose reading this is.
    pub fn dialect(&self) -> BypassDialect {
        self.dialect
    }

    fn add(&mut self, entry: &str) {
        let rule = match self.dialect {
            BypassDialect::WinInet => wininet::parse(entry),
            BypassDialect::Curl => curl::parse(entry),
            BypassDialect::Go => go::parse(entry),
            BypassDialect::Gnome => gnome::parse(entry),
            BypassDialect::MacOs => macos::parse(entry),
        };
        match rule {
            Ok(rule) => self.rules.add(rule),
            Err(problem) => self.refused.push(RefusedEntry {
                entry: entry.into(),
                problem,
            }),
        }
    }

    fn matcher(&self) -> Matcher {
        Matcher {
            names_meet_addresses: matches!(
                self.dialect,
                BypassDialect::WinInet | BypassDialect::Go | BypassDialect::MacOs
            ),
            mapped_is_ipv4: self.dialect == BypassDialect::Go,
        }
    }
}

/// A name of an entry in the form of a target's: A-labels in lower case.
fn name_to_ascii(name: &str) -> Result<String, BypassProblem> {
    if name.contains('*') {
        return Err(BypassProblem::Wildcard);
    }
    if name
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && !name.is_empty()
    {
        return Ok(name.to_owned());
    }
    host::parse(name)
        .map(|host| host::bare_text(&host))
        .map_err(|_| BypassProblem::NotAHost)
}

#[cfg(test)]
mod tests;
