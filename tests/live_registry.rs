//! The registry of a running Windows, changed by `reg.exe`.
#![cfg(windows)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::process::Command;
use std::time::{Duration, Instant};

use sspr::machine::live::{LiveRegistry, Watch, watch};
use sspr::machine::registry::{Key, RegistryError, RegistryView, Root, Value, kind};

#[test]
fn values_of_every_kind_are_read() {
    let here = Scratch::new("values");
    here.add(r"Deep\Key", &["/ve", "/d", "default"]);
    here.add(r"Deep\Key", &["/v", "text", "/d", "Größe"]);
    here.add(
        r"Deep\Key",
        &["/v", "number", "/t", "REG_DWORD", "/d", "4294967294"],
    );
    here.add(
        r"Deep\Key",
        &["/v", "blob", "/t", "REG_BINARY", "/d", "4600ff"],
    );
    here.add(
        r"Deep\Key",
        &["/v", "expand", "/t", "REG_EXPAND_SZ", "/d", "a%TEMP_X%b"],
    );
    here.add(r"Deep\Key", &["/v", "long", "/d", &"x".repeat(5000)]);
    let key = here.key(r"Deep\Key");
    let value = |name| LiveRegistry::new().value(&key, name).unwrap();
    assert_eq!(value(""), Some(Value::text("default")));
    assert_eq!(value("TEXT"), Some(Value::text("Größe")));
    assert_eq!(value("number"), Some(Value::dword(u32::MAX - 1)));
    assert_eq!(value("blob"), Some(Value::binary([0x46, 0, 0xFF])));
    assert_eq!(value("long"), Some(Value::text(&"x".repeat(5000))));
    let expand = value("expand").unwrap();
    assert_eq!(expand.kind, kind::EXPAND_SZ);
    assert_eq!(expand.as_text().unwrap(), "a%TEMP_X%b", "not expanded");
    assert_eq!(value("absent"), None);
}

#[test]
fn keys_are_listed() {
    let here = Scratch::new("keys");
    for name in ["b", "A", "設定"] {
        here.add(name, &[]);
    }
    let mut names = LiveRegistry::new().subkeys(&here.key("")).unwrap().unwrap();
    names.sort();
    assert_eq!(names, ["A", "b", "設定"]);
    assert_eq!(
        LiveRegistry::new().subkeys(&here.key("A")),
        Ok(Some(vec![]))
    );
    assert_eq!(LiveRegistry::new().subkeys(&here.key("absent")), Ok(None));
}

#[test]
fn what_is_absent_is_no_error_and_what_is_no_name_is_one() {
    let registry = LiveRegistry::new();
    for root in [Root::LocalMachine, Root::CurrentUser, Root::Users] {
        let absent = Key::new(root, r"sspr no such key\below");
        assert_eq!(registry.value(&absent, "x"), Ok(None));
        assert!(
            !registry
                .subkeys(&Key::new(root, ""))
                .unwrap()
                .unwrap()
                .is_empty()
        );
    }
    // Windows would stop reading at the NUL.
    let software = Key::new(Root::LocalMachine, "SOFTWARE\0x");
    assert!(matches!(
        registry.subkeys(&software),
        Err(RegistryError::System { .. })
    ));
}

#[test]
fn the_view_is_that_of_64_bit_programs() {
    let here = Key::new(
        Root::LocalMachine,
        r"SOFTWARE\Microsoft\Windows NT\CurrentVersion",
    );
    let build = LiveRegistry::new()
        .value(&here, "CurrentBuild")
        .unwrap()
        .unwrap();
    assert!(!build.as_text().unwrap().is_empty());
}

#[test]
fn changes_are_told_once() {
    let here = Scratch::new("watch");
    here.add("Settings", &["/v", "x", "/d", "1"]);
    let mut watch = watch(&[here.key("Settings"), here.key(r"Later\Below")]).unwrap();
    assert_eq!(watch.changed(), Ok(false));
    assert_eq!(watch.changed(), Ok(false));

    here.add("Settings", &["/v", "x", "/d", "2"]);
    told_once(&mut watch, "a value");
    here.add(r"Settings\Connections\Deep", &["/v", "y", "/d", "1"]);
    told_once(&mut watch, "a key below");
    here.delete(r"Settings\Connections\Deep");
    told_once(&mut watch, "a deletion");
    here.add("Later", &[]);
    told_once(&mut watch, "the key above one that is to come");
    here.add(r"Later\Below", &["/v", "z", "/d", "1"]);
    told_once(&mut watch, "a key that was to come");
    here.add(r"Later\Below", &["/v", "z", "/d", "2"]);
    told_once(&mut watch, "its value");
    here.delete("Later");
    told_once(&mut watch, "a watched key, deleted");

    here.add("Elsewhere", &["/v", "x", "/d", "1"]);
    // A new name beside the one that is waited for looks like it.
    told_once(&mut watch, "a new neighbour");
    here.add("Elsewhere", &["/v", "x", "/d", "2"]);
    assert_eq!(watch.changed(), Ok(false), "not watched");
}

#[test]
fn a_watch_outlives_the_thread_that_began_it() {
    let here = Scratch::new("thread");
    here.add("Settings", &[]);
    let keys = [here.key("Settings")];
    let mut watch = std::thread::spawn(move || watch(&keys).unwrap())
        .join()
        .unwrap();
    assert_eq!(watch.changed(), Ok(false));
    here.add("Settings", &["/v", "x", "/d", "1"]);
    told_once(&mut watch, "a value");
}

/// A change made by another process is told within seconds, and then no more. One change may be several events: they
/// are waited for until it is quiet.
fn told_once(watch: &mut Watch, what: &str) {
    let begun = Instant::now();
    while !watch.changed().unwrap() {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{what} was not told"
        );
        std::thread::yield_now();
    }
    let told = Instant::now();
    while watch.changed().unwrap() {
        assert!(
            told.elapsed() < Duration::from_secs(10),
            "{what} is told for ever"
        );
    }
}

/// A key of the test's own below `HKEY_CURRENT_USER`.
struct Scratch(String);

impl Scratch {
    fn new(test: &str) -> Self {
        let here = Self(format!(r"Software\sspr test {} {test}", std::process::id()));
        here.add("", &[]);
        here
    }

    fn key(&self, below: &str) -> Key {
        let key = Key::new(Root::CurrentUser, self.0.clone());
        if below.is_empty() {
            key
        } else {
            key.child(below)
        }
    }

    fn add(&self, below: &str, value: &[&str]) {
        reg(&["add", &self.key(below).to_string()], value);
    }

    fn delete(&self, below: &str) {
        reg(&["delete", &self.key(below).to_string()], &[]);
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.delete("");
    }
}

fn reg(command: &[&str], value: &[&str]) {
    let output = Command::new("reg")
        .args(command)
        .args(value)
        .arg("/f")
        .output()
        .unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}
