//! Rows N1 to N10, and N20, of the protocol's table of faults: up to the new password. Each with the outcome it must have.

use serde_json::json;
use sspr::protocol::MethodKind;
use sspr::{Error, Fault, Outcome, Privacy, Rejection, Remedy, Reset, SignIn, Stage, Step, Who};

use crate::desk::{Place, code, is_changed, password, standing, user};
use crate::script::{CHALLENGE, CONTINUE, POLL, Reply, START, SUBMIT, Script, TOKEN};

async fn start_with(privacy: Privacy, at: &'static str, reply: Reply) -> Result<Reset, Error> {
    let script = Script::new();
    script.order(at, reply);
    script
        .builder()
        .privacy(privacy)
        .build()
        .unwrap()
        .start(user())
        .await
}

async fn hidden(at: &'static str, reply: Reply) -> Reset {
    start_with(Privacy::Hide, at, reply).await.unwrap()
}

async fn told(at: &'static str, reply: Reply) -> Error {
    start_with(Privacy::Tell, at, reply)
        .await
        .map(|_| ())
        .unwrap_err()
}

/// Codes are asked for as from anyone, and refused three times.
async fn assert_declines(mut reset: Reset) {
    for _ in 0..3 {
        assert!(matches!(
            reset.step(),
            Step::EnterCode {
                kind: None,
                hint: None,
                code_length: None,
                can_resend: true,
                ..
            }
        ));
        reset.enter_code(code()).await.unwrap();
    }
    assert_eq!(reset.step(), &Step::Finished(Outcome::Declined));
}

#[tokio::test]
async fn n1_an_unknown_account() {
    let reply = || Reply::code("user_not_found", 50034);
    assert_declines(hidden(START, reply()).await).await;
    assert_declines(hidden(CHALLENGE, reply()).await).await;
    let error = told(START, reply()).await;
    let Fault::AccountNotFound { server } = error.fault() else {
        panic!("{error:?}")
    };
    assert_eq!(
        (server.error.as_str(), &server.codes[..]),
        ("user_not_found", &[50034][..])
    );
    assert_eq!(error.stage(), Stage::Account);
}

#[tokio::test]
async fn n2_an_account_without_a_password() {
    let reply = || Reply::code("invalid_request", 500222);
    assert_declines(hidden(START, reply()).await).await;
    let error = told(START, reply()).await;
    assert!(matches!(error.fault(), Fault::NothingToReset { .. }));
    assert_eq!(error.stage(), Stage::Account);
    assert_eq!(error.remedy(), Remedy::AskHelpDesk);
}

#[tokio::test]
async fn n3_a_challenge_type_that_is_not_supported() {
    for at in [START, CHALLENGE] {
        for reply in [
            Reply::code("unsupported_challenge_type", 901007),
            Reply::error("unsupported_challenge_type"),
            Reply::code("invalid_request", 901007),
        ] {
            let error = start_with(Privacy::Hide, at, reply)
                .await
                .map(|_| ())
                .unwrap_err();
            assert!(
                matches!(error.fault(), Fault::ChallengeTypeRefused { .. }),
                "{error:?}"
            );
            assert_eq!(error.stage(), Stage::Configuration);
        }
    }
}

#[tokio::test]
async fn n4_an_application_that_is_not_enabled() {
    for reply in [
        Reply::suberror("invalid_client", "nativeauthapi_disabled"),
        Reply::error("invalid_client"),
        Reply::error("unauthorized_client"),
    ] {
        for at in [START, CHALLENGE] {
            let error = start_with(Privacy::Hide, at, reply.clone())
                .await
                .map(|_| ())
                .unwrap_err();
            assert!(
                matches!(error.fault(), Fault::ApplicationRefused { .. }),
                "{error:?}"
            );
            assert_eq!(error.stage(), Stage::Configuration);
            assert_eq!(error.remedy().who(), Who::Administrator);
        }
        let script = Script::new();
        let mut reset = standing(&script, Place::EnterCode).await;
        script.order(CONTINUE, reply);
        let error = reset.enter_code(code()).await.unwrap_err();
        assert_eq!(error.stage(), Stage::Configuration);
        assert_eq!(reset.step().id(), "enter-code");
    }
}

#[tokio::test(start_paused = true)]
async fn n5_a_redirect_at_any_step() {
    let assert_browser = |reset: &Reset| {
        let Step::UseBrowser(handoff) = reset.step() else {
            panic!("{:?}", reset.step())
        };
        assert_eq!(handoff.reason.as_deref(), Some("policy says so"));
        assert_eq!(handoff.url, None, "never a page that nobody named");
    };
    for at in [START, CHALLENGE] {
        assert_browser(&hidden(at, Reply::redirect()).await);
    }
    let script = Script::new();
    for at in [CHALLENGE, CONTINUE, SUBMIT, POLL] {
        let place = match at {
            SUBMIT => Place::NewPassword,
            POLL => Place::Applying,
            _ => Place::EnterCode,
        };
        let mut reset = standing(&script, place).await;
        script.order(at, Reply::redirect());
        match at {
            CHALLENGE => reset.resend_code().await,
            CONTINUE => reset.enter_code(code()).await,
            SUBMIT => reset.set_password(password()).await,
            _ => reset.wait().await,
        }
        .unwrap();
        assert_browser(&reset);
        assert!(reset.step().answers().is_empty());
    }
    let mut reset = standing(&script, Place::Changed).await;
    script.order(TOKEN, Reply::redirect());
    let SignIn::UseBrowser(handoff) = reset.sign_in("openid").await.unwrap() else {
        panic!()
    };
    assert_eq!(handoff.reason.as_deref(), Some("policy says so"));
    assert!(is_changed(reset.step()));
}

#[tokio::test]
async fn n6_a_challenge_type_that_nobody_knows() {
    let reply = Reply::json(
        200,
        json!({ "continuation_token": "t", "challenge_type": " carrier_pigeon " }),
    );
    let error = start_with(Privacy::Hide, CHALLENGE, reply)
        .await
        .map(|_| ())
        .unwrap_err();
    let Fault::UnknownWord {
        field: "challenge_type",
        word,
    } = error.fault()
    else {
        panic!("{error:?}")
    };
    assert_eq!(word.as_str(), "carrier_pigeon");
    assert_eq!(error.stage(), Stage::Protocol);
}

#[tokio::test]
async fn n7_a_channel_that_nobody_knows_and_stray_blanks() {
    let challenged = |channel: &str| {
        Reply::json(
            200,
            json!({
                "continuation_token": "t", "challenge_type": "oob ", "binding_method": " telepathy",
                "challenge_channel": channel, "challenge_target_label": " c***r@co**o**o.com ", "code_length": 6,
            }),
        )
    };
    for (channel, expected) in [
        (" email ", MethodKind::Email),
        ("pigeon ", MethodKind::Other("pigeon".into())),
    ] {
        let reset = start_with(Privacy::Tell, CHALLENGE, challenged(channel))
            .await
            .unwrap();
        let Step::EnterCode {
            kind,
            hint,
            code_length,
            ..
        } = reset.step()
        else {
            panic!()
        };
        assert_eq!(kind.as_ref(), Some(&expected));
        assert_eq!(hint.as_deref(), Some("c***r@co**o**o.com"));
        assert_eq!(*code_length, Some(6));
    }
}

#[tokio::test]
async fn n8_a_code_length_that_cannot_be() {
    for length in [
        json!(null),
        json!(0),
        json!(-8),
        json!(1e300),
        json!(u64::MAX),
        json!(65),
        json!("8"),
        json!([8]),
        json!(8.5),
    ] {
        let mut body =
            json!({ "continuation_token": "t", "challenge_type": "oob", "code_length": length });
        let reset = start_with(Privacy::Tell, CHALLENGE, Reply::json(200, body.clone()))
            .await
            .unwrap();
        assert!(
            matches!(
                reset.step(),
                Step::EnterCode {
                    code_length: None,
                    ..
                }
            ),
            "{length}"
        );
        body.as_object_mut().unwrap().remove("code_length");
        let reset = start_with(Privacy::Tell, CHALLENGE, Reply::json(200, body))
            .await
            .unwrap();
        assert!(matches!(
            reset.step(),
            Step::EnterCode {
                code_length: None,
                ..
            }
        ));
    }
}

#[tokio::test]
async fn n9_a_wrong_code_and_the_newest_token() {
    for (brings_token, expected) in [(false, "token-2"), (true, "fresh")] {
        let script = Script::new();
        let mut reset = standing(&script, Place::EnterCode).await;
        let mut body = json!({ "error": "invalid_grant", "suberror": "invalid_oob_value", "error_codes": [50181] });
        if brings_token {
            body["continuation_token"] = json!("fresh");
        }
        script.order(CONTINUE, Reply::json(400, body));
        reset.enter_code(code()).await.unwrap();
        assert!(matches!(
            reset.step(),
            Step::EnterCode {
                rejection: Some(Rejection::WrongCode),
                ..
            }
        ));
        reset.enter_code(code()).await.unwrap();
        assert_eq!(
            script.seen_at(CONTINUE)[1]
                .field("continuation_token")
                .as_deref(),
            Some(expected)
        );
        assert_eq!(reset.step().id(), "new-password");
    }
}

#[tokio::test(start_paused = true)]
async fn n10_a_token_that_has_expired() {
    let script = Script::new();
    for reply in [
        Reply::code("expired_token", 552003),
        Reply::error("expired_token"),
        Reply::code("invalid_request", 55200),
        Reply::code("invalid_grant", 552003),
    ] {
        for at in [CHALLENGE, CONTINUE, SUBMIT, POLL] {
            let place = match at {
                SUBMIT => Place::NewPassword,
                POLL => Place::Applying,
                _ => Place::EnterCode,
            };
            let mut reset = standing(&script, place).await;
            script.order(at, reply.clone());
            match at {
                CHALLENGE => reset.resend_code().await,
                CONTINUE => reset.enter_code(code()).await,
                SUBMIT => reset.set_password(password()).await,
                _ => reset.wait().await,
            }
            .unwrap();
            assert_eq!(reset.step(), &Step::Finished(Outcome::Expired), "{at}");
        }
    }
    let reset = hidden(CHALLENGE, Reply::code("expired_token", 552003)).await;
    assert_eq!(reset.step(), &Step::Finished(Outcome::Expired));
}

#[tokio::test]
async fn n20_a_contact_of_bad_repute() {
    let error = told(
        CHALLENGE,
        Reply::suberror("access_denied", "provider_blocked_by_rep"),
    )
    .await;
    assert!(matches!(error.fault(), Fault::ContactRefused { .. }));
    assert_eq!(error.remedy(), Remedy::AskHelpDesk);
    let script = Script::new();
    let mut reset = standing(&script, Place::EnterCode).await;
    script.order(
        CHALLENGE,
        Reply::suberror("access_denied", "provider_blocked_by_rep"),
    );
    let error = reset.resend_code().await.unwrap_err();
    assert!(matches!(error.fault(), Fault::ContactRefused { .. }));
    assert_eq!(reset.step().id(), "enter-code");
}
