//! The settings that are known to interfere with the built-in reset, alone and three of them together. Only that of user
//! account control is documented for every Windows, the others for Windows 10.

use super::finding::{Basis, Certainty, Effect, Matter, Place};
use super::reader::{Reader, Reading, Rule, at, machine};
use super::windows::{Edition, Windows};
use crate::machine::registry::Key;

const SYSTEM_POLICIES: Key = machine(r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System");
const SCREEN_POLICIES: Key = machine(r"SOFTWARE\Policies\Microsoft\Windows\System");
const PERSONALIZATION: Key = machine(r"SOFTWARE\Policies\Microsoft\Windows\Personalization");
const APPX: Key = machine(r"SOFTWARE\Policies\Microsoft\Windows\Appx");
/// What the device management made of its own settings for two of them.
const MANAGED_SCREEN: Key =
    machine(r"SOFTWARE\Microsoft\PolicyManager\current\device\WindowsLogon");
const MANAGED_APPS: Key =
    machine(r"SOFTWARE\Microsoft\PolicyManager\current\device\ApplicationManagement");
const LOST_MODE: Key = machine(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\LostMode");

const SHELL_LAUNCHER: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Documentation);
const NOTIFICATIONS: &str = "DisableLockScreenAppNotifications";
const LOST: &str = "EnableLostMode";

/// A `REG_DWORD` with two contents, one of which is in the way. Missing, it is not.
struct Setting {
    key: Key,
    name: &'static str,
    bad: u32,
    matter: Matter,
    basis: Basis,
}

const UAC: Setting = Setting {
    key: SYSTEM_POLICIES,
    name: "EnableLUA",
    bad: 0,
    matter: Matter::UacOff,
    basis: Basis::Unverified,
};

const SETTINGS: [Setting; 8] = [
    Setting {
        key: SCREEN_POLICIES,
        name: NOTIFICATIONS,
        bad: 1,
        matter: Matter::LockScreenNotificationsOff,
        basis: Basis::Seen,
    },
    Setting {
        key: SYSTEM_POLICIES,
        name: "HideFastUserSwitching",
        bad: 1,
        matter: Matter::UserSwitchingHidden,
        basis: Basis::Documentation,
    },
    Setting {
        key: MANAGED_SCREEN,
        name: "HideFastUserSwitching",
        bad: 1,
        matter: Matter::UserSwitchingHidden,
        basis: Basis::Unverified,
    },
    Setting {
        key: SYSTEM_POLICIES,
        name: "DontDisplayLastUserName",
        bad: 1,
        matter: Matter::LastUserHidden,
        basis: Basis::Unverified,
    },
    Setting {
        key: PERSONALIZATION,
        name: "NoLockScreen",
        bad: 1,
        matter: Matter::NoLockScreen,
        basis: Basis::Seen,
    },
    Setting {
        key: APPX,
        name: "BlockNonAdminUserInstall",
        bad: 1,
        matter: Matter::AppInstallBlocked,
        basis: Basis::Seen,
    },
    Setting {
        key: MANAGED_APPS,
        name: "BlockNonAdminUserInstall",
        bad: 1,
        matter: Matter::AppInstallBlocked,
        basis: Basis::Unverified,
    },
    Setting {
        key: SYSTEM_POLICIES,
        name: "ScForceOption",
        bad: 1,
        matter: Matter::SmartCardRequired,
        basis: Basis::Seen,
    },
];

/// What holds for every Windows, the add-in included.
pub(super) fn read_general(reader: &mut Reader<'_>) {
    read_one(reader, &UAC);
    beyond_the_registry(reader);
}

/// What holds for Windows 10 and 11.
pub(super) fn read(reader: &mut Reader<'_>, windows: &Windows) {
    let mut notifications_off = false;
    for setting in &SETTINGS {
        let is_bad = read_one(reader, setting);
        notifications_off |= is_bad && setting.matter == Matter::LockScreenNotificationsOff;
    }
    three_together(reader, windows, notifications_off);
    lost_mode(reader);
    to_check(reader, SHELL_LAUNCHER, Place::asked("Shell Launcher"));
}

/// Whether it is in the way for certain.
fn read_one(reader: &mut Reader<'_>, setting: &Setting) -> bool {
    let rule = Rule::new(Effect::BlocksBuiltIn, setting.basis);
    let Reading::Is(content) = reader.dword(rule, &setting.key, setting.name) else {
        return false;
    };
    let (certainty, matter) = match content {
        bad if bad == setting.bad => (Certainty::Certain, setting.matter.clone()),
        0 | 1 => return false,
        _ => (Certainty::Undetermined, Matter::UnknownContent),
    };
    let place = at(&setting.key, setting.name);
    reader.add(rule, certainty, matter, place, &content.to_string());
    certainty == Certainty::Certain
}

/// Only all three of them are a finding of their own. The first is documented for versions before 1803.
fn three_together(reader: &mut Reader<'_>, windows: &Windows, notifications_off: bool) {
    const RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Unverified);
    let keys_required = reader.dword(RULE, &SYSTEM_POLICIES, "DisableCAD") == Reading::Is(0);
    if keys_required && notifications_off && windows.edition == Some(Edition::Home) {
        let certainty = match windows.is_before_link() {
            Some(true) => Certainty::Certain,
            Some(false) | None => Certainty::Possible,
        };
        let place = at(&SYSTEM_POLICIES, "DisableCAD");
        let found = format!("0, {NOTIFICATIONS} 1, edition Home");
        reader.add(RULE, certainty, Matter::ThreeTogether, place, &found);
    }
}

/// Nobody documents where it stands, so that only its presence tells: at the place that a public script looks at.
fn lost_mode(reader: &mut Reader<'_>) {
    const RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Seen);
    let place = at(&LOST_MODE, LOST);
    match reader.dword(RULE, &LOST_MODE, LOST) {
        Reading::Is(0) | Reading::Absent => to_check(reader, RULE, Place::asked(LOST)),
        Reading::Is(content) => {
            let (maybe, found) = (Certainty::Possible, content.to_string());
            reader.add(RULE, maybe, Matter::LostMode, place, &found);
        }
        Reading::Unknown => {}
    }
}

fn beyond_the_registry(reader: &mut Reader<'_>) {
    const REPORTED: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Reports);
    let right = Place::asked("Allow log on locally (SeInteractiveLogonRight): Users");
    to_check(reader, REPORTED, right);
    // Which delay is too long, nobody tells.
    let delay = Place::asked("Delay when desktops are switched (DelayedDesktopSwitchTimeout)");
    to_check(reader, REPORTED, delay);
}

fn to_check(reader: &mut Reader<'_>, rule: Rule, place: Place) {
    reader.add(
        rule,
        Certainty::BeyondReach,
        Matter::ToCheckByHand,
        place,
        "",
    );
}
