//! A whole reset against the mock tenant, through the public API.

use std::sync::Arc;

use sspr::mock::{INITIAL_PASSWORD, Tenant, User};
use sspr::proxy::Explicit;
use sspr::{Code, NativeV1, NewPassword, Outcome, ResetClient, RootScope, Step, Trust, Username};
use tokio::task::JoinSet;

use crate::desk::{PASSWORD, client_for, finish, is_changed};

#[tokio::test]
async fn a_reset_from_start_to_finish() {
    let tenant = Tenant::start().unwrap();
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let client = ResetClient::builder(protocol)
        .way(Explicit::Direct)
        .trust(trust)
        .build()
        .unwrap();
    client.warm_up().await.unwrap();
    let mut reset = client
        .start(Username::parse("adele@contoso.com").unwrap())
        .await
        .unwrap();
    assert!(matches!(
        reset.step(),
        Step::EnterCode {
            hint: None,
            code_length: None,
            rejection: None,
            ..
        }
    ));
    let code = tenant.inbox().latest("adele@contoso.com").unwrap().code;
    reset.enter_code(Code::new(code)).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
    assert!(tenant.password_is("adele@contoso.com", INITIAL_PASSWORD));
    reset
        .set_password(NewPassword::new("Winter-Snow-9"))
        .await
        .unwrap();
    while let Step::Applying { .. } = reset.step() {
        reset.wait().await.unwrap();
    }
    assert!(
        matches!(
            reset.step(),
            Step::Finished(Outcome::PasswordChanged { .. })
        ),
        "{:?}",
        reset.step()
    );
    assert!(tenant.password_is("adele@contoso.com", "Winter-Snow-9"));
    let traffic = tenant.traffic();
    assert_eq!(traffic.connections, 1);
}

/// The attempts of one client do not touch each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_resets_at_once() {
    let names: Vec<String> = (0..8).map(|n| format!("person{n}@contoso.com")).collect();
    let mut tenant = Tenant::builder();
    for name in &names {
        tenant = tenant.user(User::new(name));
    }
    let tenant = Arc::new(tenant.start().unwrap());
    let client = client_for(&tenant);
    let mut attempts = JoinSet::new();
    for name in names {
        let (client, tenant) = (client.clone(), Arc::clone(&tenant));
        attempts.spawn(async move {
            let username = Username::parse(&name).unwrap();
            let mut reset = client.start(username).await.unwrap();
            let code = || Code::new(tenant.inbox().latest(&name).unwrap().code);
            finish(&mut reset, code).await.unwrap();
            assert!(is_changed(reset.step()));
            assert!(tenant.password_is(&name, PASSWORD));
        });
    }
    while let Some(attempt) = attempts.join_next().await {
        attempt.unwrap();
    }
}
