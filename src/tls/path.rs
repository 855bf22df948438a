//! The path from a server's certificate to a root: is it the server that was asked for, and who says so?
//!
//! [`verify`] is the whole judgement that a [`Channel`](crate::Channel) passes on a chain, as a pure function: no IO, no
//! clock, no global state. Signatures, times, constraints and names are checked by `rustls-webpki`; on top of it a path
//! has at most 6 certificates below the root, RSA keys of at least 2048 bits or keys on P-256, P-384 or P-521, a server's
//! certificate that says `serverAuth` and (below public roots) lives for at most 398 days, a root that is valid itself,
//! and no certificate that is disallowed. A path that breaks one of these rules is passed over for another one.
//!
//! Revocation is another question: [`revocation::crl::check`](crate::revocation::crl::check) and
//! [`revocation::ocsp::verify`](crate::revocation::ocsp::verify) answer it for each certificate of the path, which is
//! why [`Path`] tells each certificate's issuer.

use std::cell::RefCell;

use rustls_pki_types::{
    CertificateDer, ServerName, SignatureVerificationAlgorithm, TrustAnchor, UnixTime,
};
use url::Host;
use webpki::{EndEntityCert, KeyUsage, VerifiedPath};

use super::fault::trust_fault;
pub use super::roots::RootSet;
use super::rules::{Candidate, is_weak};
use super::shown::{Shown, is_distrusted, issuer};
use super::trust::RootClass;
use crate::error::{Issuer, PeerText, TrustFault};
use crate::x509::{Name, PublicKey};

/// The most certificates that a server may show.
const PRESENTED: usize = 16;

/// Whether a chain belongs to a host.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Question<'a> {
    /// The name or address that the server was asked for. Letter case, a final dot and the form of international names
    /// do not matter.
    pub host: &'a str,
    /// The certificates that the server shows, its own first, at most 16.
    pub chain: &'a [CertificateDer<'a>],
    /// Further certificates that a path may go through. They are not trusted for being here.
    pub intermediates: &'a [CertificateDer<'a>],
    /// The roots at which a path may end. The sets are tried in order.
    pub accepted: &'a [RootSet],
    /// Roots at which a path may not end, but by which it can be told what it is.
    pub refused: &'a [RootSet],
    /// The SHA-256 fingerprints of certificates that no path may hold, roots included.
    pub disallowed: &'a [[u8; 32]],
    /// The time to judge by.
    pub now: UnixTime,
    /// The signature algorithms that count: those of the crypto provider.
    pub algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
}

impl<'a> Question<'a> {
    /// Whether `chain` belongs to `host`, by the roots of `accepted`.
    pub fn new(
        host: &'a str,
        chain: &'a [CertificateDer<'a>],
        accepted: &'a [RootSet],
        now: UnixTime,
        algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
    ) -> Self {
        Self {
            host,
            chain,
            intermediates: &[],
            accepted,
            refused: &[],
            disallowed: &[],
            now,
            algorithms,
        }
    }
}

/// A path that was verified.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Path {
    /// The certificates below the root, the server's own first; each is issued by the next one, the last by the root.
    pub certificates: Vec<CertificateDer<'static>>,
    /// The root.
    pub anchor: TrustAnchor<'static>,
    /// The certificate of the root, where it is at hand.
    pub anchor_certificate: Option<CertificateDer<'static>>,
    /// Which kind of root it is.
    pub class: RootClass,
    /// Who inspects the connection: the root, where it is accepted beside a pinned set without being in it.
    pub inspected_by: Option<Issuer>,
}

/// Finds a path and judges it.
///
/// # Errors
/// See [`TrustFault`]. If no path is found, the fault names who is behind the chain, as far as its certificates tell.
pub fn verify(question: &Question<'_>) -> Result<Path, TrustFault> {
    let host = || question.host.to_owned();
    if question.chain.len() > PRESENTED {
        return Err(TrustFault::TooComplex { host: host() });
    }
    let Some((own, above)) = question.chain.split_first() else {
        let detail = PeerText::new("no certificate");
        return Err(TrustFault::Malformed {
            host: host(),
            detail,
        });
    };
    let fault = |error| trust_fault(question.host, &error);
    let search = Search {
        question,
        server: EndEntityCert::try_from(own).map_err(fault)?,
        intermediates: above
            .iter()
            .chain(question.intermediates)
            .map(|der| CertificateDer::from(&der[..]))
            .collect(),
    };
    let path = search
        .among(question.accepted)
        .map_err(|failure| search.explained(failure))?;
    let name = server_name(question.host).ok_or_else(|| TrustFault::NameMismatch {
        host: host(),
        presented: Vec::new(),
    })?;
    search
        .server
        .verify_is_valid_for_subject_name(&name)
        .map_err(fault)?;
    Ok(path)
}

struct Search<'a> {
    question: &'a Question<'a>,
    server: EndEntityCert<'a>,
    intermediates: Vec<CertificateDer<'a>>,
}

impl Search<'_> {
    /// The path to a root of the first set that has one. Of several failures a broken rule is the most telling one, since
    /// it takes a whole path to break it; `None` says that no set knows the chain.
    fn among(&self, sets: &[RootSet]) -> Result<Path, Option<TrustFault>> {
        let (mut breach, mut failure) = (None, None);
        for set in sets {
            let broken = RefCell::new(None);
            let judge = |found: &VerifiedPath<'_>| {
                self.judge(found, set).map_err(|fault| {
                    broken.borrow_mut().get_or_insert(fault);
                    webpki::Error::UnknownIssuer
                })
            };
            let found = self.server.verify_for_usage(
                self.question.algorithms,
                set.anchors(),
                &self.intermediates,
                self.question.now,
                KeyUsage::server_auth(),
                None,
                Some(&judge),
            );
            match found {
                Ok(found) => return Ok(self.path(&found, set)),
                Err(webpki::Error::UnknownIssuer) => {}
                Err(error) => failure = Some(trust_fault(self.question.host, &error)),
            }
            breach = breach.or(broken.into_inner());
        }
        Err(breach.or(failure))
    }

    fn judge(&self, found: &VerifiedPath<'_>, set: &RootSet) -> Result<(), TrustFault> {
        let anchor_certificate = set.certificate(found.anchor());
        Candidate {
            host: self.question.host,
            certificates: &certificates(found),
            anchor: found.anchor(),
            anchor_certificate: anchor_certificate.as_ref(),
            class: set.class(),
            disallowed: self.question.disallowed,
            now: self.question.now,
        }
        .judge()
    }

    fn path(&self, found: &VerifiedPath<'_>, set: &RootSet) -> Path {
        let is_pinned = |set: &RootSet| set.class() == RootClass::Pinned;
        let anchor_certificate = set.certificate(found.anchor());
        let is_inspected = !is_pinned(set) && self.question.accepted.iter().any(is_pinned);
        Path {
            certificates: certificates(found)
                .into_iter()
                .map(CertificateDer::into_owned)
                .collect(),
            anchor: found.anchor().to_owned(),
            class: set.class(),
            inspected_by: is_inspected.then(|| {
                let name = Name::from_contents(&found.anchor().subject);
                issuer(name, anchor_certificate.as_deref())
            }),
            anchor_certificate,
        }
    }

    /// The fault of a search without success.
    fn explained(&self, failure: Option<TrustFault>) -> TrustFault {
        let host = self.question.host;
        let shown = Shown::follow(self.question.chain);
        match failure {
            None => self.stranger(&shown),
            Some(TrustFault::BadSignature { .. }) => match self.weak_signer(&shown) {
                Some(certificate) => TrustFault::WeakKey {
                    host: host.to_owned(),
                    certificate,
                },
                None => TrustFault::BadSignature {
                    host: host.to_owned(),
                },
            },
            Some(fault) => fault,
        }
    }

    /// The subject of a certificate whose key is too weak to vouch for anything: what it has signed does not verify.
    fn weak_signer(&self, shown: &Shown<'_>) -> Option<PeerText> {
        let top = shown.top()?;
        let anchors = self.question.accepted.iter().flat_map(RootSet::anchors);
        let mut roots = anchors.filter(|anchor| anchor.subject[..] == *top.issuer.contents());
        let is_weak_root = |anchor: &&TrustAnchor<'_>| {
            PublicKey::from_contents(&anchor.subject_public_key_info).is_ok_and(|key| is_weak(&key))
        };
        shown.weak_signer().map(PeerText::from).or_else(|| {
            let root = roots.find(is_weak_root)?;
            Some(Name::from_contents(&root.subject).into())
        })
    }

    /// Who a chain belongs to that ends at no accepted root.
    fn stranger(&self, shown: &Shown<'_>) -> TrustFault {
        let host = self.question.host.to_owned();
        let Ok(path) = self.among(self.question.refused) else {
            return shown.fault(self.question.host);
        };
        let name = Name::from_contents(&path.anchor.subject);
        if is_distrusted(name) {
            let root = name.into();
            return TrustFault::DistrustedRoot { host, root };
        }
        let issuer = issuer(name, path.anchor_certificate.as_deref());
        match !path.class.is_local() {
            true => TrustFault::NotPinned { host, issuer },
            false => TrustFault::Inspected { host, issuer },
        }
    }
}

/// The certificates of a path, the server's own first.
fn certificates<'p>(path: &'p VerifiedPath<'_>) -> Vec<CertificateDer<'p>> {
    std::iter::once(path.end_entity().der())
        .chain(path.intermediate_certificates().map(|issuer| issuer.der()))
        .collect()
}

/// The name that a certificate must hold.
fn server_name(host: &str) -> Option<ServerName<'static>> {
    let bare = host.strip_suffix('.').unwrap_or(host);
    if let Ok(address) = bare.parse() {
        return Some(ServerName::IpAddress(std::net::IpAddr::into(address)));
    }
    match Host::parse(bare).ok()? {
        Host::Domain(name) => ServerName::try_from(name).ok(),
        Host::Ipv4(address) => Some(ServerName::IpAddress(std::net::IpAddr::V4(address).into())),
        Host::Ipv6(address) => Some(ServerName::IpAddress(std::net::IpAddr::V6(address).into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_the_same_in_every_spelling() {
        for (host, name) in [
            ("login.contoso.example", "login.contoso.example"),
            ("LOGIN.Contoso.example.", "login.contoso.example"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("127.0.0.1", "127.0.0.1"),
            ("::1", "::1"),
            ("[::1]", "::1"),
        ] {
            let found = server_name(host).unwrap();
            assert_eq!(found.to_str(), name, "{host}");
        }
        for host in ["", ".", "a b", "a/b"] {
            assert!(server_name(host).is_none(), "{host}");
        }
    }
}
