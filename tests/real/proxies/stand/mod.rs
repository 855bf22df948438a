//! The proxies, one module for each.

mod account;
pub(crate) mod cntlm;
pub(crate) mod dante;
pub(crate) mod haproxy;
mod installed;
pub(crate) mod kerberos;
mod log;
pub(crate) mod microsocks;
pub(crate) mod mitmproxy;
mod place;
mod port;
mod process;
mod proxy;
pub(crate) mod px;
pub(crate) mod squid;
mod tap;
pub(crate) mod tinyproxy;

pub(crate) use self::installed::example;
pub(crate) use self::log::Log;
pub(crate) use self::port::Port;
pub(crate) use self::proxy::Proxy;
pub(crate) use self::tap::Tap;

/// How long a component may take for what it has to do. Long enough for a busy machine.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
