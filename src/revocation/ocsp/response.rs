//! The fields of an OCSP response (RFC 6960, section 4.2.1), read and not judged.

use rustls_pki_types::UnixTime;

use super::cert_id::CertId;
use super::error::{OcspError, Part, ResponderStatus};
use crate::revocation::{Reason, Revocation};
use crate::x509::der::{DerError, Element, Reader, tag};
use crate::x509::{Extensions, Name, Oid, Signed, generalized_time};

/// A response of type `id-pkix-ocsp-basic`, the only one there is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<'a> {
    /// Who says that it signed.
    pub responder: ResponderId<'a>,
    /// When the response was signed.
    pub produced_at: UnixTime,
    /// The answers.
    pub answers: Vec<SingleResponse<'a>>,
    /// The extensions of the response.
    pub extensions: Extensions<'a>,
    /// The certificates that came with it, in their order, not read.
    pub certificates: Vec<&'a [u8]>,
    /// The signature over all of it but the certificates.
    pub signed: Signed<'a>,
}

impl<'a> Response<'a> {
    /// Reads a response. Memory and time are linear in its size.
    ///
    /// # Errors
    /// [`OcspError::Malformed`] or [`OcspError::UnsupportedType`]; and [`OcspError::Responder`]
    /// where the responder declined, in which case nothing is signed.
    pub fn parse(der: &'a [u8]) -> Result<Self, OcspError> {
        let envelope = |error| OcspError::Malformed {
            part: Part::Envelope,
            error,
        };
        match outer(der).map_err(envelope)? {
            Outer::Declined(status) => Err(OcspError::Responder(status)),
            Outer::Answered { response_type, .. } if response_type != Oid::OCSP_BASIC => {
                Err(OcspError::UnsupportedType {
                    response_type: response_type.into(),
                })
            }
            Outer::Answered { response, .. } => {
                let (signed, certificates) = basic(&response).map_err(envelope)?;
                Self::read(signed, certificates).map_err(|error| OcspError::Malformed {
                    part: Part::Data,
                    error,
                })
            }
        }
    }

    /// The nonce of the response (RFC 9654), if there is one.
    ///
    /// # Errors
    /// The extensions are malformed.
    pub fn nonce(&self) -> Result<Option<&'a [u8]>, DerError> {
        for extension in self.extensions.clone() {
            let extension = extension?;
            if extension.oid == Oid::OCSP_NONCE {
                return Ok(Some(extension.only(tag::OCTET_STRING)?.contents));
            }
        }
        Ok(None)
    }

    /// `ResponseData`
    fn read(signed: Signed<'a>, certificates: Vec<&'a [u8]>) -> Result<Self, DerError> {
        let mut data = signed.fields()?;
        version(&mut data)?;
        let responder = ResponderId::read(&mut data)?;
        let produced_at = generalized_time(&mut data)?;
        let mut list = data.expect(tag::SEQUENCE)?.reader();
        let mut answers = Vec::new();
        while !list.is_empty() {
            answers.push(SingleResponse::read(&mut list)?);
        }
        let extensions = Extensions::read_tagged(&mut data, 1)?;
        data.finish()?;
        extensions
            .clone()
            .try_for_each(|extension| extension.map(drop))?;
        Ok(Self {
            responder,
            produced_at,
            answers,
            extensions,
            certificates,
            signed,
        })
    }
}

/// How a response names its signer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ResponderId<'a> {
    /// By the subject of the signer's certificate.
    ByName(Name<'a>),
    /// By the SHA-1 hash of the signer's key, whatever other hashes the response uses.
    ByKey(&'a [u8]),
}

impl<'a> ResponderId<'a> {
    fn read(data: &mut Reader<'a>) -> Result<Self, DerError> {
        let choice = data.any()?;
        let mut inner = choice.reader();
        let id = match choice.tag {
            0xa1 => Self::ByName(Name::read(&mut inner)?),
            0xa2 => Self::ByKey(inner.expect(tag::OCTET_STRING)?.contents),
            _ => return Err(choice.forbidden("responder neither by name nor by key")),
        };
        inner.finish()?;
        Ok(id)
    }
}

/// The answer about one certificate.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SingleResponse<'a> {
    /// Which certificate.
    pub cert_id: CertId<'a>,
    /// What the responder says about it.
    pub status: Status,
    /// Since when this is known to be so.
    pub this_update: UnixTime,
    /// When there will be something newer, if the responder says.
    pub next_update: Option<UnixTime>,
    /// The extensions of the answer.
    pub extensions: Extensions<'a>,
}

impl<'a> SingleResponse<'a> {
    fn read(list: &mut Reader<'a>) -> Result<Self, DerError> {
        let answer = list.expect(tag::SEQUENCE)?;
        let mut fields = answer.reader();
        let cert_id = CertId::read(&mut fields)?;
        let status = Status::read(&mut fields)?;
        let this_update = generalized_time(&mut fields)?;
        let next_update = match fields.optional(tag::context_constructed(0))? {
            Some(wrapper) => {
                let mut inner = wrapper.reader();
                let next_update = generalized_time(&mut inner)?;
                inner.finish()?;
                Some(next_update)
            }
            None => None,
        };
        if next_update.is_some_and(|next_update| next_update <= this_update) {
            return Err(answer.forbidden("nextUpdate is not after thisUpdate"));
        }
        let extensions = Extensions::read_tagged(&mut fields, 1)?;
        fields.finish()?;
        extensions
            .clone()
            .try_for_each(|extension| extension.map(drop))?;
        Ok(Self {
            cert_id,
            status,
            this_update,
            next_update,
            extensions,
        })
    }
}

/// What a responder says about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// Not revoked, as far as the responder knows.
    Good,
    /// The responder does not know the certificate.
    Unknown,
    /// Revoked or on hold.
    Revoked(Revocation),
}

impl Status {
    fn read(fields: &mut Reader<'_>) -> Result<Self, DerError> {
        let choice = fields.any()?;
        match (choice.tag, choice.contents) {
            (0x80, []) => Ok(Self::Good),
            (0x82, []) => Ok(Self::Unknown),
            (0xa1, _) => revocation(&choice).map(Self::Revoked),
            _ => Err(choice.forbidden("status neither good nor revoked nor unknown")),
        }
    }
}

/// `RevokedInfo ::= SEQUENCE { revocationTime, revocationReason [0] EXPLICIT OPTIONAL }`
fn revocation(choice: &Element<'_>) -> Result<Revocation, DerError> {
    let mut fields = choice.reader();
    let time = generalized_time(&mut fields)?;
    let reason = match fields.optional(tag::context_constructed(0))? {
        Some(wrapper) => {
            let mut inner = wrapper.reader();
            let code = inner.expect(tag::ENUMERATED)?;
            inner.finish()?;
            let reason = Reason::from_code(code.small_number()?)
                .filter(|reason| *reason != Reason::RemoveFromCrl)
                .ok_or(code.forbidden("reason that OCSP does not have"))?;
            Some(reason)
        }
        None => None,
    };
    fields.finish()?;
    Ok(Revocation {
        time,
        reason,
        invalidity_date: None,
    })
}

enum Outer<'a> {
    Declined(ResponderStatus),
    Answered {
        response_type: Oid<'a>,
        response: Element<'a>,
    },
}

/// `OCSPResponse ::= SEQUENCE { responseStatus, responseBytes [0] EXPLICIT OPTIONAL }`
fn outer(der: &[u8]) -> Result<Outer<'_>, DerError> {
    let mut fields = Reader::only(der, tag::SEQUENCE)?.reader();
    let code = fields.expect(tag::ENUMERATED)?;
    let declined = match code.small_number()? {
        0 => None,
        1 => Some(ResponderStatus::MalformedRequest),
        2 => Some(ResponderStatus::InternalError),
        3 => Some(ResponderStatus::TryLater),
        5 => Some(ResponderStatus::SignatureRequired),
        6 => Some(ResponderStatus::Unauthorized),
        _ => return Err(code.forbidden("response status that is not assigned")),
    };
    if let Some(status) = declined {
        fields.optional(tag::context_constructed(0))?;
        fields.finish()?;
        return Ok(Outer::Declined(status));
    }
    let wrapper = fields.expect(tag::context_constructed(0))?;
    fields.finish()?;
    let mut inner = wrapper.reader();
    let mut bytes = inner.expect(tag::SEQUENCE)?.reader();
    inner.finish()?;
    let response_type = Oid(bytes.expect(tag::OID)?.contents);
    let response = bytes.expect(tag::OCTET_STRING)?;
    bytes.finish()?;
    Ok(Outer::Answered {
        response_type,
        response,
    })
}

/// `BasicOCSPResponse`: the signed data, and the certificates beside it.
fn basic<'a>(response: &Element<'a>) -> Result<(Signed<'a>, Vec<&'a [u8]>), DerError> {
    let mut outer = response.reader();
    let mut fields = outer.expect(tag::SEQUENCE)?.reader();
    outer.finish()?;
    let signed = Signed::read(&mut fields)?;
    let mut certificates = Vec::new();
    if let Some(wrapper) = fields.optional(tag::context_constructed(0))? {
        let mut inner = wrapper.reader();
        let mut list = inner.expect(tag::SEQUENCE)?.reader();
        inner.finish()?;
        while !list.is_empty() {
            certificates.push(list.expect(tag::SEQUENCE)?.whole);
        }
    }
    fields.finish()?;
    Ok((signed, certificates))
}

/// `version [0] EXPLICIT INTEGER DEFAULT v1`; only v1 exists.
fn version(data: &mut Reader<'_>) -> Result<(), DerError> {
    let Some(wrapper) = data.optional(tag::context_constructed(0))? else {
        return Ok(());
    };
    match wrapper.contents {
        [tag::INTEGER, 1, 0] => Ok(()),
        _ => Err(wrapper.forbidden("response of a version other than 1")),
    }
}
