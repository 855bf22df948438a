//! Another computer's settings, from files that were taken from it.

use std::path::Path;

use sspr::machine::readiness::{NoProbes, Readiness};
use sspr::machine::reg_file;
use sspr::machine::registry::RegistryMap;
use sspr::proxy::{
    Sources, Survey, SurveyOptions, SurveySource, Unreadable, UserHive, UserHiveFile, Ways,
    WindowsSources,
};

use super::Failure;
use super::options::Options;

pub(crate) fn readiness(file: &Path) -> Result<Readiness, Failure> {
    Ok(Readiness::assess(&export(file)?, &NoProbes::new()))
}

/// The ways that the files lead to.
pub(crate) fn ways(options: &Options) -> Result<Ways, Failure> {
    let registry = match &options.registry {
        Some(file) => export(file)?,
        None => RegistryMap::new(),
    };
    let hive = options.hive.as_deref().map(UserHiveFile::open);
    with_scripts(Ways::new(Files { registry, hive }))
}

struct Files {
    registry: RegistryMap,
    hive: Option<Result<UserHiveFile, Unreadable>>,
}

impl SurveySource for Files {
    fn survey(&self) -> Survey {
        let view = &self.registry;
        let mut sources = Sources::default();
        sources.windows = Some(WindowsSources {
            registry: view,
            user: Some(UserHive::current_user(view)),
            default_profile: Some(match &self.hive {
                Some(Ok(hive)) => Ok(hive.as_user()),
                Some(Err(unreadable)) => Err(unreadable.clone()),
                // Where `reg load` puts it, as the vendor's instructions have it.
                None => Ok(UserHive::of_user(view, "Default")),
            }),
        });
        Survey::take(&sources, &SurveyOptions::default())
    }
}

fn export(file: &Path) -> Result<RegistryMap, Failure> {
    let told = |error: &dyn std::error::Error| format!("{}: {error}", file.display());
    let bytes = std::fs::read(file).map_err(|error| told(&error))?;
    Ok(reg_file::parse(&bytes).map_err(|error| told(&error))?)
}

#[cfg(feature = "pac")]
fn with_scripts(ways: Ways) -> Result<Ways, Failure> {
    use std::sync::Arc;

    use sspr::proxy::pac::{OsWorld, QuickJs};
    use sspr::{ScriptFetch, ScriptResolver, Timeouts, Trust};

    let fetch = ScriptFetch::new(&Trust::new(), Timeouts::default())?;
    let engine = QuickJs::new(Arc::new(OsWorld));
    Ok(ways.resolver(Arc::new(ScriptResolver::new(engine, fetch))))
}

#[cfg(not(feature = "pac"))]
fn with_scripts(ways: Ways) -> Result<Ways, Failure> {
    Ok(ways)
}
