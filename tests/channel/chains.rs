//! Chains that lead somewhere else, too far, or nowhere: the rows C3 and C8 to C23.

use rcgen::{
    CrlDistributionPoint, CustomExtension, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    NameConstraints,
};
use rustls::pki_types::UnixTime;
use sspr::path::{Question, RootSet, verify};
use sspr::{RootClass, RootScope, Trust, TrustFault};

use crate::server::{Authority, Identity, NAME, days_from_now};
use crate::trust::{added, outcome, told};

/// What is told where `authority` is trusted, and the server shows `identity`.
async fn judged(authority: &Authority, identity: Identity) -> Result<(), TrustFault> {
    outcome(added(authority), false, identity).await
}

#[tokio::test]
async fn an_expired_authority_does_not_hide_its_renewed_certificate() {
    let root = Authority::new();
    let renewed = root.subordinate("Contoso Issuing CA", |_| {});
    let expired = root.subordinate_with(renewed.key(), "Contoso Issuing CA", |params| {
        params.not_before = days_from_now(-20).into();
        params.not_after = days_from_now(-10).into();
    });
    for shown in [[&expired, &renewed], [&renewed, &expired]] {
        let identity = renewed.issue(&[NAME], |_| {}).showing(shown);
        assert_eq!(judged(&root, identity).await, Ok(()));
    }
    let identity = renewed.issue(&[NAME], |_| {}).showing([&expired]);
    let fault = judged(&root, identity).await.unwrap_err();
    assert!(matches!(fault, TrustFault::Expired { .. }), "{fault:?}");
}

#[tokio::test]
async fn a_missing_authority_is_named_and_may_be_at_hand() {
    let root = Authority::new();
    // Known by its name, and by the address that the server's certificate gives.
    let known = root.subordinate("Microsoft TLS G2 RSA CA OCSP 02", |_| {});
    let addressed = root.subordinate("Contoso Issuing CA", |_| {});
    let with_address = || {
        addressed.issue(&[NAME], |params| {
            let address = b"http://pki.contoso.example/ca.der";
            let mut uri = vec![0x86, address.len() as u8];
            uri.extend(address);
            let method = [6, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 2];
            let mut description = vec![0x30, (method.len() + uri.len()) as u8];
            description.extend(method.iter().chain(&uri));
            let mut access = vec![0x30, description.len() as u8];
            access.extend(description);
            let oid = [1, 3, 6, 1, 5, 5, 7, 1, 1];
            let extension = CustomExtension::from_oid_content(&oid, access);
            params.custom_extensions.push(extension);
        })
    };
    match judged(&root, known.issue(&[NAME], |_| {}))
        .await
        .unwrap_err()
    {
        TrustFault::MissingIntermediate {
            issuer, addresses, ..
        } => {
            assert_eq!(issuer.as_str(), "CN=Microsoft TLS G2 RSA CA OCSP 02");
            assert!(addresses.is_empty());
        }
        other => panic!("{other:?}"),
    }
    match judged(&root, with_address()).await.unwrap_err() {
        TrustFault::MissingIntermediate {
            issuer, addresses, ..
        } => {
            assert_eq!(issuer.as_str(), "CN=Contoso Issuing CA");
            let addresses: Vec<_> = addresses.iter().map(|address| address.as_str()).collect();
            assert_eq!(addresses, ["http://pki.contoso.example/ca.der"]);
        }
        other => panic!("{other:?}"),
    }
    let at_hand = added(&root).intermediate(addressed.der.clone());
    assert_eq!(outcome(at_hand, false, with_address()).await, Ok(()));
    // It is a help and no root.
    let alone = Trust::new().intermediate(addressed.der.clone());
    assert!(outcome(alone, false, with_address()).await.is_err());
}

#[tokio::test]
async fn an_inspecting_root_of_this_computer_is_named_refused_and_told_when_allowed() {
    let inspector = Authority::named("Zscaler Root CA");
    let machine = Trust::new().machine_roots([inspector.der.clone()]);
    let shown = || inspector.issue(&[NAME], |_| {});
    match outcome(machine.clone(), true, shown()).await.unwrap_err() {
        TrustFault::Inspected { issuer, .. } => {
            assert_eq!(issuer.name.as_str(), "CN=Zscaler Root CA");
            assert_eq!(issuer.sha256, hexadecimal(&inspector.der));
            assert_eq!(issuer.product, Some("Zscaler"));
        }
        other => panic!("{other:?}"),
    }
    let allowed = machine.clone().allow_inspection(true);
    assert_eq!(outcome(allowed, true, shown()).await, Ok(()));
    // Hosts that are not pinned may have certificates of this computer's roots, unless the set is exclusive.
    assert_eq!(outcome(machine.clone(), false, shown()).await, Ok(()));
    let exclusive = machine.exclusive_roots([Authority::new().der]);
    let fault = outcome(exclusive, false, shown()).await.unwrap_err();
    assert!(
        matches!(fault, TrustFault::UnknownIssuer { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn an_inspecting_root_that_nobody_knows_is_named_by_what_it_signed() {
    let inspector = Authority::named("FortiGate CA");
    let below = inspector.subordinate("Contoso Inspection", |_| {});
    for (identity, topmost) in [
        (inspector.issue(&[NAME], |_| {}), None),
        (below.issue(&[NAME], |_| {}).showing([&below]), Some(&below)),
        (
            below.issue(&[NAME], |_| {}).showing([&inspector, &below]),
            Some(&inspector),
        ),
    ] {
        let own = identity.chain[0].to_vec();
        let expected = topmost.map_or(&own, |authority| &authority.der);
        let expected = hexadecimal(expected);
        match outcome(Trust::new(), true, identity).await.unwrap_err() {
            TrustFault::UnknownIssuer { issuer, .. } => {
                assert_eq!(issuer.name.as_str(), "CN=FortiGate CA");
                assert_eq!(issuer.product, Some("Fortinet FortiGate"));
                assert_eq!(issuer.sha256, expected);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_root_that_was_given_up_is_named() {
    let given_up = Authority::named("DigiCert Global Root CA");
    let below = given_up.subordinate("DigiCert SHA2 Secure Server CA", |_| {});
    let identity = || below.issue(&[NAME], |_| {}).showing([&below]);
    // Unknown here, or known to this computer: it is refused by the same name for a pinned host.
    for trust in [
        Trust::new(),
        Trust::new().machine_roots([given_up.der.clone()]),
    ] {
        match outcome(trust, true, identity()).await.unwrap_err() {
            TrustFault::DistrustedRoot { root, .. } => {
                assert_eq!(root.as_str(), "CN=DigiCert Global Root CA");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn another_public_root_is_not_the_pinned_one() {
    // Nobody here can sign for a real public root, so the sets are given to the judge as they are.
    let (pinned, public) = (Authority::new(), Authority::named("Contoso Public Root"));
    let set =
        |class, authority: &Authority| [RootSet::new(class, [authority.der.clone()]).unwrap()];
    let accepted = set(RootClass::Pinned, &pinned);
    let refused = set(RootClass::Bundled, &public);
    let chain = public.issue(&[NAME], |_| {}).chain;
    let algorithms = rustls::crypto::ring::default_provider().signature_verification_algorithms;
    let mut question = Question::new(NAME, &chain, &accepted, UnixTime::now(), algorithms.all);
    question.refused = &refused;
    match verify(&question).unwrap_err() {
        TrustFault::NotPinned { issuer, .. } => {
            assert_eq!(issuer.name.as_str(), "CN=Contoso Public Root");
            assert_eq!(issuer.sha256, hexadecimal(&public.der));
            assert_eq!(issuer.product, None);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_certificate_must_say_that_it_is_for_servers() {
    let authority = Authority::new();
    for usages in [
        vec![],
        vec![ExtendedKeyUsagePurpose::Any],
        vec![ExtendedKeyUsagePurpose::EmailProtection],
    ] {
        let identity = authority.issue(&[NAME], |params| params.extended_key_usages = usages);
        let fault = judged(&authority, identity).await.unwrap_err();
        assert!(
            matches!(fault, TrustFault::WrongPurpose { .. }),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn limits_of_an_authority_bind_what_is_below() {
    let root = Authority::new();
    let only_servers = root.subordinate("Contoso CA 0", |params| {
        params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    });
    let too_deep = only_servers.subordinate("Contoso CA 1", |_| {});
    let elsewhere = root.subordinate("Contoso CA 2", |params| {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("fabrikam.example".into())],
            excluded_subtrees: vec![],
        });
    });
    for identity in [
        too_deep
            .issue(&[NAME], |_| {})
            .showing([&too_deep, &only_servers]),
        elsewhere.issue(&[NAME], |_| {}).showing([&elsewhere]),
    ] {
        let fault = judged(&root, identity).await.unwrap_err();
        assert!(
            matches!(fault, TrustFault::ConstraintViolated { .. }),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn a_chain_has_an_end_and_a_length() {
    let root = Authority::new();
    for (below, accepted) in [(5, true), (6, false), (30, false)] {
        let mut authorities = vec![root.subordinate("Contoso CA 1", |_| {})];
        for number in 1..below {
            let name = format!("Contoso CA {}", number + 1);
            let next = authorities[number - 1].subordinate(&name, |_| {});
            authorities.push(next);
        }
        let last = &authorities[below - 1];
        let identity = last.issue(&[NAME], |_| {}).showing(&authorities);
        match judged(&root, identity).await {
            Ok(()) => assert!(accepted, "{below}"),
            Err(TrustFault::TooComplex { .. }) => assert!(!accepted, "{below}"),
            Err(other) => panic!("{other:?}"),
        }
    }
    // Two authorities that vouch for each other.
    let (one, two) = (Authority::named("One"), Authority::named("Two"));
    let one_by_two = two.subordinate_with(one.key(), "One", |_| {});
    let two_by_one = one.subordinate_with(two.key(), "Two", |_| {});
    let identity = one
        .issue(&[NAME], |_| {})
        .showing([&one_by_two, &two_by_one]);
    let fault = judged(&root, identity).await.unwrap_err();
    assert!(matches!(fault, TrustFault::TooComplex { .. }), "{fault:?}");
}

#[tokio::test]
async fn what_is_disallowed_by_fingerprint_is_in_no_path() {
    let root = Authority::new();
    let below = root.subordinate("Contoso Issuing CA", |_| {});
    let identity = || below.issue(&[NAME], |_| {}).showing([&below]);
    for (der, subject) in [
        (&root.der, None),
        (&below.der, Some("CN=Contoso Issuing CA")),
    ] {
        let trust = added(&root).disallow(fingerprint(der));
        match outcome(trust, false, identity()).await.unwrap_err() {
            TrustFault::Disallowed { certificate, .. } => {
                assert!(subject.is_none_or(|subject| certificate.as_str() == subject));
            }
            other => panic!("{other:?}"),
        }
    }
    // Another way around it is taken.
    let again = root.subordinate_with(below.key(), "Contoso Issuing CA", |params| {
        params.crl_distribution_points = vec![CrlDistributionPoint {
            uris: vec!["http://pki.contoso.example/ca.crl".into()],
        }];
    });
    let trust = added(&root).disallow(fingerprint(&below.der));
    let identity = identity().showing([&again]);
    assert_eq!(outcome(trust, false, identity).await, Ok(()));
}

#[tokio::test]
async fn a_root_has_its_time_too() {
    let root = Authority::root("Contoso Old Root", |params| {
        params.not_before = days_from_now(-20).into();
        params.not_after = days_from_now(-10).into();
    });
    match judged(&root, root.issue(&[NAME], |_| {}))
        .await
        .unwrap_err()
    {
        TrustFault::AnchorExpired {
            root,
            not_after,
            now,
            ..
        } => {
            assert_eq!(root.as_str(), "CN=Contoso Old Root");
            assert!(now > not_after);
        }
        other => panic!("{other:?}"),
    }
    let root = Authority::root("Contoso New Root", |params| {
        params.not_before = days_from_now(10).into();
    });
    let fault = judged(&root, root.issue(&[NAME], |_| {}))
        .await
        .unwrap_err();
    assert!(matches!(fault, TrustFault::NotYetValid { .. }), "{fault:?}");
}

#[tokio::test]
async fn public_authorities_may_not_issue_for_years() {
    let authority = Authority::new();
    let for_days = |days| {
        authority.issue(&[NAME], |params| {
            params.not_after = days_from_now(days).into();
            params.distinguished_name.push(DnType::CommonName, NAME);
        })
    };
    let public = Trust::new().pinned_roots([authority.der.clone()]);
    assert_eq!(outcome(public.clone(), true, for_days(396)).await, Ok(()));
    match outcome(public, true, for_days(500)).await.unwrap_err() {
        // Begun yesterday, and a second may have passed in between.
        TrustFault::LivesTooLong { days, .. } => assert!([501, 502].contains(&days)),
        other => panic!("{other:?}"),
    }
    // An organisation keeps its own rules.
    assert_eq!(judged(&authority, for_days(500)).await, Ok(()));
}

#[tokio::test]
async fn a_forged_chain_is_no_help_to_a_good_one() {
    let root = Authority::new();
    let impostor = Authority::named("Impostor");
    let identity = impostor.issue(&[NAME], |_| {}).showing([&root]);
    let fault = told(&root, identity).await;
    match fault {
        TrustFault::UnknownIssuer { issuer, .. } => {
            assert_eq!(issuer.name.as_str(), "CN=Impostor");
        }
        other => panic!("{other:?}"),
    }
    let scope = RootScope::Proxies;
    let for_proxies = Trust::new().added_root(scope, root.der.clone());
    assert!(
        outcome(for_proxies, true, root.issue(&[NAME], |_| {}))
            .await
            .is_err()
    );
}

fn fingerprint(der: &[u8]) -> [u8; 32] {
    let digest = ring::digest::digest(&ring::digest::SHA256, der);
    digest.as_ref().try_into().unwrap()
}

fn hexadecimal(der: &[u8]) -> String {
    fingerprint(der)
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect()
}
