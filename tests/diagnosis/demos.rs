//! The example `diagnose`: each fault that can be ordered, and the answer to it.

#[path = "../../examples/diagnose/main.rs"]
#[allow(dead_code, reason = "its main function is for the command line")]
pub(crate) mod diagnose;

use serde_json::Value as Json;
use sspr::diagnosis::Verdict;

/// The name of the demonstration; verdict; stage, fault, who and remedy of the first problem.
const ANSWERS: [(&str, &str, Option<[&str; 4]>); 17] = [
    ("healthy", "ok", None),
    (
        "blocked-responder",
        "degraded",
        Some([
            "revocation",
            "unreachable",
            "administrator",
            "open-firewall",
        ]),
    ),
    (
        "revoked",
        "blocked",
        Some([
            "revocation",
            "revoked",
            "administrator",
            "correct-certificate",
        ]),
    ),
    (
        "ntlm-proxy",
        "blocked",
        Some([
            "proxy",
            "credentials-missing",
            "administrator",
            "correct-proxy-login",
        ]),
    ),
    (
        "wrong-proxy-password",
        "blocked",
        Some([
            "proxy",
            "credentials-rejected",
            "administrator",
            "correct-proxy-login",
        ]),
    ),
    (
        "proxy-refuses",
        "blocked",
        Some(["proxy", "refused", "administrator", "open-firewall"]),
    ),
    (
        "no-proxy",
        "blocked",
        Some([
            "proxy",
            "unreachable",
            "administrator",
            "correct-proxy-settings",
        ]),
    ),
    (
        "inspecting-proxy",
        "blocked",
        Some([
            "trust",
            "inspected",
            "administrator",
            "exempt-from-inspection",
        ]),
    ),
    (
        "tls10-server",
        "blocked",
        Some(["tls", "too-old", "administrator", "raise-tls"]),
    ),
    (
        "wrong-clock",
        "blocked",
        Some(["trust", "behind", "administrator", "set-clock"]),
    ),
    (
        "captive-portal",
        "blocked",
        Some(["proxy", "captive-portal", "administrator", "open-firewall"]),
    ),
    (
        "pac-error",
        "blocked",
        Some([
            "proxy-resolution",
            "pac",
            "administrator",
            "correct-proxy-settings",
        ]),
    ),
    (
        "dns",
        "blocked",
        Some([
            "dns",
            "name-not-found",
            "administrator",
            "correct-host-name",
        ]),
    ),
    (
        "refused",
        "blocked",
        Some([
            "connect",
            "connection-refused",
            "administrator",
            "open-firewall",
        ]),
    ),
    (
        "no-network",
        "blocked",
        Some(["network", "no-network", "person", "connect-network"]),
    ),
    (
        "busy",
        "blocked",
        Some(["http", "service-unavailable", "person", "try-later"]),
    ),
    (
        "silent",
        "blocked",
        Some(["tls", "timed-out", "administrator", "open-firewall"]),
    ),
];

pub(crate) async fn run(words: &[&str]) -> (Verdict, String) {
    let mut out = Vec::new();
    let words = words.iter().map(|word| (*word).into());
    let verdict = diagnose::run(words, &mut out).await.unwrap();
    (verdict, String::from_utf8(out).unwrap())
}

#[tokio::test]
async fn every_fault_is_named() {
    for (demo, verdict, first) in ANSWERS {
        let (_, text) = run(&["--demo", demo, "--json", "--budget", "3"]).await;
        let report: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(report["verdict"], verdict, "{demo}: {text}");
        let problem = &report["problems"][0];
        let told = ["stage", "fault", "who", "remedy"].map(|field| problem[field].as_str());
        let expected = first.map_or([None; 4], |first| first.map(Some));
        assert_eq!(told, expected, "{demo}: {text}");
        assert!(text.len() <= sspr::diagnosis::Report::LIMIT, "{demo}");
    }
}

#[tokio::test]
async fn every_fault_that_can_be_ordered_is_in_the_table() {
    let (_, list) = run(&["--demo", "list"]).await;
    let listed: Vec<_> = list
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(listed, ANSWERS.map(|(demo, ..)| demo));
    let mut out = Vec::new();
    let words = ["--demo", "nonsense"].map(Into::into);
    assert!(diagnose::run(words, &mut out).await.is_err());
}

#[tokio::test]
async fn what_the_faults_point_to_is_told() {
    for (demo, sign) in [
        ("blocked-responder", "revocation-blocked"),
        ("ntlm-proxy", "proxy-wants-login"),
        ("wrong-proxy-password", "proxy-wants-login"),
        ("inspecting-proxy", "inspection"),
        ("wrong-clock", "clock-suspect"),
        ("captive-portal", "captive-portal"),
    ] {
        let (_, text) = run(&["--demo", demo, "--json"]).await;
        let report: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(report["signs"], serde_json::json!([sign]), "{demo}");
    }
}

#[tokio::test]
async fn a_person_gets_one_plain_line() {
    for (demo, start) in [
        ("healthy", "You can reset your password here."),
        ("blocked-responder", "You can reset your password here."),
        ("no-network", "Connect the computer to a network"),
        ("captive-portal", "This network wants you to sign in"),
        ("busy", "Wait a while"),
        (
            "revoked",
            "Passwords cannot be reset at this computer right now.",
        ),
    ] {
        let (_, text) = run(&["--demo", demo, "--line"]).await;
        assert!(text.starts_with(start), "{demo}: {text}");
        assert_eq!(text.lines().count(), 1, "{demo}: {text}");
    }
    let (_, text) = run(&["--demo", "revoked", "--line", "--lang", "ja"]).await;
    assert!(!text.is_ascii());
}

#[tokio::test]
async fn the_whole_is_told_in_words() {
    let (verdict, text) = run(&["--demo", "ntlm-proxy"]).await;
    assert_eq!(verdict, Verdict::Blocked);
    for part in [
        "[Proxy]",
        "What to do:",
        "An administrator",
        "NTLM",
        "proxy/credentials-missing",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
