//! What a path must satisfy beyond what `rustls-webpki` checks.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};

use super::shown::sha256;
use super::trust::RootClass;
use crate::error::{PeerText, TrustFault};
use crate::x509::{Certificate, KeyKind, Name, Oid, PublicKey};

/// The most certificates below the root.
const LENGTH: usize = 6;

/// The fewest bits of an RSA key.
const RSA_BITS: usize = 2048;

/// The longest life of a server's certificate of a public authority (CA/Browser Forum, baseline requirements, section
/// 6.3.2). The limit falls further by and by; old certificates outlive each step, so only this one is held against them.
const LIFE: Duration = Duration::from_secs(398 * 24 * 60 * 60);

/// A path whose signatures, times and constraints `rustls-webpki` found in order.
pub(super) struct Candidate<'a> {
    /// The name as it is written in faults.
    pub(super) host: &'a str,
    /// The certificates below the root, the server's own first.
    pub(super) certificates: &'a [CertificateDer<'a>],
    /// The root.
    pub(super) anchor: &'a TrustAnchor<'a>,
    /// The certificate of the root, where it is at hand.
    pub(super) anchor_certificate: Option<&'a CertificateDer<'a>>,
    /// Which kind of root it is.
    pub(super) class: RootClass,
    /// The SHA-256 fingerprints of certificates that no path may hold.
    pub(super) disallowed: &'a [[u8; 32]],
    /// The time to judge by.
    pub(super) now: UnixTime,
}

impl Candidate<'_> {
    /// Judges the path.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub(super) fn judge(&self) -> Result<(), TrustFault> {
        if self.certificates.len() > LENGTH {
            return Err(TrustFault::TooComplex { host: self.host() });
        }
        self.judge_anchor()?;
        for (place, der) in self.certificates.iter().enumerate() {
            self.judge_disallowed(der)?;
            let certificate = self.read(der)?;
            if is_weak(&certificate.public_key) {
                return Err(self.weak(certificate.subject));
            }
            if place == 0 {
                self.judge_server(&certificate)?;
            }
        }
        Ok(())
    }

    fn judge_server(&self, certificate: &Certificate<'_>) -> Result<(), TrustFault> {
        let is_for_servers = certificate
            .extended_key_usage
            .as_ref()
            .is_some_and(|usage| usage.allows(Oid::SERVER_AUTH));
        if !is_for_servers {
            return Err(TrustFault::WrongPurpose { host: self.host() });
        }
        let period = certificate.validity.period();
        if !self.class.is_local() && period > LIFE {
            return Err(TrustFault::LivesTooLong {
                host: self.host(),
                days: period.as_secs().div_ceil(24 * 60 * 60),
            });
        }
        Ok(())
    }

    /// `rustls-webpki` takes a root for a name and a key and asks nothing more of it.
    fn judge_anchor(&self) -> Result<(), TrustFault> {
        let subject = Name::from_contents(&self.anchor.subject);
        let key = PublicKey::from_contents(&self.anchor.subject_public_key_info);
        if key.is_ok_and(|key| is_weak(&key)) {
            return Err(self.weak(subject));
        }
        let Some(der) = self.anchor_certificate else {
            return Ok(());
        };
        self.judge_disallowed(der)?;
        let validity = self.read(der)?.validity;
        if self.now < validity.not_before {
            return Err(TrustFault::NotYetValid {
                host: self.host(),
                not_before: validity.not_before.as_secs(),
                now: self.now.as_secs(),
            });
        }
        if self.now > validity.not_after {
            return Err(TrustFault::AnchorExpired {
                host: self.host(),
                root: subject.into(),
                not_after: validity.not_after.as_secs(),
                now: self.now.as_secs(),
            });
        }
        Ok(())
    }

    fn judge_disallowed(&self, der: &CertificateDer<'_>) -> Result<(), TrustFault> {
        if !self.disallowed.contains(&sha256(der)) {
            return Ok(());
        }
        Err(TrustFault::Disallowed {
            host: self.host(),
            certificate: self.read(der)?.subject.into(),
        })
    }

    fn read<'d>(&self, der: &'d CertificateDer<'_>) -> Result<Certificate<'d>, TrustFault> {
        Certificate::parse(der).map_err(|error| TrustFault::Malformed {
            host: self.host(),
            detail: PeerText::from(error.to_string()),
        })
    }

    fn weak(&self, subject: Name<'_>) -> TrustFault {
        TrustFault::WeakKey {
            host: self.host(),
            certificate: subject.into(),
        }
    }

    fn host(&self) -> String {
        self.host.to_owned()
    }
}

/// Whether a key is RSA below 2048 bits, or lies on another curve than P-256, P-384 and P-521. What is neither RSA nor
/// on a named curve is left to the crypto provider, which knows no weak one.
pub(super) fn is_weak(key: &PublicKey<'_>) -> bool {
    match key.kind() {
        KeyKind::Rsa { bits } => bits < RSA_BITS,
        KeyKind::Ec { curve } => !matches!(curve, Oid::P256 | Oid::P384 | Oid::P521),
        KeyKind::Other { .. } => false,
    }
}
