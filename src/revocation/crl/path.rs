//! A whole path looked up in lists.

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};

use super::check::{Verdict, check_freshest};
use super::{CrlError, Profile};
use crate::revocation::Issuer;
use crate::tls::path::Path;

/// Looks every certificate of a verified path up in those of `lists` that its issuer has signed: one result for each, in
/// the order of [`Path::certificates`]. A certificate is known to be good if its result is a verdict without a revocation.
///
/// The lists may come in any order and be about anyone; what is not about a certificate is passed over for it. The key
/// usage of the root is looked at where its certificate is at hand.
pub fn check_path(
    path: &Path,
    lists: &[&[u8]],
    now: UnixTime,
    algorithms: &[&dyn SignatureVerificationAlgorithm],
) -> Vec<Result<Verdict, CrlError>> {
    let above = path
        .certificates
        .iter()
        .skip(1)
        .chain(&path.anchor_certificate);
    let issuers = above.map(Some).chain([None]);
    path.certificates
        .iter()
        .zip(issuers)
        .enumerate()
        .map(|(depth, (certificate, issuer))| {
            let issuer = issuer_of(issuer, path).map_err(CrlError::Certificate)?;
            let profile = match depth {
                0 => Profile::leaf(algorithms),
                _ => Profile::intermediate(algorithms),
            };
            check_freshest(lists.iter().copied(), certificate, &issuer, now, &profile)
        })
        .collect()
}

fn issuer_of<'a>(
    certificate: Option<&'a CertificateDer<'static>>,
    path: &'a Path,
) -> Result<Issuer<'a>, crate::x509::der::DerError> {
    match certificate {
        Some(certificate) => Issuer::from_certificate(certificate),
        None => Issuer::from_anchor(&path.anchor),
    }
}
