//! What binds a login to the TLS session with the proxy: `tls-server-end-point` (RFC 5929, section 4).

use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::x509::der::{Reader, tag};
use crate::x509::{Certificate, Oid, Signed};

/// The hash of the proxy's certificate. `None` if its signature algorithm uses no hash that could be told, as Ed25519: for
/// those the RFC defines no binding.
pub(super) fn tls_server_end_point(certificate: &CertificateDer<'_>) -> Option<Vec<u8>> {
    let parsed = Certificate::parse(certificate).ok()?;
    Some(match Hash::of(&parsed.signed)? {
        Hash::Sha224 => Sha224::digest(certificate).to_vec(),
        Hash::Sha256 => Sha256::digest(certificate).to_vec(),
        Hash::Sha384 => Sha384::digest(certificate).to_vec(),
        Hash::Sha512 => Sha512::digest(certificate).to_vec(),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash of the signature, SHA-256 instead of MD5 and SHA-1.
    fn of(signed: &Signed<'_>) -> Option<Self> {
        const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
        const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3];

        let Oid(oid) = signed.algorithm_oid();
        let (last, family) = oid.split_last()?;
        match (family, last) {
            (RSA, 10) => Self::of_pss(signed),
            (RSA, 14) | (ECDSA, 1) => Some(Self::Sha224),
            (RSA, 11) | (ECDSA, 2) => Some(Self::Sha256),
            (RSA, 12) | (ECDSA, 3) => Some(Self::Sha384),
            (RSA, 13) | (ECDSA, 4) => Some(Self::Sha512),
            _ => Oid(oid).is_weak_signature().then_some(Self::Sha256),
        }
    }

    /// RSASSA-PSS names its hash in the parameters (RFC 4055, section 3.1), and means SHA-1 where it names none.
    fn of_pss(signed: &Signed<'_>) -> Option<Self> {
        const SHA_2: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];

        let mut fields: Reader<'_> = signed.algorithm.reader();
        fields.expect(tag::OID).ok()?;
        let mut parameters = fields.expect(tag::SEQUENCE).ok()?.reader();
        let Some(hash) = parameters.optional(tag::context_constructed(0)).ok()? else {
            return Some(Self::Sha256);
        };
        let mut hash = hash.reader().expect(tag::SEQUENCE).ok()?.reader();
        let oid = hash.expect(tag::OID).ok()?.contents;
        match oid.split_last()? {
            (4, SHA_2) => Some(Self::Sha224),
            (1, SHA_2) => Some(Self::Sha256),
            (2, SHA_2) => Some(Self::Sha384),
            (3, SHA_2) => Some(Self::Sha512),
            _ => (oid == [0x2b, 0x0e, 3, 2, 0x1a]).then_some(Self::Sha256),
        }
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    fn certificate(key: &KeyPair) -> CertificateDer<'static> {
        let params = CertificateParams::new(["proxy.corp.example".to_owned()]).unwrap();
        params.self_signed(key).unwrap().into()
    }

    #[test]
    fn the_hash_is_that_of_the_signature() {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let small = certificate(&key);
        assert_eq!(
            tls_server_end_point(&small),
            Some(Sha256::digest(&small).to_vec())
        );
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
        let large = certificate(&key);
        assert_eq!(
            tls_server_end_point(&large),
            Some(Sha384::digest(&large).to_vec())
        );
        let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        assert_eq!(tls_server_end_point(&certificate(&key)), None);
        assert_eq!(tls_server_end_point(&vec![0x30, 0].into()), None);
    }

    /// Something signed by the algorithm with this identifier.
    fn hash_of(identifier: &[u8]) -> Option<Hash> {
        let identifier = [&[0x30, identifier.len() as u8], identifier].concat();
        let der = [&[0x30, 0], &*identifier, &[3, 1, 0]].concat();
        Hash::of(&Signed::read(&mut Reader::new(&der)).unwrap())
    }

    #[test]
    fn every_algorithm_has_its_hash() {
        let rsa = |last| [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, last];
        let ecdsa = |last| [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, last];
        for (last, expected) in [
            (4, Some(Hash::Sha256)),
            (5, Some(Hash::Sha256)),
            (11, Some(Hash::Sha256)),
            (12, Some(Hash::Sha384)),
            (13, Some(Hash::Sha512)),
            (14, Some(Hash::Sha224)),
            (99, None),
        ] {
            assert_eq!(hash_of(&rsa(last)), expected, "RSA {last}");
        }
        for (last, expected) in [
            (1, Hash::Sha224),
            (2, Hash::Sha256),
            (3, Hash::Sha384),
            (4, Hash::Sha512),
        ] {
            assert_eq!(hash_of(&ecdsa(last)), Some(expected), "ECDSA {last}");
        }
        assert_eq!(
            hash_of(&[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1]),
            Some(Hash::Sha256),
            "ECDSA with SHA-1"
        );
    }

    #[test]
    fn pss_names_its_hash() {
        let pss = |parameters: &[u8]| {
            let mut identifier = vec![6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
            identifier.extend([0x30, parameters.len() as u8]);
            identifier.extend(parameters);
            hash_of(&identifier)
        };
        assert_eq!(pss(&[]), Some(Hash::Sha256));
        for (last, expected) in [(1, Hash::Sha256), (2, Hash::Sha384), (3, Hash::Sha512)] {
            let parameters = [
                0xa0, 0x0d, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, last,
            ];
            assert_eq!(pss(&parameters), Some(expected));
        }
        let sha_1 = [0xa0, 9, 0x30, 7, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a];
        assert_eq!(pss(&sha_1), Some(Hash::Sha256));
        assert_eq!(pss(&[0xa0, 0]), None);
    }
}
