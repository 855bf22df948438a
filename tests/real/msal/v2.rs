//! The same client's V2, which its makers call experimental, against the tenant's.

use serde_json::{Value, json};
use sspr::mock::{Endpoint, Fault, INITIAL_PASSWORD, Poll, Tenant, User};

use super::{ADELE, Msal, NEW, assert_refused, setting};

const PHONE: &str = "+1 5550100";

fn adele() -> User {
    User::new(ADELE).contact("adele@fabrikam.example")
}

fn start(msal: &mut Msal) -> Value {
    msal.call(json!({ "call": "startV2", "username": ADELE }))
}

/// What has arrived, by method and last word of the path.
fn lines(tenant: &Tenant) -> Vec<String> {
    let requests = tenant.traffic().requests;
    let line = |request: &sspr::mock::Request| {
        let word = request.path().rsplit('/').next().unwrap_or_default();
        format!("{} {word}", request.method)
    };
    requests.iter().map(line).collect()
}

#[test]
fn a_whole_reset_by_email_and_the_sign_in_after_it() {
    let Some((tenant, mut msal)) = setting(Tenant::builder()) else {
        return;
    };
    let told = start(&mut msal);
    assert_eq!(told["state"], "codeRequired", "{told}");
    assert_eq!(told["codeLength"], 8);
    assert_eq!(told["sentTo"], "a***e@f***.example");
    let told = msal.enter_code(&tenant);
    assert_eq!(told["state"], "newPasswordRequired", "{told}");
    let told = msal.set_password(NEW);
    assert_eq!(told["state"], "signInContinuation", "{told}");
    assert!(tenant.password_is(ADELE, NEW));
    assert_eq!(tenant.password_changes(ADELE), 1);
    let told = msal.call(json!({ "call": "signIn", "scopes": ["openid"] }));
    assert_eq!(told["error"], Value::Null);
    assert_eq!(told["account"], ADELE);
    assert_eq!(
        lines(&tenant),
        [
            "POST authorize-challenge",
            "POST start",
            "POST challenge",
            "POST verify",
            "PUT 1",
            "POST pollUpdate",
            "POST authorize-challenge",
            "POST token",
        ]
    );
}

#[test]
fn a_reset_by_text_message_with_the_check_for_risk() {
    let user = adele().phone(PHONE).sms_risk();
    let Some((tenant, mut msal)) = setting(Tenant::builder().user(user)) else {
        return;
    };
    let told = start(&mut msal);
    assert_eq!(told["state"], "authMethodSelectionRequired", "{told}");
    assert_eq!(
        told["methods"],
        json!([
            { "type": "email", "hint": "a***e@f***.example" },
            { "type": "sms", "hint": "+1 *****00" },
        ])
    );
    let told = msal.call(json!({ "call": "choose", "type": "sms" }));
    assert_eq!(told["state"], "codeRequired", "{told}");
    assert_eq!(lines(&tenant)[2..], ["POST challenge", "POST riskverify"]);
    assert_eq!(tenant.inbox().latest(ADELE).unwrap().to, PHONE);
    msal.enter_code(&tenant);
    let told = msal.set_password(NEW);
    assert_eq!(told["state"], "signInContinuation", "{told}");
    assert!(tenant.password_is(ADELE, NEW));
}

#[test]
fn a_wrong_code_then_the_one_sent_again() {
    let Some((tenant, mut msal)) = setting(Tenant::builder()) else {
        return;
    };
    start(&mut msal);
    let first = tenant.inbox().latest(ADELE).unwrap().code;
    msal.call(json!({ "call": "resend" }));
    let told = msal.call(json!({ "call": "code", "code": first }));
    assert_refused(&told, "invalidGrant", "isInvalidCode");
    assert_eq!(told["error"]["innerErrorCode"], "invalidOneTimeCode");
    assert_eq!(msal.enter_code(&tenant)["state"], "newPasswordRequired");
}

#[test]
fn weak_passwords_then_a_good_one() {
    let Some((tenant, mut msal)) = setting(Tenant::builder()) else {
        return;
    };
    start(&mut msal);
    msal.enter_code(&tenant);
    for (password, inner) in [
        ("Short-1", "passwordTooShort"),
        ("winter-snow", "passwordTooWeak"),
        ("Wintér-Snow-12", "passwordIsInvalid"),
        ("P@ssw0rd", "passwordBanned"),
        (INITIAL_PASSWORD, "passwordRecentlyUsed"),
    ] {
        let told = msal.set_password(password);
        assert_refused(&told, "invalidRequest", "isInvalidPassword");
        assert_eq!(told["error"]["innerErrorCode"], inner);
    }
    assert_eq!(msal.set_password(NEW)["state"], "signInContinuation");
    assert_eq!(tenant.password_changes(ADELE), 1);
}

#[test]
fn polls_go_on_with_the_newest_token() {
    let polling = Tenant::builder().polling([Poll::NotStarted, Poll::InProgress]);
    let Some((tenant, mut msal)) = setting(polling) else {
        return;
    };
    start(&mut msal);
    msal.enter_code(&tenant);
    assert_eq!(msal.set_password(NEW)["state"], "signInContinuation");
    let requests = tenant.traffic().requests;
    let polls = requests.iter();
    let polls = polls.filter(|request| request.path().ends_with("pollUpdate"));
    let mut bodies: Vec<&[u8]> = polls.map(|poll| poll.body.as_slice()).collect();
    assert_eq!(bodies.len(), 3);
    bodies.sort_unstable();
    bodies.dedup();
    assert_eq!(bodies.len(), 3, "each with a token of its own");
}

#[test]
fn a_second_factor_after_the_reset() {
    let Some((tenant, mut msal)) = setting(Tenant::builder().user(adele().mfa_required())) else {
        return;
    };
    start(&mut msal);
    msal.enter_code(&tenant);
    let told = msal.set_password(NEW);
    assert_eq!(told["state"], "authMethodSelectionRequired", "{told}");
    assert!(tenant.password_is(ADELE, NEW));
    let told = msal.call(json!({ "call": "choose", "type": "email" }));
    assert_eq!(told["state"], "mfaVerificationRequired", "{told}");
    let code = tenant.inbox().latest(ADELE).unwrap().code;
    let told = msal.call(json!({ "call": "challenge", "code": code }));
    assert_eq!(told["state"], "signInContinuation", "{told}");
    let told = msal.call(json!({ "call": "signIn", "scopes": ["openid"] }));
    assert_eq!(told["account"], ADELE, "{told}");
}

#[test]
fn the_registration_of_a_second_factor_after_the_reset() {
    for (kind, contact, hint) in [
        ("email", "second@fabrikam.example", "s***d@f***.example"),
        ("phone", PHONE, "+1 *****00"),
    ] {
        let user = adele().registration_required();
        let Some((tenant, mut msal)) = setting(Tenant::builder().user(user)) else {
            return;
        };
        start(&mut msal);
        msal.enter_code(&tenant);
        let told = msal.set_password(NEW);
        assert_eq!(told["state"], "authMethodRegistrationRequired", "{told}");
        assert!(tenant.password_is(ADELE, NEW));
        let told = msal.call(json!({ "call": "register", "type": kind, "contact": contact }));
        assert_eq!(told["state"], "authMethodVerificationRequired", "{told}");
        assert_eq!(
            (&told["sentTo"], &told["codeLength"]),
            (&json!(hint), &json!(8))
        );
        msal.call(json!({ "call": "resendChallenge" }));
        let told = msal.call(json!({ "call": "challenge", "code": "00000x" }));
        assert_refused(&told, "invalidGrant", "isInvalidChallenge");
        let sent = tenant.inbox().latest(contact).unwrap();
        let told = msal.call(json!({ "call": "challenge", "code": sent.code }));
        assert_eq!(told["state"], "signInContinuation", "{told}");
        let told = msal.call(json!({ "call": "signIn", "scopes": ["openid"] }));
        assert_eq!(told["account"], ADELE, "{told}");
    }
}

#[test]
fn accounts_that_cannot_be_reset_here() {
    let browser = "browser@contoso.com";
    let builder = Tenant::builder().user(User::new(browser).browser_only());
    let Some((_tenant, mut msal)) = setting(builder) else {
        return;
    };
    let told = msal.call(json!({ "call": "startV2", "username": "nobody@contoso.com" }));
    assert_refused(&told, "invalidRequest", "isUserNotFound");
    let told = msal.call(json!({ "call": "startV2", "username": browser }));
    assert_refused(&told, "invalid_grant", "isBrowserRequired");
    assert_eq!(told["error"]["subError"], "web_redirect_required");
}

/// An entry without a token is an error; with one, its status 401 is not.
#[test]
fn an_entry_that_is_refused() {
    let Some((tenant, mut msal)) = setting(Tenant::builder().native_auth_disabled()) else {
        return;
    };
    let told = start(&mut msal);
    assert_eq!(told["error"]["error"], "invalid_client", "{told}");
    assert_eq!(lines(&tenant), ["POST authorize-challenge"]);
}

/// Where this client does otherwise than this crate: it follows an absolute link to any origin.
#[test]
fn it_follows_a_link_to_another_origin() {
    let Some((tenant, mut msal)) = setting(Tenant::builder()) else {
        return;
    };
    let other = Tenant::start().unwrap();
    let elsewhere = format!(
        "https://{}/contoso.onmicrosoft.com/api/v2.0/resetpassword/start",
        other.address()
    );
    tenant.order(Fault::at(Endpoint::AuthorizeChallenge).with("reset_password", elsewhere));
    let told = start(&mut msal);
    assert!(!told["error"].is_null());
    assert_eq!(
        lines(&tenant),
        ["POST authorize-challenge"],
        "it went elsewhere"
    );
    assert!(other.traffic().connections > 0);
}
