//! The client is judged by bytes: every request of native authentication V2, as the fact sheet has it.
//!
//! The expected bytes are written out here, field by field, and come from nowhere in the client.

use serde_json::{Value, json};
use sspr::{Code, Effect, NativeV2, NewPassword, Privacy, SignIn, Username};

use crate::desk::{code, password, user};
use crate::script::{
    AUTHORITY, CLIENT_ID, RISK, Reply, SMS_CHALLENGE, START, Script, Seen, UPDATE, VERIFY, sms,
    started,
};

/// One request as it has to be.
struct Expected {
    line: &'static str,
    body: &'static str,
    effect: Effect,
}

const FORM: (&str, &str) = ("application/json", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("application/hal+json", "application/json");

fn check(seen: &Seen, expected: &Expected) {
    let line = format!("{} {}", seen.method, seen.url);
    let (method, path) = expected.line.split_once(' ').unwrap();
    assert_eq!(line, format!("{method} {AUTHORITY}{path}"));
    assert_eq!(seen.body, expected.body, "{line}");
    assert_eq!(seen.effect, expected.effect, "{line}");
    let mut headers: Vec<_> = seen
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    headers.sort_unstable();
    let [
        ("accept", accept),
        ("client-request-id", id),
        ("content-type", content_type),
    ] = headers[..]
    else {
        panic!("{line}: {headers:?}");
    };
    let kind = if path.starts_with("/oauth2/") {
        FORM
    } else {
        JSON
    };
    assert_eq!((accept, content_type), kind, "{line}");
    assert_eq!(id.len(), 36, "{line}");
}

#[tokio::test(start_paused = true)]
async fn every_request_has_the_known_fields_and_the_newest_token() {
    let script = Script::new();
    let mut reset = script.client(Privacy::Hide).start(user()).await.unwrap();
    reset.resend_code().await.unwrap();
    reset.enter_code(code()).await.unwrap();
    reset.set_password(password()).await.unwrap();
    reset.wait().await.unwrap();
    assert!(matches!(
        reset.sign_in("openid").await.unwrap(),
        SignIn::Tokens(_)
    ));
    let expected = [
        Expected {
            line: "POST /oauth2/v2.0/authorize-challenge",
            body: "client_id=11112222-bbbb-3333-cccc-4444dddd5555",
            effect: Effect::None,
        },
        Expected {
            line: "POST /api/v2.0/resetpassword/start",
            body: r#"{"username":"adele@contoso.com","continuationToken":"token-1"}"#,
            effect: Effect::None,
        },
        Expected {
            line: "POST /api/v2.0/auth/methods/email/1/challenge",
            body: r#"{"continuationToken":"token-2"}"#,
            effect: Effect::Counts,
        },
        Expected {
            line: "POST /api/v2.0/auth/methods/email/1/resend",
            body: r#"{"continuationToken":"token-3"}"#,
            effect: Effect::Counts,
        },
        Expected {
            line: "POST /api/v2.0/auth/methods/email/1/verify",
            body: r#"{"continuationToken":"token-4","otp":"12345678"}"#,
            effect: Effect::Counts,
        },
        Expected {
            line: "PUT /api/v2.0/auth/methods/password/3",
            body: r#"{"continuationToken":"token-5","newPassword":"Winter-Snow-9"}"#,
            effect: Effect::SetsPassword,
        },
        Expected {
            line: "POST /api/v2.0/auth/methods/password/3/pollUpdate",
            body: r#"{"continuationToken":"token-6"}"#,
            effect: Effect::None,
        },
        Expected {
            line: "POST /oauth2/v2.0/authorize-challenge",
            body: "continuation_token=token-7",
            effect: Effect::Counts,
        },
        Expected {
            line: "POST /oauth2/v2.0/token",
            body: "client_id=11112222-bbbb-3333-cccc-4444dddd5555&grant_type=authorization_code&code=hush-code&client_info=1",
            effect: Effect::Counts,
        },
    ];
    let seen = script.seen();
    assert_eq!(seen.len(), expected.len());
    for (seen, expected) in seen.iter().zip(&expected) {
        check(seen, expected);
    }
}

#[tokio::test]
async fn the_check_for_risk_sends_the_token_alone() {
    let script = Script::new();
    script.order(START, Reply::json(200, started("t", &[sms()])));
    script.client(Privacy::Hide).start(user()).await.unwrap();
    for (path, token) in [(SMS_CHALLENGE, "t"), (RISK, "token-2")] {
        let seen = &script.seen_at(path)[0];
        assert_eq!(seen.body, format!(r#"{{"continuationToken":"{token}"}}"#));
        assert_eq!(
            (seen.method.as_str(), seen.effect),
            ("POST", Effect::Counts)
        );
    }
}

#[tokio::test]
async fn scopes_go_out_with_the_entry_alone() {
    let script = Script::new();
    let protocol = NativeV2::new(AUTHORITY, CLIENT_ID).unwrap();
    let client = script.client_of(protocol.scope("openid offline_access"), Privacy::Hide);
    client.start(user()).await.unwrap();
    let seen = script.seen();
    let body = format!("client_id={CLIENT_ID}&scope=openid+offline_access");
    assert_eq!(seen[0].body, body);
    assert!(seen[1..].iter().all(|seen| !seen.body.contains("openid")));
}

/// Names, codes and passwords are whatever a person types; JSON carries every byte of them.
#[tokio::test]
async fn what_the_person_typed_arrives_byte_for_byte() {
    let script = Script::new();
    let name = "o'neil+adèle&\"x\\y@contoso.com";
    let password = "a B+c&d=e%f\"#~`\\'<>;:?/{}[]|^!@$*()_-,. 9";
    let client = script.client(Privacy::Hide);
    let mut reset = client.start(Username::parse(name).unwrap()).await.unwrap();
    let typed = Code::new(" １２3 4\u{3000}abＣd ");
    reset.enter_code(typed).await.unwrap();
    let typed = NewPassword::new(password);
    reset.set_password(typed).await.unwrap();
    let field = |path, name: &str| {
        let body: Value = serde_json::from_str(&script.seen_at(path)[0].body).unwrap();
        body[name].clone()
    };
    assert_eq!(field(START, "username"), json!(name));
    assert_eq!(field(VERIFY, "otp"), json!("1234abCd"));
    assert_eq!(field(UPDATE, "newPassword"), json!(password));
}
