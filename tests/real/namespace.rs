//! Namespaces of Linux, in which a test runs once more.

use std::env;
use std::process::Command;

const INSIDE: &str = "SSPR_INSIDE_A_NAMESPACE";

/// Whether this is the process in new namespaces of these kinds, options of `unshare`. If not, that process is run here, as
/// the test `name`, and must pass there.
pub(crate) fn is_inside(kinds: &[&str], name: &str) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    let outcome = Command::new("unshare")
        .arg("--map-root-user")
        .args(kinds)
        .arg(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "1")
        .output();
    let refused = match outcome {
        Ok(output) if output.status.success() => {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(said.contains(" 1 passed;"), "{said}");
            return false;
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            // Its own complaint, and not that of the test.
            assert!(said.starts_with("unshare: "), "{said}");
            said
        }
        Err(error) => error.to_string(),
    };
    assert!(
        env::var("SSPR_REAL").as_deref() != Ok("require"),
        "{refused}"
    );
    eprintln!("skipped: no namespace: {refused}");
    false
}
