//! The hashes of a `CertID`. They name the issuer and protect nothing, so SHA-1 is sound here.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::x509::Oid;

/// The hash by which a `CertID` names the issuer (RFC 6960, section 4.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// SHA-1: what responders prepare their answers for. Ask with this first.
    Sha1,
    /// SHA-256: what RFC 9919 asks new clients for. Ask with this where SHA-1 gave no answer.
    Sha256,
    /// SHA-384; accepted in answers.
    Sha384,
    /// SHA-512; accepted in answers.
    Sha512,
}

impl HashAlgorithm {
    /// The object identifier of the hash.
    pub fn oid(self) -> Oid<'static> {
        match self {
            Self::Sha1 => Oid::SHA1,
            Self::Sha256 => Oid::SHA256,
            Self::Sha384 => Oid::SHA384,
            Self::Sha512 => Oid::SHA512,
        }
    }

    /// The hash with this object identifier.
    pub fn from_oid(oid: Oid<'_>) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512]
            .into_iter()
            .find(|algorithm| algorithm.oid() == oid)
    }

    /// The hash of the parts, one after the other.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Box<[u8]> {
        match self {
            Self::Sha1 => digest::<Sha1>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }
}

fn digest<D: Digest>(parts: &[&[u8]]) -> Box<[u8]> {
    let mut hash = D::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().as_slice().into()
}
