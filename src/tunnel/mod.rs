//! Opens the way that was decided, and decides nothing: TCP, tunnels through proxies, and the login there.

mod auth;
mod dial;
#[cfg(fuzzing)]
pub mod fuzzing;
mod network;
mod open;

#[cfg(unix)]
pub use self::auth::Gssapi;
#[cfg(windows)]
pub use self::auth::Sspi;
pub use self::auth::{
    AskCredentials, CredentialFuture, CredentialQuestion, ProxyAccess, ProxyCredentials,
};
pub use self::auth::{Negotiate, NegotiateContext};
pub use self::dial::SystemResolver;
pub(crate) use self::dial::{Destination, Dialer};
pub use self::network::SystemNetwork;
pub(crate) use self::network::wait_for_network;
