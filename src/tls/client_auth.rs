//! The certificate of the client: there is none, but it is told that one was wanted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;

/// Answers every request for a certificate with none, and remembers that there was one.
#[derive(Debug, Clone, Default)]
pub(super) struct NoCertificate(Arc<AtomicBool>);

impl NoCertificate {
    /// Whether the other side asked for a certificate.
    pub(super) fn was_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for NoCertificate {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}
