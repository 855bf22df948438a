//! The policies of Windows beside the settings: whose settings count, and what the administrator forbids.

use serde::Serialize;

use super::registry::{Found, Reader};
use super::windows::SETTINGS;
use super::{Journal, Store, Unreadable};
use crate::machine::registry::{Key, RegistryView, Root};
use crate::proxy::finding::{Finding, IgnoredBecause};
use crate::proxy::server::without_credentials;

const POLICIES: &str = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";

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

pub(super) fn policy_key() -> Key {
    Key::new(Root::LocalMachine, POLICIES)
}
