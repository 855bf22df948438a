//! Any bytes as a registry export, with and without its header.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::machine::reg_file;
use sspr::machine::registry::{Key, RegistryView, Root};

fuzz_target!(|input: &[u8]| {
    read(input);
    for header in [
        "Windows Registry Editor Version 5.00\n",
        "REGEDIT4\n[HKCU\\Key]\n",
    ] {
        read(&[header.as_bytes(), input].concat());
    }
});

fn read(text: &[u8]) {
    let map = match reg_file::parse(text) {
        Ok(map) => map,
        Err(error) => {
            let lines = text.iter().filter(|byte| **byte == b'\n').count();
            assert!((1..=lines + 1).contains(&error.line));
            return;
        }
    };
    let mut keys = 0;
    let mut open: Vec<Key> = [Root::LocalMachine, Root::CurrentUser, Root::Users]
        .into_iter()
        .map(|root| Key::new(root, ""))
        .collect();
    while let Some(key) = open.pop() {
        keys += 1;
        for name in map.value_names(&key).unwrap_or_default() {
            assert!(map.value(&key, &name).unwrap().is_some());
        }
        let below = map.subkeys(&key).unwrap().unwrap();
        open.extend(below.iter().map(|name| key.child(name)));
    }
    assert!(keys >= map.key_count());
}
