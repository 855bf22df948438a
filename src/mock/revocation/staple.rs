//! What the TLS server staples (RFC 6066, section 8).

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};

use super::ocsp::OcspAnswer;
use crate::mock::pki::{Certificate, Chain};
use crate::mock::state::Shared;

/// A staple. It goes to clients that ask for one.
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
    /// This many zero bytes, at most 16,000,000.
    Zeros(usize),
    /// These bytes.
    Bytes(Vec<u8>),
}

const MAX_ZEROS: usize = 16_000_000;

/// Gives the TLS server its certificate, with the staple of the moment.
pub(in crate::mock) struct Stapler {
    chain: Arc<Chain>,
    key: Arc<dyn SigningKey>,
    shared: Shared,
}

impl Stapler {
    pub(in crate::mock) fn new(chain: Arc<Chain>, shared: Shared) -> Result<Self, rustls::Error> {
        let pkcs8 = chain.subject(Certificate::Leaf).key.pkcs8().to_vec();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(pkcs8));
        Ok(Self {
            key: rustls::crypto::ring::sign::any_ecdsa_type(&key)?,
            chain,
            shared,
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
            Staple::Zeros(count) => Some(vec![0; count.min(MAX_ZEROS)]),
            Staple::Bytes(bytes) => Some(bytes),
        }
    }
}

impl ResolvesServerCert for Stapler {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let chain = self.chain.shown.iter().cloned().map(CertificateDer::from);
        let mut certified = CertifiedKey::new(chain.collect(), self.key.clone());
        certified.ocsp = self.staple();
        Some(Arc::new(certified))
    }
}

impl fmt::Debug for Stapler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stapler").finish_non_exhaustive()
    }
}
