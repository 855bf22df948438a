//! The client and the mock tenant, neither of which knows the other's code: what the tenant's responder says is what
//! the client finds.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, UnixTime};
use sspr::mock::{
    Certificate, CrlAnswer, DelegateFault, EncodingFault, OcspAnswer, OcspFault, Reason,
    SignatureName, Staple, Status, Tenant, TenantBuilder, TimeForm,
};
use sspr::path::{self, Question, RootSet};
use sspr::proxy::Explicit;
use sspr::revocation::Policy::{self, RequiredUnlessUnreachable, Strict};
use sspr::revocation::Settings;
use sspr::revocation::crl::{self, CrlError};
use sspr::{
    Error, Fault, NativeV1, Reset, ResetClient, RevocationFault, RevocationOutcome, RootClass,
    RootScope, Source, Stage, Trust, TrustWarning, Username,
};

/// Asks the tenant's responder, which is on this computer.
fn asking(policy: Policy) -> Settings {
    Settings::new(policy).private_responders(["127.0.0.1"])
}

async fn start(tenant: &Tenant, settings: Settings) -> Result<Reset, Error> {
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let builder = ResetClient::builder(protocol)
        .way(Explicit::Direct)
        .trust(trust);
    let client = builder.revocation(settings).build().unwrap();
    client
        .start(Username::parse("adele@contoso.com").unwrap())
        .await
}

/// The fault of a way that was refused before the tenant saw a byte of a request.
async fn refused(tenant: &Tenant, policy: Policy) -> RevocationFault {
    let error = start(tenant, asking(policy)).await.unwrap_err();
    assert!(tenant.idle_within(Duration::from_secs(10)));
    assert_eq!(tenant.traffic().application_bytes, 0);
    assert_eq!(error.stage(), Stage::Revocation);
    match error.fault() {
        Fault::Revocation(fault) => fault.clone(),
        other => panic!("{other:?}"),
    }
}

/// A tenant whose certificates name a responder and no lists.
fn without_lists() -> TenantBuilder {
    let none = Vec::<String>::new;
    Tenant::builder()
        .crl_urls(Certificate::Leaf, none())
        .crl_urls(Certificate::Intermediate, none())
}

#[tokio::test]
async fn a_session_tells_who_answered() {
    let tenant = Tenant::start().unwrap();
    let reset = start(&tenant, asking(Strict)).await.unwrap();
    let report = reset.trust().unwrap();
    assert_eq!(report.anchor.class, RootClass::Added);
    assert_eq!(report.path.len(), 2);
    for certificate in &report.path {
        let RevocationOutcome::Good { source, .. } = certificate.revocation else {
            panic!("{certificate:?}");
        };
        assert_eq!(source, Source::Ocsp);
    }
    assert_eq!(tenant.traffic().revocation.len(), 2);
}

#[tokio::test]
async fn responders_in_the_own_network_are_asked_only_if_they_are_named() {
    let tenant = Tenant::start().unwrap();
    let reset = start(&tenant, Policy::default().into()).await.unwrap();
    let warnings = &reset.trust().unwrap().warnings;
    assert!(
        warnings
            .iter()
            .any(|warning| matches!(warning, TrustWarning::Unreachable { .. }))
    );
    assert!(tenant.traffic().revocation.is_empty());
    let error = start(&tenant, Strict.into()).await.unwrap_err();
    assert!(matches!(
        error.fault(),
        Fault::Revocation(RevocationFault::Unreachable { .. })
    ));
}

#[tokio::test]
async fn a_tenant_that_names_nobody_is_used_by_default_and_not_strictly() {
    let tenant = Tenant::builder().without_revocation().start().unwrap();
    let error = start(&tenant, Strict.into()).await.unwrap_err();
    assert!(matches!(
        error.fault(),
        Fault::Revocation(RevocationFault::NoInformation { .. })
    ));
    start(&tenant, RequiredUnlessUnreachable.into())
        .await
        .unwrap();
}

#[tokio::test]
async fn each_certificate_of_the_path_can_be_revoked() {
    for of in [Certificate::Leaf, Certificate::Intermediate] {
        let tenant = Tenant::start().unwrap();
        tenant
            .revocation()
            .set_status(of, Status::revoked(Reason::KeyCompromise));
        let fault = refused(&tenant, RequiredUnlessUnreachable).await;
        assert!(
            matches!(fault, RevocationFault::Revoked { .. }),
            "{of:?}: {fault:?}"
        );
        tenant.revocation().set_status(of, Status::Unknown);
        let fault = refused(&tenant, RequiredUnlessUnreachable).await;
        assert!(
            matches!(fault, RevocationFault::StatusUnknown { .. }),
            "{of:?}: {fault:?}"
        );
    }
}

#[tokio::test]
async fn a_list_tells_of_a_revocation_where_no_responder_is_named() {
    let none = Vec::<String>::new;
    let tenant = Tenant::builder()
        .ocsp_urls(Certificate::Leaf, none())
        .ocsp_urls(Certificate::Intermediate, none())
        .start()
        .unwrap();
    start(&tenant, asking(Strict)).await.unwrap();
    let tenant_of_revoked = Tenant::builder()
        .ocsp_urls(Certificate::Leaf, none())
        .start()
        .unwrap();
    let revocation = tenant_of_revoked.revocation();
    revocation.set_status(Certificate::Leaf, Status::revoked(Reason::Superseded));
    let fault = refused(&tenant_of_revoked, RequiredUnlessUnreachable).await;
    assert!(
        matches!(fault, RevocationFault::Revoked { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_staple_saves_a_question() {
    let tenant = Tenant::builder().must_staple().start().unwrap();
    let fault = refused(&tenant, RequiredUnlessUnreachable).await;
    assert!(
        matches!(fault, RevocationFault::MustStapleMissing { .. }),
        "{fault:?}"
    );

    let tenant = Tenant::builder().must_staple().start().unwrap();
    tenant
        .revocation()
        .set_staple(Staple::Answer(OcspAnswer::new()));
    let reset = start(&tenant, asking(Strict)).await.unwrap();
    let leaf = &reset.trust().unwrap().path[0];
    let source = Source::Staple;
    assert!(
        matches!(&leaf.revocation, RevocationOutcome::Good { source: by, .. } if *by == source)
    );
    assert_eq!(tenant.traffic().revocation.len(), 1);
}

#[tokio::test]
async fn a_responder_that_is_gone_is_told_by_name() {
    let tenant = without_lists().start().unwrap();
    tenant.revocation().close_port().unwrap();
    let fault = refused(&tenant, Strict).await;
    let RevocationFault::Unreachable { hosts, .. } = fault else {
        panic!("{fault:?}")
    };
    assert_eq!(hosts, ["127.0.0.1"]);
    start(&tenant, asking(RequiredUnlessUnreachable))
        .await
        .unwrap();
}

/// Every answer that is authentic nonsense, or not authentic, is refused although it came.
#[tokio::test]
async fn answers_that_do_not_count() {
    let delegates = [
        DelegateFault::WithoutPurpose,
        DelegateFault::AnyPurpose,
        DelegateFault::AnotherAuthority,
        DelegateFault::LowerAuthority,
        DelegateFault::Expired,
        DelegateFault::NotYetValid,
        DelegateFault::Authority,
        DelegateFault::NotForSignatures,
    ];
    let times = [
        TimeForm::Fraction,
        TimeForm::WithoutSeconds,
        TimeForm::Offset,
    ];
    let encodings = [
        EncodingFault::Truncated,
        EncodingFault::TrailingByte,
        EncodingFault::IndefiniteLength,
        EncodingFault::LengthBeyondEnd,
        EncodingFault::DeepNesting,
    ];
    let signatures = [
        SignatureName::EcdsaSha1,
        SignatureName::RsaSha1,
        SignatureName::RsaMd5,
    ];
    let faults = [
        OcspFault::WithoutBytes,
        OcspFault::WrongType,
        OcspFault::Version(7),
        OcspFault::WrongResponderName,
        OcspFault::WrongResponderKey,
        OcspFault::UnknownCriticalExtension,
        OcspFault::WithoutSingles,
        OcspFault::WrongSerial,
        OcspFault::WrongNameHash,
        OcspFault::WrongKeyHash,
        OcspFault::Md5CertId,
        OcspFault::UnknownCertIdHash,
        OcspFault::UnknownCriticalSingleExtension,
        OcspFault::FlippedSignature,
        OcspFault::SignedByStranger,
        OcspFault::SignedByLeaf,
        OcspFault::DelegateMissing,
        OcspFault::MoreCertificates(20),
    ]
    .into_iter()
    .chain(delegates.map(OcspFault::Delegate))
    .chain(times.map(OcspFault::TimeForm))
    .chain(encodings.map(OcspFault::Encoding))
    .chain(signatures.map(OcspFault::Called));
    let tenant = without_lists().start().unwrap();
    for fault in faults {
        let answer = OcspAnswer::new().fault(fault);
        tenant.revocation().set_ocsp(Certificate::Leaf, answer);
        let found = refused(&tenant, RequiredUnlessUnreachable).await;
        assert!(
            matches!(found, RevocationFault::WrongAnswer { .. }),
            "{fault:?}: {found:?}"
        );
    }
}

/// What is odd and still right is taken.
#[tokio::test]
async fn answers_that_count_all_the_same() {
    let tenant = without_lists().start().unwrap();
    for answer in [
        OcspAnswer::new().delegated(),
        OcspAnswer::new().by_key(),
        OcspAnswer::new().delegated().by_key(),
        OcspAnswer::new().fault(OcspFault::BothHashes),
        OcspAnswer::new().fault(OcspFault::CriticalTimestamps),
        OcspAnswer::new().fault(OcspFault::MoreCertificates(2)),
    ] {
        tenant
            .revocation()
            .set_ocsp(Certificate::Leaf, answer.clone());
        let started = start(&tenant, asking(Strict)).await;
        assert!(started.is_ok(), "{answer:?}: {started:?}");
        // A new code at every start would soon be one too many.
        tenant.advance(Duration::from_secs(3 * 24 * 3600));
    }
}

/// The pure functions find the same, without a connection.
#[test]
fn a_path_is_looked_up_in_lists_as_a_whole() {
    let tenant = Tenant::start().unwrap();
    let revocation = tenant.revocation();
    let chain: Vec<_> = revocation
        .shown()
        .into_iter()
        .map(CertificateDer::from)
        .collect();
    let roots = [RootSet::new(RootClass::Added, [tenant.ca_der()]).unwrap()];
    let algorithms = rustls::crypto::ring::default_provider()
        .signature_verification_algorithms
        .all;
    let now = UnixTime::now();
    let question = Question::new("localhost", &chain, &roots, now, algorithms);
    let path = path::verify(&question).unwrap();

    let list = |of, status| revocation.crl(of, &CrlAnswer::new().status(status));
    let of_leaf = list(Certificate::Leaf, Status::Good);
    let of_intermediate = list(
        Certificate::Intermediate,
        Status::revoked(Reason::CaCompromise),
    );
    for lists in [
        [&of_leaf[..], &of_intermediate],
        [&of_intermediate, &of_leaf],
    ] {
        let found = crl::check_path(&path, &lists, now, algorithms);
        let [Ok(leaf), Ok(intermediate)] = &found[..] else {
            panic!("{found:?}")
        };
        assert_eq!(leaf.revocation, None);
        assert_eq!(
            intermediate.revocation.unwrap().reason,
            Some(sspr::revocation::Reason::CaCompromise)
        );
    }
    let found = crl::check_path(&path, &[&of_leaf], now, algorithms);
    assert!(
        matches!(found[..], [Ok(_), Err(CrlError::WrongIssuer { .. })]),
        "{found:?}"
    );
}
