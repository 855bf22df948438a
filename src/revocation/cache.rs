//! Answers that were fetched earlier: signed data only, which is verified again whenever it is used.
//!
//! An answer counts until it says that it is replaced, a revocation for as long as the certificate lives. Past half of
//! its time it still counts, and is asked for again in the background of the check that used it. A list that is out of
//! date stays until there is a newer one, so that an older one is noticed.

mod disk;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use url::Url;

use self::disk::Disk;
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
    disk: Option<Arc<Disk>>,
}

#[derive(Default)]
struct Memory {
    /// The least recently used first.
    answers: Vec<(Key, Bytes)>,
    failures: HashMap<Url, (Instant, FetchFault)>,
}

impl Cache {
    /// An empty cache, with what an earlier process left in `directory`.
    pub(super) fn new(directory: Option<PathBuf>) -> Self {
        Self {
            memory: Mutex::default(),
            disk: directory.map(|directory| Arc::new(Disk::new(directory))),
        }
    }

    /// An answer, not verified.
    pub(super) async fn get(&self, subject: &Subject<'_>, kind: &Kind) -> Option<Bytes> {
        let key = key(subject, kind);
        let kept = self.memory().get(&key);
        if kept.is_some() {
            return kept;
        }
        let der = self.on_disk(move |disk| disk.read(&key)).await??;
        self.memory().put(key, der.clone());
        Some(der)
    }

    /// Keeps an answer that was verified.
    pub(super) async fn put(&self, subject: &Subject<'_>, kind: &Kind, der: Bytes) {
        let key = key(subject, kind);
        self.memory().put(key, der.clone());
        self.on_disk(move |disk| disk.write(&key, &der)).await;
    }

    /// Forgets an answer.
    pub(super) async fn remove(&self, subject: &Subject<'_>, kind: &Kind) {
        let key = key(subject, kind);
        self.memory().remove(&key);
        self.on_disk(move |disk| disk.remove(&key)).await;
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

    /// Forgets which sources could not be reached.
    pub(super) fn forget_failures(&self) {
        self.memory().failures.clear();
    }

    /// Lets a thread of the runtime's blocking pool work on the directory, if there is one.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Disk) -> T + Send + 'static,
    ) -> Option<T> {
        let disk = Arc::clone(self.disk.as_ref()?);
        tokio::task::spawn_blocking(move || work(&disk)).await.ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: usize) -> Key {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.to_be_bytes());
        key
    }

    #[test]
    fn memory_holds_so_many_answers_and_drops_the_least_used() {
        let mut memory = Memory::default();
        for one in 0..ENTRIES {
            memory.put(number(one), Bytes::from_static(b"answer"));
        }
        assert!(memory.get(&number(0)).is_some());
        memory.put(number(ENTRIES), Bytes::from_static(b"one more"));
        assert_eq!(memory.answers.len(), ENTRIES);
        assert!(memory.get(&number(0)).is_some());
        assert!(memory.get(&number(1)).is_none());
    }

    #[test]
    fn memory_holds_so_many_bytes() {
        let mut memory = Memory::default();
        let third = Bytes::from(vec![0; MEMORY / 3]);
        for one in 0..4 {
            memory.put(number(one), third.clone());
        }
        assert!(memory.get(&number(0)).is_none());
        assert_eq!(memory.answers.len(), 3);
        memory.put(number(9), Bytes::from(vec![0; MEMORY + 1]));
        assert_eq!(memory.answers.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_remembered_for_a_minute() {
        let (cache, fault) = (Cache::new(None), FetchFault::Dns);
        let url = Url::parse("http://ocsp.contoso.example/").unwrap();
        cache.note_failure(&url, &fault);
        tokio::time::advance(Duration::from_secs(59)).await;
        assert_eq!(cache.recent_failure(&url), Some(fault));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(cache.recent_failure(&url), None);
    }
}
