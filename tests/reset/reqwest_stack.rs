//! The embedding program's own `reqwest`.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use reqwest::ClientBuilder;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use sspr::mock::{Endpoint, Fault as Ordered, Tenant};
use sspr::{Fault, NativeV1, ReqwestExchange, ResetClient, Sent};

use crate::desk::{
    PASSWORD, USER, at_new_password, finish, is_changed, is_unknown, mailed_code, password,
    patient_tenant, user,
};
use crate::script::SUBMIT;

fn builder(tenant: &Tenant) -> ClientBuilder {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(tenant.ca_der().to_vec()))
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    ClientBuilder::new().tls_backend_preconfigured(config)
}

fn client_with(tenant: &Tenant, builder: ClientBuilder) -> ResetClient {
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let exchange = ReqwestExchange::new(builder).unwrap();
    ResetClient::builder(protocol)
        .exchange(exchange)
        .build()
        .unwrap()
}

fn client(tenant: &Tenant) -> ResetClient {
    client_with(tenant, builder(tenant))
}

fn submits(tenant: &Tenant) -> usize {
    tenant
        .traffic()
        .requests
        .iter()
        .filter(|request| request.path().ends_with(SUBMIT))
        .count()
}

#[tokio::test]
async fn a_whole_reset() {
    let tenant = patient_tenant().start().unwrap();
    let mut reset = client(&tenant).start(user()).await.unwrap();
    finish(&mut reset, || mailed_code(&tenant)).await.unwrap();
    assert!(is_changed(reset.step()));
    assert!(tenant.password_is(USER, PASSWORD));
    assert_eq!(tenant.traffic().connections, 1);
}

/// The variables of the environment lead nowhere; this program runs itself with them.
#[test]
fn proxies_of_the_environment_are_not_asked() {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "reqwest_stack::a_whole_reset"]);
    for variable in [
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "ALL_PROXY",
        "all_proxy",
    ] {
        command.env(variable, "http://127.0.0.1:9");
    }
    let output = command
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let tenant = patient_tenant().start().unwrap();
    // Whoever asks for redirects does not get them.
    let client = client_with(
        &tenant,
        builder(&tenant).redirect(reqwest::redirect::Policy::limited(5)),
    );
    let elsewhere = format!("{}/resetpassword/v1.0/start", tenant.authority());
    tenant.order(
        Ordered::at(Endpoint::Start)
            .status(307)
            .header("Location", elsewhere),
    );
    let error = client.start(user()).await.map(|_| ()).unwrap_err();
    assert!(
        matches!(error.fault(), Fault::RedirectRefused { status: 307, .. }),
        "{error:?}"
    );
    assert_eq!(tenant.traffic().requests.len(), 1);
}

#[tokio::test]
async fn what_was_sent_is_told_rightly() {
    let tenant = patient_tenant().start().unwrap();
    let client = client(&tenant);
    tenant.close_port().unwrap();
    let error = client.start(user()).await.map(|_| ()).unwrap_err();
    assert!(matches!(error.fault(), Fault::ExchangeFailed { .. }));
    assert_eq!(error.sent(), Sent::Nothing);
    tenant.open_port().unwrap();
    tenant.order(Ordered::at(Endpoint::Start).close_after_response_bytes(0));
    let error = client.start(user()).await.map(|_| ()).unwrap_err();
    assert_eq!(error.sent(), Sent::Maybe);
    for bytes in [0, 1, 100, 200, 300] {
        for fault in [
            Ordered::at(Endpoint::Submit).close_after_request_bytes(bytes),
            Ordered::at(Endpoint::Submit).close_after_response_bytes(bytes / 2),
        ] {
            let mut reset = at_new_password(&client, &tenant).await;
            let before = submits(&tenant);
            tenant.order(fault);
            reset.set_password(password()).await.unwrap();
            assert!(is_unknown(reset.step()), "{bytes}: {:?}", reset.step());
            assert!(submits(&tenant) <= before + 1);
        }
    }
}

#[tokio::test]
async fn a_connection_closed_while_the_person_typed_submits_once() {
    let tenant = patient_tenant().start().unwrap();
    let client = client(&tenant);
    let mut reset = at_new_password(&client, &tenant).await;
    tenant.drop_connections().unwrap();
    let result = reset.set_password(password()).await;
    assert!(submits(&tenant) <= 1);
    if result.is_ok() && submits(&tenant) == 1 {
        finish(&mut reset, || mailed_code(&tenant)).await.unwrap();
        assert!(is_changed(reset.step()));
    }
}

#[tokio::test]
async fn limits_hold() {
    let tenant = patient_tenant().start().unwrap();
    let client_ = client(&tenant);
    tenant.order(Ordered::at(Endpoint::Start).body("{}").padded_to(10 << 20));
    tenant.order(
        Ordered::at(Endpoint::Start)
            .nth(2)
            .body("{}")
            .padded_to(10 << 20)
            .chunked(),
    );
    for _ in 0..2 {
        let error = client_.start(user()).await.map(|_| ()).unwrap_err();
        assert!(matches!(error.fault(), Fault::TooLarge { .. }), "{error:?}");
    }
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let exchange = ReqwestExchange::new(builder(&tenant))
        .unwrap()
        .with_limit(Duration::from_millis(200));
    let hasty = ResetClient::builder(protocol)
        .exchange(exchange)
        .build()
        .unwrap();
    let order = tenant.order(Ordered::at(Endpoint::Start).hold());
    let error = hasty.start(user()).await.map(|_| ()).unwrap_err();
    order.release();
    assert!(matches!(error.fault(), Fault::TimedOut { .. }), "{error:?}");
    assert_eq!(error.sent(), Sent::Maybe);
}

/// Without a root for the tenant there is no connection, and nothing was sent.
#[tokio::test]
async fn a_stranger_is_not_trusted() {
    let tenant = patient_tenant().start().unwrap();
    let stranger = patient_tenant().start().unwrap();
    let client = client_with(&tenant, builder(&stranger));
    let error = client.start(user()).await.map(|_| ()).unwrap_err();
    assert!(matches!(error.fault(), Fault::ExchangeFailed { .. }));
    assert_eq!(error.sent(), Sent::Nothing);
    assert!(tenant.traffic().requests.is_empty());
}
