//! Native authentication V2, asked step by step: links, tokens and both forms of an error.

use serde_json::{Value, json};
use sspr::mock::{Tenant, User};

use crate::client::{Answer, Client};
use crate::{ADELE, NEW};

const ENTRY: &str = "/contoso.onmicrosoft.com/oauth2/v2.0/authorize-challenge";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// A request of any method and type.
fn call(client: &mut Client, line: &str, media_type: &str, body: &str) -> Answer {
    let request = format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    client.exchange(request.as_bytes()).unwrap()
}

fn enter(client: &mut Client, tenant: &Tenant) -> Value {
    let body = format!("client_id={}", tenant.client_id());
    let answer = call(client, &format!("POST {ENTRY}"), FORM, &body);
    assert_eq!(answer.status, 401);
    answer.json()
}

/// Follows a link with the token of the answer that holds it.
fn follow(client: &mut Client, method: &str, after: &Value, link: &Value, more: Value) -> Answer {
    let href = link["href"].as_str().unwrap_or_else(|| panic!("{after}"));
    let mut body = more;
    body["continuationToken"] = after["continuationToken"].clone();
    call(client, &format!("{method} {href}"), JSON, &body.to_string())
}

fn start(client: &mut Client, tenant: &Tenant, user: &str) -> Answer {
    let entry = enter(client, tenant);
    let href = entry["reset_password"].as_str().unwrap();
    let body = json!({ "username": user, "continuationToken": entry["continuation_token"] });
    call(client, &format!("POST {href}"), JSON, &body.to_string())
}

fn challenge(client: &mut Client, started: &Value, method: usize) -> Value {
    let link = &started["_embedded"]["methods"][method]["_links"]["challenge"];
    follow(client, "POST", started, link, json!({})).json()
}

fn verify(client: &mut Client, tenant: &Tenant, challenged: &Value) -> Value {
    let code = tenant.inbox().latest(ADELE).unwrap().code;
    let link = &challenged["_links"]["verify"];
    follow(client, "POST", challenged, link, json!({ "otp": code })).json()
}

#[test]
fn every_step_leads_to_the_next() {
    let tenant = Tenant::start().unwrap();
    let client = &mut Client::connect(&tenant);
    let started = start(client, &tenant, ADELE).json();
    assert_eq!(started["state"], "interactionRequired");
    assert_eq!(started["action"], "challenge");
    let factor = &started["challengeContext"]["authenticationFactor"];
    assert_eq!(factor, "singleFactor");
    let challenged = challenge(client, &started, 0);
    assert_eq!(
        (&challenged["action"], &challenged["type"]),
        (&json!("verify"), &json!("email"))
    );
    let verified = verify(client, &tenant, &challenged);
    assert_eq!(verified["action"], "update");
    let link = &verified["_links"]["update"];
    let password = json!({ "newPassword": NEW });
    let updated = follow(client, "PUT", &verified, link, password).json();
    assert_eq!(updated["action"], "poll");
    let polled = follow(
        client,
        "POST",
        &updated,
        &updated["_links"]["poll"],
        json!({}),
    )
    .json();
    assert_eq!(polled["state"], "continue");
    assert!(tenant.password_is(ADELE, NEW));

    let token = polled["continuationToken"].as_str().unwrap();
    let body = format!("continuation_token={token}");
    let answer = call(client, &format!("POST {ENTRY}"), FORM, &body);
    assert_eq!(answer.status, 200);
    let code = answer.json()["code"].as_str().unwrap().to_owned();
    let body = format!(
        "client_id={}&grant_type=authorization_code&code={code}&client_info=1",
        tenant.client_id()
    );
    let line = "POST /contoso.onmicrosoft.com/oauth2/v2.0/token";
    let tokens = call(client, line, FORM, &body);
    assert!(tokens.json()["access_token"].is_string());
    assert_eq!(
        call(client, line, FORM, &body).status,
        400,
        "a code works once"
    );
    let audit = tenant.audit();
    assert_eq!(
        audit.last().unwrap().detail,
        "Successfully reset the password"
    );
}

#[test]
fn a_text_message_may_need_a_check_for_risk_first() {
    let user = User::new(ADELE).phone("+1 5550100").sms_risk();
    let tenant = Tenant::builder().user(user).start().unwrap();
    let client = &mut Client::connect(&tenant);
    let started = start(client, &tenant, ADELE).json();
    let challenged = challenge(client, &started, 1);
    assert_eq!(challenged["action"], "riskverify");
    assert!(tenant.inbox().messages().is_empty());
    let link = &challenged["_links"]["riskverify"];
    let checked = follow(client, "POST", &challenged, link, json!({})).json();
    assert_eq!(
        (&checked["action"], &checked["type"]),
        (&json!("verify"), &json!("sms"))
    );
    assert_eq!(tenant.inbox().messages().len(), 1);
    assert_eq!(verify(client, &tenant, &checked)["action"], "update");
}

#[test]
fn a_token_fits_its_step_and_is_the_newest() {
    let tenant = Tenant::start().unwrap();
    let client = &mut Client::connect(&tenant);
    let started = start(client, &tenant, ADELE).json();
    let challenged = challenge(client, &started, 0);
    // The token of the start at the step after.
    let link = &challenged["_links"]["verify"];
    let refused = follow(client, "POST", &started, link, json!({ "otp": "1" }));
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["error"]["code"], "invalidRequest");
    // A method of somebody else.
    let elsewhere =
        json!({ "href": "/contoso.onmicrosoft.com/api/v2.0/auth/methods/sms/2/verify" });
    let refused = follow(
        client,
        "POST",
        &challenged,
        &elsewhere,
        json!({ "otp": "1" }),
    );
    assert_eq!(
        refused.json()["error"]["innerError"]["code"],
        "methodNotFound"
    );
    tenant.expire_tokens();
    let refused = follow(client, "POST", &challenged, link, json!({ "otp": "1" }));
    assert_eq!(refused.json()["error"]["code"], "expiredToken");
}

#[test]
fn errors_are_hal_behind_the_links_and_flat_elsewhere() {
    let browser = "browser@contoso.com";
    let user = User::new(browser).browser_only();
    let tenant = Tenant::builder().user(user).start().unwrap();
    let client = &mut Client::connect(&tenant);
    let error = start(client, &tenant, "nobody@contoso.com").json()["error"].clone();
    assert_eq!(error["code"], "invalidRequest");
    assert_eq!(error["innerError"]["code"], "userNotFound");
    for field in ["message", "timestamp", "traceId", "correlationId"] {
        assert!(error[field].is_string(), "{field}");
    }
    let answer = start(client, &tenant, browser).json();
    assert_eq!(answer["error"], "invalid_grant");
    assert_eq!(answer["suberror"], "web_redirect_required");
    let line = format!("POST {ENTRY}");
    let answer = call(client, &line, FORM, "client_id=x");
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (400, &json!("invalid_request"))
    );
}

#[test]
fn the_wrong_method_type_or_body() {
    let tenant = Tenant::start().unwrap();
    let client = &mut Client::connect(&tenant);
    let start = "/contoso.onmicrosoft.com/api/v2.0/resetpassword/start";
    let update = "/contoso.onmicrosoft.com/api/v2.0/auth/methods/password/1";
    assert_eq!(call(client, &format!("GET {ENTRY}"), FORM, "").status, 405);
    assert_eq!(
        call(client, &format!("POST {ENTRY}"), JSON, "{}").status,
        415
    );
    assert_eq!(
        call(client, &format!("POST {start}"), FORM, "a=b").status,
        415
    );
    let answer = call(client, &format!("POST {update}"), JSON, "{}");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("PUT")));
    for body in ["", "[]", "{", "{}", "{\"username\":7}"] {
        let answer = call(client, &format!("POST {start}"), JSON, body);
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["error"]["code"], "invalidRequest", "{body}");
    }
}
