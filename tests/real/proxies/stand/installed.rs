//! Where the components are, and what happens where one is missing.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, io};

use super::account::is_root;

/// Whether these programs are there, which the script `tests/real/install/{installer}` brings. A test that does
/// nothing has to say so.
pub(crate) fn has(installer: &str, programs: &[&str]) -> bool {
    let Some(missing) = programs.iter().find(|name| !is_there(name)) else {
        return true;
    };
    tell(&format!(
        "{missing} is not there, run tests/real/install/{installer}"
    ));
    false
}

/// The path of an example of this crate, which whoever runs the tests has built.
pub(crate) fn example(name: &str) -> Option<PathBuf> {
    let test = env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap();
    let path = built.join("examples").join(name);
    if !path.is_file() {
        tell(&format!(
            "the example {name} is not there, run cargo build --all-features --examples"
        ));
        return None;
    }
    Some(path)
}

/// Says what is missing. Fails where everything has to be there.
pub(crate) fn tell(missing: &str) {
    if env::var("SSPR_REAL").is_ok_and(|value| value == "require") {
        panic!("{missing}");
    }
    // Past the capture of the test harness.
    let mut terminal = io::stderr();
    writeln!(terminal, "skipped: {missing}").unwrap();
}

/// Whether there is a program of this name or path.
fn is_there(program: &str) -> bool {
    ["/usr/sbin", "/usr/bin"]
        .iter()
        .any(|folder| Path::new(folder).join(program).is_file())
}

/// The path of a program in one of the virtual environments that the installers make. They are not below the build's
/// files, which are often where only root may look.
pub(crate) fn in_venv(venv: &str, program: &str) -> String {
    let cache = if is_root() {
        PathBuf::from("/var/cache")
    } else {
        env::var_os("XDG_CACHE_HOME").map_or_else(
            || Path::new(&env::var_os("HOME").unwrap_or_default()).join(".cache"),
            PathBuf::from,
        )
    };
    let path = cache
        .join("sspr-proxies")
        .join(venv)
        .join("bin")
        .join(program);
    path.to_str().unwrap().to_owned()
}
