//! The audit record: one for every attempt, whatever came of it.

use std::sync::{Arc, Mutex};

use sspr::mock::{Endpoint, Fault, Tenant};
use sspr::proxy::Explicit;
use sspr::revocation::Policy;
use sspr::{
    Activity, AuditRecord, AuditResult, Code, NativeV1, NewPassword, Outcome, Reset, ResetClient,
    RootScope, Stage, Step, Trust, Username, Way,
};

const USER: &str = "adele@contoso.com";

/// A client, and what it told of its attempts.
fn client(tenant: &Tenant) -> (ResetClient, Arc<Mutex<Vec<AuditRecord>>>) {
    let protocol = NativeV1::new(tenant.authority(), tenant.client_id()).unwrap();
    let records = Arc::<Mutex<Vec<AuditRecord>>>::default();
    let log = Arc::clone(&records);
    let client = ResetClient::builder(protocol)
        .trust(Trust::new().added_root(RootScope::Authorities, tenant.ca_der()))
        .revocation(Policy::Off)
        .way(Explicit::Direct)
        .audit(move |record| log.lock().unwrap().push(record.clone()))
        .build()
        .unwrap();
    (client, records)
}

async fn begin(client: &ResetClient) -> Reset {
    let user = Username::parse(USER).unwrap();
    client.start(user).await.unwrap()
}

#[tokio::test]
async fn a_reset_is_told_once_when_it_is_finished() {
    let tenant = Tenant::builder().poll_interval(0).start().unwrap();
    let (client, records) = client(&tenant);
    let mut reset = begin(&client).await;
    let code = tenant.inbox().latest(USER).unwrap().code;
    reset.enter_code(Code::new(code)).await.unwrap();
    let password = NewPassword::new("Winter-Snow-9");
    reset.set_password(password).await.unwrap();
    assert!(records.lock().unwrap().is_empty());
    while !matches!(reset.step(), Step::Finished(_)) {
        reset.wait().await.unwrap();
    }
    assert_eq!(records.lock().unwrap().len(), 1);
    let correlation = reset.correlation();
    drop(reset);
    let records = records.lock().unwrap();
    let [record] = records.as_slice() else {
        panic!("{records:?}");
    };
    assert_eq!(record.activity, Activity::ResetPassword);
    assert_eq!(
        (record.protocol, &record.way),
        ("native-v1", &Some(Way::Direct))
    );
    assert!(matches!(
        record.result,
        AuditResult::Finished(Outcome::PasswordChanged { .. })
    ));
    assert_eq!(record.correlation.client, correlation.client);
    assert!(record.time > 1_700_000_000);
    let json = serde_json::to_string(record).unwrap();
    assert!(
        json.contains(r#""result":{"result":"finished","outcome":"password-changed""#),
        "{json}"
    );
    assert!(!json.contains("adele"), "{json}");
}

#[tokio::test]
async fn what_is_given_up_is_told_with_its_step() {
    let tenant = Tenant::start().unwrap();
    let (client, records) = client(&tenant);
    drop(begin(&client).await);
    let step = Some("enter-code");
    assert_eq!(
        records.lock().unwrap()[0].result,
        AuditResult::Abandoned { step }
    );
}

#[tokio::test]
async fn what_was_in_the_way_is_told() {
    let tenant = Tenant::start().unwrap();
    let (client, records) = client(&tenant);
    tenant.order(Fault::at(Endpoint::Start).status(503));
    let user = Username::parse(USER).unwrap();
    assert!(client.start(user).await.is_err());
    let expected = AuditResult::Failed {
        stage: Stage::Http,
        message_id: "fault-service-unavailable",
    };
    assert_eq!(records.lock().unwrap()[0].result, expected);

    // Something was in the way, and then it was not.
    let mut reset = begin(&client).await;
    tenant.order(Fault::at(Endpoint::Continue).status(503));
    assert!(reset.enter_code(Code::new("1")).await.is_err());
    reset.enter_code(Code::new("1")).await.unwrap();
    drop(reset);
    assert!(matches!(
        records.lock().unwrap()[1].result,
        AuditResult::Abandoned { .. }
    ));
}

#[tokio::test]
async fn a_browser_is_no_failure() {
    let tenant = Tenant::start().unwrap();
    let (client, records) = client(&tenant);
    tenant.order(Fault::at(Endpoint::Start).redirect());
    drop(begin(&client).await);
    assert_eq!(records.lock().unwrap()[0].result, AuditResult::UseBrowser);
}
