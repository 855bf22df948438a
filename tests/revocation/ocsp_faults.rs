//! Every fault that an OCSP response can have, each with the error it must give.

use rustls_pki_types::CertificateDer;
use sspr::revocation::ocsp::{
    self, HashAlgorithm, Mismatch, OcspError, Part, Profile, Request, Responder, ResponderStatus,
    Status, Unauthorized, Verdict,
};
use sspr::revocation::{Issuer, Reason, Standing, Untimely};
use sspr::x509::der::Flaw;
use sspr::x509::{Certificate, SignatureError};

use crate::algorithms::modern;
use crate::assert_error::assert_error;
use crate::builder::*;

fn verify(world: &World, response: &[u8]) -> Result<Verdict, OcspError> {
    verify_with(world, response, &Profile::leaf(modern()))
}

fn verify_with(
    world: &World,
    response: &[u8],
    profile: &Profile<'_>,
) -> Result<Verdict, OcspError> {
    let issuer = Issuer::from_certificate(&world.ca).unwrap();
    ocsp::verify(response, &world.leaf, &issuer, NOW, profile)
}

/// The verdict on a response of the CA itself that differs from a good one by `change`.
fn changed(change: impl FnOnce(&mut Reply)) -> Result<Verdict, OcspError> {
    let world = World::new();
    let mut reply = Reply::new(&world);
    change(&mut reply);
    verify(&world, &reply.sign(&world.ca_key))
}

fn changed_answer(change: impl FnOnce(&mut Answer)) -> Result<Verdict, OcspError> {
    changed(|reply| change(&mut reply.answers[0]))
}

fn is_malformed(result: Result<Verdict, OcspError>) {
    let error = assert_error!(result, OcspError::Malformed { .. });
    assert_eq!(error.standing(), Standing::Wrong);
}

#[test]
fn a_good_answer_with_all_its_evidence() {
    let verdict = changed(|_| {}).unwrap();
    assert_eq!(verdict.status, Status::Good);
    assert_eq!(verdict.responder, Responder::Issuer);
    assert_eq!(verdict.hash, HashAlgorithm::Sha1);
    assert_eq!(verdict.this_update.as_secs(), NOW.as_secs() - 43_200);
    assert_eq!(
        verdict.next_update.map(|time| time.as_secs()),
        Some(NOW.as_secs() + 216_000)
    );
    assert_eq!(verdict.standing(), Standing::Good);
}

#[test]
fn o1_to_o3_revoked_whatever_the_reason() {
    for (code, reason) in [
        (None, None),
        (Some(0), Some(Reason::Unspecified)),
        (Some(1), Some(Reason::KeyCompromise)),
        (Some(6), Some(Reason::CertificateHold)),
        (Some(10), Some(Reason::AaCompromise)),
    ] {
        let verdict = changed_answer(|answer| answer.status = revoked(code)).unwrap();
        let Status::Revoked(revocation) = verdict.status else {
            panic!("{verdict:?}")
        };
        assert_eq!(revocation.reason, reason);
        assert_eq!(revocation.time.as_secs(), 1_780_272_000);
        assert_eq!(verdict.standing(), Standing::Revoked);
    }
}

#[test]
fn o4_reasons_that_ocsp_does_not_have() {
    for code in [7, 8, 11, 0xff] {
        is_malformed(changed_answer(|answer| answer.status = revoked(Some(code))));
    }
}

#[test]
fn o5_unknown() {
    let verdict = changed_answer(|answer| answer.status = unknown()).unwrap();
    assert_eq!(verdict.status, Status::Unknown);
    assert_eq!(verdict.standing(), Standing::Unknown);
}

#[test]
fn o6_stale() {
    let result = changed_answer(|answer| answer.next_update = Some("20260615115459Z".into()));
    let error = assert_error!(
        result,
        OcspError::Untimely {
            reason: Untimely::Stale { .. },
            status: Status::Good
        }
    );
    assert_eq!(error.standing(), Standing::Untimely);
    let tolerated = changed_answer(|answer| answer.next_update = Some("20260615115500Z".into()));
    assert_eq!(tolerated.unwrap().status, Status::Good);
}

#[test]
fn o7_from_the_future() {
    let future = |time: &str| changed_answer(|answer| answer.this_update = time.into());
    assert_error!(
        future("20260615120501Z"),
        OcspError::Untimely {
            reason: Untimely::NotYetValid { .. },
            ..
        }
    );
    assert_eq!(future("20260615120500Z").unwrap().status, Status::Good);
}

#[test]
fn o8_without_next_update() {
    let world = World::new();
    let mut reply = Reply::new(&world);
    reply.answers[0].next_update = None;
    let response = reply.sign(&world.ca_key);
    assert_error!(
        verify(&world, &response),
        OcspError::Untimely {
            reason: Untimely::NoNextUpdate,
            ..
        }
    );
    let mut profile = Profile::leaf(modern());
    profile.freshness.next_update_required = false;
    assert_eq!(
        verify_with(&world, &response, &profile)
            .unwrap()
            .next_update,
        None
    );
}

#[test]
fn o9_next_update_not_after_this_update() {
    is_malformed(changed_answer(|answer| {
        answer.next_update = Some(answer.this_update.clone())
    }));
}

#[test]
fn o10_too_old() {
    let world = World::new();
    let mut reply = Reply::new(&world);
    reply.answers[0].this_update = "20260605115959Z".into();
    let response = reply.sign(&world.ca_key);
    assert_error!(
        verify(&world, &response),
        OcspError::Untimely {
            reason: Untimely::TooOld { .. },
            ..
        }
    );
    let profile = Profile::intermediate(modern());
    assert_eq!(
        verify_with(&world, &response, &profile).unwrap().status,
        Status::Good
    );
}

#[test]
fn a_revocation_counts_even_if_it_is_not_current() {
    for (this_update, next_update) in [
        ("20260610000000Z", "20260611000000Z"),
        ("20260616000000Z", "20260617000000Z"),
    ] {
        let result = changed_answer(|answer| {
            answer.status = revoked(Some(1));
            answer.this_update = this_update.into();
            answer.next_update = Some(next_update.into());
        });
        let error = assert_error!(
            result,
            OcspError::Untimely {
                status: Status::Revoked(_),
                ..
            }
        );
        assert_eq!(error.standing(), Standing::Revoked);
    }
}

#[test]
fn o11_produced_outside_the_lifetime() {
    for produced_at in ["20251231235959Z", "20270101000001Z"] {
        assert_error!(
            changed(|reply| reply.produced_at = produced_at.into()),
            OcspError::BadProducedAt { .. }
        );
    }
}

#[test]
fn o12_to_o14_about_another_certificate() {
    for (change, expected) in [
        (
            (|answer: &mut Answer| answer.serial = vec![0x5a, 0x02]) as fn(&mut Answer),
            Mismatch::Serial,
        ),
        (
            |answer| answer.serial = vec![0, 0x5a, 0x01],
            Mismatch::Serial,
        ),
        (|answer| answer.name_hash[0] ^= 1, Mismatch::IssuerName),
        (|answer| answer.key_hash[0] ^= 1, Mismatch::IssuerKey),
        (|answer| answer.key_hash.truncate(19), Mismatch::IssuerKey),
    ] {
        let result = changed_answer(change);
        let error = assert_error!(
            result,
            OcspError::NoMatchingResponse { count: 1, closest: Some(closest) }
                if *closest == expected
        );
        assert!(error.retry_with_sha256());
    }
}

#[test]
fn o15_unsupported_hash() {
    let result = changed_answer(|answer| answer.hash = "1.2.840.113549.2.5");
    assert_error!(
        result,
        OcspError::UnsupportedHash { algorithm } if algorithm == "1.2.840.113549.2.5"
    );
}

#[test]
fn o16_the_strictest_of_several_answers() {
    for (statuses, expected) in [
        ([good(), revoked(None)], Standing::Revoked),
        ([revoked(None), good()], Standing::Revoked),
        ([unknown(), good()], Standing::Unknown),
        ([good(), unknown()], Standing::Unknown),
        ([unknown(), revoked(None)], Standing::Revoked),
        ([good(), good()], Standing::Good),
    ] {
        let verdict = changed(|reply| {
            reply.answers.push(reply.answers[0].clone());
            for (answer, status) in reply.answers.iter_mut().zip(statuses) {
                answer.status = status;
            }
        });
        assert_eq!(verdict.unwrap().standing(), expected);
    }
}

#[test]
fn among_several_answers_a_stale_one_loses_unless_it_says_revoked() {
    let with_stale = |status: Vec<u8>| {
        changed(|reply| {
            let mut stale = reply.answers[0].clone();
            stale.status = status;
            stale.this_update = "20260610000000Z".into();
            stale.next_update = Some("20260611000000Z".into());
            reply.answers.push(stale);
        })
    };
    assert_eq!(with_stale(good()).unwrap().standing(), Standing::Good);
    assert_eq!(with_stale(unknown()).unwrap().standing(), Standing::Good);
    assert_eq!(
        with_stale(revoked(None)).unwrap_err().standing(),
        Standing::Revoked
    );
}

#[test]
fn o17_both_hashes_with_the_same_status() {
    let verdict = changed(|reply| {
        let mut second = reply.answers[0].clone();
        second.hash = SHA256;
        second.name_hash = sha256(&name(CA));
        reply.answers.push(second);
    });
    assert_eq!(verdict.unwrap().status, Status::Good);

    let world = World::new();
    let mut reply = Reply::new(&world);
    reply.answers[0].hash = SHA256;
    reply.answers[0].name_hash = sha256(&name(CA));
    reply.answers[0].key_hash = sha256(world.ca_key.octets());
    let verdict = verify(&world, &reply.sign(&world.ca_key)).unwrap();
    assert_eq!(verdict.hash, HashAlgorithm::Sha256);
}

#[test]
fn o18_no_answer() {
    assert_error!(
        changed(|reply| reply.answers.clear()),
        OcspError::NoMatchingResponse {
            count: 0,
            closest: None
        }
    );
}

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
            if subject == "CN=server.example"
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
        assert_eq!(subject, "CN=Test Responder");
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
            OcspError::Signature(SignatureError::Weak { algorithm }) if algorithm == weak
        );
    }
    assert_error!(
        changed(|reply| reply.algorithm = "1.3.6.1.4.1.99999.1"),
        OcspError::Signature(SignatureError::Unsupported { algorithm, .. })
            if algorithm == "1.3.6.1.4.1.99999.1"
    );
}

const CT: &str = "1.3.6.1.4.1.11129.2.4.5";

#[test]
fn o37_o38_critical_extensions() {
    let odd = |critical| extension("1.3.6.1.4.1.99999.2", critical, raw(0x05, &[]));
    assert_error!(
        changed(|reply| reply.extensions.push(odd(true))),
        OcspError::UnsupportedCritical { extension } if extension == "1.3.6.1.4.1.99999.2"
    );
    assert_error!(
        changed_answer(|answer| answer.extensions.push(odd(true))),
        OcspError::UnsupportedCritical { .. }
    );
    for allowed in [odd(false), extension(CT, true, raw(0x04, &[]))] {
        let verdict = changed_answer(|answer| answer.extensions.push(allowed));
        assert_eq!(verdict.unwrap().status, Status::Good);
    }
    assert!(changed(|reply| reply.extensions.push(odd(false))).is_ok());
}

#[test]
fn o39_versions() {
    let version = |value: u8| tlv(0xa0, &[raw(0x02, &[value])]);
    assert!(changed(|reply| reply.version = version(0)).is_ok());
    for value in [1, 7] {
        is_malformed(changed(|reply| reply.version = version(value)));
    }
}

#[test]
fn o40_another_type() {
    assert_error!(
        changed(|reply| reply.response_type = "1.3.6.1.5.5.7.48.1.2"),
        OcspError::UnsupportedType { response_type } if response_type == "1.3.6.1.5.5.7.48.1.2"
    );
}

#[test]
fn o41_o42_status_without_meaning_and_success_without_bytes() {
    let world = World::new();
    for status in [4, 7, 17, 0xff] {
        is_malformed(verify(&world, &sequence(&[raw(0x0a, &[status])])));
        is_malformed(changed(|reply| reply.outer_status = status));
    }
    is_malformed(verify(&world, &sequence(&[raw(0x0a, &[0])])));
}

#[test]
fn o43_the_responder_declines() {
    let world = World::new();
    for (code, expected, again) in [
        (1, ResponderStatus::MalformedRequest, true),
        (2, ResponderStatus::InternalError, false),
        (3, ResponderStatus::TryLater, false),
        (5, ResponderStatus::SignatureRequired, false),
        (6, ResponderStatus::Unauthorized, true),
    ] {
        let result = verify(&world, &sequence(&[raw(0x0a, &[code])]));
        let error = assert_error!(result, OcspError::Responder(status) if *status == expected);
        assert_eq!(error.standing(), Standing::NoAnswer);
        assert_eq!(error.retry_with_sha256(), again);
    }
}

#[test]
fn o44_nonces() {
    let world = World::new();
    let with_nonce = |nonce: &[u8]| {
        let mut reply = Reply::new(&world);
        reply
            .extensions
            .push(extension("1.3.6.1.5.5.7.48.1.2", false, raw(0x04, nonce)));
        reply.sign(&world.ca_key)
    };
    let mut profile = Profile::leaf(modern());
    assert!(verify_with(&world, &with_nonce(b"unasked"), &profile).is_ok());
    profile.nonce = Some(b"ours");
    assert!(verify_with(&world, &with_nonce(b"ours"), &profile).is_ok());
    assert_error!(
        verify_with(&world, &with_nonce(b"theirs"), &profile),
        OcspError::NonceMismatch
    );
    assert!(verify_with(&world, &Reply::new(&world).sign(&world.ca_key), &profile).is_ok());
}

#[test]
fn o45_times_in_another_form() {
    for time in [
        "20260615000000.5Z",
        "202606150000Z",
        "20260615000000+0000",
        "20260615000000",
        "20260231000000Z",
    ] {
        is_malformed(changed(|reply| reply.produced_at = time.into()));
        is_malformed(changed_answer(|answer| answer.this_update = time.into()));
        is_malformed(changed_answer(|answer| {
            answer.next_update = Some(time.into())
        }));
    }
}

#[test]
fn o46_truncated_at_every_byte() {
    let world = World::new();
    let response = Reply::new(&world).sign(&world.ca_key);
    for length in 0..response.len() {
        is_malformed(verify(&world, &response[..length]));
    }
}

#[test]
fn o47_to_o50_what_der_forbids() {
    let world = World::new();
    let response = Reply::new(&world).sign(&world.ca_key);
    let flaw = |bytes: &[u8]| match verify(&world, bytes) {
        Err(OcspError::Malformed {
            part: Part::Envelope,
            error,
        }) => error.flaw,
        other => panic!("{other:?}"),
    };

    assert_eq!(flaw(&[&response[..], &[0]].concat()), Flaw::TrailingData);
    let indefinite = [&[0x30, 0x80], &response[4..], &[0, 0]].concat();
    assert_eq!(flaw(&indefinite), Flaw::IndefiniteLength);
    assert_eq!(flaw(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), Flaw::Truncated);
    assert_eq!(
        flaw(&[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
        Flaw::LengthTooLarge
    );

    // Sixty thousand levels, each the only contents of the one around it.
    let mut bomb = Vec::new();
    while bomb.len() < 60_000 {
        let inner = (60_000 - bomb.len()) as u16;
        bomb.extend([0x30, 0x82]);
        bomb.extend(inner.to_be_bytes());
    }
    is_malformed(verify(&world, &bomb));
}

#[test]
fn o51_a_staple_for_another_certificate() {
    let world = World::new();
    let mut reply = Reply::new(&world);
    reply.answers[0].serial = vec![0x77];
    let issuer = Issuer::from_certificate(&world.ca).unwrap();
    let profile = Profile::leaf(modern());
    let staple = reply.sign(&world.ca_key);
    assert_error!(
        ocsp::verify_staple(&staple, &world.leaf, &issuer, NOW, &profile),
        OcspError::NoMatchingResponse { .. }
    );
}

#[test]
fn o52_o54_a_staple_that_is_missing_or_too_large() {
    let must_staple = extension("1.3.6.1.5.5.7.1.24", false, sequence(&[raw(0x02, &[5])]));
    let plain = World::new();
    let strict = World::with_leaf(CertificateParts::new(CA, "server.example").with(must_staple));
    let profile = Profile::leaf(modern());
    let staple = |world: &World, staple: &[u8]| {
        let issuer = Issuer::from_certificate(&world.ca).unwrap();
        ocsp::verify_staple(staple, &world.leaf, &issuer, NOW, &profile)
    };
    assert!(matches!(staple(&plain, &[]), Ok(None)));
    let missing = staple(&strict, &[]);
    let error = assert_error!(missing, OcspError::MustStapleMissing);
    assert_eq!(error.standing(), Standing::StapleMissing);
    let response = Reply::new(&strict).sign(&strict.ca_key);
    assert_eq!(
        staple(&strict, &response).unwrap().unwrap().status,
        Status::Good
    );
    assert_error!(
        staple(&plain, &vec![0x30; 16 << 20]),
        OcspError::TooLarge {
            size: 0x100_0000,
            limit: 0x1_0000
        }
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
        OcspError::WrongIssuer { named, given } if named == "CN=Test CA" && given == "CN=Other"
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
