//! The identifiers by which an administrator finds an attempt in the logs of both sides.

use std::collections::HashSet;

use serde_json::json;
use sspr::Sent;

use crate::desk::{Place, client_for, code, finish, mailed_code, patient_tenant, standing, user};
use crate::script::{CHALLENGE, CONTINUE, Reply, START, Script};

#[tokio::test(start_paused = true)]
async fn every_request_of_an_attempt_carries_its_id_and_no_other() {
    let script = Script::new();
    let mut reset = standing(&script, Place::Changed).await;
    reset.sign_in("openid").await.unwrap();
    let id = reset.correlation().client.unwrap();
    let ids: Vec<_> = script
        .seen()
        .iter()
        .map(|seen| {
            seen.headers["client-request-id"]
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(ids, vec![id.clone(); 6]);
    let other = standing(&script, Place::EnterCode).await;
    assert_ne!(
        other.correlation().client.unwrap(),
        id,
        "every attempt has its own"
    );
}

#[tokio::test]
async fn every_error_names_both_sides() {
    let script = Script::new();
    for (reply, server) in [
        (
            Reply::page(503).with("x-ms-request-id", "trace-1"),
            Some("trace-1"),
        ),
        (Reply::page(503), None),
        (
            Reply::json(400, json!({ "error": "x", "correlation_id": "corr-1" })),
            Some("corr-1"),
        ),
        // The header is what the vendor's client takes; the body echoes what was sent.
        (
            Reply::json(400, json!({ "error": "x", "correlation_id": "corr-2" }))
                .with("x-ms-request-id", "trace-2"),
            Some("trace-2"),
        ),
        (
            Reply::json(400, json!({ "error": "x", "correlation_id": 5 })),
            None,
        ),
    ] {
        for path in [START, CHALLENGE] {
            script.order(path, reply.clone());
            let error = script.client().start(user()).await.map(|_| ()).unwrap_err();
            let sent = script.seen().last().unwrap().headers["client-request-id"].clone();
            assert_eq!(error.correlation().client.as_deref(), sent.to_str().ok());
            assert_eq!(error.correlation().server.as_deref(), server);
        }
        let mut reset = standing(&script, Place::EnterCode).await;
        script.order(CONTINUE, reply);
        let error = reset.enter_code(code()).await.unwrap_err();
        assert_eq!(error.correlation().client, reset.correlation().client);
        assert_eq!(error.correlation().server.as_deref(), server);
    }
}

#[tokio::test]
async fn a_lost_answer_has_the_id_of_the_attempt_too() {
    let script = Script::new();
    for sent in [Sent::Nothing, Sent::Maybe] {
        script.order(START, Reply::Lost(sent));
        let error = script.client().start(user()).await.map(|_| ()).unwrap_err();
        assert!(error.correlation().client.is_some());
        assert_eq!(error.sent(), sent);
    }
}

#[tokio::test]
async fn the_tenants_log_and_the_clients_agree() {
    let tenant = patient_tenant().start().unwrap();
    let client = client_for(&tenant);
    let mut reset = client.start(user()).await.unwrap();
    finish(&mut reset, || mailed_code(&tenant)).await.unwrap();
    reset.sign_in("openid").await.unwrap();
    let requests = tenant.traffic().requests;
    let ids: HashSet<_> = requests
        .iter()
        .map(|request| request.header("client-request-id").map(str::to_owned))
        .collect();
    assert_eq!(ids, HashSet::from([reset.correlation().client]));
    assert!(reset.correlation().server.is_some());
}
