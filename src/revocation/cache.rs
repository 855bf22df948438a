//! Answers that were fetched earlier: signed data only, which is verified again whenever it is used.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use url::Url;

use super::crl::{CertificateList, Number};
use super::subject::Subject;
use crate::error::FetchFault;

/// The most answers that are kept.
const ENTRIES: usize = 256;

/// The most bytes of all answers in memory together.
const MEMORY: usize = 16 << 20;

/// How long a source that could not be reached is left alone.
const FAILURE: Duration = Duration::from_secs(60);

/// What kind of answer: about one certificate, or a list with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Ocsp,
    Crl(Url),
}

/// SHA-256 over what an answer is about.
pub(super) type Key = [u8; 32];

/// The cache of one channel.
pub(super) struct Cache {
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// The least recently used first.
    answers: Vec<(Key, Bytes)>,
    failures: HashMap<Url, (Instant, FetchFault)>,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self {
            memory: Mutex::default(),
        }
    }

    /// An answer, not verified.
    pub(super) async fn get(&self, subject: &Subject<'_>, kind: &Kind) -> Option<Bytes> {
        self.memory().get(&key(subject, kind))
    }

    /// Keeps an answer that was verified.
    pub(super) async fn put(&self, subject: &Subject<'_>, kind: &Kind, der: Bytes) {
        self.memory().put(key(subject, kind), der);
    }

    /// Forgets an answer.
    pub(super) async fn remove(&self, subject: &Subject<'_>, kind: &Kind) {
        self.memory().remove(&key(subject, kind));
    }

    /// The number of the list that is kept, in date or not.
    pub(super) async fn list_number(&self, subject: &Subject<'_>, kind: &Kind) -> Option<Number> {
        let der = self.get(subject, kind).await?;
        CertificateList::parse(&der).ok()?.number
    }

    /// Why a source could not be reached a short while ago.
    pub(super) fn recent_failure(&self, url: &Url) -> Option<FetchFault> {
        let memory = self.memory();
        let (time, fault) = memory.failures.get(url)?;
        (time.elapsed() < FAILURE).then(|| fault.clone())
    }

    /// Remembers that a source could not be reached.
    pub(super) fn note_failure(&self, url: &Url, fault: &FetchFault) {
        let failures = &mut self.memory().failures;
        failures.retain(|_, (time, _)| time.elapsed() < FAILURE);
        if failures.len() < ENTRIES {
            failures.insert(url.clone(), (Instant::now(), fault.clone()));
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn get(&mut self, key: &Key) -> Option<Bytes> {
        let index = self.answers.iter().position(|(own, _)| own == key)?;
        let entry = self.answers.remove(index);
        let der = entry.1.clone();
        self.answers.push(entry);
        Some(der)
    }

    fn put(&mut self, key: Key, der: Bytes) {
        self.remove(&key);
        self.answers.push((key, der));
        while self.answers.len() > ENTRIES || self.size() > MEMORY {
            self.answers.remove(0);
        }
    }

    fn remove(&mut self, key: &Key) {
        self.answers.retain(|(own, _)| own != key);
    }

    fn size(&self) -> usize {
        self.answers.iter().map(|(_, der)| der.len()).sum()
    }
}

/// An OCSP response is about a certificate: its issuer's key, its issuer's name, its serial number. A list is about an
/// issuer and an address.
fn key(subject: &Subject<'_>, kind: &Kind) -> Key {
    let mut hash = Sha256::new();
    hash.update(Sha256::digest(subject.issuer.public_key.to_der()));
    hash.update(Sha256::digest(subject.certificate.issuer.contents()));
    match kind {
        Kind::Ocsp => {
            hash.update(b"ocsp");
            hash.update(subject.certificate.serial);
        }
        Kind::Crl(url) => {
            hash.update(b"crl");
            hash.update(url.as_str());
        }
    }
    hash.finalize().into()
}
