//! Public keys: the `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7).

use super::der::{DerError, Reader, header, tag};
use super::oid::Oid;

/// A public key and its algorithm.
#[derive(Clone, Copy, Debug)]
pub struct PublicKey<'a> {
    contents: &'a [u8],
    algorithm: &'a [u8],
    octets: &'a [u8],
}

impl<'a> PublicKey<'a> {
    /// A key from the contents of its `SubjectPublicKeyInfo`, without the header, as a trust
    /// anchor of `rustls-pki-types` carries it.
    ///
    /// # Errors
    /// The contents are not those of a `SubjectPublicKeyInfo`.
    pub fn from_contents(contents: &'a [u8]) -> Result<Self, DerError> {
        Self::parse(contents, Reader::new(contents))
    }

    /// Reads a `SubjectPublicKeyInfo`.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let info = reader.expect(tag::SEQUENCE)?;
        Self::parse(info.contents, info.reader())
    }

    fn parse(contents: &'a [u8], mut fields: Reader<'a>) -> Result<Self, DerError> {
        let algorithm = fields.expect(tag::SEQUENCE)?.contents;
        let octets = fields.expect(tag::BIT_STRING)?.bit_string_octets()?;
        fields.finish()?;
        Ok(Self {
            contents,
            algorithm,
            octets,
        })
    }

    /// The contents of the `SubjectPublicKeyInfo`, without its header.
    pub fn contents(&self) -> &'a [u8] {
        self.contents
    }

    /// The whole `SubjectPublicKeyInfo`, as pins and cache keys hash it.
    pub fn to_der(&self) -> Vec<u8> {
        let (head, size) = header(tag::SEQUENCE, self.contents.len()).unwrap_or_default();
        [head.get(..size).unwrap_or_default(), self.contents].concat()
    }

    /// The contents of the `AlgorithmIdentifier`, without its header.
    pub fn algorithm(&self) -> &'a [u8] {
        self.algorithm
    }

    /// The octets of the key itself: what OCSP hashes, and what a verifier takes.
    pub fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// The object identifier of the algorithm; empty if there is none.
    pub fn algorithm_oid(&self) -> Oid<'a> {
        let mut fields = Reader::new(self.algorithm);
        Oid(fields
            .expect(tag::OID)
            .map(|oid| oid.contents)
            .unwrap_or_default())
    }

    /// What kind of key it is and how large.
    pub fn kind(&self) -> KeyKind<'a> {
        match self.algorithm_oid() {
            Oid::RSA => match rsa_modulus(self.octets) {
                Ok(modulus) => KeyKind::Rsa {
                    bits: bit_length(modulus),
                },
                Err(_) => KeyKind::Other {
                    algorithm: Oid::RSA,
                },
            },
            Oid::EC_PUBLIC_KEY => match named_curve(self.algorithm) {
                Ok(curve) => KeyKind::Ec { curve },
                Err(_) => KeyKind::Other {
                    algorithm: Oid::EC_PUBLIC_KEY,
                },
            },
            algorithm => KeyKind::Other { algorithm },
        }
    }
}

/// The kind and size of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind<'a> {
    /// RSA, with the size of its modulus in bits.
    Rsa {
        /// Bits of the modulus.
        bits: usize,
    },
    /// An elliptic curve by name.
    Ec {
        /// The curve.
        curve: Oid<'a>,
    },
    /// Anything else, or a key that does not fit its algorithm.
    Other {
        /// The algorithm.
        algorithm: Oid<'a>,
    },
}

/// `RSAPublicKey ::= SEQUENCE { modulus, publicExponent }`
fn rsa_modulus(octets: &[u8]) -> Result<&[u8], DerError> {
    let mut fields = Reader::only(octets, tag::SEQUENCE)?.reader();
    let modulus = fields.expect(tag::INTEGER)?.contents;
    fields.expect(tag::INTEGER)?;
    fields.finish()?;
    Ok(modulus)
}

fn bit_length(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    let significant = number.get(zeros..).unwrap_or_default();
    let leading = significant
        .first()
        .map_or(0, |octet| octet.leading_zeros() as usize);
    significant.len() * 8 - leading
}

fn named_curve(algorithm: &[u8]) -> Result<Oid<'_>, DerError> {
    let mut fields = Reader::new(algorithm);
    fields.expect(tag::OID)?;
    let curve = Oid(fields.expect(tag::OID)?.contents);
    fields.finish()?;
    Ok(curve)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contents of the key information of an RSA key with this modulus.
    fn rsa(modulus: &[u8]) -> Vec<u8> {
        let element = |tag, contents: &[u8]| {
            let (head, size) = header(tag, contents.len()).unwrap();
            [&head[..size], contents].concat()
        };
        let numbers = [
            element(tag::INTEGER, modulus),
            element(tag::INTEGER, &[1, 0, 1]),
        ]
        .concat();
        let octets = [&[0][..], &element(tag::SEQUENCE, &numbers)].concat();
        let algorithm = [element(tag::OID, Oid::RSA.0), element(tag::NULL, &[])].concat();
        [
            element(tag::SEQUENCE, &algorithm),
            element(tag::BIT_STRING, &octets),
        ]
        .concat()
    }

    #[test]
    fn the_size_of_rsa_keys() {
        for (modulus, bits) in [
            ([&[0, 0x80][..], &[0; 255]].concat(), 2048),
            ([&[0x7f][..], &[0; 255]].concat(), 2047),
            ([&[0, 0xff][..], &[0; 127]].concat(), 1024),
            (vec![0], 0),
        ] {
            let contents = rsa(&modulus);
            let key = PublicKey::from_contents(&contents).unwrap();
            assert_eq!(key.kind(), KeyKind::Rsa { bits });
            assert!(key.to_der().ends_with(&contents));
        }
    }
}
