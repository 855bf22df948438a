//! Logging in to a proxy: who may, how, and what is said.

mod access;
mod asking;
mod basic;
// What is in it is public for its fuzz target.
#[cfg_attr(not(fuzzing), allow(unreachable_pub))]
mod challenge;
mod circumstances;
mod composed;
mod conversation;
mod digest;
mod end_point;
#[cfg(fuzzing)]
pub(super) mod fuzzing;
mod keys;
mod login;
mod logins;
mod memory;
mod method;
mod negotiate;
mod ntlm;
mod offer;
mod password;
#[cfg(test)]
mod tests;
mod ticket;
mod token;

pub use self::access::{
    AskCredentials, CredentialFuture, CredentialQuestion, ProxyAccess, ProxyCredentials,
};
pub(crate) use self::asking::{Asking, Deadline};
pub(crate) use self::circumstances::Circumstances;
pub(crate) use self::login::{Login, Next, Refusal, RequestLine};
pub(crate) use self::logins::Logins;
#[cfg(unix)]
pub use self::negotiate::Gssapi;
#[cfg(windows)]
pub use self::negotiate::Sspi;
pub use self::negotiate::{Negotiate, NegotiateContext};
