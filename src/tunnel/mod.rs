//! Opens the way that was decided, and decides nothing: TCP, tunnels through proxies, and the login there.

mod auth;
mod dial;
mod network;
mod open;

pub use self::auth::{
    AskCredentials, CredentialFuture, CredentialQuestion, ProxyAccess, ProxyCredentials,
};
pub(crate) use self::auth::{Login, Logins, Refusal, RequestLine};
pub use self::dial::SystemResolver;
pub(crate) use self::dial::{Destination, Dialer};
pub use self::network::SystemNetwork;
pub(crate) use self::network::wait_for_network;
pub(crate) use self::open::{Opened, Reached, Tunnels};
