//! OpenSSL in a process of its own, which this crate never links: `benches/peers/openssl`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::Result;

/// Builds the peer and gives its program.
pub(crate) fn build() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = root.join("target/peers");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet"])
        .current_dir(root.join("benches/peers/openssl"))
        .env("CARGO_TARGET_DIR", &target)
        .status()?;
    match status.success() {
        true => Ok(target.join("release/openssl_peer")),
        false => {
            Err("the peer needs OpenSSL (Debian: apt-get install libssl-dev pkg-config)".into())
        }
    }
}

/// The running peer. It ends with its standard input.
pub(crate) struct Peer {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts it in the folder where its files are.
    pub(crate) fn start(program: &Path, folder: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        Ok(Self {
            orders: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().ok_or("no output")?),
            child,
        })
    }

    /// Gives an order and waits for the number that answers it.
    pub(crate) fn order(&mut self, order: &str) -> Result<u64> {
        writeln!(self.orders.as_mut().ok_or("no input")?, "{order}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let number = line.trim().parse();
        number.map_err(|_| format!("the peer has not done: {order}").into())
    }

    /// Lets it do something some times and gives the time of one.
    pub(crate) fn time(&mut self, order: &str, times: u32) -> Result<Duration> {
        let nanoseconds = self.order(&format!("{order} {times}"))?;
        Ok(Duration::from_nanos(nanoseconds) / times)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.child.wait();
    }
}
