//! Programs that end with the test, and what they print.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;
use std::{env, fs};

/// How long a component may take for what it has to do.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program by its name. Servers are often where only administrators look.
pub(crate) fn program(name: &str) -> Command {
    let mut path = env::var_os("PATH").unwrap_or_default();
    path.push(OsString::from(":/usr/sbin"));
    let mut command = Command::new(name);
    command.env("PATH", path).stdin(Stdio::null());
    command
}

/// Runs a program to its end, which must be a good one.
pub(crate) fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
    output.stdout
}

/// The time as it is.
pub(crate) const NOW: &str = "";

/// Makes `command` see another time: an offset such as `-2d`, or `@2000-01-01 00:00:00`.
///
/// `faketime` itself would start the program as a child of its own, which would outlive a kill; so its library is loaded
/// directly. The monotonic clock stays, or timed waits would hang.
pub(crate) fn at<'c>(command: &'c mut Command, time: &str) -> &'c mut Command {
    if time == NOW {
        return command;
    }
    static LIBRARY: LazyLock<String> = LazyLock::new(|| {
        let printed = run(program("faketime").args(["-f", "+0", "printenv", "LD_PRELOAD"]));
        String::from_utf8(printed).unwrap().trim().to_owned()
    });
    command
        .env("LD_PRELOAD", &*LIBRARY)
        .env("FAKETIME", time)
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
}

/// A running program. It ends when this is dropped.
pub(crate) struct Process(pub(crate) Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap())
    }

    pub(crate) fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
        // The library of `faketime` tidies up in programs that end by themselves only.
        for kind in ["faketime_shm", "sem.faketime_sem"] {
            let _ = fs::remove_file(format!("/dev/shm/{kind}_{}", self.0.id()));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// The lines that a program prints, read as they come so that it never has to wait.
pub(crate) struct Lines(Receiver<String>);

impl Lines {
    /// Reads `pipe` to its end. Each line goes to `seen` first.
    pub(crate) fn of(
        pipe: impl Read + Send + 'static,
        mut seen: impl FnMut(&str) + Send + 'static,
    ) -> Self {
        let (sender, receiver) = channel();
        thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n') {
                let line = String::from_utf8_lossy(&line.unwrap())
                    .trim_end()
                    .to_owned();
                seen(&line);
                // The test may have no interest in the rest.
                let _ = sender.send(line);
            }
        });
        Self(receiver)
    }

    /// The lines up to the one that holds `wanted`, which must come.
    pub(crate) fn until(&self, wanted: &str) -> Vec<String> {
        self.find(wanted)
            .unwrap_or_else(|lines| panic!("no '{wanted}' in {lines:#?}"))
    }

    /// The lines up to the one that holds `wanted`, or all of them if the program ended without it.
    pub(crate) fn find(&self, wanted: &str) -> Result<Vec<String>, Vec<String>> {
        let mut lines = Vec::new();
        loop {
            match self.0.recv_timeout(PATIENCE) {
                Ok(line) => lines.push(line),
                Err(RecvTimeoutError::Disconnected) => return Err(lines),
                Err(RecvTimeoutError::Timeout) => panic!("no '{wanted}' in time: {lines:#?}"),
            }
            if lines.last().is_some_and(|line| line.contains(wanted)) {
                return Ok(lines);
            }
        }
    }

    /// The port in the next line that `openssl` prints when it listens.
    pub(crate) fn port(&self) -> u16 {
        let lines = self.until("ACCEPT ");
        let line = lines.last().unwrap();
        let port = line.split(':').next_back().unwrap();
        port.split(' ').next().unwrap().parse().unwrap()
    }

    /// All lines until the program ends, which it must.
    pub(crate) fn rest(&self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.0.recv_timeout(PATIENCE) {
                Ok(line) => lines.push(line),
                Err(RecvTimeoutError::Disconnected) => return lines,
                Err(RecvTimeoutError::Timeout) => panic!("no end in time: {lines:#?}"),
            }
        }
    }
}
