//! Hives against hivex: what hivex writes we read, what hivex reads of a hive we read as well.
//!
//! With `SSPR_REAL=require` a missing hivex is a failure, else a reason to skip.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "../../src/machine/hive/writer.rs"]
mod writer;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use sspr::machine::hive::{Condition, Hive, HiveError};
use sspr::machine::reg_file;
use sspr::machine::registry::{Key, RegistryMap, RegistryView, Root, Value, kind};
use writer::{Lists, Node};

/// Every root gets a hive of its own, whose root key stands for it.
const ROOTS: [(Root, &str); 3] = [
    (Root::LocalMachine, "HKEY_LOCAL_MACHINE"),
    (Root::CurrentUser, "HKEY_CURRENT_USER"),
    (Root::Users, "HKEY_USERS"),
];

const LH: Lists = Lists {
    leaf: *b"lh",
    longest: 500,
};

#[test]
fn hives_made_from_our_corpus_are_read() {
    if skipped() {
        return;
    }
    made_and_read("corpus", &corpus());
}

#[test]
fn hives_made_from_the_vectors_are_read() {
    let Some(vectors) = std::env::var_os("SSPR_VECTORS") else {
        println!("skipped: SSPR_VECTORS is not set");
        return;
    };
    if skipped() {
        return;
    }
    let folder = PathBuf::from(vectors).join("windows-registry");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "reg") {
            made_and_read(
                &path.display().to_string(),
                &fs::read_to_string(path).unwrap(),
            );
            files += 1;
        }
    }
    assert!(files > 0);
}

#[test]
fn every_shape_of_list_and_value_is_read_as_hivex_reads_it() {
    if skipped() {
        return;
    }
    let scratch = Scratch::new();
    for leaf in [*b"li", *b"lf", *b"lh"] {
        for longest in [3, 500] {
            let mut root = Node::new("root").value("", kind::SZ, Value::text("root").data);
            for number in 0..40_u8 {
                let child = Node::new(&format!("Key {number}"))
                    .value(
                        "inline",
                        kind::BINARY,
                        vec![number; usize::from(number) % 5],
                    )
                    .value(
                        "cell",
                        kind::BINARY,
                        vec![number; 100 * usize::from(number)],
                    )
                    .child(Node::new("設定").value("Größe", kind::DWORD, [number, 0, 0, 0]));
                root = root.child(child);
            }
            let big = (0..50_000_u32).map(|index| (index % 253) as u8);
            let root =
                root.child(Node::new("Big").value("big", kind::BINARY, big.collect::<Vec<_>>()));
            let path = scratch.file("written");
            fs::write(&path, writer::hive(&root, Lists { leaf, longest })).unwrap();
            let compared = equal(&path, Root::CurrentUser, "HKEY_CURRENT_USER");
            assert_eq!(
                compared,
                Compared {
                    keys: 82,
                    values: 122
                }
            );
        }
    }
}

#[test]
fn single_values_are_what_hivexget_prints() {
    if skipped() {
        return;
    }
    let scratch = Scratch::new();
    let path = scratch.hive(&corpus(), Root::LocalMachine, "HKEY_LOCAL_MACHINE");
    let hive = Hive::open(&path).unwrap();
    let printed = |key: &str, name: &str| {
        let name = if name.is_empty() { "@" } else { name };
        run(Command::new("hivexget")
            .arg(&path)
            .arg(format!("\\{key}"))
            .arg(name))
    };
    let value = |key, name| hive.value(key, name).unwrap().unwrap();
    let text = |key, name| value(key, name).as_text().unwrap() + "\n";
    for name in ["", "ProxyServer", "Größe", "expand"] {
        assert_eq!(
            printed(r"Software\Test", name),
            text(r"software\TEST", name).as_bytes()
        );
    }
    let number = value(r"Software\Test", "number")
        .as_dword()
        .unwrap()
        .cast_signed();
    assert_eq!(
        printed(r"Software\Test", "number"),
        format!("{number}\n").as_bytes()
    );
    assert_eq!(
        printed(r"Software\Test", "blob"),
        value(r"Software\Test", "blob").as_binary().unwrap()
    );
    assert_eq!(
        printed(r"Software\Test", "large"),
        value(r"Software\Test", "large").as_binary().unwrap()
    );
}

#[test]
fn a_link_is_a_key_to_hivex_and_a_link_to_us() {
    if skipped() {
        return;
    }
    let scratch = Scratch::new();
    let target = Value::text(r"\Registry\Machine\Elsewhere").data;
    let link = Node::new("Link")
        .flags(0x0010)
        .value("SymbolicLinkValue", kind::LINK, target);
    let path = scratch.file("link");
    fs::write(&path, writer::hive(&Node::new("root").child(link), LH)).unwrap();
    let export = run(Command::new("hivexregedit")
        .arg("--export")
        .arg(&path)
        .arg("\\"));
    assert!(
        String::from_utf8(export)
            .unwrap()
            .contains("SymbolicLinkValue")
    );
    let hive = Hive::open(&path).unwrap();
    assert_eq!(hive.subkeys(""), Ok(Some(vec!["Link".to_owned()])));
    assert_eq!(
        hive.value("Link", "SymbolicLinkValue"),
        Err(HiveError::Link)
    );
}

/// Lets hivex make hives from `text`, and compares them with the text and with what hivex reads.
fn made_and_read(name: &str, text: &str) {
    let scratch = Scratch::new();
    let map = reg_file::parse(text.as_bytes()).unwrap();
    let mut all = Compared::default();
    for (root, prefix) in ROOTS {
        let path = scratch.hive(text, root, prefix);
        let hive = Hive::open(&path).unwrap();
        assert_eq!(hive.condition(), Condition::Clean);
        let text = contents(&map, root);
        assert_eq!(tree(&hive), text, "{name}: {prefix} against the text");
        let compared = equal(&path, root, prefix);
        all.keys += compared.keys;
        all.values += compared.values;
    }
    println!("{name}: {all:?}");
    assert!(all.values > 0);
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Compared {
    keys: usize,
    values: usize,
}

/// Compares what we read of a hive with what hivex exports of it.
fn equal(path: &Path, root: Root, prefix: &str) -> Compared {
    let export = run(Command::new("hivexregedit")
        .args(["--export", "--prefix", prefix])
        .arg(path)
        .arg("\\"));
    let exported = contents(&reg_file::parse(&export).unwrap(), root);
    let hive = Hive::open(path).unwrap();
    let read = tree(&hive);
    assert_eq!(read, exported, "{prefix} against hivex");
    Compared {
        keys: read.len(),
        values: read.iter().map(|(_, values)| values.len()).sum(),
    }
}

/// All keys below the root, sorted, with their sorted values.
type Contents = Vec<(String, Vec<(String, u32, Vec<u8>)>)>;

fn tree(hive: &Hive) -> Contents {
    gather(
        &|path| hive.subkeys(path).unwrap().unwrap(),
        &|path| hive.value_names(path).unwrap().unwrap(),
        &|path, name| hive.value(path, name).unwrap().unwrap(),
    )
}

fn contents(map: &RegistryMap, root: Root) -> Contents {
    let key = |path: &str| Key::new(root, path.to_owned());
    gather(
        &|path| map.subkeys(&key(path)).unwrap().unwrap(),
        &|path| map.value_names(&key(path)).unwrap_or_default(),
        &|path, name| map.value(&key(path), name).unwrap().unwrap(),
    )
}

fn gather(
    subkeys: &dyn Fn(&str) -> Vec<String>,
    names: &dyn Fn(&str) -> Vec<String>,
    value: &dyn Fn(&str, &str) -> Value,
) -> Contents {
    let mut found = Contents::new();
    let mut open = vec![String::new()];
    while let Some(path) = open.pop() {
        for name in subkeys(&path) {
            open.push(if path.is_empty() {
                name
            } else {
                format!("{path}\\{name}")
            });
        }
        let read = |name: String| {
            let value = value(&path, &name);
            (name, value.kind, value.data)
        };
        let mut values: Vec<_> = names(&path).into_iter().map(read).collect();
        values.sort();
        found.push((path, values));
    }
    found.sort();
    found
}

/// Keys and values of every kind that the text can say.
fn corpus() -> String {
    let mut text = String::from("Windows Registry Editor Version 5.00\n\n");
    text.push_str(
        "[HKEY_LOCAL_MACHINE\\Software\\Test]\n@=\"default\"\n\"ProxyServer\"=\"proxy:8080\"\n",
    );
    text.push_str("\"Gr\u{f6}\u{df}e\"=\"\u{8a2d}\u{5b9a} \u{1f511}\"\n\"number\"=dword:fffffffe\n\"empty\"=\"\"\n");
    text.push_str("\"expand\"=hex(2):25,00,41,00,25,00,00,00\n\"none\"=hex(0):\n\"several\"=hex(7):61,00,00,00,00,00\n");
    text.push_str("\"wide number\"=hex(b):01,02,03,04,05,06,07,08\n\"odd\"=hex(77):01,02,03\n\"short\"=hex(4):01\n");
    text.push_str("\"blob\"=hex:46,00,00,00,ff,00,0a,0d\n\"large\"=hex:");
    for index in 0..40_000_u32 {
        let _ = write!(
            text,
            "{}{:02x}",
            if index == 0 { "" } else { "," },
            index % 255
        );
    }
    text.push_str(
        "\n\n[HKEY_USERS\\.DEFAULT\\\u{8a2d}\u{5b9a}\\\u{e4}]\n\"\u{540d}\u{524d}\"=dword:00000001\n",
    );
    for number in 0..700 {
        let _ = writeln!(
            text,
            "\n[HKEY_CURRENT_USER\\Many\\Key {number}]\n\"n\"=dword:{number:08x}"
        );
    }
    text
}

/// A folder that is gone when the test is over.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("sspr-hivex-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A hive with the keys of `text` below one root, merged by hivex into an empty one.
    fn hive(&self, text: &str, root: Root, prefix: &str) -> PathBuf {
        let (hive, merge) = (self.file(prefix), self.file("merge.reg"));
        fs::write(&hive, writer::hive(&Node::new("root"), LH)).unwrap();
        fs::write(&merge, with_parents(text, prefix)).unwrap();
        if !contents(&reg_file::parse(text.as_bytes()).unwrap(), root)[1..].is_empty() {
            run(Command::new("hivexregedit")
                .args(["--merge", "--prefix", prefix])
                .arg(&hive)
                .arg(&merge));
        }
        hive
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The sections of one root, with a line for each key above them, which hivex does not make by itself.
fn with_parents(text: &str, prefix: &str) -> String {
    let mut merge = String::new();
    let mut ours = true;
    for line in text.lines() {
        if let Some(path) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            ours = path.split('\\').next() == Some(prefix);
            for (end, _) in path.match_indices('\\').skip(1).filter(|_| ours) {
                let _ = writeln!(merge, "\n[{}]\n", &path[..end]);
            }
        }
        if ours {
            let _ = writeln!(merge, "{line}");
        }
    }
    merge
}

fn run(command: &mut Command) -> Vec<u8> {
    // hivexregedit is written in Perl, which else takes some texts for Latin-1.
    command.env("PERL_UNICODE", "SDA").stdin(Stdio::null());
    let output = command.output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {complaint}");
    output.stdout
}

fn skipped() -> bool {
    let there = |program| {
        let mut command = Command::new(program);
        command
            .arg("--help")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok()
    };
    if ["hivexregedit", "hivexget"].into_iter().all(there) {
        return false;
    }
    let required = std::env::var_os("SSPR_REAL").is_some_and(|mode| mode == "require");
    assert!(
        !required,
        "hivex is required and missing (tests/real/install/hivex)"
    );
    println!("skipped: hivex is not installed");
    true
}
