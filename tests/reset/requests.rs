//! The client is judged by bytes: every request of native authentication V1, as the reference documents it.
//!
//! The expected bytes are written out here, field by field, and come from nowhere in the client.

use sspr::protocol::native_v1::Capability;
use sspr::{Code, Effect, NativeV1, NewPassword, ResetClient, SignIn, Username};

use crate::desk::{Place, patient_tenant};
use crate::desk::{USER, client_for, finish, mailed_code, standing};
use crate::script::{
    AUTHORITY, CHALLENGE, CLIENT_ID, CONTINUE, POLL, START, SUBMIT, Script, Seen, TOKEN,
};

/// One request as it has to be.
struct Documented {
    path: &'static str,
    body: &'static str,
    effect: Effect,
}

const ID: &str = "client_id=11112222-bbbb-3333-cccc-4444dddd5555";

fn check(seen: &Seen, documented: &Documented) {
    assert_eq!(seen.method, "POST");
    let url = format!(
        "https://contoso.ciamlogin.com/contoso.onmicrosoft.com{}",
        documented.path
    );
    assert_eq!(seen.url.as_str(), url);
    let body = format!("{ID}&{}", documented.body);
    assert_eq!(
        String::from_utf8_lossy(&seen.body),
        body,
        "{}",
        documented.path
    );
    assert_eq!(seen.effect, documented.effect, "{}", documented.path);
    let mut headers: Vec<_> = seen
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    headers.sort_unstable();
    let [
        ("accept", "application/json"),
        ("client-request-id", id),
        ("content-type", "application/x-www-form-urlencoded"),
    ] = headers[..]
    else {
        panic!("{}: {headers:?}", documented.path);
    };
    assert_eq!(uuid_of(id), Some(4), "{id}");
}

/// The version of a GUID in its usual form.
fn uuid_of(text: &str) -> Option<u32> {
    let parts: Vec<&str> = text.split('-').collect();
    let hex = |part: &&str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let lengths = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]);
    (lengths && parts.iter().all(hex))
        .then(|| parts[2].chars().next()?.to_digit(16))
        .flatten()
}

#[tokio::test(start_paused = true)]
async fn every_request_has_the_documented_fields() {
    let script = Script::new();
    let mut reset = standing(&script, Place::EnterCode).await;
    reset.resend_code().await.unwrap();
    reset.enter_code(Code::new("12345678")).await.unwrap();
    reset
        .set_password(NewPassword::new("Winter-Snow-9"))
        .await
        .unwrap();
    reset.wait().await.unwrap();
    assert!(matches!(
        reset.sign_in("openid offline_access").await.unwrap(),
        SignIn::Tokens(_)
    ));

    let documented = [
        Documented {
            path: "/resetpassword/v1.0/start",
            body: "username=adele%40contoso.com&challenge_type=oob+redirect",
            effect: Effect::None,
        },
        Documented {
            path: "/resetpassword/v1.0/challenge",
            body: "continuation_token=token-1&challenge_type=oob+redirect",
            effect: Effect::Counts,
        },
        Documented {
            path: "/resetpassword/v1.0/challenge",
            body: "continuation_token=token-2&challenge_type=oob+redirect",
            effect: Effect::Counts,
        },
        Documented {
            path: "/resetpassword/v1.0/continue",
            body: "continuation_token=token-3&grant_type=oob&oob=12345678",
            effect: Effect::Counts,
        },
        Documented {
            path: "/resetpassword/v1.0/submit",
            body: "continuation_token=token-4&new_password=Winter-Snow-9",
            effect: Effect::SetsPassword,
        },
        Documented {
            path: "/resetpassword/v1.0/poll_completion",
            body: "continuation_token=token-5",
            effect: Effect::None,
        },
        Documented {
            path: "/oauth2/v2.0/token",
            body: "continuation_token=token-6&grant_type=continuation_token&scope=openid+offline_access",
            effect: Effect::Counts,
        },
    ];
    let seen = script.seen();
    assert_eq!(seen.len(), documented.len());
    for (seen, documented) in seen.iter().zip(&documented) {
        check(seen, documented);
    }
}

#[tokio::test]
async fn capabilities_go_out_with_the_start_alone() {
    for (capabilities, field) in [
        (vec![Capability::MfaRequired], "&capabilities=mfa_required"),
        (
            vec![Capability::RegistrationRequired],
            "&capabilities=registration_required",
        ),
        (
            vec![Capability::MfaRequired, Capability::RegistrationRequired],
            "&capabilities=mfa_required+registration_required",
        ),
        (vec![], ""),
    ] {
        let script = Script::new();
        let protocol = NativeV1::new(AUTHORITY, CLIENT_ID)
            .unwrap()
            .capabilities(capabilities);
        let client = ResetClient::builder(protocol)
            .exchange(script.clone())
            .build()
            .unwrap();
        client.start(Username::parse(USER).unwrap()).await.unwrap();
        let seen = script.seen();
        let body = format!("{ID}&username=adele%40contoso.com&challenge_type=oob+redirect{field}");
        assert_eq!(String::from_utf8_lossy(&seen[0].body), body);
        assert!(!String::from_utf8_lossy(&seen[1].body).contains("capabilit"));
    }
}

/// Names, codes and passwords are whatever a person types; a form carries every byte of them.
#[tokio::test]
async fn what_the_person_typed_arrives_byte_for_byte() {
    let password = "a B+c&d=e%f\"#~`\\'<>;:?/{}[]|^!@$*()_-,. 9";
    let script = Script::new();
    let client = script.client();
    let name = Username::parse("o'neil+adèle&x=y@contoso.com").unwrap();
    let mut reset = client.start(name).await.unwrap();
    reset
        .enter_code(Code::new(" １２3 4\u{3000}abＣd "))
        .await
        .unwrap();
    reset
        .set_password(NewPassword::new(password))
        .await
        .unwrap();
    let field = |path, name| script.seen_at(path)[0].field(name).unwrap();
    assert_eq!(field(START, "username"), "o'neil+adèle&x=y@contoso.com");
    assert_eq!(field(CONTINUE, "oob"), "1234abCd");
    assert_eq!(field(SUBMIT, "new_password"), password);
    for blank in [" Leading-1", "Trailing-1 "] {
        let mut reset = standing(&script, Place::NewPassword).await;
        reset.set_password(NewPassword::new(blank)).await.unwrap();
        assert_eq!(
            script
                .seen_at(SUBMIT)
                .last()
                .unwrap()
                .field("new_password")
                .unwrap(),
            blank
        );
    }
}

#[tokio::test]
async fn the_paths_stand_behind_any_authority() {
    for (authority, start) in [
        (
            "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/",
            "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/resetpassword/v1.0/start",
        ),
        (
            "https://login.contoso.example",
            "https://login.contoso.example/resetpassword/v1.0/start",
        ),
        (
            "https://login.contoso.example:8443/aaaabbbb-0000-cccc-1111-dddd2222eeee",
            "https://login.contoso.example:8443/aaaabbbb-0000-cccc-1111-dddd2222eeee/resetpassword/v1.0/start",
        ),
        (
            "https://login.contoso.example/a%20b",
            "https://login.contoso.example/a%20b/resetpassword/v1.0/start",
        ),
    ] {
        let script = Script::new();
        script.order(START, crate::script::Reply::redirect());
        let protocol = NativeV1::new(authority, CLIENT_ID).unwrap();
        let client = ResetClient::builder(protocol)
            .exchange(script.clone())
            .build()
            .unwrap();
        client.start(Username::parse(USER).unwrap()).await.unwrap();
        assert_eq!(script.seen()[0].url.as_str(), start);
    }
}

/// The same through TLS and HTTP, as the tenant has read it.
#[tokio::test]
async fn the_tenant_reads_the_documented_requests() {
    let tenant = patient_tenant().client_id(CLIENT_ID).start().unwrap();
    let client = client_for(&tenant);
    let mut reset = client.start(Username::parse(USER).unwrap()).await.unwrap();
    reset.resend_code().await.unwrap();
    finish(&mut reset, || mailed_code(&tenant)).await.unwrap();
    reset.sign_in("openid").await.unwrap();

    let requests = tenant.traffic().requests;
    let fields: [(&str, &[&str]); 7] = [
        (START, &["client_id", "username", "challenge_type"]),
        (
            CHALLENGE,
            &["client_id", "continuation_token", "challenge_type"],
        ),
        (
            CHALLENGE,
            &["client_id", "continuation_token", "challenge_type"],
        ),
        (
            CONTINUE,
            &["client_id", "continuation_token", "grant_type", "oob"],
        ),
        (SUBMIT, &["client_id", "continuation_token", "new_password"]),
        (POLL, &["client_id", "continuation_token"]),
        (
            TOKEN,
            &["client_id", "continuation_token", "grant_type", "scope"],
        ),
    ];
    assert_eq!(requests.len(), fields.len());
    let port = tenant.address().port();
    for (request, (path, fields)) in requests.iter().zip(fields) {
        assert!(request.complete);
        assert_eq!(request.method, "POST");
        assert_eq!(request.target, format!("/contoso.onmicrosoft.com{path}"));
        let mut headers: Vec<String> = request
            .headers
            .iter()
            .map(|(name, _)| name.to_ascii_lowercase())
            .collect();
        headers.sort_unstable();
        let expected = [
            "accept",
            "client-request-id",
            "content-length",
            "content-type",
            "host",
        ];
        assert_eq!(headers, expected, "{path}: each once and no other");
        assert_eq!(
            request.header("host"),
            Some(format!("localhost:{port}").as_str())
        );
        assert_eq!(
            request.header("content-type"),
            Some("application/x-www-form-urlencoded")
        );
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(
            request.header("content-length"),
            Some(request.body.len().to_string().as_str())
        );
        let form: Vec<(String, String)> = url::form_urlencoded::parse(&request.body)
            .into_owned()
            .collect();
        let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, fields, "{path}");
        assert_eq!(form[0].1, CLIENT_ID);
    }
    let tokens: Vec<_> = requests[1..]
        .iter()
        .map(|request| request.parameter("continuation_token").unwrap())
        .collect();
    let mut distinct = tokens.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), tokens.len(), "always the newest token");
}
