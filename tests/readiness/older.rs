//! Windows 7 to 8.1, where the reset is an add-in.

use sspr::machine::readiness::{Finding, Matter};

use super::computers::*;

const PROVIDERS: &str =
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Authentication\Credential Providers";
const ADD_IN: &str = "{86D2F0AC-2171-46CF-9998-4E33B3D7FD4F}";
const TLS: &str =
    r"SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client";

/// A computer with the add-in and TLS 1.2, but for this.
fn older(build: &str, key: &str, values: &str) -> Vec<Finding> {
    let text = ready()
        + &but(VERSION, &format!("\"CurrentBuild\"=\"{build}\""))[ready().len()..]
        + &but(&format!("{PROVIDERS}\\{ADD_IN}"), "@=\"add-in\"")[ready().len()..]
        + &but(TLS, "\"Enabled\"=dword:00000001")[ready().len()..]
        + &but(key, values)[ready().len()..];
    new_findings(&text)
}

#[test]
fn the_limit_on_user_account_control_holds_there_too() {
    for build in ["7601", "9200", "9600"] {
        assert_eq!(older(build, SYSTEM, ""), [], "{build}");
        let found = older(build, SYSTEM, "\"EnableLUA\"=dword:00000000");
        let matters: Vec<_> = found.into_iter().map(|finding| finding.matter).collect();
        assert_eq!(matters, [Matter::UacOff], "{build}");
        // The others are documented for Windows 10.
        let found = older(build, SYSTEM, "\"HideFastUserSwitching\"=dword:00000001");
        assert_eq!(found, [], "{build}");
    }
}

#[test]
fn what_must_be_checked_by_hand_is_told_there_too() {
    let text = but(VERSION, "\"CurrentBuild\"=\"7601\"");
    let findings = assess(&text).findings;
    for question in ["Allow log on locally", "DelayedDesktopSwitchTimeout"] {
        let asked = |finding: &&Finding| finding.place.path.contains(question);
        let finding = findings.iter().find(asked).unwrap();
        assert_eq!(finding.matter, Matter::ToCheckByHand, "{question}");
    }
}

#[test]
fn its_own_sign_in_methods_are_known() {
    for class in [
        "{6f45dc1e-5384-457a-bc13-2cd81b0d28ed}",
        "{8bf9a910-a8ff-457f-999f-a5ca10b4a885}",
        "{503739d0-4c5e-4cfd-b3ba-d881334f0df2}",
        "{AC3AC249-E820-4343-A65B-377AC634DC09}",
    ] {
        let found = older("7601", &format!("{PROVIDERS}\\{class}"), "@=\"of Windows\"");
        assert_eq!(found, [], "{class}");
    }
}
