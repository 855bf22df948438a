//! Rows N1 to N24 of the protocol's table of faults, each with the outcome it must have. N16 and N17 are in `polling`,
//! N22 and N23 in `faults`.

use serde_json::json;
use sspr::protocol::{DeviceState, MethodKind, SignInNext};
use sspr::{
    Code, Effect, Error, Fault, Message, NewPassword, Outcome, Privacy, Rejection, Remedy, Reset,
    SignIn, Stage, Step, Username, Who,
};

use crate::desk::{Place, code, is_changed, is_unknown, password, standing, standing_with, user};
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

const PASSWORD_SUBERRORS: [(&str, Rejection); 6] = [
    ("password_too_weak", Rejection::PasswordTooWeak),
    ("password_too_short", Rejection::PasswordTooShort),
    ("password_too_long", Rejection::PasswordTooLong),
    ("password_recently_used", Rejection::PasswordRecentlyUsed),
    ("password_banned", Rejection::PasswordBanned),
    ("password_is_invalid", Rejection::PasswordInvalid),
];

#[tokio::test(start_paused = true)]
async fn n11_a_password_that_the_submit_refuses() {
    for (suberror, expected) in PASSWORD_SUBERRORS {
        let script = Script::new();
        let mut reset = standing(&script, Place::NewPassword).await;
        script.order(SUBMIT, Reply::suberror("invalid_grant", suberror));
        reset.set_password(password()).await.unwrap();
        assert_eq!(reset.step().id(), "new-password");
        assert_eq!(reset.step().rejection(), Some(&expected));
        reset.set_password(password()).await.unwrap();
        reset.wait().await.unwrap();
        assert!(is_changed(reset.step()));
    }
}

#[tokio::test(start_paused = true)]
async fn n12_a_password_that_the_poll_refuses() {
    for (suberror, expected) in PASSWORD_SUBERRORS {
        let script = Script::new();
        let mut reset = standing(&script, Place::Applying).await;
        script.order(POLL, Reply::suberror("invalid_grant", suberror));
        reset.wait().await.unwrap();
        assert_eq!(reset.step().id(), "new-password");
        assert_eq!(reset.step().rejection(), Some(&expected));
        reset.set_password(password()).await.unwrap();
        reset.wait().await.unwrap();
        assert!(is_changed(reset.step()));
        assert_eq!(script.count(SUBMIT), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn n13_a_reset_that_failed() {
    let script = Script::new();
    let mut reset = standing(&script, Place::Applying).await;
    script.order(
        POLL,
        Reply::json(
            200,
            json!({ "status": "failed", "continuation_token": "after-failure" }),
        ),
    );
    reset.wait().await.unwrap();
    assert_eq!(reset.step().rejection(), Some(&Rejection::NotApplied));
    reset.set_password(password()).await.unwrap();
    assert_eq!(
        script.seen_at(SUBMIT)[1]
            .field("continuation_token")
            .as_deref(),
        Some("after-failure")
    );
    assert_eq!(reset.step(), &Step::Applying { polls: 0 });
    reset.wait().await.unwrap();
    assert!(is_changed(reset.step()));
}

#[tokio::test(start_paused = true)]
async fn n14_a_status_that_nobody_knows() {
    for word in ["done", "Succeeded", "success", "succeeded!"] {
        let script = Script::new();
        let mut reset = standing(&script, Place::Applying).await;
        script.order(
            POLL,
            Reply::json(200, json!({ "status": word, "continuation_token": "t" })),
        );
        let error = reset.wait().await.unwrap_err();
        let Fault::UnknownWord {
            field: "status",
            word: kept,
        } = error.fault()
        else {
            panic!("{error:?}")
        };
        assert_eq!(kept.as_str(), word);
        assert_eq!(error.stage(), Stage::Protocol);
        assert_eq!(reset.step().id(), "applying", "never a success");
        reset.wait().await.unwrap();
        assert!(is_changed(reset.step()), "and the next poll may still tell");
    }
}

#[tokio::test(start_paused = true)]
async fn n15_a_success_whatever_else_the_answer_holds() {
    for body in [
        json!({ "status": "succeeded" }),
        json!({ "status": " succeeded " }),
        json!({ "status": "succeeded", "continuation_token": null }),
        json!({ "status": "succeeded", "continuation_token": "" }),
        json!({ "status": "succeeded", "continuation_token": 5 }),
        json!({ "status": "succeeded", "challenge_type": "redirect" }),
        json!({ "status": "succeeded", "challenge_type": 5 }),
    ] {
        let script = Script::new();
        let mut reset = standing(&script, Place::Applying).await;
        script.order(POLL, Reply::json(200, body.clone()));
        reset.wait().await.unwrap();
        let expected = Outcome::PasswordChanged {
            device: DeviceState::NotConcerned,
            sign_in: SignInNext::Unknown,
        };
        assert_eq!(reset.step(), &Step::Finished(expected), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn n18_an_answer_to_the_submit_that_is_lost() {
    let script = Script::new();
    let mut reset = standing(&script, Place::NewPassword).await;
    script.order(SUBMIT, Reply::Lost(sspr::Sent::Maybe));
    reset.set_password(password()).await.unwrap();
    assert!(is_unknown(reset.step()));
    assert!(matches!(
        reset.cause().unwrap().fault(),
        Fault::Closed { .. }
    ));
    assert_eq!(reset.cause().unwrap().sent(), sspr::Sent::Maybe);
    assert_eq!((script.count(SUBMIT), script.count(POLL)), (1, 0));
    assert_eq!(script.seen_at(SUBMIT)[0].effect, Effect::SetsPassword);
    for error in [
        reset.set_password(password()).await.unwrap_err(),
        reset.wait().await.unwrap_err(),
    ] {
        assert!(matches!(error.fault(), Fault::Misuse { .. }));
    }
    assert_eq!(script.count(SUBMIT), 1);
}

#[tokio::test(start_paused = true)]
async fn n19_a_sign_in_that_asks_for_more() {
    let script = Script::new();
    let more = |suberror: &str| {
        Reply::json(
            400,
            json!({ "error": "invalid_grant", "suberror": suberror, "continuation_token": "more" }),
        )
    };
    type Check = fn(&SignIn) -> bool;
    let rows: [(Reply, Check); 6] = [
        (more("mfa_required"), |it| {
            matches!(it, SignIn::SecondFactorRequired)
        }),
        (more("registration_required"), |it| {
            matches!(it, SignIn::EnrolmentRequired)
        }),
        (Reply::code("invalid_grant", 50142), |it| {
            matches!(it, SignIn::PasswordChangeRequired)
        }),
        (
            Reply::error("invalid_scope"),
            |it| matches!(it, SignIn::Refused(server) if server.error.as_str() == "invalid_scope"),
        ),
        (Reply::code("expired_token", 552003), |it| {
            matches!(it, SignIn::Refused(_))
        }),
        (
            Reply::suberror("invalid_grant", "password_too_weak"),
            |it| matches!(it, SignIn::Refused(_)),
        ),
    ];
    for (reply, is_expected) in rows {
        let mut reset = standing(&script, Place::Changed).await;
        script.order(TOKEN, reply);
        let sign_in = reset.sign_in("openid").await.unwrap();
        assert!(is_expected(&sign_in), "{sign_in:?}");
        assert!(is_changed(reset.step()));
    }
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

#[tokio::test(start_paused = true)]
async fn n21_what_nobody_knows_is_kept_verbatim() {
    for at in [CONTINUE, SUBMIT, POLL] {
        let script = Script::new();
        let place = match at {
            CONTINUE => Place::EnterCode,
            SUBMIT => Place::NewPassword,
            _ => Place::Applying,
        };
        let mut reset = standing(&script, place).await;
        let step = reset.step().clone();
        let body = json!({ "error": "slow_down", "suberror": "brand_new", "error_codes": [-7, 123456789, "x", 1.5] });
        script.order(at, Reply::json(400, body));
        let error = match at {
            CONTINUE => reset.enter_code(code()).await,
            SUBMIT => reset.set_password(password()).await,
            _ => reset.wait().await,
        }
        .unwrap_err();
        let Fault::Refused { server } = error.fault() else {
            panic!("{error:?}")
        };
        assert_eq!(server.error.as_str(), "slow_down");
        assert_eq!(server.suberror.as_deref(), Some("brand_new"));
        assert_eq!(server.codes, [-7, 123456789]);
        assert_eq!(error.message_id(), "fault-refused");
        assert_eq!(reset.step(), &step);
    }
}

#[tokio::test]
async fn n24_what_is_refused_before_it_is_sent() {
    let script = Script::new();
    let client = script.builder().privacy(Privacy::Tell).build().unwrap();
    let mut reset = standing_with(&client, Place::EnterCode).await;
    for text in [
        "",
        "   ",
        "12-34",
        "12\u{7}34",
        "１２３４é",
        "12\u{200b}34",
        &"1".repeat(65),
    ] {
        reset.enter_code(Code::new(text)).await.unwrap();
        assert_eq!(
            reset.step().rejection(),
            Some(&Rejection::UnreadableCode),
            "{text:?}"
        );
    }
    assert_eq!(script.count(CONTINUE), 0);
    reset
        .enter_code(Code::new("１２ ３４\u{3000}５６\t７８"))
        .await
        .unwrap();
    assert_eq!(
        script.seen_at(CONTINUE)[0].field("oob").as_deref(),
        Some("12345678")
    );
    for (text, expected) in [
        ("", Rejection::PasswordTooShort),
        ("Short-1", Rejection::PasswordTooShort),
        ("Ünicode-123", Rejection::PasswordCharacters),
        ("Tab\tTab-123", Rejection::PasswordCharacters),
        ("ｆｕｌｌＷＩＤＴＨ1", Rejection::PasswordCharacters),
        (&"aB3-".repeat(65), Rejection::PasswordTooLong),
    ] {
        reset.set_password(NewPassword::new(text)).await.unwrap();
        assert_eq!(reset.step().rejection(), Some(&expected), "{text:?}");
    }
    assert_eq!(script.count(SUBMIT), 0);
    for name in [
        "adele\u{0}@contoso.com",
        "adele\r\n@contoso.com",
        "a\u{202e}b@contoso.com",
        "adele@contoso.com\u{7f}",
    ] {
        let error = Username::parse(name).map(|_| ()).unwrap_err();
        assert_eq!(error.stage(), Stage::Local);
        assert!(!format!("{error:?} {error}").contains("contoso"));
    }
}
