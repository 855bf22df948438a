//! Who signed an OCSP response, and whether they may (faults O19 to O36).

use rustls_pki_types::CertificateDer;
use sspr::revocation::Issuer;
use sspr::revocation::ocsp::{
    self, HashAlgorithm, OcspError, Profile, Request, Responder, Status, Unauthorized, Verdict,
};
use sspr::x509::{Certificate, SignatureError};

use crate::algorithms::modern;
use crate::assert_error::assert_error;
use crate::builder::*;
use crate::ocsp_verdict::*;

#[test]
fn o19_every_flipped_bit_is_noticed() {
    let world = World::new();
    let response = Reply::new(&world).sign(&world.ca_key);
    for position in 0..response.len() {
        for bit in 0..8 {
            let mut damaged = response.clone();
            damaged[position] ^= 1 << bit;
            let result = verify(&world, &damaged);
            assert!(result.is_err(), "bit {bit} of byte {position}: {result:?}");
        }
    }
    let mut damaged = response;
    *damaged.last_mut().unwrap() ^= 1;
    assert_error!(
        verify(&world, &damaged),
        OcspError::Signature(SignatureError::Wrong)
    );
}

#[test]
fn o20_signed_by_an_unrelated_key() {
    let world = World::new();
    assert_error!(
        verify(&world, &Reply::new(&world).sign(&Key::new())),
        OcspError::Signature(SignatureError::Wrong)
    );

    // The name of the CA, and a certificate that the unrelated key gave itself.
    let other = Key::new();
    let certificate = CertificateParts::new(CA, CA)
        .with(extended_key_usage(&[OCSP_SIGNING]))
        .sign(&other, &other);
    let mut reply = Reply::new(&world);
    reply.certificates.push(certificate.to_vec());
    assert_error!(
        verify(&world, &reply.sign(&other)),
        OcspError::UnauthorizedResponder {
            reason: Unauthorized::NotDirect,
            ..
        }
    );
}

#[test]
fn o21_signed_by_the_leaf_itself() {
    let world = World::new();
    let mut reply = Reply::new(&world);
    reply.responder = by_key(&world.leaf_key);
    reply.certificates.push(world.leaf.to_vec());
    assert_error!(
        verify(&world, &reply.sign(&world.leaf_key)),
        OcspError::UnauthorizedResponder { reason: Unauthorized::NoEku, subject }
            if subject.as_str() == "CN=server.example"
    );
}

const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
const RESPONDER: &str = "Test Responder";

fn delegate_parts() -> CertificateParts {
    let mut parts = CertificateParts::new(CA, RESPONDER)
        .with(extended_key_usage(&[OCSP_SIGNING]))
        .with(extension("1.3.6.1.5.5.7.48.1.5", false, raw(0x05, &[])));
    parts.serial = vec![0x11];
    parts
}

/// The verdict on a response signed by a delegate of the CA with this certificate.
fn delegated(parts: &CertificateParts) -> Result<Verdict, OcspError> {
    let (world, key) = (World::new(), Key::new());
    let mut reply = Reply::new(&world);
    reply.responder = by_name(RESPONDER);
    reply
        .certificates
        .push(parts.sign(&key, &world.ca_key).to_vec());
    verify(&world, &reply.sign(&key))
}

#[test]
fn a_delegate_by_name_and_by_key() {
    let verdict = delegated(&delegate_parts()).unwrap();
    assert!(matches!(
        verdict.responder,
        Responder::Delegate { no_check: true, .. }
    ));

    let (world, key) = (World::new(), Key::new());
    let mut reply = Reply::new(&world);
    reply.responder = by_key(&key);
    reply
        .certificates
        .push(delegate_parts().sign(&key, &world.ca_key).to_vec());
    assert_eq!(
        verify(&world, &reply.sign(&key)).unwrap().status,
        Status::Good
    );
}

#[test]
fn o22_o23_o25_o26_o28_delegates_that_may_not_sign() {
    let with_purposes = |purposes: &[&str]| {
        let mut parts = delegate_parts();
        parts.extensions[0] = extended_key_usage(purposes);
        parts
    };
    let without_purposes = CertificateParts::new(CA, RESPONDER);
    let expired = CertificateParts {
        not_after: "260615115959Z",
        ..delegate_parts()
    };
    let early = CertificateParts {
        not_before: "260615120001Z",
        ..delegate_parts()
    };
    for (parts, expected) in [
        (without_purposes, "NoEku"),
        (with_purposes(&["1.3.6.1.5.5.7.3.1"]), "NoEku"),
        (with_purposes(&["2.5.29.37.0"]), "NoEku"),
        (expired, "Expired"),
        (early, "NotYetValid"),
        (delegate_parts().with(basic_constraints(true)), "IsCa"),
        (
            delegate_parts().with(key_usage(1, 0x06)),
            "NoDigitalSignature",
        ),
        (
            delegate_parts().with(extension("1.2.3.4", true, raw(0x05, &[]))),
            "UnsupportedCritical",
        ),
    ] {
        let result = delegated(&parts);
        let Err(OcspError::UnauthorizedResponder { reason, subject }) = &result else {
            panic!("{expected}: {result:?}")
        };
        assert!(
            format!("{reason:?}").starts_with(expected),
            "{expected}: {reason:?}"
        );
        assert_eq!(subject.as_str(), "CN=Test Responder");
    }
    let allowed = delegate_parts()
        .with(key_usage(7, 0x80))
        .with(basic_constraints(false));
    assert_eq!(delegated(&allowed).unwrap().status, Status::Good);
}

#[test]
fn o24_a_delegate_of_another_ca_or_of_a_sub_ca() {
    let (world, key, other) = (World::new(), Key::new(), Key::new());
    let mut reply = Reply::new(&world);
    reply.responder = by_name(RESPONDER);

    // The same name, another key.
    reply.certificates = vec![delegate_parts().sign(&key, &other).to_vec()];
    assert_error!(
        verify(&world, &reply.sign(&key)),
        OcspError::UnauthorizedResponder {
            reason: Unauthorized::NotDirect,
            ..
        }
    );

    // A CA below the issuer, whose certificate comes along.
    let sub_ca = CertificateParts::new(CA, "Sub CA")
        .with(basic_constraints(true))
        .sign(&other, &world.ca_key);
    let parts = CertificateParts {
        issuer: name("Sub CA"),
        ..delegate_parts()
    };
    reply.certificates = vec![parts.sign(&key, &other).to_vec(), sub_ca.to_vec()];
    assert_error!(
        verify(&world, &reply.sign(&key)),
        OcspError::UnauthorizedResponder {
            reason: Unauthorized::NotDirect,
            ..
        }
    );
}

#[test]
fn o27_a_delegate_without_nocheck_is_told_or_refused() {
    let (world, key) = (World::new(), Key::new());
    let parts = CertificateParts::new(CA, RESPONDER).with(extended_key_usage(&[OCSP_SIGNING]));
    let certificate = parts.sign(&key, &world.ca_key);
    let mut reply = Reply::new(&world);
    reply.responder = by_name(RESPONDER);
    reply.certificates.push(certificate.to_vec());
    let response = reply.sign(&key);

    let verdict = verify(&world, &response).unwrap();
    assert_eq!(
        verdict.responder,
        Responder::Delegate {
            certificate,
            no_check: false
        }
    );
    let mut strict = Profile::leaf(modern());
    strict.no_check_required = true;
    assert_error!(
        verify_with(&world, &response, &strict),
        OcspError::UnauthorizedResponder {
            reason: Unauthorized::NoCheckMissing,
            ..
        }
    );
}

#[test]
fn o29_to_o31_no_certificate_for_the_responder() {
    let (world, key) = (World::new(), Key::new());
    let certificate = delegate_parts().sign(&key, &world.ca_key).to_vec();
    for (responder, certificates) in [
        (by_name("Nobody"), vec![certificate.clone()]),
        (by_key(&Key::new()), vec![certificate]),
        (by_name(RESPONDER), vec![]),
        (by_key(&key), vec![]),
    ] {
        let reply = Reply {
            responder,
            certificates,
            ..Reply::new(&world)
        };
        assert_error!(
            verify(&world, &reply.sign(&key)),
            OcspError::NoSigner { .. }
        );
    }
}

#[test]
fn o32_o33_certificates_beside_the_delegate() {
    let (world, key) = (World::new(), Key::new());
    let mut reply = Reply::new(&world);
    reply.responder = by_name(RESPONDER);
    reply.certificates = vec![world.leaf.to_vec(), world.ca.to_vec(), sequence(&[])];
    reply
        .certificates
        .push(delegate_parts().sign(&key, &world.ca_key).to_vec());
    assert_eq!(
        verify(&world, &reply.sign(&key)).unwrap().status,
        Status::Good
    );

    reply.certificates.resize(20, world.leaf.to_vec());
    assert_error!(
        verify(&world, &reply.sign(&key)),
        OcspError::TooManyCertificates {
            count: 20,
            limit: 8
        }
    );
}

#[test]
fn o34_o36_weak_and_unsupported_signatures() {
    for weak in [
        "1.2.840.113549.1.1.5",
        "1.2.840.113549.1.1.4",
        "1.2.840.10045.4.1",
    ] {
        assert_error!(
            changed(|reply| reply.algorithm = weak),
            OcspError::Signature(SignatureError::Weak { algorithm }) if algorithm.as_str() == weak
        );
    }
    assert_error!(
        changed(|reply| reply.algorithm = "1.3.6.1.4.1.99999.1"),
        OcspError::Signature(SignatureError::Unsupported { algorithm, .. })
            if algorithm.as_str() == "1.3.6.1.4.1.99999.1"
    );
}

#[test]
fn the_issuer_must_be_that_of_the_certificate() {
    let world = World::new();
    let response = Reply::new(&world).sign(&world.ca_key);
    let other_key = Key::new();
    let other: CertificateDer<'_> =
        CertificateParts::new("Other", "Other").sign(&other_key, &other_key);
    let issuer = Issuer::from_certificate(&other).unwrap();
    let profile = Profile::leaf(modern());
    assert_error!(
        ocsp::verify(&response, &world.leaf, &issuer, NOW, &profile),
        OcspError::WrongIssuer { named, given } if named.as_str() == "CN=Test CA" && given.as_str() == "CN=Other"
    );
    let leaf = Certificate::parse(&world.leaf).unwrap();
    assert!(Request::new(&leaf, &issuer, HashAlgorithm::Sha1).is_err());
}

#[test]
fn an_anchor_serves_as_issuer() {
    let world = World::new();
    let anchor = webpki::anchor_from_trusted_cert(&world.ca).unwrap();
    let issuer = Issuer::from_anchor(&anchor).unwrap();
    let profile = Profile::leaf(modern());
    let key = Key::new();
    let mut reply = Reply::new(&world);
    let direct = reply.sign(&world.ca_key);
    reply.responder = by_name(RESPONDER);
    reply
        .certificates
        .push(delegate_parts().sign(&key, &world.ca_key).to_vec());
    for response in [direct, reply.sign(&key)] {
        let verdict = ocsp::verify(&response, &world.leaf, &issuer, NOW, &profile).unwrap();
        assert_eq!(verdict.status, Status::Good);
    }
    let leaf = Certificate::parse(&world.leaf).unwrap();
    assert_eq!(
        Request::new(&leaf, &issuer, HashAlgorithm::Sha1),
        Request::new(
            &leaf,
            &Issuer::from_certificate(&world.ca).unwrap(),
            HashAlgorithm::Sha1
        )
    );
}
