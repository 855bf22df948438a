//! Certificates, OCSP responses and CRLs to order: valid by default, and wrong in exactly the way
//! a test asks for. This writer shares nothing with the crate's reader.

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use rustls_pki_types::{CertificateDer, UnixTime};

/// 2026-06-15 12:00:00, the time of every test.
pub(crate) const NOW: UnixTime =
    UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_781_524_800));

pub(crate) const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
pub(crate) const SHA1: &str = "1.3.14.3.2.26";
pub(crate) const SHA256: &str = "2.16.840.1.101.3.4.2.1";

/// An element.
pub(crate) fn tlv(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let contents = parts.concat();
    let mut der = vec![tag];
    match contents.len() {
        length @ 0..=127 => der.push(length as u8),
        length => {
            let octets: Vec<u8> = length
                .to_be_bytes()
                .into_iter()
                .skip_while(|octet| *octet == 0)
                .collect();
            der.push(0x80 | octets.len() as u8);
            der.extend(octets);
        }
    }
    der.extend(contents);
    der
}

pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, parts)
}

pub(crate) fn raw(tag: u8, contents: &[u8]) -> Vec<u8> {
    tlv(tag, &[contents.to_vec()])
}

pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut contents = vec![(arcs[0] * 40 + arcs[1]) as u8];
    for arc in &arcs[2..] {
        let mut octets = vec![(arc & 0x7f) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            octets.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        contents.extend(octets.into_iter().rev());
    }
    raw(0x06, &contents)
}

pub(crate) fn generalized(text: &str) -> Vec<u8> {
    raw(0x18, text.as_bytes())
}

pub(crate) fn name(common_name: &str) -> Vec<u8> {
    let attribute = sequence(&[oid("2.5.4.3"), raw(0x0c, common_name.as_bytes())]);
    sequence(&[tlv(0x31, &[attribute])])
}

pub(crate) fn extension(id: &str, critical: bool, value: Vec<u8>) -> Vec<u8> {
    let flag = if critical {
        raw(0x01, &[0xff])
    } else {
        Vec::new()
    };
    sequence(&[oid(id), flag, tlv(0x04, &[value])])
}

pub(crate) fn uri(text: &str) -> Vec<u8> {
    raw(0x86, text.as_bytes())
}

pub(crate) fn sha1(octets: &[u8]) -> Vec<u8> {
    let algorithm = &ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
    ring::digest::digest(algorithm, octets).as_ref().to_vec()
}

pub(crate) fn sha256(octets: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, octets)
        .as_ref()
        .to_vec()
}

/// A P-256 key.
pub(crate) struct Key(EcdsaKeyPair);

impl Key {
    pub(crate) fn new() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap())
    }

    pub(crate) fn octets(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    fn info(&self) -> Vec<u8> {
        let algorithm = sequence(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]);
        sequence(&[algorithm, raw(0x03, &[&[0], self.octets()].concat())])
    }

    /// The signed structure: the message, the algorithm and a true signature by this key.
    pub(crate) fn sign(&self, message: Vec<u8>, algorithm: &str) -> Vec<Vec<u8>> {
        let signature = self.0.sign(&SystemRandom::new(), &message).unwrap();
        let bits = raw(0x03, &[&[0], signature.as_ref()].concat());
        vec![message, sequence(&[oid(algorithm)]), bits]
    }
}

/// What a certificate says.
#[derive(Clone)]
pub(crate) struct CertificateParts {
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: &'static str,
    pub(crate) not_after: &'static str,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl CertificateParts {
    pub(crate) fn new(issuer: &str, subject: &str) -> Self {
        Self {
            serial: vec![0x5a, 0x01],
            issuer: name(issuer),
            subject: name(subject),
            not_before: "260101000000Z",
            not_after: "270101000000Z",
            extensions: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub(crate) fn sign(&self, key: &Key, issuer: &Key) -> CertificateDer<'static> {
        let validity = sequence(&[
            raw(0x17, self.not_before.as_bytes()),
            raw(0x17, self.not_after.as_bytes()),
        ]);
        let extensions = match self.extensions.is_empty() {
            true => Vec::new(),
            false => tlv(0xa3, &[sequence(&self.extensions)]),
        };
        let tbs = sequence(&[
            tlv(0xa0, &[raw(0x02, &[2])]),
            raw(0x02, &self.serial),
            sequence(&[oid(ECDSA_SHA256)]),
            self.issuer.clone(),
            validity,
            self.subject.clone(),
            key.info(),
            extensions,
        ]);
        sequence(&issuer.sign(tbs, ECDSA_SHA256)).into()
    }
}

pub(crate) fn basic_constraints(ca: bool) -> Vec<u8> {
    let flag = if ca { raw(0x01, &[0xff]) } else { Vec::new() };
    extension("2.5.29.19", true, sequence(&[flag]))
}

/// The first octet of the key usage bits, with the number of unused bits before it.
pub(crate) fn key_usage(unused: u8, bits: u8) -> Vec<u8> {
    extension("2.5.29.15", true, raw(0x03, &[unused, bits]))
}

pub(crate) fn extended_key_usage(purposes: &[&str]) -> Vec<u8> {
    let purposes: Vec<_> = purposes.iter().map(|purpose| oid(purpose)).collect();
    extension("2.5.29.37", false, sequence(&purposes))
}

/// One distribution point with these addresses as its name.
pub(crate) fn distribution_point(urls: &[&str]) -> Vec<u8> {
    let names: Vec<_> = urls.iter().map(|url| uri(url)).collect();
    tlv(0xa0, &[tlv(0xa0, &names)])
}

pub(crate) fn distribution_points(points: &[Vec<u8>]) -> Vec<u8> {
    let points: Vec<_> = points
        .iter()
        .map(|point| sequence(std::slice::from_ref(point)))
        .collect();
    extension("2.5.29.31", false, sequence(&points))
}

/// A CA, a certificate of a server that it issued, and their keys.
pub(crate) struct World {
    pub(crate) ca_key: Key,
    pub(crate) ca: CertificateDer<'static>,
    pub(crate) leaf_key: Key,
    pub(crate) leaf: CertificateDer<'static>,
}

pub(crate) const CA: &str = "Test CA";

impl World {
    pub(crate) fn new() -> Self {
        Self::with_leaf(CertificateParts::new(CA, "server.example"))
    }

    pub(crate) fn with_leaf(leaf: CertificateParts) -> Self {
        let (ca_key, leaf_key) = (Key::new(), Key::new());
        let ca = CertificateParts::new(CA, CA)
            .with(basic_constraints(true))
            .with(key_usage(1, 0x06))
            .sign(&ca_key, &ca_key);
        let leaf = leaf.sign(&leaf_key, &ca_key);
        Self {
            ca_key,
            ca,
            leaf_key,
            leaf,
        }
    }
}

/// What an OCSP response says; by default that the certificate of [`World`] is good.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) outer_status: u8,
    pub(crate) response_type: &'static str,
    pub(crate) version: Vec<u8>,
    pub(crate) responder: Vec<u8>,
    pub(crate) produced_at: String,
    pub(crate) answers: Vec<Answer>,
    pub(crate) extensions: Vec<Vec<u8>>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) algorithm: &'static str,
}

impl Reply {
    pub(crate) fn new(world: &World) -> Self {
        Self {
            outer_status: 0,
            response_type: "1.3.6.1.5.5.7.48.1.1",
            version: Vec::new(),
            responder: by_name(CA),
            produced_at: "20260615000000Z".into(),
            answers: vec![Answer::new(world)],
            extensions: Vec::new(),
            certificates: Vec::new(),
            algorithm: ECDSA_SHA256,
        }
    }

    pub(crate) fn sign(&self, key: &Key) -> Vec<u8> {
        let answers: Vec<_> = self.answers.iter().map(Answer::der).collect();
        let data = sequence(&[
            self.version.clone(),
            self.responder.clone(),
            generalized(&self.produced_at),
            sequence(&answers),
            tagged_extensions(&self.extensions),
        ]);
        let mut basic = key.sign(data, self.algorithm);
        if !self.certificates.is_empty() {
            basic.push(tlv(0xa0, &[sequence(&self.certificates)]));
        }
        let bytes = sequence(&[oid(self.response_type), tlv(0x04, &[sequence(&basic)])]);
        sequence(&[raw(0x0a, &[self.outer_status]), tlv(0xa0, &[bytes])])
    }
}

fn tagged_extensions(extensions: &[Vec<u8>]) -> Vec<u8> {
    match extensions {
        [] => Vec::new(),
        _ => tlv(0xa1, &[sequence(extensions)]),
    }
}

pub(crate) fn by_name(common_name: &str) -> Vec<u8> {
    tlv(0xa1, &[name(common_name)])
}

pub(crate) fn by_key(key: &Key) -> Vec<u8> {
    tlv(0xa2, &[raw(0x04, &sha1(key.octets()))])
}

/// One single response.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) hash: &'static str,
    pub(crate) name_hash: Vec<u8>,
    pub(crate) key_hash: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) status: Vec<u8>,
    pub(crate) this_update: String,
    pub(crate) next_update: Option<String>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Answer {
    pub(crate) fn new(world: &World) -> Self {
        Self {
            hash: SHA1,
            name_hash: sha1(&name(CA)),
            key_hash: sha1(world.ca_key.octets()),
            serial: vec![0x5a, 0x01],
            status: good(),
            this_update: "20260615000000Z".into(),
            next_update: Some("20260618000000Z".into()),
            extensions: Vec::new(),
        }
    }

    fn der(&self) -> Vec<u8> {
        let cert_id = sequence(&[
            sequence(&[oid(self.hash), raw(0x05, &[])]),
            raw(0x04, &self.name_hash),
            raw(0x04, &self.key_hash),
            raw(0x02, &self.serial),
        ]);
        let next_update = self.next_update.as_ref();
        sequence(&[
            cert_id,
            self.status.clone(),
            generalized(&self.this_update),
            next_update
                .map(|time| tlv(0xa0, &[generalized(time)]))
                .unwrap_or_default(),
            tagged_extensions(&self.extensions),
        ])
    }
}

pub(crate) fn good() -> Vec<u8> {
    raw(0x80, &[])
}

pub(crate) fn unknown() -> Vec<u8> {
    raw(0x82, &[])
}

/// Revoked on 1 June 2026 for the reason with this number.
pub(crate) fn revoked(reason: Option<u8>) -> Vec<u8> {
    let reason = reason
        .map(|code| tlv(0xa0, &[raw(0x0a, &[code])]))
        .unwrap_or_default();
    tlv(0xa1, &[generalized("20260601000000Z"), reason])
}

/// What a CRL says; by default that another certificate is revoked.
#[derive(Clone)]
pub(crate) struct List {
    pub(crate) version: Vec<u8>,
    pub(crate) inner_algorithm: &'static str,
    pub(crate) issuer: Vec<u8>,
    pub(crate) this_update: Vec<u8>,
    pub(crate) next_update: Vec<u8>,
    pub(crate) entries: Option<Vec<Vec<u8>>>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl List {
    pub(crate) fn new() -> Self {
        Self {
            version: raw(0x02, &[1]),
            inner_algorithm: ECDSA_SHA256,
            issuer: name(CA),
            this_update: generalized("20260615000000Z"),
            next_update: generalized("20260618000000Z"),
            entries: Some(vec![entry(&[0x5a, 0x02], &[])]),
            extensions: vec![extension("2.5.29.20", false, raw(0x02, &[7]))],
        }
    }

    pub(crate) fn sign(&self, key: &Key) -> Vec<u8> {
        let tbs = sequence(&[
            self.version.clone(),
            sequence(&[oid(self.inner_algorithm)]),
            self.issuer.clone(),
            self.this_update.clone(),
            self.next_update.clone(),
            self.entries
                .as_ref()
                .map(|entries| sequence(entries))
                .unwrap_or_default(),
            match self.extensions.is_empty() {
                true => Vec::new(),
                false => tlv(0xa0, &[sequence(&self.extensions)]),
            },
        ]);
        sequence(&key.sign(tbs, ECDSA_SHA256))
    }
}

/// An entry, revoked on 1 June 2026.
pub(crate) fn entry(serial: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let extensions = match extensions {
        [] => Vec::new(),
        _ => sequence(extensions),
    };
    sequence(&[
        raw(0x02, serial),
        generalized("20260601000000Z"),
        extensions,
    ])
}

pub(crate) fn reason_code(code: u8) -> Vec<u8> {
    extension("2.5.29.21", false, raw(0x0a, &[code]))
}

/// The issuing distribution point extension with these fields.
pub(crate) fn issuing_point(fields: &[Vec<u8>]) -> Vec<u8> {
    extension("2.5.29.28", true, sequence(fields))
}
