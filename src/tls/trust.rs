//! Who is trusted for which destination.

use std::sync::{Arc, LazyLock};

use rustls_pki_types::CertificateDer;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use super::machine::{self, MachineStore};
use super::roots::RootSet;
use super::shown::fingerprint;
use crate::error::{Error, Fault};
pub(crate) use crate::report::RootClass;
use crate::x509::Certificate;

/// The roots that Microsoft publishes for its sign-in hosts (list of 2025-11-17) and that public root programs still
/// hold, by the SHA-256 fingerprints that the authorities publish. DigiCert Global Root CA (G1) left those programs in
/// April 2026.
const PINNED: [&str; 6] = [
    // DigiCert Global Root G2
    "cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f",
    // DigiCert Global Root G3
    "31ad6648f8104138c738f39ea4320133393e3a18cc02296ef97c2ac9ef6731d0",
    // DigiCert TLS ECC P384 Root G5
    "018e13f0772532cf809bd1b17281867283fc48c6e13be9c69812854a490c1b05",
    // DigiCert TLS RSA4096 Root G5
    "371a00dc0533b3721a7eeb40e8419e70799d2b0a0f2c1d80693165f7cec4ad75",
    // Microsoft ECC Root Certificate Authority 2017
    "358df39d764af9e1b766e9c972df352ee15cfac227af6ad1d70e8e4a6edcba02",
    // Microsoft RSA Root Certificate Authority 2017
    "c741f70f4b2a8d88bf2e71c14122ef53ef10eba0cfa5e64cfa20f418853073e0",
];

/// A root that Mozilla trusts for names below `.tr` only (TUBITAK Kamu SM SSL Kok Sertifikasi - Surum 1). Its certificate
/// does not say so, which is why it is left out.
const CONSTRAINED: &str = "46edc3689046d53a453fb3104ab80dcaec658b2660ea1629dd7e867990648716";

/// What an added root is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RootScope {
    /// The authorities: the servers that a reset talks to.
    Authorities,
    /// HTTPS proxies and `https` addresses of PAC files.
    Proxies,
}

/// Which roots are trusted, per destination. There is no way to accept a certificate that does not end at one of them.
///
/// | destination | roots |
/// |---|---|
/// | hosts of the [`CloudTable`](crate::CloudTable) and `*.ciamlogin.com` | the pinned set |
/// | other authorities | the public roots that the crate carries, then added ones, then those of this computer |
/// | HTTPS proxies and hosts of proxy scripts | roots added for proxies, then those of this computer, then the public roots that the crate carries |
///
/// The roots of this computer count only if [`machine_roots`](Self::machine_roots) or `machine_store` brings them in.
///
/// A pinned host whose chain ends at any other trusted root is being inspected on the way: refused, unless
/// [`allow_inspection`](Self::allow_inspection) says otherwise.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    added: Vec<(RootScope, Vec<u8>)>,
    exclusive: Option<Vec<Vec<u8>>>,
    pinned: Option<Vec<Vec<u8>>>,
    machine: Vec<Vec<u8>>,
    machine_store: bool,
    intermediates: Vec<Vec<u8>>,
    disallowed: Vec<[u8; 32]>,
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

    /// Whether the roots that this computer trusts are trusted too, except beside an exclusive set. The default is no.
    ///
    /// They are read when the channel is built. `SSL_CERT_FILE` and `SSL_CERT_DIR` are not obeyed: on Windows and macOS,
    /// where they cannot be passed over, building fails with [`Fault::InvalidSetting`]
    /// while one of them is set; so it does if the store cannot be read or is empty. On Windows, no path may hold a
    /// certificate of the store `Disallowed`; Windows fetches many public roots only when something of its own asks for
    /// them, so the public roots of this crate stay the first choice.
    #[cfg(feature = "native-certs")]
    #[must_use]
    pub fn machine_store(mut self, trust: bool) -> Self {
        self.machine_store = trust;
        self
    }

    /// Trusts these certificate authorities as roots of this computer, for a program that has read them itself. What is
    /// no certificate is left out.
    #[must_use]
    pub fn machine_roots(mut self, ders: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        self.machine = ders.into_iter().map(Into::into).collect();
        self
    }

    /// Keeps the certificate of an authority at hand, for servers that forget to show it. It is not trusted for that.
    #[must_use]
    pub fn intermediate(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.intermediates.push(der.into());
        self
    }

    /// Refuses every path that holds the certificate with this SHA-256 fingerprint, be it a server's, an authority's or
    /// a root's.
    #[must_use]
    pub fn disallow(mut self, sha256: [u8; 32]) -> Self {
        self.disallowed.push(sha256);
        self
    }

    /// Whether a pinned host may show a certificate of an added, exclusive or machine root. The default is no: whoever holds the
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
    machine: RootSet,
    intermediates: Arc<[CertificateDer<'static>]>,
    disallowed: Arc<[[u8; 32]]>,
    allow_inspection: bool,
}

/// The roots for one destination.
#[derive(Clone)]
pub(crate) struct Candidates {
    /// A chain must end at one of these, tried in this order.
    pub(crate) accepted: Vec<RootSet>,
    /// A chain that ends at one of these is refused, but can be told from an unknown one.
    pub(crate) refused: Vec<RootSet>,
    /// What a path may go through besides what the server shows.
    pub(crate) intermediates: Arc<[CertificateDer<'static>]>,
    /// The fingerprints of certificates that no path may hold.
    pub(crate) disallowed: Arc<[[u8; 32]]>,
}

impl Roots {
    /// Reads the certificates, and the machine's store if it is wanted.
    ///
    /// # Errors
    /// [`Fault::InvalidSetting`] if one of them is none, or the store cannot be read.
    pub(crate) fn new(trust: &Trust) -> Result<Self, Error> {
        let pinned = match &trust.pinned {
            Some(ders) => RootSet::read(RootClass::Pinned, "pinned_roots", owned(ders))?,
            None => PUBLISHED.clone(),
        };
        let added = |scope| {
            let roots = trust.added.iter().filter(move |root| root.0 == scope);
            RootSet::read(
                RootClass::Added,
                "added_root",
                owned(roots.map(|root| &root.1)),
            )
        };
        let exclusive = trust
            .exclusive
            .as_ref()
            .map(|ders| RootSet::read(RootClass::Exclusive, "exclusive_roots", owned(ders)));
        let intermediates = owned(&trust.intermediates);
        for der in &intermediates {
            Certificate::parse(der).map_err(|error| {
                let setting = "intermediate";
                Error::new(Fault::InvalidSetting { setting }).with_source(error)
            })?;
        }
        let store = match trust.machine_store {
            true => machine::load()?,
            false => MachineStore::default(),
        };
        let machine = [owned(&trust.machine), store.roots].concat();
        let disallowed = [trust.disallowed.clone(), store.disallowed].concat();
        Ok(Self {
            bundled: BUNDLED.clone(),
            added: added(RootScope::Authorities)?,
            proxies: added(RootScope::Proxies)?,
            exclusive: exclusive.transpose()?,
            machine: RootSet::readable(RootClass::Machine, &machine),
            pinned,
            intermediates: intermediates.into(),
            disallowed: disallowed.into(),
            allow_inspection: trust.allow_inspection,
        })
    }

    /// The roots for HTTPS proxies and for hosts of proxy scripts.
    pub(crate) fn for_proxies(&self) -> Candidates {
        Candidates {
            accepted: vec![
                self.proxies.clone(),
                self.machine.clone(),
                self.bundled.clone(),
            ],
            refused: Vec::new(),
            intermediates: self.intermediates.clone(),
            disallowed: self.disallowed.clone(),
        }
    }

    /// The roots for an authority, which may be a pinned host.
    pub(crate) fn for_authority(&self, is_pinned: bool) -> Candidates {
        // An exclusive set leaves nothing beside it but the pinned roots that it holds.
        let (public, own) = match (&self.exclusive, is_pinned) {
            (None, true) => (Some(self.pinned.clone()), vec![&self.added, &self.machine]),
            (None, false) => (Some(self.bundled.clone()), vec![&self.added, &self.machine]),
            (Some(exclusive), true) => (Some(self.pinned.within(exclusive)), vec![exclusive]),
            (Some(exclusive), false) => (None, vec![exclusive]),
        };
        let own = own.into_iter().cloned();
        let mut accepted: Vec<_> = public.into_iter().collect();
        let mut refused = Vec::new();
        if !is_pinned || self.allow_inspection {
            accepted.extend(own);
        } else {
            refused.extend(own.chain([self.bundled.clone()]));
        }
        Candidates {
            accepted,
            refused,
            intermediates: self.intermediates.clone(),
            disallowed: self.disallowed.clone(),
        }
    }
}

fn owned<'a>(ders: impl IntoIterator<Item = &'a Vec<u8>>) -> Vec<CertificateDer<'static>> {
    ders.into_iter()
        .map(|der| CertificateDer::from(der.clone()))
        .collect()
}

/// The public roots that the crate carries.
static BUNDLED: LazyLock<RootSet> = LazyLock::new(|| {
    let roots = TLS_SERVER_ROOT_CERTS.iter();
    RootSet::readable(
        RootClass::Bundled,
        roots.filter(|der| fingerprint(der) != CONSTRAINED),
    )
});

/// The roots of [`PINNED`].
static PUBLISHED: LazyLock<RootSet> = LazyLock::new(|| {
    let roots = TLS_SERVER_ROOT_CERTS.iter();
    RootSet::readable(
        RootClass::Pinned,
        roots.filter(|der| PINNED.contains(&fingerprint(der).as_str())),
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_set_is_the_six_roots_of_the_list() {
        assert_eq!(PUBLISHED.anchors().len(), PINNED.len());
        for anchor in PUBLISHED.anchors() {
            assert_eq!(BUNDLED.certificate(anchor), PUBLISHED.certificate(anchor));
            assert!(PUBLISHED.certificate(anchor).is_some());
        }
    }

    #[test]
    fn all_public_roots_can_be_read_and_one_is_left_out() {
        let of_the_library = TLS_SERVER_ROOT_CERTS.len();
        assert_eq!(BUNDLED.anchors().len(), of_the_library - 1);
    }

    #[test]
    fn every_destination_has_its_roots() {
        let classes = |sets: &[RootSet]| {
            let full = sets.iter().filter(|set| !set.anchors().is_empty());
            full.map(RootSet::class).collect::<Vec<_>>()
        };
        let told = |trust: Trust, is_pinned| {
            let candidates = Roots::new(&trust).unwrap().for_authority(is_pinned);
            (classes(&candidates.accepted), classes(&candidates.refused))
        };
        use RootClass::{Added, Bundled, Exclusive, Machine, Pinned};

        let der = TLS_SERVER_ROOT_CERTS[0].to_vec();
        let added = Trust::new().added_root(RootScope::Authorities, der.clone());
        let exclusive = added.clone().exclusive_roots([der.clone()]);
        let narrow = exclusive.clone().pinned_roots([der.clone()]);
        let machine = Trust::new().machine_roots([der.clone()]);

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
        assert_eq!(
            told(machine.clone(), true),
            (vec![Pinned], vec![Machine, Bundled])
        );
        assert_eq!(
            told(machine.clone(), false),
            (vec![Bundled, Machine], vec![])
        );
        let proxies = machine.clone().added_root(RootScope::Proxies, der.clone());
        let candidates = Roots::new(&proxies).unwrap().for_proxies();
        assert_eq!(classes(&candidates.accepted), [Added, Machine, Bundled]);
        assert_eq!(classes(&candidates.refused), []);

        let beside = machine.exclusive_roots([der]);
        assert_eq!(told(beside, false), (vec![Exclusive], vec![]));
        assert_eq!(told(exclusive.clone(), false), (vec![Exclusive], vec![]));
        assert_eq!(told(exclusive.clone(), true).1, [Exclusive, Bundled]);
        assert_eq!(
            told(exclusive.allow_inspection(true), false),
            (vec![Exclusive], vec![])
        );
        assert_eq!(told(narrow, true), (vec![Pinned], vec![Exclusive, Bundled]));
    }
}
