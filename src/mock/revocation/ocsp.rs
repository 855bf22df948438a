//! How OCSP requests are answered.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::answer::{Nonce, Response};
use super::ocsp_fault::OcspFault;
use super::request::{CertId, Question, read};
use super::status::Status;
use crate::mock::pki::{Certificate, Chain, DAY};

const AGE: Duration = Duration::from_secs(3600);
pub(super) const MALFORMED_REQUEST: u8 = 1;
const UNAUTHORIZED: u8 = 6;

/// An answer to OCSP requests about one certificate: by default its status, signed by its issuer, who is named byName.
#[derive(Clone, Debug, Default)]
#[must_use = "an answer has to be given to Revocation::set_ocsp"]
pub struct OcspAnswer {
    pub(super) status: Option<Status>,
    pub(super) delegated: bool,
    pub(super) by_key: bool,
    pub(super) times: Times,
    only: Option<CertIdHash>,
    pub(super) faults: Vec<OcspFault>,
}

/// The times of an answer, where they were set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    this_update: Option<SystemTime>,
    /// `Some(None)` leaves it out.
    next_update: Option<Option<SystemTime>>,
    produced_at: Option<SystemTime>,
}

/// The hash with which a CertID names the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertIdHash {
    /// What most clients send.
    Sha1,
    /// What RFC 9919 asks of new clients.
    Sha256,
}

impl OcspAnswer {
    /// The status of the certificate, whatever it is at the time.
    pub fn new() -> Self {
        Self::default()
    }

    /// This status, whatever the certificate's is.
    pub fn status(mut self, status: Status) -> Self {
        self.status = Some(status);
        self
    }

    /// A delegated responder signs; its certificate is in the response.
    pub fn delegated(mut self) -> Self {
        self.delegated = true;
        self
    }

    /// Names the responder by its key instead of by its name.
    pub fn by_key(mut self) -> Self {
        self.by_key = true;
        self
    }

    /// Answers only CertIDs with this hash; others get `unauthorized`.
    pub fn only(mut self, hash: CertIdHash) -> Self {
        self.only = Some(hash);
        self
    }

    /// thisUpdate, to the second; an hour ago by default.
    pub fn this_update(mut self, time: SystemTime) -> Self {
        self.times.this_update = Some(time);
        self
    }

    /// nextUpdate, to the second, or none; four days from now by default.
    pub fn next_update(mut self, time: impl Into<Option<SystemTime>>) -> Self {
        self.times.next_update = Some(time.into());
        self
    }

    /// producedAt, to the second; an hour ago by default.
    pub fn produced_at(mut self, time: SystemTime) -> Self {
        self.times.produced_at = Some(time);
        self
    }

    /// Adds a fault.
    pub fn fault(mut self, fault: OcspFault) -> Self {
        self.faults.push(fault);
        self
    }

    /// The response to a request as it came over HTTP.
    pub(super) fn respond_to(
        &self,
        request: &[u8],
        chain: &Arc<Chain>,
        of: Certificate,
        status: Status,
    ) -> Vec<u8> {
        let Some(question) = read(request) else {
            return Response::error(MALFORMED_REQUEST);
        };
        let known =
            |id: &CertId| id.names(chain, of) && self.only.is_none_or(|only| id.hash == Some(only));
        if !question.ids.iter().all(known) {
            return Response::error(UNAUTHORIZED);
        }
        self.respond(chain, of, status, Some(question))
    }

    /// The response about the certificate, whether asked for or not.
    pub(super) fn respond(
        &self,
        chain: &Chain,
        of: Certificate,
        status: Status,
        question: Option<Question>,
    ) -> Vec<u8> {
        let Question { ids, nonce } = question.unwrap_or_else(|| Question {
            ids: vec![CertId::of(chain, of, CertIdHash::Sha1)],
            nonce: None,
        });
        let response = Response {
            answer: self,
            chain,
            of,
            status: self.status.unwrap_or(status),
            ids,
            nonce: Nonce(nonce),
        };
        response.write()
    }
}

impl Times {
    pub(super) fn this_update(self) -> SystemTime {
        self.this_update.unwrap_or_else(|| SystemTime::now() - AGE)
    }

    pub(super) fn next_update(self) -> Option<SystemTime> {
        self.next_update
            .unwrap_or_else(|| Some(SystemTime::now() + 4 * DAY))
    }

    pub(super) fn produced_at(self) -> SystemTime {
        self.produced_at.unwrap_or_else(|| SystemTime::now() - AGE)
    }

    pub(super) fn set_this_update(&mut self, time: SystemTime) {
        self.this_update = Some(time);
    }

    pub(super) fn set_next_update(&mut self, time: Option<SystemTime>) {
        self.next_update = Some(time);
    }
}
