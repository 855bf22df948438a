//! TLS: what is offered, who is trusted for which host, and what came of it. Also for HTTPS proxies.

mod client_auth;
mod config;
mod ems;
mod fault;
mod handshake;
mod machine;
pub mod path;
pub mod probe;
mod products;
mod roots;
mod rules;
mod shown;
mod trust;
mod verifier;
mod wire;

pub(crate) use self::config::{KeyExchange, provider};
pub(crate) use self::fault::late_fault;
pub(crate) use self::handshake::{Secured, TlsClient, cause};
pub(crate) use self::trust::Roots;
pub use self::trust::{RootScope, Trust};
pub(crate) use self::verifier::VerifiedChain;
pub(crate) use self::wire::Wire;
