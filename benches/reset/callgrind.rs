//! Instructions of a client process, counted by callgrind.

use std::process::{Command, Stdio};

use crate::Result;

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

/// The instructions of a client, in its function `measured`.
pub(crate) fn count(client: &Command) -> Result<u64> {
    let output = under_valgrind(client).output()?;
    let report = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{client:?} failed under valgrind:\n{report}").into());
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

fn under_valgrind(client: &Command) -> Command {
    let mut command = Command::new("valgrind");
    command
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--toggle-collect=*measured*",
        ])
        .arg(client.get_program())
        .args(client.get_args());
    for (name, value) in client.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command
}
