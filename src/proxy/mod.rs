//! Which way leads out, decided before anyone is signed in, and why. Decides, and opens nothing.

mod blob;
mod bypass;
mod host;
mod pac_engine;
pub mod pac_list;
mod server;
mod server_list;
mod target;

pub use self::blob::{
    FLAG_AUTO_DETECT, FLAG_DIRECT, FLAG_MANUAL, FLAG_PAC_URL, WinHttpBlob, WinInetBlob,
};
pub use self::bypass::{BypassDialect, BypassList, BypassProblem, Network, RefusedEntry};
pub use self::pac_engine::{PacEngine, PacFuture, PacSource, address_for_script, parse_script_url};
pub use self::server::{Candidate, ProxyScheme, ProxyServer};
pub use self::server_list::{RefusedServer, ServerChoice, ServerList, ServerUse};
pub use self::target::Target;
