//! Readiness of an offline hive: one that the tests write, and, if it is installed, one that hivex writes.

#[path = "../../src/machine/hive/writer.rs"]
#[allow(dead_code, reason = "the tests of hives need more of it")]
mod writer;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use sspr::StoreProblem;
use sspr::machine::hive::Hive;
use sspr::machine::readiness::{
    Certainty, Finding, JoinState, Matter, NoProbes, Readiness, Verdict,
};
use sspr::machine::registry::{Key, RegistryView, Root, Value, kind};
use writer::{Lists, Node};

const LISTS: Lists = Lists {
    leaf: *b"lh",
    longest: 500,
};

/// The hive in its place, `HKLM\SOFTWARE`.
fn assess(hive: Hive) -> Readiness {
    let software = hive.mount(Key::new(Root::LocalMachine, "SOFTWARE"));
    Readiness::assess(&software, &NoProbes::new())
}

#[test]
fn the_software_of_another_computer_tells_its_part_and_no_more() {
    let number = |value: u32| value.to_le_bytes().to_vec();
    let root = Node::new("root")
        .child(Node::new("Policies").child(Node::new("Microsoft").child(
            Node::new("AzureADAccount").value("AllowPasswordReset", kind::DWORD, number(1)),
        )))
        .child(
            Node::new("Microsoft").child(
                Node::new("Windows NT").child(
                    Node::new("CurrentVersion")
                        .value("CurrentBuild", kind::SZ, Value::text("22631").data)
                        .value("EditionID", kind::SZ, Value::text("Core").data),
                ),
            ),
        );
    let readiness = assess(Hive::from_bytes(writer::hive(&root, LISTS)).unwrap());
    assert_eq!(readiness.link_enabled, Some(true));
    assert_eq!(readiness.windows.build, Some(22631));
    assert_eq!(readiness.built_in(), Verdict::Blocked, "Home");
    // The join stands in another hive.
    assert_eq!(readiness.join.state, JoinState::Unknown);
    let problem = StoreProblem::NotHeld;
    let not_held = Matter::Unreadable { problem };
    let mut not_held = readiness
        .findings
        .iter()
        .filter(|finding| finding.matter == not_held);
    assert!(not_held.all(|finding| finding.certainty == Certainty::Undetermined));
}

/// A `SYSTEM` hive of a computer in a tenant and a domain; the control set of that name is the one in use.
fn system(set: &str, select: Option<u32>) -> Hive {
    let text = |text: &str| Value::text(text).data;
    let join = Node::new("AB12").value("TenantId", kind::SZ, text("1111-2222"));
    let control = Node::new("Control")
        .child(Node::new("CloudDomainJoin").child(Node::new("JoinInfo").child(join)));
    let network = Node::new("Parameters").value("Domain", kind::SZ, text("corp.example"));
    let services = Node::new("Services").child(Node::new("Tcpip").child(network));
    let mut root = Node::new("root")
        .child(Node::new("ControlSet001"))
        .child(Node::new(set).child(control).child(services));
    if let Some(number) = select {
        let number = number.to_le_bytes();
        root = root.child(Node::new("Select").value("Current", kind::DWORD, number.to_vec()));
    }
    Hive::from_bytes(writer::hive(&root, LISTS)).unwrap()
}

#[test]
fn the_join_of_another_computer_is_read_in_its_control_set() {
    let at_system = || Key::new(Root::LocalMachine, "SYSTEM");
    let mounted = system("ControlSet002", Some(2)).mount(at_system());
    let join = Readiness::assess(&mounted, &NoProbes::new()).join;
    assert_eq!(join.state, JoinState::Hybrid);
    assert_eq!(join.tenants.len(), 1);

    // Where nothing says which set it is, nothing is taken for an answer.
    for select in [None, Some(7)] {
        let mounted = system("ControlSet002", select).mount(at_system());
        let readiness = Readiness::assess(&mounted, &NoProbes::new());
        assert_eq!(readiness.join.state, JoinState::Unknown, "{select:?}");
        let not_joined = |finding: &Finding| finding.matter == Matter::NotJoined;
        assert!(!readiness.findings.iter().any(not_joined));
    }
    // Elsewhere it is a name like any other.
    let elsewhere = Key::new(Root::LocalMachine, "Offline");
    let mounted = system("ControlSet002", Some(2)).mount(elsewhere.clone());
    let current = elsewhere.child("CurrentControlSet");
    assert_eq!(mounted.subkeys(&current), Ok(None));
}

#[test]
fn a_link_to_elsewhere_is_no_answer() {
    let link = Node::new("Policies").flags(0x0010).value(
        "SymbolicLinkValue",
        kind::LINK,
        Value::text(r"\Registry\Machine\SOFTWARE\Policies").data,
    );
    let root = Node::new("root").child(link);
    let readiness = assess(Hive::from_bytes(writer::hive(&root, LISTS)).unwrap());
    assert_eq!(readiness.link_enabled, None);
}

/// With `SSPR_REAL=require` a missing hivex is a failure, else a reason to skip.
#[test]
fn what_hivex_writes_is_found_as_the_text_says_it() {
    let required = std::env::var_os("SSPR_REAL").is_some_and(|mode| mode == "require");
    let there = Command::new("hivexregedit")
        .arg("--help")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if there.is_err() {
        assert!(
            !required,
            "hivex is required and missing (tests/real/install/hivex)"
        );
        println!("skipped: hivex is not installed");
        return;
    }
    let path = scratch("software");
    fs::write(&path, writer::hive(&Node::new("root"), LISTS)).unwrap();
    // It makes no keys above a key by itself.
    let keys = [
        ("Policies", ""),
        (r"Policies\Microsoft", ""),
        (
            r"Policies\Microsoft\AzureADAccount",
            "\"AllowPasswordReset\"=\"1\"",
        ),
        ("Microsoft", ""),
        (r"Microsoft\Windows", ""),
        (r"Microsoft\Windows\CurrentVersion", ""),
        (r"Microsoft\Windows\CurrentVersion\Policies", ""),
        (
            r"Microsoft\Windows\CurrentVersion\Policies\System",
            "\"EnableLUA\"=dword:00000000\n\"ScForceOption\"=dword:00000001",
        ),
    ];
    let sections = keys.map(|(key, values)| format!("\n[HKLM\\{key}]\n{values}\n"));
    let text = format!(
        "Windows Registry Editor Version 5.00\n{}",
        sections.concat()
    );
    let merge = scratch("merge.reg");
    fs::write(&merge, text).unwrap();
    let merged = Command::new("hivexregedit")
        .args(["--merge", "--prefix", "HKLM"])
        .args([&path, &merge])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(merged.status.success(), "{merged:?}");
    let readiness = assess(Hive::open(&path).unwrap());
    for file in [path, merge] {
        fs::remove_file(file).unwrap();
    }
    assert_eq!(readiness.link_enabled, None);
    let problem = StoreProblem::WrongType {
        expected: kind::DWORD,
        got: kind::SZ,
    };
    for matter in [
        Matter::Unreadable { problem },
        Matter::UacOff,
        Matter::SmartCardRequired,
    ] {
        let found = |finding: &sspr::machine::readiness::Finding| finding.matter == matter;
        assert!(readiness.findings.iter().any(found), "{matter:?}");
    }
}

fn scratch(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("sspr-readiness-{}-{name}", std::process::id()))
}
