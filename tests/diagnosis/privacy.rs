//! What is personal stays out of a report unless it is asked for.

use sspr::diagnosis::{Diagnosis, Report};
use sspr::machine::readiness::{NoProbes, Readiness};
use sspr::machine::reg_file;
use sspr::messages::Messages;
use sspr::mock::Tenant;

use super::demos::run;
use super::site::diagnosis;

/// An export that names a person.
const EXPORT: &str = "REGEDIT4\n\n\
    [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon]\n\
    \"Shell\"=\"C:\\\\Users\\\\megan\\\\kiosk.exe\"\n";

async fn report(change: impl FnOnce(Diagnosis) -> Diagnosis) -> Report {
    let tenant = Tenant::start().unwrap();
    let export = reg_file::parse(EXPORT.as_bytes()).unwrap();
    let readiness = Readiness::assess(&export, &NoProbes::new());
    change(diagnosis(&tenant).readiness(readiness))
        .diagnose()
        .await
}

fn everything(report: &Report) -> String {
    let messages = Messages::for_language("en");
    format!(
        "{}{}{}",
        serde_json::to_string(report).unwrap(),
        report.text(&messages),
        report.screen_line(&messages)
    )
}

#[tokio::test]
async fn the_name_of_a_person_is_hidden_unless_asked_for() {
    let hidden = report(|diagnosis| diagnosis).await;
    let shell = hidden
        .problems
        .iter()
        .find(|one| one.fault == "custom-shell");
    assert!(shell.is_some(), "{hidden:?}");
    assert!(!everything(&hidden).contains("megan"));
    assert!(everything(&hidden).contains("kiosk.exe"));
    let told = report(|diagnosis| diagnosis.disclose(true)).await;
    assert!(everything(&told).contains("megan"));
}

#[tokio::test]
async fn what_the_caller_hides_is_hidden() {
    let hidden = report(|diagnosis| diagnosis.hide("kiosk.exe")).await;
    assert!(!everything(&hidden).contains("kiosk.exe"));
}

#[tokio::test]
async fn a_login_for_a_proxy_is_in_no_form_of_the_report() {
    for form in ["--json", "--line", "--disclose"] {
        let (_, text) = run(&["--demo", "wrong-proxy-password", form]).await;
        assert!(!text.contains("not this one"), "{text}");
        // base64 of the login
        assert!(!text.contains("a2lvc2s6"), "{text}");
    }
}
