//! A whole reset against the mock tenant, through the public API.

use sspr::mock::{INITIAL_PASSWORD, Tenant};
use sspr::{Code, NativeV1, NewPassword, Outcome, ResetClient, RootScope, Step, Trust, Username};

#[tokio::test]
async fn a_reset_from_start_to_finish() {
    let tenant = Tenant::start().unwrap();
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let client = ResetClient::builder(protocol).trust(trust).build().unwrap();
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
