//! No secret is in anything that can be printed, logged or serialized.

use std::fmt::Debug;

use http::{HeaderMap, Method, StatusCode};
use serde_json::json;
use sspr::protocol::{Answer, Attempt, Event, Protocol};
use sspr::{
    Body, Code, Contact, ContinuationToken, Error, Exchange, ExchangeFuture, Message, NewPassword,
    Privacy, Request, Reset, ResetClient, Response, SignIn, Token, Username,
};

use crate::desk::standing_with;
use crate::desk::{Place, is_unknown};
use crate::script::{CHALLENGE, CONTINUE, POLL, Reply, START, SUBMIT, Script, TOKEN};

/// What must not be seen: every secret of these tests holds this word.
const HUSH: &str = "hush";

fn assert_silent(shown: &str) {
    assert!(!shown.to_lowercase().contains(HUSH), "{shown}");
}

fn assert_silent_debug(shown: impl Debug) {
    assert_silent(&format!("{shown:?}"));
    assert_silent(&format!("{shown:#?}"));
}

fn assert_silent_error(error: &Error) {
    assert_silent_debug(error);
    assert_silent(&error.to_string());
    assert_silent(&serde_json::to_string(error.fault()).unwrap());
    assert_silent(&format!("{:?}", error.message_args()));
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        assert_silent(&format!("{cause} {cause:?}"));
        source = cause.source();
    }
}

fn assert_silent_attempt(reset: &Reset) {
    assert_silent_debug(reset);
    assert_silent(&serde_json::to_string(reset.step()).unwrap());
    assert_silent(&format!("{:?}", reset.step().message_args()));
    if let Some(cause) = reset.cause() {
        assert_silent_error(cause);
    }
}

#[test]
fn secrets_show_nothing_of_themselves() {
    assert_silent_debug(Username::parse("hush@contoso.com").unwrap());
    assert_silent_debug(Code::new("hush"));
    assert_silent_debug(NewPassword::new("hush"));
    assert_silent_debug(Contact::new("hush"));
    assert_silent_debug(ContinuationToken::new("hush"));
    assert_silent_debug(Token::new("hush"));
    assert_silent_debug(Body::new(b"hush".to_vec()));
    assert_silent_debug(Answer::Password(NewPassword::new("hush")));
    assert_silent_debug(Event::Answer(Answer::Code(Code::new("hush"))));
    assert_silent_debug(Event::Answer(Answer::Contact(Contact::new("hush"))));
    let response = Response::new(
        StatusCode::OK,
        HeaderMap::new(),
        Body::new(b"hush".to_vec()),
    );
    assert_silent_debug(Event::Response(response));
    let url = "https://contoso.ciamlogin.com/".parse().unwrap();
    let mut request = Request::new(Method::POST, url);
    request.body = Body::new(b"hush".to_vec());
    assert_silent_debug(request);
    assert_silent_debug(Attempt::new(
        Username::parse("hush@contoso.com").unwrap(),
        "id",
    ));
}

/// Nor does an error about what was typed repeat it.
#[test]
fn errors_about_input_do_not_repeat_it() {
    for name in [
        "hush\u{0}@contoso.com",
        "hush hush@contoso.com",
        &"hush".repeat(100),
    ] {
        assert_silent_error(&Username::parse(name).map(|_| ()).unwrap_err());
    }
    for authority in [
        "https://hush:hush@contoso.com/",
        "https://contoso.com/?hush",
        "hush",
    ] {
        assert_silent_error(
            &sspr::NativeV1::new(authority, "id")
                .map(|_| ())
                .unwrap_err(),
        );
    }
}

/// Two halves that a test puts together: what is sent holds the secrets, what is seen does not.
#[tokio::test(start_paused = true)]
async fn a_whole_attempt_shows_no_secret() {
    let token = |name: &str| json!(format!("hush-{name}"));
    for privacy in [Privacy::Hide, Privacy::Tell] {
        let script = Script::new();
        script.order(
            START,
            Reply::json(200, json!({ "continuation_token": token("start") })),
        );
        script.order(
            CHALLENGE,
            Reply::json(
                200,
                json!({ "continuation_token": token("challenge"), "challenge_type": "oob" }),
            ),
        );
        let client = script.builder().privacy(privacy).build().unwrap();
        assert_silent_debug(&client);
        let mut reset = client
            .start(Username::parse("hush@contoso.com").unwrap())
            .await
            .unwrap();
        assert_silent_attempt(&reset);
        script.order(CONTINUE, Reply::json(400, json!({
            "error": "invalid_grant", "suberror": "invalid_oob_value", "continuation_token": token("wrong"),
            "error_description": "the code hush of hush@contoso.com is wrong", "trace_id": "hush",
        })));
        reset.enter_code(Code::new("hush1")).await.unwrap();
        assert_silent_attempt(&reset);
        script.order(
            CONTINUE,
            Reply::json(200, json!({ "continuation_token": token("continue") })),
        );
        reset.enter_code(Code::new("hush2")).await.unwrap();
        assert_silent_attempt(&reset);
        script.order(
            SUBMIT,
            Reply::json(
                400,
                json!({ "error": "x", "error_description": "Hush-hush-1 of hush@contoso.com" }),
            ),
        );
        let error = reset
            .set_password(NewPassword::new("Hush-hush-1"))
            .await
            .unwrap_err();
        assert_silent_error(&error);
        assert_silent_attempt(&reset);
        script.order(
            SUBMIT,
            Reply::json(200, json!({ "continuation_token": token("submit") })),
        );
        reset
            .set_password(NewPassword::new("Hush-hush-1"))
            .await
            .unwrap();
        assert_silent_attempt(&reset);
        script.order(
            POLL,
            Reply::json(
                200,
                json!({ "continuation_token": token("poll"), "status": "succeeded" }),
            ),
        );
        reset.wait().await.unwrap();
        assert_silent_attempt(&reset);
        assert_eq!(
            script.seen_at(SUBMIT)[1]
                .field("continuation_token")
                .as_deref(),
            Some("hush-continue")
        );
        let sign_in = reset.sign_in("openid").await.unwrap();
        assert_silent_debug(&sign_in);
        assert_silent_debug(SignIn::SecondFactorRequired);
    }
}

/// Answers that cannot be read are not quoted in the error.
#[tokio::test(start_paused = true)]
async fn unreadable_answers_are_not_quoted() {
    let bodies = [
        r#"{"continuation_token":"hush","#,
        r#"{"continuation_token":"hush","continuation_token":"hush"}"#,
        r#"{"hush":1,"hush""#,
        r#"hush"#,
        r#"{"continuation_token":{"hush":"hush"},"access_token":["hush"]}"#,
    ];
    for (place, path) in [
        (Place::EnterCode, CONTINUE),
        (Place::NewPassword, SUBMIT),
        (Place::Applying, POLL),
        (Place::Changed, TOKEN),
    ] {
        for body in bodies {
            let script = Script::new();
            let mut reset = standing_with(&script.client(), place).await;
            script.order(path, Reply::body(200, body));
            let result = match place {
                Place::EnterCode => reset.enter_code(Code::new("hush1")).await,
                Place::NewPassword => reset.set_password(NewPassword::new("Hush-hush-1")).await,
                Place::Applying => reset.wait().await,
                Place::Changed => reset.sign_in("openid").await.map(|_| ()),
            };
            match result {
                Err(error) => assert_silent_error(&error),
                Ok(()) => assert!(is_unknown(reset.step())),
            }
            assert_silent_attempt(&reset);
        }
    }
}

/// An exchange that looks at every request, as a logging one might.
struct Looking(Script);

impl Exchange for Looking {
    fn exchange(&self, request: Request) -> ExchangeFuture<'_> {
        assert!(!format!("{request:?}").contains("Winter-Snow-9"));
        assert!(!format!("{request:?}").contains("adele"));
        assert!(!format!("{request:?}").contains("token-"));
        self.0.exchange(request)
    }
}

#[tokio::test(start_paused = true)]
async fn no_request_shows_its_secrets() {
    let protocol = sspr::NativeV1::new(crate::script::AUTHORITY, crate::script::CLIENT_ID).unwrap();
    assert_eq!(protocol.name(), "native-v1");
    let client = ResetClient::builder(protocol)
        .exchange(Looking(Script::new()))
        .build()
        .unwrap();
    let mut reset = standing_with(&client, Place::Changed).await;
    reset.sign_in("openid").await.unwrap();
}
