//! BoringSSL's table of OCSP responses and its known requests.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use sspr::revocation::ocsp::{
    self, HashAlgorithm, OcspError, Part, Profile, Request, ResponderStatus, Status, Verdict,
};
use sspr::revocation::{Issuer, Untimely};
use sspr::x509::{Certificate, SignatureError};

use crate::algorithms::{modern, with_sha1};
use crate::vectors::{Set, at, hex};

/// BoringSSL's two columns for one of our results.
fn columns(result: &Result<Verdict, OcspError>) -> (&'static str, &'static str) {
    match result {
        Ok(verdict) => match verdict.status {
            Status::Good => ("good", "PROVIDED"),
            Status::Revoked(_) => ("revoked", "PROVIDED"),
            _ => ("unknown", "PROVIDED"),
        },
        Err(error) => (
            "unknown",
            match error {
                OcspError::Malformed {
                    part: Part::Data, ..
                } => "PARSE_RESPONSE_DATA_ERROR",
                OcspError::Malformed { .. } | OcspError::UnsupportedType { .. } => {
                    "PARSE_RESPONSE_ERROR"
                }
                OcspError::Responder(_) => "ERROR_RESPONSE",
                OcspError::NoMatchingResponse { .. } => "NO_MATCHING_RESPONSE",
                OcspError::Untimely { .. } => "INVALID_DATE",
                OcspError::BadProducedAt { .. } => "BAD_PRODUCED_AT",
                OcspError::UnsupportedCritical { .. } => "UNHANDLED_CRITICAL_EXTENSION",
                OcspError::Signature(_)
                | OcspError::NoSigner { .. }
                | OcspError::UnauthorizedResponder { .. } => "PROVIDED",
                other => panic!("no column for {other:?}"),
            },
        ),
    }
}

struct BoringCase {
    name: String,
    columns: (String, String),
    now: UnixTime,
    max_age: Duration,
    response: Vec<u8>,
    certificate: CertificateDer<'static>,
    issuer: CertificateDer<'static>,
    request: Vec<u8>,
}

impl BoringCase {
    fn all() -> Option<Vec<Self>> {
        let set = Set::open("ocsp-boringssl")?;
        let expected = set.json("expected.json");
        let cases: Vec<_> = expected["cases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|case| {
                let file = |name| set.read(&format!("{}/{name}", case["dir"].as_str().unwrap()));
                let text = |name: &str| case[name].as_str().unwrap().to_owned();
                Self {
                    name: text("name"),
                    columns: (text("status"), text("detail")),
                    now: at(&case["verify_time_unix"]),
                    max_age: Duration::from_secs(86_400 * case["max_age_days"].as_u64().unwrap()),
                    response: file("response.der"),
                    certificate: file("certificate.der").into(),
                    issuer: file("issuer.der").into(),
                    request: file("request.der"),
                }
            })
            .collect();
        assert_eq!(cases.len(), 36);
        Some(cases)
    }

    fn verify(&self, profile: &Profile<'_>) -> Result<Verdict, OcspError> {
        let issuer = Issuer::from_certificate(&self.issuer).unwrap();
        ocsp::verify(
            &self.response,
            &self.certificate,
            &issuer,
            self.now,
            profile,
        )
    }
}

#[test]
fn boringssl_table_under_the_test_profile() {
    let Some(cases) = BoringCase::all() else {
        return;
    };
    let algorithms: &[&dyn SignatureVerificationAlgorithm] = &with_sha1();
    let differences: Vec<_> = cases
        .iter()
        .filter_map(|case| {
            let mut profile = Profile::leaf(algorithms);
            profile.freshness.skew = Duration::ZERO;
            profile.freshness.max_age = case.max_age;
            profile.freshness.next_update_required = false;
            let result = case.verify(&profile);
            let (status, detail) = columns(&result);
            ((status, detail) != (&case.columns.0, &case.columns.1))
                .then(|| format!("{}: {:?} expected, {result:?}", case.name, case.columns))
        })
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Nearly every response of the table is signed with SHA-1, which production refuses; the rest
/// fails for the reason that the table gives, or for want of `nextUpdate`.
#[test]
fn boringssl_table_under_the_production_profile() {
    let Some(cases) = BoringCase::all() else {
        return;
    };
    for case in cases {
        let error = case.verify(&Profile::leaf(modern())).unwrap_err();
        let as_expected = match (case.name.as_str(), &error) {
            ("good_response_sha256", OcspError::Untimely { reason, status }) => {
                (*reason, *status) == (Untimely::NoNextUpdate, Status::Good)
            }
            ("malformed_request", error) => {
                *error == OcspError::Responder(ResponderStatus::MalformedRequest)
            }
            ("bad_status" | "invalid_response", OcspError::Malformed { part, .. }) => {
                *part == Part::Envelope
            }
            ("invalid_response_data", OcspError::Malformed { part, .. }) => *part == Part::Data,
            ("bad_ocsp_type", OcspError::UnsupportedType { .. })
            | ("ocsp_sign_indirect_missing", OcspError::NoSigner { .. }) => true,
            (
                "has_critical_single_extension" | "has_critical_response_extension",
                OcspError::UnsupportedCritical { .. },
            ) => true,
            (_, OcspError::Signature(SignatureError::Weak { algorithm })) => {
                algorithm.as_str() == "1.2.840.113549.1.1.5"
            }
            _ => false,
        };
        assert!(as_expected, "{}: {error:?}", case.name);
    }
}

#[test]
fn boringssl_requests() {
    let Some(cases) = BoringCase::all() else {
        return;
    };
    for case in cases {
        let certificate = Certificate::parse(&case.certificate).unwrap();
        let issuer = Issuer::from_certificate(&case.issuer).unwrap();
        let request = Request::new(&certificate, &issuer, HashAlgorithm::Sha1).unwrap();
        assert_eq!(hex(request.der()), hex(&case.request), "{}", case.name);
    }
}

/// The table doubles a slash at the end of the base; we do not, and everything else is the same.
#[test]
fn boringssl_addresses() {
    let Some(set) = Set::open("ocsp-boringssl") else {
        return;
    };
    let case = BoringCase::all().unwrap().remove(0);
    let certificate = Certificate::parse(&case.certificate).unwrap();
    let issuer = Issuer::from_certificate(&case.issuer).unwrap();
    let request = Request::new(&certificate, &issuer, HashAlgorithm::Sha1).unwrap();
    let expected = set.json("get-url.json");
    let rows = expected["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let (base, url) = (
            row["base_url"].as_str().unwrap(),
            row["expected_url"].as_str().unwrap(),
        );
        let tail = url.strip_prefix(base).unwrap().trim_start_matches('/');
        let ours = format!("{}/{tail}", base.trim_end_matches('/'));
        assert_eq!(request.get_url(base), Some(ours));
    }
}
