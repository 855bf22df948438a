//! A test in a process of its own.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::process::run;

/// Where a process learns that it is such a one.
const INSIDE: &str = "SSPR_INSIDE_REALM";

/// A process in which one test runs, that nothing of the environment has told about Kerberos but where the realm is.
pub(crate) struct Child {
    command: Command,
    folder: PathBuf,
}

impl Child {
    pub(super) fn new(folder: &Path, name: &str) -> Self {
        let test = env::current_exe().unwrap();
        Self::of(Command::new(test), folder, name).config("krb5.conf")
    }

    /// The same with a clock that is wrong by `offset`, as `+10m`. To be said first.
    pub(crate) fn clock(self, offset: &str) -> Self {
        let mut command = Command::new("faketime");
        command.args(["-f", offset]).arg(self.command.get_program());
        let name = self.command.get_args().nth(1).unwrap();
        Self::of(command, &self.folder, name.to_str().unwrap()).config("krb5.conf")
    }

    /// The file of settings.
    pub(crate) fn config(mut self, file: &str) -> Self {
        self.command.env("KRB5_CONFIG", self.folder.join(file));
        self
    }

    /// The file of tickets.
    pub(crate) fn tickets(mut self, file: &str) -> Self {
        self.command.env("KRB5CCNAME", self.folder.join(file));
        self
    }

    /// Runs the test, which must pass.
    pub(crate) fn run(mut self) {
        let told = run(&mut self.command);
        assert!(told.contains(" 1 passed;"), "{told}");
    }

    fn of(mut command: Command, folder: &Path, name: &str) -> Self {
        command
            .args(["--exact", name, "--nocapture"])
            .env_remove("KRB5_KTNAME")
            .env_remove("KRB5_CLIENT_KTNAME")
            .env(INSIDE, folder)
            .env("KRB5CCNAME", folder.join("nothing"));
        Self {
            command,
            folder: folder.to_owned(),
        }
    }
}

/// What a test knows inside a [`Child`].
pub(crate) struct Inside {
    folder: PathBuf,
}

impl Inside {
    pub(crate) fn get() -> Option<Self> {
        let folder = env::var_os(INSIDE)?.into();
        Some(Self { folder })
    }

    /// A file of the realm.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }
}
