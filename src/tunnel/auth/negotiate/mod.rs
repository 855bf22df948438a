//! Negotiate (RFC 4559): Kerberos in SPNEGO, by way of the operating system.

use crate::error::KerberosProblem;

/// An identity that this computer has in a Kerberos realm: its own account, or a ticket that somebody got.
///
/// The calls may block, and are made where they may.
pub trait Negotiate: Send + Sync {
    /// Begins a login at the service `HTTP` on `host`. `tls_server_end_point` is the hash of the proxy's certificate (RFC
    /// 5929, section 4), for a proxy that is spoken to by TLS.
    ///
    /// # Errors
    /// [`KerberosProblem`] says what is missing.
    fn begin(
        &self,
        host: &str,
        tls_server_end_point: Option<&[u8]>,
    ) -> Result<Box<dyn NegotiateContext>, KerberosProblem>;
}

/// A login that has begun.
pub trait NegotiateContext: Send {
    /// What to send next, in answer to what the proxy sent; `input` is empty at first.
    ///
    /// # Errors
    /// [`KerberosProblem`] says why the login cannot go on.
    fn step(&mut self, input: &[u8]) -> Result<Vec<u8>, KerberosProblem>;
}
