//! The mock tenant as an embedding crate sees it, asked by a client that shares no code with either side.
#![cfg(feature = "mock")]

mod client;

use client::Client;
use serde_json::Value;
use sspr::mock::{INITIAL_PASSWORD, Tenant};

const ADELE: &str = "adele@contoso.com";
const NEW: &str = "Winter-Snow-12";

#[test]
fn a_whole_reset() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));

    let started = client.start(ADELE);
    let challenged = client.challenge(&started);
    assert_eq!(challenged["challenge_type"], "oob");
    assert_eq!(challenged["binding_method"], "prompt");
    assert_eq!(challenged["challenge_channel"], "email");
    assert_eq!(challenged["challenge_target_label"], "a***e@f***.example");
    assert_eq!(challenged["code_length"], 8);

    let code = tenant.inbox().latest(ADELE).unwrap().code;
    let verified = client.enter_code(&challenged, &code);
    assert_eq!(verified["expires_in"], 600);
    let submitted = client.submit(&verified, NEW);
    assert_eq!(submitted["poll_interval"], 2);
    let polled = client.poll(&submitted);
    assert_eq!(polled["status"], "succeeded");
    assert!(polled["continuation_token"].is_string());

    assert!(tenant.password_is(ADELE, NEW));
    assert_eq!(tenant.password_changes(ADELE), 1);
    let traffic = tenant.traffic();
    assert_eq!(
        (
            traffic.connections,
            traffic.handshakes,
            traffic.requests.len()
        ),
        (1, 1, 5)
    );
    assert!(
        traffic
            .requests
            .iter()
            .all(|request| request.complete && request.connection == 1)
    );
}

#[test]
fn an_error_names_everything() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let answer = client.call(
        "resetpassword/v1.0/start",
        &[
            ("client_id", tenant.client_id()),
            ("username", "nobody@contoso.com"),
            ("challenge_type", "oob redirect"),
        ],
    );
    assert_eq!(answer.status, 400);
    let body: Value = answer.json();
    assert_eq!(body["error"], "user_not_found");
    assert_eq!(body["error_codes"], serde_json::json!([50034]));
    assert_eq!(body["correlation_id"], client::CORRELATION);
    assert_eq!(body["trace_id"], answer.header("x-ms-request-id").unwrap());
    assert!(
        body["error_description"]
            .as_str()
            .unwrap()
            .starts_with("AADSTS50034: ")
    );
    assert!(body["timestamp"].as_str().unwrap().ends_with('Z'));
}
