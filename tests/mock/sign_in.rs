//! The token endpoint after a reset.

use serde_json::{Value, json};
use sspr::mock::{PasswordPolicy, Tenant, User};

use super::NEW;
use super::client::{Answer, Client, START, TOKEN};

const MFA: &str = "mfa@contoso.com";
const NEWCOMER: &str = "newcomer@contoso.com";
const PLAIN: &str = "plain@contoso.com";

fn tenant() -> Tenant {
    Tenant::builder()
        .user(User::new(MFA).mfa_required())
        .user(User::new(NEWCOMER).registration_required())
        .user(User::new(PLAIN))
        .password_policy(PasswordPolicy::default().allow_present_password())
        .start()
        .unwrap()
}

/// A finished reset; returns the answer of the last poll.
fn reset(
    tenant: &Tenant,
    client: &mut Client,
    user: &str,
    capabilities: Option<(&str, &str)>,
) -> Value {
    let mut form = vec![
        ("client_id", tenant.client_id()),
        ("username", user),
        ("challenge_type", "oob redirect"),
    ];
    form.extend(capabilities);
    let started = client.call(START, &form).json();
    let challenged = client.challenge(&started);
    let code = tenant.inbox().latest(user).unwrap().code;
    let verified = client.enter_code(&challenged, &code);
    let submitted = client.submit(&verified, NEW);
    client.poll(&submitted)
}

fn redeem(client: &mut Client, after: &Value) -> Answer {
    client.step(
        TOKEN,
        after,
        &[
            ("grant_type", "continuation_token"),
            ("scope", "openid offline_access"),
        ],
    )
}

#[test]
fn tokens_once() {
    let tenant = tenant();
    let mut client = Client::connect(&tenant);
    let polled = reset(&tenant, &mut client, PLAIN, None);
    let tokens = redeem(&mut client, &polled).json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["scope"], "openid offline_access");
    for field in ["access_token", "id_token"] {
        assert_eq!(
            tokens[field].as_str().unwrap().split('.').count(),
            3,
            "{field}"
        );
    }
    assert_eq!(
        redeem(&mut client, &polled).json()["error_codes"],
        json!([55200])
    );
}

#[test]
fn a_second_factor_is_asked_of_those_who_can() {
    let tenant = tenant();
    let mut client = Client::connect(&tenant);
    let both = "mfa_required registration_required";
    for (user, capability, code) in [
        (MFA, "mfa_required", 50076),
        (NEWCOMER, "registration_required", 50079),
    ] {
        for spelling in [
            ("capabilities", both),
            ("capability", "mfa_required,registration_required"),
        ] {
            let polled = reset(&tenant, &mut client, user, Some(spelling));
            let refused = redeem(&mut client, &polled);
            assert_eq!(refused.status, 400);
            let body = refused.json();
            assert_eq!(
                (&body["error"], &body["suberror"]),
                (&json!("invalid_grant"), &json!(capability))
            );
            assert_eq!(body["error_codes"], json!([code]));
            assert!(body["continuation_token"].is_string());
        }
    }
}

#[test]
fn others_are_redirected_with_the_reason() {
    let tenant = tenant();
    let mut client = Client::connect(&tenant);
    for (user, capability, other) in [
        (MFA, "mfa_required", "registration_required"),
        (NEWCOMER, "registration_required", "mfa_required"),
    ] {
        let polled = reset(&tenant, &mut client, user, Some(("capabilities", other)));
        let redirected = redeem(&mut client, &polled);
        assert_eq!(redirected.status, 200);
        let body = redirected.json();
        assert_eq!(body["challenge_type"], "redirect");
        assert!(
            body["redirect_reason"]
                .as_str()
                .unwrap()
                .contains(capability)
        );
    }
}

#[test]
fn wrong_requests() {
    let tenant = tenant();
    let mut client = Client::connect(&tenant);
    let polled = reset(&tenant, &mut client, PLAIN, None);
    let mut with = |grant: &str, scope: &str, user: &str| {
        let form = [("grant_type", grant), ("scope", scope), ("username", user)];
        client.step(TOKEN, &polled, &form).json()["error"].clone()
    };
    assert_eq!(with("password", "openid", PLAIN), "unsupported_grant_type");
    assert_eq!(with("continuation_token", "", PLAIN), "invalid_request");
    assert_eq!(with("continuation_token", "openid", MFA), "invalid_grant");
    assert_eq!(with("continuation_token", "openid", PLAIN), Value::Null);
}
