//! Writing an OCSP response (RFC 6960, section 4.2).

use super::delegate;
use super::ocsp::{CertIdHash, OcspAnswer};
use super::ocsp_fault::OcspFault;
use super::request::{CertId, NONCE};
use super::status::Status;
use crate::mock::pki::{
    Certificate, Chain, DAY, Entity, Key, SignatureName, Template, der, extension, name, sha1,
};
use crate::mock::random;

const BASIC: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 1];
const UNKNOWN_TYPE: &[u64] = &[2, 999, 3];

/// A response before it is written.
#[derive(Debug)]
pub(super) struct Response<'a> {
    pub(super) answer: &'a OcspAnswer,
    pub(super) chain: &'a Chain,
    pub(super) of: Certificate,
    pub(super) status: Status,
    pub(super) ids: Vec<CertId>,
    pub(super) nonce: Nonce,
}

/// The nonce that was sent, if one was.
#[derive(Debug)]
pub(super) struct Nonce(pub(super) Option<Vec<u8>>);

/// Who signs, and what else is in `certs`.
struct Signer {
    entity: Entity,
    certificates: Vec<Vec<u8>>,
}

impl Response<'_> {
    /// Only a status, and it is not success.
    pub(super) fn error(status: u8) -> Vec<u8> {
        der::sequence([der::enumerated(status)])
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let bytes = self.outer();
        self.answer
            .faults
            .iter()
            .fold(bytes, |bytes, fault| match fault {
                OcspFault::Encoding(fault) => fault.apply(bytes),
                _ => bytes,
            })
    }

    fn outer(&self) -> Vec<u8> {
        for fault in &self.answer.faults {
            match fault {
                OcspFault::ResponseStatus(status) => return Self::error(*status),
                OcspFault::WithoutBytes => return Self::error(0),
                _ => {}
            }
        }
        let wrong = self.answer.has(OcspFault::WrongType);
        let response_type = der::oid(if wrong { UNKNOWN_TYPE } else { BASIC });
        let bytes = der::sequence([response_type, der::octets(&self.basic())]);
        der::sequence([der::enumerated(0), der::tagged(0, &bytes)])
    }

    fn basic(&self) -> Vec<u8> {
        let signer = self.signer();
        let data = self.data(&signer.entity);
        let mut signature = if self.answer.has(OcspFault::SignedByStranger) {
            Key::generate().sign(&data)
        } else {
            signer.entity.key.sign(&data)
        };
        if self.answer.has(OcspFault::FlippedSignature) {
            flip_last_bit(&mut signature);
        }
        let called = self.answer.faults.iter().find_map(|fault| match fault {
            OcspFault::Called(name) => Some(*name),
            _ => None,
        });
        let algorithm = called.unwrap_or(SignatureName::EcdsaSha256).identifier();
        let certificates = if signer.certificates.is_empty() {
            Vec::new()
        } else {
            der::tagged(0, &der::sequence(signer.certificates))
        };
        der::sequence([data, algorithm, der::bits(&signature), certificates])
    }

    fn signer(&self) -> Signer {
        let issuer = self.chain.issuer(self.of);
        let mut delegated = self.answer.delegated;
        let (mut wrong, mut certificates, mut by_leaf) = (None, Vec::new(), false);
        for fault in &self.answer.faults {
            match fault {
                OcspFault::Delegate(fault) => (delegated, wrong) = (true, Some(*fault)),
                OcspFault::DelegateMissing => delegated = true,
                OcspFault::MoreCertificates(count) => {
                    certificates.extend((0..*count).map(|_| stranger()));
                }
                OcspFault::SignedByLeaf => by_leaf = true,
                _ => {}
            }
        }
        let entity = if by_leaf {
            let leaf = self.chain.subject(self.of).clone();
            certificates.push(leaf.der.clone());
            leaf
        } else if delegated {
            let (delegate, shown) = delegate::delegate(issuer, wrong);
            if !self.answer.has(OcspFault::DelegateMissing) {
                certificates.extend(shown);
            }
            delegate
        } else {
            issuer.clone()
        };
        Signer {
            entity,
            certificates,
        }
    }

    fn data(&self, signer: &Entity) -> Vec<u8> {
        let version = self.answer.faults.iter().find_map(|fault| match fault {
            OcspFault::Version(version) => Some(der::tagged(0, &der::number((*version).into()))),
            _ => None,
        });
        der::sequence([
            version.unwrap_or_default(),
            self.responder(signer),
            self.answer.time(self.answer.times.produced_at()),
            der::sequence(self.singles()),
            self.extensions(),
        ])
    }

    fn responder(&self, signer: &Entity) -> Vec<u8> {
        let by_name = |name: &[u8]| der::tagged(1, name);
        let by_key = |hash: &[u8]| der::tagged(2, &der::octets(hash));
        if self.answer.has(OcspFault::WrongResponderName) {
            by_name(&name("Nobody"))
        } else if self.answer.has(OcspFault::WrongResponderKey) {
            by_key(&random::bytes::<20>())
        } else if self.answer.by_key {
            by_key(sha1(signer.key.public()).as_ref())
        } else {
            by_name(&signer.name)
        }
    }

    fn singles(&self) -> Vec<Vec<u8>> {
        let mut singles = Vec::new();
        if self.answer.has(OcspFault::WithoutSingles) {
            return singles;
        }
        if self.answer.has(OcspFault::BothHashes) {
            for hash in [CertIdHash::Sha1, CertIdHash::Sha256] {
                let id = CertId::of(self.chain, self.of, hash);
                singles.push(self.answer.single(&id, self.status));
            }
        } else {
            singles.extend(
                self.ids
                    .iter()
                    .map(|id| self.answer.single(id, self.status)),
            );
        }
        for fault in &self.answer.faults {
            if let OcspFault::Also(status) = fault {
                singles.extend(self.ids.iter().map(|id| self.answer.single(id, *status)));
            }
        }
        singles
    }

    fn extensions(&self) -> Vec<u8> {
        let mut extensions = Vec::new();
        let nonce = if self.answer.has(OcspFault::WrongNonce) {
            Some(der::octets(&random::bytes::<32>()))
        } else if self.answer.has(OcspFault::WithoutNonce) {
            None
        } else {
            self.nonce.0.clone()
        };
        if let Some(nonce) = nonce {
            extensions.push(extension::extension(NONCE, false, &nonce));
        }
        if self.answer.has(OcspFault::UnknownCriticalExtension) {
            extensions.push(extension::unknown_critical());
        }
        if extensions.is_empty() {
            return Vec::new();
        }
        der::tagged(1, &der::sequence(extensions))
    }
}

/// A certificate that has nothing to do with anything.
fn stranger() -> Vec<u8> {
    let template = Template::new("Mock stranger", 90 * DAY);
    template.self_signed(Key::generate().into()).der
}

/// The last byte belongs to a number, so that the signature stays well-formed.
pub(super) fn flip_last_bit(signature: &mut [u8]) {
    if let Some(last) = signature.last_mut() {
        *last ^= 1;
    }
}
