//! What others may write into the registry of a running Windows: values that are not what they say, links in a circle,
//! ten thousand keys. `reg.exe` does not write such things, so they are written as programs do.
#![cfg(windows)]
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    reason = "functions of the operating system; a test may stop at the first surprise"
)]

use std::ptr;

use sspr::machine::live::LiveRegistry;
use sspr::machine::registry::{Key, RegistryView, Root, ValueError, kind};
use windows_sys::Win32::System::Registry::{
    HKEY, HKEY_LOCAL_MACHINE, KEY_ALL_ACCESS, REG_LINK, REG_OPTION_CREATE_LINK,
    REG_OPTION_OPEN_LINK, REG_OPTION_VOLATILE, RegCloseKey, RegCreateKeyExW, RegDeleteTreeW,
    RegOpenKeyExW, RegSetValueExW,
};

#[test]
fn values_that_are_not_what_they_say_are_read_as_they_are() {
    let here = Scratch::new("values");
    let key = here.open("", 0);
    let read = |name: &str| {
        let value = LiveRegistry::new().value(&here.key(""), name);
        value.unwrap().unwrap()
    };
    // Windows looks for a NUL behind a text as well.
    key.set("odd", kind::SZ, &b"abcxyz"[..3]);
    assert_eq!(read("odd").as_text(), Err(ValueError::WrongSize(3)));
    key.set("unterminated", kind::SZ, &b"a\0b\0x\0"[..4]);
    assert_eq!(read("unterminated").as_text().unwrap(), "ab");
    key.set("surrogate", kind::SZ, &[0x00, 0xD8, 0x41, 0x00][..2]);
    assert_eq!(read("surrogate").as_text(), Err(ValueError::NotText));
    key.set("short", kind::DWORD, &[1]);
    assert_eq!(read("short").as_dword(), Err(ValueError::WrongSize(1)));
    key.set("empty", kind::SZ, &[]);
    assert_eq!(read("empty").as_text().unwrap(), "");
    key.set("unknown", 0x1234, b"x");
    assert_eq!(read("unknown").kind, 0x1234);

    // The room for a value that grows meanwhile belongs to the limit.
    let largest = (1 << 20) - 1024;
    key.set("large", kind::BINARY, &vec![7; largest]);
    assert_eq!(read("large").data.len(), largest);
    key.set("huge", kind::BINARY, &vec![7; largest + 1]);
    let huge = LiveRegistry::new().value(&here.key(""), "huge");
    assert!(huge.is_err(), "{huge:?}");
}

#[test]
fn links_in_a_circle_have_an_end() {
    let here = Scratch::new("circle");
    for (from, to) in [("a", "b"), ("b", "a")] {
        let link = here.open(from, REG_OPTION_CREATE_LINK | REG_OPTION_VOLATILE);
        let target = format!(r"\Registry\Machine\{}\{to}", here.0);
        let target: Vec<u8> = target.encode_utf16().flat_map(u16::to_le_bytes).collect();
        link.set("SymbolicLinkValue", REG_LINK, &target);
    }
    // No key can be reached there; whether that is an error or an absence is up to the system.
    let value = LiveRegistry::new().value(&here.key("a"), "x");
    assert!(!matches!(value, Ok(Some(_))), "{value:?}");
    let names = LiveRegistry::new().subkeys(&here.key("b"));
    assert!(!matches!(names, Ok(Some(_))), "{names:?}");
    for name in ["a", "b"] {
        here.delete_link(name);
    }
}

#[test]
fn ten_thousand_keys_are_listed() {
    let here = Scratch::new("many");
    let mut expected: Vec<_> = (0..10_000).map(|number| format!("key {number}")).collect();
    for name in &expected {
        drop(here.open(name, REG_OPTION_VOLATILE));
    }
    let names = LiveRegistry::new().subkeys(&here.key("")).unwrap();
    let mut names = names.unwrap();
    names.sort();
    expected.sort();
    assert_eq!(names, expected);
}

/// A key of the test's own below `HKEY_LOCAL_MACHINE`, which goes with it.
struct Scratch(String);

impl Scratch {
    fn new(test: &str) -> Self {
        let here = Self(format!(r"Software\sspr odd {} {test}", std::process::id()));
        drop(here.open("", REG_OPTION_VOLATILE));
        here
    }

    fn key(&self, below: &str) -> Key {
        Key::new(Root::LocalMachine, self.path(below))
    }

    fn path(&self, below: &str) -> String {
        match below {
            "" => self.0.clone(),
            below => format!("{}\\{below}", self.0),
        }
    }

    /// Opens or makes a key.
    fn open(&self, below: &str, options: u32) -> Open {
        let path = wide(&self.path(below));
        let mut key = ptr::null_mut();
        // SAFETY: the path ends with a NUL, and `key` outlives the call.
        let code = unsafe {
            RegCreateKeyExW(
                HKEY_LOCAL_MACHINE,
                path.as_ptr(),
                0,
                ptr::null(),
                options,
                KEY_ALL_ACCESS,
                ptr::null(),
                &raw mut key,
                ptr::null_mut(),
            )
        };
        assert_eq!(code, 0, "{below}");
        Open(key)
    }

    /// A link is removed by itself, where a tree would be what it leads to.
    fn delete_link(&self, name: &str) {
        let path = wide(&self.path(name));
        let mut key = ptr::null_mut();
        // SAFETY: as above.
        let code = unsafe {
            RegOpenKeyExW(
                HKEY_LOCAL_MACHINE,
                path.as_ptr(),
                REG_OPTION_OPEN_LINK,
                KEY_ALL_ACCESS,
                &raw mut key,
            )
        };
        assert_eq!(code, 0);
        let link = Open(key);
        // SAFETY: the key is open.
        unsafe { NtDeleteKey(link.0) };
    }
}

#[link(name = "ntdll")]
unsafe extern "system" {
    fn NtDeleteKey(key: HKEY) -> i32;
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let path = wide(&self.0);
        // SAFETY: the path ends with a NUL.
        unsafe { RegDeleteTreeW(HKEY_LOCAL_MACHINE, path.as_ptr()) };
    }
}

struct Open(HKEY);

impl Open {
    fn set(&self, name: &str, kind: u32, data: &[u8]) {
        let name = wide(name);
        let length = u32::try_from(data.len()).unwrap();
        // The address of nothing is refused unless it is null.
        let start = match data {
            [] => ptr::null(),
            data => data.as_ptr(),
        };
        // SAFETY: the key is open, the name ends with a NUL, and the data have this length.
        let code = unsafe { RegSetValueExW(self.0, name.as_ptr(), 0, kind, start, length) };
        assert_eq!(code, 0);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // SAFETY: the key is open, and nobody uses it any more.
        unsafe { RegCloseKey(self.0) };
    }
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}
