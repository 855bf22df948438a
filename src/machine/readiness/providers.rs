//! Credential providers: those that do not come with Windows, and the add-in for Windows 7 to 8.1, which is one.

use super::finding::{Basis, Certainty, Effect, Matter};
use super::reader::{Reader, Reading, Rule, at, at_key, machine, quiet_text};
use super::windows::{CURRENT_VERSION, Windows};
use crate::error::PeerText;
use crate::machine::registry::Key;

const PROVIDERS: Key =
    machine(r"SOFTWARE\Microsoft\Windows\CurrentVersion\Authentication\Credential Providers");
const CLASSES: Key = machine(r"SOFTWARE\Classes\CLSID");
const ADD_IN: &str = "{86D2F0AC-2171-46CF-9998-4E33B3D7FD4F}";
const RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Instructions);

/// The classes that Windows 7 to 11 bring, as `credentialprovider.h`, public scripts and inventories list them.
const OF_WINDOWS: [&str; 28] = [
    "{01A30791-40AE-4653-AB2E-FD210019AE88}", // automatic redeployment
    "{1B283861-754F-4022-AD47-A5EAAA618894}", // choice of the smart card reader
    "{1EE7337F-85AC-45E2-A23C-37C753209769}", // smart card (WinRT)
    "{2135F72A-90B5-4ED3-A7F1-8BB705AC276A}", // picture password
    "{25CBB996-92ED-457E-B28C-4774084BD562}", // generic
    "{27FBDB57-B613-4AF2-9D7E-4FA7A66C21AD}", // trusted signal
    "{2D8B3101-E025-480D-917C-835522C7F628}", // FIDO
    "{3DD6BEC0-8193-4FFE-AE25-E08E39EA4063}", // network provider
    "{48B4E58D-2791-456C-9091-D524C6C706F2}", // secondary authentication factor
    "{600E7ADB-DA3E-41A4-9225-3C0399E88C0C}", // CNG
    "{503739D0-4C5E-4CFD-B3BA-D881334F0DF2}", // vault (Windows 7)
    "{60B78E88-EAD8-445C-9CFD-0B87F74EA6CD}", // password
    "{6F45DC1E-5384-457A-BC13-2CD81B0D28ED}", // password (Windows 7)
    "{8AF662BF-65A0-4D0A-A540-A338A999D36F}", // face
    "{8BF9A910-A8FF-457F-999F-A5CA10B4A885}", // smart card (Windows 7)
    "{8FD7E19C-3BF7-489B-A72C-846AB3678C96}", // smart card
    "{94596C7E-3744-41CE-893E-BBF09122F76A}", // PIN of a smart card
    "{A910D941-9DA9-4656-8933-AA1EAE01F76E}", // remote NGC
    "{AC3AC249-E820-4343-A65B-377AC634DC09}", // biometrics (Windows 7)
    "{BEC09223-B018-416D-A0AC-523971B639F5}", // biometrics
    "{C5D7540A-CD51-453B-B22B-05305BA03F07}", // cloud experience
    "{C885AA15-1764-4293-B82A-0586ADD46B35}", // iris
    "{CB82EA12-9F71-446D-89E1-8D0924E1256E}", // PIN
    "{D6886603-9D2F-4EB2-B667-1971041FA96B}", // NGC
    "{E74E57B0-6C6D-44D5-9CDA-FB2DF5ED7435}", // certificate
    "{F64945DF-4FA9-4068-A2FB-61AF319EDD33}", // Remote Desktop
    "{F8A0B131-5F68-486C-8040-7E8FC3C85BB6}", // Microsoft account
    "{F8A1793B-7873-4046-B2A7-1F318747F427}", // FIDO
];

/// Every provider that is neither switched off nor known to come with Windows.
pub(super) fn read(reader: &mut Reader<'_>) {
    let Reading::Is(classes) = reader.subkeys(RULE, &PROVIDERS) else {
        return;
    };
    let root = quiet_text(reader.view, &CURRENT_VERSION, "SystemRoot");
    for class in classes {
        let known = |of_windows: &&str| of_windows.eq_ignore_ascii_case(&class);
        if OF_WINDOWS.iter().any(known) || class.eq_ignore_ascii_case(ADD_IN) {
            continue;
        }
        let key = PROVIDERS.child(&class);
        if matches!(reader.dword(RULE, &key, "Disabled"), Reading::Is(disabled) if disabled != 0) {
            continue;
        }
        let name = quiet_text(reader.view, &key, "").filter(|name| !name.trim().is_empty());
        let name = PeerText::new(name.as_deref().unwrap_or(&class));
        let program = CLASSES.child(&class).child("InprocServer32");
        let program = quiet_text(reader.view, &program, "").unwrap_or_default();
        let (certainty, matter) = if is_foreign(&program, root.as_deref()) {
            let matter = Matter::ForeignCredentialProvider { name };
            (Certainty::Possible, matter)
        } else {
            let matter = Matter::UnknownCredentialProvider { name };
            (Certainty::Undetermined, matter)
        };
        reader.add(RULE, certainty, matter, at_key(&key), &program);
    }
}

/// Whether the add-in is installed, if that can be told, and whether its verbose log is on.
pub(super) fn add_in(reader: &mut Reader<'_>, windows: &Windows) -> Option<bool> {
    const REMARK: Rule = Rule::new(Effect::Remark, Basis::Instructions);
    let wanted = windows.takes_add_in();
    let rule = if wanted { RULE } else { REMARK };
    let key = PROVIDERS.child(ADD_IN);
    let installed = match reader.subkeys(rule, &key) {
        Reading::Is(_) => true,
        Reading::Absent => false,
        Reading::Unknown => return None,
    };
    if wanted && !installed {
        reader.add(
            rule,
            Certainty::Certain,
            Matter::AddInMissing,
            at_key(&key),
            "",
        );
    }
    if !wanted && installed && windows.build.is_some() {
        reader.add(
            rule,
            Certainty::Certain,
            Matter::AddInLeftOver,
            at_key(&key),
            "",
        );
    }
    match reader.dword(REMARK, &key, "EnableLogging") {
        Reading::Is(0) | Reading::Absent | Reading::Unknown => {}
        Reading::Is(content) => {
            let (place, found) = (at(&key, "EnableLogging"), content.to_string());
            reader.add(
                REMARK,
                Certainty::Certain,
                Matter::AddInLogging,
                place,
                &found,
            );
        }
    }
    Some(installed)
}

/// Whether a program lies outside of the folder of Windows. Inside, others put theirs too.
fn is_foreign(program: &str, system_root: Option<&str>) -> bool {
    let program = program.trim().trim_matches('"').to_ascii_lowercase();
    let root = system_root.unwrap_or(r"C:\Windows").to_ascii_lowercase();
    let inside = |root: &str| {
        program
            .strip_prefix(root)
            .is_some_and(|rest| rest.starts_with('\\'))
    };
    program.contains('\\')
        && ![root.trim_end_matches('\\'), "%systemroot%", "%windir%"]
            .into_iter()
            .any(inside)
}
