//! The proxies, one module for each.

pub(crate) mod account;
pub(crate) mod certificates;
pub(crate) mod cntlm;
pub(crate) mod dante;
pub(crate) mod haproxy;
pub(crate) mod installed;
pub(crate) mod kerberos;
mod log;
pub(crate) mod microsocks;
pub(crate) mod mitmproxy;
pub(crate) mod place;
pub(crate) mod port;
pub(crate) mod process;
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
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
