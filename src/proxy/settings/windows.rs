//! The settings of Windows in the registry: WinINET of a user and of the machine, and WinHTTP.

use super::policy::policy_key;
use super::registry::{Found, Reader};
use super::{Journal, Manual, Provenance, Reading, Settings, Store, Unreadable};
use crate::error::{PeerText, StoreProblem};
use crate::machine::registry::{Key, RegistryView, Root};
use crate::proxy::finding::{Finding, IgnoredBecause};
use crate::proxy::server::without_credentials;
use crate::proxy::{BypassDialect, BypassList, FLAG_MANUAL, ServerList, WinHttpBlob, WinInetBlob};

pub(super) const SETTINGS: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
const LOCAL_SYSTEM: &str = "S-1-5-18";

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

/// The keys below which every value of the registry lies that a survey may read.
pub(in crate::proxy) fn keys_to_watch(user: Option<&UserHive<'_>>) -> Vec<Key> {
    let system = Key::new(Root::Users, LOCAL_SYSTEM);
    let user = user.map(|user| user.key.child(SETTINGS));
    [
        Key::new(Root::LocalMachine, SETTINGS),
        policy_key(),
        system.child(SETTINGS),
    ]
    .into_iter()
    .chain(user)
    .collect()
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
    let hive = UserHive::of_user(view, LOCAL_SYSTEM);
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
        let texts = (blob.proxy.as_str(), blob.bypass.as_str());
        let place = &found.place;
        let manual = manual_of_blob(Store::WinHttp, place, blob.flags, texts, &mut findings);
        Ok(Settings {
            provenance: provenance(Store::WinHttp, found),
            auto_detect: false,
            pac_url: None,
            manual,
        })
    });
    Reading { outcome, findings }
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
    let texts = (blob.proxy.as_str(), blob.bypass.as_str());
    Settings {
        auto_detect: blob.auto_detect(),
        pac_url: blob.pac_url_in_effect().map(str::to_owned),
        manual: manual_of_blob(store, &found.place, blob.flags, texts, findings),
        provenance: provenance(store, found),
    }
}

/// The manual proxy of a blob, or the remark that one is remembered but off.
fn manual_of_blob(
    store: Store,
    place: &str,
    flags: u32,
    (proxy, bypass): (&str, &str),
    findings: &mut Vec<Finding>,
) -> Option<Manual> {
    if flags & FLAG_MANUAL != 0 {
        return manual_of(place, proxy, bypass, findings);
    }
    if !proxy.is_empty() {
        findings.push(switched_off(store, place, proxy));
    }
    None
}

/// A manual proxy that is on, or the remark that it names none.
fn manual_of(
    place: &str,
    proxy: &str,
    bypass: &str,
    findings: &mut Vec<Finding>,
) -> Option<Manual> {
    let manual = Manual {
        servers: ServerList::parse(proxy),
        bypass: BypassList::parse(BypassDialect::WinInet, bypass),
    };
    if manual.servers.is_empty() {
        findings.push(Finding::EnabledWithoutServer {
            place: place.to_owned(),
        });
        return None;
    }
    findings.extend(Finding::of_manual(place, &manual));
    Some(manual)
}

fn switched_off(store: Store, place: &str, proxy: &str) -> Finding {
    Finding::SetButIgnored {
        store,
        place: place.to_owned(),
        says: without_credentials(proxy),
        because: IgnoredBecause::SwitchedOff,
    }
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
        let bypass = self.bypass.as_ref().map_or("", |found| &found.content);
        let manual = match (&self.server, self.is_enabled()) {
            (Some(server), true) => manual_of(&server.place, &server.content, bypass, findings),
            (Some(server), false) => {
                findings.push(switched_off(store, &server.place, &server.content));
                None
            }
            (None, true) => {
                let place = key.to_string() + r"\ProxyServer";
                manual_of(&place, "", bypass, findings)
            }
            (None, false) => None,
        };
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
