//! The CRL code of `rustls-webpki` as a second opinion.

use sspr::revocation::{Issuer, crl};
use webpki::{
    BorrowedCertRevocationList, CertRevocationList, EndEntityCert, ExpirationPolicy, KeyUsage,
    RevocationOptionsBuilder,
};

use crate::algorithms::modern;
use crate::builder::*;

/// Whether `rustls-webpki` takes the certificate with this list for good.
fn second_opinion(world: &World, list: &[u8]) -> Result<(), webpki::Error> {
    let list = CertRevocationList::from(BorrowedCertRevocationList::from_der(list)?);
    let lists = [&list];
    let options = RevocationOptionsBuilder::new(&lists)
        .unwrap()
        .with_expiration_policy(ExpirationPolicy::Enforce)
        .build();
    let anchor = webpki::anchor_from_trusted_cert(&world.ca)?;
    EndEntityCert::try_from(&world.leaf)?
        .verify_for_usage(
            modern(),
            &[anchor],
            &[],
            NOW,
            KeyUsage::server_auth(),
            Some(options),
            None,
        )
        .map(drop)
}

#[test]
fn both_agree_on_lists_that_both_support() {
    let point = || distribution_point(&["http://crl.example/1.crl"]);
    let leaf = CertificateParts::new(CA, "server.example").with(distribution_points(&[point()]));
    let world = World::with_leaf(leaf);
    let issuer = Issuer::from_certificate(&world.ca).unwrap();
    let odd = extension("1.3.6.1.4.1.99999.3", true, raw(0x05, &[]));
    let entries: Vec<_> = (0..=255)
        .map(|number| entry(&[0x5a, number], &[]))
        .collect();
    let other_point = distribution_point(&["http://crl.example/2.crl"]);
    let with_extension = |extension: Vec<u8>| {
        let mut list = List::new();
        list.extensions.push(extension);
        list
    };
    let lists = [
        (List::new(), true),
        (with_extension(issuing_point(&[point()])), true),
        (
            with_extension(issuing_point(&[point(), raw(0x81, &[0xff])])),
            true,
        ),
        (
            List {
                entries: Some(entries),
                ..List::new()
            },
            false,
        ),
        (
            List {
                entries: Some(vec![entry(&[0x5a, 1], &[reason_code(6)])]),
                ..List::new()
            },
            false,
        ),
        (
            List {
                entries: Some(vec![entry(&[1], std::slice::from_ref(&odd))]),
                ..List::new()
            },
            false,
        ),
        (
            List {
                next_update: generalized("20260615110000Z"),
                ..List::new()
            },
            false,
        ),
        (
            List {
                issuer: name("Other"),
                ..List::new()
            },
            false,
        ),
        (with_extension(odd), false),
        (
            with_extension(issuing_point(&[point(), raw(0x82, &[0xff])])),
            false,
        ),
        (
            with_extension(issuing_point(&[point(), raw(0x84, &[0xff])])),
            false,
        ),
        (
            with_extension(issuing_point(&[point(), raw(0x83, &[1, 0x40])])),
            false,
        ),
        (with_extension(issuing_point(&[other_point])), false),
        (
            with_extension(extension("2.5.29.27", true, raw(0x02, &[6]))),
            false,
        ),
    ];
    for (number, (list, good)) in lists.iter().enumerate() {
        let list = list.sign(&world.ca_key);
        let profile = crl::Profile::leaf(modern());
        let ours = crl::check(&list, &world.leaf, &issuer, NOW, &profile);
        let theirs = second_opinion(&world, &list);
        assert_eq!(
            ours.as_ref()
                .is_ok_and(|verdict| verdict.revocation.is_none()),
            *good,
            "list {number}: {ours:?}"
        );
        assert_eq!(theirs.is_ok(), *good, "list {number}: {theirs:?}");
    }
}
