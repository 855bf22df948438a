//! What reading a page costs: `cargo bench --bench forms` (Linux; needs valgrind).
//!
//! The forms engine and scraper take the same facts from the same pages, in the program of the package
//! `benches/peers/scraper`. Instructions are counted by callgrind; the difference between two numbers of calls is free of
//! the start. Then the round trips of each protocol are counted, by the step that is answered.
//!
//! Every goal has a line `RATIO <name> <value> goal <goal>`: lower is better, the goal is the highest allowed.

mod steps;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const PAGES: [&str; 4] = ["portal", "django", "webforms", "large"];

/// How many calls are counted.
const CALLS: u64 = 4;

fn main() -> Result<()> {
    let program = build()?;
    for page in PAGES {
        let ours = instructions(&program, "ours", page)?;
        let theirs = instructions(&program, "scraper", page)?;
        println!("{page}: {ours} instructions ours, {theirs} scraper");
        println!(
            "RATIO forms-{page} {:.3} goal 1",
            ours as f64 / theirs as f64
        );
    }
    steps::measure()
}

fn build() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = root.join("target/peers");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--target-dir"])
        .arg(&target)
        .current_dir(root.join("benches/peers/scraper"))
        .status()?;
    match built.success() {
        true => Ok(target.join("release/scraper_peer")),
        false => Err("the package benches/peers/scraper does not build".into()),
    }
}

/// The instructions of one call.
fn instructions(program: &Path, who: &str, page: &str) -> Result<u64> {
    let once = count(program, who, page, 1)?;
    let more = count(program, who, page, 1 + CALLS)?;
    Ok(more.saturating_sub(once) / CALLS)
}

fn count(program: &Path, who: &str, page: &str, calls: u64) -> Result<u64> {
    let done = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([who, page, &calls.to_string()])
        .output()
        .map_err(|_| "this benchmark needs valgrind (Debian: apt-get install valgrind)")?;
    let report = String::from_utf8_lossy(&done.stderr);
    let collected = report
        .lines()
        .find_map(|line| line.split_once("Collected : "))
        .ok_or_else(|| format!("callgrind has not said how much it collected:\n{report}"))?;
    Ok(collected.1.trim().parse()?)
}
