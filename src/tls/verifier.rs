//! Verifies the certificate of a server and keeps what rustls throws away: the path, its root, the staple.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage};

use super::fault::trust_fault;
use super::trust::{Candidates, RootClass, RootSet};
use crate::error::TrustFault;

/// A chain that was verified, as revocation and the report need it.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "the revocation room reads it")]
pub(crate) struct VerifiedChain {
    /// The certificates below the root that the verified path went through, the server's own first.
    pub(crate) path: Vec<CertificateDer<'static>>,
    /// The root.
    pub(crate) anchor: TrustAnchor<'static>,
    /// Which kind of root it is.
    pub(crate) class: RootClass,
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
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict = self
            .verify(end_entity, intermediates, server_name, now)
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
        server_name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<VerifiedChain, TrustFault> {
        let fault = |error: webpki::Error| trust_fault(&self.host, &error);
        let server = EndEntityCert::try_from(end_entity).map_err(fault)?;
        let found = self.path(&self.candidates.accepted, &server, intermediates, now);
        let chain = match found {
            Err(webpki::Error::UnknownIssuer) => Err(self.stranger(&server, intermediates, now)),
            other => other.map_err(fault),
        }?;
        server
            .verify_is_valid_for_subject_name(server_name)
            .map_err(fault)?;
        Ok(chain)
    }

    /// The path to a root of the first set that has one. Of several failures the most telling one is kept: "unknown
    /// issuer" only says that the right set is another one.
    fn path(
        &self,
        sets: &[RootSet],
        server: &EndEntityCert<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<VerifiedChain, webpki::Error> {
        let mut failure = webpki::Error::UnknownIssuer;
        for set in sets {
            let found = server.verify_for_usage(
                self.provider.signature_verification_algorithms.all,
                &set.anchors,
                intermediates,
                now,
                KeyUsage::server_auth(),
                None,
                None,
            );
            match found {
                Ok(path) => {
                    let above = path
                        .intermediate_certificates()
                        .map(|issuer| issuer.der().into_owned());
                    return Ok(VerifiedChain {
                        path: std::iter::once(server.der().into_owned())
                            .chain(above)
                            .collect(),
                        anchor: path.anchor().to_owned(),
                        class: set.class,
                        staple: None,
                    });
                }
                Err(webpki::Error::UnknownIssuer) => {}
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// Who a chain belongs to that ends at no accepted root.
    fn stranger(
        &self,
        server: &EndEntityCert<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> TrustFault {
        let host = self.host.clone();
        match self
            .path(&self.candidates.refused, server, intermediates, now)
            .map(|chain| chain.class)
        {
            Ok(RootClass::Bundled) => TrustFault::NotPinned { host },
            Ok(_) => TrustFault::Inspected { host },
            Err(_) if server.issuer() == server.subject() => TrustFault::SelfSigned { host },
            Err(_) => TrustFault::UnknownIssuer { host },
        }
    }
}

/// The alert that the server gets to see.
fn alert_for(fault: &TrustFault) -> CertificateError {
    match fault {
        TrustFault::UnknownIssuer { .. }
        | TrustFault::Inspected { .. }
        | TrustFault::NotPinned { .. }
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
