//! Registry exports with known contents, by way of `SSPR_VECTORS`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::path::PathBuf;

use serde_json::Value as Json;
use sspr::machine::reg_file;
use sspr::machine::registry::{Key, RegistryMap, RegistryView, Root, Value};

#[test]
fn every_value_of_every_export_is_read() {
    let Some(folder) = folder() else { return };
    let expected = expected(&folder);
    let files = expected["files"].as_array().unwrap();
    assert_eq!(Some(files.len() as u64), expected["count"].as_u64());
    let mut values = 0;
    for file in files {
        let name = file["file"].as_str().unwrap();
        let bytes = std::fs::read(folder.join(name)).unwrap();
        for form in forms(&bytes) {
            let map = reg_file::parse(&form).unwrap_or_else(|error| panic!("{name}: {error}"));
            values += check(&map, file["keys"].as_array().unwrap());
        }
    }
    assert!(values > 0);
}

#[test]
fn exports_cut_off_anywhere_do_no_harm() {
    let Some(folder) = folder() else { return };
    for file in expected(&folder)["files"].as_array().unwrap() {
        let bytes = std::fs::read(folder.join(file["file"].as_str().unwrap())).unwrap();
        for end in 0..bytes.len() {
            let _ = reg_file::parse(&bytes[..end]);
        }
    }
}

fn folder() -> Option<PathBuf> {
    let vectors = std::env::var_os("SSPR_VECTORS");
    if vectors.is_none() {
        println!("skipped: SSPR_VECTORS is not set");
    }
    vectors.map(|vectors| PathBuf::from(vectors).join("windows-registry"))
}

fn expected(folder: &std::path::Path) -> Json {
    let text = std::fs::read_to_string(folder.join("reg-expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The ASCII of the vectors, and the UTF-16 that `regedit` itself writes.
fn forms(ascii: &[u8]) -> [Vec<u8>; 2] {
    let text = std::str::from_utf8(ascii).unwrap();
    let wide = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    [ascii.to_vec(), wide]
}

/// Whether the keys have exactly the values they should have; returns how many those are.
fn check(map: &RegistryMap, keys: &[Json]) -> usize {
    let mut checked = 0;
    for key in keys {
        let path = key["path"].as_str().unwrap();
        let at = parse_key(path);
        let values = key["values"].as_array().unwrap();
        assert_eq!(
            map.value_names(&at).map(|names| names.len()),
            Some(values.len()),
            "{path}"
        );
        for value in values {
            let name = value["name"].as_str().unwrap();
            assert_eq!(
                map.value(&at, name).unwrap(),
                Some(parse_value(value)),
                "{path}: {name}"
            );
            checked += 1;
        }
    }
    checked
}

fn parse_key(path: &str) -> Key {
    let (root, path) = path.split_once('\\').unwrap();
    let root = match root {
        "HKEY_LOCAL_MACHINE" => Root::LocalMachine,
        "HKEY_CURRENT_USER" => Root::CurrentUser,
        "HKEY_USERS" => Root::Users,
        _ => panic!("{root}"),
    };
    Key::new(root, path.to_owned())
}

fn parse_value(value: &Json) -> Value {
    let data = &value["data"];
    match value["type"].as_str().unwrap() {
        "REG_DWORD" => Value::dword(data.as_u64().unwrap().try_into().unwrap()),
        "REG_SZ" => Value::text(data.as_str().unwrap()),
        "REG_BINARY" => {
            let hex = data.as_str().unwrap();
            let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
            Value::binary((0..hex.len()).step_by(2).map(byte).collect::<Vec<_>>())
        }
        other => panic!("{other}"),
    }
}
