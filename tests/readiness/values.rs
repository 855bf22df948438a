//! Values that are not what they should be: each is told as that, and none is taken for an answer.

use sspr::StoreProblem;
use sspr::machine::readiness::{Matter, NoProbes, Readiness};
use sspr::machine::registry::{Key, RegistryMap, Root, Value, kind};

use super::computers::{LINK, WINLOGON};

fn assess(key: &'static str, name: &str, value: Value) -> Readiness {
    let map = RegistryMap::new().with(&Key::new(Root::LocalMachine, key), name, value);
    Readiness::assess(&map, &NoProbes::new())
}

fn value(kind: u32, data: impl Into<Vec<u8>>) -> Value {
    Value {
        kind,
        data: data.into(),
    }
}

/// UTF-16, as the registry has it, without a NUL at its end.
fn text(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn shell(data: impl Into<Vec<u8>>) -> Readiness {
    assess(WINLOGON, "Shell", value(kind::SZ, data))
}

fn problems(readiness: &Readiness) -> Vec<StoreProblem> {
    let found = readiness.findings.iter();
    found
        .filter_map(|finding| match &finding.matter {
            Matter::Unreadable { problem } => Some(problem.clone()),
            _ => None,
        })
        .collect()
}

fn has_custom_shell(readiness: &Readiness) -> bool {
    let mut found = readiness.findings.iter();
    found.any(|finding| matches!(finding.matter, Matter::CustomShell))
}

#[test]
fn a_number_of_another_size_is_no_answer() {
    for size in [0, 1, 3, 5, 8, 100_000] {
        let readiness = assess(
            LINK,
            "AllowPasswordReset",
            value(kind::DWORD, vec![1; size]),
        );
        assert_eq!(readiness.link_enabled, None, "{size}");
        assert_eq!(problems(&readiness).len(), 1, "{size}: {readiness:#?}");
    }
}

#[test]
fn a_text_needs_no_end_and_stops_at_the_first() {
    for data in [
        text("explorer.exe"),
        text("explorer.exe\0"),
        text("explorer.exe\0kiosk.exe\0\0"),
    ] {
        let readiness = shell(data);
        assert!(!has_custom_shell(&readiness), "{readiness:#?}");
        assert_eq!(problems(&readiness), []);
    }
    assert!(has_custom_shell(&shell(text("kiosk.exe"))));
}

#[test]
fn what_cannot_be_read_below_a_list_is_told() {
    for (key, name) in [
        (
            r"SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo\AB12",
            "TenantId",
        ),
        (
            r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\S-1-5-21-1-2-3-1001",
            "ProfileImagePath",
        ),
    ] {
        let readiness = assess(key, name, Value::dword(1));
        let problem = StoreProblem::WrongType {
            expected: kind::SZ,
            got: kind::DWORD,
        };
        assert_eq!(problems(&readiness), [problem], "{name}");
    }
}

#[test]
fn half_a_character_is_no_text() {
    let mut odd = text("explorer.exe");
    odd.push(0);
    let surrogate = [0x00, 0xD8, 0x41, 0x00];
    for data in [odd, vec![0x41], surrogate.to_vec()] {
        let readiness = shell(data.clone());
        assert_eq!(problems(&readiness).len(), 1, "{data:?}: {readiness:#?}");
    }
}

#[test]
fn a_huge_text_is_told_in_few_words() {
    let readiness = shell(text(&"kiosk\u{1b}[2J".repeat(100_000)));
    assert!(has_custom_shell(&readiness));
    let json = serde_json::to_string(&readiness).unwrap();
    assert!(json.len() < 32 << 10, "{}", json.len());
    assert!(!json.contains("\\u001b"));
}
