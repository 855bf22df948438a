//! Whom the proxies run as.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::Path;
use std::sync::LazyLock;

/// A user without rights, by its numbers.
struct Account {
    user: u32,
    group: u32,
}

/// `nobody` if the tests run as root; otherwise the proxies run as whoever runs the tests.
static ACCOUNT: LazyLock<Option<Account>> = LazyLock::new(|| {
    is_root().then(|| {
        let users = fs::read_to_string("/etc/passwd").unwrap();
        let nobody = users.lines().find(|line| line.starts_with("nobody:"));
        let mut fields = nobody.unwrap().split(':').skip(2);
        let mut number = || fields.next().unwrap().parse().unwrap();
        Account {
            user: number(),
            group: number(),
        }
    })
});

/// Whether the tests run as root.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// The options that make `setpriv` start a program as the account.
pub(super) fn options() -> Vec<String> {
    match &*ACCOUNT {
        Some(Account { user, group }) => vec![
            format!("--reuid={user}"),
            format!("--regid={group}"),
            "--clear-groups".into(),
        ],
        None => Vec::new(),
    }
}

/// Gives a file or folder to the account.
pub(super) fn give(path: &Path) {
    if let Some(Account { user, group }) = &*ACCOUNT {
        chown(path, Some(*user), Some(*group)).unwrap();
    }
}
