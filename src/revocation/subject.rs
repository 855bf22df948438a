//! One certificate of a verified path, with what is needed to ask about it.

use rustls_pki_types::CertificateDer;
use url::Url;

use super::{Freshness, Issuer, Settings, crl, ocsp};
use crate::report::RootClass;
use crate::tls::VerifiedChain;
use crate::x509::Certificate;
use crate::x509::der::DerError;

/// The most sources of one kind that are asked about one certificate.
const SOURCES: usize = 3;

/// A certificate and its issuer, both from the verified path.
pub(super) struct Subject<'a> {
    pub(super) der: &'a CertificateDer<'static>,
    pub(super) certificate: Certificate<'a>,
    pub(super) issuer: Issuer<'a>,
    pub(super) class: RootClass,
    /// Whether it is the server's own.
    pub(super) is_leaf: bool,
    pub(super) staple: Option<&'a [u8]>,
}

/// The addresses of one kind of source.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Those that are asked: the first three `http` ones.
    pub(super) asked: Vec<Url>,
    /// Those that are not, for their scheme or their form; at most three.
    pub(super) skipped: Vec<String>,
}

impl<'a> Subject<'a> {
    /// The certificate at `index` of the path.
    pub(super) fn new(chain: &'a VerifiedChain, index: usize) -> Option<Result<Self, DerError>> {
        let der = chain.path.get(index)?;
        Some(Self::read(chain, index, der))
    }

    fn read(
        chain: &'a VerifiedChain,
        index: usize,
        der: &'a CertificateDer<'static>,
    ) -> Result<Self, DerError> {
        let above = chain.path.get(index + 1);
        let issuer = match above.or(chain.anchor_certificate.as_ref()) {
            Some(issuer) => Issuer::from_certificate(issuer)?,
            None => Issuer::from_anchor(&chain.anchor)?,
        };
        let is_leaf = index == 0;
        Ok(Self {
            der,
            certificate: Certificate::parse(der)?,
            issuer,
            class: chain.class,
            is_leaf,
            staple: chain.staple.as_deref().filter(|_| is_leaf),
        })
    }

    /// Whether the certificate names anyone to ask, reachable or not.
    pub(super) fn has_information(&self) -> bool {
        let is_named = |sources: Sources| !sources.asked.is_empty() || !sources.skipped.is_empty();
        is_named(self.responders()) || is_named(self.lists())
    }

    /// Its OCSP responders. What cannot be read names nobody.
    pub(super) fn responders(&self) -> Sources {
        Sources::sort(self.certificate.ocsp_urls().unwrap_or_default())
    }

    /// Its lists: those of its own issuer that are complete.
    pub(super) fn lists(&self) -> Sources {
        let points = self
            .certificate
            .crl_distribution_points()
            .unwrap_or_default();
        let complete = points
            .iter()
            .filter(|point| !point.some_reasons_only && !point.other_issuer);
        Sources::sort(complete.flat_map(|point| point.urls().unwrap_or_default()))
    }

    pub(super) fn ocsp_profile<'p>(
        &self,
        settings: &Settings,
        algorithms: &'p Algorithms,
    ) -> ocsp::Profile<'p> {
        let mut profile = match self.is_leaf {
            true => ocsp::Profile::leaf(algorithms),
            false => ocsp::Profile::intermediate(algorithms),
        };
        profile.freshness = self.freshness(settings);
        profile.no_check_required = settings.policy == super::Policy::Strict;
        profile
    }

    pub(super) fn crl_profile<'p>(
        &self,
        settings: &Settings,
        algorithms: &'p Algorithms,
    ) -> crl::Profile<'p> {
        let mut profile = match self.is_leaf {
            true => crl::Profile::leaf(algorithms),
            false => crl::Profile::intermediate(algorithms),
        };
        profile.freshness = self.freshness(settings);
        profile.max_size = settings.crl_limit;
        profile
    }

    fn freshness(&self, settings: &Settings) -> Freshness {
        let rules = match self.is_leaf {
            true => Freshness::LEAF,
            false => Freshness::INTERMEDIATE,
        };
        Freshness {
            skew: settings.skew,
            ..rules
        }
    }
}

/// The signature algorithms of the crypto provider.
pub(super) type Algorithms = [&'static dyn rustls_pki_types::SignatureVerificationAlgorithm];

impl Sources {
    fn sort<'u>(urls: impl IntoIterator<Item = &'u str>) -> Self {
        let mut sources = Self::default();
        for text in urls {
            let url = Url::parse(text).ok();
            let usable = url.filter(|url| url.scheme() == "http" && url.has_host());
            let is_new = |url: &Url| !sources.asked.contains(url);
            match usable {
                Some(url) if is_new(&url) => sources.asked.push(url),
                Some(_) => {}
                None => sources.skipped.push(text.to_owned()),
            }
        }
        sources.asked.truncate(SOURCES);
        sources.skipped.truncate(SOURCES);
        sources
    }
}
