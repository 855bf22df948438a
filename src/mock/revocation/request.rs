//! Reading an OCSP request (RFC 6960, section 4.1).

use super::ocsp::CertIdHash;
use crate::mock::pki::{Certificate, Chain, Entity, der, read as value, sha1, sha256};

pub(super) const NONCE: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 2];

/// What a request asks.
#[derive(Debug)]
pub(super) struct Question {
    /// At least one.
    pub(super) ids: Vec<CertId>,
    /// The content of the nonce extension.
    pub(super) nonce: Option<Vec<u8>>,
}

/// A certificate as a request names it.
#[derive(Clone, Debug)]
pub(super) struct CertId {
    /// The AlgorithmIdentifier as sent.
    pub(super) algorithm: Vec<u8>,
    /// `None` is a hash that the responder does not know.
    pub(super) hash: Option<CertIdHash>,
    pub(super) name_hash: Vec<u8>,
    pub(super) key_hash: Vec<u8>,
    pub(super) serial: Vec<u8>,
}

impl CertId {
    pub(super) fn of(chain: &Chain, of: Certificate, hash: CertIdHash) -> Self {
        let issuer = chain.issuer(of);
        Self {
            algorithm: hash.identifier(),
            hash: Some(hash),
            name_hash: hash.digest(&issuer.name),
            key_hash: hash.digest(issuer.key.public()),
            serial: chain.subject(of).serial.clone(),
        }
    }

    /// Whether it names this certificate.
    pub(super) fn names(&self, chain: &Chain, of: Certificate) -> bool {
        let Some(hash) = self.hash else { return false };
        let Entity { name, key, .. } = chain.issuer(of);
        self.name_hash == hash.digest(name)
            && self.key_hash == hash.digest(key.public())
            && self.serial == chain.subject(of).serial
    }

    pub(super) fn write(&self) -> Vec<u8> {
        der::sequence([
            self.algorithm.clone(),
            der::octets(&self.name_hash),
            der::octets(&self.key_hash),
            der::integer(&self.serial),
        ])
    }
}

impl CertIdHash {
    /// SHA-1 with NULL parameters and SHA-256 without, as most send them.
    fn identifier(self) -> Vec<u8> {
        match self {
            Self::Sha1 => der::sequence([der::oid(SHA1), der::null()]),
            Self::Sha256 => der::sequence([der::oid(SHA256)]),
        }
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1(bytes),
            Self::Sha256 => sha256(bytes),
        }
        .as_ref()
        .to_vec()
    }

    /// By the AlgorithmIdentifier's content, whatever its parameters.
    fn find(mut algorithm: &[u8]) -> Option<Self> {
        let id = value(&mut algorithm).map(|(tag, content)| der::value(tag, content))?;
        [(Self::Sha1, SHA1), (Self::Sha256, SHA256)]
            .into_iter()
            .find(|(_, arcs)| id == der::oid(arcs))
            .map(|(hash, _)| hash)
    }
}

const SHA1: &[u64] = &[1, 3, 14, 3, 2, 26];
const SHA256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];

/// `None` if it is no request, or asks nothing. Signatures of requests are not looked at.
pub(super) fn read(mut bytes: &[u8]) -> Option<Question> {
    let mut request = expect(&mut bytes, der::SEQUENCE)?;
    if !bytes.is_empty() {
        return None;
    }
    let mut content = expect(&mut request, der::SEQUENCE)?;
    let mut question = Question {
        ids: Vec::new(),
        nonce: None,
    };
    while !content.is_empty() {
        match value(&mut content)? {
            // version and requestorName
            (0xA0 | 0xA1, _) => {}
            (der::SEQUENCE, mut requests) => {
                while !requests.is_empty() {
                    question
                        .ids
                        .push(cert_id(expect(&mut requests, der::SEQUENCE)?)?);
                }
            }
            (0xA2, extensions) => question.nonce = nonce(extensions)?,
            _ => return None,
        }
    }
    (!question.ids.is_empty()).then_some(question)
}

fn cert_id(mut request: &[u8]) -> Option<CertId> {
    let mut id = expect(&mut request, der::SEQUENCE)?;
    let algorithm = expect(&mut id, der::SEQUENCE)?;
    let (name_hash, key_hash) = (expect(&mut id, 0x04)?, expect(&mut id, 0x04)?);
    let serial = expect(&mut id, 0x02)?;
    Some(CertId {
        algorithm: der::value(der::SEQUENCE, algorithm),
        hash: CertIdHash::find(algorithm),
        name_hash: name_hash.to_vec(),
        key_hash: key_hash.to_vec(),
        serial: serial.to_vec(),
    })
}

fn nonce(mut extensions: &[u8]) -> Option<Option<Vec<u8>>> {
    let mut extensions = expect(&mut extensions, der::SEQUENCE)?;
    let wanted = der::oid(NONCE);
    while !extensions.is_empty() {
        let extension = expect(&mut extensions, der::SEQUENCE)?;
        if let Some(mut rest) = extension.strip_prefix(wanted.as_slice()) {
            return Some(Some(expect(&mut rest, 0x04)?.to_vec()));
        }
    }
    Some(None)
}

fn expect<'a>(input: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    value(input).and_then(|(found, content)| (found == tag).then_some(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(algorithm: &[u64], serial: &[u8]) -> Vec<u8> {
        der::sequence([
            der::sequence([der::oid(algorithm)]),
            der::octets(b"name"),
            der::octets(b"key"),
            der::integer(serial),
        ])
    }

    fn request(parts: &[Vec<u8>]) -> Vec<u8> {
        der::sequence([der::sequence(parts)])
    }

    #[test]
    fn everything_that_is_asked_is_read() {
        let ids = [id(SHA1, &[1]), id(SHA256, &[0x80]), id(&[2, 999], &[3])];
        let nonce = der::sequence([der::oid(NONCE), der::octets(b"\x04\x01n")]);
        let bytes = request(&[
            der::tagged(0, &der::number(0)),
            der::tagged(1, b"anybody"),
            der::sequence(ids.iter().map(|id| der::sequence([id]))),
            der::tagged(2, &der::sequence([nonce])),
        ]);
        let question = read(&bytes).unwrap();
        let found: Vec<_> = question.ids.iter().map(|id| id.hash).collect();
        let hashes = [Some(CertIdHash::Sha1), Some(CertIdHash::Sha256), None];
        assert_eq!(found, hashes);
        assert_eq!(question.nonce.as_deref(), Some(b"\x04\x01n".as_slice()));
        // What is echoed is what was asked.
        let echoed: Vec<_> = question.ids.iter().map(CertId::write).collect();
        assert_eq!(echoed, ids);
    }

    #[test]
    fn anything_else_is_no_request() {
        let good = request(&[der::sequence([der::sequence([id(SHA1, &[1])])])]);
        assert!(read(&good).is_some());
        for end in 0..good.len() {
            assert!(read(&good[..end]).is_none(), "{end}");
        }
        assert!(read(&[good, vec![0]].concat()).is_none());
        assert!(read(&request(&[])).is_none());
        assert!(read(&request(&[der::sequence::<&[u8]>([])])).is_none());
        assert!(read(&request(&[der::null()])).is_none());
    }
}
