//! The realm, and a service that accepts its tickets.

#[path = "../../proxies/stand/account.rs"]
mod account;
mod child;
#[path = "../../proxies/stand/installed.rs"]
#[expect(dead_code, reason = "some of it is for proxies")]
mod installed;
#[path = "../../proxies/stand/place.rs"]
#[expect(dead_code, reason = "some of it is for proxies")]
mod place;
#[path = "../../proxies/stand/port.rs"]
mod port;
#[path = "../../proxies/stand/process.rs"]
mod process;
mod realm;
mod service;

pub(crate) use self::child::Inside;
pub(crate) use self::realm::Realm;
pub(crate) use self::service::Answer;

/// How long a component may take for what it has to do. Long enough for a busy machine.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
