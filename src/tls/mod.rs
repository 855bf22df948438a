//! TLS: what is offered, who is trusted for which host, and what came of it. Also for HTTPS proxies.

mod config;
mod fault;
mod handshake;
mod trust;
mod verifier;
mod wire;

pub(crate) use self::config::{KeyExchange, provider};
pub(crate) use self::fault::tls_fault;
pub(crate) use self::handshake::{Secured, TlsClient, cause};
pub(crate) use self::trust::Roots;
pub use self::trust::{RootClass, RootScope, Trust};
#[allow(
    unused_imports,
    reason = "the revocation room reads the verified chain"
)]
pub(crate) use self::verifier::VerifiedChain;
pub(crate) use self::wire::Wire;
