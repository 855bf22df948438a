//! Tells which way leads to an address on this computer, or on the one that files were taken from, and why.
//!
//! ```text
//! which_proxy URL… [--registry FILE.reg] [--hive NTUSER.DAT] [--context service|user] [--json]
//! ```
//!
//! `--registry` reads an export instead of this computer's settings, `--hive` the hive of its Default profile. Without
//! both, the settings of this computer are read, environment variables included. A proxy script is named, not run.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;
use sspr::Message;
use sspr::machine::hive::Hive;
use sspr::machine::reg_file;
use sspr::machine::registry::{Key, RegistryMap, RegistryView, Root};
use sspr::proxy::{
    Context, Environment, EnvironmentDialect, LinuxPlaces, Sources, Survey, SurveyOptions,
    Unreadable, UserHive, WindowsSources,
};
use url::Url;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("which_proxy: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether every address has a way.
async fn run() -> Result<bool, Box<dyn Error>> {
    let arguments = Arguments::of_this_process()?;
    let registry = match &arguments.registry {
        Some(file) => Some(read_export(file)?),
        None => None,
    };
    let hive = arguments.hive.as_deref().map(open_hive);
    let nothing = RegistryMap::new();
    let mut sources = Sources::default();
    if registry.is_some() || hive.is_some() {
        let view = registry.as_deref().unwrap_or(&nothing);
        sources.windows = Some(WindowsSources {
            registry: view,
            user: Some(UserHive::current_user(view)),
            default_profile: Some(match &hive {
                Some(Ok(hive)) => Ok(hive.as_user()),
                Some(Err(unreadable)) => Err(unreadable.clone()),
                None => Ok(UserHive::of_user(view, "Default")),
            }),
        });
    } else {
        sources.environment = Some(Environment::of_this_process());
        sources.linux = Some(LinuxPlaces::read(Path::new("/")));
    }
    let mut options = SurveyOptions::default();
    options.context = arguments.context;
    options.environment = Some(EnvironmentDialect::Curl);
    let survey = Survey::take(&sources, &options);

    let mut complete = true;
    for url in &arguments.urls {
        complete &= tell(&survey, url, arguments.json).await;
    }
    Ok(complete)
}

/// Prints the plan for one address; whether there is one.
async fn tell(survey: &Survey, url: &Url, json: bool) -> bool {
    let plan = survey.plan(url, None).await;
    let findings = match &plan {
        Ok(plan) => &plan.findings,
        Err(_) => &survey.findings,
    };
    if json {
        let answer = match &plan {
            Ok(plan) => json!({ "url": url, "plan": plan }),
            Err(fault) => {
                json!({ "url": url, "fault": fault, "message": fault.message_id(), "findings": findings })
            }
        };
        println!("{answer:#}");
        return plan.is_ok();
    }
    println!("{url}");
    match &plan {
        Ok(plan) => {
            for candidate in &plan.candidates {
                println!("  way: {candidate}");
            }
            match &plan.provenance {
                Some(from) => println!("  from: {} ({})", from.place, from.store.name()),
                None => println!("  from: nowhere, every store is empty"),
            }
        }
        Err(fault) => println!("  no way: {fault}"),
    }
    for finding in findings {
        println!("  note: {finding}");
    }
    plan.is_ok()
}

fn read_export(file: &Path) -> Result<Box<dyn RegistryView>, Box<dyn Error>> {
    Ok(Box::new(reg_file::parse(&std::fs::read(file)?)?))
}

/// A hive in the place of the current user's.
struct OpenHive {
    view: Box<dyn RegistryView>,
    is_clean: bool,
}

fn open_hive(file: &Path) -> Result<OpenHive, Unreadable> {
    let hive =
        Hive::open(file).map_err(|error| Unreadable::new(file.display().to_string(), error))?;
    let is_clean = hive.condition().is_clean();
    let view = Box::new(hive.mount(Key::new(Root::CurrentUser, "")));
    Ok(OpenHive { view, is_clean })
}

impl OpenHive {
    fn as_user(&self) -> UserHive<'_> {
        let user = UserHive::current_user(self.view.as_ref());
        if self.is_clean { user } else { user.stale() }
    }
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
    fn of_this_process() -> Result<Self, Box<dyn Error>> {
        let mut arguments = Self::default();
        let mut words = std::env::args().skip(1);
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
                url => arguments.urls.push(Url::parse(url)?),
            }
        }
        if arguments.urls.is_empty() {
            return Err("which address?".into());
        }
        Ok(arguments)
    }
}
