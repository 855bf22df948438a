//! Which certificate a question or an answer is about (RFC 6960, section 4.1.1).

use super::error::Mismatch;
use super::hash::HashAlgorithm;
use crate::revocation::Issuer;
use crate::x509::der::{DerError, Reader, tag};
use crate::x509::{Certificate, Name, Oid};

/// The name of a certificate in OCSP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertId<'a> {
    /// The object identifier of the hash, known to this crate or not.
    pub hash_algorithm: Oid<'a>,
    /// The hash of the issuer's name.
    pub issuer_name_hash: &'a [u8],
    /// The hash of the issuer's key.
    pub issuer_key_hash: &'a [u8],
    /// The octets of the serial number as received.
    pub serial: &'a [u8],
}

impl<'a> CertId<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let mut fields = reader.expect(tag::SEQUENCE)?.reader();
        let mut algorithm = fields.expect(tag::SEQUENCE)?.reader();
        let hash_algorithm = Oid(algorithm.expect(tag::OID)?.contents);
        if !algorithm.is_empty() {
            algorithm.any()?;
            algorithm.finish()?;
        }
        let id = Self {
            hash_algorithm,
            issuer_name_hash: fields.expect(tag::OCTET_STRING)?.contents,
            issuer_key_hash: fields.expect(tag::OCTET_STRING)?.contents,
            serial: fields.expect(tag::INTEGER)?.contents,
        };
        fields.finish()?;
        Ok(id)
    }

    /// Whether this names `certificate`, issued by `issuer`; what differs if not.
    pub(super) fn compare(
        &self,
        certificate: &Certificate<'_>,
        issuer: &Issuer<'_>,
    ) -> Result<HashAlgorithm, Mismatch> {
        if self.serial != certificate.serial {
            return Err(Mismatch::Serial);
        }
        let hash = HashAlgorithm::from_oid(self.hash_algorithm).ok_or_else(|| Mismatch::Hash {
            algorithm: self.hash_algorithm.into(),
        })?;
        if *self.issuer_name_hash != *name_hash(hash, &certificate.issuer) {
            return Err(Mismatch::IssuerName);
        }
        if *self.issuer_key_hash != *key_hash(hash, issuer) {
            return Err(Mismatch::IssuerKey);
        }
        Ok(hash)
    }
}

/// The hash of a name as it stands in the certificate, header included.
pub(super) fn name_hash(hash: HashAlgorithm, name: &Name<'_>) -> Box<[u8]> {
    let (header, size) = name.header().unwrap_or_default();
    hash.digest(&[header.get(..size).unwrap_or_default(), name.contents()])
}

/// The hash of the octets of the issuer's key.
pub(super) fn key_hash(hash: HashAlgorithm, issuer: &Issuer<'_>) -> Box<[u8]> {
    hash.digest(&[issuer.public_key.octets()])
}
