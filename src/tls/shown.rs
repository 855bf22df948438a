//! The certificates that a server shows, when they lead to nobody who is trusted: who is behind them?

use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};

use super::products::product;
use super::rules::is_weak;
use crate::error::{Issuer, PeerText, TrustFault};
use crate::x509::{Certificate, Name};

/// Roots that public programs have given up. An old server, or an old list of roots, may still lead to them.
const DISTRUSTED: [&str; 3] = [
    "DigiCert Global Root CA",
    "DigiCert Assured ID Root CA",
    "DigiCert High Assurance EV Root CA",
];

/// Beginnings of the names of authorities between Microsoft's hosts and the published roots (list of 2025-11-17).
const SUBORDINATES: [&str; 7] = [
    "DigiCert SHA2 Secure Server CA",
    "DigiCert Global G2 TLS RSA SHA256",
    "DigiCert Global G3 TLS ECC SHA384",
    "Microsoft Azure RSA TLS Issuing CA",
    "Microsoft Azure ECC TLS Issuing CA",
    "Microsoft TLS",
    "Microsoft RSA TLS Issuing",
];

/// The most addresses of issuers that are kept as evidence.
const ADDRESSES: usize = 4;

/// The SHA-256 fingerprint of a certificate.
pub(super) fn sha256(der: &[u8]) -> [u8; 32] {
    Sha256::digest(der).into()
}

/// The same as it is usually written.
pub(super) fn fingerprint(der: &[u8]) -> String {
    sha256(der)
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect()
}

/// What a root says of itself, as evidence.
pub(super) fn issuer(name: Name<'_>, certificate: Option<&[u8]>) -> Issuer {
    let product = product(&name.to_string());
    Issuer {
        name: name.into(),
        sha256: certificate.map(fingerprint).unwrap_or_default(),
        product,
    }
}

/// Whether a root of this name is one that public programs have given up.
pub(super) fn is_distrusted(name: Name<'_>) -> bool {
    common_name(name).is_some_and(|name| DISTRUSTED.contains(&name.as_str()))
}

/// A chain, followed from the server's own certificate upward as far as it goes.
pub(super) struct Shown<'a> {
    /// What could be read, the server's own first.
    certificates: Vec<(&'a [u8], Certificate<'a>)>,
    /// Whether the way upward came back to where it had been.
    is_loop: bool,
}

impl<'a> Shown<'a> {
    /// Follows `chain`, whose order above the first certificate does not matter.
    pub(super) fn follow(chain: &'a [CertificateDer<'_>]) -> Self {
        let readable =
            |der: &'a CertificateDer<'_>| Some((&der[..], Certificate::parse(der).ok()?));
        let mut shown = Self {
            certificates: chain.first().and_then(readable).into_iter().collect(),
            is_loop: false,
        };
        let others: Vec<_> = chain.iter().skip(1).filter_map(readable).collect();
        while let Some((_, top)) = shown.certificates.last() {
            let next = others
                .iter()
                .find(|(_, other)| !is_self_issued(top) && other.subject.matches(&top.issuer));
            let Some(next) = next else { break };
            let was_here = |(der, _): &(&[u8], Certificate<'_>)| *der == next.0;
            if shown.certificates.iter().any(was_here) {
                shown.is_loop = true;
                break;
            }
            shown.certificates.push(next.clone());
        }
        shown
    }

    /// The fault of a chain that ends at nobody who is known.
    pub(super) fn fault(&self, host: &str) -> TrustFault {
        let host = host.to_owned();
        let (Some((_, server)), Some((der, top))) =
            (self.certificates.first(), self.certificates.last())
        else {
            let issuer = Issuer::default();
            return TrustFault::UnknownIssuer { host, issuer };
        };
        if self.is_loop {
            return TrustFault::TooComplex { host };
        }
        if is_self_issued(server) {
            return TrustFault::SelfSigned { host };
        }
        if is_distrusted(top.issuer) {
            let root = top.issuer.into();
            return TrustFault::DistrustedRoot { host, root };
        }
        let issuer = issuer(top.issuer, Some(der));
        let addresses: Vec<_> = top.issuer_urls().unwrap_or_default();
        let is_cut_off = is_subordinate(top.issuer) || !addresses.is_empty();
        if issuer.product.is_none() && !is_self_issued(top) && is_cut_off {
            return TrustFault::MissingIntermediate {
                host,
                issuer: issuer.name,
                addresses: addresses
                    .into_iter()
                    .take(ADDRESSES)
                    .map(PeerText::from)
                    .collect(),
            };
        }
        TrustFault::UnknownIssuer { host, issuer }
    }

    /// The topmost certificate.
    pub(super) fn top(&self) -> Option<&Certificate<'a>> {
        self.certificates.last().map(|(_, top)| top)
    }

    /// The subject of the first authority with a weak key.
    pub(super) fn weak_signer(&self) -> Option<Name<'a>> {
        let mut above = self.certificates.iter().skip(1);
        above
            .find(|(_, certificate)| is_weak(&certificate.public_key))
            .map(|(_, certificate)| certificate.subject)
    }
}

fn is_self_issued(certificate: &Certificate<'_>) -> bool {
    certificate.subject.matches(&certificate.issuer)
}

fn is_subordinate(name: Name<'_>) -> bool {
    common_name(name).is_some_and(|name| {
        SUBORDINATES
            .iter()
            .any(|beginning| name.starts_with(beginning))
    })
}

fn common_name(name: Name<'_>) -> Option<String> {
    let whole = name.to_string();
    let mut parts = whole.split(',');
    parts
        .find_map(|part| part.strip_prefix("CN="))
        .map(str::to_owned)
}
