//! Native authentication V1, step by step.

use std::time::Duration;

use serde_json::{Value, json};
use sspr::mock::{INITIAL_PASSWORD, PasswordPolicy, Poll, Tenant, User};

use super::client::{CHALLENGE, CONTINUE, CORRELATION, Client, POLL, START, SUBMIT};
use super::{ADELE, NEW};

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

    let mail = tenant.inbox().latest(ADELE).unwrap();
    assert_eq!(mail.to, "adele@fabrikam.example");
    let verified = client.enter_code(&challenged, &mail.code);
    assert_eq!(verified["expires_in"], 600);
    let submitted = client.submit(&verified, NEW);
    assert_eq!(submitted["poll_interval"], 2);
    let polled = client.poll(&submitted);
    assert_eq!(polled["status"], "succeeded");
    assert!(polled["continuation_token"].is_string());

    assert!(tenant.password_is(ADELE, NEW));
    assert_eq!(tenant.password_changes(ADELE), 1);
    let audit = tenant.audit();
    let last = audit.last().unwrap();
    assert_eq!(last.activity, "Reset password (self-service)");
    assert!(last.success && last.ip.is_loopback());
}

#[test]
fn an_error_names_everything() {
    let tenant = Tenant::start().unwrap();
    let answer = Client::connect(&tenant).try_start("nobody@contoso.com");
    assert_eq!(answer.status, 400);
    let body = answer.json();
    assert_eq!(body["error"], "user_not_found");
    assert_eq!(body["error_codes"], json!([50034]));
    assert_eq!(body["correlation_id"], CORRELATION);
    assert_eq!(body["trace_id"], answer.header("x-ms-request-id").unwrap());
    let description = body["error_description"].as_str().unwrap();
    assert!(description.starts_with("AADSTS50034: "));
    assert!(description.contains("\r\nTrace ID: "));
    assert!(body["timestamp"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn every_required_parameter_is_missed() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let steps: [(&str, &[&str]); 5] = [
        (START, &["client_id", "username", "challenge_type"]),
        (CHALLENGE, &["client_id", "continuation_token"]),
        (
            CONTINUE,
            &["client_id", "continuation_token", "grant_type", "oob"],
        ),
        (SUBMIT, &["client_id", "continuation_token", "new_password"]),
        (POLL, &["client_id", "continuation_token"]),
    ];
    let value = |name: &str| match name {
        "client_id" => tenant.client_id().to_owned(),
        "username" => ADELE.to_owned(),
        "challenge_type" => "oob redirect".to_owned(),
        "grant_type" => "oob".to_owned(),
        _ => "x".to_owned(),
    };
    for (path, parameters) in steps {
        for wrong in parameters {
            let whole: Vec<(&str, String)> = parameters.iter().map(|&p| (p, value(p))).collect();
            let without = whole
                .iter()
                .filter(|(name, _)| name != wrong)
                .cloned()
                .collect();
            let mut empty = whole.clone();
            empty
                .iter_mut()
                .filter(|(name, _)| name == wrong)
                .for_each(|(_, value)| value.clear());
            let mut twice = whole.clone();
            twice.push((wrong, value(wrong)));
            for form in [without, empty, twice] {
                let form: Vec<(&str, &str)> = form
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                let body = client.call(path, &form).json();
                assert_eq!(body["error"], "invalid_request", "{path} {form:?}");
                assert_eq!(body["error_codes"], json!([90100]), "{path} {form:?}");
                let text = body["error_description"].as_str().unwrap();
                assert!(
                    text.contains(&format!("{wrong} parameter")),
                    "{path} {text}"
                );
            }
        }
    }
}

#[test]
fn the_app_has_to_be_known() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let mut with_id = |id: &str| {
        client
            .call(
                START,
                &[
                    ("client_id", id),
                    ("username", ADELE),
                    ("challenge_type", "oob redirect"),
                ],
            )
            .json()
    };
    assert_eq!(with_id("not-a-guid")["error"], "invalid_request");
    assert_eq!(with_id(CORRELATION)["error"], "unauthorized_client");

    let tenant = Tenant::builder().native_auth_disabled().start().unwrap();
    let body = Client::connect(&tenant).try_start(ADELE).json();
    assert_eq!(
        (&body["error"], &body["suberror"]),
        (&json!("invalid_client"), &json!("nativeauthapi_disabled"))
    );
}

#[test]
fn the_redirect_has_to_be_offered() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let mut offering = |list: &str| {
        let form = [
            ("client_id", tenant.client_id()),
            ("username", ADELE),
            ("challenge_type", list),
        ];
        client.call(START, &form)
    };
    let refused = offering("oob").json();
    assert_eq!(refused["error"], "unsupported_challenge_type");
    assert_eq!(refused["error_codes"], json!([901_007]));
    assert_eq!(
        offering("oob fax redirect").json()["error"],
        "invalid_request"
    );
    assert!(offering("oob password redirect").json()["continuation_token"].is_string());

    let redirected = offering("redirect");
    assert_eq!(redirected.status, 200);
    assert_eq!(redirected.json(), json!({ "challenge_type": "redirect" }));
}

#[test]
fn accounts_that_cannot_be_reset_here() {
    let tenant = Tenant::builder()
        .user(User::new("otp@contoso.com").without_password())
        .user(User::new("web@contoso.com").browser_only())
        .user(User::new("spam@contoso.com").contact_blocked())
        .start()
        .unwrap();
    let mut client = Client::connect(&tenant);
    let refused = client.try_start("otp@contoso.com").json();
    assert_eq!(
        (&refused["error"], &refused["error_codes"]),
        (&json!("invalid_request"), &json!([500_222]))
    );
    assert_eq!(
        client.start("web@contoso.com"),
        json!({ "challenge_type": "redirect" })
    );
    let started = client.start("spam@contoso.com");
    let refused = client.challenge(&started);
    assert_eq!(refused["error"], "access_denied");
    assert_eq!(refused["suberror"], "provider_blocked_by_rep");
    assert!(tenant.inbox().messages().is_empty());
}

#[test]
fn only_the_newest_token_at_its_own_step_is_taken() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let invalid = |body: Value| {
        assert_eq!(body["error"], "invalid_request");
        assert_eq!(body["error_codes"], json!([55200]));
    };
    let started = client.start(ADELE);
    invalid(client.submit(&started, NEW));
    let challenged = client.challenge(&started);
    invalid(client.challenge(&started));
    invalid(client.poll(&challenged));
    invalid(client.poll(&json!({ "continuation_token": "made up" })));
    assert_eq!(tenant.password_changes(ADELE), 0);
}

#[test]
fn tokens_expire() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let verified = client.verified(&tenant);
    tenant.advance(Duration::from_secs(601));
    let body = client.submit(&verified, NEW);
    assert_eq!(
        (&body["error"], &body["error_codes"]),
        (&json!("expired_token"), &json!([552_003]))
    );

    let started = client.start(ADELE);
    tenant.expire_tokens();
    assert_eq!(client.challenge(&started)["error"], "expired_token");
}

#[test]
fn a_code_is_good_once_and_until_the_next() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let started = client.start(ADELE);
    let challenged = client.challenge(&started);
    let first = tenant.inbox().latest(ADELE).unwrap().code;
    let challenged = client.challenge(&challenged);
    let second = tenant.inbox().latest(ADELE).unwrap().code;
    assert_eq!(tenant.inbox().messages().len(), 2);

    let refused = client.enter_code(&challenged, &first);
    assert_eq!(
        (&refused["error"], &refused["suberror"]),
        (&json!("invalid_grant"), &json!("invalid_oob_value"))
    );
    assert!(
        refused.get("continuation_token").is_none(),
        "the token is kept"
    );
    let verified = client.enter_code(&challenged, &second);
    assert!(verified["continuation_token"].is_string());
    assert_eq!(
        client.enter_code(&challenged, &second)["error"],
        "invalid_request"
    );
}

#[test]
fn errors_may_carry_tokens() {
    let tenant = Tenant::builder().tokens_in_errors().start().unwrap();
    let mut client = Client::connect(&tenant);
    let started = client.start(ADELE);
    let challenged = client.challenge(&started);
    let code = tenant.inbox().latest(ADELE).unwrap().code;
    let refused = client.enter_code(&challenged, "00");
    assert_eq!(
        client.enter_code(&challenged, &code)["error"],
        "invalid_request"
    );
    let verified = client.enter_code(&refused, &code);
    let refused = client.submit(&verified, "short");
    assert_eq!(client.submit(&refused, NEW)["poll_interval"], 2);
}

const REFUSED: [(&str, &str); 6] = [
    ("Short-1", "password_too_short"),
    ("A1-", "password_too_long"),
    ("Wintér-Snow-12", "password_is_invalid"),
    ("winter-snow", "password_too_weak"),
    ("Fabrikam-1", "password_banned"),
    (INITIAL_PASSWORD, "password_recently_used"),
];

fn strict() -> PasswordPolicy {
    PasswordPolicy::default().ban("Fabrikam-2")
}

/// The one that is too long is written out here.
fn grown(password: &str) -> String {
    if password == "A1-" {
        format!("A1-{}", "x".repeat(254))
    } else {
        password.to_owned()
    }
}

#[test]
fn each_broken_rule_is_named_on_submit() {
    let tenant = Tenant::builder().password_policy(strict()).start().unwrap();
    let mut client = Client::connect(&tenant);
    let verified = client.verified(&tenant);
    for (password, suberror) in REFUSED {
        let body = client.submit(&verified, &grown(password));
        assert_eq!(
            (&body["error"], &body["suberror"]),
            (&json!("invalid_grant"), &json!(suberror))
        );
    }
    let submitted = client.submit(&verified, " Blanks Count 1 ");
    assert_eq!(client.poll(&submitted)["status"], "succeeded");
    assert!(tenant.password_is(ADELE, " Blanks Count 1 "));
}

#[test]
fn each_broken_rule_is_named_on_poll() {
    let tenant = Tenant::builder()
        .password_policy(strict())
        .password_errors_on_poll()
        .start()
        .unwrap();
    let mut client = Client::connect(&tenant);
    let mut token = client.verified(&tenant);
    for (password, suberror) in REFUSED {
        let submitted = client.submit(&token, &grown(password));
        let body = client.poll(&submitted);
        assert_eq!(
            (&body["error"], &body["suberror"]),
            (&json!("invalid_grant"), &json!(suberror))
        );
        assert_eq!(tenant.password_changes(ADELE), 0);
        token = submitted;
    }
    let submitted = client.submit(&token, NEW);
    assert_eq!(client.poll(&submitted)["status"], "succeeded");
}

#[test]
fn polls_follow_their_list() {
    let tenant = Tenant::builder()
        .polling([
            Poll::NotStarted,
            Poll::InProgress,
            Poll::Failed,
            Poll::InProgress,
        ])
        .poll_interval("soon")
        .start()
        .unwrap();
    let mut client = Client::connect(&tenant);
    let verified = client.verified(&tenant);
    let submitted = client.submit(&verified, NEW);
    assert_eq!(submitted["poll_interval"], "soon");
    assert_eq!(client.poll(&submitted)["status"], "not_started");
    let pending = client.poll(&submitted);
    assert_eq!(pending["status"], "in_progress");
    let failed = client.poll(&pending);
    assert_eq!(failed["status"], "failed");
    assert_eq!(
        client.poll(&submitted)["status"],
        "failed",
        "a poll may be repeated"
    );
    assert!(tenant.password_is(ADELE, INITIAL_PASSWORD));

    let submitted = client.submit(&failed, NEW);
    assert_eq!(client.poll(&submitted)["status"], "in_progress");
    assert_eq!(client.poll(&submitted)["status"], "succeeded");
    assert_eq!(
        client.poll(&submitted)["status"],
        "succeeded",
        "a poll may be repeated"
    );
    assert_eq!(tenant.password_changes(ADELE), 1);
}

#[test]
fn polls_may_end_oddly() {
    let odd = [
        (Poll::Never, json!("in_progress"), 0),
        (Poll::Word("postponed".into()), json!("postponed"), 0),
        (Poll::SucceededWithoutToken, json!("succeeded"), 1),
        (Poll::Refused("password_banned".into()), Value::Null, 0),
    ];
    for (poll, status, changes) in odd {
        let tenant = Tenant::start().unwrap();
        tenant.set_polling([poll.clone()]);
        let mut client = Client::connect(&tenant);
        let verified = client.verified(&tenant);
        let submitted = client.submit(&verified, NEW);
        let polled = client.poll(&submitted);
        assert_eq!(polled["status"], status);
        assert_eq!(
            polled["suberror"] == "password_banned",
            poll == Poll::Refused("password_banned".into())
        );
        assert_eq!(
            polled.get("continuation_token").is_some(),
            changes == 0 && status != Value::Null
        );
        if status != Value::Null {
            assert_eq!(client.poll(&submitted)["status"], status);
        }
        assert_eq!(tenant.password_changes(ADELE), changes);
    }
}

#[test]
fn five_codes_an_hour() {
    let tenant = Tenant::start().unwrap();
    let mut client = Client::connect(&tenant);
    let mut token = client.start(ADELE);
    for _ in 0..5 {
        token = client.challenge(&token);
    }
    let refused = client.step(CHALLENGE, &token, &[]);
    assert_eq!(refused.status, 429);
    assert!(
        (86_000..=86_400).contains(
            &refused
                .header("retry-after")
                .unwrap()
                .parse::<u32>()
                .unwrap()
        )
    );
    assert_eq!(client.try_start(ADELE).status, 429);
    assert_eq!(
        tenant.audit().last().unwrap().activity,
        "Blocked from self-service password reset"
    );
    assert_eq!(tenant.inbox().messages().len(), 5);
    tenant.advance(Duration::from_secs(86_400));
    assert_eq!(client.try_start(ADELE).status, 200);
}

#[test]
fn requests_of_the_wrong_kind() {
    let tenant = Tenant::start().unwrap();
    let status = |request: &str| {
        Client::connect(&tenant)
            .exchange(request.as_bytes())
            .unwrap()
            .status
    };
    let path = "/any/resetpassword/v1.0/start";
    assert_eq!(status("GET /any/unknown HTTP/1.1\r\nHost: h\r\n\r\n"), 404);
    assert_eq!(
        status(&format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n")),
        405
    );
    let json = "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    assert_eq!(
        status(&format!("POST {path} HTTP/1.1\r\nHost: h\r\n{json}")),
        415
    );
    assert_eq!(
        status(&format!(
            "POST {path} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        )),
        411
    );
    assert_eq!(
        status(&format!(
            "POST {path} HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"
        )),
        413
    );
    assert_eq!(status("no request at all\r\n\r\n"), 400);
    assert_eq!(
        status(&format!("GET {path} HTTP/1.1\r\nX: {}", "x".repeat(70_000))),
        431
    );
}
