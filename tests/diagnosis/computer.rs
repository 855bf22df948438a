//! What the computer says about itself, in a report and by the example.

use std::path::PathBuf;

use serde_json::Value as Json;
use sspr::diagnosis::{Severity, Verdict};
use sspr::machine::readiness::{NoProbes, Readiness};
use sspr::machine::reg_file;
use sspr::messages::Messages;
use sspr::mock::Tenant;
use sspr::{Message, Stage};

use super::demos::run;
use super::site::diagnosis;

fn readiness(text: &str) -> Readiness {
    let export = reg_file::parse(format!("REGEDIT4\n\n{text}\n").as_bytes()).unwrap();
    Readiness::assess(&export, &NoProbes::new())
}

const NO_LINK: &str = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\AzureADAccount]\n\
    \"AllowPasswordReset\"=dword:00000000\n";

#[tokio::test]
async fn what_concerns_windows_own_reset_only_is_a_remark() {
    let tenant = Tenant::start().unwrap();
    let report = diagnosis(&tenant)
        .readiness(readiness(NO_LINK))
        .diagnose()
        .await;
    assert_eq!(report.verdict, Verdict::Ok, "{report:?}");
    let link = report
        .problems
        .iter()
        .find(|one| one.fault == "link-not-enabled")
        .unwrap();
    assert_eq!(
        (link.stage, link.severity),
        (Stage::Machine, Severity::Remark)
    );
    assert_eq!(link.message_id(), "readiness-link-not-enabled");
    assert!(
        link.evidence["place"]["path"]
            .as_str()
            .unwrap()
            .contains("AzureADAccount")
    );
    let text = report.text(&Messages::for_language("ja"));
    assert!(text.contains("このコンピューターの構成"), "{text}");
}

/// A folder that is removed again.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn the_example_reads_an_export() {
    let name = format!("sspr-diagnose-{}", std::process::id());
    let folder = Folder(std::env::temp_dir().join(name));
    std::fs::create_dir_all(&folder.0).unwrap();
    let file = folder.0.join("export.reg");
    let settings = "[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings]\n\
        \"ProxyEnable\"=dword:00000001\n\"ProxyServer\"=\"127.0.0.1:9\"\n";
    std::fs::write(&file, format!("REGEDIT4\n\n{NO_LINK}\n{settings}")).unwrap();
    let file = file.display().to_string();
    let (verdict, text) = run(&["--registry", &file, "--json", "--budget", "5"]).await;
    assert_eq!(verdict, Verdict::Blocked);
    let report: Json = serde_json::from_str(&text).unwrap();
    let problems = report["problems"].as_array().unwrap();
    let told: Vec<_> = problems
        .iter()
        .map(|one| {
            (
                one["stage"].as_str().unwrap(),
                one["fault"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(told[0], ("proxy", "unreachable"), "{text}");
    assert!(told.contains(&("machine", "link-not-enabled")), "{text}");
    // Both hosts of the cloud are asked, and one proxy is in the way of both.
    assert_eq!(problems[0]["hosts"].as_array().unwrap().len(), 2);
}
