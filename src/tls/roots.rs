//! Roots, read and ready.

use std::fmt;
use std::sync::Arc;

use rustls_pki_types::{CertificateDer, TrustAnchor};

use super::trust::RootClass;
use crate::error::{Error, Fault};

/// Roots of one class, with their certificates: a name and a key alone would tell neither until when a root is valid nor
/// its fingerprint.
#[derive(Clone)]
pub struct RootSet {
    class: RootClass,
    anchors: Arc<[TrustAnchor<'static>]>,
    /// The certificates of the anchors, in the same order.
    certificates: Arc<[CertificateDer<'static>]>,
}

impl RootSet {
    /// The roots whose certificates are in `ders`.
    ///
    /// # Errors
    /// [`Fault::InvalidSetting`] if one of them is no certificate in DER.
    pub fn new(
        class: RootClass,
        ders: impl IntoIterator<Item = impl Into<Vec<u8>>>,
    ) -> Result<Self, Error> {
        let certificates = ders.into_iter().map(|der| der.into().into()).collect();
        Self::read(class, "roots", certificates)
    }

    /// Which kind of roots they are.
    pub fn class(&self) -> RootClass {
        self.class
    }

    /// As [`new`](Self::new), for the setting of this name.
    pub(super) fn read(
        class: RootClass,
        setting: &'static str,
        certificates: Vec<CertificateDer<'static>>,
    ) -> Result<Self, Error> {
        let anchor = |der: &CertificateDer<'static>| {
            webpki::anchor_from_trusted_cert(der)
                .map(|anchor| anchor.to_owned())
                .map_err(|error| Error::new(Fault::InvalidSetting { setting }).with_source(error))
        };
        Ok(Self {
            class,
            anchors: certificates.iter().map(anchor).collect::<Result<_, _>>()?,
            certificates: certificates.into(),
        })
    }

    /// As [`new`](Self::new), but what is no certificate is left out: nobody here can mend another program's list.
    pub(super) fn readable<'a>(
        class: RootClass,
        certificates: impl IntoIterator<Item = &'a CertificateDer<'static>>,
    ) -> Self {
        let (anchors, certificates): (Vec<_>, Vec<_>) = certificates
            .into_iter()
            .filter_map(|der| {
                let anchor = webpki::anchor_from_trusted_cert(der).ok()?.to_owned();
                Some((anchor, der.clone()))
            })
            .unzip();
        Self {
            class,
            anchors: anchors.into(),
            certificates: certificates.into(),
        }
    }

    /// The roots as `rustls-webpki` takes them.
    pub(super) fn anchors(&self) -> &[TrustAnchor<'static>] {
        &self.anchors
    }

    /// The certificate of one of the roots.
    pub(super) fn certificate(&self, anchor: &TrustAnchor<'_>) -> Option<CertificateDer<'static>> {
        let index = self.anchors.iter().position(|own| is_same(own, anchor))?;
        self.certificates.get(index).cloned()
    }

    /// The roots that are in the other set too.
    pub(super) fn within(&self, other: &Self) -> Self {
        let is_in_other =
            |own: &TrustAnchor<'_>| other.anchors.iter().any(|root| is_same(own, root));
        let kept = self.anchors.iter().zip(self.certificates.iter());
        let (anchors, certificates): (Vec<_>, Vec<_>) = kept
            .filter(|(anchor, _)| is_in_other(anchor))
            .map(|(anchor, der)| (anchor.clone(), der.clone()))
            .unzip();
        Self {
            class: self.class,
            anchors: anchors.into(),
            certificates: certificates.into(),
        }
    }
}

/// Whether both have the same name and key.
fn is_same(one: &TrustAnchor<'_>, other: &TrustAnchor<'_>) -> bool {
    one.subject == other.subject && one.subject_public_key_info == other.subject_public_key_info
}

impl fmt::Debug for RootSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RootSet")
            .field("class", &self.class)
            .field("roots", &self.anchors.len())
            .finish()
    }
}
