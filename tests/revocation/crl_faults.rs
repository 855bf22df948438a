//! Every fault that a CRL can have, each with the error it must give.

use sspr::revocation::crl::{
    self, CertificateList, CrlError, Number, OutOfScope, Profile, Unsupported, Verdict,
};
use sspr::revocation::{Issuer, Reason, Standing, Untimely};
use sspr::x509::SignatureError;
use sspr::x509::der::{DerError, Flaw};

use crate::algorithms::modern;
use crate::assert_error::assert_error;
use crate::builder::*;

fn check(world: &World, list: &[u8]) -> Result<Verdict, CrlError> {
    let issuer = Issuer::from_certificate(&world.ca).unwrap();
    crl::check(list, &world.leaf, &issuer, NOW, &Profile::leaf(modern()))
}

/// The verdict on a list that differs from a good one by `change`.
fn changed(change: impl FnOnce(&mut List)) -> Result<Verdict, CrlError> {
    changed_for(CertificateParts::new(CA, "server.example"), change)
}

fn changed_for(
    leaf: CertificateParts,
    change: impl FnOnce(&mut List),
) -> Result<Verdict, CrlError> {
    let world = World::with_leaf(leaf);
    let mut list = List::new();
    change(&mut list);
    check(&world, &list.sign(&world.ca_key))
}

fn listed(extensions: &[Vec<u8>]) -> Result<Verdict, CrlError> {
    changed(|list| list.entries = Some(vec![entry(&[0x5a, 0x01], extensions)]))
}

fn is_malformed(result: Result<Verdict, CrlError>) -> Flaw {
    match result {
        Err(CrlError::Malformed(DerError { flaw, .. })) => flaw,
        other => panic!("{other:?}"),
    }
}

#[test]
fn not_on_the_list() {
    for entries in [
        List::new().entries,
        None,
        Some(vec![entry(&[0, 0x5a, 0x01], &[])]),
    ] {
        let verdict = changed(|list| list.entries = entries).unwrap();
        assert_eq!(verdict.revocation, None);
        assert_eq!(verdict.number, Some(Number::from(7)));
        assert_eq!(verdict.this_update.as_secs(), NOW.as_secs() - 43_200);
        assert_eq!(
            verdict.next_update.map(|time| time.as_secs()),
            Some(NOW.as_secs() + 216_000)
        );
        assert_eq!(verdict.standing(), Standing::Good);
    }
}

#[test]
fn l1_on_the_list_for_any_reason_or_none() {
    let invalidity = extension("2.5.29.24", false, generalized("20260501000000Z"));
    for (extensions, reason) in [
        (vec![], None),
        (
            vec![reason_code(1), invalidity.clone()],
            Some(Reason::KeyCompromise),
        ),
        (vec![reason_code(6)], Some(Reason::CertificateHold)),
    ] {
        let verdict = listed(&extensions).unwrap();
        let revocation = verdict.revocation.unwrap();
        assert_eq!(revocation.reason, reason);
        assert_eq!(revocation.time.as_secs(), 1_780_272_000);
        assert_eq!(
            revocation.invalidity_date.is_some(),
            extensions.contains(&invalidity)
        );
        assert_eq!(verdict.standing(), Standing::Revoked);
    }
    let among_others = changed(|list| {
        let entries = (0..=255).map(|number| entry(&[0x5a, number], &[]));
        list.entries = Some(entries.collect());
    });
    assert!(among_others.unwrap().revocation.is_some());
}

#[test]
fn l2_reasons_that_a_complete_list_does_not_have() {
    for code in [7, 8, 11] {
        is_malformed(listed(&[reason_code(code)]));
    }
}

#[test]
fn l3_stale() {
    let error = assert_error!(
        changed(|list| list.next_update = generalized("20260615115459Z")),
        CrlError::Untimely {
            reason: Untimely::Stale { .. },
            revocation: None,
            ..
        }
    );
    assert_eq!(error.standing(), Standing::Untimely);
    assert!(changed(|list| list.next_update = raw(0x17, b"260615115500Z")).is_ok());
}

#[test]
fn l3_too_old() {
    assert_error!(
        changed(|list| list.this_update = generalized("20260605115959Z")),
        CrlError::Untimely {
            reason: Untimely::TooOld { .. },
            ..
        }
    );
}

#[test]
fn l4_from_the_future() {
    assert_error!(
        changed(|list| list.this_update = generalized("20260615120501Z")),
        CrlError::Untimely {
            reason: Untimely::NotYetValid { .. },
            ..
        }
    );
}

#[test]
fn l5_without_next_update() {
    assert_error!(
        changed(|list| list.next_update = Vec::new()),
        CrlError::Untimely {
            reason: Untimely::NoNextUpdate,
            ..
        }
    );
    is_malformed(changed(|list| list.next_update = list.this_update.clone()));
}

#[test]
fn a_revocation_counts_even_if_the_list_is_not_current() {
    let error = assert_error!(
        changed(|list| {
            list.entries = Some(vec![entry(&[0x5a, 0x01], &[])]);
            list.this_update = generalized("20260610000000Z");
            list.next_update = generalized("20260611000000Z");
        }),
        CrlError::Untimely {
            revocation: Some(_),
            ..
        }
    );
    assert_eq!(error.standing(), Standing::Revoked);
}

#[test]
fn l6_wrong_issuer() {
    assert_error!(
        changed(|list| list.issuer = name("Other CA")),
        CrlError::WrongIssuer { expected, found }
            if expected.as_str() == "CN=Test CA" && found.as_str() == "CN=Other CA"
    );
}

#[test]
fn l7_bad_signature() {
    let world = World::new();
    assert_error!(
        check(&world, &List::new().sign(&Key::new())),
        CrlError::Signature(SignatureError::Wrong)
    );
    let list = List::new().sign(&world.ca_key);
    for position in 0..list.len() {
        for bit in 0..8 {
            let mut damaged = list.clone();
            damaged[position] ^= 1 << bit;
            let result = check(&world, &damaged);
            assert!(result.is_err(), "bit {bit} of byte {position}: {result:?}");
        }
    }
}

#[test]
fn l8_an_issuer_that_may_not_sign_lists() {
    let world = World::new();
    let list = List::new().sign(&world.ca_key);
    for (usage, may) in [
        (Some(key_usage(2, 0x04)), false),
        (Some(key_usage(7, 0x80)), false),
        (Some(key_usage(1, 0x02)), true),
        (None, true),
    ] {
        let mut parts = CertificateParts::new(CA, CA).with(basic_constraints(true));
        parts.extensions.extend(usage);
        let anchor = parts.sign(&world.ca_key, &world.ca_key);
        let issuer = Issuer::from_certificate(&anchor).unwrap();
        let result = crl::check(&list, &world.leaf, &issuer, NOW, &Profile::leaf(modern()));
        match may {
            true => assert!(result.is_ok(), "{result:?}"),
            false => {
                assert_error!(result, CrlError::UnauthorizedSigner { .. });
            }
        }
    }
    // A bare anchor does not say; whoever has its certificate should use that.
    let anchor = webpki::anchor_from_trusted_cert(&world.ca).unwrap();
    let issuer = Issuer::from_anchor(&anchor).unwrap();
    assert!(crl::check(&list, &world.leaf, &issuer, NOW, &Profile::leaf(modern())).is_ok());
}

#[test]
fn l9_inner_and_outer_algorithm_differ() {
    is_malformed(changed(|list| list.inner_algorithm = "1.2.840.10045.4.3.3"));
}

const POINT: &str = "http://crl.example/a/1.crl";

fn leaf_with_points(points: &[Vec<u8>]) -> CertificateParts {
    CertificateParts::new(CA, "server.example").with(distribution_points(points))
}

#[test]
fn l10_l17_the_distribution_point_must_be_one_of_the_certificate() {
    let two_names = distribution_point(&["ldap://ldap.example/x", POINT]);
    let leaf = || {
        leaf_with_points(&[
            distribution_point(&["http://x.example/"]),
            two_names.clone(),
        ])
    };
    for (urls, covers) in [
        (vec![POINT], true),
        (vec!["http://mirror.example/", POINT], true),
        (vec!["HTTP://CRL.EXAMPLE/a/1.crl"], true),
        (vec!["http://crl.example/A/1.crl"], false),
        (vec!["http://crl.example/a/2.crl"], false),
    ] {
        let result = changed_for(leaf(), |list| {
            list.extensions
                .push(issuing_point(&[distribution_point(&urls)]));
        });
        match covers {
            true => assert!(result.is_ok(), "{urls:?}: {result:?}"),
            false => {
                assert_error!(
                                   result,
                                   CrlError::OutOfScope(OutOfScope::OtherPoint { urls: found })
                if found.iter().map(|url| url.as_str()).eq(urls.iter().copied())
                               );
            }
        }
    }
    // A certificate that names no point is in no partition.
    assert_error!(
        changed(|list| list
            .extensions
            .push(issuing_point(&[distribution_point(&[POINT])]))),
        CrlError::OutOfScope(OutOfScope::OtherPoint { .. })
    );
    // A point of another issuer is not that of an issuer's own list.
    let foreign = [
        distribution_point(&[POINT]),
        tlv(0xa2, &[tlv(0xa4, &[name("Other")])]),
    ]
    .concat();
    assert_error!(
        changed_for(leaf_with_points(&[foreign]), |list| {
            list.extensions
                .push(issuing_point(&[distribution_point(&[POINT])]));
        }),
        CrlError::OutOfScope(OutOfScope::OtherPoint { .. })
    );
}

#[test]
fn l11_l12_lists_for_one_kind_of_certificate() {
    let only = |number: u8| issuing_point(&[raw(0x80 | number, &[0xff])]);
    let ca = || CertificateParts::new(CA, "Sub CA").with(basic_constraints(true));
    let leaf = || CertificateParts::new(CA, "server.example");
    assert!(changed_for(leaf(), |list| list.extensions.push(only(1))).is_ok());
    assert!(changed_for(ca(), |list| list.extensions.push(only(2))).is_ok());
    assert_error!(
        changed_for(ca(), |list| list.extensions.push(only(1))),
        CrlError::OutOfScope(OutOfScope::UserCertificatesOnly)
    );
    assert_error!(
        changed_for(leaf(), |list| list.extensions.push(only(2))),
        CrlError::OutOfScope(OutOfScope::CaCertificatesOnly)
    );
    assert_error!(
        changed_for(leaf(), |list| list.extensions.push(only(5))),
        CrlError::OutOfScope(OutOfScope::AttributeCertificatesOnly)
    );
    let both = issuing_point(&[raw(0x81, &[0xff]), raw(0x82, &[0xff])]);
    is_malformed(changed(|list| list.extensions.push(both)));
    is_malformed(changed(|list| list.extensions.push(issuing_point(&[]))));
}

#[test]
fn l13_indirect() {
    assert_error!(
        changed(|list| list.extensions.push(issuing_point(&[raw(0x84, &[0xff])]))),
        CrlError::Unsupported(Unsupported::Indirect)
    );
    // An entry that names its issuer, whether its own entry or another one's.
    for serial in [[0x5a, 0x01], [0x5a, 0x02]] {
        let other = extension(
            "2.5.29.29",
            true,
            sequence(&[tlv(0xa4, &[name("Other CA")])]),
        );
        assert_error!(
            changed(|list| list.entries = Some(vec![entry(&serial, &[other])])),
            CrlError::Unsupported(Unsupported::Indirect)
        );
    }
}

#[test]
fn l14_some_reasons_only_and_relative_names() {
    assert_error!(
        changed(|list| list
            .extensions
            .push(issuing_point(&[raw(0x83, &[1, 0x40])]))),
        CrlError::Unsupported(Unsupported::SomeReasons)
    );
    let attribute = sequence(&[oid("2.5.4.3"), raw(0x0c, b"x")]);
    let relative = tlv(0xa0, &[tlv(0xa1, &[attribute])]);
    assert_error!(
        changed(|list| list.extensions.push(issuing_point(&[relative]))),
        CrlError::Unsupported(Unsupported::RelativeName)
    );
}

#[test]
fn l15_delta() {
    let indicator = extension("2.5.29.27", true, raw(0x02, &[6]));
    assert_error!(
        changed(|list| list.extensions.push(indicator)),
        CrlError::Unsupported(Unsupported::Delta)
    );
}

#[test]
fn l16_unknown_extensions() {
    let odd = |critical| extension("1.3.6.1.4.1.99999.3", critical, raw(0x05, &[]));
    assert!(changed(|list| list.extensions.push(odd(false))).is_ok());
    assert!(listed(&[odd(false)]).unwrap().revocation.is_some());
    assert_error!(
        changed(|list| list.extensions.push(odd(true))),
        CrlError::UnsupportedCritical { extension } if extension.as_str() == "1.3.6.1.4.1.99999.3"
    );
    assert_error!(listed(&[odd(true)]), CrlError::UnsupportedCritical { .. });
    // RFC 5280, section 5.3: one such entry spoils the list for every certificate.
    assert_error!(
        changed(|list| list.entries = Some(vec![entry(&[0x01], &[odd(true)])])),
        CrlError::UnsupportedCritical { .. }
    );
}

#[test]
fn l18_version_1_and_empty_lists() {
    is_malformed(changed(|list| {
        list.version = Vec::new();
        list.extensions = Vec::new();
    }));
    is_malformed(changed(|list| list.version = raw(0x02, &[0])));
    is_malformed(changed(|list| list.entries = Some(Vec::new())));
}

#[test]
fn l19_too_large() {
    let world = World::new();
    let error = assert_error!(
        check(&world, &vec![0; 5 * 1024 * 1024 + 1]),
        CrlError::TooLarge {
            size: 5_242_881,
            limit: 5_242_880
        }
    );
    assert_eq!(error.standing(), Standing::NoAnswer);
}

#[test]
fn l20_pem() {
    let pem = b"-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n";
    is_malformed(check(&World::new(), pem));
}

#[test]
fn l21_rollback() {
    let world = World::new();
    let issuer = Issuer::from_certificate(&world.ca).unwrap();
    let list = List::new().sign(&world.ca_key);
    let unnumbered = List {
        extensions: Vec::new(),
        ..List::new()
    }
    .sign(&world.ca_key);
    let mut profile = Profile::leaf(modern());
    let with =
        |list: &[u8], profile: &Profile<'_>| crl::check(list, &world.leaf, &issuer, NOW, profile);
    assert_eq!(with(&unnumbered, &profile).unwrap().number, None);
    profile.known_number = Some(Number::from(7));
    assert!(with(&list, &profile).is_ok());
    profile.known_number = Some(Number::from(8));
    assert_error!(
        with(&list, &profile),
        CrlError::Rollback { number: Some(_), known } if *known == Number::from(8)
    );
    assert_error!(
        with(&unnumbered, &profile),
        CrlError::Rollback { number: None, .. }
    );
}

#[test]
fn numbers() {
    let number = |octets: &[u8]| {
        changed(|list| list.extensions = vec![extension("2.5.29.20", false, raw(0x02, octets))])
    };
    assert_eq!(number(&[0]).unwrap().number, Some(Number::from(0)));
    assert_eq!(number(&[0, 0xff]).unwrap().number, Some(Number::from(255)));
    let largest = [&[0][..], &[0xff; 20]].concat();
    assert_eq!(
        number(&largest).unwrap().number.unwrap().to_string(),
        format!("0x{}", "ff".repeat(20))
    );
    assert_eq!(Number::from(0x1_0002).to_string(), "0x10002");
    assert_eq!(Number::from(0).to_string(), "0x0");
    for octets in [&[][..], &[0x80], &[1; 21]] {
        is_malformed(number(octets));
    }
}

#[test]
fn an_extension_that_occurs_twice() {
    is_malformed(changed(|list| {
        list.extensions.push(list.extensions[0].clone())
    }));
}

#[test]
fn truncated_at_every_byte_and_followed_by_more() {
    let world = World::new();
    let list = List::new().sign(&world.ca_key);
    for length in 0..list.len() {
        is_malformed(check(&world, &list[..length]));
    }
    assert_eq!(
        is_malformed(check(&world, &[&list[..], &[0]].concat())),
        Flaw::TrailingData
    );
}

#[test]
fn a_damaged_entry_spoils_the_list_for_everyone() {
    for damaged in [
        sequence(&[raw(0x02, &[1])]),
        sequence(&[generalized("20260601000000Z")]),
        raw(0x31, &[]),
        sequence(&[
            raw(0x02, &[1]),
            generalized("20260601000000Z"),
            sequence(&[]),
        ]),
    ] {
        is_malformed(changed(|list| list.entries = Some(vec![damaged])));
    }
}

#[test]
fn the_freshest_of_several_lists_counts() {
    let world = World::new();
    let issuer = Issuer::from_certificate(&world.ca).unwrap();
    let list = |day: &str, next: &str, revoked: bool| {
        let serial = if revoked { [0x5a, 0x01] } else { [0x5a, 0x02] };
        let list = List {
            this_update: generalized(day),
            next_update: generalized(next),
            entries: Some(vec![entry(&serial, &[])]),
            ..List::new()
        };
        list.sign(&world.ca_key)
    };
    let freshest = |lists: &[&[u8]]| {
        let profile = Profile::leaf(modern());
        match crl::check_freshest(lists.iter().copied(), &world.leaf, &issuer, NOW, &profile) {
            Ok(verdict) => verdict.standing(),
            Err(error) => error.standing(),
        }
    };
    let old_good = list("20260613000000Z", "20260618000000Z", false);
    let new_revoked = list("20260614000000Z", "20260618000000Z", true);
    let newest_good = list("20260615000000Z", "20260618000000Z", false);
    let stale_good = list("20260610000000Z", "20260611000000Z", false);
    let stale_revoked = list("20260610000000Z", "20260611000000Z", true);
    let future_revoked = list("20260616000000Z", "20260618000000Z", true);
    for (lists, expected) in [
        (vec![&old_good, &new_revoked], Standing::Revoked),
        (vec![&new_revoked, &old_good], Standing::Revoked),
        (vec![&new_revoked, &newest_good, &old_good], Standing::Good),
        (vec![&stale_good, &new_revoked], Standing::Revoked),
        (vec![&stale_revoked, &newest_good], Standing::Good),
        (vec![&stale_good, &stale_revoked], Standing::Revoked),
        (vec![&newest_good, &future_revoked], Standing::Revoked),
        (vec![&stale_good], Standing::Untimely),
        (vec![], Standing::NoAnswer),
    ] {
        let lists: Vec<&[u8]> = lists.into_iter().map(Vec::as_slice).collect();
        assert_eq!(freshest(&lists), expected);
    }
    assert_eq!(freshest(&[b"junk", &newest_good]), Standing::Good);
    assert_eq!(freshest(&[b"junk"]), Standing::Wrong);
}

#[test]
fn a_list_is_read_without_being_judged() {
    let list = List::new().sign(&Key::new());
    let list = CertificateList::parse(&list).unwrap();
    assert_eq!(list.issuer.to_string(), "CN=Test CA");
    assert!(list.scope.is_none() && !list.delta && list.unknown_critical.is_none());
    assert!(list.find(&[0x5a, 0x02]).unwrap().is_some());
    assert_eq!(list.find(&[0x5a]).unwrap(), None);
}
