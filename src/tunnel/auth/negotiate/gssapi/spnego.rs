//! The wrapping of Kerberos tokens that says what they are (SPNEGO, RFC 4178).
//!
//! The library could do it as well. It would offer whatever else is installed, NTLM included, and hide Kerberos' reasons
//! behind codes of its own. With one mechanism there is nothing to negotiate.

use crate::x509::der::{DerError, Reader, tag};

/// 1.3.6.1.5.5.2
const SPNEGO: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x02];
/// 1.2.840.113554.1.2.2
pub(super) const KERBEROS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02];
/// `[APPLICATION 0]`, around the first token (RFC 2743, section 3.1).
const INITIAL: u8 = 0x60;

/// The first message (`NegTokenInit`): Kerberos, and its token.
pub(super) fn begin(token: &[u8]) -> Vec<u8> {
    let kinds = element(tag::SEQUENCE, &[&element(tag::OID, &[KERBEROS])]);
    let token = element(tag::OCTET_STRING, &[token]);
    let fields = element(
        tag::SEQUENCE,
        &[
            &element(tag::context_constructed(0), &[&kinds]),
            &element(tag::context_constructed(2), &[&token]),
        ],
    );
    let init = element(tag::context_constructed(0), &[&fields]);
    element(INITIAL, &[&element(tag::OID, &[SPNEGO]), &init])
}

/// The proxy's Kerberos token in its answer (`NegTokenResp`), if it gives one.
pub(in crate::tunnel::auth) fn response(message: &[u8]) -> Option<&[u8]> {
    // Some answer without the wrapping.
    if message.first() == Some(&INITIAL) {
        return Some(message);
    }
    response_token(message).ok().flatten()
}

fn response_token(message: &[u8]) -> Result<Option<&[u8]>, DerError> {
    let response = Reader::only(message, tag::context_constructed(1))?;
    let mut fields = Reader::only(response.contents, tag::SEQUENCE)?.reader();
    // The state and the mechanism: it was the only one, and whether it was accepted is said by the status of HTTP.
    fields.optional(tag::context_constructed(0))?;
    fields.optional(tag::context_constructed(1))?;
    let Some(token) = fields.optional(tag::context_constructed(2))? else {
        return Ok(None);
    };
    Ok(Some(
        Reader::only(token.contents, tag::OCTET_STRING)?.contents,
    ))
}

/// One element of DER.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let mut element = vec![tag];
    let length = contents.len().to_be_bytes();
    match contents.len() {
        short @ 0..0x80 => element.push(short as u8),
        _ => {
            let octets: Vec<u8> = length.into_iter().skip_while(|octet| *octet == 0).collect();
            element.push(0x80 | octets.len() as u8);
            element.extend(octets);
        }
    }
    element.extend(contents);
    element
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What MIT krb5 1.20 writes before a token of 693 bytes.
    #[test]
    fn the_first_message_is_the_one_of_mit() {
        let expected = b"\x60\x82\x02\xdc\x06\x06\x2b\x06\x01\x05\x05\x02\xa0\x82\x02\xd0\x30\x82\x02\xcc\xa0\x0d\x30\x0b\
            \x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\xa2\x82\x02\xb9\x04\x82\x02\xb5";
        let message = begin(&[0x55; 693]);
        assert_eq!(message.len(), expected.len() + 693);
        assert!(message.starts_with(expected));
    }

    #[test]
    fn the_token_of_an_answer_is_found() {
        let accepted =
            b"\xa1\x14\x30\x12\xa0\x03\x0a\x01\x00\xa1\x04\x06\x02\x2a\x03\xa2\x05\x04\x03abc";
        assert_eq!(response(accepted), Some(&b"abc"[..]));
        let rejected = b"\xa1\x07\x30\x05\xa0\x03\x0a\x01\x02";
        assert_eq!(response(rejected), None);
        assert_eq!(response(b"\x60\x00"), Some(&b"\x60\x00"[..]));
        for length in 0..accepted.len() {
            assert_eq!(response(&accepted[..length]), None);
        }
    }
}
