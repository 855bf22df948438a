//! A channel that asks the responder of the `openssl` tool.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use sspr::revocation::Policy::Strict;
use sspr::{RevocationFault, RevocationOutcome, Source};

use super::site::*;

/// A responder as a process of its own.
struct Process {
    child: Child,
    port: u16,
}

impl Process {
    /// Knows what `index` says about the certificates of `authority`; `None` where there is no `openssl` tool.
    fn start(authority: &Authority, name: &str, index: &str) -> Option<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("openssl-live-{name}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("ca.der"), &authority.der).unwrap();
        fs::write(folder.join("key.der"), authority.private_key()).unwrap();
        fs::write(folder.join("index.txt"), index).unwrap();
        let arguments = "ocsp -index index.txt -port 0 -CA ca.der -rsigner ca.der -rkey key.der \
                         -ndays 2 -ignore_err";
        let spawned = Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = spawned else {
            println!("skipped: there is no openssl tool");
            return None;
        };
        // ACCEPT [::]:35845 PID=3420
        let mut line = String::new();
        let output = child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let address = line.split(' ').nth(1).unwrap();
        let port = address.rsplit(':').next().unwrap().parse().unwrap();
        Some(Self { child, port })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn good_revoked_and_unknown_by_get_and_by_post() {
    let entries = [
        ("good", "V\t491231235959Z\t\t5A01\tunknown\t/CN=one\n"),
        (
            "revoked",
            "R\t491231235959Z\t260601000000Z,keyCompromise\t5A01\tunknown\t/CN=one\n",
        ),
        ("unknown", "V\t491231235959Z\t\t77\tunknown\t/CN=other\n"),
    ];
    // The address with a long path calls for a POST.
    let paths = [String::new(), "p".repeat(200)];
    for ((status, index), path) in entries
        .into_iter()
        .flat_map(|entry| paths.iter().map(move |path| (entry, path)))
    {
        let root = Authority::root();
        let Some(process) = Process::start(&root, status, index) else {
            return;
        };
        let url = format!("http://127.0.0.1:{}/{path}", process.port);
        let server = Site::under(root, Sources::ocsp(url)).open().await;
        if status == "good" {
            let report = server.accepted(Strict).await;
            let outcome = &report.path[0].revocation;
            assert!(
                matches!(
                    outcome,
                    RevocationOutcome::Good {
                        source: Source::Ocsp,
                        ..
                    }
                ),
                "{outcome:?}"
            );
            continue;
        }
        match server.refused(Strict).await {
            RevocationFault::Revoked { reason, since, .. } if status == "revoked" => {
                assert_eq!(reason.unwrap().to_string(), "keyCompromise");
                assert_eq!(since, 1_780_272_000);
            }
            RevocationFault::StatusUnknown { .. } if status == "unknown" => {}
            other => panic!("{status}: {other:?}"),
        }
    }
}
