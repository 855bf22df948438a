//! Instructions of a client process, counted by callgrind.

use std::process::{Command, Stdio};

use crate::Result;
use crate::peer::Peer;

/// Says so if valgrind is missing.
pub(crate) fn is_there() -> Result<()> {
    match Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
    {
        Ok(status) if status.success() => Ok(()),
        _ => Err("this benchmark needs valgrind (Debian: apt-get install valgrind)".into()),
    }
}

/// The instructions of `who` in one scenario.
pub(crate) fn count(who: &str, scenario: &str, peer: &Peer) -> Result<u64> {
    let output = peer
        .environment(Command::new("valgrind"))
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--toggle-collect=*measured*",
        ])
        .arg(std::env::current_exe()?)
        .args([who, scenario])
        .output()?;
    let report = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{who} {scenario} failed under valgrind:\n{report}").into());
    }
    let collected = report
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    Ok(collected
        .ok_or("callgrind has not said how much it collected")?
        .1
        .trim()
        .parse()?)
}
