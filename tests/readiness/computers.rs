//! Registries as exports, and what is found in them.

use sspr::machine::readiness::{Finding, NoProbes, Readiness};
use sspr::machine::reg_file;

/// The keys, by the names under which the tests change them.
pub(crate) const LINK: &str = r"SOFTWARE\Policies\Microsoft\AzureADAccount";
pub(crate) const VERSION: &str = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion";
pub(crate) const WINLOGON: &str = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon";
pub(crate) const SYSTEM: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System";
pub(crate) const SCREEN: &str = r"SOFTWARE\Policies\Microsoft\Windows\System";
pub(crate) const JOIN: &str = r"SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo";
pub(crate) const TCPIP: &str = r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters";

/// An Entra joined Windows 10 with the link enabled.
pub(crate) fn ready() -> String {
    export(&[
        (LINK, "\"AllowPasswordReset\"=dword:00000001"),
        (
            VERSION,
            "\"CurrentBuild\"=\"19045\"\n\"EditionID\"=\"Professional\"\n\"SystemRoot\"=\"C:\\\\Windows\"",
        ),
        (WINLOGON, "\"Shell\"=\"explorer.exe\""),
        (
            &format!("{JOIN}\\AB12"),
            "\"TenantId\"=\"11111111-2222-3333-4444-555555555555\"",
        ),
    ])
}

/// The computer that is ready, but for this.
pub(crate) fn but(key: &str, values: &str) -> String {
    ready() + &section(key, values)
}

pub(crate) fn export(sections: &[(&str, &str)]) -> String {
    let sections: String = sections
        .iter()
        .map(|(key, values)| section(key, values))
        .collect();
    format!("Windows Registry Editor Version 5.00\n{sections}")
}

fn section(key: &str, values: &str) -> String {
    format!("\n[HKEY_LOCAL_MACHINE\\{key}]\n{values}\n")
}

pub(crate) fn assess(text: &str) -> Readiness {
    let map = reg_file::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    Readiness::assess(&map, &NoProbes::new())
}

/// What `text` finds that the computer that is ready does not.
pub(crate) fn new_findings(text: &str) -> Vec<Finding> {
    let usual = assess(&ready()).findings;
    let findings = assess(text).findings.into_iter();
    findings
        .filter(|finding| !usual.contains(finding))
        .collect()
}

/// The one new finding.
pub(crate) fn only(text: &str) -> Finding {
    let mut new = new_findings(text);
    assert_eq!(new.len(), 1, "{new:#?}");
    new.remove(0)
}
