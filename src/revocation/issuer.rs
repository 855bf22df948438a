//! Who issued a certificate, as the verified path tells it.

use rustls_pki_types::{CertificateDer, TrustAnchor};

use crate::x509::der::DerError;
use crate::x509::{Certificate, KeyUsage, Name, PublicKey};

/// The issuer of a certificate: the next certificate of the *verified* path, or its anchor.
///
/// Taking it from anywhere else, such as the chain the server sent, would let the server choose
/// who vouches for it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Issuer<'a> {
    /// Its name.
    pub subject: Name<'a>,
    /// Its key.
    pub public_key: PublicKey<'a>,
    /// What its key may do: `None` where its certificate does not say, and for a bare anchor,
    /// which carries no key usage. Where the anchor's certificate is at hand, make the issuer
    /// from that, so that an anchor that may not sign CRLs is noticed.
    pub key_usage: Option<KeyUsage>,
}

impl<'a> Issuer<'a> {
    /// The issuer whose certificate this is.
    ///
    /// # Errors
    /// The certificate cannot be read.
    pub fn from_certificate(certificate: &'a CertificateDer<'_>) -> Result<Self, DerError> {
        Certificate::parse(certificate).map(|certificate| Self::from(&certificate))
    }

    /// The issuer that is a trust anchor of `rustls-webpki`.
    ///
    /// # Errors
    /// The anchor's key cannot be read.
    pub fn from_anchor(anchor: &'a TrustAnchor<'_>) -> Result<Self, DerError> {
        Ok(Self {
            subject: Name::from_contents(&anchor.subject),
            public_key: PublicKey::from_contents(&anchor.subject_public_key_info)?,
            key_usage: None,
        })
    }

    /// The same as an anchor, for a path of one hop. Name constraints are left out: the names in
    /// a responder's certificate stand for nothing here.
    pub(crate) fn as_anchor(&self) -> TrustAnchor<'a> {
        TrustAnchor {
            subject: self.subject.contents().into(),
            subject_public_key_info: self.public_key.contents().into(),
            name_constraints: None,
        }
    }
}

impl<'a> From<&Certificate<'a>> for Issuer<'a> {
    fn from(certificate: &Certificate<'a>) -> Self {
        Self {
            subject: certificate.subject,
            public_key: certificate.public_key,
            key_usage: certificate.key_usage,
        }
    }
}
