//! The settings of an account whose hive lies in a file.

use std::path::Path;

use super::{Unreadable, UserHive};
use crate::error::StoreProblem;
use crate::machine::hive::{Condition, Hive, MountedHive};
use crate::machine::registry::{Key, Root};

/// An `NTUSER.DAT` that nobody has loaded, for instance that of the Default profile.
#[derive(Debug)]
pub struct UserHiveFile {
    hive: MountedHive,
}

impl UserHiveFile {
    /// Reads the file. A hive that was not closed properly is taken, and [`as_user`](Self::as_user) says so; whether it
    /// counts is up to [`SurveyOptions::accept_stale_hive`](super::SurveyOptions::accept_stale_hive).
    ///
    /// # Errors
    /// [`Unreadable`] if the file cannot be read, is no hive, or has a wrong checksum.
    pub fn open(path: &Path) -> Result<Self, Unreadable> {
        let unreadable = |problem| Unreadable::new(path.display().to_string(), problem);
        let hive = Hive::open(path).map_err(|error| unreadable(error.into()))?;
        if hive.condition() == Condition::BadChecksum {
            return Err(unreadable(StoreProblem::Checksum));
        }
        Ok(Self {
            hive: hive.mount(Key::new(Root::CurrentUser, "")),
        })
    }

    /// The settings in it.
    pub fn as_user(&self) -> UserHive<'_> {
        let user = UserHive::current_user(&self.hive);
        match self.hive.hive().condition() {
            Condition::Clean => user,
            _ => user.stale(),
        }
    }
}
