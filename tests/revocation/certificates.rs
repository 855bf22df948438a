//! What is read of a certificate.

use std::time::Duration;

use sspr::x509::der::Flaw;
use sspr::x509::{Certificate, KeyKind, Oid};

use crate::builder::*;

const OCSP: &str = "1.3.6.1.5.5.7.48.1";
const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";

fn leaf() -> CertificateParts {
    CertificateParts::new(CA, "server.example")
}

/// Reads a certificate of these parts and shows it to `look`.
fn read(parts: CertificateParts, look: impl FnOnce(Certificate<'_>)) {
    let key = Key::new();
    look(Certificate::parse(&parts.sign(&key, &key)).unwrap());
}

fn refused(parts: CertificateParts) -> Flaw {
    let key = Key::new();
    Certificate::parse(&parts.sign(&key, &key))
        .unwrap_err()
        .flaw
}

#[test]
fn the_plain_fields() {
    read(
        CertificateParts {
            serial: vec![0, 0, 5],
            ..leaf()
        },
        |certificate| {
            assert_eq!(
                certificate.serial,
                [0, 0, 5],
                "as received, not in the shortest form"
            );
            assert_eq!(certificate.issuer.to_string(), "CN=Test CA");
            assert_eq!(certificate.subject.to_string(), "CN=server.example");
            assert_eq!(certificate.validity.not_before.as_secs(), 1_767_225_600);
            assert_eq!(certificate.validity.not_after.as_secs(), 1_798_761_600);
            assert!(certificate.validity.contains(NOW));
            assert!(!certificate.is_ca() && !certificate.must_staple && !certificate.no_check);
            assert!(certificate.key_usage.is_none() && certificate.extended_key_usage.is_none());
            assert!(certificate.ocsp_urls().unwrap().is_empty());
            assert!(certificate.crl_distribution_points().unwrap().is_empty());
            let curve = Oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
            assert_eq!(certificate.public_key.kind(), KeyKind::Ec { curve });
        },
    );
}

#[test]
fn where_revocation_information_lies() {
    let access = |method: &str, location: Vec<u8>| sequence(&[oid(method), location]);
    let authority = extension(
        "1.3.6.1.5.5.7.1.1",
        false,
        sequence(&[
            access(OCSP, uri("http://ocsp.example/path")),
            access(CA_ISSUERS, uri("http://ca.example/ca.crt")),
            access(OCSP, tlv(0xa4, &[name("a directory")])),
            access(OCSP, uri("https://ocsp2.example")),
        ]),
    );
    let points = distribution_points(&[
        distribution_point(&["http://crl.example/1.crl", "ldap://crl.example/1"]),
        [
            distribution_point(&["http://some.example/"]),
            raw(0x81, &[1, 0x40]),
        ]
        .concat(),
        tlv(0xa2, &[tlv(0xa4, &[name("Other CA")])]),
    ]);
    read(leaf().with(authority).with(points), |certificate| {
        assert_eq!(
            certificate.ocsp_urls().unwrap(),
            ["http://ocsp.example/path", "https://ocsp2.example"]
        );
        assert_eq!(
            certificate.issuer_urls().unwrap(),
            ["http://ca.example/ca.crt"]
        );
        let points = certificate.crl_distribution_points().unwrap();
        let [first, second, third] = points.as_slice() else {
            panic!("{points:?}")
        };
        assert_eq!(
            first.urls().unwrap(),
            ["http://crl.example/1.crl", "ldap://crl.example/1"]
        );
        assert!(!first.some_reasons_only && !first.other_issuer);
        assert!(second.some_reasons_only && !second.other_issuer);
        assert!(third.other_issuer && third.urls().unwrap().is_empty());
    });
}

#[test]
fn what_the_key_is_for() {
    let parts = leaf()
        .with(basic_constraints(true))
        .with(key_usage(1, 0x86))
        .with(extended_key_usage(&["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"]));
    read(parts, |certificate| {
        let usage = certificate.key_usage.unwrap();
        assert!(usage.digital_signature() && usage.key_cert_sign() && usage.crl_sign());
        let purposes = certificate.extended_key_usage.clone().unwrap();
        assert!(purposes.allows(Oid::SERVER_AUTH) && !purposes.allows(Oid::OCSP_SIGNING));
        assert_eq!(purposes.purposes().count(), 2);
        assert!(certificate.is_ca());
    });
}

#[test]
fn tls_features() {
    let features = |list: &[u8]| {
        let numbers: Vec<_> = list.iter().map(|number| raw(0x02, &[*number])).collect();
        leaf().with(extension("1.3.6.1.5.5.7.1.24", false, sequence(&numbers)))
    };
    for (list, must_staple) in [
        (&[5][..], true),
        (&[17], false),
        (&[17, 5], true),
        (&[], false),
    ] {
        read(features(list), |certificate| {
            assert_eq!(certificate.must_staple, must_staple)
        });
    }
}

#[test]
fn short_lives() {
    for (not_after, short) in [
        ("260107235959Z", true),
        ("260108000000Z", true),
        ("260108000001Z", false),
    ] {
        read(
            CertificateParts {
                not_after,
                ..leaf()
            },
            |certificate| {
                assert_eq!(certificate.is_short_lived(), short, "{not_after}");
            },
        );
    }
    read(
        CertificateParts {
            not_after: "250101000000Z",
            ..leaf()
        },
        |certificate| {
            assert_eq!(certificate.validity.period(), Duration::ZERO);
        },
    );
}

#[test]
fn critical_extensions_that_no_one_understands() {
    read(
        leaf().with(extension("1.2.3.4", true, raw(0x05, &[]))),
        |certificate| {
            assert_eq!(certificate.unknown_critical.unwrap().to_string(), "1.2.3.4");
        },
    );
    for known in ["2.5.29.17", "2.5.29.30"] {
        read(
            leaf().with(extension(known, true, sequence(&[]))),
            |certificate| {
                assert_eq!(certificate.unknown_critical, None);
            },
        );
    }
}

#[test]
fn malformed_and_repeated_extensions() {
    let twice = basic_constraints(false);
    refused(leaf().with(twice.clone()).with(twice));
    refused(leaf().with(extension("2.5.29.15", true, raw(0x03, &[0]))));
    refused(leaf().with(extension("2.5.29.37", false, sequence(&[]))));
    refused(leaf().with(extension("2.5.29.19", true, sequence(&[raw(0x01, &[1])]))));
    refused(leaf().with(extension("1.3.6.1.5.5.7.1.24", false, raw(0x02, &[5]))));
    refused(CertificateParts {
        serial: vec![],
        ..leaf()
    });
}

#[test]
fn truncated_at_every_byte() {
    let key = Key::new();
    let der = leaf().with(basic_constraints(true)).sign(&key, &key);
    for length in 0..der.len() {
        assert!(Certificate::from_bytes(&der[..length]).is_err());
    }
    let longer = [&der[..], &[0]].concat();
    assert_eq!(
        Certificate::from_bytes(&longer).unwrap_err().flaw,
        Flaw::TrailingData
    );
}
