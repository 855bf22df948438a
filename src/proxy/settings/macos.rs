//! The network settings of macOS, as the dictionary that SystemConfiguration gives (`SCDynamicStoreCopyProxies`).

use std::collections::BTreeMap;

use super::{Digest, Journal, Manual, Provenance, Reading, Settings, Store};
use crate::error::ServerProblem;
use crate::proxy::bypass::BypassDialect;
use crate::proxy::finding::Finding;
use crate::proxy::{BypassList, ProxyScheme, ProxyServer, ServerList, ServerUse};

/// A value of the dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MacValue {
    /// A number; switches are 0 or 1.
    Number(i64),
    /// A text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

/// The dictionary: of `State:/Network/Global/Proxies`, or where that is missing of the `Setup:` of the same name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MacProxies(BTreeMap<String, MacValue>);

const PLACE: &str = "State:/Network/Global/Proxies";

impl MacProxies {
    /// A dictionary from its entries.
    pub fn new(entries: impl IntoIterator<Item = (String, MacValue)>) -> Self {
        Self(entries.into_iter().collect())
    }

    pub(in crate::proxy) fn note(&self, journal: &mut Journal) {
        for (name, value) in &self.0 {
            journal.note(&format!("{PLACE} {name}"), format!("{value:?}").as_bytes());
        }
    }

    /// What the dictionary says.
    pub(in crate::proxy) fn read(&self) -> Reading {
        let mut findings = Vec::new();
        let mut servers = ServerList::default();
        for (prefix, used_for, scheme) in [
            ("HTTP", ServerUse::Http, ProxyScheme::Http),
            ("HTTPS", ServerUse::Https, ProxyScheme::Http),
            ("FTP", ServerUse::Ftp, ProxyScheme::Http),
            ("SOCKS", ServerUse::Socks, ProxyScheme::Socks5),
        ] {
            let name = format!("{prefix}Enable");
            if !self.is_on(&name) {
                continue;
            }
            match self.text(&format!("{prefix}Proxy")) {
                Some(host) => match self.server(prefix, host, scheme) {
                    Ok(server) => servers.insert(used_for, server),
                    Err(problem) => servers.refuse(Some(used_for), host, problem),
                },
                None => findings.push(Finding::EnabledWithoutServer {
                    place: format!("{PLACE} {name}"),
                }),
            }
        }
        let manual = (!servers.is_empty()).then(|| Manual {
            servers,
            bypass: self.bypass(),
        });
        if let Some(manual) = &manual {
            findings.extend(Finding::of_manual(PLACE, manual));
        }
        let pac_url = self
            .text("ProxyAutoConfigURLString")
            .filter(|_| self.is_on("ProxyAutoConfigEnable"));
        Reading {
            outcome: Ok(Settings {
                provenance: Provenance {
                    store: Store::MacOs,
                    place: PLACE.to_owned(),
                    digest: Some(self.digest()),
                },
                auto_detect: self.is_on("ProxyAutoDiscoveryEnable"),
                pac_url: pac_url.map(str::to_owned),
                manual,
            }),
            findings,
        }
    }

    fn bypass(&self) -> BypassList {
        let exceptions = match self.0.get("ExceptionsList") {
            Some(MacValue::List(list)) => list.as_slice(),
            _ => &[],
        };
        let list =
            BypassList::from_entries(BypassDialect::MacOs, exceptions.iter().map(String::as_str));
        if self.is_on("ExcludeSimpleHostnames") {
            list.with_simple_names()
        } else {
            list
        }
    }

    fn server(
        &self,
        prefix: &str,
        host: &str,
        scheme: ProxyScheme,
    ) -> Result<ProxyServer, ServerProblem> {
        let mut server = ProxyServer::parse(host, scheme)?;
        if let Some(MacValue::Number(port)) = self.0.get(&format!("{prefix}Port")) {
            server.port = match u16::try_from(*port) {
                Ok(0) | Err(_) => return Err(ServerProblem::BadPort),
                Ok(port) => port,
            };
        }
        Ok(server)
    }

    fn is_on(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(MacValue::Number(number)) if *number != 0)
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(MacValue::Text(text)) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    fn digest(&self) -> Digest {
        let mut journal = Journal::default();
        self.note(&mut journal);
        journal.close()
    }
}
