//! Writing a list of revoked certificates (RFC 5280, section 5.1).

use std::time::SystemTime;

use super::answer::flip_last_bit;
use super::crl::{CrlAnswer, CrlFault, CrlScope};
use super::status::{Reason, Status};
use crate::mock::pki::{Certificate, Chain, Key, SignatureName, der, extension, name, pem};

use extension::extension;

const REASON: &[u64] = &[2, 5, 29, 21];
const NUMBER: &[u64] = &[2, 5, 29, 20];
const DELTA: &[u64] = &[2, 5, 29, 27];
const SCOPE: &[u64] = &[2, 5, 29, 28];
/// Nothing that the tenant issues begins like this.
const UNRELATED: u128 = 0x3F << 120;

impl CrlAnswer {
    /// The list in which the certificate would be.
    pub(super) fn list(&self, chain: &Chain, of: Certificate, status: Status) -> Vec<u8> {
        let issuer = chain.issuer(of);
        let content = self.content(chain, of, self.status.unwrap_or(status));
        let key = if self.has(CrlFault::SignedByStranger) {
            &Key::generate()
        } else {
            &*issuer.key
        };
        let mut signature = key.sign(&content);
        if self.has(CrlFault::FlippedSignature) {
            flip_last_bit(&mut signature);
        }
        let (_, without) = self.algorithms();
        let list = der::sequence([content, without.identifier(), der::bits(&signature)]);
        self.faults.iter().fold(list, |list, fault| match fault {
            CrlFault::Encoding(fault) => fault.apply(list),
            CrlFault::Pem => pem("X509 CRL", &list).into_bytes(),
            _ => list,
        })
    }

    fn content(&self, chain: &Chain, of: Certificate, status: Status) -> Vec<u8> {
        let issuer = chain.issuer(of);
        let first = self.has(CrlFault::Version1);
        let next_update = self.times.next_update();
        let issuer_name = if self.has(CrlFault::WrongIssuer) {
            name("Nobody")
        } else {
            issuer.name.clone()
        };
        let extensions = || {
            let mut extensions = vec![
                extension::authority_key(&issuer.key),
                extension(NUMBER, false, &der::number(self.number)),
            ];
            extensions.extend(self.scope_extension(&chain.urls.crl(of)));
            if self.has(CrlFault::Delta) {
                extensions.push(extension(DELTA, true, &der::number(1)));
            }
            if self.has(CrlFault::UnknownCriticalExtension) {
                extensions.push(extension::unknown_critical());
            }
            der::tagged(0, &der::sequence(extensions))
        };
        let (within, _) = self.algorithms();
        der::sequence([
            if first { Vec::new() } else { der::number(1) },
            within.identifier(),
            issuer_name,
            der::time(self.times.this_update()),
            next_update.map_or(Vec::new(), der::time),
            self.entries(&chain.subject(of).serial, status),
            if first { Vec::new() } else { extensions() },
        ])
    }

    /// Within and without.
    fn algorithms(&self) -> (SignatureName, SignatureName) {
        let mut algorithms = <(SignatureName, SignatureName)>::default();
        for fault in &self.faults {
            match fault {
                CrlFault::Called(name) => algorithms = (*name, *name),
                CrlFault::CalledWithin(name) => algorithms.0 = *name,
                _ => {}
            }
        }
        algorithms
    }

    /// revokedCertificates, which is left out if there are none.
    fn entries(&self, serial: &[u8], status: Status) -> Vec<u8> {
        let now = SystemTime::now();
        let unrelated = |number: usize| (UNRELATED | number as u128).to_be_bytes();
        let mut entries = Vec::new();
        for number in 0..self.more {
            entries.extend(entry(&unrelated(number), now, &[]));
        }
        if let Status::Revoked { reason, time } = status {
            let reason = reason.filter(|_| !self.has(CrlFault::Version1));
            let reason = reason.map(reason_extension);
            entries.extend(entry(serial, time, reason.as_slice()));
        }
        if self.has(CrlFault::UnknownCriticalEntryExtension) {
            let unknown = extension::unknown_critical();
            entries.extend(entry(&unrelated(self.more), now, &[unknown]));
        }
        if entries.is_empty() && !self.has(CrlFault::EmptyEntries) {
            return entries;
        }
        der::sequence([entries])
    }

    fn scope_extension(&self, url: &str) -> Option<Vec<u8>> {
        let point = |url: &str| der::tagged(0, &extension::full_name(url));
        let yes = [0xFF];
        let content = match self.scope {
            CrlScope::Everything => return None,
            CrlScope::Partition => point(url),
            CrlScope::OtherPartition => point("http://crl.contoso.example/partition/36.crl"),
            CrlScope::UserCertificates => der::tagged_primitive(1, &yes),
            CrlScope::AuthorityCertificates => der::tagged_primitive(2, &yes),
            CrlScope::AttributeCertificates => der::tagged_primitive(5, &yes),
            CrlScope::Indirect => [point(url), der::tagged_primitive(4, &yes)].concat(),
            CrlScope::SomeReasons => {
                let reasons = der::tagged_primitive(3, &der::named_bits(&[1, 2]));
                [point(url), reasons].concat()
            }
        };
        Some(extension(SCOPE, true, &der::sequence([content])))
    }
}

fn entry(serial: &[u8], time: SystemTime, extensions: &[Vec<u8>]) -> Vec<u8> {
    let extensions = if extensions.is_empty() {
        Vec::new()
    } else {
        der::sequence(extensions)
    };
    der::sequence([der::integer(serial), der::time(time), extensions])
}

fn reason_extension(reason: Reason) -> Vec<u8> {
    extension(REASON, false, &der::enumerated(reason as u8))
}
