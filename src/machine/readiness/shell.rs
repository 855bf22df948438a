//! The program that stands where Explorer should.

use super::finding::{Basis, Certainty, Effect, Matter};
use super::reader::{Reader, Reading, Rule, at, machine, quiet_text};
use super::windows::CURRENT_VERSION;
use crate::machine::registry::Key;

const WINLOGON: Key = machine(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon");
const EXPLORER: &str = "explorer.exe";
const RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Unverified);

pub(super) fn read(reader: &mut Reader<'_>) {
    let Reading::Is(shell) = reader.text(RULE, &WINLOGON, "Shell") else {
        return;
    };
    let root = quiet_text(reader.view, &CURRENT_VERSION, "SystemRoot");
    let (certainty, matter) = if shell.is_empty() {
        (Certainty::Undetermined, Matter::ShellUnnamed)
    } else if shell
        .split(',')
        .all(|part| is_explorer(part, root.as_deref()))
    {
        return;
    } else {
        (Certainty::Certain, Matter::CustomShell)
    };
    reader.add(RULE, certainty, matter, at(&WINLOGON, "Shell"), &shell);
}

/// Whether a command starts Explorer: by its name, or by its path in the folder of Windows, with arguments or without.
fn is_explorer(command: &str, system_root: Option<&str>) -> bool {
    let command = command.trim().to_ascii_lowercase();
    let program = match command.strip_prefix('"') {
        Some(rest) => rest.split('"').next().unwrap_or_default(),
        None => command.split_ascii_whitespace().next().unwrap_or_default(),
    };
    match program.rsplit_once('\\') {
        None => program == EXPLORER,
        Some((folder, name)) => name == EXPLORER && is_windows_folder(folder, system_root),
    }
}

fn is_windows_folder(folder: &str, system_root: Option<&str>) -> bool {
    if ["%systemroot%", "%windir%"].contains(&folder) {
        return true;
    }
    match system_root {
        Some(root) => folder.eq_ignore_ascii_case(root.trim_end_matches('\\')),
        None => matches!(folder.split_once(":\\"), Some((drive, "windows")) if drive.len() == 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explorer_is_known_by_its_name_and_by_its_folder() {
        let root = Some(r"C:\WINDOWS");
        for command in [
            "explorer.exe",
            "Explorer.EXE",
            r"C:\Windows\explorer.exe",
            r"%SystemRoot%\Explorer.exe",
            "explorer.exe /factory",
            "\"C:\\Windows\\explorer.exe\" /factory",
        ] {
            assert!(is_explorer(command, root), "{command}");
            assert!(is_explorer(command, None), "{command}");
        }
        for command in [
            "kiosk.exe",
            "explorer.exe.exe",
            r"C:\Tools\explorer.exe",
            r"D:\Windows\explorer.exe",
            "\"explorer.exe kiosk.exe\"",
            "explorer",
            "",
            "\"",
        ] {
            assert!(!is_explorer(command, root), "{command}");
        }
        assert!(is_explorer(r"D:\Windows\explorer.exe", None));
        assert!(!is_explorer(r"DD:\Windows\explorer.exe", None));
    }
}
