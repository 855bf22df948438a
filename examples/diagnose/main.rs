//! Walks the way of a password reset once, and tells what is in it.
//!
//! ```text
//! diagnose [--cloud global|us-gov|china] [--authority URL --client-id ID]
//!          [--registry FILE.reg] [--hive NTUSER.DAT] [--proxy URL]
//!          [--budget SECONDS] [--lang en|ja] [--json] [--line] [--disclose]
//! diagnose --demo FAULT …     orders a fault from a mock world on this computer; --demo list names them
//! ```
//!
//! `--registry` reads an export of a Windows registry: what it says about the computer, and which way leads out;
//! `--hive` the hive of its Default profile. Without both, this computer's settings count. `--line` prints the one line
//! for the sign-in screen. Exit status: 0 if nothing blocks a reset, 1 if something does, 2 for a wrong command.

mod demo;
mod files;
mod options;
mod proxy;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use sspr::diagnosis::{Diagnosis, Report, Verdict};
use sspr::machine::readiness::Readiness;
use sspr::messages::Messages;
use sspr::{Channel, ChannelBuilder, CloudTable, NativeV1};

use options::Options;

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(std::env::args_os().skip(1), &mut std::io::stdout()).await {
        Ok(Verdict::Blocked) => ExitCode::FAILURE,
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("diagnose: {error}");
            ExitCode::from(2)
        }
    }
}

/// Prints to `out`, and returns the verdict.
pub(crate) async fn run(
    words: impl IntoIterator<Item = std::ffi::OsString>,
    out: &mut dyn Write,
) -> Result<Verdict, Failure> {
    let options = Options::parse(words)?;
    if options.demo.as_deref() == Some("list") {
        for (name, what) in demo::FAULTS {
            writeln!(out, "{name:22}{what}")?;
        }
        return Ok(Verdict::Ok);
    }
    let report = match &options.demo {
        Some(fault) => {
            let mut world = demo::World::with(fault).await?;
            refined(world.diagnosis()?, &options).diagnose().await
        }
        None => refined(diagnosis(&options)?, &options).diagnose().await,
    };
    print(&report, &options, out)?;
    Ok(report.verdict)
}

fn diagnosis(options: &Options) -> Result<Diagnosis, Failure> {
    let mut diagnosis = Diagnosis::new().over(channel(options)?);
    match (&options.authority, &options.client_id) {
        (Some(authority), Some(client_id)) => {
            diagnosis = diagnosis.protocol(&NativeV1::new(authority, client_id)?);
        }
        (None, None) => {}
        _ => return Err("--authority and --client-id belong together".into()),
    }
    let cloud = match (&options.cloud, &options.authority) {
        (Some(name), _) => Some(name.as_str()),
        (None, Some(_)) => None,
        (None, None) => Some("global"),
    };
    if let Some(name) = cloud {
        let table = CloudTable::default();
        let cloud = table.clouds().iter().find(|cloud| cloud.name == name);
        diagnosis = diagnosis.cloud(cloud.ok_or(format!("unknown cloud {name}"))?);
    }
    let readiness = match &options.registry {
        Some(file) => Some(files::readiness(file)?),
        None => Readiness::of_this_computer().ok(),
    };
    Ok(match readiness {
        Some(readiness) => diagnosis.readiness(readiness),
        None => diagnosis,
    })
}

fn channel(options: &Options) -> Result<ChannelBuilder, Failure> {
    let channel = Channel::builder();
    if let Some(proxy) = &options.proxy {
        return Ok(channel.way(proxy.clone()));
    }
    if options.registry.is_none() && options.hive.is_none() {
        return Ok(channel);
    }
    Ok(channel.ways(files::ways(options)?))
}

fn refined(diagnosis: Diagnosis, options: &Options) -> Diagnosis {
    let diagnosis = diagnosis.disclose(options.disclose);
    match options.budget {
        Some(budget) => diagnosis.budget(budget),
        None => diagnosis,
    }
}

fn print(report: &Report, options: &Options, out: &mut dyn Write) -> Result<(), Failure> {
    let messages = Messages::for_language(&options.language);
    if options.json {
        writeln!(out, "{}", serde_json::to_string_pretty(report)?)?;
    } else if options.line {
        writeln!(out, "{}", report.screen_line(&messages))?;
    } else {
        write!(out, "{}", report.text(&messages))?;
    }
    Ok(())
}
