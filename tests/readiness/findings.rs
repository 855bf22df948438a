//! The rows of the findings table that a registry answers.

use sspr::machine::readiness::{
    Basis, Certainty, Effect, JoinState, Matter, NoProbes, Readiness, Verdict,
};
use sspr::machine::reg_file;
use sspr::machine::registry::kind;
use sspr::{Remedy, StoreProblem, Who};

use super::computers::*;

#[test]
fn m1_the_link_is_not_enabled() {
    for values in [
        "\"AllowPasswordReset\"=-",
        "\"AllowPasswordReset\"=dword:00000000",
    ] {
        let finding = only(&but(LINK, values));
        assert_eq!(finding.matter, Matter::LinkNotEnabled);
        assert_eq!(
            finding.place.to_string(),
            format!("HKLM\\{LINK}\\AllowPasswordReset")
        );
        assert_eq!(finding.effect, Effect::BlocksBuiltIn);
        assert_eq!(finding.remedy(), Remedy::EnableResetLink);
        let readiness = assess(&but(LINK, values));
        assert_eq!(readiness.built_in(), Verdict::Blocked);
        assert_ne!(
            readiness.frontend(),
            Verdict::Blocked,
            "the crate works all the same"
        );
    }
}

#[test]
fn m2_a_wrong_type_is_a_finding() {
    for (data, got, found) in [
        ("\"1\"", kind::SZ, "text \"1\""),
        (
            "hex(b):01,00,00,00,00,00,00,00",
            kind::QWORD,
            "64-bit number 1",
        ),
    ] {
        let finding = only(&but(LINK, &format!("\"AllowPasswordReset\"={data}")));
        let expected = kind::DWORD;
        let problem = StoreProblem::WrongType { expected, got };
        assert_eq!(finding.matter, Matter::Unreadable { problem });
        assert_eq!(finding.found.as_str(), found);
        assert_eq!(finding.certainty, Certainty::Undetermined);
    }
}

#[test]
fn m3_each_setting_is_found_at_its_bad_value_and_at_no_other() {
    let personalization = r"SOFTWARE\Policies\Microsoft\Windows\Personalization";
    let appx = r"SOFTWARE\Policies\Microsoft\Windows\Appx";
    for (key, name, bad, matter, basis) in [
        (
            SCREEN,
            "DisableLockScreenAppNotifications",
            1,
            Matter::LockScreenNotificationsOff,
            Basis::Seen,
        ),
        (
            SYSTEM,
            "HideFastUserSwitching",
            1,
            Matter::UserSwitchingHidden,
            Basis::Documentation,
        ),
        (
            SYSTEM,
            "DontDisplayLastUserName",
            1,
            Matter::LastUserHidden,
            Basis::Unverified,
        ),
        (
            personalization,
            "NoLockScreen",
            1,
            Matter::NoLockScreen,
            Basis::Seen,
        ),
        (
            appx,
            "BlockNonAdminUserInstall",
            1,
            Matter::AppInstallBlocked,
            Basis::Seen,
        ),
        (
            SYSTEM,
            "ScForceOption",
            1,
            Matter::SmartCardRequired,
            Basis::Seen,
        ),
        (SYSTEM, "EnableLUA", 0, Matter::UacOff, Basis::Unverified),
        (
            r"SOFTWARE\Microsoft\PolicyManager\current\device\WindowsLogon",
            "HideFastUserSwitching",
            1,
            Matter::UserSwitchingHidden,
            Basis::Unverified,
        ),
        (
            r"SOFTWARE\Microsoft\PolicyManager\current\device\ApplicationManagement",
            "BlockNonAdminUserInstall",
            1,
            Matter::AppInstallBlocked,
            Basis::Unverified,
        ),
    ] {
        let with = |value: u32| but(key, &format!("\"{name}\"=dword:{value:08x}"));
        let finding = only(&with(bad));
        assert_eq!(finding.matter, matter);
        assert_eq!(finding.place.to_string(), format!("HKLM\\{key}\\{name}"));
        assert_eq!(finding.found.as_str(), bad.to_string());
        assert_eq!(
            (finding.certainty, finding.effect),
            (Certainty::Certain, Effect::BlocksBuiltIn)
        );
        assert_eq!(finding.basis, basis);
        assert_eq!(finding.remedy().who(), Who::Administrator);
        assert_eq!(new_findings(&with(1 - bad)), [], "{name}");
        assert_eq!(only(&with(2)).matter, Matter::UnknownContent, "{name}");
        let text = but(key, &format!("\"{name}\"=\"{bad}\""));
        assert!(
            matches!(only(&text).matter, Matter::Unreadable { .. }),
            "{name}"
        );
    }
}

#[test]
fn m4_three_together_are_a_finding_and_two_are_none() {
    let parts = [
        (SYSTEM, "\"DisableCAD\"=dword:00000000"),
        (
            SCREEN,
            "\"DisableLockScreenAppNotifications\"=dword:00000001",
        ),
        (VERSION, "\"EditionID\"=\"Core\""),
    ];
    let is_combined = |parts: &[(&str, &str)]| {
        let sections = parts.iter().map(|(key, values)| but(key, values));
        let text: String = sections
            .map(|text| text[ready().len()..].to_owned())
            .collect();
        let findings = new_findings(&(ready() + &text));
        findings
            .iter()
            .any(|finding| finding.matter == Matter::ThreeTogether)
    };
    assert!(is_combined(&parts));
    for left_out in 0..3 {
        let mut two = parts.to_vec();
        two.remove(left_out);
        assert!(!is_combined(&two), "without {}", parts[left_out].1);
    }
}

#[test]
fn m6_what_the_registry_does_not_tell_is_said() {
    let findings = assess(&ready()).findings;
    let lost = findings
        .iter()
        .find(|finding| finding.place.path == "EnableLostMode")
        .unwrap();
    assert_eq!(lost.matter, Matter::ToCheckByHand);
    assert_eq!(lost.certainty, Certainty::BeyondReach);
}

#[test]
fn m7_explorer_in_every_spelling_is_fine_and_another_shell_is_not() {
    let with = |shell: &str| but(WINLOGON, &format!("\"Shell\"=\"{shell}\""));
    for shell in [
        "Explorer.EXE",
        r"C:\\Windows\\explorer.exe",
        "explorer.exe /x",
        r#"\"C:\\Windows\\Explorer.exe\" /x"#,
    ] {
        assert_eq!(new_findings(&with(shell)), [], "{shell}");
    }
    assert_eq!(new_findings(&but(WINLOGON, "\"Shell\"=-")), []);
    assert_eq!(only(&with("")).matter, Matter::ShellUnnamed);
    for shell in [
        r"C:\\Kiosk\\kiosk.exe",
        "explorer.exe,kiosk.exe",
        r"C:\\Kiosk\\explorer.exe",
    ] {
        let finding = only(&with(shell));
        assert_eq!(finding.matter, Matter::CustomShell);
        assert_eq!(finding.remedy(), Remedy::RestoreShell);
    }
}

#[test]
fn m8_to_m11_the_join_is_typed() {
    let join = format!("{JOIN}\\AB12");
    let domain = "\"Domain\"=\"corp.example\"";
    let unjoined = ready().replace(&format!("[HKEY_LOCAL_MACHINE\\{join}]"), "[HKEY_USERS\\x]");
    let in_domain = |text: &str| text.to_owned() + &but(TCPIP, domain)[ready().len()..];
    for (text, state, controller) in [
        (ready(), JoinState::Entra, Some(false)),
        (in_domain(&ready()), JoinState::Hybrid, Some(true)),
        (in_domain(&unjoined), JoinState::Domain, Some(true)),
        (unjoined.clone(), JoinState::None, Some(false)),
    ] {
        let readiness = assess(&text);
        assert_eq!(readiness.join.state, state);
        assert_eq!(readiness.join.needs_domain_controller(), controller);
        let unsupported = matches!(state, JoinState::Domain | JoinState::None);
        assert_eq!(
            readiness.built_in() == Verdict::Blocked,
            unsupported,
            "{state:?}"
        );
        let needs = |finding: &&sspr::machine::readiness::Finding| {
            finding.matter == Matter::DomainControllerNeeded
        };
        let needs = readiness.findings.iter().find(needs);
        assert_eq!(
            needs.map(|finding| finding.effect),
            (state == JoinState::Hybrid).then_some(Effect::Afterwards)
        );
    }
    let parent = assess(&(unjoined + &but(JOIN, "")[ready().len()..]));
    assert_eq!(parent.join.state, JoinState::None);
    assert!(
        parent
            .findings
            .iter()
            .any(|finding| finding.matter == Matter::JoinKeyEmpty)
    );

    let second = but(
        &format!("{JOIN}\\CD34"),
        "\"TenantId\"=\"66666666-2222-3333-4444-555555555555\"",
    );
    let (count, one_tenant) = (2, false);
    assert_eq!(
        only(&second).matter,
        Matter::SeveralJoins { count, one_tenant }
    );
    assert_eq!(assess(&second).join.tenants.len(), 2);
}

#[test]
fn m16_and_m17_tls_of_windows() {
    let client =
        r"SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client";
    let winhttp = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp";
    let wow = r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp";
    for (key, values, matter) in [
        (client, "\"Enabled\"=dword:00000000", Some(Matter::Tls12Off)),
        (
            client,
            "\"Enabled\"=dword:ffffffff\n\"DisabledByDefault\"=dword:00000000",
            None,
        ),
        (
            client,
            "\"DisabledByDefault\"=dword:00000001",
            Some(Matter::Tls12NotByDefault),
        ),
        (
            winhttp,
            "\"DefaultSecureProtocols\"=dword:000000a0",
            Some(Matter::WinHttpWithoutTls12),
        ),
        (
            wow,
            "\"DefaultSecureProtocols\"=dword:00000200",
            Some(Matter::WinHttpWithoutTls12),
        ),
        (winhttp, "\"DefaultSecureProtocols\"=dword:00000a00", None),
        (winhttp, "\"DefaultSecureProtocols\"=dword:00000800", None),
    ] {
        let found = new_findings(&but(key, values));
        let matters: Vec<_> = found.into_iter().map(|finding| finding.matter).collect();
        assert_eq!(matters, Vec::from_iter(matter), "{values}");
    }
}

#[test]
fn m18_left_over_profiles_are_counted_with_both_opinions() {
    let profile = |number: usize| {
        let key = format!("{VERSION}\\ProfileList\\S-1-5-21-1-{number}");
        let folder = format!("\"ProfileImagePath\"=\"C:\\\\Users\\\\defaultuser1.PC.{number:03}\"");
        but(&key, &folder)[ready().len()..].to_owned()
    };
    assert_eq!(
        new_findings(&(ready() + &profile(0))),
        [],
        "one may be in use"
    );
    let many: String = (0..7).map(profile).collect();
    let finding = only(&(ready() + &many));
    assert_eq!(finding.matter, Matter::LeftOverProfiles { count: 7 });
    let text = sspr::messages::Messages::for_language("en").text(&finding);
    assert!(
        text.contains('7') && text.contains("harmless") && text.contains("break"),
        "{text}"
    );
}

#[test]
fn m19_version_and_edition() {
    for (values, matter) in [
        ("\"CurrentBuild\"=\"16299\"", Some(Matter::WindowsTooOld)),
        ("\"CurrentBuild\"=\"17134\"", None),
        ("\"CurrentBuild\"=\"26100\"", None),
        ("\"CurrentBuild\"=\"x\"", Some(Matter::UnknownContent)),
        (
            "\"EditionID\"=\"CoreSingleLanguage\"",
            Some(Matter::HomeEdition),
        ),
        ("\"EditionID\"=\"EnterpriseS\"", None),
        ("\"EditionID\"=\"Education\"", None),
        (
            "\"EditionID\"=\"ServerStandard\"",
            Some(Matter::OtherEdition),
        ),
        ("\"EditionID\"=-", Some(Matter::NotTold)),
        ("\"CurrentBuild\"=\"17133\"", Some(Matter::WindowsTooOld)),
        (
            "\"CurrentBuild\"=-\n\"CurrentBuildNumber\"=\"16299\"",
            Some(Matter::WindowsTooOld),
        ),
        (
            "\"CurrentBuild\"=dword:00004a61",
            Some(Matter::Unreadable {
                problem: StoreProblem::WrongType {
                    expected: kind::SZ,
                    got: kind::DWORD,
                },
            }),
        ),
    ] {
        let found = new_findings(&but(VERSION, values));
        let matters: Vec<_> = found.into_iter().map(|finding| finding.matter).collect();
        assert_eq!(matters, Vec::from_iter(matter), "{values}");
    }
}

#[test]
fn a_finding_names_the_value_that_was_read() {
    let home = only(&but(VERSION, "\"EditionID\"=\"CoreSingleLanguage\""));
    assert_eq!(home.found.as_str(), "CoreSingleLanguage");
    let managed = r"SOFTWARE\Microsoft\PolicyManager\current\device\Authentication";
    let disputed = only(&but(managed, "\"AllowAadPasswordReset\"=dword:00000000"));
    assert_eq!(disputed.matter, Matter::LinkDisputed);
    assert_eq!(
        disputed.found.as_str(),
        "1, but the device management says 0"
    );
}

#[cfg(not(windows))]
#[test]
fn m20_without_windows_there_is_no_source() {
    assert!(Readiness::of_this_computer().is_err());
}

#[test]
fn readiness_is_quick_and_its_report_small() {
    let map = reg_file::parse(ready().as_bytes()).unwrap();
    let quickest = (0..20).map(|_| {
        let begun = std::time::Instant::now();
        let readiness = Readiness::assess(&map, &NoProbes::new());
        (begun.elapsed(), readiness)
    });
    let (took, readiness) = quickest.min_by_key(|(took, _)| *took).unwrap();
    assert!(took < std::time::Duration::from_millis(5), "{took:?}");
    let json = serde_json::to_string(&readiness).unwrap();
    assert!(json.len() < 32 << 10, "{}", json.len());
    assert!(json.contains("\"matter\":\"not-told\""), "{json}");
}
