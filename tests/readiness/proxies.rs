//! The rows about proxies are told by the survey of the proxies, which reads the same registry.

use sspr::StoreProblem;
use sspr::machine::reg_file;
use sspr::proxy::{
    Finding, IgnoredBecause, Sources, Survey, SurveyOptions, Unreadable, UserHive, WindowsSources,
};

const POLICIES: &str =
    r"HKEY_LOCAL_MACHINE\Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";
const DEFAULT: &str =
    r"HKEY_USERS\Default\Software\Microsoft\Windows\CurrentVersion\Internet Settings";

fn survey(key: &str, values: &str) -> Survey {
    let text = format!("REGEDIT4\n\n[{key}]\n{values}\n");
    let map = reg_file::parse(text.as_bytes()).unwrap();
    let mut sources = Sources::default();
    sources.windows = Some(WindowsSources {
        registry: &map,
        user: None,
        default_profile: Some(Ok(UserHive::of_user(&map, "Default"))),
    });
    Survey::take(&sources, &SurveyOptions::default())
}

#[test]
fn m12_the_policy_for_the_machine() {
    for (data, told) in [
        ("dword:00000000", false),
        ("dword:00000001", false),
        ("dword:00000002", true),
    ] {
        let survey = survey(POLICIES, &format!("\"ProxySettingsPerUser\"={data}"));
        let unknown =
            |finding: &Finding| matches!(finding, Finding::UnknownPolicyValue { value: 2, .. });
        assert_eq!(survey.findings.iter().any(unknown), told, "{data}");
    }
    let survey = survey(POLICIES, "\"ProxySettingsPerUser\"=\"0\"");
    let wrong = |finding: &Finding| {
        let Finding::Unreadable { problem, .. } = finding else {
            return false;
        };
        matches!(
            problem,
            StoreProblem::WrongType {
                expected: 4,
                got: 1
            }
        )
    };
    assert!(survey.findings.iter().any(wrong), "{:?}", survey.findings);
}

#[test]
fn m13_a_proxy_under_the_policies_is_ignored() {
    let survey = survey(POLICIES, "\"ProxyServer\"=\"proxy:8080\"");
    let ignored = |finding: &Finding| {
        let because = IgnoredBecause::NotReadByWindows;
        matches!(finding, Finding::SetButIgnored { because: given, .. } if *given == because)
    };
    assert!(survey.findings.iter().any(ignored), "{:?}", survey.findings);
}

#[test]
fn m14_a_proxy_that_is_on_and_not_named() {
    for values in [
        "\"ProxyEnable\"=dword:00000001",
        "\"ProxyEnable\"=dword:00000001\n\"ProxyServer\"=\"\"",
    ] {
        let survey = survey(DEFAULT, values);
        let nameless = |finding: &Finding| matches!(finding, Finding::EnabledWithoutServer { .. });
        assert!(
            survey.findings.iter().any(nameless),
            "{:?}",
            survey.findings
        );
        assert!(
            matches!(survey.provenance(), Ok(None)),
            "not counted as configured"
        );
    }
}

#[test]
fn m15_a_default_profile_that_cannot_be_read() {
    let map = reg_file::parse(b"REGEDIT4\n").unwrap();
    for problem in [
        StoreProblem::Missing,
        StoreProblem::InUse,
        StoreProblem::Checksum,
    ] {
        let mut sources = Sources::default();
        sources.windows = Some(WindowsSources {
            registry: &map,
            user: None,
            default_profile: Some(Err(Unreadable::new("the Default profile", problem.clone()))),
        });
        let survey = Survey::take(&sources, &SurveyOptions::default());
        let told = |finding: &Finding| matches!(finding, Finding::Unreadable { problem: told, .. } if *told == problem);
        assert!(survey.findings.iter().any(told), "{:?}", survey.findings);
    }
}
