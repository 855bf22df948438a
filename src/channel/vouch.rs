//! What is told about the other end of a connection that was accepted.

use sha2::{Digest, Sha256};

use crate::error::PeerText;
use crate::ports::Way;
use crate::report::{Anchor, TrustReport, TrustWarning};
use crate::revocation::Checked;
use crate::tls::{Secured, VerifiedChain};
use crate::x509::Name;

/// The report on `host`, after its handshake and its revocation check.
pub(super) fn report(
    host: String,
    way: Way,
    secured: &Secured,
    checked: Checked,
    classical_only: bool,
) -> TrustReport {
    let anchor = anchor(&secured.chain);
    let mut warnings = Vec::new();
    if secured.extended_master_secret == Some(false) {
        warnings.push(TrustWarning::NoExtendedMasterSecret);
    }
    if classical_only {
        warnings.push(TrustWarning::ClassicalOnly);
    }
    if let Some(by) = secured.chain.inspected_by.clone() {
        warnings.push(TrustWarning::Inspected { by });
    } else if anchor.class.is_local() {
        warnings.push(TrustWarning::LocalAnchor {
            subject: anchor.subject.clone(),
        });
    }
    if secured.client_certificate_wanted {
        warnings.push(TrustWarning::ClientCertificateWanted);
    }
    warnings.extend(checked.warnings);
    TrustReport {
        host,
        way,
        tls: secured.version,
        extended_master_secret: secured.extended_master_secret,
        classical_only,
        path: checked.path,
        anchor,
        warnings,
        clock: checked.clock,
    }
}

pub(super) fn anchor(chain: &VerifiedChain) -> Anchor {
    let name = Name::from_contents(&chain.anchor.subject).to_string();
    let sha256 = chain.anchor_certificate.as_ref().map(|certificate| {
        let hash = Sha256::digest(certificate);
        hash.iter().map(|octet| format!("{octet:02x}")).collect()
    });
    Anchor {
        subject: PeerText::new(&name),
        sha256,
        class: chain.class,
    }
}
