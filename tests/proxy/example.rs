//! The example `which_proxy`, with real files.

#[path = "../../examples/which_proxy.rs"]
#[allow(dead_code, reason = "its main function is for the command line")]
mod which_proxy;

use serde_json::Value as Json;

use super::hives::{HiveFile, default_profile};

const EXPORT: &str = "Windows Registry Editor Version 5.00\r\n\r\n\
    [HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings]\r\n\
    \"ProxyEnable\"=dword:00000001\r\n\
    \"ProxyServer\"=\"http=p1:8080;https=p2:8443\"\r\n\
    \"ProxyOverride\"=\"<local>;*.corp.example\"\r\n";

#[tokio::test]
async fn an_export_is_read_and_told() {
    let export = HiveFile::new("export", EXPORT.as_bytes());
    let path = export.0.display().to_string();
    let (complete, text) = run(&[
        "--registry",
        &path,
        "https://far.example/",
        "https://a.corp.example/",
    ])
    .await;
    assert!(complete);
    assert!(
        text.contains("https://far.example/\n  way: http://p2:8443\n  from: HKCU"),
        "{text}"
    );
    assert!(
        text.contains("https://a.corp.example/\n  way: direct"),
        "{text}"
    );
    assert!(text.contains("(user-win-inet)"), "{text}");
    assert!(
        text.contains("note: a.corp.example is an exception"),
        "{text}"
    );
}

#[tokio::test]
async fn a_hive_is_read_and_told_as_json() {
    let hive = HiveFile::new("example", &default_profile());
    let path = hive.0.display().to_string();
    let (complete, text) = run(&[
        "--hive",
        &path,
        "--context",
        "service",
        "--json",
        "https://far.example/",
    ])
    .await;
    assert!(complete);
    let json: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(
        json["plan"]["provenance"]["store"], "default-profile",
        "{text}"
    );
    assert!(json["plan"]["provenance"]["digest"].is_string(), "{text}");
    assert_eq!(
        json["plan"]["candidates"].as_array().unwrap().len(),
        1,
        "{text}"
    );
}

#[tokio::test]
async fn what_cannot_be_read_has_no_way() {
    let (complete, text) = run(&["--hive", "no/such/file", "--json", "https://far.example/"]).await;
    assert!(!complete);
    let json: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(json["message"], "fault-proxy-store", "{text}");
}

#[tokio::test]
async fn a_wrong_command_is_told() {
    for words in [
        &["https://far.example/", "--context", "nobody"][..],
        &["https://far.example/", "--registry"],
        &["https://far.example/", "--registry", "no/such/file"],
        &["--unknown"],
        &["far"],
        &[],
    ] {
        let words = words.iter().map(ToString::to_string);
        assert!(which_proxy::run(words, &mut Vec::new()).await.is_err());
    }
}

async fn run(words: &[&str]) -> (bool, String) {
    let mut out = Vec::new();
    let words = words.iter().map(ToString::to_string);
    let complete = which_proxy::run(words, &mut out).await.unwrap();
    (complete, String::from_utf8(out).unwrap())
}
