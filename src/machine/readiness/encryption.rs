//! TLS 1.2 in SChannel and WinHTTP, which the built-in reset uses and this crate does not.

use super::finding::{Basis, Certainty, Effect, Matter};
use super::reader::{Reader, Reading, Rule, at, at_key, machine};
use super::windows::Windows;
use crate::machine::registry::Key;

const CLIENT: Key = machine(
    r"SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client",
);
const WINHTTP: [Key; 2] = [
    machine(r"SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp"),
    machine(r"SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp"),
];
/// The bit of `DefaultSecureProtocols` for TLS 1.2.
const TLS_1_2: u32 = 0x800;
const RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Seen);

pub(super) fn read(reader: &mut Reader<'_>, windows: &Windows) {
    schannel(reader, windows);
    for key in &WINHTTP {
        let name = "DefaultSecureProtocols";
        if let Reading::Is(protocols) = reader.dword(RULE, key, name)
            && protocols & TLS_1_2 == 0
        {
            let found = format!("{protocols:#x}");
            let matter = Matter::WinHttpWithoutTls12;
            reader.add(RULE, Certainty::Certain, matter, at(key, name), &found);
        }
    }
}

fn schannel(reader: &mut Reader<'_>, windows: &Windows) {
    let enabled = reader.dword(RULE, &CLIENT, "Enabled");
    if enabled == Reading::Is(0) {
        let place = at(&CLIENT, "Enabled");
        reader.add(RULE, Certainty::Certain, Matter::Tls12Off, place, "0");
    }
    let by_default = reader.dword(RULE, &CLIENT, "DisabledByDefault");
    if let Reading::Is(content @ 1..) = by_default {
        let (place, found) = (at(&CLIENT, "DisabledByDefault"), content.to_string());
        reader.add(
            RULE,
            Certainty::Possible,
            Matter::Tls12NotByDefault,
            place,
            &found,
        );
    }
    // Newer ones use TLS 1.2 without being told. These must be told, says the vendor.
    if windows.takes_add_in() && enabled == Reading::Absent {
        let matter = Matter::Tls12NotEnabled;
        let rule = Rule::new(Effect::BlocksBuiltIn, Basis::Instructions);
        reader.add(rule, Certainty::Certain, matter, at_key(&CLIENT), "");
    }
}
