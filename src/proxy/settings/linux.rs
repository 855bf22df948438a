//! The places of a Linux system that hold for every process: `/etc/sysconfig/proxy` and `/etc/environment`.

use std::io::{self, Read};
use std::path::Path;

use super::{Environment, EnvironmentDialect, Journal, Reading, Store, Unreadable};
use crate::error::StoreProblem;

/// The texts of the files, `None` where a file does not exist.
///
/// Only the administrator writes them, so they count even where environment variables do not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LinuxPlaces {
    /// `/etc/sysconfig/proxy` (SUSE).
    pub sysconfig: Option<String>,
    /// `/etc/environment` (read by `pam_env`).
    pub etc_environment: Option<String>,
}

/// The most bytes of a file that are read.
const LARGEST_FILE: u64 = 64 * 1024;

impl LinuxPlaces {
    /// Reads the files below `root`, which is `/` but for tests and mounted systems.
    ///
    /// # Errors
    /// [`Unreadable`] if a file exists and cannot be read, is no text, or exceeds 64 KiB.
    pub fn read(root: &Path) -> Result<Self, Unreadable> {
        Ok(Self {
            sysconfig: read_file(&root.join("etc/sysconfig/proxy"))?,
            etc_environment: read_file(&root.join("etc/environment"))?,
        })
    }

    pub(in crate::proxy) fn note(&self, journal: &mut Journal) {
        for (place, text) in [
            (SYSCONFIG, &self.sysconfig),
            (ETC_ENVIRONMENT, &self.etc_environment),
        ] {
            journal.note(place, text.as_deref().unwrap_or_default().as_bytes());
        }
    }

    /// What the sysconfig file says. `PROXY_ENABLED="no"` switches it off.
    pub(in crate::proxy) fn read_sysconfig(&self) -> Reading {
        let mut variables = assignments(self.sysconfig.as_deref().unwrap_or_default());
        let enabled = variables
            .iter()
            .any(|(name, value)| name == "PROXY_ENABLED" && value.eq_ignore_ascii_case("yes"));
        if !enabled {
            variables.clear();
        }
        in_lower_case(variables).read(Store::Sysconfig, SYSCONFIG, EnvironmentDialect::Curl)
    }

    pub(in crate::proxy) fn read_etc_environment(&self) -> Reading {
        let variables = assignments(self.etc_environment.as_deref().unwrap_or_default());
        in_lower_case(variables).read(
            Store::EtcEnvironment,
            ETC_ENVIRONMENT,
            EnvironmentDialect::Curl,
        )
    }
}

const SYSCONFIG: &str = "/etc/sysconfig/proxy";
const ETC_ENVIRONMENT: &str = "/etc/environment";

/// The lines `NAME=value`, with or without `export` and quotation marks. Nothing is expanded.
fn assignments(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), unquoted(value.trim()).to_owned()))
        .collect()
}

fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|mark| value.strip_prefix(mark)?.strip_suffix(mark))
        .unwrap_or(value)
}

/// Only the administrator writes here, so the hazard of an upper-case `HTTP_PROXY` does not exist.
fn in_lower_case(variables: Vec<(String, String)>) -> Environment {
    variables
        .into_iter()
        .filter(|(name, _)| name != "REQUEST_METHOD")
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect()
}

/// The text of a file, or `None` if it does not exist.
pub(super) fn read_file(path: &Path) -> Result<Option<String>, Unreadable> {
    let unreadable = |problem| Unreadable {
        place: path.display().to_string(),
        problem,
    };
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 > LARGEST_FILE => Err(unreadable(StoreProblem::Corrupt {
            detail: "larger than 64 KiB",
        })),
        Ok(_) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(unreadable(StoreProblem::NotText)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(unreadable(StoreProblem::Denied))
        }
        Err(error) => Err(unreadable(StoreProblem::System {
            code: error.raw_os_error().unwrap_or_default(),
        })),
    }
}
