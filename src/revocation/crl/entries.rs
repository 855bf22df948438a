//! The entries of a CRL (RFC 5280, sections 5.1.2.6 and 5.3), walked where they lie.

use super::error::{CrlError, Unsupported};
use crate::revocation::{Reason, Revocation};
use crate::x509::der::{DerError, Element, Reader, tag};
use crate::x509::{Extension, Extensions, Oid, generalized_time, time};

/// The entry of `serial`. The whole list is walked, for the reasons that
/// [`CertificateList::find`](super::CertificateList::find) gives.
pub(super) fn find(mut entries: Reader<'_>, serial: &[u8]) -> Result<Option<Revocation>, CrlError> {
    let mut found = None;
    while !entries.is_empty() {
        let entry = entries.expect(tag::SEQUENCE)?;
        let mut fields = entry.reader();
        let is_wanted = fields.expect(tag::INTEGER)?.contents == serial;
        if is_wanted && found.is_none() {
            found = Some(revocation(fields)?);
        } else {
            skip(fields)?;
        }
    }
    Ok(found)
}

/// `revocationDate` and what the extensions add.
fn revocation(mut fields: Reader<'_>) -> Result<Revocation, CrlError> {
    let mut revocation = Revocation {
        time: time(&mut fields)?,
        reason: None,
        invalidity_date: None,
    };
    for extension in extensions(fields)? {
        let extension = extension?;
        require_understood(&extension)?;
        match extension.oid {
            Oid::REASON_CODE => revocation.reason = Some(reason(&extension)?),
            Oid::INVALIDITY_DATE => {
                let mut value = extension.reader();
                revocation.invalidity_date = Some(generalized_time(&mut value)?);
                value.finish()?;
            }
            _ => {}
        }
    }
    Ok(revocation)
}

/// An entry of another certificate must be understood, but not read.
fn skip(mut fields: Reader<'_>) -> Result<(), CrlError> {
    fields.any()?;
    if fields.is_empty() {
        return Ok(());
    }
    extensions(fields)?.try_for_each(|extension| require_understood(&extension?))
}

fn extensions(mut fields: Reader<'_>) -> Result<Extensions<'_>, DerError> {
    if fields.is_empty() {
        return Ok(Extensions::NONE);
    }
    let extensions = Extensions::read(&mut fields)?;
    fields.finish()?;
    Ok(extensions)
}

/// RFC 5280, section 5.3: a list with a critical entry extension that is not understood says
/// nothing about any certificate.
fn require_understood(extension: &Extension<'_>) -> Result<(), CrlError> {
    match extension.oid {
        Oid::REASON_CODE | Oid::INVALIDITY_DATE => Ok(()),
        Oid::CERTIFICATE_ISSUER => Err(CrlError::Unsupported(Unsupported::Indirect)),
        oid if extension.critical => Err(CrlError::UnsupportedCritical {
            extension: oid.into(),
        }),
        _ => Ok(()),
    }
}

fn reason(extension: &Extension<'_>) -> Result<Reason, DerError> {
    let code: Element<'_> = extension.only(tag::ENUMERATED)?;
    match Reason::from_code(code.small_number()?) {
        Some(Reason::RemoveFromCrl) => Err(code.forbidden("removeFromCRL in a complete list")),
        Some(reason) => Ok(reason),
        None => Err(code.forbidden("reason that is not assigned")),
    }
}
