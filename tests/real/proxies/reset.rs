//! What has to work through every proxy: a reset from the first request to the changed password, over a connection
//! whose certificates are known to be good because the tenant's responder said so.

use sspr::mock::{Certificate, Request, Tenant};
use sspr::revocation::{Policy, Settings};
use sspr::{
    Code, Error, NativeV1, NewPassword, Outcome, ResetClient, ResetClientBuilder,
    RevocationOutcome, RootClass, RootScope, Source, Step, Trust, TrustReport, TrustWarning,
    Username,
};
use url::Url;

const USER: &str = "adele@contoso.com";

/// A client of the tenant that goes on only where every certificate is known to be good. `set_up` tells it which way to
/// go.
pub(crate) fn client(
    tenant: &Tenant,
    set_up: impl FnOnce(ResetClientBuilder) -> ResetClientBuilder,
) -> ResetClient {
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let builder = ResetClient::builder(protocol)
        .trust(trust(tenant))
        .revocation(checked(Policy::Strict));
    set_up(builder).build().unwrap()
}

/// The tenant's own root and those that everyone has.
pub(crate) fn trust(tenant: &Tenant) -> Trust {
    Trust::new().added_root(RootScope::Authorities, tenant.ca_der())
}

/// A check with a responder on this computer.
pub(crate) fn checked(policy: Policy) -> Settings {
    Settings::new(policy).private_responders(["127.0.0.1"])
}

/// Changes the password of the tenant's user and tells whom the client trusted.
///
/// # Errors
/// What the way there came to, if anything was in it.
pub(crate) async fn whole(client: &ResetClient, tenant: &Tenant) -> Result<TrustReport, Error> {
    client.warm_up().await?;
    let mut reset = client.start(Username::parse(USER).unwrap()).await?;
    let changes = tenant.password_changes(USER);
    let code = tenant.inbox().latest(USER).unwrap().code;
    reset.enter_code(Code::new(code)).await?;
    // The tenant takes none twice.
    let password = format!("Winter-Snow-{changes}");
    reset.set_password(NewPassword::new(&password)).await?;
    while let Step::Applying { .. } = reset.step() {
        reset.wait().await?;
    }
    let step = reset.step();
    assert!(
        matches!(step, Step::Finished(Outcome::PasswordChanged { .. })),
        "{step:?}"
    );
    assert!(tenant.password_is(USER, &password));
    assert_eq!(tenant.password_changes(USER), changes + 1);
    Ok(reset.trust().unwrap().clone())
}

/// That the tenant's responder was asked about each certificate of the tenant, once, and that its answers counted.
pub(crate) fn assert_checked(report: &TrustReport, tenant: &Tenant) {
    assert_eq!(report.host, "localhost");
    assert_eq!(report.anchor.class, RootClass::Added);
    assert_eq!(report.path.len(), 2);
    for certificate in &report.path {
        let RevocationOutcome::Good { source, .. } = certificate.revocation else {
            panic!("{certificate:?}");
        };
        assert_eq!(source, Source::Ocsp);
    }
    assert!(
        matches!(report.warnings[..], [TrustWarning::LocalAnchor { .. }]),
        "{:?}",
        report.warnings
    );
    let asked = tenant.traffic().revocation;
    assert_eq!(asked.len(), 2, "{asked:?}");
    for url in responders(tenant) {
        // What is asked may be part of the path (RFC 6960, appendix A).
        let path = url.path();
        let is_it = |request: &Request| request.path().starts_with(path);
        assert!(asked.iter().any(is_it), "{path} in {asked:?}");
    }
}

/// The URLs that are asked about the tenant's certificates, over plain HTTP.
pub(crate) fn responders(tenant: &Tenant) -> [Url; 2] {
    [Certificate::Leaf, Certificate::Intermediate]
        .map(|of| Url::parse(&tenant.revocation().ocsp_url(of)).unwrap())
}
