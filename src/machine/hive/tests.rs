use std::io;
use std::time::Instant;

use super::writer::{self, Lists, Node, hive, put, seal};
use super::*;
use crate::machine::registry::{Key, RegistryError, RegistryView, Root, kind};

const LH: Lists = Lists {
    leaf: *b"lh",
    longest: 500,
};

/// A hive of three levels with every shape of name and value.
fn sample() -> Vec<u8> {
    let settings = Node::new("Internet Settings")
        .value("", kind::SZ, utf16("default\0"))
        .value("ProxyEnable", kind::DWORD, [1, 0, 0, 0])
        .value("ProxyServer", kind::SZ, utf16("proxy:8080\0"))
        .value("Empty", kind::SZ, [])
        .value("Byte", kind::BINARY, [7])
        .value("Größe", kind::QWORD, [1, 2, 3, 4, 5, 6, 7, 8]);
    let root = Node::new("root")
        .child(Node::new("Software").child(settings))
        .child(Node::new("設定").value("名前", kind::BINARY, *b"12345"))
        .child(Node::new("CurrentControlSet").flags(0x0010));
    hive(&root, LH)
}

const SETTINGS: &str = r"Software\Internet Settings";

#[test]
fn values_are_found_whatever_the_case_and_wherever_their_data_are() {
    let hive = Hive::from_bytes(sample()).unwrap();
    let value = |path: &str, name| hive.value(path, name).unwrap();
    assert_eq!(
        value(SETTINGS, "PROXYserver"),
        Some(Value::text("proxy:8080"))
    );
    assert_eq!(
        value(r"sOFTWARE\internet settings", "proxyenable"),
        Some(Value::dword(1))
    );
    assert_eq!(value(SETTINGS, ""), Some(Value::text("default")));
    assert_eq!(value(SETTINGS, "Byte"), Some(Value::binary([7])));
    assert_eq!(
        value(SETTINGS, "Empty").map(|empty| empty.data),
        Some(vec![])
    );
    assert_eq!(
        value(SETTINGS, "GRÖSSE"),
        None,
        "one letter is not compared with two"
    );
    assert_eq!(
        value(SETTINGS, "GRÖßE").map(|size| size.data),
        Some(vec![1, 2, 3, 4, 5, 6, 7, 8])
    );
    assert_eq!(value("設定", "名前"), Some(Value::binary(*b"12345")));
    assert_eq!(value("設定", "名"), None);
    assert_eq!(value("設", "名前"), None);
    assert_eq!(value("", "ProxyServer"), None);
    assert_eq!(value(r"Software\\Internet Settings", "ProxyServer"), None);
}

#[test]
fn names_are_listed_in_the_order_of_the_hive() {
    let hive = Hive::from_bytes(sample()).unwrap();
    assert_eq!(
        hive.subkeys("").unwrap().unwrap(),
        ["Software", "設定", "CurrentControlSet"]
    );
    assert_eq!(hive.subkeys(SETTINGS).unwrap(), Some(vec![]));
    assert_eq!(hive.subkeys("Hardware").unwrap(), None);
    assert_eq!(
        hive.value_names(SETTINGS).unwrap().unwrap(),
        ["", "ProxyEnable", "ProxyServer", "Empty", "Byte", "Größe"]
    );
    assert_eq!(hive.value_names("").unwrap(), Some(vec![]));
}

#[test]
fn every_kind_of_list_is_read() {
    for leaf in [*b"li", *b"lf", *b"lh"] {
        for longest in [1, 7, 1000] {
            let mut root = Node::new("root");
            for number in 0..100 {
                root = root.child(Node::new(&format!("key {number}")).value(
                    "n",
                    kind::BINARY,
                    [number],
                ));
            }
            let hive = Hive::from_bytes(hive(&root, Lists { leaf, longest })).unwrap();
            assert_eq!(hive.subkeys("").unwrap().unwrap().len(), 100);
            assert_eq!(
                hive.value("KEY 99", "n").unwrap(),
                Some(Value::binary([99]))
            );
            assert_eq!(hive.value("KEY 100", "n").unwrap(), None);
        }
    }
}

#[test]
fn data_of_any_size_come_back_whole() {
    for size in [
        0, 1, 4, 5, 4096, 16_343, 16_344, 16_345, 32_688, 32_689, 100_000,
    ] {
        let data: Vec<u8> = (0..size).map(|index| (index % 251) as u8).collect();
        let root = Node::new("root").value("big", kind::BINARY, data.clone());
        let hive = Hive::from_bytes(hive(&root, LH)).unwrap();
        assert_eq!(
            hive.value("", "big").unwrap(),
            Some(Value::binary(data)),
            "{size}"
        );
    }
}

#[test]
fn ten_thousand_keys_are_no_matter() {
    let mut root = Node::new("root");
    for number in 0..10_000 {
        root = root.child(Node::new(&format!("key {number}")));
    }
    let hive = Hive::from_bytes(hive(&root, LH)).unwrap();
    let begun = Instant::now();
    assert_eq!(hive.subkeys("").unwrap().unwrap().len(), 10_000);
    assert_eq!(hive.subkeys("key 9999").unwrap(), Some(vec![]));
    assert_eq!(hive.subkeys("key 10000").unwrap(), None);
    assert!(begun.elapsed().as_secs() < 5);
}

#[test]
fn a_link_is_told_and_not_followed() {
    let hive = Hive::from_bytes(sample()).unwrap();
    assert_eq!(hive.subkeys("CurrentControlSet"), Err(HiveError::Link));
    assert_eq!(
        hive.value(r"CurrentControlSet\Control", "x"),
        Err(HiveError::Link)
    );
}

#[test]
fn the_condition_is_told() {
    let mut file = sample();
    let condition = |file: &[u8]| Hive::from_bytes(file.to_vec()).unwrap().condition();
    assert_eq!(condition(&file), Condition::Clean);
    put(&mut file, 4, 8);
    assert_eq!(condition(&file), Condition::BadChecksum);
    seal(&mut file);
    let dirty = Condition::Dirty {
        primary: 8,
        secondary: 1,
    };
    assert_eq!(condition(&file), dirty);
    assert!(!dirty.is_clean());
    let stale = Hive::from_bytes(file).unwrap();
    assert!(stale.value(SETTINGS, "ProxyServer").unwrap().is_some());
}

#[test]
fn the_checksum_is_never_zero_nor_all_ones() {
    // The name field may hold anything, so it can bring the sum to both values.
    for (sum, stored) in [(0, 1), (u32::MAX, u32::MAX - 1)] {
        let mut file = sample();
        let balance = (0..508)
            .step_by(4)
            .map(|at| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()))
            .fold(sum, |all, word| all ^ word);
        put(&mut file, 48, balance);
        put(&mut file, 508, stored);
        assert_eq!(
            Hive::from_bytes(file).unwrap().condition(),
            Condition::Clean
        );
    }
}

#[test]
fn other_files_are_refused() {
    let refused = |at, field, expected| {
        let mut file = sample();
        put(&mut file, at, field);
        seal(&mut file);
        assert_eq!(
            Hive::from_bytes(file).unwrap_err(),
            expected,
            "{field} at {at}"
        );
    };
    let version = |major, minor| HiveError::Version { major, minor };
    refused(0, 0, HiveError::NotAHive);
    refused(20, 2, version(2, 5));
    refused(24, 2, version(1, 2));
    refused(24, 7, version(1, 7));
    refused(28, 6, HiveError::NotAHive);
    refused(32, 0, HiveError::NotAHive);
    refused(40, 1 << 20, HiveError::Truncated);
    refused(40, u32::MAX, HiveError::Truncated);
    refused(40, 5, Damage::Bin.into());
    for minor in 3..=6 {
        let mut file = sample();
        put(&mut file, 24, minor);
        assert!(Hive::from_bytes(file).is_ok());
    }
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let file = sample();
    for end in 0..file.len() {
        let error = Hive::from_bytes(file[..end].to_vec()).unwrap_err();
        let expected = if end < 4 {
            HiveError::NotAHive
        } else {
            HiveError::Truncated
        };
        assert_eq!(error, expected, "at {end}");
    }
}

#[test]
fn each_broken_rule_has_its_name() {
    // Which record (signature and number), which field, what to put there, and what comes of it.
    let rows: &[(&[u8; 2], usize, usize, u32, Damage)] = &[
        // Keys: 0 is the root, 1 Software, 2 Internet Settings.
        (b"nk", 0, 0, 0, Damage::Signature),
        (b"nk", 0, 28, 0, Damage::Bounds),
        (b"nk", 0, 28, 31, Damage::Bounds),
        (b"nk", 0, 28, 36, Damage::Bounds),
        (b"nk", 0, 28, 0x7FFF_FFF8, Damage::Bounds),
        (b"nk", 0, 28, u32::MAX, Damage::Bounds),
        (b"nk", 0, 20, 2, Damage::Count),
        (b"nk", 0, 20, 4, Damage::Count),
        (b"nk", 0, 20, u32::MAX, Damage::Count),
        (b"nk", 1, 0, 0, Damage::Signature),
        (b"nk", 1, 16, 0, Damage::Parent),
        (b"nk", 1, 72, 0xFFFF, Damage::Short),
        (b"nk", 2, 36, 1_000, Damage::Count),
        (b"nk", 2, 36, u32::MAX, Damage::Count),
        (b"nk", 2, 40, u32::MAX, Damage::Bounds),
        // Values of Internet Settings: 0 the default value, 2 ProxyServer, 3 Empty.
        (b"vk", 0, 0, 0, Damage::Signature),
        (b"vk", 0, 2, 0x1000, Damage::Short),
        (b"vk", 2, 4, 0x1000, Damage::ValueSize),
        (b"vk", 2, 4, 0x10_0000, Damage::ValueSize),
        (b"vk", 2, 4, 0x7FFF_FFFF, Damage::ValueSize),
        (b"vk", 2, 4, 0x8000_0005, Damage::ValueSize),
        (b"vk", 2, 4, u32::MAX, Damage::ValueSize),
        (b"vk", 2, 8, u32::MAX, Damage::Bounds),
        (b"lh", 0, 0, 0, Damage::Signature),
        (b"lh", 1, 0, u32::from_le_bytes(*b"lh\x04\0"), Damage::Count),
        (b"lh", 1, 4, 0, Damage::Bounds),
    ];
    for (signature, number, field, put_there, expected) in rows {
        let mut file = sample();
        let at = record(&file, signature, *number) + field;
        put(&mut file, at, *put_there);
        let hive = Hive::from_bytes(file).unwrap();
        assert_eq!(
            hive.value(SETTINGS, "ProxyServer"),
            Err(HiveError::Damaged(*expected)),
            "{} {number}, field {field}: {put_there:x}",
            signature.escape_ascii()
        );
    }
}

#[test]
fn cells_and_bins_are_checked() {
    let at = record(&sample(), b"nk", 1) - 4;
    for (size, expected) in [
        (0_i32, Damage::FreeCell),
        (88, Damage::FreeCell),
        (-4, Damage::Cell),
        (-90, Damage::Cell),
        (-8192, Damage::Cell),
        (i32::MIN, Damage::Cell),
        (-8, Damage::Short),
    ] {
        let mut file = sample();
        put(&mut file, at, size.cast_unsigned());
        let hive = Hive::from_bytes(file).unwrap();
        assert_eq!(hive.subkeys("Software"), Err(expected.into()), "{size}");
    }
    for (field, put_there) in [
        (0, 0),
        (4, 4096),
        (8, 0),
        (8, 4095),
        (8, 1 << 20),
        (8, u32::MAX),
    ] {
        let mut file = sample();
        put(&mut file, 4096 + field, put_there);
        assert_eq!(
            Hive::from_bytes(file).unwrap_err(),
            Damage::Bin.into(),
            "{field}: {put_there}"
        );
    }
}

#[test]
fn cycles_are_damage() {
    // The list of "Software" holds the root instead of its child, then "Software" itself.
    for number in [0, 1] {
        let mut file = sample();
        let (list, key) = (record(&file, b"lh", 0), record(&file, b"nk", number));
        put(&mut file, list + 4, (key - 4 - 4096) as u32);
        let hive = Hive::from_bytes(file).unwrap();
        assert_eq!(hive.subkeys("Software"), Err(Damage::Parent.into()));
    }
    // The root's list holds its first key twice.
    let mut file = sample();
    let list = record(&file, b"lh", 1);
    file.copy_within(list + 4..list + 12, list + 12);
    let hive = Hive::from_bytes(file).unwrap();
    assert_eq!(hive.subkeys(""), Err(Damage::Repeated.into()));
    // An index that lists itself.
    let mut root = Node::new("root");
    for number in 0..3 {
        root = root.child(Node::new(&number.to_string()));
    }
    let longest = 1;
    let mut file = writer::hive(&root, Lists { longest, ..LH });
    let index = record(&file, b"ri", 0);
    put(&mut file, index + 4, (index - 4 - 4096) as u32);
    let hive = Hive::from_bytes(file).unwrap();
    assert_eq!(hive.subkeys(""), Err(Damage::Signature.into()));
}

#[test]
fn segments_used_twice_do_not_multiply_the_file() {
    let root = Node::new("root").value("big", kind::BINARY, vec![1; 40_000]);
    let good = hive(&root, LH);
    let broken = |changes: &[(&[u8; 2], usize, u32)]| {
        let mut file = good.clone();
        for (signature, field, put_there) in changes {
            let at = record(&file, signature, 0) + field;
            put(&mut file, at, *put_there);
        }
        Hive::from_bytes(file)
            .unwrap()
            .value("", "big")
            .unwrap_err()
    };
    let segments = |count: u32| u32::from_le_bytes(*b"db\0\0") | (count << 16);
    assert_eq!(broken(&[(b"db", 0, segments(2))]), Damage::Count.into());
    assert_eq!(
        broken(&[(b"db", 0, segments(65_535)), (b"vk", 4, 65_535 * 16_344)]),
        Damage::Count.into()
    );
    assert_eq!(
        broken(&[(b"db", 0, segments(4)), (b"vk", 4, 4 * 16_344)]),
        Damage::Count.into()
    );
    assert_eq!(broken(&[(b"db", 4, 0)]), Damage::Bounds.into());
    assert_eq!(broken(&[(b"db", 0, 0)]), Damage::ValueSize.into());
}

#[test]
fn no_changed_byte_does_harm() {
    let good = sample();
    let used = good.iter().rposition(|byte| *byte != 0).unwrap();
    for at in (0..512).chain(4096..=used) {
        for change in [0x01, 0x7F, 0x80, 0xFF] {
            let mut file = good.clone();
            file[at] ^= change;
            if let Ok(hive) = Hive::from_bytes(file) {
                // That it ends is the test. Sequence numbers and the like change nothing below.
                walk(&hive, "", 0);
            }
        }
    }
}

#[test]
fn files_are_opened_within_bounds() {
    let folder = std::env::temp_dir().join(format!("sspr-hive-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("NTUSER.DAT");
    assert_eq!(Hive::open(&path).unwrap_err(), HiveError::Missing);
    assert_eq!(Hive::open(&folder).unwrap_err(), HiveError::NotAHive);
    fs::write(&path, sample()).unwrap();
    let size = sample().len() as u64;
    assert!(Hive::open(&path).unwrap().condition().is_clean());
    assert!(Hive::open_up_to(&path, size).is_ok());
    let limit = size - 1;
    assert_eq!(
        Hive::open_up_to(&path, limit).unwrap_err(),
        HiveError::TooLarge { limit }
    );
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_hive_in_use_is_locked() {
    let code = io::Error::from_raw_os_error;
    let expected = if cfg!(windows) {
        HiveError::Locked
    } else {
        HiveError::Unreadable { code: Some(32) }
    };
    assert_eq!(HiveError::from(code(32)), expected);
    let denied = io::Error::from(io::ErrorKind::PermissionDenied);
    assert_eq!(HiveError::from(denied), HiveError::Denied);
}

#[cfg(windows)]
#[test]
fn a_file_that_another_program_holds_is_locked() {
    use std::os::windows::fs::OpenOptionsExt;
    let path = std::env::temp_dir().join(format!("sspr-held-{}", std::process::id()));
    fs::write(&path, sample()).unwrap();
    let held = File::options()
        .read(true)
        .share_mode(0)
        .open(&path)
        .unwrap();
    assert_eq!(Hive::open(&path).unwrap_err(), HiveError::Locked);
    drop(held);
    assert!(Hive::open(&path).is_ok());
    fs::remove_file(&path).unwrap();
}

#[test]
fn a_mounted_hive_holds_its_part_only() {
    let mounted = Hive::from_bytes(sample())
        .unwrap()
        .mount(Key::new(Root::Users, r"Default"));
    let key = |path| Key::new(Root::Users, path);
    let settings = key(r"DEFAULT\software\Internet Settings");
    assert_eq!(
        mounted.value(&settings, "ProxyEnable"),
        Ok(Some(Value::dword(1)))
    );
    assert_eq!(mounted.value(&key("Default"), "ProxyEnable"), Ok(None));
    assert_eq!(mounted.subkeys(&key("default")).unwrap().unwrap().len(), 3);
    for elsewhere in [
        key(""),
        key("Default2"),
        key("S-1-5-18"),
        Key::new(Root::CurrentUser, "Default"),
    ] {
        let key = elsewhere.to_string();
        assert_eq!(
            mounted.subkeys(&elsewhere),
            Err(RegistryError::NotHeld { key })
        );
    }
    assert!(matches!(
        mounted.subkeys(&key(r"Default\CurrentControlSet")),
        Err(RegistryError::Corrupt { detail, .. }) if detail.contains("link")
    ));

    let whole = Hive::from_bytes(sample())
        .unwrap()
        .mount(Key::new(Root::CurrentUser, ""));
    let software = Key::new(Root::CurrentUser, "Software");
    assert_eq!(
        whole.subkeys(&software),
        Ok(Some(vec!["Internet Settings".to_owned()]))
    );
}

#[test]
fn damage_is_told_through_the_view() {
    let mut file = sample();
    let at = record(&file, b"nk", 1) + 16;
    put(&mut file, at, 0);
    let mounted = Hive::from_bytes(file)
        .unwrap()
        .mount(Key::new(Root::CurrentUser, ""));
    let error = mounted
        .subkeys(&Key::new(Root::CurrentUser, "Software"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        r"HKCU\Software is damaged: a key is not the child of the key above it"
    );
}

/// Reads everything that can be reached. A tree cannot be deeper than the keys that are in the file.
fn walk(hive: &Hive, path: &str, depth: usize) {
    assert!(depth < 10);
    for name in hive.value_names(path).ok().flatten().unwrap_or_default() {
        let _ = hive.value(path, &name);
    }
    for name in hive.subkeys(path).ok().flatten().unwrap_or_default() {
        if name.is_empty() || name.contains('\\') {
            continue;
        }
        let path = if path.is_empty() {
            name
        } else {
            format!("{path}\\{name}")
        };
        walk(hive, &path, depth + 1);
    }
}

/// Where the record with this signature and number is in the file.
fn record(file: &[u8], signature: &[u8; 2], number: usize) -> usize {
    (4096 + 4..file.len())
        .step_by(8)
        .filter(|at| file[*at..].starts_with(signature))
        .nth(number)
        .unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
