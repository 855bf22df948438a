//! Logging in to a proxy: who may, how, and what is said.

mod access;
mod login;
mod ntlm;

pub use self::access::{
    AskCredentials, CredentialFuture, CredentialQuestion, ProxyAccess, ProxyCredentials,
};
pub(crate) use self::login::{Circumstances, Login, Logins, Next, Refusal, RequestLine};
