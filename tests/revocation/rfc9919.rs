//! The example of RFC 9919, appendix B: a P-521 CA, a delegate found by key, a SHA-256 `CertID`.

use rustls_pki_types::CertificateDer;
use sspr::revocation::ocsp::{
    self, HashAlgorithm, OcspError, Profile, Request, Responder, Status, Unauthorized,
};
use sspr::revocation::{Issuer, Untimely};
use sspr::x509::{Certificate, SignatureError};

use crate::algorithms::modern;
use crate::vectors::{Set, at, hex};

#[test]
#[cfg_attr(not(feature = "aws-lc-rs"), ignore = "ring has no P-521")]
fn the_example_is_good_within_its_time_and_only_then() {
    let Some(set) = Set::open("ocsp-rfc9919") else {
        return;
    };
    let expected = set.json("expected.json");
    let ca = CertificateDer::from(set.read("ca.der"));
    let leaf = CertificateDer::from(set.read("leaf.der"));
    let delegate = CertificateDer::from(set.read("delegate.der"));
    let response = set.read("response.der");
    let issuer = Issuer::from_certificate(&ca).unwrap();
    let verdicts = expected["verdicts"].as_array().unwrap();
    assert_eq!(verdicts.len(), 4);
    for row in verdicts {
        let now = at(&row["verify_time_unix"]);
        let result = ocsp::verify(&response, &leaf, &issuer, now, &Profile::leaf(modern()));
        if row["status"] != "good" {
            let refused = matches!(
                result,
                Err(OcspError::Untimely { .. } | OcspError::UnauthorizedResponder { .. })
            );
            assert!(refused, "{row}: {result:?}");
            continue;
        }
        let verdict = result.unwrap();
        assert_eq!(verdict.status, Status::Good);
        assert_eq!(verdict.hash, HashAlgorithm::Sha256);
        assert_eq!(
            verdict.produced_at,
            at(&expected["response"]["produced_at_unix"])
        );
        assert_eq!(
            verdict.this_update,
            at(&expected["response"]["this_update_unix"])
        );
        assert_eq!(
            verdict.next_update,
            Some(at(&expected["response"]["next_update_unix"]))
        );
        let signer = Responder::Delegate {
            certificate: delegate.clone(),
            no_check: false,
        };
        assert_eq!(verdict.responder, signer);

        let mut strict = Profile::leaf(modern());
        strict.no_check_required = true;
        let result = ocsp::verify(&response, &leaf, &issuer, now, &strict);
        assert!(
            matches!(result, Err(OcspError::UnauthorizedResponder { .. })),
            "{result:?}"
        );
    }
    let early = ocsp::verify(
        &response,
        &leaf,
        &issuer,
        at(&verdicts[1]["verify_time_unix"]),
        &Profile::leaf(modern()),
    );
    assert!(
        matches!(
            early,
            Err(OcspError::Untimely {
                reason: Untimely::NotYetValid { .. },
                ..
            })
        ),
        "{early:?}"
    );
}

#[test]
fn the_request_is_made_byte_for_byte() {
    let Some(set) = Set::open("ocsp-rfc9919") else {
        return;
    };
    let ca = CertificateDer::from(set.read("ca.der"));
    let leaf = CertificateDer::from(set.read("leaf.der"));
    let issuer = Issuer::from_certificate(&ca).unwrap();
    let leaf = Certificate::parse(&leaf).unwrap();
    let request = Request::new(&leaf, &issuer, HashAlgorithm::Sha256).unwrap();
    assert_eq!(hex(request.der()), hex(&set.read("request.der")));
}

#[test]
fn a_provider_without_p521_says_what_it_lacks() {
    let Some(set) = Set::open("ocsp-rfc9919") else {
        return;
    };
    let expected = set.json("expected.json");
    let ca = CertificateDer::from(set.read("ca.der"));
    let leaf = CertificateDer::from(set.read("leaf.der"));
    let issuer = Issuer::from_certificate(&ca).unwrap();
    let provider = rustls::crypto::ring::default_provider();
    let profile = Profile::leaf(provider.signature_verification_algorithms.all);
    let now = at(&expected["verdicts"][0]["verify_time_unix"]);
    match ocsp::verify(&set.read("response.der"), &leaf, &issuer, now, &profile) {
        Err(OcspError::UnauthorizedResponder {
            reason: Unauthorized::Signature(SignatureError::Unsupported { algorithm, .. }),
            ..
        }) => assert_eq!(algorithm.as_str(), "1.2.840.10045.4.3.4"),
        other => panic!("{other:?}"),
    }
}
