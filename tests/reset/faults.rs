//! Answers that no tenant should give, at every endpoint: rows N22 and N23, and all other bad input.
//!
//! Whatever comes, it has a typed result, nobody loses their place, and a password is submitted again only where the
//! server has said that it refused the first.

use std::time::Duration;

use serde_json::json;
use sspr::{Fault, Privacy, Remedy, Sent, Stage};

use crate::at::At;
use crate::desk::{Place, code, finish, is_changed, is_unknown, password, standing, user};
use crate::script::{CHALLENGE, CONTINUE, Reply, SUBMIT, Script};

/// What an answer says about the request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    /// It was refused.
    Refused,
    /// Nothing that can be relied on.
    Nothing,
}

type IsExpected = fn(&Fault) -> bool;

fn json_body(body: &str) -> Reply {
    Reply::body(200, body)
}

fn bad_answers() -> Vec<(&'static str, Reply, Says, IsExpected)> {
    use Says::{Nothing, Refused};
    const UNREADABLE: IsExpected = |fault| matches!(fault, Fault::Unreadable { status: 200 });
    const NO_JSON: IsExpected =
        |fault| matches!(fault, Fault::UnexpectedContentType { status: 200, .. });
    const STATUS: IsExpected = |fault| matches!(fault, Fault::UnexpectedStatus { .. });
    const LED_AWAY: IsExpected = |fault| matches!(fault, Fault::RedirectRefused { host: Some(host), .. } if host.as_str() == "evil.example");
    const BUSY: IsExpected = |fault| {
        matches!(
            fault,
            Fault::ServiceUnavailable {
                retry_after: None,
                ..
            }
        )
    };
    const FIELD: IsExpected = |fault| matches!(fault, Fault::InvalidField { .. });
    const REFUSED: IsExpected = |fault| matches!(fault, Fault::Refused { .. });
    let location = |status| Reply::page(status).with("location", "https://evil.example/x");
    let deep = format!(
        "{{\"status\":{}1{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    vec![
        ("empty", json_body(""), Nothing, UNREADABLE),
        ("blank", json_body(" \r\n"), Nothing, UNREADABLE),
        ("no JSON", json_body("<html>"), Nothing, UNREADABLE),
        (
            "half",
            json_body(r#"{"continuation_token":"t""#),
            Nothing,
            UNREADABLE,
        ),
        (
            "two",
            json_body(r#"{"continuation_token":"t"} {}"#),
            Nothing,
            UNREADABLE,
        ),
        ("array", json_body(r#"["t"]"#), Nothing, UNREADABLE),
        ("null", json_body("null"), Nothing, UNREADABLE),
        ("deep", json_body(&deep), Nothing, UNREADABLE),
        (
            "no UTF-8",
            Reply::body(200, b"{\"status\":\"\xff\"}".to_vec()),
            Nothing,
            UNREADABLE,
        ),
        (
            "twice",
            json_body(r#"{"continuation_token":"a","continuation_token":"b"}"#),
            Nothing,
            UNREADABLE,
        ),
        (
            "status twice",
            json_body(r#"{"status":"failed","status":"succeeded","continuation_token":"t"}"#),
            Nothing,
            UNREADABLE,
        ),
        ("page", Reply::page(200), Nothing, NO_JSON),
        (
            "no type",
            json_body("{}").without("content-type"),
            Nothing,
            NO_JSON,
        ),
        (
            "text",
            json_body("{}").with("content-type", "text/plain; x=application/json"),
            Nothing,
            NO_JSON,
        ),
        (
            "201",
            Reply::json(201, json!({ "continuation_token": "t" })),
            Nothing,
            STATUS,
        ),
        ("204", Reply::body(204, ""), Nothing, |fault| {
            matches!(fault, Fault::Unreadable { status: 204 })
        }),
        ("301", location(301), Nothing, LED_AWAY),
        ("302", location(302), Nothing, LED_AWAY),
        ("303", location(303), Nothing, LED_AWAY),
        ("307", location(307), Nothing, LED_AWAY),
        ("308", location(308), Nothing, LED_AWAY),
        ("304", Reply::page(304), Nothing, |fault| {
            matches!(fault, Fault::RedirectRefused { host: None, .. })
        }),
        ("500", Reply::page(500), Nothing, BUSY),
        (
            "502",
            Reply::json(
                502,
                json!({ "error": "invalid_grant", "suberror": "password_too_weak" }),
            ),
            Nothing,
            BUSY,
        ),
        ("503", Reply::page(503), Nothing, BUSY),
        ("504", Reply::page(504), Nothing, BUSY),
        ("599", Reply::page(599), Nothing, BUSY),
        ("status 999", Reply::json(999, json!({})), Nothing, STATUS),
        (
            "token of the wrong type",
            json_body(r#"{"continuation_token":5,"status":"in_progress","access_token":{}}"#),
            Nothing,
            FIELD,
        ),
        (
            "error of the wrong type",
            Reply::json(400, json!({ "error": [1] })),
            Refused,
            FIELD,
        ),
        (
            "empty error",
            Reply::json(400, json!({ "error": " " })),
            Refused,
            |fault| matches!(fault, Fault::MissingField { field: "error" }),
        ),
        (
            "suberror of the wrong type",
            Reply::json(400, json!({ "error": "x", "suberror": {} })),
            Refused,
            FIELD,
        ),
        (
            "codes of the wrong type",
            Reply::json(400, json!({ "error": "x", "error_codes": "50034" })),
            Refused,
            REFUSED,
        ),
        (
            "400 without an error",
            Reply::json(400, json!({})),
            Refused,
            STATUS,
        ),
        ("400 as a page", Reply::page(400), Refused, |fault| {
            matches!(fault, Fault::UnexpectedContentType { status: 400, .. })
        }),
        ("403 of a gateway", Reply::page(403), Refused, |fault| {
            matches!(fault, Fault::UnexpectedContentType { status: 403, .. })
        }),
        (
            "418",
            Reply::json(418, json!({ "tea": true })),
            Refused,
            STATUS,
        ),
        ("429", Reply::page(429), Refused, |fault| {
            matches!(fault, Fault::Throttled { retry_after: None })
        }),
    ]
}

#[tokio::test(start_paused = true)]
async fn n23_bad_answers_at_every_endpoint() {
    for at in At::ALL {
        for (name, reply, says, is_expected) in bad_answers() {
            // A poll without a token is documented, and so is one that still goes on.
            if at == At::Poll && name == "token of the wrong type" {
                continue;
            }
            // A sign-in that is refused is an answer.
            if at == At::Token && matches!(name, "codes of the wrong type") {
                continue;
            }
            check(at, name, reply, says, is_expected).await;
        }
    }
}

async fn check(at: At, name: &str, reply: Reply, says: Says, is_expected: IsExpected) {
    let place = format!("{name} at {at:?}");
    let script = Script::new();
    if matches!(at, At::Start | At::Challenge) {
        script.order(at.path(), reply);
        let error = script.client().start(user()).await.map(|_| ()).unwrap_err();
        assert!(is_expected(error.fault()), "{place}: {error:?}");
        assert_eq!(error.sent(), Sent::Maybe, "{place}");
        script.client().start(user()).await.unwrap();
        return;
    }
    let mut reset = standing(&script, at.place()).await;
    let step = reset.step().clone();
    script.order(at.path(), reply);
    let result = at.call(&mut reset, code()).await;
    if at == At::Submit && says == Says::Nothing {
        result.unwrap();
        assert!(is_unknown(reset.step()), "{place}: {:?}", reset.step());
        let cause = reset.cause().unwrap();
        assert!(is_expected(cause.fault()), "{place}: {cause:?}");
        assert_eq!(script.count(SUBMIT), 1, "{place}");
        return;
    }
    let error = result.expect_err(&place);
    assert!(is_expected(error.fault()), "{place}: {error:?}");
    assert_eq!(
        error.sent(),
        Sent::Maybe,
        "{place}: the server has answered"
    );
    assert_eq!(error.correlation().client, reset.correlation().client);
    assert_eq!(reset.step(), &step, "{place}");
    at.call(&mut reset, code()).await.expect(&place);
    finish(&mut reset, code).await.expect(&place);
    assert!(is_changed(reset.step()), "{place}");
}

#[tokio::test(start_paused = true)]
async fn a_missing_token_leaves_nothing_to_go_on_with() {
    for body in [
        json!({}),
        json!({ "continuation_token": null }),
        json!({ "continuation_token": " " }),
    ] {
        for at in [At::Start, At::Continue, At::Submit] {
            check(
                at,
                "no token",
                Reply::json(200, body.clone()),
                Says::Nothing,
                |fault| {
                    matches!(
                        fault,
                        Fault::MissingField {
                            field: "continuation_token"
                        }
                    )
                },
            )
            .await;
        }
        check(
            At::Token,
            "no access token",
            Reply::json(200, body),
            Says::Nothing,
            |fault| {
                matches!(
                    fault,
                    Fault::MissingField {
                        field: "access_token"
                    }
                )
            },
        )
        .await;
    }
    check(
        At::Poll,
        "no status",
        Reply::json(200, json!({})),
        Says::Nothing,
        |fault| matches!(fault, Fault::MissingField { field: "status" }),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn n22_throttled_and_busy_with_the_time_to_wait() {
    const DATE: &str = "Sun, 22 Nov 2026 10:00:00 GMT";
    let waits: [(&str, Option<u64>); 8] = [
        ("120", Some(120)),
        ("0", Some(0)),
        ("Sun, 22 Nov 2026 10:01:30 GMT", Some(90)),
        ("Sun, 22 Nov 2026 09:00:00 GMT", Some(0)),
        ("999999999999999999999999", Some(86_400)),
        ("-5", None),
        ("soon", None),
        ("", None),
    ];
    for at in [At::Resend, At::Continue, At::Submit, At::Poll, At::Token] {
        for status in [429, 503] {
            for (retry_after, expected) in waits {
                let script = Script::new();
                let mut reset = standing(&script, at.place()).await;
                let step = reset.step().clone();
                let reply = Reply::page(status)
                    .with("retry-after", retry_after)
                    .with("date", DATE);
                script.order(at.path(), reply);
                let result = at.call(&mut reset, code()).await;
                let expected = expected.map(Duration::from_secs);
                if at == At::Submit && status == 503 {
                    assert!(is_unknown(reset.step()));
                    assert_eq!(reset.cause().unwrap().retry_after(), expected);
                    continue;
                }
                let error = result.unwrap_err();
                assert_eq!(
                    error.retry_after(),
                    expected,
                    "{at:?} {status} {retry_after}"
                );
                assert_eq!(
                    (error.stage(), error.remedy()),
                    (Stage::Http, Remedy::TryLater)
                );
                assert_eq!(reset.step(), &step);
            }
        }
    }
}

#[tokio::test]
async fn what_the_server_says_cannot_spoil_a_terminal() {
    let hostile = "\u{202e}in\u{1b}[2Jvalid\u{7}_\u{200f}\u{2028}thing\u{0}\u{9b}";
    let script = Script::new();
    let mut reset = standing(&script, Place::EnterCode).await;
    let long = "x".repeat(100_000);
    let body = json!({
        "error": hostile, "suberror": long, "error_description": hostile, "correlation_id": hostile,
        "error_codes": vec![1; 10_000],
    });
    script.order(CONTINUE, Reply::json(400, body));
    let error = reset.enter_code(code()).await.unwrap_err();
    let Fault::Refused { server } = error.fault() else {
        panic!("{error:?}")
    };
    assert_eq!(server.error.as_str(), "in[2Jvalid_thing");
    assert!(server.suberror.as_ref().unwrap().chars().count() <= 256);
    assert!(server.codes.len() <= 16);
    let label = json!({ "continuation_token": "t", "challenge_type": "oob", "challenge_target_label": hostile });
    let script = Script::new();
    script.order(CHALLENGE, Reply::json(200, label));
    let client = script.builder().privacy(Privacy::Tell).build().unwrap();
    let reset_told = client.start(user()).await.unwrap();
    let texts = [
        format!("{error:?} {error}"),
        format!("{reset_told:?}"),
        format!("{:?}", reset.correlation()),
        serde_json::to_string(reset_told.step()).unwrap(),
        serde_json::to_string(error.fault()).unwrap(),
    ];
    for text in texts {
        assert!(
            !text
                .chars()
                .any(|c| c.is_control() || matches!(c, '\u{202e}' | '\u{200f}' | '\u{2028}')),
            "{text:?}"
        );
        assert!(
            !text.contains("\\u{202e}") && !text.contains("\\u{1b}"),
            "{text}"
        );
    }
}

/// An exchange of the embedding program that panics is a failed exchange, and no more.
#[tokio::test(start_paused = true)]
async fn an_exchange_that_panics_is_a_lost_answer() {
    let script = Script::new();
    let mut reset = standing(&script, Place::EnterCode).await;
    script.order(CONTINUE, Reply::Panic);
    let error = reset.enter_code(code()).await.unwrap_err();
    assert!(matches!(error.fault(), Fault::ExchangeFailed { .. }));
    assert_eq!(error.sent(), Sent::Maybe);
    reset.enter_code(code()).await.unwrap();
    script.order(SUBMIT, Reply::Panic);
    reset.set_password(password()).await.unwrap();
    assert!(is_unknown(reset.step()));
    assert_eq!(script.count(SUBMIT), 1);
}
