//! What the tenant's responder says about the tenant's certificates, and changing it.
//!
//! Responses and lists are dated by the system's clock, as the certificates are: they are an hour old and stay valid
//! for four days. [`Tenant::advance`](super::Tenant::advance) does not touch them; their times are set one by one.

mod answer;
mod crl;
mod crl_list;
mod delegate;
mod ocsp;
mod ocsp_fault;
mod request;
mod responder;
mod single;
mod staple;
mod status;

use std::io;
use std::sync::Arc;

pub use self::crl::{CrlAnswer, CrlFault, CrlScope};
pub use self::ocsp::{CertIdHash, OcspAnswer};
pub use self::ocsp_fault::{DelegateFault, OcspFault, TimeForm};
pub(super) use self::responder::{answer, endpoint};
pub use self::staple::Staple;
pub(super) use self::staple::Stapler;
pub use self::status::{Reason, Status};
use super::pki::{Certificate, Chain};
use super::server::{Port, Server};
use super::state::Shared;

/// What is said about each certificate, and what the TLS server staples.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    leaf: Record,
    intermediate: Record,
    pub(super) staple: Staple,
}

/// What is said about one certificate.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) status: Status,
    pub(super) ocsp: OcspAnswer,
    pub(super) crl: CrlAnswer,
}

impl Records {
    pub(super) fn of(&self, certificate: Certificate) -> &Record {
        match certificate {
            Certificate::Leaf => &self.leaf,
            Certificate::Intermediate => &self.intermediate,
        }
    }

    fn of_mut(&mut self, certificate: Certificate) -> &mut Record {
        match certificate {
            Certificate::Leaf => &mut self.leaf,
            Certificate::Intermediate => &mut self.intermediate,
        }
    }
}

/// The revocation side of a running tenant: a responder for OCSP and lists, on a port of its own, over plain HTTP.
///
/// Everything can be changed while the tenant runs, and counts from the next request or handshake on. What goes wrong
/// in HTTP is ordered as everywhere, at [`Endpoint::Ocsp`](super::Endpoint::Ocsp),
/// [`Endpoint::Crl`](super::Endpoint::Crl) and [`Endpoint::Issuer`](super::Endpoint::Issuer).
///
/// The responder answers GET and POST (RFC 6960, appendix A), with the CertID as it was asked for, SHA-1 or SHA-256. It
/// says `unauthorized` about certificates that are not the one its URL is for, and `malformedRequest` to what it cannot
/// read. A nonce comes back as it was sent.
#[derive(Clone, Copy, Debug)]
pub struct Revocation<'a> {
    pub(super) shared: &'a Shared,
    pub(super) chain: &'a Arc<Chain>,
    pub(super) server: &'a Server,
}

impl Revocation<'_> {
    /// Sets the status of a certificate, for OCSP and list alike. It is good at first.
    pub fn set_status(&self, of: Certificate, status: Status) {
        self.shared.lock().revocation.of_mut(of).status = status;
    }

    /// Sets how OCSP requests for the certificate are answered.
    pub fn set_ocsp(&self, of: Certificate, answer: OcspAnswer) {
        self.shared.lock().revocation.of_mut(of).ocsp = answer;
    }

    /// Sets how the list looks in which the certificate would be.
    pub fn set_crl(&self, of: Certificate, answer: CrlAnswer) {
        self.shared.lock().revocation.of_mut(of).crl = answer;
    }

    /// Sets what the TLS server staples; nothing at first.
    pub fn set_staple(&self, staple: Staple) {
        self.shared.lock().revocation.staple = staple;
    }

    /// An OCSP response about the certificate, DER: for a staple, a file, or the body of a
    /// [`Fault`](super::Fault). Its CertID is SHA-1 and it has no nonce.
    pub fn ocsp_response(&self, of: Certificate, answer: &OcspAnswer) -> Vec<u8> {
        let status = self.shared.lock().revocation.of(of).status;
        answer.respond(self.chain, of, status, None)
    }

    /// The list in which the certificate would be, DER.
    pub fn crl(&self, of: Certificate, answer: &CrlAnswer) -> Vec<u8> {
        let status = self.shared.lock().revocation.of(of).status;
        answer.list(self.chain, of, status)
    }

    /// `http://IP:PORT/ocsp/…`, as in the certificate unless others were ordered.
    pub fn ocsp_url(&self, of: Certificate) -> String {
        self.chain.urls.ocsp(of)
    }

    /// `http://IP:PORT/crl/….crl`, as in the certificate unless others were ordered.
    pub fn crl_url(&self, of: Certificate) -> String {
        self.chain.urls.crl(of)
    }

    /// `http://IP:PORT/ca/….cer`, where the certificate of the issuer is served. Only the leaf names it.
    pub fn issuer_url(&self, of: Certificate) -> String {
        self.chain.urls.issuer(of)
    }

    /// A certificate, DER.
    pub fn certificate(&self, of: Certificate) -> Vec<u8> {
        self.chain.subject(of).der.clone()
    }

    /// The certificate of its issuer, DER.
    pub fn issuer(&self, of: Certificate) -> Vec<u8> {
        self.chain.issuer(of).der.clone()
    }

    /// What the TLS server shows, DER, the leaf first.
    pub fn shown(&self) -> Vec<Vec<u8>> {
        self.chain.shown.clone()
    }

    /// Refuses connections to the responder; open ones stay.
    ///
    /// # Errors
    /// If the system does not give the port back.
    pub fn close_port(&self) -> io::Result<()> {
        self.server.close_port(Port::Responder)
    }

    /// Takes connections to the responder again, on the same port.
    ///
    /// # Errors
    /// If the system does not let the port be listened on.
    pub fn open_port(&self) -> io::Result<()> {
        self.server.open_port(Port::Responder)
    }
}
