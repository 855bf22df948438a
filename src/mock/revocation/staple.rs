//! What the TLS server staples (RFC 6066, section 8).

use std::fmt;
use std::sync::Arc;

use rustls::crypto::ring::sign::any_ecdsa_type;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};

use super::ocsp::OcspAnswer;
use crate::mock::pki::{Certificate, Chain};
use crate::mock::state::Shared;

/// A staple. It goes to clients that ask for one.
///
/// It is cut to 65,000 bytes, since TLS 1.3 has no room for much more; with
/// [`TenantBuilder::tls12_only`](crate::mock::TenantBuilder::tls12_only) to 16,000,000.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Staple {
    /// None.
    #[default]
    None,
    /// This answer about the leaf, made at each handshake.
    Answer(OcspAnswer),
    /// This answer about the intermediate, as if it were for the leaf.
    OtherCertificate(OcspAnswer),
    /// A staple without a byte, which RFC 6066 does not allow.
    Empty,
    /// This many zero bytes.
    Zeros(usize),
    /// These bytes.
    Bytes(Vec<u8>),
}

const MAX_IN_EXTENSION: usize = 65_000;
const MAX_IN_MESSAGE: usize = 16_000_000;

/// Gives the TLS server its certificate, with the staple of the moment.
pub(in crate::mock) struct Stapler {
    chain: Arc<Chain>,
    key: Arc<dyn SigningKey>,
    shared: Shared,
    longest: usize,
}

impl Stapler {
    /// `only_tls12`: the staple goes into a message of its own (RFC 6066), not into an extension (RFC 8446).
    pub(in crate::mock) fn new(
        chain: Arc<Chain>,
        shared: Shared,
        only_tls12: bool,
    ) -> Result<Self, rustls::Error> {
        let pkcs8 = chain.subject(Certificate::Leaf).key.pkcs8().to_vec();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(pkcs8));
        Ok(Self {
            key: any_ecdsa_type(&key)?,
            chain,
            shared,
            longest: if only_tls12 {
                MAX_IN_MESSAGE
            } else {
                MAX_IN_EXTENSION
            },
        })
    }

    fn staple(&self) -> Option<Vec<u8>> {
        let (staple, leaf, intermediate) = {
            let records = &self.shared.lock().revocation;
            let status = |of| records.of(of).status;
            let staple = records.staple.clone();
            (
                staple,
                status(Certificate::Leaf),
                status(Certificate::Intermediate),
            )
        };
        match staple {
            Staple::None => None,
            Staple::Answer(answer) => {
                Some(answer.respond(&self.chain, Certificate::Leaf, leaf, None))
            }
            Staple::OtherCertificate(answer) => {
                Some(answer.respond(&self.chain, Certificate::Intermediate, intermediate, None))
            }
            Staple::Empty => Some(Vec::new()),
            Staple::Zeros(count) => Some(vec![0; count.min(self.longest)]),
            Staple::Bytes(bytes) => Some(bytes),
        }
    }
}

impl ResolvesServerCert for Stapler {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let chain = self.chain.shown.iter().cloned().map(CertificateDer::from);
        let mut certified = CertifiedKey::new(chain.collect(), self.key.clone());
        certified.ocsp = self.staple().map(|mut staple| {
            staple.truncate(self.longest);
            staple
        });
        Some(Arc::new(certified))
    }
}

impl fmt::Debug for Stapler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stapler").finish_non_exhaustive()
    }
}
