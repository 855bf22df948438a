//! Rows D1 to D6 of the protocol's table of faults, each with the outcome it must have. D7 is in `codes`.

use std::time::Duration;

use serde_json::json;
use sspr::protocol::SignInNext;
use sspr::{Fault, Outcome, Privacy, Rejection, Stage, Step};

use crate::desk::{
    applying, browser_reason, current, finish, is_changed, is_unknown, opened, pass, password,
    signed_in, words,
};
use crate::script::{
    AUTHORITY, BEGIN, END, LOGIN, ORIGIN, POLL, Reply, Script, change_page, error_message, job,
    refused, sign_in_page, signed_in_at,
};

#[tokio::test]
async fn d1_another_page_is_for_a_browser() {
    let mut other = change_page();
    other["pgid"] = json!("ConvergedTFA");
    let mut nameless = change_page();
    nameless.as_object_mut().unwrap().remove("pgid");
    for (reply, reason) in [
        (Reply::page(other), Some("ConvergedTFA")),
        (Reply::page(nameless), None),
        (
            Reply::redirect("https://sts.fabrikam.example/adfs/ls?x=1"),
            Some("sts.fabrikam.example"),
        ),
        (
            Reply::redirect("/common/oauth2/nativeclient?code=c"),
            Some("login.contoso.example"),
        ),
    ] {
        let script = Script::with(LOGIN, reply);
        let mut reset = opened(&script, Privacy::Hide).await;
        reset.enter_current_password(current()).await.unwrap();
        assert_eq!(browser_reason(reset.step()), reason);
        let Step::UseBrowser(handoff) = reset.step() else {
            panic!()
        };
        assert_eq!(handoff.url.as_ref().unwrap().as_str(), AUTHORITY);
        assert_eq!(script.seen().len(), 2, "nothing is followed");
    }
}

#[tokio::test]
async fn d2_a_begin_that_says_error_without_pending_is_never_a_success() {
    for is_pending in [json!(false), json!(true), json!(null)] {
        let mut body = error_message("You cannot use that password.");
        body["IsJobPending"] = is_pending;
        let script = Script::with(BEGIN, Reply::json(body));
        let mut reset = signed_in(&script).await;
        reset.set_password(password()).await.unwrap();
        assert_eq!(reset.step().id(), "new-password");
        assert_eq!(words(reset.step()), "You cannot use that password.");
        assert!(script.seen_at(END).is_empty() && script.seen_at(POLL).is_empty());

        // Another one goes out with the tokens of the page, not with those of the refusal.
        finish(&mut reset).await.unwrap();
        assert!(is_changed(reset.step()));
        let begun = script.seen_at(BEGIN);
        assert_eq!(begun.len(), 2);
        assert!(begun[1].body.contains("\"FlowToken\":\"flow-2\""));
    }
}

#[tokio::test]
async fn d3_a_poll_that_says_error() {
    let script = Script::with(POLL, Reply::json(job(true)));
    script.order(POLL, Reply::json(error_message("Not this one.")));
    let mut reset = applying(&script).await;
    reset.wait().await.unwrap();
    assert_eq!(reset.step(), &Step::Applying { polls: 1 });
    reset.wait().await.unwrap();
    assert_eq!(words(reset.step()), "Not this one.");
    assert!(script.seen_at(END).is_empty());
}

#[tokio::test(start_paused = true)]
async fn d4_a_poll_without_end() {
    let script = Script::new();
    script.always(POLL, Reply::json(job(true)));
    let mut reset = applying(&script).await;
    let begun = tokio::time::Instant::now();
    finish(&mut reset).await.unwrap();
    assert!(is_unknown(reset.step()));
    assert_eq!(begun.elapsed().as_secs(), 300);
    let polls = script.seen_at(POLL).len();
    assert!((299..=302).contains(&polls), "one in a second: {polls}");
    assert!(script.seen_at(END).is_empty());
}

#[tokio::test]
async fn d5_a_change_page_that_cannot_be_used() {
    let keys = [
        "sFT",
        "sCtx",
        "canary",
        "urlPost",
        "urlAsyncSsprBegin",
        "urlAsyncSsprPoll",
    ];
    for key in keys {
        for value in [None, Some(json!(null)), Some(json!(7)), Some(json!(""))] {
            let mut config = change_page();
            match &value {
                Some(value) => config[key] = value.clone(),
                None => _ = config.as_object_mut().unwrap().remove(key),
            }
            let script = Script::with(LOGIN, Reply::page(config));
            let mut reset = opened(&script, Privacy::Hide).await;
            reset.enter_current_password(current()).await.unwrap();
            assert_eq!(reset.step().id(), "use-browser", "{key} {value:?}");
            let stage = reset.cause().unwrap().stage();
            assert_eq!(stage, Stage::Protocol, "{key} {value:?}");
            assert_eq!(script.seen().len(), 2);
        }
    }
}

#[tokio::test]
async fn d5_addresses_elsewhere_are_refused() {
    for key in ["urlPost", "urlAsyncSsprBegin", "urlAsyncSsprPoll"] {
        for address in [
            "https://evil.example/common/SSPR/Begin",
            "//evil.example/x",
            "http://login.contoso.example/x",
            "https://login.contoso.example:444/x",
            "https://login.contoso.example@evil.example/x",
            "https://a:b@login.contoso.example/x",
            "https://login.contoso.example.evil.example/x",
            "javascript:alert(1)",
            "data:text/html,x",
            "/common\\SSPR",
            "/x\ty",
            "/x#y",
        ] {
            let mut config = change_page();
            config[key] = json!(address);
            let script = Script::with(LOGIN, Reply::page(config));
            let mut reset = opened(&script, Privacy::Hide).await;
            reset.enter_current_password(current()).await.unwrap();
            assert_eq!(reset.step().id(), "use-browser", "{key} {address}");
            let cause = reset.cause().unwrap();
            assert_eq!(cause.stage(), Stage::Protocol, "{key} {address}");
            assert_eq!(script.seen().len(), 2, "{key} {address}");
        }
    }
    // The same for the first page, which has no attempt yet.
    let mut config = sign_in_page();
    config["urlPost"] = json!("https://evil.example/login");
    let script = Script::with(crate::script::OPEN, Reply::page(config));
    let started = script
        .client(Privacy::Hide)
        .start(crate::desk::user())
        .await;
    let error = started.map(|_| ()).unwrap_err();
    assert!(matches!(error.fault(), Fault::LinkRefused { .. }));
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test]
async fn success_needs_the_end_to_say_so() {
    let ok = |script: &Script| signed_in_at(&script.state());
    let mut next = sign_in_page();
    next["pgid"] = json!("KmsiInterrupt");
    let coded = |code: &str| {
        let mut page = sign_in_page();
        page["pgid"] = json!("ConvergedTFA");
        page["sErrorCode"] = json!(code);
        Reply::page(page)
    };
    let texted = {
        let mut page = next.clone();
        page["sErrTxt"] = json!("Something went wrong.");
        page
    };
    let bare = json!({ "pgid": "ConvergedError" });
    let elsewhere = "https://evil.example/common/oauth2/nativeclient?code=c&state=";
    for (name, reply, expected) in [
        ("a code", None, Some(SignInNext::Unknown)),
        (
            "next page",
            Some(Reply::page(next)),
            Some(SignInNext::Unknown),
        ),
        (
            "goes on at the origin",
            Some(Reply::redirect("/common/reprocess?ctx=1")),
            Some(SignInNext::Unknown),
        ),
        (
            "a factor",
            Some(coded("50076")),
            Some(SignInNext::SecondFactor),
        ),
        (
            "enrolment",
            Some(coded("50079")),
            Some(SignInNext::Enrolment),
        ),
        ("unknown code", Some(coded("4711")), None),
        ("a text", Some(Reply::page(texted)), None),
        ("the sign-in page", Some(Reply::page(sign_in_page())), None),
        ("the change page", Some(Reply::page(change_page())), None),
        ("no way to go on", Some(Reply::page(bare)), None),
        ("refused", Some(Reply::page(refused(50126))), None),
        ("to the page before", Some(Reply::redirect(LOGIN)), None),
        ("elsewhere", Some(Reply::redirect(elsewhere)), None),
        ("no location", Some(Reply::html("").status(302)), None),
        (
            "another's code",
            Some(Reply::redirect(&signed_in_at("other"))),
            None,
        ),
        (
            "an error",
            Some(Reply::redirect(
                "/common/oauth2/nativeclient?error=x&code=c",
            )),
            None,
        ),
        (
            "an error on the way",
            Some(Reply::redirect("/common/reprocess?error=x")),
            None,
        ),
        ("no page", Some(Reply::html("<html></html>")), None),
        ("JSON", Some(Reply::json(json!({ "ok": true }))), None),
        ("429", Some(Reply::html("").status(429)), None),
        ("500", Some(Reply::html("").status(500)), None),
        ("404", Some(Reply::html("").status(404)), None),
    ] {
        let script = Script::new();
        let mut reset = applying(&script).await;
        script.order(END, reply.unwrap_or_else(|| Reply::redirect(&ok(&script))));
        finish(&mut reset).await.unwrap();
        match (reset.step(), expected) {
            (Step::Finished(Outcome::PasswordChanged { sign_in, .. }), Some(expected)) => {
                assert_eq!(*sign_in, expected, "{name}");
            }
            (step, None) => {
                assert!(is_unknown(step), "{name}: {step:?}");
                assert!(reset.cause().is_some(), "{name}");
            }
            (step, _) => panic!("{name}: {step:?}"),
        }
        assert_eq!(script.seen_at(END).len(), 1, "{name}: sent once");
    }
}

#[tokio::test]
async fn an_end_that_refuses_the_password() {
    let mut page = change_page();
    page["iErrorCode"] = json!(120002);
    let script = Script::with(END, Reply::page(page));
    let mut reset = applying(&script).await;
    finish_once(&mut reset).await;
    assert_eq!(reset.step().rejection(), Some(&Rejection::PasswordTooWeak));
}

async fn finish_once(reset: &mut sspr::Reset) {
    reset.wait().await.unwrap();
}

#[tokio::test]
async fn a_begin_whose_job_is_done_at_once() {
    let script = Script::with(BEGIN, Reply::json(job(false)));
    let mut reset = signed_in(&script).await;
    reset.set_password(password()).await.unwrap();
    assert!(is_changed(reset.step()));
    assert!(script.seen_at(POLL).is_empty());
}

#[tokio::test]
async fn answers_of_begin_that_prove_nothing() {
    let bodies = [
        json!({}),
        json!({ "IsJobPending": null }),
        json!({ "IsJobPending": "false" }),
        json!({ "IsJobPending": 0 }),
        json!({ "IsJobPending": true, "Ctx": 7 }),
        json!({ "IsJobPending": true, "Ctx": "" }),
        json!({ "IsJobPending": true, "CoupledDataCenter": "x".repeat(300) }),
        json!({ "IsJobPending": false, "ErrorMessage": { "text": "no" } }),
    ];
    let replies = bodies.into_iter().map(Reply::json).chain([
        Reply::html("<html></html>"),
        Reply::json(job(true)).status(503),
        Reply::json(json!([true])),
        Reply::redirect("https://evil.example/"),
    ]);
    for reply in replies {
        let name = format!("{reply:?}");
        let script = Script::with(BEGIN, reply);
        let mut reset = signed_in(&script).await;
        reset.set_password(password()).await.unwrap();
        assert!(is_unknown(reset.step()), "{name}");
        assert!(reset.cause().is_some(), "{name}");
        assert_eq!(script.seen().len(), 3, "{name}");
    }
}

#[tokio::test]
async fn a_begin_that_was_not_carried_out() {
    for status in [400, 403, 404, 429] {
        let script = Script::with(BEGIN, Reply::html("<html></html>").status(status));
        let mut reset = signed_in(&script).await;
        reset.set_password(password()).await.unwrap_err();
        assert_eq!(reset.step().id(), "new-password");
        finish(&mut reset).await.unwrap();
        assert!(is_changed(reset.step()));
    }
}

#[tokio::test]
async fn a_poll_that_cannot_be_read_is_asked_again() {
    let script = Script::new();
    for reply in [
        Reply::json(json!({})),
        Reply::html("<html></html>").status(502),
        Reply::json(json!({ "IsJobPending": "no" })),
    ] {
        script.order(POLL, reply);
    }
    let mut reset = applying(&script).await;
    for _ in 0..3 {
        pass(Duration::from_secs(2)).await;
        reset.wait().await.unwrap_err();
        assert_eq!(reset.step().id(), "applying");
    }
    pass(Duration::from_secs(2)).await;
    reset.wait().await.unwrap();
    assert!(is_changed(reset.step()));
    assert_eq!(script.seen_at(BEGIN).len(), 1);
    assert!(
        script
            .seen()
            .iter()
            .all(|seen| seen.url.as_str().starts_with(ORIGIN))
    );
}
