//! The responder over HTTP: OCSP (RFC 6960, appendix A), lists and issuers' certificates (RFC 5280, section 4.2).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::answer::Response as OcspResponse;
use super::ocsp::MALFORMED_REQUEST;
use crate::mock::fault::Endpoint;
use crate::mock::http::Response;
use crate::mock::pki::{Certificate, Chain};
use crate::mock::state::State;
use crate::mock::traffic::Request;

/// What a request names by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resource<'a> {
    /// With what follows the path: the request of a GET.
    Ocsp(Certificate, Option<&'a str>),
    Crl(Certificate),
    Issuer(Certificate),
}

pub(in crate::mock) fn endpoint(target: &str) -> Endpoint {
    match resource(target) {
        Some(Resource::Ocsp(..)) => Endpoint::Ocsp,
        Some(Resource::Crl(_)) => Endpoint::Crl,
        Some(Resource::Issuer(_)) => Endpoint::Issuer,
        None => Endpoint::Other,
    }
}

pub(in crate::mock) fn answer(state: &State, chain: &Arc<Chain>, request: &Request) -> Response {
    let (content_type, body) = match (request.method.as_str(), resource(&request.target)) {
        (_, None) => return Response::page(404),
        ("POST", Some(Resource::Ocsp(of, None))) => {
            let is_request = request.header("content-type") == Some("application/ocsp-request");
            if !is_request {
                return Response::page(415);
            }
            (OCSP, ocsp(state, chain, of, Some(request.body.clone())))
        }
        ("GET", Some(Resource::Ocsp(of, Some(encoded)))) => {
            (OCSP, ocsp(state, chain, of, decode(encoded)))
        }
        ("GET", Some(Resource::Crl(of))) => {
            let record = state.revocation.of(of);
            (
                "application/pkix-crl",
                record.crl.list(chain, of, record.status),
            )
        }
        ("GET", Some(Resource::Issuer(of))) => {
            ("application/pkix-cert", chain.issuer(of).der.clone())
        }
        _ => return Response::page(405),
    };
    let mut response = Response::new(200, content_type, body);
    response.set_header("Cache-Control", "public, max-age=3600");
    response
}

const OCSP: &str = "application/ocsp-response";

fn ocsp(state: &State, chain: &Arc<Chain>, of: Certificate, request: Option<Vec<u8>>) -> Vec<u8> {
    let record = state.revocation.of(of);
    match request {
        Some(request) => record.ocsp.respond_to(&request, chain, of, record.status),
        None => OcspResponse::error(MALFORMED_REQUEST),
    }
}

/// By the path alone; an absolute target, as proxies get it, counts by its path as well.
fn resource(target: &str) -> Option<Resource<'_>> {
    let path = match target.strip_prefix("http://") {
        Some(rest) => rest.split_once('/')?.1,
        None => target.strip_prefix('/')?,
    };
    let (kind, rest) = path.split_once('/')?;
    let find = |word: &str| Certificate::ALL.into_iter().find(|of| of.word() == word);
    match kind {
        "ocsp" => match rest.split_once('/') {
            Some((word, encoded)) => Some(Resource::Ocsp(find(word)?, Some(encoded))),
            None => Some(Resource::Ocsp(find(rest)?, None)),
        },
        "crl" => Some(Resource::Crl(find(rest.strip_suffix(".crl")?)?)),
        "ca" => Some(Resource::Issuer(find(rest.strip_suffix(".cer")?)?)),
        _ => None,
    }
}

/// Base64, percent-encoded or as it is.
fn decode(encoded: &str) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let mut rest = encoded.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            plain.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            plain.push(*first);
        }
    }
    STANDARD.decode(plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_what_is_asked_for() {
        let leaf = Certificate::Leaf;
        assert_eq!(resource("/ocsp/leaf"), Some(Resource::Ocsp(leaf, None)));
        let get = Some(Resource::Ocsp(leaf, Some("MEM//w==")));
        assert_eq!(resource("/ocsp/leaf/MEM//w=="), get);
        assert_eq!(resource("http://127.0.0.1:8080/ocsp/leaf/MEM//w=="), get);
        let crl = Some(Resource::Crl(Certificate::Intermediate));
        assert_eq!(resource("/crl/intermediate.crl"), crl);
        for nothing in [
            "",
            "/",
            "/ocsp",
            "/ocsp/",
            "/ocsp/root",
            "/crl/leaf",
            "http://h",
        ] {
            assert_eq!(resource(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn requests_come_escaped_or_not() {
        let bytes = vec![0xFB, 0xFF, 0xBF, 0xFF];
        assert_eq!(decode("+/+//w=="), Some(bytes.clone()));
        assert_eq!(decode("%2B%2F%2b%2F%2Fw%3D%3D"), Some(bytes));
        for refused in ["%", "%2", "%zz", "a b", "-_-__w=="] {
            assert_eq!(decode(refused), None, "{refused}");
        }
    }
}
