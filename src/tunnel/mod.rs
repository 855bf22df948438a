//! Opens the way that was decided, and decides nothing: TCP, tunnels through proxies, and the login there.

mod approach;
mod auth;
mod blame;
mod connect;
mod dial;
#[cfg(fuzzing)]
pub mod fuzzing;
mod limit;
mod network;
mod open;
mod socks;
#[cfg(test)]
mod tests;

#[cfg(unix)]
pub use self::auth::Gssapi;
#[cfg(windows)]
pub use self::auth::Sspi;
pub use self::auth::{
    AskCredentials, CredentialFuture, CredentialQuestion, Negotiate, NegotiateContext, ProxyAccess,
    ProxyCredentials,
};
pub(crate) use self::auth::{Asking, Deadline, Login, Logins, Next, Refusal, RequestLine};
pub(crate) use self::blame::blame;
pub use self::dial::SystemResolver;
pub(crate) use self::dial::{Destination, Dialer};
pub(crate) use self::limit::end_of;
pub use self::network::SystemNetwork;
pub(crate) use self::network::wait_for_network;
pub(crate) use self::open::{Opened, Reached, Tunnels};
