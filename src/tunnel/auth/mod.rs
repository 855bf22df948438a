//! Logging in to a proxy: who may, how, and what is said.

mod access;
#[cfg(fuzzing)]
pub mod fuzzing;
mod login;
mod negotiate;
mod ntlm;

pub use self::access::{
    AskCredentials, CredentialFuture, CredentialQuestion, ProxyAccess, ProxyCredentials,
};
pub(crate) use self::login::{Circumstances, Login, Logins, Next, Refusal, RequestLine};
#[cfg(unix)]
pub use self::negotiate::Gssapi;
#[cfg(windows)]
pub use self::negotiate::Sspi;
pub use self::negotiate::{Negotiate, NegotiateContext};
