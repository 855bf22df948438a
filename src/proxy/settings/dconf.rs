//! GNOME's settings as the administrator set them: the keyfiles of dconf's system databases (dconf(7)).

use std::path::{Path, PathBuf};

use super::linux::read_file;
use super::{GnomeSettings, Unreadable};

/// Whose databases count: those of the sign-in screen, then those of everyone.
const PROFILES: [&str; 2] = ["gdm", "user"];

/// The most databases of a profile, and the most keyfiles of a database.
const MOST: usize = 64;

impl GnomeSettings {
    /// Reads the keyfiles of the system databases that the profiles `gdm` and `user` name, below `root`, which is `/` but
    /// for tests. `None` if no profile names one. Earlier databases go first, and so do later keyfiles of a database.
    ///
    /// What a user set, the compiled databases and locks are not read.
    ///
    /// # Errors
    /// [`Unreadable`] if a file exists and cannot be read, is no text, or exceeds 64 KiB.
    pub fn of_system(root: &Path) -> Result<Option<Self>, Unreadable> {
        let dconf = root.join("etc/dconf");
        let mut settings = None;
        for database in databases(&dconf)? {
            for keyfile in keyfiles(&dconf.join("db").join(format!("{database}.d"))) {
                let text = read_file(&keyfile)?.unwrap_or_default();
                let settings: &mut Self = settings.get_or_insert_default();
                settings.add_missing(Self::parse_keyfile(&text));
            }
        }
        Ok(settings)
    }
}

/// The names of the system databases, most important first.
fn databases(dconf: &Path) -> Result<Vec<String>, Unreadable> {
    let mut names: Vec<String> = Vec::new();
    for profile in PROFILES {
        let text = read_file(&dconf.join("profile").join(profile))?.unwrap_or_default();
        let listed = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("system-db:"));
        for name in listed.filter(|name| !name.contains(['/', '.'])).take(MOST) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    Ok(names)
}

fn keyfiles(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .take(MOST)
        .collect();
    files.sort_unstable_by(|one, other| other.cmp(one));
    files
}
