//! Rows N11 to N15, N18, N19, N21 and N24 of the protocol's table of faults: from the new password on, and whatever is not
//! bound to a step. N16 and N17 are in `polling`, N22 and N23 in `faults`.

use serde_json::json;
use sspr::protocol::{DeviceState, SignInNext};
use sspr::{
    Code, Effect, Fault, Message, NewPassword, Outcome, Privacy, Rejection, Sent, SignIn, Stage,
    Step, Username,
};

use crate::desk::{Place, code, is_changed, is_unknown, password, standing, standing_with};
use crate::script::{CONTINUE, POLL, Reply, SUBMIT, Script, TOKEN};

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
    script.order(SUBMIT, Reply::Lost(Sent::Maybe));
    reset.set_password(password()).await.unwrap();
    assert!(is_unknown(reset.step()));
    assert!(matches!(
        reset.cause().unwrap().fault(),
        Fault::Closed { .. }
    ));
    assert_eq!(reset.cause().unwrap().sent(), Sent::Maybe);
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
