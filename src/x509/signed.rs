//! The shape that certificates, OCSP responses and CRLs share: something to be signed, an
//! algorithm, a signature.

use rustls_pki_types::SignatureVerificationAlgorithm;

use crate::error::PeerText;

use super::der::{DerError, Element, Reader, tag};
use super::key::PublicKey;
use super::oid::Oid;

/// Signed bytes, exactly as received, with their signature.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// What was signed.
    message: Element<'a>,
    /// The contents of the `AlgorithmIdentifier`.
    pub(crate) algorithm: Element<'a>,
    signature: &'a [u8],
}

impl<'a> Signed<'a> {
    /// Reads the three fields from inside the structure.
    pub(crate) fn read(fields: &mut Reader<'a>) -> Result<Self, DerError> {
        Ok(Self {
            message: fields.any()?,
            algorithm: fields.expect(tag::SEQUENCE)?,
            signature: fields.expect(tag::BIT_STRING)?.bit_string_octets()?,
        })
    }

    /// A reader of the fields of what was signed.
    pub(crate) fn fields(&self) -> Result<Reader<'a>, DerError> {
        match self.message.tag {
            tag::SEQUENCE => Ok(self.message.reader()),
            _ => Err(self.message.forbidden("signed data that is no SEQUENCE")),
        }
    }

    /// The object identifier of the signature algorithm; empty if there is none.
    pub fn algorithm_oid(&self) -> Oid<'a> {
        let mut fields = self.algorithm.reader();
        Oid(fields
            .expect(tag::OID)
            .map(|oid| oid.contents)
            .unwrap_or_default())
    }

    /// Verifies the signature with `key`, by one of `algorithms`.
    ///
    /// Only what the list holds can verify: with the list of a modern crypto provider, SHA-1 and
    /// MD5 signatures cannot.
    ///
    /// # Errors
    /// See [`SignatureError`].
    pub fn verify(
        &self,
        key: &PublicKey<'_>,
        algorithms: &[&dyn SignatureVerificationAlgorithm],
    ) -> Result<(), SignatureError> {
        let mut known = algorithms
            .iter()
            .filter(|candidate| candidate.signature_alg_id().as_ref() == self.algorithm.contents)
            .peekable();
        if known.peek().is_none() {
            let algorithm = self.algorithm_oid();
            return Err(match algorithm.is_weak_signature() {
                true => SignatureError::Weak {
                    algorithm: algorithm.into(),
                },
                false => self.unsupported(key),
            });
        }
        let mut right_family = false;
        for candidate in known {
            let key_algorithm = candidate.public_key_alg_id();
            right_family |= algorithm_oid(key_algorithm.as_ref()) == key.algorithm_oid();
            if key_algorithm.as_ref() == key.algorithm() {
                return candidate
                    .verify_signature(key.octets(), self.message.whole, self.signature)
                    .map_err(|_| SignatureError::Wrong);
            }
        }
        // An RSA signature says nothing about an EC key; an unknown curve is our own limit.
        Err(if right_family {
            self.unsupported(key)
        } else {
            SignatureError::Wrong
        })
    }

    fn unsupported(&self, key: &PublicKey<'_>) -> SignatureError {
        SignatureError::Unsupported {
            algorithm: self.algorithm_oid().into(),
            key: key.algorithm_oid().into(),
        }
    }
}

/// Why a signature does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// It is not the signature of this key over these bytes.
    #[error("the signature does not verify")]
    Wrong,
    /// It is made with a hash that can be forged.
    #[error("the signature algorithm {algorithm} is too weak")]
    Weak {
        /// The object identifier of the algorithm.
        algorithm: PeerText,
    },
    /// The crypto provider does not have the algorithm, or not for this kind of key.
    #[error("the crypto provider cannot verify algorithm {algorithm} with a key of {key}")]
    Unsupported {
        /// The object identifier of the signature algorithm.
        algorithm: PeerText,
        /// The object identifier of the key's algorithm.
        key: PeerText,
    },
}

fn algorithm_oid(identifier: &[u8]) -> Oid<'_> {
    let mut fields = Reader::new(identifier);
    Oid(fields
        .expect(tag::OID)
        .map(|oid| oid.contents)
        .unwrap_or_default())
}
