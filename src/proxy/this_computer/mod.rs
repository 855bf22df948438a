//! What a survey of the computer reads on which this process runs.

#[cfg(not(windows))]
mod unix;
#[cfg(windows)]
mod windows;

use std::fmt;

#[cfg(not(windows))]
use self::unix::Places;
#[cfg(windows)]
use self::windows::Places;
use super::sources::{Explicit, SurveyOptions};
use super::survey::Survey;
use super::ways::SurveySource;
use crate::machine::privilege;

/// The computer on which this process runs.
///
/// | system | places | tells when they change |
/// |---|---|---|
/// | Windows | the live registry; the Default profile's hive, from its file | the registry does, the file does not |
/// | Linux | GNOME's settings as the administrator set them, `/etc/sysconfig/proxy`, `/etc/environment` | no |
///
/// Environment variables count on every system if [`SurveyOptions::environment`] allows it and the process is not
/// elevated, which is found out here ([`privilege::is_elevated`]) and may be claimed in [`SurveyOptions::elevated`].
/// LocalSystem has no settings of its own here: those in its hive have a rank of their own. Not read are KDE's files,
/// NetworkManager's connections, and the network settings of macOS.
pub struct ThisComputer {
    explicit: Option<Explicit>,
    options: SurveyOptions,
    places: Places,
}

impl ThisComputer {
    /// This computer, as `options` want it seen. Nothing is read yet.
    pub fn new(options: SurveyOptions) -> Self {
        Self {
            explicit: None,
            options: SurveyOptions {
                elevated: options.elevated || privilege::is_elevated(),
                ..options
            },
            places: Places::new(),
        }
    }

    /// A way that goes before everything that this computer says.
    #[must_use]
    pub fn explicit(mut self, explicit: Explicit) -> Self {
        self.explicit = Some(explicit);
        self
    }
}

impl SurveySource for ThisComputer {
    fn survey(&self) -> Survey {
        self.places.survey(self.explicit.as_ref(), &self.options)
    }

    fn has_changed(&self) -> bool {
        self.places.have_changed()
    }
}

impl fmt::Debug for ThisComputer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThisComputer")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
