//! Any bytes as a hive, and a good hive with any bytes changed.

#![no_main]

#[path = "../../src/machine/hive/writer.rs"]
mod writer;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sspr::machine::hive::Hive;
use writer::{Lists, Node};

fuzz_target!(|input: &[u8]| {
    if input.starts_with(b"regf") {
        walk(input.to_vec());
        return;
    }
    let mut file = GOOD.clone();
    for change in input.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % file.len();
        file[at] = change[2];
    }
    walk(file);
});

static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut root = Node::new("root");
    for name in ["a", "b", "設定"] {
        let deep = Node::new("deep").value("", 1, *b"d\0e\0\0\0");
        root = root.child(
            Node::new(name)
                .value("inline", 4, [1, 0, 0, 0])
                .value("Größe", 3, vec![7; 100])
                .value("big", 3, vec![7; 17_000])
                .child(deep),
        );
    }
    let lists = Lists {
        leaf: *b"lh",
        longest: 2,
    };
    writer::hive(&root.child(Node::new("link").flags(0x10)), lists)
});

/// The keys are a tree: there are at most as many as fit into the file, however deep.
fn walk(file: Vec<u8>) {
    let most = file.len() / 76;
    let Ok(hive) = Hive::from_bytes(file) else {
        return;
    };
    let _ = format!("{hive:?}");
    let mut open = vec![String::new()];
    let mut keys = 0;
    while let Some(path) = open.pop() {
        keys += 1;
        assert!(keys <= most + 1);
        for name in hive.value_names(&path).ok().flatten().unwrap_or_default() {
            if let Ok(value) = hive.value(&path, &name) {
                assert!(value.is_some() || name.contains('\u{FFFD}'));
            }
        }
        for name in hive.subkeys(&path).ok().flatten().unwrap_or_default() {
            if !name.is_empty() && !name.contains('\\') {
                let below = if path.is_empty() {
                    name
                } else {
                    format!("{path}\\{name}")
                };
                open.push(below);
            }
        }
    }
}
