//! Keys: ECDSA on P-256, because ring makes no RSA keys and no test should wait for one.

use std::fmt;

use ring::digest::{Digest, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use ring::error::Unspecified;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

use super::der;

const EC_PUBLIC_KEY: &[u64] = &[1, 2, 840, 10045, 2, 1];
const P256: &[u64] = &[1, 2, 840, 10045, 3, 1, 7];

/// A private key and all that follows from it.
pub(in crate::mock) struct Key {
    pair: EcdsaKeyPair,
    pkcs8: Vec<u8>,
    random: SystemRandom,
}

impl Key {
    pub(in crate::mock) fn generate() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "fails only where there are no random numbers"
        )]
        Self::try_generate().expect("the system has random numbers")
    }

    fn try_generate() -> Result<Self, Unspecified> {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random)?;
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random)
                .map_err(|_| Unspecified)?;
        Ok(Self {
            pair,
            pkcs8: pkcs8.as_ref().to_vec(),
            random,
        })
    }

    pub(in crate::mock) fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The content of the public key's BIT STRING: what key hashes are made of.
    pub(in crate::mock) fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// SubjectPublicKeyInfo (RFC 5480).
    pub(in crate::mock) fn public_info(&self) -> Vec<u8> {
        let algorithm = der::sequence([der::oid(EC_PUBLIC_KEY), der::oid(P256)]);
        der::sequence([algorithm, der::bits(self.public())])
    }

    /// An ecdsa-with-SHA256 signature.
    pub(in crate::mock) fn sign(&self, message: &[u8]) -> Vec<u8> {
        #[expect(
            clippy::expect_used,
            reason = "fails only where there are no random numbers"
        )]
        let signature = self
            .pair
            .sign(&self.random, message)
            .expect("the system has random numbers");
        signature.as_ref().to_vec()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").finish_non_exhaustive()
    }
}

pub(in crate::mock) fn sha1(bytes: &[u8]) -> Digest {
    digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes)
}

pub(in crate::mock) fn sha256(bytes: &[u8]) -> Digest {
    digest(&SHA256, bytes)
}

/// What a signature says it is.
///
/// Only the first is ever true: the others are names over the same kind of signature, since ring makes none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureName {
    /// ecdsa-with-SHA256, what it is.
    #[default]
    EcdsaSha256,
    /// ecdsa-with-SHA512
    EcdsaSha512,
    /// ecdsa-with-SHA1
    EcdsaSha1,
    /// sha1WithRSAEncryption
    RsaSha1,
    /// md5WithRSAEncryption
    RsaMd5,
}

impl SignatureName {
    /// The AlgorithmIdentifier.
    pub(in crate::mock) fn identifier(self) -> Vec<u8> {
        let ecdsa = |arcs: &[u64]| der::sequence([der::oid(arcs)]);
        let rsa = |arcs: &[u64]| der::sequence([der::oid(arcs), der::null()]);
        match self {
            Self::EcdsaSha256 => ecdsa(&[1, 2, 840, 10045, 4, 3, 2]),
            Self::EcdsaSha512 => ecdsa(&[1, 2, 840, 10045, 4, 3, 4]),
            Self::EcdsaSha1 => ecdsa(&[1, 2, 840, 10045, 4, 1]),
            Self::RsaSha1 => rsa(&[1, 2, 840, 113_549, 1, 1, 5]),
            Self::RsaMd5 => rsa(&[1, 2, 840, 113_549, 1, 1, 4]),
        }
    }
}
