//! Signature algorithms for the tests: those of the crypto provider, and SHA-1 beside them.

use ring::signature::{self, UnparsedPublicKey};
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

/// What the crate's provider verifies.
pub(crate) fn modern() -> &'static [&'static dyn SignatureVerificationAlgorithm] {
    #[cfg(feature = "aws-lc-rs")]
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(not(feature = "aws-lc-rs"))]
    let provider = rustls::crypto::ring::default_provider();
    provider.signature_verification_algorithms.all
}

/// The same and RSA with SHA-1, with and without parameters. No provider has it, for good reason.
pub(crate) fn with_sha1() -> Vec<&'static dyn SignatureVerificationAlgorithm> {
    let mut algorithms = modern().to_vec();
    algorithms.extend([
        &SHA1_NULL as &dyn SignatureVerificationAlgorithm,
        &SHA1_ABSENT,
    ]);
    algorithms
}

#[derive(Debug)]
struct RsaSha1 {
    identifier: &'static [u8],
}

static SHA1_NULL: RsaSha1 = RsaSha1 {
    identifier: b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00",
};
static SHA1_ABSENT: RsaSha1 = RsaSha1 {
    identifier: b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05",
};

impl SignatureVerificationAlgorithm for RsaSha1 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        UnparsedPublicKey::new(
            &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            public_key,
        )
        .verify(message, signature)
        .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        AlgorithmIdentifier::from_slice(self.identifier)
    }
}
