//! A program that runs until the test has ended.

use std::fs::File;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use std::{fs, thread};

use super::PATIENCE;
use super::place::Place;
use super::port::Port;

/// A running program with all that it has started itself.
pub(crate) struct Process(Child);

impl Process {
    /// The file of a place that holds what the program prints.
    pub(crate) const OUTPUT: &str = "output";

    /// Starts it and waits until it listens on `port`.
    pub(crate) fn start(place: &Place, command: &mut Command, port: &Port) -> Self {
        let output = place.path(Self::OUTPUT);
        let printed = File::create(&output).unwrap();
        let child = command
            .process_group(0)
            .stdout(printed.try_clone().unwrap())
            .stderr(printed)
            .spawn()
            .unwrap();
        let mut process = Self(child);
        process.wait_for(port, &output);
        process
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    fn wait_for(&mut self, port: &Port, output: &Path) {
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port.number())).is_err() {
            let ended = self.0.try_wait().unwrap();
            if ended.is_some() || Instant::now() > deadline {
                let printed = fs::read(output).unwrap();
                let printed = String::from_utf8_lossy(&printed);
                panic!("it does not listen, but {ended:?}: {printed}");
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Runs a program to its end, which must be a good one, and gives back what it said.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

impl Drop for Process {
    fn drop(&mut self) {
        // The group keeps its number as long as nobody has waited for its leader.
        let kill = format!("kill -s KILL -- -{}", self.id());
        let _ = Command::new("sh").args(["-c", &kill]).status();
        let _ = self.0.wait();
    }
}
