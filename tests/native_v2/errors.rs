//! Both shapes of an error, answers that are none, and whatever is not bound to a step.

use std::time::Duration;

use serde_json::json;
use sspr::mock::{Endpoint, Fault as Ordered, Tenant};
use sspr::{Fault, Outcome, Privacy, Stage, Step};

use crate::desk::{At, Called, USER, client_for, is_unknown, sent_code, user};
use crate::script::{ENTRY, Reply, Script, challenged, email, polling, started, verified};

/// What became of a call that was answered so, at every place.
async fn everywhere(reply: &Reply, look: impl Fn(At, Called)) {
    for at in At::ALL {
        let script = Script::new();
        script.order(at.path(), reply.clone());
        look(at, at.call(&script, Privacy::Tell).await);
    }
}

#[tokio::test]
async fn an_error_is_kept_verbatim_in_either_shape() {
    let nasty = "brand\u{7}\u{202e}New ";
    let inner = json!({ "code": "andSoOn", "details": [{ "attributeIds": ["a"] }] });
    let hal = json!({ "error": {
        "code": nasty, "message": USER, "innerError": inner, "correlationId": "c",
    } });
    let flat = json!({
        "error": nasty, "suberror": "andSoOn", "error_codes": [1, "x", 2],
        "error_description": USER,
    });
    for (body, expected) in [(hal, "brandNew/andSoOn"), (flat, "brandNew/andSoOn 1,2")] {
        for status in [400, 401, 403, 404, 200] {
            everywhere(
                &Reply::json(status, body.clone()),
                |at, (reset, step, result)| {
                    let error = result.unwrap_err();
                    let Fault::Refused { server } = error.fault() else {
                        panic!("{at:?}: {error:?}")
                    };
                    assert_eq!(server.to_string(), expected, "{at:?}");
                    assert_eq!(error.stage(), Stage::Protocol);
                    assert!(!format!("{error:?} {error}").contains("adele"), "{error:?}");
                    assert_eq!(reset.map(|reset| reset.step().clone()), step, "{at:?}");
                },
            )
            .await;
        }
    }
}

#[tokio::test]
async fn the_correlation_id_of_an_error_in_either_shape() {
    let hal = json!({ "error": { "code": "x", "correlationId": "from-the-body" } });
    let flat = json!({ "error": "x", "correlation_id": "from-the-body" });
    for body in [hal, flat] {
        for (reply, expected) in [
            (Reply::json(400, body.clone()), "from-the-body"),
            (
                Reply::json(400, body).with("x-ms-request-id", "from-the-head"),
                "from-the-head",
            ),
        ] {
            everywhere(&reply, |_, (.., result)| {
                let error = result.unwrap_err();
                assert_eq!(error.correlation().server.as_deref(), Some(expected));
            })
            .await;
        }
    }
}

#[tokio::test]
async fn expiry_ends_the_attempt() {
    for reply in [
        Reply::flat("expired_token", "", &[552003]),
        Reply::flat("invalid_request", "", &[55200]),
        Reply::hal("expiredToken", ""),
        Reply::hal("invalidGrant", "expiredToken"),
    ] {
        everywhere(&reply, |at, (reset, _, result)| {
            result.unwrap();
            let step = reset.unwrap().step().clone();
            assert_eq!(step, Step::Finished(Outcome::Expired), "{at:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn throttled_and_not_available() {
    for (status, header, expected) in [
        (429, None, None),
        (429, Some("120"), Some(Duration::from_secs(120))),
        (503, Some("7"), Some(Duration::from_secs(7))),
        (500, None, None),
    ] {
        let mut reply = Reply::body(status, "<html>").with("content-type", "text/html");
        if let Some(seconds) = header {
            reply = reply.with("retry-after", seconds);
        }
        everywhere(&reply, |at, (reset, step, result)| {
            let reset = reset.as_ref();
            // A gateway may have said so after the service had acted.
            if at == At::Update && status >= 500 {
                assert!(is_unknown(reset.unwrap().step()));
                return;
            }
            let error = result.unwrap_err();
            assert_eq!(error.retry_after(), expected, "{at:?} {status}");
            assert_eq!(reset.map(|reset| reset.step().clone()), step, "{at:?}");
        })
        .await;
    }
}

/// Row N23 of V1, as far as it is about JSON. What cannot be read proves nothing: after the new password, the end is not
/// known.
#[tokio::test]
async fn answers_that_are_none() {
    let json = |text: &str| Reply::body(200, text);
    let token = r#"{"continuationToken":"t","continuationToken":"u","action":"verify"}"#;
    let deep = format!(
        r#"{{"continuationToken":"t","_links":{}}}"#,
        "[".repeat(200)
    );
    let bad = [
        json(""),
        json("null"),
        json("[]"),
        json(r#"["t"]"#),
        json("{"),
        json("{} {}"),
        json(token),
        json(&deep),
        json("\u{feff}{}"),
        Reply::body(200, b"{\"action\":\"\xff\"}".to_vec()),
        json("{}"),
        json(r#"{"continuationToken":""}"#),
        json(r#"{"continuationToken":7}"#),
        json(r#"{"continuationToken":"t","action":7}"#),
        json(r#"{"continuationToken":"t","action":["verify"]}"#),
        json(r#"{"error":{}}"#),
        json(r#"{"error":7}"#),
        json(r#"{"error":{"code":{"code":"x"}}}"#),
        json("<html></html>").with("content-type", "text/html"),
        json("{}").with("content-type", "application/hal"),
        json("{}").with("content-type", "text/hal+json"),
        Reply::body(302, "").with("location", "https://evil.example/"),
    ];
    for (index, reply) in bad.iter().enumerate() {
        everywhere(reply, |at, (reset, step, result)| {
            let reset = reset.as_ref();
            if at == At::Update {
                assert!(is_unknown(reset.unwrap().step()), "{index}");
                assert!(reset.unwrap().cause().is_some());
                return;
            }
            // A poll that brings no token goes on with the one before, and still needs a word.
            let error = result.expect_err(&format!("{index} at {at:?}"));
            assert!(matches!(error.stage(), Stage::Protocol | Stage::Http));
            assert_eq!(reset.map(|reset| reset.step().clone()), step, "{at:?}");
        })
        .await;
    }
    for reply in [json("{}"), json("{"), json("[]")] {
        let script = Script::new();
        script.order(ENTRY, reply);
        let started = script.client(Privacy::Hide).start(user()).await;
        assert_eq!(started.map(|_| ()).unwrap_err().stage(), Stage::Protocol);
    }
}

/// What the server adds is passed over.
#[tokio::test]
async fn unknown_fields_are_passed_over() {
    for (at, body) in [
        (At::Start, started("t", &[email()])),
        (At::Challenge, challenged("t")),
        (At::Resend, challenged("t")),
        (At::Verify, verified("t")),
        (At::Update, polling("t")),
        (At::Poll, polling("t")),
    ] {
        let mut body = body;
        body["newInVersion9"] = json!({ "deep": [1, 2, { "er": null }] });
        body["_links"]["about"] = json!({ "href": "https://elsewhere.example/help" });
        let script = Script::new();
        script.order(at.path(), Reply::json(200, body));
        let (.., result) = at.call(&script, Privacy::Tell).await;
        result.unwrap();
    }
}

#[tokio::test]
async fn answers_over_a_real_connection_that_are_too_large_or_moved() {
    type Order = fn(Ordered) -> Ordered;
    type IsExpected = fn(&Fault) -> bool;
    let bad: [(Order, IsExpected); 4] = [
        (
            |fault| fault.body("{}").padded_to(10 << 20),
            |fault| matches!(fault, Fault::TooLarge { .. }),
        ),
        (
            |fault| fault.body("{}").padded_to(10 << 20).chunked(),
            |fault| matches!(fault, Fault::TooLarge { .. }),
        ),
        (
            |fault| {
                let fault = fault.status(307);
                fault.header("Location", "https://evil.example/")
            },
            |fault| matches!(fault, Fault::RedirectRefused { .. }),
        ),
        (
            |fault| fault.raw("SSH-2.0-OpenSSH_9.9\r\n"),
            |fault| matches!(fault, Fault::NotHttp { .. }),
        ),
    ];
    for (order, is_expected) in bad {
        for endpoint in [
            Endpoint::AuthorizeChallenge,
            Endpoint::V2Start,
            Endpoint::V2Challenge,
        ] {
            let tenant = Tenant::start().unwrap();
            tenant.order(order(Ordered::at(endpoint)));
            let started = client_for(&tenant, Privacy::Hide).start(user()).await;
            let error = started.map(|_| ()).unwrap_err();
            assert!(is_expected(error.fault()), "{endpoint:?}: {error:?}");
        }
        let tenant = Tenant::start().unwrap();
        let client = client_for(&tenant, Privacy::Hide);
        let mut reset = client.start(user()).await.unwrap();
        tenant.order(order(Ordered::at(Endpoint::V2Verify)));
        let error = reset.enter_code(sent_code(&tenant)).await.unwrap_err();
        assert!(is_expected(error.fault()), "{error:?}");
        assert_eq!(reset.step().id(), "enter-code");
    }
}

/// The mock's own words for what goes wrong in the ordinary way.
#[tokio::test]
async fn a_tenant_that_expires_throttles_and_refuses() {
    let tenant = Tenant::builder().codes_per_hour(1).start().unwrap();
    let client = client_for(&tenant, Privacy::Hide);
    let mut reset = client.start(user()).await.unwrap();
    let error = reset.resend_code().await.unwrap_err();
    assert!(matches!(error.fault(), Fault::Throttled { .. }));
    assert_eq!(reset.step().id(), "enter-code");
    tenant.expire_tokens();
    reset.enter_code(sent_code(&tenant)).await.unwrap();
    assert_eq!(reset.step(), &Step::Finished(Outcome::Expired));

    let tenant = Tenant::builder().native_auth_disabled().start().unwrap();
    let started = client_for(&tenant, Privacy::Hide).start(user()).await;
    let error = started.map(|_| ()).unwrap_err();
    assert!(matches!(error.fault(), Fault::ApplicationRefused { .. }));
}
