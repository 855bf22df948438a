//! The settings of Windows in the registry: WinINET of a user and of the machine, WinHTTP, and the policies beside them.

use serde::Serialize;

use super::registry::{Found, Reader};
use super::{Journal, Manual, Provenance, Reading, Settings, Store, Unreadable};
use crate::error::{PeerText, StoreProblem};
use crate::machine::registry::{Key, RegistryView, Root};
use crate::proxy::finding::{Finding, IgnoredBecause};
use crate::proxy::server::without_credentials;
use crate::proxy::{BypassDialect, BypassList, ServerList, WinHttpBlob, WinInetBlob};

const SETTINGS: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
const POLICIES: &str = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";

/// The settings of one account: the key below which its `Software` lies, in a live registry or in a hive file.
#[derive(Clone)]
pub struct UserHive<'a> {
    /// What holds it.
    pub view: &'a dyn RegistryView,
    /// The key of the account: `HKCU` itself, or `HKU\<SID>`.
    pub key: Key,
    /// Whether the hive was not closed properly, so that what it holds may be out of date.
    pub stale: bool,
}

impl<'a> UserHive<'a> {
    /// The hive of the account that runs this process, or one that is mounted in its place.
    pub fn current_user(view: &'a dyn RegistryView) -> Self {
        Self {
            view,
            key: Key::new(Root::CurrentUser, ""),
            stale: false,
        }
    }

    /// The hive of an account by its SID, or by the name under which it was loaded.
    pub fn of_user(view: &'a dyn RegistryView, name: impl Into<String>) -> Self {
        Self {
            view,
            key: Key::new(Root::Users, name.into()),
            stale: false,
        }
    }

    /// The same hive, marked as one that was not closed properly.
    #[must_use]
    pub fn stale(self) -> Self {
        Self {
            stale: true,
            ..self
        }
    }
}

/// Whose settings count (policy `ProxySettingsPerUser`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::proxy) enum Scope {
    PerMachine,
    PerUser,
}

pub(in crate::proxy) fn scope(
    view: &dyn RegistryView,
    journal: &mut Journal,
    findings: &mut Vec<Finding>,
) -> Result<Scope, Unreadable> {
    let mut reader = Reader { view, journal };
    let policy = reader.dword(&policy_key(), "ProxySettingsPerUser")?;
    Ok(match policy {
        Some(Found { content: 0, .. }) => Scope::PerMachine,
        Some(Found { content: 1, .. }) | None => Scope::PerUser,
        Some(Found { content, place, .. }) => {
            findings.push(Finding::UnknownPolicyValue {
                place,
                value: content,
            });
            Scope::PerUser
        }
    })
}

/// Values under the policy key that look like settings and are none.
pub(in crate::proxy) fn policy_values(
    view: &dyn RegistryView,
    journal: &mut Journal,
) -> Vec<Finding> {
    let mut reader = Reader { view, journal };
    let mut findings = Vec::new();
    for name in ["ProxyServer", "AutoConfigURL"] {
        if let Ok(Some(found)) = reader.text(&policy_key(), name) {
            findings.push(Finding::SetButIgnored {
                store: Store::MachineWinInet,
                says: without_credentials(&found.content),
                place: found.place,
                because: IgnoredBecause::NotReadByWindows,
            });
        }
    }
    findings
}

pub(in crate::proxy) fn machine_wininet(view: &dyn RegistryView, journal: &mut Journal) -> Reading {
    let key = Key::new(Root::LocalMachine, SETTINGS);
    wininet(Store::MachineWinInet, Reader { view, journal }, &key)
}

pub(in crate::proxy) fn user_wininet(hive: &UserHive<'_>, journal: &mut Journal) -> Reading {
    of_hive(Store::UserWinInet, hive, journal)
}

pub(in crate::proxy) fn default_profile(hive: &UserHive<'_>, journal: &mut Journal) -> Reading {
    of_hive(Store::DefaultProfile, hive, journal)
}

pub(in crate::proxy) fn local_system(view: &dyn RegistryView, journal: &mut Journal) -> Reading {
    let hive = UserHive::of_user(view, "S-1-5-18");
    of_hive(Store::LocalSystem, &hive, journal)
}

fn of_hive(store: Store, hive: &UserHive<'_>, journal: &mut Journal) -> Reading {
    let reader = Reader {
        view: hive.view,
        journal,
    };
    wininet(store, reader, &hive.key.child(SETTINGS))
}

/// The default proxy of WinHTTP. Without the flag for a proxy it is not configured; it never says "direct".
pub(in crate::proxy) fn winhttp(view: &dyn RegistryView, journal: &mut Journal) -> Reading {
    let key = Key::new(Root::LocalMachine, SETTINGS).child("Connections");
    let mut findings = Vec::new();
    let mut reader = Reader { view, journal };
    let outcome = reader.binary(&key, "WinHttpSettings").and_then(|found| {
        let Some(found) = found else {
            return Ok(Settings::nothing(Store::WinHttp, key.to_string()));
        };
        let blob = WinHttpBlob::parse(&found.content).map_err(|error| Unreadable {
            place: found.place.clone(),
            problem: StoreProblem::Blob(error),
        })?;
        let manual = blob.manual_in_effect();
        if manual.is_none() {
            remark_on_manual(
                Store::WinHttp,
                &found.place,
                blob.flags,
                &blob.proxy,
                &mut findings,
            );
        }
        let manual =
            manual.map(|(proxy, bypass)| manual_of(&found.place, proxy, bypass, &mut findings));
        Ok(Settings {
            provenance: provenance(Store::WinHttp, found),
            auto_detect: false,
            pac_url: None,
            manual,
        })
    });
    Reading { outcome, findings }
}

/// Where the policy stands that forbids automatic detection, if it does. A value that cannot be read forbids it.
pub(in crate::proxy) fn wpad_policy(
    view: &dyn RegistryView,
    journal: &mut Journal,
) -> Option<String> {
    let key = Key::new(Root::LocalMachine, SETTINGS).child("WinHttp");
    match (Reader { view, journal }).dword(&key, "DisableWpad") {
        Ok(None | Some(Found { content: 0, .. })) => None,
        Ok(Some(found)) => Some(found.place),
        Err(unreadable) => Some(unreadable.place),
    }
}

/// Which ways to authenticate to a proxy the administrator forbids (`DisableProxyAuthenticationSchemes`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct DisabledAuthentication {
    /// Bit 1.
    pub basic: bool,
    /// Bit 2.
    pub digest: bool,
    /// Bit 4.
    pub ntlm: bool,
    /// Bit 8.
    pub kerberos: bool,
    /// Bit 16.
    pub negotiate: bool,
    /// Bit 256: to a proxy on this computer.
    pub loopback: bool,
}

impl From<u32> for DisabledAuthentication {
    fn from(bits: u32) -> Self {
        Self {
            basic: bits & 0x1 != 0,
            digest: bits & 0x2 != 0,
            ntlm: bits & 0x4 != 0,
            kerberos: bits & 0x8 != 0,
            negotiate: bits & 0x10 != 0,
            loopback: bits & 0x100 != 0,
        }
    }
}

pub(in crate::proxy) fn disabled_authentication(
    view: &dyn RegistryView,
    journal: &mut Journal,
    findings: &mut Vec<Finding>,
) -> DisabledAuthentication {
    let key = Key::new(Root::LocalMachine, SETTINGS);
    match (Reader { view, journal }).dword(&key, "DisableProxyAuthenticationSchemes") {
        Ok(found) => found.map_or(0, |found| found.content).into(),
        Err(Unreadable { place, problem }) => {
            findings.push(Finding::Unreadable {
                store: None,
                place,
                problem,
            });
            DisabledAuthentication::default()
        }
    }
}

fn policy_key() -> Key {
    Key::new(Root::LocalMachine, POLICIES)
}

/// WinINET: the binary value counts; the plain values only where there is none.
fn wininet(store: Store, mut reader: Reader<'_>, key: &Key) -> Reading {
    let mut findings = Vec::new();
    let plain = Plain::read(&mut reader, key);
    let outcome = match blob_of(&mut reader, &key.child("Connections")) {
        Err(unreadable) => Err(unreadable),
        Ok(None) => plain.map(|plain| plain.into_settings(store, key, &mut findings)),
        Ok(Some((found, blob))) => {
            match plain {
                Ok(plain) => plain.compare(&found.place, &blob, &mut findings),
                Err(Unreadable { place, problem }) => findings.push(Finding::Unreadable {
                    store: None,
                    place,
                    problem,
                }),
            }
            Ok(of_blob(store, found, &blob, &mut findings))
        }
    };
    Reading { outcome, findings }
}

type FoundBlob = (Found<Vec<u8>>, WinInetBlob);

/// The value of the LAN, or its copy where that is missing.
fn blob_of(reader: &mut Reader<'_>, key: &Key) -> Result<Option<FoundBlob>, Unreadable> {
    for name in ["DefaultConnectionSettings", "SavedLegacySettings"] {
        if let Some(found) = reader.binary(key, name)? {
            return match WinInetBlob::parse(&found.content) {
                Ok(blob) => Ok(Some((found, blob))),
                Err(error) => Err(Unreadable {
                    place: found.place,
                    problem: StoreProblem::Blob(error),
                }),
            };
        }
    }
    Ok(None)
}

fn of_blob(
    store: Store,
    found: Found<Vec<u8>>,
    blob: &WinInetBlob,
    findings: &mut Vec<Finding>,
) -> Settings {
    let manual = blob.manual_in_effect();
    if manual.is_none() {
        remark_on_manual(store, &found.place, blob.flags, &blob.proxy, findings);
    }
    Settings {
        auto_detect: blob.auto_detect(),
        pac_url: blob.pac_url_in_effect().map(str::to_owned),
        manual: manual.map(|(proxy, bypass)| manual_of(&found.place, proxy, bypass, findings)),
        provenance: provenance(store, found),
    }
}

/// Tells a manual proxy that is remembered but off, and one that is on but not named.
fn remark_on_manual(
    store: Store,
    place: &str,
    flags: u32,
    proxy: &str,
    findings: &mut Vec<Finding>,
) {
    let enabled = flags & crate::proxy::FLAG_MANUAL != 0;
    if !proxy.is_empty() {
        findings.push(Finding::SetButIgnored {
            store,
            place: place.to_owned(),
            says: without_credentials(proxy),
            because: IgnoredBecause::SwitchedOff,
        });
    } else if enabled {
        findings.push(Finding::EnabledWithoutServer {
            place: place.to_owned(),
        });
    }
}

fn manual_of(place: &str, proxy: &str, bypass: &str, findings: &mut Vec<Finding>) -> Manual {
    let manual = Manual {
        servers: ServerList::parse(proxy),
        bypass: BypassList::parse(BypassDialect::WinInet, bypass),
    };
    findings.extend(Finding::of_manual(place, &manual));
    manual
}

fn provenance<T>(store: Store, found: Found<T>) -> Provenance {
    Provenance {
        store,
        place: found.place,
        digest: Some(found.digest),
    }
}

/// The plain values.
struct Plain {
    enabled: Option<Found<u32>>,
    server: Option<Found<String>>,
    bypass: Option<Found<String>>,
    pac_url: Option<Found<String>>,
    auto_detect: Option<Found<u32>>,
}

impl Plain {
    fn read(reader: &mut Reader<'_>, key: &Key) -> Result<Self, Unreadable> {
        Ok(Self {
            enabled: reader.dword(key, "ProxyEnable")?,
            server: reader.text(key, "ProxyServer")?,
            bypass: reader.text(key, "ProxyOverride")?,
            pac_url: reader.text(key, "AutoConfigURL")?,
            auto_detect: reader.dword(key, "AutoDetect")?,
        })
    }

    fn is_enabled(&self) -> bool {
        is_set(self.enabled.as_ref())
    }

    fn server_in_effect(&self) -> Option<&Found<String>> {
        self.server.as_ref().filter(|_| self.is_enabled())
    }

    fn into_settings(self, store: Store, key: &Key, findings: &mut Vec<Finding>) -> Settings {
        if self.server_in_effect().is_none() {
            match (&self.server, &self.enabled) {
                (Some(server), _) => findings.push(Finding::SetButIgnored {
                    store,
                    place: server.place.clone(),
                    says: without_credentials(&server.content),
                    because: IgnoredBecause::SwitchedOff,
                }),
                (None, Some(enabled)) if self.is_enabled() => {
                    findings.push(Finding::EnabledWithoutServer {
                        place: enabled.place.clone(),
                    });
                }
                (None, _) => {}
            }
        }
        let bypass = self.bypass.as_ref().map_or("", |found| &found.content);
        let manual = self
            .server_in_effect()
            .map(|server| manual_of(&server.place, &server.content, bypass, findings));
        let pac_url = self.pac_url.as_ref().map(|found| found.content.clone());
        let auto_detect = is_set(self.auto_detect.as_ref());
        let decisive = self.pac_url.or(self.server.filter(|_| manual.is_some()));
        Settings {
            provenance: match decisive {
                Some(found) => provenance(store, found),
                None => Settings::nothing(store, key.to_string()).provenance,
            },
            auto_detect,
            pac_url,
            manual,
        }
    }

    /// Tells where the plain values say something else than the binary value.
    fn compare(&self, place: &str, blob: &WinInetBlob, findings: &mut Vec<Finding>) {
        let mut disagree = |used: Option<&str>, ignored: &Found<String>| {
            findings.push(Finding::StoreDisagreement {
                used: place.to_owned(),
                says: used.map_or_else(PeerText::default, without_credentials),
                ignored: ignored.place.clone(),
                instead_of: without_credentials(&ignored.content),
            });
        };
        let manual = blob.manual_in_effect().map(|(proxy, _)| proxy);
        if let Some(server) = self.server_in_effect()
            && manual != Some(&*server.content)
        {
            disagree(manual, server);
        }
        if let Some(server) = &self.server
            && self.enabled.is_some()
            && !self.is_enabled()
            && manual.is_some()
        {
            disagree(manual, server);
        }
        if let Some(url) = &self.pac_url
            && blob.pac_url_in_effect() != Some(&*url.content)
        {
            disagree(blob.pac_url_in_effect(), url);
        }
    }
}

fn is_set(found: Option<&Found<u32>>) -> bool {
    found.is_some_and(|found| found.content != 0)
}
