//! Windows: the live registry, and the hive of the Default profile.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::error::StoreProblem;
use crate::machine::live::{Account, LiveRegistry, Watch, account, watch};
use crate::machine::profiles::default_profile_hive;
use crate::proxy::{
    Environment, Explicit, Sources, Survey, SurveyOptions, Unreadable, UserHive, UserHiveFile,
    WindowsSources,
};

const REGISTRY: LiveRegistry = LiveRegistry::new();

pub(super) struct Places {
    watched: Mutex<Option<Watch>>,
}

impl Places {
    pub(super) const fn new() -> Self {
        Self {
            watched: Mutex::new(None),
        }
    }

    pub(super) fn survey(&self, explicit: Option<&Explicit>, options: &SurveyOptions) -> Survey {
        let file = default_profile();
        let windows = WindowsSources {
            registry: &REGISTRY,
            user: own_hive(),
            default_profile: Some(match &file {
                Ok(file) => Ok(file.as_user()),
                Err(unreadable) => Err(unreadable.clone()),
            }),
        };
        self.begin_to_watch(&windows);
        let sources = Sources {
            explicit: explicit.cloned(),
            windows: Some(windows),
            environment: Some(Environment::of_this_process()),
            ..Sources::default()
        };
        Survey::take(&sources, options)
    }

    /// Before anything is read, so that no change is missed.
    fn begin_to_watch(&self, windows: &WindowsSources<'_>) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if watched.is_none() {
            *watched = watch(&windows.keys_to_watch()).ok();
        }
    }

    /// What cannot be watched may have changed.
    pub(super) fn have_changed(&self) -> bool {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        match watched.as_mut() {
            Some(watch) => watch.changed().unwrap_or(true),
            None => true,
        }
    }
}

/// None for LocalSystem, whose hive has a rank of its own.
fn own_hive() -> Option<UserHive<'static>> {
    match account() {
        Ok(Account::LocalSystem) => None,
        _ => Some(UserHive::current_user(&REGISTRY)),
    }
}

fn default_profile() -> Result<UserHiveFile, Unreadable> {
    let unreadable = |problem| Unreadable::new("the Default profile", problem);
    match default_profile_hive(&REGISTRY) {
        Ok(Some(path)) => UserHiveFile::open(Path::new(&path)),
        Ok(None) => Err(unreadable(StoreProblem::Missing)),
        Err(error) => Err(unreadable(error.into())),
    }
}
