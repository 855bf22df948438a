//! Writes what an administrator needs into a folder, each thing with its undo.
//!
//! ```text
//! deployment_kit FOLDER [--cloud global|us-gov|china] [--proxy HOST:PORT]
//! deployment_kit --check-phone NUMBER
//! deployment_kit --check-email ADDRESS
//! ```
//!
//! Exit status: 0 if it is done or the number or address has the right form, 1 if not, 2 for a wrong command.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use sspr::CloudTable;
use sspr::machine::deployment::{ContactProblem, Kit, check_email, check_phone};

fn main() -> ExitCode {
    match run(std::env::args().skip(1), &mut std::io::stdout()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("deployment_kit: {error}");
            ExitCode::from(2)
        }
    }
}

/// Writes the kit, and prints to `out` what was written; whether all is well.
pub(crate) fn run(
    mut words: impl Iterator<Item = String>,
    out: &mut dyn Write,
) -> Result<bool, Box<dyn Error>> {
    let (mut folder, mut proxy) = (None, None);
    let mut cloud = "global".to_owned();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--cloud" => cloud = value()?,
            "--proxy" => proxy = Some(value()?.parse()?),
            "--check-phone" => return check(&value()?, check_phone, out),
            "--check-email" => return check(&value()?, check_email, out),
            option if option.starts_with("--") => {
                return Err(format!("unknown option {option}").into());
            }
            path => folder = Some(PathBuf::from(path)),
        }
    }
    let folder = folder.ok_or("which folder?")?;
    let clouds = CloudTable::default();
    let mut known = clouds.clouds().iter();
    let cloud = known
        .find(|known| known.name == cloud)
        .ok_or("unknown cloud")?;
    let kit = Kit::new(cloud);
    let kit = match proxy {
        Some(proxy) => kit.with_proxy(proxy),
        None => kit,
    };
    fs::create_dir_all(&folder)?;
    for (name, content) in kit.files() {
        let path = folder.join(name);
        fs::write(&path, content)?;
        writeln!(out, "{}", path.display())?;
    }
    Ok(true)
}

fn check(
    text: &str,
    checked: impl Fn(&str) -> Result<(), ContactProblem>,
    out: &mut dyn Write,
) -> Result<bool, Box<dyn Error>> {
    let checked = checked(text);
    match &checked {
        Ok(()) => writeln!(out, "{text}: good")?,
        Err(problem) => writeln!(out, "{text}: {problem}")?,
    }
    Ok(checked.is_ok())
}
