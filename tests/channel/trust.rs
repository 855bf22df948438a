//! Who is believed to be whom.

use rcgen::{
    BasicConstraints, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, date_time_ymd,
};
use sspr::{Cloud, CloudTable, Exchange, Fault, RootScope, Sent, Trust, TrustFault};

use crate::get;
use crate::server::{Authority, Identity, NAME, Server, channel, channel_with};

async fn outcome(trust: Trust, pinned: bool, identity: Identity) -> Result<(), TrustFault> {
    let server = Server::tls(identity.config(), |_, peer| peer.answer_all("hello")).await;
    let nobody = Authority::new();
    let clouds = if pinned {
        CloudTable::new([Cloud::new("test", NAME, [""; 0])])
    } else {
        CloudTable::default()
    };
    let channel = channel_with(&nobody, |builder| builder.trust(trust).clouds(clouds));
    let outcome = channel
        .exchange(get(server.url()))
        .await
        .map(drop)
        .map_err(|error| {
            assert_eq!(error.sent, Sent::Nothing);
            match error.error.fault() {
                Fault::Trust(fault) => {
                    assert_eq!(fault.host(), NAME);
                    fault.clone()
                }
                other => panic!("{other:?}"),
            }
        });
    assert_eq!(server.connections(), 1);
    outcome
}

fn added(authority: &Authority) -> Trust {
    Trust::new().added_root(RootScope::Authorities, authority.der.clone())
}

async fn refused(change: impl FnOnce(&mut rcgen::CertificateParams)) -> TrustFault {
    let authority = Authority::new();
    outcome(added(&authority), false, authority.issue(&[NAME], change))
        .await
        .unwrap_err()
}

#[tokio::test]
async fn an_added_root_is_believed_for_its_scope_only() {
    let authority = Authority::new();
    assert_eq!(
        outcome(added(&authority), false, authority.issue(&[NAME], |_| {})).await,
        Ok(())
    );
    let for_proxies = Trust::new().added_root(RootScope::Proxies, authority.der.clone());
    let fault = outcome(for_proxies, false, authority.issue(&[NAME], |_| {}))
        .await
        .unwrap_err();
    assert!(
        matches!(fault, TrustFault::UnknownIssuer { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn an_exclusive_root_is_believed_and_no_added_one_beside_it() {
    let (authority, other) = (Authority::new(), Authority::new());
    let trust = added(&other).exclusive_roots([authority.der.clone()]);
    assert_eq!(
        outcome(trust.clone(), false, authority.issue(&[NAME], |_| {})).await,
        Ok(())
    );
    let fault = outcome(trust, false, other.issue(&[NAME], |_| {}))
        .await
        .unwrap_err();
    assert!(
        matches!(fault, TrustFault::UnknownIssuer { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_pinned_host_is_not_believed_by_other_roots_unless_inspection_is_allowed() {
    let authority = Authority::new();
    for trust in [
        added(&authority),
        Trust::new().exclusive_roots([authority.der.clone()]),
    ] {
        let fault = outcome(trust.clone(), true, authority.issue(&[NAME], |_| {}))
            .await
            .unwrap_err();
        assert!(matches!(fault, TrustFault::Inspected { .. }), "{fault:?}");
        let allowed = trust.allow_inspection(true);
        assert_eq!(
            outcome(allowed, true, authority.issue(&[NAME], |_| {})).await,
            Ok(())
        );
    }
    let fault = outcome(
        Trust::new().allow_inspection(true),
        true,
        authority.issue(&[NAME], |_| {}),
    )
    .await
    .unwrap_err();
    assert!(
        matches!(fault, TrustFault::UnknownIssuer { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn the_pinned_set_can_be_replaced() {
    let (authority, other) = (Authority::new(), Authority::new());
    let trust = Trust::new().pinned_roots([authority.der.clone()]);
    assert_eq!(
        outcome(trust.clone(), true, authority.issue(&[NAME], |_| {})).await,
        Ok(())
    );
    // An exclusive set that holds the pinned root as well narrows, and inspects nothing.
    let narrowed = trust
        .clone()
        .exclusive_roots([other.der.clone(), authority.der.clone()]);
    assert_eq!(
        outcome(narrowed.clone(), true, authority.issue(&[NAME], |_| {})).await,
        Ok(())
    );
    let fault = outcome(narrowed, true, other.issue(&[NAME], |_| {}))
        .await
        .unwrap_err();
    assert!(matches!(fault, TrustFault::Inspected { .. }), "{fault:?}");
    // The pinned set is for pinned hosts.
    let fault = outcome(trust, false, authority.issue(&[NAME], |_| {}))
        .await
        .unwrap_err();
    assert!(
        matches!(fault, TrustFault::UnknownIssuer { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn nobody_is_believed_without_a_root() {
    let authority = Authority::new();
    let fault = outcome(Trust::new(), false, authority.issue(&[NAME], |_| {}))
        .await
        .unwrap_err();
    assert!(
        matches!(fault, TrustFault::UnknownIssuer { .. }),
        "{fault:?}"
    );
    let fault = outcome(Trust::new(), false, Identity::self_signed(NAME))
        .await
        .unwrap_err();
    assert!(matches!(fault, TrustFault::SelfSigned { .. }), "{fault:?}");
}

#[tokio::test]
async fn another_name_is_another_server() {
    let authority = Authority::new();
    for names in [
        &["contoso.example"][..],
        &["*.example"],
        &["x.login.contoso.example", "b.example"],
        &[],
    ] {
        let identity = authority.issue(names, |params| {
            params.distinguished_name.push(DnType::CommonName, NAME)
        });
        match outcome(added(&authority), false, identity)
            .await
            .unwrap_err()
        {
            TrustFault::NameMismatch { presented, .. } => assert_eq!(presented.len(), names.len()),
            other => panic!("{other:?}"),
        }
    }
    let wildcard = authority.issue(&["*.contoso.example"], |_| {});
    assert_eq!(outcome(added(&authority), false, wildcard).await, Ok(()));
}

#[tokio::test]
async fn a_name_ends_with_a_dot_or_without() {
    let authority = Authority::new();
    let server = Server::tls(authority.issue(&[NAME], |_| {}).config(), |_, peer| {
        peer.answer_all("hello")
    })
    .await;
    let mut url = server.url();
    url.set_host(Some(&format!("{NAME}."))).unwrap();
    channel(&authority).exchange(get(url)).await.unwrap();
}

#[tokio::test]
async fn addresses_are_names_too() {
    let authority = Authority::new();
    for (host, named, believed) in [
        ("127.0.0.1", "127.0.0.1", true),
        ("127.0.0.1", "127.0.0.2", false),
    ] {
        let server = Server::tls(authority.issue(&[named], |_| {}).config(), |_, peer| {
            peer.answer_all("hello")
        })
        .await;
        let mut url = server.url();
        url.set_host(Some(host)).unwrap();
        let outcome = channel(&authority).exchange(get(url)).await;
        assert_eq!(outcome.is_ok(), believed);
    }
}

#[tokio::test]
async fn time_is_told_on_both_sides() {
    let past = refused(|params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2020, 2, 1);
    });
    match past.await {
        TrustFault::Expired { not_after, now, .. } => {
            assert_eq!(not_after, 1_580_515_200);
            assert!(now > not_after);
        }
        other => panic!("{other:?}"),
    }
    match refused(|params| params.not_before = date_time_ymd(4000, 1, 1)).await {
        TrustFault::NotYetValid {
            not_before, now, ..
        } => {
            assert_eq!(not_before, 64_060_588_800);
            assert!(now < not_before);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn certificates_that_are_not_for_servers_are_refused() {
    let fault =
        refused(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth])
            .await;
    assert!(
        matches!(fault, TrustFault::WrongPurpose { .. }),
        "{fault:?}"
    );
    let fault = refused(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)).await;
    assert!(
        matches!(fault, TrustFault::AuthorityAsServer { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn an_unknown_critical_extension_is_refused() {
    let authority = Authority::new();
    let identity = authority.issue(&[NAME], |params| {
        let mut unknown =
            CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99999, 1], vec![5, 0]);
        unknown.set_criticality(true);
        params.custom_extensions.push(unknown);
    });
    let fault = told(&authority, identity).await;
    assert!(
        matches!(fault, TrustFault::UnsupportedCritical { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn bytes_that_are_no_certificate_are_told() {
    let authority = Authority::new();
    for change in [
        |der: &mut Vec<u8>| der.truncate(der.len() - 1),
        |der: &mut Vec<u8>| der.push(0),
        |der: &mut Vec<u8>| der[1] = 0x80,
    ] {
        let mut identity = authority.issue(&[NAME], |_| {});
        let mut der = identity.chain[0].to_vec();
        change(&mut der);
        identity.chain = vec![der.into()];
        let fault = told(&authority, identity).await;
        assert!(matches!(fault, TrustFault::Malformed { .. }), "{fault:?}");
    }
}

/// What is told of a server whose own TLS library would not have shown this.
async fn told(authority: &Authority, identity: Identity) -> TrustFault {
    let config = identity.config_unchecked();
    let server = Server::tls(config, |_, peer| peer.answer_all("hello")).await;
    let error = channel(authority)
        .exchange(get(server.url()))
        .await
        .unwrap_err();
    match error.error.fault() {
        Fault::Trust(fault) => fault.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_name_of_a_root_is_not_its_key() {
    let (authority, impostor) = (Authority::named("Root"), Authority::named("Root"));
    let fault = outcome(added(&authority), false, impostor.issue(&[NAME], |_| {}))
        .await
        .unwrap_err();
    assert!(
        matches!(fault, TrustFault::BadSignature { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_server_is_no_authority() {
    let authority = Authority::new();
    let server = authority.issue(&["other.example"], |_| {});
    let identity = server.sign(NAME);
    let fault = outcome(added(&authority), false, identity)
        .await
        .unwrap_err();
    assert!(
        matches!(fault, TrustFault::ConstraintViolated { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_certificate_without_its_key_is_worth_nothing() {
    let authority = Authority::new();
    let (shown, held) = (
        authority.issue(&[NAME], |_| {}),
        authority.issue(&[NAME], |_| {}),
    );
    let identity = Identity {
        key: held.key,
        ..shown
    };
    let fault = told(&authority, identity).await;
    assert!(
        matches!(fault, TrustFault::BadSignature { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn what_is_no_certificate_is_refused_when_the_channel_is_built() {
    for (trust, setting) in [
        (
            Trust::new().added_root(RootScope::Authorities, *b"no certificate"),
            "added_root",
        ),
        (
            Trust::new().added_root(RootScope::Proxies, *b"no certificate"),
            "added_root",
        ),
        (
            Trust::new().exclusive_roots([*b"no certificate"]),
            "exclusive_roots",
        ),
        (
            Trust::new().pinned_roots([*b"no certificate"]),
            "pinned_roots",
        ),
    ] {
        let error = sspr::Channel::builder().trust(trust).build().err().unwrap();
        assert_eq!(*error.fault(), Fault::InvalidSetting { setting });
    }
}
