//! GNOME's `org.gnome.system.proxy`, from a text: what `dconf dump /system/proxy/` or `gsettings list-recursively
//! org.gnome.system.proxy` prints, or a keyfile of `/etc/dconf/db/*.d`.

use std::collections::BTreeMap;

use super::{Digest, Journal, Manual, Provenance, Reading, Settings, Store, Unreadable};
use crate::error::{PeerText, ServerProblem, StoreProblem};
use crate::proxy::finding::Finding;
use crate::proxy::{BypassDialect, BypassList, ProxyScheme, ProxyServer, ServerList, ServerUse};

/// The settings by their paths below the schema: `mode`, `ignore-hosts`, `http/host`, … The values are GVariant texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GnomeSettings(BTreeMap<String, String>);

const PLACE: &str = "org.gnome.system.proxy";
/// The folder of the schema in dconf.
const FOLDER: &str = "system/proxy";

impl GnomeSettings {
    /// Reads a text in any of the three forms. Lines about other schemas are skipped.
    pub fn parse(text: &str) -> Self {
        let mut settings = Self::default();
        // A dump without a section begins at the folder itself.
        let mut folder = Some(String::new());
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(section) = line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'))
            {
                folder = folder_of(section);
            } else if let Some(rest) = line.strip_prefix(PLACE) {
                settings.add_listed(rest);
            } else if let (Some(folder), Some((name, value))) = (&folder, line.split_once('=')) {
                settings.set(&format!("{folder}{}", name.trim()), value.trim());
            }
        }
        settings
    }

    /// Reads a keyfile, in which every section is a whole path.
    pub(super) fn parse_keyfile(text: &str) -> Self {
        // Without a section there is nothing that a value belongs to.
        let start = text.find('[').unwrap_or(text.len());
        Self::parse(text.get(start..).unwrap_or_default())
    }

    /// Takes over what is not set here.
    pub(super) fn add_missing(&mut self, other: Self) {
        for (path, value) in other.0 {
            self.0.entry(path).or_insert(value);
        }
    }

    /// Sets one value: `set("http/host", "'proxy'")`.
    pub fn set(&mut self, path: &str, value: &str) {
        self.0.insert(path.to_owned(), value.to_owned());
    }

    /// `…proxy.http host 'proxy'`, without the beginning.
    fn add_listed(&mut self, rest: &str) {
        let mut words = rest.splitn(3, ' ');
        if let (Some(child), Some(name), Some(value)) = (words.next(), words.next(), words.next()) {
            let path = match child.strip_prefix('.') {
                Some(child) => format!("{child}/{name}"),
                None => name.to_owned(),
            };
            self.set(&path, value.trim());
        }
    }

    pub(in crate::proxy) fn note(&self, journal: &mut Journal) {
        for (path, value) in &self.0 {
            journal.note(&format!("{PLACE} {path}"), value.as_bytes());
        }
    }

    /// What the settings say. Mode `none` is the default and says nothing.
    pub(in crate::proxy) fn read(&self) -> Reading {
        let mut findings = Vec::new();
        let mut settings = Settings::nothing(Store::Gnome, PLACE);
        let outcome = match self.text("mode").as_deref() {
            None | Some("none") => Ok(settings),
            Some("manual") => {
                settings.manual = self.manual(&mut findings);
                Ok(settings)
            }
            Some("auto") => {
                settings.pac_url = self.text("autoconfig-url").filter(|url| !url.is_empty());
                settings.auto_detect = settings.pac_url.is_none();
                Ok(settings)
            }
            Some(word) => Err(Unreadable {
                place: format!("{PLACE} mode"),
                problem: StoreProblem::UnknownWord {
                    word: PeerText::new(word),
                },
            }),
        };
        let outcome = outcome.map(|settings| Settings {
            provenance: Provenance {
                digest: settings.names_a_way().then(|| self.digest()),
                ..settings.provenance
            },
            ..settings
        });
        Reading { outcome, findings }
    }

    fn manual(&self, findings: &mut Vec<Finding>) -> Option<Manual> {
        let mut servers = ServerList::default();
        for (child, used_for, scheme) in [
            ("http", ServerUse::Http, ProxyScheme::Http),
            ("https", ServerUse::Https, ProxyScheme::Http),
            ("ftp", ServerUse::Ftp, ProxyScheme::Http),
            ("socks", ServerUse::Socks, ProxyScheme::Socks5),
        ] {
            let host = self.text(&format!("{child}/host")).unwrap_or_default();
            if host.is_empty() {
                continue;
            }
            match self.server(child, &host, scheme) {
                Ok(server) => servers.insert(used_for, server),
                Err(problem) => servers.refuse(Some(used_for), &host, problem),
            }
        }
        if self
            .0
            .get("http/use-authentication")
            .is_some_and(|value| value == "true")
        {
            findings.push(Finding::StoredCredentialsIgnored {
                place: format!("{PLACE}.http"),
            });
        }
        if servers.is_empty() {
            findings.push(Finding::EnabledWithoutServer {
                place: PLACE.to_owned(),
            });
            return None;
        }
        let hosts = self
            .0
            .get("ignore-hosts")
            .map(|list| strings(list))
            .unwrap_or_default();
        let manual = Manual {
            servers,
            bypass: BypassList::from_entries(
                BypassDialect::Gnome,
                hosts.iter().map(String::as_str),
            ),
        };
        findings.extend(Finding::of_manual(PLACE, &manual));
        Some(manual)
    }

    fn server(
        &self,
        child: &str,
        host: &str,
        scheme: ProxyScheme,
    ) -> Result<ProxyServer, ServerProblem> {
        let mut server = ProxyServer::parse(host, scheme)?;
        if let Some(port) = self.0.get(&format!("{child}/port")) {
            let digits = port.rsplit(' ').next().unwrap_or_default();
            server.port = crate::proxy::server::parse_port(digits)?;
        }
        Ok(server)
    }

    fn text(&self, path: &str) -> Option<String> {
        strings(self.0.get(path)?).into_iter().next()
    }

    fn digest(&self) -> Digest {
        let mut journal = Journal::default();
        self.note(&mut journal);
        journal.close()
    }
}

/// Where the names of a section lie below the schema: `[http]` of a dump, `[system/proxy/http]` of a keyfile.
fn folder_of(section: &str) -> Option<String> {
    let section = section.trim_matches('/');
    let child = match section.strip_prefix(FOLDER) {
        Some(child) => child.trim_start_matches('/'),
        None if section.contains('/') => return None,
        None => section,
    };
    Some(if child.is_empty() {
        String::new()
    } else {
        format!("{child}/")
    })
}

/// The quoted strings of a GVariant text: of `'a'` and of `['a', "b"]` alike.
fn strings(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = text.chars();
    while let Some(mark) = chars.by_ref().find(|c| matches!(c, '\'' | '"')) {
        let mut string = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => string.extend(chars.next()),
                c if c == mark => break,
                c => string.push(c),
            }
        }
        found.push(string);
    }
    found
}
