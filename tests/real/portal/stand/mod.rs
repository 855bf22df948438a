//! How a server is installed and started: as the proxies are.

#[path = "../../proxies/stand/account.rs"]
mod account;
#[path = "../../proxies/stand/installed.rs"]
#[expect(dead_code, reason = "some of it is for proxies")]
pub(crate) mod installed;
#[path = "../../proxies/stand/place.rs"]
#[expect(dead_code, reason = "some of it is for proxies")]
pub(crate) mod place;
#[path = "../../proxies/stand/port.rs"]
pub(crate) mod port;
#[path = "../../proxies/stand/process.rs"]
pub(crate) mod process;

/// How long a component may take for what it has to do. Long enough for a busy machine.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
