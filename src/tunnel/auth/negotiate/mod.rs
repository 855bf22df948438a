//! Kerberos for a proxy (RFC 4559, with the fields of a proxy), by what the operating system brings.

#[cfg(unix)]
mod gssapi;
#[cfg(windows)]
mod sspi;

#[cfg(unix)]
pub use self::gssapi::Gssapi;
#[cfg(all(unix, fuzzing))]
pub(super) use self::gssapi::spnego_response;
#[cfg(windows)]
pub use self::sspi::Sspi;
use crate::error::KerberosProblem;

/// Logs in to proxies by Kerberos: `Gssapi` on Unix, `Sspi` on Windows, or another implementation.
///
/// Both methods here and in [`NegotiateContext`] may block for seconds, since they ask domain controllers; they are called
/// on a thread that may wait.
pub trait Negotiate: Send + Sync {
    /// Begins to log in to the service `HTTP` on `host`. The service's name has no port.
    ///
    /// `tls_server_end_point` is given if the proxy is spoken to by TLS: the hash of its certificate (RFC 5929, section
    /// 4.1), to which the login has to be bound.
    ///
    /// # Errors
    /// [`KerberosProblem`] if it is clear already that there will be no ticket.
    fn begin(
        &self,
        host: &str,
        tls_server_end_point: Option<&[u8]>,
    ) -> Result<Box<dyn NegotiateContext>, KerberosProblem>;

    /// Whether a token may hold NTLM. Otherwise such a one is not sent: to whoever claims to be the proxy it would hand
    /// something to guess the password with, or to log in elsewhere.
    fn allows_ntlm(&self) -> bool {
        false
    }
}

/// A login that has begun.
pub trait NegotiateContext: Send {
    /// The next token for the proxy, to be sent in base64. `input` is the proxy's token, and empty at the first step.
    ///
    /// An empty answer says that nothing is left to be said: a proxy that still asks has refused the login.
    ///
    /// # Errors
    /// [`KerberosProblem`] if there is no ticket, or the proxy's token says why it refuses.
    fn step(&mut self, input: &[u8]) -> Result<Vec<u8>, KerberosProblem>;
}

/// The name of a proxy's service, as people write it.
fn service(host: &str) -> String {
    format!("HTTP/{host}")
}

/// What a login at a TLS proxy is bound to (RFC 5929, section 4).
fn application_data(tls_server_end_point: &[u8]) -> Vec<u8> {
    [b"tls-server-end-point:", tls_server_end_point].concat()
}

/// Whether a token holds an NTLM message, wrapped or not. No Kerberos token does so by chance.
#[cfg(windows)]
fn holds_ntlm(token: &[u8]) -> bool {
    memchr::memmem::find(token, b"NTLMSSP\0").is_some()
}
