//! The environment variables that name proxies.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Digest, Journal, Manual, Provenance, Reading, Settings, Store};
use crate::error::ServerProblem;
use crate::proxy::finding::Finding;
use crate::proxy::{BypassDialect, BypassList, ProxyScheme, ProxyServer, ServerList, ServerUse};

/// Whose reading of the variables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EnvironmentDialect {
    /// curl: `http_proxy` in lower case only, the others in lower before upper case, `all_proxy`.
    #[default]
    Curl,
    /// Go: upper before lower case; beside `REQUEST_METHOD`, `HTTP_PROXY` is an error for `http` addresses.
    Go,
}

/// Environment variables, as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The variables of this process that concern proxies. Values that are not Unicode are left out.
    pub fn of_this_process() -> Self {
        let variables = std::env::vars_os();
        variables
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| concerns_proxies(name))
            .collect()
    }

    /// The first of these variables that is set and not empty.
    fn first(&self, names: &[&str]) -> Option<(&str, &str)> {
        names
            .iter()
            .find_map(|name| {
                self.0
                    .get_key_value(*name)
                    .filter(|(_, value)| !value.trim().is_empty())
            })
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names of the variables that name a proxy, with their values.
    pub(in crate::proxy) fn naming_proxies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter(|(name, value)| {
                name.to_ascii_lowercase().ends_with("_proxy")
                    && !name.eq_ignore_ascii_case("no_proxy")
                    && !value.trim().is_empty()
            })
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(in crate::proxy) fn note(&self, place: &str, journal: &mut Journal) {
        for (name, value) in &self.0 {
            journal.note(&format!("{place} {name}"), value.as_bytes());
        }
    }

    /// What the variables say. In a CGI program, `HTTP_PROXY` may be a request's `Proxy` header: it never counts.
    pub(in crate::proxy) fn read(
        &self,
        store: Store,
        place: &str,
        dialect: EnvironmentDialect,
    ) -> Reading {
        let mut findings = Vec::new();
        let mut servers = ServerList::default();
        let cgi = self.first(&["REQUEST_METHOD"]).is_some();
        if cgi && let Some((variable, _)) = self.first(&["HTTP_PROXY"]) {
            findings.push(Finding::CgiHazard {
                variable: variable.to_owned(),
            });
        }
        let names = Names::of(dialect);
        for (used_for, names) in [
            (ServerUse::Http, names.http),
            (ServerUse::Https, names.https),
            (ServerUse::Any, names.all),
        ] {
            let Some((name, value)) = self.first(names) else {
                continue;
            };
            if cgi && dialect == EnvironmentDialect::Go && used_for == ServerUse::Http {
                servers.refuse(Some(used_for), name, ServerProblem::CgiHazard);
                continue;
            }
            match ProxyServer::parse(value, ProxyScheme::Http) {
                Ok(server) => servers.insert(used_for, server),
                Err(problem) => servers.refuse(Some(used_for), value, problem),
            }
        }
        let no_proxy = self.first(&names.no_proxy).map_or("", |(_, value)| value);
        let manual = (!servers.is_empty()).then(|| Manual {
            servers,
            bypass: BypassList::parse(names.bypass, no_proxy),
        });
        if let Some(manual) = &manual {
            findings.extend(Finding::of_manual(place, manual));
        }
        Reading {
            outcome: Ok(Settings {
                provenance: Provenance {
                    store,
                    place: place.to_owned(),
                    digest: manual.is_some().then(|| self.digest()),
                },
                auto_detect: false,
                pac_url: None,
                manual,
            }),
            findings,
        }
    }

    fn digest(&self) -> Digest {
        let mut journal = Journal::default();
        self.note("", &mut journal);
        journal.close()
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

fn concerns_proxies(name: &str) -> bool {
    name == "REQUEST_METHOD" || name.to_ascii_lowercase().ends_with("_proxy")
}

/// The variables of a dialect, in the order in which they are looked for.
struct Names {
    http: &'static [&'static str],
    https: &'static [&'static str],
    all: &'static [&'static str],
    no_proxy: [&'static str; 2],
    bypass: BypassDialect,
}

impl Names {
    const fn of(dialect: EnvironmentDialect) -> Self {
        match dialect {
            EnvironmentDialect::Curl => Self {
                http: &["http_proxy"],
                https: &["https_proxy", "HTTPS_PROXY"],
                all: &["all_proxy", "ALL_PROXY"],
                no_proxy: ["no_proxy", "NO_PROXY"],
                bypass: BypassDialect::Curl,
            },
            EnvironmentDialect::Go => Self {
                http: &["HTTP_PROXY", "http_proxy"],
                https: &["HTTPS_PROXY", "https_proxy"],
                all: &[],
                no_proxy: ["NO_PROXY", "no_proxy"],
                bypass: BypassDialect::Go,
            },
        }
    }
}
