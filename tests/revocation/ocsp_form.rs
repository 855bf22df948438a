//! The form of an OCSP response, and how it arrives (faults O37 to O54).

use sspr::revocation::ocsp::{self, OcspError, Part, Profile, ResponderStatus, Status};
use sspr::revocation::{Issuer, Standing};
use sspr::x509::der::Flaw;

use crate::algorithms::modern;
use crate::assert_error::assert_error;
use crate::builder::*;
use crate::ocsp_verdict::*;

const CT: &str = "1.3.6.1.4.1.11129.2.4.5";

#[test]
fn o37_o38_critical_extensions() {
    let odd = |critical| extension("1.3.6.1.4.1.99999.2", critical, raw(0x05, &[]));
    assert_error!(
        changed(|reply| reply.extensions.push(odd(true))),
        OcspError::UnsupportedCritical { extension } if extension.as_str() == "1.3.6.1.4.1.99999.2"
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
        OcspError::UnsupportedType { response_type } if response_type.as_str() == "1.3.6.1.5.5.7.48.1.2"
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
