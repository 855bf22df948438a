//! Scripts against pacparser: what its tool answers, our engine answers as well.
//!
//! With `SSPR_REAL=require` a missing pactester is a failure, else a reason to skip. Left out is what pacparser does
//! differently from browsers: ranges that go round, `isPlainHostName` of an IPv6 address, masks that are no masks, and
//! the IPv4 prefix of length 0.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panic"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use sspr::proxy::pac::{Clock, FixedWorld, PacEngine, PacLimits, PacScript, PacTarget, QuickJs};
use url::Url;

/// As the script sees them: pactester hands addresses over as they are.
const URLS: [&str; 12] = [
    "https://passwordreset.microsoftonline.com/",
    "https://login.microsoftonline.com/",
    "https://www.contoso.com/",
    "http://www.contoso.com/reset?step=2",
    "http://intranet.contoso.com/",
    "http://printer/",
    "https://build7.corp.contoso.com:8443/",
    "ftp://ftp.contoso.com/a/b.txt",
    "http://10.1.2.3/",
    "http://127.0.0.1:8080/x",
    "http://localhost/",
    "https://a.b.c.d.e.example/",
];

const OWN_ADDRESSES: [&str; 4] = ["10.1.200.3", "10.2.0.1", "192.168.178.20", "192.0.2.77"];

#[test]
fn pacparser_and_we_agree() {
    if skipped() {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/pac");
    let [own, others @ ..] = OWN_ADDRESSES;
    let mut scripts = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        compare(&entry.unwrap().path(), own);
        scripts += 1;
    }
    assert!(scripts >= 6, "{scripts}");
    for own in others {
        compare(&folder.join("branches.pac"), own);
    }
}

/// Compares the answers to all addresses. Scripts may look at the clock: if a minute passes meanwhile, once more.
fn compare(script: &Path, own: &str) {
    loop {
        let before = minute();
        let theirs = pactester(script, own);
        let ours = ours(script, own);
        if before != minute() {
            continue;
        }
        assert_eq!(theirs.len(), URLS.len(), "{}", script.display());
        for ((theirs, ours), url) in theirs.iter().zip(&ours).zip(URLS) {
            let place = format!("{} {url} from {own}", script.display());
            let (left, right): (Vec<_>, Vec<_>) =
                (theirs.split('\t').collect(), ours.split('\t').collect());
            for (theirs, ours) in left.iter().zip(&right) {
                assert_eq!(ours, theirs, "{place}");
            }
            assert_eq!(right.len(), left.len(), "{place}");
        }
        return;
    }
}

fn ours(script: &Path, own: &str) -> Vec<String> {
    let mut world = FixedWorld::default();
    world
        .hosts
        .insert("localhost".to_owned(), vec!["127.0.0.1".parse().unwrap()]);
    world.local = vec![own.parse().unwrap()];
    world.clock = Clock::System;
    // The calendar says a great deal.
    let mut limits = PacLimits::default();
    limits.call_time = Duration::from_secs(60);
    limits.result_bytes = 1 << 20;
    let engine = QuickJs::with_limits(Arc::new(world), limits);
    let script = PacScript::decode(&fs::read(script).unwrap(), None).unwrap();
    URLS.map(|url| {
        let target = PacTarget::new(&Url::parse(url).unwrap()).unwrap();
        assert_eq!(target.url(), url);
        engine.find_proxy(&script, &target).unwrap()
    })
    .into()
}

/// Its answers, one line for each address: `URL : answer`.
fn pactester(script: &Path, own: &str) -> Vec<String> {
    let mut child = Command::new("pactester")
        .arg("-p")
        .arg(script)
        .args(["-c", own, "-f"])
        .arg(urls_file())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(child.stdout.as_mut().unwrap(), &mut text).unwrap();
    assert!(child.wait().unwrap().success());
    text.lines()
        .zip(URLS)
        .map(|(line, url)| {
            let answer = line.strip_prefix(&format!("{url} : "));
            answer.unwrap_or_else(|| panic!("{line}")).to_owned()
        })
        .collect()
}

fn urls_file() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pacparser-urls");
    let mut file = fs::File::create(&path).unwrap();
    for url in URLS {
        writeln!(file, "{url}").unwrap();
    }
    path
}

fn minute() -> u64 {
    UNIX_EPOCH.elapsed().unwrap().as_secs() / 60
}

fn skipped() -> bool {
    let there = Command::new("pactester")
        .arg("-v")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    if !there {
        assert_ne!(
            std::env::var("SSPR_REAL").as_deref(),
            Ok("require"),
            "pactester is missing; see tests/real/install/pacparser"
        );
        println!("skipped: pactester is not installed");
    }
    !there
}
