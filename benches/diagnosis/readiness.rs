//! The time in which readiness is told.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use sspr::machine::hive::Hive;
use sspr::machine::readiness::{NoProbes, Readiness};
use sspr::machine::reg_file;
use sspr::machine::registry::{Key, Root, kind};

use crate::writer::{self, Lists, Node};
use crate::{Result, ratio};

const ROUNDS: usize = 50;

/// The goal, in milliseconds.
const GOAL: f64 = 5.0;

pub(crate) fn measure() -> Result<()> {
    let text = export();
    let map = reg_file::parse(text.as_bytes())?;
    let of_map = best(|| Ok(Readiness::assess(&map, &NoProbes::new())))?;
    // From the bytes on.
    let of_text = best(|| {
        let map = reg_file::parse(text.as_bytes())?;
        Ok(Readiness::assess(&map, &NoProbes::new()))
    })?;
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diagnosis-bench.dat");
    fs::write(&path, hive())?;
    println!(
        "export of {} KiB, hive of {} KiB",
        text.len() / 1024,
        fs::metadata(&path)?.len() / 1024
    );
    let of_hive = best(|| {
        let hive = Hive::open(&path)?;
        let software = hive.mount(Key::new(Root::LocalMachine, "SOFTWARE"));
        Ok(Readiness::assess(&software, &NoProbes::new()))
    })?;
    fs::remove_file(&path)?;
    ratio("readiness-of-map-ms", of_map, GOAL);
    ratio("readiness-of-export-ms", of_text, GOAL);
    ratio("readiness-of-hive-ms", of_hive, GOAL);
    Ok(())
}

/// The time of one call in the best round, in milliseconds.
fn best(call: impl Fn() -> Result<Readiness>) -> Result<f64> {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        black_box(call()?);
        best = best.min(begun.elapsed());
    }
    Ok(best.as_secs_f64() * 1e3)
}

/// What is read is among much that is not.
fn export() -> String {
    let mut text = "Windows Registry Editor Version 5.00\n".to_owned();
    let mut add = |key: &str, values: &str| {
        text += &format!("\n[HKEY_LOCAL_MACHINE\\{key}]\n{values}\n");
    };
    for number in 0..2000 {
        add(
            &format!(r"SOFTWARE\Vendor\Product {number}"),
            "\"Name\"=\"a product\"\n\"Flag\"=dword:00000001",
        );
    }
    add(
        r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
        "\"EnableLUA\"=dword:00000000\n\"ScForceOption\"=dword:00000001\n\"HideFastUserSwitching\"=dword:00000001",
    );
    add(
        r"SOFTWARE\Microsoft\Windows NT\CurrentVersion",
        "\"CurrentBuild\"=\"19045\"\n\"EditionID\"=\"Professional\"",
    );
    let joined = r"SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo";
    for number in 0..20 {
        add(
            &format!(r"{joined}\AB{number:02}"),
            "\"TenantId\"=\"11111111-2222-3333-4444-555555555555\"",
        );
    }
    text
}

/// `SOFTWARE` with the settings that are read, and with much else.
fn hive() -> Vec<u8> {
    let one = || 1_u32.to_le_bytes();
    let system = Node::new("System")
        .value("ScForceOption", kind::DWORD, one())
        .value("HideFastUserSwitching", kind::DWORD, one());
    let path = ["Policies", "CurrentVersion", "Windows", "Microsoft"];
    let top = path.into_iter().fold(system, |below, name| {
        let others = (0..100).map(|number| Node::new(&format!("{name} {number}")));
        let filled = others.map(|node| node.value("filler", kind::BINARY, vec![0xA5; 2800]));
        filled.fold(Node::new(name).child(below), Node::child)
    });
    let lists = Lists {
        leaf: *b"lh",
        longest: 500,
    };
    writer::hive(&Node::new("root").child(top), lists)
}
