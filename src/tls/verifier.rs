//! Verifies the certificate of a server and keeps what rustls throws away: the path, its root, the staple.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};

use super::path::{self, Path, Question};
use super::trust::{Candidates, RootClass};
use crate::error::{Issuer, TrustFault};

/// A chain that was verified, as revocation and the report need it.
#[derive(Debug, Clone)]
pub(crate) struct VerifiedChain {
    /// The certificates below the root that the verified path went through, the server's own first.
    pub(crate) path: Vec<CertificateDer<'static>>,
    /// The root.
    pub(crate) anchor: TrustAnchor<'static>,
    /// The certificate of the root, where it is at hand.
    pub(crate) anchor_certificate: Option<CertificateDer<'static>>,
    /// Which kind of root it is.
    pub(crate) class: RootClass,
    /// Who inspects the connection, where that is allowed.
    pub(crate) inspected_by: Option<Issuer>,
    /// The stapled OCSP response, not looked at yet.
    pub(crate) staple: Option<Vec<u8>>,
}

/// What a verification came to. It leaves rustls through this slot, since rustls' own error says less.
pub(crate) type Verdict = Arc<OnceLock<Result<VerifiedChain, TrustFault>>>;

/// Verifies for one connection.
pub(crate) struct Verifier {
    /// The name as it is written in faults.
    pub(crate) host: String,
    /// Who is trusted.
    pub(crate) candidates: Candidates,
    /// The algorithms.
    pub(crate) provider: Arc<CryptoProvider>,
    /// Where the verdict goes.
    pub(crate) verdict: Verdict,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        // The same as `host`.
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict = self
            .verify(end_entity, intermediates, now)
            .map(|chain| VerifiedChain {
                staple: (!ocsp_response.is_empty()).then(|| ocsp_response.to_vec()),
                ..chain
            });
        let answer = match &verdict {
            Ok(_) => Ok(ServerCertVerified::assertion()),
            Err(fault) => Err(rustls::Error::InvalidCertificate(alert_for(fault))),
        };
        // A handshake verifies once. Were it ever to do so twice, the first verdict stands and the second chain must
        // not slip in under it.
        match self.verdict.set(verdict) {
            Ok(()) => answer,
            Err(_) => Err(rustls::Error::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            )),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

impl Verifier {
    fn verify(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<VerifiedChain, TrustFault> {
        let chain: Vec<_> = std::iter::once(end_entity)
            .chain(intermediates)
            .map(|der| CertificateDer::from(&der[..]))
            .collect();
        let mut question = Question::new(
            &self.host,
            &chain,
            &self.candidates.accepted,
            now,
            self.provider.signature_verification_algorithms.all,
        );
        question.intermediates = &self.candidates.intermediates;
        question.refused = &self.candidates.refused;
        question.disallowed = &self.candidates.disallowed;
        path::verify(&question).map(VerifiedChain::from)
    }
}

impl From<Path> for VerifiedChain {
    fn from(path: Path) -> Self {
        Self {
            path: path.certificates,
            anchor: path.anchor,
            anchor_certificate: path.anchor_certificate,
            class: path.class,
            inspected_by: path.inspected_by,
            staple: None,
        }
    }
}

/// The alert that the server gets to see.
fn alert_for(fault: &TrustFault) -> CertificateError {
    match fault {
        TrustFault::UnknownIssuer { .. }
        | TrustFault::Inspected { .. }
        | TrustFault::NotPinned { .. }
        | TrustFault::MissingIntermediate { .. }
        | TrustFault::DistrustedRoot { .. }
        | TrustFault::AnchorExpired { .. }
        | TrustFault::SelfSigned { .. } => CertificateError::UnknownIssuer,
        TrustFault::NameMismatch { .. } => CertificateError::NotValidForName,
        TrustFault::Expired { .. } => CertificateError::Expired,
        TrustFault::NotYetValid { .. } => CertificateError::NotValidYet,
        TrustFault::BadSignature { .. } => CertificateError::BadSignature,
        TrustFault::UnsupportedCritical { .. } => CertificateError::UnhandledCriticalExtension,
        TrustFault::Malformed { .. } => CertificateError::BadEncoding,
        TrustFault::WrongPurpose { .. } => CertificateError::InvalidPurpose,
        _ => CertificateError::ApplicationVerificationFailure,
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}
