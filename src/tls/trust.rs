//! Who is trusted for which destination.

use std::sync::Arc;

use rustls_pki_types::{CertificateDer, TrustAnchor};

use crate::error::{Error, Fault};

/// The roots that Microsoft publishes for its sign-in hosts (list of 2025-11-17) and that public root programs still
/// hold, by the common name in the bundled set. DigiCert Global Root CA (G1) left those programs in April 2026.
const PINNED: [&str; 6] = [
    "DigiCert Global Root G2",
    "DigiCert Global Root G3",
    "DigiCert TLS ECC P384 Root G5",
    "DigiCert TLS RSA4096 Root G5",
    "Microsoft ECC Root Certificate Authority 2017",
    "Microsoft RSA Root Certificate Authority 2017",
];

/// What an added root is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RootScope {
    /// The authorities: the servers that a reset talks to.
    Authorities,
    /// HTTPS proxies and `https` addresses of PAC files.
    Proxies,
}

/// Which kind of root a chain ended at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RootClass {
    /// One of the roots that Microsoft publishes.
    Pinned,
    /// One of the public roots that this crate carries (the set of Mozilla).
    Bundled,
    /// A root that the embedding program added.
    Added,
    /// A root of the exclusive set of the embedding program.
    Exclusive,
}

/// Which roots are trusted, per destination. There is no way to accept a certificate that does not end at one of them.
///
/// | destination | roots |
/// |---|---|
/// | hosts of the [`CloudTable`](crate::CloudTable) and `*.ciamlogin.com` | the pinned set |
/// | other authorities | the public roots that the crate carries, then added ones |
/// | hosts of proxy scripts | roots added for proxies, then the public roots that the crate carries |
///
/// A pinned host whose chain ends at any other trusted root is being inspected on the way: refused, unless
/// [`allow_inspection`](Self::allow_inspection) says otherwise.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    added: Vec<(RootScope, Vec<u8>)>,
    exclusive: Option<Vec<Vec<u8>>>,
    pinned: Option<Vec<Vec<u8>>>,
    allow_inspection: bool,
}

impl Trust {
    /// The pinned and the bundled roots only.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts the certificate authority in `der` too, for destinations of `scope`.
    #[must_use]
    pub fn added_root(mut self, scope: RootScope, der: impl Into<Vec<u8>>) -> Self {
        self.added.push((scope, der.into()));
        self
    }

    /// Trusts these certificate authorities for authorities, and no others: neither bundled nor added ones.
    ///
    /// For a pinned host they count as inspection too, unless they belong to the pinned set.
    #[must_use]
    pub fn exclusive_roots(mut self, ders: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        self.exclusive = Some(ders.into_iter().map(Into::into).collect());
        self
    }

    /// Replaces the pinned set, for the day on which Microsoft changes its roots.
    #[must_use]
    pub fn pinned_roots(mut self, ders: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        self.pinned = Some(ders.into_iter().map(Into::into).collect());
        self
    }

    /// Whether a pinned host may show a certificate of an added or exclusive root. The default is no: whoever holds the
    /// key of that root reads the new password.
    #[must_use]
    pub fn allow_inspection(mut self, allow: bool) -> Self {
        self.allow_inspection = allow;
        self
    }
}

/// [`Trust`], read and ready.
pub(crate) struct Roots {
    pinned: RootSet,
    bundled: RootSet,
    added: RootSet,
    proxies: RootSet,
    exclusive: Option<RootSet>,
    allow_inspection: bool,
}

/// Roots of one class.
#[derive(Clone)]
pub(crate) struct RootSet {
    /// The class.
    pub(crate) class: RootClass,
    /// The roots.
    pub(crate) anchors: Arc<[TrustAnchor<'static>]>,
}

/// The roots for one destination.
#[derive(Clone)]
pub(crate) struct Candidates {
    /// A chain must end at one of these, tried in this order.
    pub(crate) accepted: Vec<RootSet>,
    /// A chain that ends at one of these is refused, but can be told from an unknown one.
    pub(crate) refused: Vec<RootSet>,
}

impl Roots {
    /// Reads the certificates.
    ///
    /// # Errors
    /// [`Fault::InvalidSetting`] if one of them is none.
    pub(crate) fn new(trust: &Trust) -> Result<Self, Error> {
        let pinned = match &trust.pinned {
            Some(ders) => RootSet::read(RootClass::Pinned, "pinned_roots", ders)?,
            None => RootSet::new(RootClass::Pinned, published()),
        };
        let ders = |scope| {
            trust
                .added
                .iter()
                .filter(move |root| root.0 == scope)
                .map(|root| &root.1)
        };
        Ok(Self {
            proxies: RootSet::read(RootClass::Added, "added_root", ders(RootScope::Proxies))?,
            bundled: RootSet::new(RootClass::Bundled, webpki_roots::TLS_SERVER_ROOTS.to_vec()),
            added: RootSet::read(RootClass::Added, "added_root", ders(RootScope::Authorities))?,
            exclusive: match &trust.exclusive {
                Some(ders) => Some(RootSet::read(
                    RootClass::Exclusive,
                    "exclusive_roots",
                    ders,
                )?),
                None => None,
            },
            pinned,
            allow_inspection: trust.allow_inspection,
        })
    }

    /// The roots for HTTPS proxies and for hosts of proxy scripts.
    pub(crate) fn for_proxies(&self) -> Candidates {
        Candidates {
            accepted: vec![self.proxies.clone(), self.bundled.clone()],
            refused: Vec::new(),
        }
    }

    /// The roots for an authority, which may be a pinned host.
    pub(crate) fn for_authority(&self, is_pinned: bool) -> Candidates {
        let own = self.exclusive.as_ref().unwrap_or(&self.added);
        let public = match (is_pinned, &self.exclusive) {
            (true, None) => self.pinned.clone(),
            (true, Some(exclusive)) => self.pinned.within(exclusive),
            (false, None) => self.bundled.clone(),
            // An exclusive set leaves nothing beside it.
            (false, Some(_)) => RootSet::new(RootClass::Bundled, Vec::new()),
        };
        if !is_pinned || self.allow_inspection {
            return Candidates {
                accepted: vec![public, own.clone()],
                refused: Vec::new(),
            };
        }
        Candidates {
            accepted: vec![public],
            refused: vec![own.clone(), self.bundled.clone()],
        }
    }
}

impl RootSet {
    fn new(class: RootClass, anchors: Vec<TrustAnchor<'static>>) -> Self {
        Self {
            class,
            anchors: anchors.into(),
        }
    }

    fn read<'a>(
        class: RootClass,
        setting: &'static str,
        ders: impl IntoIterator<Item = &'a Vec<u8>>,
    ) -> Result<Self, Error> {
        let read = |der: &Vec<u8>| {
            webpki::anchor_from_trusted_cert(&CertificateDer::from(der.as_slice()))
                .map(|anchor| anchor.to_owned())
                .map_err(|error| Error::new(Fault::InvalidSetting { setting }).with_source(error))
        };
        Ok(Self::new(
            class,
            ders.into_iter().map(read).collect::<Result<_, _>>()?,
        ))
    }

    /// The roots that are in the other set too, by name and key.
    fn within(&self, other: &Self) -> Self {
        let in_other = |own: &&TrustAnchor<'_>| {
            other.anchors.iter().any(|anchor| {
                own.subject == anchor.subject
                    && own.subject_public_key_info == anchor.subject_public_key_info
            })
        };
        Self::new(
            self.class,
            self.anchors.iter().filter(in_other).cloned().collect(),
        )
    }
}

/// The roots of [`PINNED`] in the bundled set.
fn published() -> Vec<TrustAnchor<'static>> {
    let is_pinned = |anchor: &&TrustAnchor<'_>| {
        PINNED
            .iter()
            .any(|name| has_common_name(&anchor.subject, name))
    };
    webpki_roots::TLS_SERVER_ROOTS
        .iter()
        .filter(is_pinned)
        .cloned()
        .collect()
}

/// Whether the last attribute of a distinguished name is this common name (OID 2.5.4.3).
fn has_common_name(subject: &[u8], name: &str) -> bool {
    subject
        .strip_suffix(name.as_bytes())
        .is_some_and(|rest| match rest {
            [.., 0x55, 0x04, 0x03, _string_type, length] => usize::from(*length) == name.len(),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::config::sha256;

    /// The SHA-256 fingerprints as the authorities publish them, in the order of [`PINNED`].
    const FINGERPRINTS: [&str; 6] = [
        "cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f",
        "31ad6648f8104138c738f39ea4320133393e3a18cc02296ef97c2ac9ef6731d0",
        "018e13f0772532cf809bd1b17281867283fc48c6e13be9c69812854a490c1b05",
        "371a00dc0533b3721a7eeb40e8419e70799d2b0a0f2c1d80693165f7cec4ad75",
        "358df39d764af9e1b766e9c972df352ee15cfac227af6ad1d70e8e4a6edcba02",
        "c741f70f4b2a8d88bf2e71c14122ef53ef10eba0cfa5e64cfa20f418853073e0",
    ];

    #[test]
    fn the_pinned_set_is_the_six_roots_of_the_list() {
        let certificates: Vec<_> = FINGERPRINTS
            .iter()
            .map(|fingerprint| {
                let is_it = |der: &&CertificateDer<'_>| sha256(der) == *fingerprint;
                webpki_root_certs::TLS_SERVER_ROOT_CERTS
                    .iter()
                    .find(is_it)
                    .unwrap()
            })
            .collect();
        let pinned = published();
        assert_eq!(pinned.len(), PINNED.len());
        for (certificate, name) in certificates.into_iter().zip(PINNED) {
            let root = webpki::anchor_from_trusted_cert(certificate).unwrap();
            assert!(has_common_name(&root.subject, name), "{name}");
            let same_key = |anchor: &&TrustAnchor<'_>| {
                anchor.subject_public_key_info == root.subject_public_key_info
            };
            let anchor = pinned.iter().find(same_key).unwrap();
            assert_eq!(anchor.subject, root.subject);
        }
    }

    #[test]
    fn a_common_name_is_the_whole_of_its_attribute() {
        let subject =
            |name: &str| [&[0x55, 4, 3, 0x0c, name.len() as u8], name.as_bytes()].concat();
        assert!(has_common_name(&subject("Root"), "Root"));
        assert!(!has_common_name(&subject("My Root"), "Root"));
        assert!(!has_common_name(&subject("Root"), "oot"));
        assert!(!has_common_name(b"Root", "Root"));
    }

    #[test]
    fn every_destination_has_its_roots() {
        let classes = |sets: &[RootSet]| {
            let full = sets.iter().filter(|set| !set.anchors.is_empty());
            full.map(|set| set.class).collect::<Vec<_>>()
        };
        let told = |trust: Trust, is_pinned| {
            let candidates = Roots::new(&trust).unwrap().for_authority(is_pinned);
            (classes(&candidates.accepted), classes(&candidates.refused))
        };
        use RootClass::{Added, Bundled, Exclusive, Pinned};

        let der = webpki_root_certs::TLS_SERVER_ROOT_CERTS[0].to_vec();
        let added = Trust::new().added_root(RootScope::Authorities, der.clone());
        let exclusive = added.clone().exclusive_roots([der.clone()]);
        let narrow = exclusive.clone().pinned_roots([der]);

        assert_eq!(told(Trust::new(), true), (vec![Pinned], vec![Bundled]));
        assert_eq!(told(Trust::new(), false), (vec![Bundled], vec![]));
        assert_eq!(
            told(added.clone(), true),
            (vec![Pinned], vec![Added, Bundled])
        );
        assert_eq!(told(added.clone(), false), (vec![Bundled, Added], vec![]));
        // Inspection is what added roots are allowed to do, and never the public ones.
        assert_eq!(
            told(added.allow_inspection(true), true),
            (vec![Pinned, Added], vec![])
        );
        assert_eq!(told(exclusive.clone(), false), (vec![Exclusive], vec![]));
        assert_eq!(told(exclusive.clone(), true).1, [Exclusive, Bundled]);
        assert_eq!(
            told(exclusive.allow_inspection(true), false),
            (vec![Exclusive], vec![])
        );
        assert_eq!(told(narrow, true), (vec![Pinned], vec![Exclusive, Bundled]));
    }
}
