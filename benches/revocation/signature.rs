//! The work below which no verification can get: checking a signature.

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls_pki_types::SignatureVerificationAlgorithm;
use sspr::x509::Certificate;
use sspr::x509::der::{Reader, tag};

use crate::Result;

/// A message and its signature, found and ready.
pub(crate) struct Signature {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Signature {
    /// The signature of a certificate or a list by the owner of a certificate.
    pub(crate) fn of(signed: &[u8], signer: &[u8]) -> Result<Self> {
        let signer = signer.into();
        let key = Certificate::parse(&signer)?.public_key;
        let mut fields = Reader::only(signed, tag::SEQUENCE)?.reader();
        let (message, algorithm) = (fields.any()?, fields.any()?);
        let signature = fields.expect(tag::BIT_STRING)?.contents;
        let algorithm = algorithms().iter().find(|known| {
            *known.signature_alg_id() == *algorithm.contents
                && *known.public_key_alg_id() == *key.algorithm()
        });
        Ok(Self {
            algorithm: *algorithm.ok_or("the provider lacks the algorithm")?,
            key: key.octets().to_vec(),
            message: message.whole.to_vec(),
            signature: signature.get(1..).unwrap_or_default().to_vec(),
        })
    }

    /// The signature of an OCSP response.
    pub(crate) fn of_ocsp(response: &[u8], signer: &[u8]) -> Result<Self> {
        let mut fields = Reader::only(response, tag::SEQUENCE)?.reader();
        fields.expect(tag::ENUMERATED)?;
        let mut bytes = fields.any()?.reader();
        let mut bytes = bytes.expect(tag::SEQUENCE)?.reader();
        bytes.expect(tag::OID)?;
        Self::of(bytes.expect(tag::OCTET_STRING)?.contents, signer)
    }

    pub(crate) fn verify(&self) -> Result<()> {
        self.algorithm
            .verify_signature(&self.key, &self.message, &self.signature)
            .map_err(|_| "the signature is wrong".into())
    }
}

/// What the provider that the crate uses by default can verify.
pub(crate) fn algorithms() -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    provider().signature_verification_algorithms.all
}

/// That provider.
pub(crate) fn provider() -> CryptoProvider {
    aws_lc_rs::default_provider()
}
