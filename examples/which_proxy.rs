//! Tells which way leads to an address on this computer, or on the one that files were taken from, and why.
//!
//! ```text
//! which_proxy URL… [--registry FILE.reg] [--hive NTUSER.DAT] [--context service|user] [--json]
//! ```
//!
//! `--registry` reads an export instead of this computer's settings, `--hive` the hive of its Default profile. Without
//! both, the settings of this computer are read, environment variables included. A proxy script is fetched and run if
//! the feature `pac` is on. Exit status: 0 if every address has a way, 1 if not, 2 for a wrong command.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::json;
use sspr::Message;
use sspr::machine::reg_file;
use sspr::machine::registry::{RegistryMap, RegistryView};
use sspr::proxy::{
    Context, EnvironmentDialect, PacResolver, Sources, Survey, SurveyOptions, SurveySource,
    ThisComputer, UserHive, UserHiveFile, WindowsSources,
};
use url::Url;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(std::env::args().skip(1), &mut std::io::stdout()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("which_proxy: {error}");
            ExitCode::from(2)
        }
    }
}

/// Prints to `out`; whether every address has a way.
pub(crate) async fn run(
    words: impl Iterator<Item = String>,
    out: &mut dyn Write,
) -> Result<bool, Box<dyn Error>> {
    let arguments = Arguments::parse(words)?;
    let mut options = SurveyOptions::default();
    options.context = arguments.context;
    options.environment = Some(EnvironmentDialect::Curl);
    let survey = if arguments.registry.is_some() || arguments.hive.is_some() {
        survey_of_files(&arguments, &options)?
    } else {
        ThisComputer::new(options).survey()
    };
    let resolver = resolver()?;

    let mut complete = true;
    for url in &arguments.urls {
        let plan = survey.plan(url, resolver.as_deref()).await;
        complete &= plan.is_ok();
        let findings = match &plan {
            Ok(plan) => &plan.findings,
            Err(_) => &survey.findings,
        };
        if arguments.json {
            let answer = match &plan {
                Ok(plan) => json!({ "url": url, "plan": plan }),
                Err(fault) => json!({
                    "url": url, "fault": fault, "message": fault.message_id(), "findings": findings
                }),
            };
            writeln!(out, "{answer:#}")?;
            continue;
        }
        writeln!(out, "{url}")?;
        match &plan {
            Ok(plan) => {
                for candidate in &plan.candidates {
                    writeln!(out, "  way: {candidate}")?;
                }
                match &plan.provenance {
                    Some(from) => writeln!(out, "  from: {} ({})", from.place, from.store.name())?,
                    None => writeln!(out, "  from: nowhere, every store is empty")?,
                }
            }
            Err(fault) => writeln!(out, "  no way: {fault}")?,
        }
        for finding in findings {
            writeln!(out, "  note: {finding}")?;
        }
    }
    Ok(complete)
}

/// The settings of the computer that the files were taken from.
fn survey_of_files(
    arguments: &Arguments,
    options: &SurveyOptions,
) -> Result<Survey, Box<dyn Error>> {
    let registry: Box<dyn RegistryView> = match &arguments.registry {
        Some(file) => Box::new(read_export(file)?),
        None => Box::new(RegistryMap::new()),
    };
    let view = registry.as_ref();
    let hive = arguments.hive.as_deref().map(UserHiveFile::open);
    let mut sources = Sources::default();
    sources.windows = Some(WindowsSources {
        registry: view,
        user: Some(UserHive::current_user(view)),
        default_profile: Some(match &hive {
            Some(Ok(hive)) => Ok(hive.as_user()),
            Some(Err(unreadable)) => Err(unreadable.clone()),
            // Where `reg load` puts it, as the vendor's instructions have it.
            None => Ok(UserHive::of_user(view, "Default")),
        }),
    });
    Ok(Survey::take(&sources, options))
}

fn read_export(file: &Path) -> Result<RegistryMap, Box<dyn Error>> {
    let told = |error: &dyn Error| format!("{}: {error}", file.display());
    let bytes = std::fs::read(file).map_err(|error| told(&error))?;
    Ok(reg_file::parse(&bytes).map_err(|error| told(&error))?)
}

#[cfg(feature = "pac")]
fn resolver() -> Result<Option<Arc<dyn PacResolver>>, Box<dyn Error>> {
    use sspr::proxy::pac::{OsWorld, QuickJs};
    use sspr::{ScriptFetch, ScriptResolver, Timeouts, Trust};

    let fetch = ScriptFetch::new(&Trust::new(), Timeouts::default())?;
    let engine = QuickJs::new(Arc::new(OsWorld));
    Ok(Some(Arc::new(ScriptResolver::new(engine, fetch))))
}

#[cfg(not(feature = "pac"))]
fn resolver() -> Result<Option<Arc<dyn PacResolver>>, Box<dyn Error>> {
    Ok(None)
}

#[derive(Default)]
struct Arguments {
    urls: Vec<Url>,
    registry: Option<PathBuf>,
    hive: Option<PathBuf>,
    context: Context,
    json: bool,
}

impl Arguments {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut arguments = Self::default();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--registry" => arguments.registry = Some(value()?.into()),
                "--hive" => arguments.hive = Some(value()?.into()),
                "--context" => {
                    arguments.context = match value()?.as_str() {
                        "service" => Context::Service,
                        "user" => Context::User,
                        other => return Err(format!("unknown context {other}").into()),
                    }
                }
                "--json" => arguments.json = true,
                option if option.starts_with("--") => {
                    return Err(format!("unknown option {option}").into());
                }
                url => arguments.urls.push(Url::parse(url)?),
            }
        }
        if arguments.urls.is_empty() {
            return Err("which address?".into());
        }
        Ok(arguments)
    }
}
