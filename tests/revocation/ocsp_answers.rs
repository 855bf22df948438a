//! What an OCSP response says about the certificate, and when (faults O1 to O18).

use sspr::revocation::ocsp::{HashAlgorithm, Mismatch, OcspError, Profile, Responder, Status};
use sspr::revocation::{Reason, Standing, Untimely};

use crate::algorithms::modern;
use crate::assert_error::assert_error;
use crate::builder::*;
use crate::ocsp_verdict::*;

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
        OcspError::UnsupportedHash { algorithm } if algorithm.as_str() == "1.2.840.113549.2.5"
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
