//! One certificate (RFC 5280, section 4.1): what goes into it, and signing it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::super::random;
use super::extension::{self, Purpose, Usage};
use super::key::{Key, SignatureName};
use super::{DAY, der};

const COMMON_NAME: &[u64] = &[2, 5, 4, 3];

/// Somebody with a key and a certificate for it.
#[derive(Clone, Debug)]
pub(in crate::mock) struct Entity {
    /// The subject, encoded.
    pub(in crate::mock) name: Vec<u8>,
    pub(in crate::mock) key: Arc<Key>,
    /// The digits of the serial number.
    pub(in crate::mock) serial: Vec<u8>,
    pub(in crate::mock) der: Vec<u8>,
}

/// A certificate before it is signed.
#[derive(Clone, Debug)]
pub(in crate::mock) struct Template {
    pub(super) name: Vec<u8>,
    pub(super) from: SystemTime,
    pub(super) until: SystemTime,
    pub(super) extensions: Vec<Vec<u8>>,
    pub(super) signature: SignatureName,
}

impl Template {
    /// A third of the lifetime is over, so that no clock is too slow and older answers still fall into it.
    pub(in crate::mock) fn new(common_name: &str, lifetime: Duration) -> Self {
        let from = SystemTime::now() - lifetime / 3;
        Self {
            name: name(common_name),
            from,
            until: from + lifetime,
            extensions: Vec::new(),
            signature: SignatureName::default(),
        }
    }

    pub(in crate::mock) fn authority(common_name: &str) -> Self {
        Self::new(common_name, 3 * 365 * DAY)
            .with(extension::authority(None))
            .with(extension::key_usage(&[Usage::CertSign, Usage::CrlSign]))
    }

    pub(in crate::mock) fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    pub(in crate::mock) fn usages(self, usages: &[Usage]) -> Self {
        self.with(extension::key_usage(usages))
    }

    pub(in crate::mock) fn purpose(self, purpose: Purpose) -> Self {
        self.with(extension::purpose(purpose))
    }

    pub(in crate::mock) fn no_check(self) -> Self {
        self.with(extension::no_check())
    }

    pub(in crate::mock) fn may_issue(self, yes: bool) -> Self {
        self.with(if yes {
            extension::authority(None)
        } else {
            extension::no_authority()
        })
    }

    /// Ended yesterday.
    pub(in crate::mock) fn expired(mut self) -> Self {
        let lifetime = self.lifetime();
        self.until = SystemTime::now() - DAY;
        self.from = self.until - lifetime;
        self
    }

    /// Begins tomorrow.
    pub(in crate::mock) fn not_yet_valid(mut self) -> Self {
        let lifetime = self.lifetime();
        self.from = SystemTime::now() + DAY;
        self.until = self.from + lifetime;
        self
    }

    fn lifetime(&self) -> Duration {
        self.until.duration_since(self.from).unwrap_or_default()
    }

    pub(in crate::mock) fn self_signed(self, key: Arc<Key>) -> Entity {
        let name = self.name.clone();
        self.sign(key.clone(), &name, &key)
    }

    pub(in crate::mock) fn signed_by(self, key: Arc<Key>, issuer: &Entity) -> Entity {
        self.sign(key, &issuer.name, &issuer.key)
    }

    pub(super) fn sign(self, key: Arc<Key>, issuer: &[u8], issuer_key: &Key) -> Entity {
        let serial = serial_number();
        let extensions = [
            vec![
                extension::subject_key(&key),
                extension::authority_key(issuer_key),
            ],
            self.extensions,
        ];
        let content = der::sequence([
            der::tagged(0, &der::number(2)),
            der::integer(&serial),
            self.signature.identifier(),
            issuer.to_vec(),
            der::sequence([der::time(self.from), der::time(self.until)]),
            self.name.clone(),
            key.public_info(),
            der::tagged(3, &der::sequence(extensions.concat())),
        ]);
        let signature = der::bits(&issuer_key.sign(&content));
        Entity {
            name: self.name,
            key,
            serial,
            der: der::sequence([content, self.signature.identifier(), signature]),
        }
    }
}

/// A Name of one attribute.
pub(in crate::mock) fn name(common_name: &str) -> Vec<u8> {
    let attribute = der::sequence([der::oid(COMMON_NAME), der::utf8(common_name)]);
    der::sequence([der::set([attribute])])
}

/// 16 bytes, positive and without leading zeros.
pub(in crate::mock) fn serial_number() -> Vec<u8> {
    let mut digits: [u8; 16] = random::bytes();
    digits[0] = digits[0] & 0x3F | 0x40;
    digits.to_vec()
}
