//! Memory and size.

use std::path::Path;
use std::process::Command;

use crate::Result;

/// The most memory that this process has had resident, in bytes.
pub(crate) fn peak_resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib << 10)
}

/// Builds the minimal embedding program and gives its size in bytes.
pub(crate) fn minimal_program() -> Result<u64> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/minimal");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet"])
        .current_dir(&package)
        .env("CARGO_TARGET_DIR", package.join("../../target/minimal"))
        .status()?;
    if !status.success() {
        return Err("the minimal program does not build".into());
    }
    Ok(std::fs::metadata(package.join("../../target/minimal/release/minimal"))?.len())
}
