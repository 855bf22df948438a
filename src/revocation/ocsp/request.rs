//! The question to a responder, and where to put it (RFC 6960, section 4.1 and appendix A; RFC
//! 9919, sections 3.1 and 6).

use std::collections::HashSet;

use super::cert_id::{CertId, key_hash, name_hash};
use super::error::OcspError;
use super::hash::HashAlgorithm;
use crate::revocation::Issuer;
use crate::x509::der::{DerError, Reader, header, tag};
use crate::x509::{Certificate, Extensions, Oid};

/// A question about one certificate, without a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    der: Vec<u8>,
}

impl Request {
    /// The longest address, in octets, at which RFC 9919 wants a question to be put by GET.
    pub const LONGEST_GET_URL: usize = 255;

    /// Asks about `certificate`, whose signature by `issuer` must already be verified: RFC 9919
    /// forbids asking about certificates that are not. There is no nonce, so that answers
    /// prepared in advance fit.
    ///
    /// # Errors
    /// [`OcspError::WrongIssuer`] if the certificate names another issuer.
    pub fn new(
        certificate: &Certificate<'_>,
        issuer: &Issuer<'_>,
        hash: HashAlgorithm,
    ) -> Result<Self, OcspError> {
        Self::build(certificate, issuer, hash, None)
    }

    /// As [`new`](Self::new), with a nonce of 1 to 128 octets (RFC 9654) that a fresh answer
    /// repeats. Give [`Profile::nonce`](super::Profile::nonce) the same.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_nonce(
        certificate: &Certificate<'_>,
        issuer: &Issuer<'_>,
        hash: HashAlgorithm,
        nonce: &[u8],
    ) -> Result<Self, OcspError> {
        Self::build(certificate, issuer, hash, Some(nonce))
    }

    /// The request in DER: the body of a POST, of type `application/ocsp-request`.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The address at which to GET the answer of the responder at `base`; `None` if it would be
    /// longer than [`LONGEST_GET_URL`](Self::LONGEST_GET_URL) and so calls for a POST.
    ///
    /// One slash at the end of `base` is not doubled. Everything else in `base`, a path above
    /// all, stays as it is.
    pub fn get_url(&self, base: &str) -> Option<String> {
        let mut url = String::with_capacity(Self::LONGEST_GET_URL);
        url.push_str(base.strip_suffix('/').unwrap_or(base));
        url.push('/');
        push_escaped_base64(&mut url, &self.der);
        (url.len() <= Self::LONGEST_GET_URL).then_some(url)
    }

    fn build(
        certificate: &Certificate<'_>,
        issuer: &Issuer<'_>,
        hash: HashAlgorithm,
        nonce: Option<&[u8]>,
    ) -> Result<Self, OcspError> {
        super::verify::require_issuer(certificate, issuer)?;
        let algorithm = wrap(
            tag::SEQUENCE,
            &[&wrap(tag::OID, &[hash.oid().0]), &[tag::NULL, 0]],
        );
        let cert_id = wrap(
            tag::SEQUENCE,
            &[
                &algorithm,
                &wrap(tag::OCTET_STRING, &[&name_hash(hash, &certificate.issuer)]),
                &wrap(tag::OCTET_STRING, &[&key_hash(hash, issuer)]),
                &wrap(tag::INTEGER, &[certificate.serial]),
            ],
        );
        let list = wrap(tag::SEQUENCE, &[&wrap(tag::SEQUENCE, &[&cert_id])]);
        let extensions = nonce.map(nonce_extensions).unwrap_or_default();
        let tbs = wrap(tag::SEQUENCE, &[&list, &extensions]);
        Ok(Self {
            der: wrap(tag::SEQUENCE, &[&tbs]),
        })
    }
}

/// The fields of a request, read and not judged.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RequestFields<'a> {
    /// The certificate in question.
    pub cert_id: CertId<'a>,
    /// The extensions of the request.
    pub extensions: Extensions<'a>,
}

impl<'a> RequestFields<'a> {
    /// Reads a request of the lightweight profile: one certificate, signed or not.
    ///
    /// # Errors
    /// The bytes are not such a request, or ask about several certificates, or an extension
    /// occurs twice.
    pub fn parse(der: &'a [u8]) -> Result<Self, DerError> {
        let mut fields = Reader::only(der, tag::SEQUENCE)?.reader();
        let mut tbs = fields.expect(tag::SEQUENCE)?.reader();
        fields.optional(tag::context_constructed(0))?;
        fields.finish()?;

        match tbs.optional(tag::context_constructed(0))? {
            Some(version) if version.contents != [tag::INTEGER, 1, 0] => {
                return Err(version.forbidden("request of a version other than 1"));
            }
            _ => {}
        }
        tbs.optional(tag::context_constructed(1))?;
        let mut list = tbs.expect(tag::SEQUENCE)?.reader();
        let extensions = Extensions::read_tagged(&mut tbs, 2)?;
        tbs.finish()?;

        let mut request = list.expect(tag::SEQUENCE)?.reader();
        if !list.is_empty() {
            return Err(DerError::forbidden(
                list.offset(),
                "more than one certificate",
            ));
        }
        let cert_id = CertId::read(&mut request)?;
        Extensions::read_tagged(&mut request, 0)?;
        request.finish()?;

        let mut seen = HashSet::new();
        for extension in extensions.clone() {
            let extension = extension?;
            if !seen.insert(extension.oid) {
                return Err(extension.forbidden("an extension that occurs twice"));
            }
        }
        Ok(Self {
            cert_id,
            extensions,
        })
    }
}

/// `[2] EXPLICIT Extensions` with nothing but the nonce.
fn nonce_extensions(nonce: &[u8]) -> Vec<u8> {
    let value = wrap(tag::OCTET_STRING, &[&wrap(tag::OCTET_STRING, &[nonce])]);
    let extension = wrap(
        tag::SEQUENCE,
        &[&wrap(tag::OID, &[Oid::OCSP_NONCE.0]), &value],
    );
    wrap(
        tag::context_constructed(2),
        &[&wrap(tag::SEQUENCE, &[&extension])],
    )
}

/// An element of these parts. Every part is small: a hash, a serial number, a nonce.
fn wrap(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len()).sum();
    let (head, size) = header(tag, length).unwrap_or_default();
    let mut der = Vec::with_capacity(size + length);
    der.extend_from_slice(head.get(..size).unwrap_or_default());
    parts.iter().for_each(|part| der.extend_from_slice(part));
    der
}

/// Base64 (RFC 4648, section 4), in which the characters that mean something else in an address
/// are escaped.
fn push_escaped_base64(url: &mut String, octets: &[u8]) {
    for group in octets.chunks(3) {
        let bits = group
            .iter()
            .fold(0u32, |bits, octet| bits << 8 | u32::from(*octet));
        let bits = bits << (8 * (3 - group.len()));
        for digit in 0..4 {
            if digit > group.len() {
                url.push_str("%3D");
                continue;
            }
            match (bits >> (18 - 6 * digit)) as u8 & 0x3f {
                value @ 0..=25 => url.push(char::from(b'A' + value)),
                value @ 26..=51 => url.push(char::from(b'a' + value - 26)),
                value @ 52..=61 => url.push(char::from(b'0' + value - 52)),
                62 => url.push_str("%2B"),
                _ => url.push_str("%2F"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_with_escapes() {
        for (octets, text) in [
            (&b""[..], ""),
            (b"f", "Zg%3D%3D"),
            (b"fo", "Zm8%3D"),
            (b"foo", "Zm9v"),
            (b"foobar", "Zm9vYmFy"),
            (b"\xfb\xff\xbf", "%2B%2F%2B%2F"),
        ] {
            let mut url = String::new();
            push_escaped_base64(&mut url, octets);
            assert_eq!(url, text);
        }
    }

    #[test]
    fn long_addresses_call_for_a_post() {
        let request = Request { der: vec![0; 66] };
        let fits = format!("http://{}/", "h".repeat(255 - 88 - 8));
        assert_eq!(request.get_url(&fits).map(|url| url.len()), Some(255));
        assert_eq!(request.get_url(&fits.replace("//", "//h")), None);
        assert_eq!(
            Request { der: vec![0xff] }
                .get_url("http://o.example/ocsp")
                .as_deref(),
            Some("http://o.example/ocsp/%2Fw%3D%3D")
        );
    }
}
