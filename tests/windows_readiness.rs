//! Readiness of a running Windows: what `reg.exe` and `regedit` write is found, live and in what `regedit /E` exports.
//!
//! These are the real policies of the computer, so they are put back, and the tests take turns.
#![cfg(windows)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sspr::machine::live::{LiveProbes, LiveRegistry};
use sspr::machine::readiness::{
    Finding, JoinState, Matter, NoAnswer, NoProbes, Probes, Readiness, Verdict,
};
use sspr::machine::reg_file;
use sspr::machine::registry::{Key, RegistryView, Root, Value};

const LINK: &str = r"HKLM\SOFTWARE\Policies\Microsoft\AzureADAccount";
const SYSTEM: &str = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System";
const SCREEN: &str = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\System";
const PERSONALIZATION: &str = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\Personalization";
const APPX: &str = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\Appx";
const VERSION: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
const JOIN: &str = r"HKLM\SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo";

const PROXY_POLICY: &str =
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";
const PROXY: &str = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings";

/// Every key that a test writes to.
const TOUCHED: [&str; 9] = [
    LINK,
    SYSTEM,
    SCREEN,
    PERSONALIZATION,
    APPX,
    VERSION,
    JOIN,
    PROXY_POLICY,
    PROXY,
];

/// What the scripts for a proxy write.
const PROXY_VALUES: [(&str, &str); 4] = [
    (PROXY_POLICY, "ProxySettingsPerUser"),
    (PROXY, "ProxyEnable"),
    (PROXY, "ProxyServer"),
    (PROXY, "ProxyOverride"),
];

#[test]
fn what_reg_wrote_is_found() {
    let turn = Turn::take();
    turn.interfere();
    let readiness = live();
    assert_eq!(readiness.link_enabled, Some(true));
    assert_eq!(readiness.built_in(), Verdict::Blocked);
    for matter in interfering() {
        assert!(has(&readiness, &matter), "{matter:?} in {readiness:#?}");
    }
    // And not when the values are harmless.
    for (key, name, _, harmless) in VALUES {
        add(key, name, "REG_DWORD", harmless);
    }
    let readiness = live();
    for matter in interfering() {
        assert!(!has(&readiness, &matter), "{matter:?}");
    }
}

#[test]
fn an_export_by_regedit_says_the_same() {
    let turn = Turn::take();
    turn.interfere();
    add(LINK, "AllowPasswordReset", "REG_SZ", "1");
    let live = Readiness::assess(&LiveRegistry::new(), &NoProbes::new());
    let file = turn.folder.join("whole.reg");
    run(
        "regedit",
        &["/E", &file.display().to_string(), "HKEY_LOCAL_MACHINE"],
    );
    let map = reg_file::parse(&fs::read(&file).unwrap()).unwrap();
    let exported = Readiness::assess(&map, &NoProbes::new());
    assert_eq!(exported, live);
    assert_eq!(live.link_enabled, None, "the type is wrong");
}

#[test]
fn what_regedit_imported_from_the_kit_enables_the_link() {
    use sspr::CloudTable;
    use sspr::machine::deployment::Kit;

    let turn = Turn::take();
    assert_eq!(live().link_enabled, Some(false));
    let kit = Kit::new(&CloudTable::default().clouds()[0]);
    for (name, enabled) in [("enable-link.reg", true), ("enable-link.undo.reg", false)] {
        let files = kit.files();
        let (_, content) = files.iter().find(|(file, _)| *file == name).unwrap();
        let file = turn.folder.join(name);
        fs::write(&file, content).unwrap();
        run("regedit", &["/S", &file.display().to_string()]);
        assert_eq!(live().link_enabled, Some(enabled));
    }
}

#[test]
fn the_scripts_for_a_proxy_put_back_what_stood_there() {
    use sspr::CloudTable;
    use sspr::machine::deployment::Kit;

    let turn = Turn::take();
    let kit = Kit::new(&CloudTable::default().clouds()[0]);
    for (name, content) in kit.with_proxy("proxy:8080".parse().unwrap()).files() {
        fs::write(turn.folder.join(name), content).unwrap();
    }
    let script = |name: &str| {
        let mut cmd = Command::new("cmd");
        let done = cmd.args(["/c", name]).current_dir(&turn.folder).output();
        assert!(done.as_ref().unwrap().status.success(), "{name}: {done:?}");
    };
    for configured in [false, true] {
        for (key, name) in PROXY_VALUES {
            delete(&[key, "/v", name]);
        }
        if configured {
            add(PROXY_POLICY, "ProxySettingsPerUser", "REG_DWORD", "1");
            add(PROXY, "ProxyServer", "REG_SZ", "before:1");
        } else {
            delete(&[PROXY_POLICY]);
        }
        let before = proxy_values();
        // Twice: what the first run wrote is not what stood there.
        script("machine-proxy.cmd");
        script("machine-proxy.cmd");
        let written = proxy_values();
        assert_eq!(written[0], Some(Value::dword(0)));
        assert_eq!(written[2], Some(Value::text("proxy:8080")));
        script("machine-proxy.undo.cmd");
        assert_eq!(proxy_values(), before, "configured: {configured}");
    }
}

fn proxy_values() -> [Option<Value>; 4] {
    PROXY_VALUES.map(|(key, name)| {
        let path = key.strip_prefix(r"HKLM\").unwrap();
        let key = Key::new(Root::LocalMachine, path);
        LiveRegistry::new().value(&key, name).unwrap()
    })
}

#[test]
fn joins_are_read_where_the_system_does_not_tell() {
    let _turn = Turn::take();
    add(&format!("{JOIN}\\AB12"), "TenantId", "REG_SZ", "1111-2222");
    let join = live().join;
    match LiveProbes::new().join() {
        // Wine has no NetGetAadJoinInformation.
        Err(NoAnswer::NotSupported) => {
            assert_eq!(join.state, JoinState::Entra);
            assert_eq!(join.tenants.len(), 1);
        }
        answer => {
            assert!(answer.is_ok(), "{answer:?}");
        }
    }
}

#[test]
fn the_probes_answer_or_say_why_not() {
    let probes = LiveProbes::new();
    assert_eq!(probes.is_remote_session(), Ok(false));
    assert!(probes.now().is_ok());
    assert!(matches!(
        probes.profile_folders(),
        Ok(_) | Err(NoAnswer::NotSupported | NoAnswer::System { .. })
    ));
    assert!(matches!(
        probes.network_profiles(),
        Ok(_) | Err(NoAnswer::Denied | NoAnswer::NotSupported)
    ));
    assert_eq!(
        probes.sees_domain_controller("corp.example"),
        Err(NoAnswer::NotAsked)
    );
}

#[test]
fn a_live_registry_is_read_in_milliseconds() {
    let turn = Turn::take();
    turn.interfere();
    // On a busy machine most readings are interrupted.
    let mut readings = (0..500).map(|_| {
        let begun = Instant::now();
        assert!(!live().findings.is_empty());
        begun.elapsed()
    });
    let quick = readings.find(|time| *time < Duration::from_millis(5));
    println!("readiness of the live registry: {quick:?}");
    assert!(quick.is_some());
}

/// Key, name, bad value, harmless value.
const VALUES: [(&str, &str, &str, &str); 7] = [
    (SCREEN, "DisableLockScreenAppNotifications", "1", "0"),
    (SYSTEM, "HideFastUserSwitching", "1", "0"),
    (SYSTEM, "DontDisplayLastUserName", "1", "0"),
    (PERSONALIZATION, "NoLockScreen", "1", "0"),
    (APPX, "BlockNonAdminUserInstall", "1", "0"),
    (SYSTEM, "ScForceOption", "1", "0"),
    (SYSTEM, "EnableLUA", "0", "1"),
];

fn interfering() -> [Matter; 8] {
    [
        Matter::LockScreenNotificationsOff,
        Matter::UserSwitchingHidden,
        Matter::LastUserHidden,
        Matter::NoLockScreen,
        Matter::AppInstallBlocked,
        Matter::SmartCardRequired,
        Matter::UacOff,
        Matter::ThreeTogether,
    ]
}

fn live() -> Readiness {
    let readiness = Readiness::of_this_computer().unwrap();
    assert!(readiness.windows.build.is_some());
    readiness
}

fn has(readiness: &Readiness, matter: &Matter) -> bool {
    let found = |finding: &Finding| finding.matter == *matter;
    readiness.findings.iter().any(found)
}

fn add(key: &str, name: &str, kind: &str, data: &str) {
    run(
        "reg",
        &["add", key, "/v", name, "/t", kind, "/d", data, "/f"],
    );
}

/// What does not exist is as good as deleted.
fn delete(words: &[&str]) {
    let mut reg = Command::new("reg");
    let _ = reg.arg("delete").args(words).arg("/f").output();
}

fn run(program: &str, words: &[&str]) {
    let done = Command::new(program).args(words).output().unwrap();
    assert!(done.status.success(), "{program} {words:?}: {done:?}");
}

/// One test at a time, and the keys as they were afterwards.
struct Turn {
    folder: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl Turn {
    fn take() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = std::env::temp_dir().join(format!("sspr-ready-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (number, key) in TOUCHED.iter().enumerate() {
            let file = folder.join(format!("{number}.reg"));
            let _ = fs::remove_file(&file);
            // A key that does not exist is exported by nobody.
            let _ = Command::new("reg")
                .args(["export", key, &file.display().to_string(), "/y"])
                .output()
                .unwrap();
        }
        Self {
            folder,
            _turn: turn,
        }
    }

    /// The link is enabled, and everything else is in the way.
    fn interfere(&self) {
        for (key, name, bad, _) in VALUES {
            add(key, name, "REG_DWORD", bad);
        }
        add(LINK, "AllowPasswordReset", "REG_DWORD", "1");
        add(SYSTEM, "DisableCAD", "REG_DWORD", "0");
        add(VERSION, "EditionID", "REG_SZ", "Core");
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        for (key, name, ..) in VALUES {
            delete(&[key, "/v", name]);
        }
        for (key, name) in PROXY_VALUES {
            delete(&[key, "/v", name]);
        }
        delete(&[LINK, "/v", "AllowPasswordReset"]);
        delete(&[SYSTEM, "/v", "DisableCAD"]);
        delete(&[VERSION, "/v", "EditionID"]);
        delete(&[&format!("{JOIN}\\AB12")]);
        for number in 0..TOUCHED.len() {
            let file = self.folder.join(format!("{number}.reg"));
            if file.exists() {
                let _ = Command::new("reg")
                    .args(["import", &file.display().to_string()])
                    .output();
            }
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}
