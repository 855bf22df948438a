//! Pages that are not what they should be: out of order, for other origins, with other questions. The password goes to none.

use serde_json::json;
use sspr::{Code, Fault, Outcome, Privacy, Rejection, Reset, Step};

use crate::desk::{PASSWORD, password, user};
use crate::script::{
    CODE_BOX, DONE, PASSWORD_BOXES, Reply, Script, USER_BOX, form, form_to, profile,
};

fn reason(reset: &Reset) -> &str {
    match reset.step() {
        Step::UseBrowser(handoff) => handoff.reason.as_deref().unwrap(),
        other => panic!("{other:?}"),
    }
}

fn link_problem(reset: &Reset) -> &str {
    match reset.cause().unwrap().fault() {
        Fault::LinkRefused { host, .. } => host.as_deref().unwrap_or_default(),
        other => panic!("{other:?}"),
    }
}

/// S5
#[tokio::test]
async fn what_is_not_known_is_for_a_browser() {
    for page in [
        "<h1>Maintenance</h1>".to_owned(),
        String::new(),
        "<div id=app></div><script>document.write('<form><input name=user></form>')</script>"
            .to_owned(),
        "<template><form method=post><input name=user></form></template>".to_owned(),
        form("<input name=username>"),
        form("<input name=user hidden>"),
        form("<input name=user disabled>"),
        form("<div style='display: none'><input name=user></div>"),
    ] {
        let script = Script::new([Reply::page(page.clone())]);
        let reset = script.start(&profile()).await;
        assert_eq!(reason(&reset), "/reset/", "{page}");
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test]
async fn a_form_that_wants_more_than_the_profile_knows_is_not_sent() {
    for more in [
        "<input name=birthday required>",
        "<input type=checkbox name=terms required>",
        "<input type=password name=old required>",
    ] {
        let script = Script::new([Reply::page(form(&format!("{USER_BOX}{more}")))]);
        let reset = script.start(&profile()).await;
        assert_eq!(reason(&reset), "/reset/", "{more}");
        assert_eq!(script.count(), 1);
    }
}

/// The first page asks for the password at once, or the page after the user name does.
#[tokio::test]
async fn a_password_is_not_given_out_of_its_order() {
    for replies in [
        vec![Reply::page(form(PASSWORD_BOXES))],
        vec![
            Reply::page(form(USER_BOX)),
            Reply::page(form(PASSWORD_BOXES)),
        ],
        vec![
            Reply::page(form(USER_BOX)),
            Reply::redirect("/reset/MQ/set/"),
            Reply::page(form(PASSWORD_BOXES)),
        ],
    ] {
        let count = replies.len();
        let script = Script::new(replies);
        let mut reset = script.start(&profile()).await;
        assert_eq!(reset.step().id(), "use-browser");
        let error = reset.set_password(password()).await.unwrap_err();
        assert!(matches!(error.fault(), Fault::Misuse { .. }));
        assert_eq!(script.count(), count);
    }
}

async fn at(script: &Script, page: String) -> Reset {
    let mut reset = script.start(&profile()).await;
    script.then(Reply::page(page));
    reset.enter_code(Code::new("123456")).await.unwrap();
    reset
}

fn opened() -> Script {
    Script::new([Reply::page(form(USER_BOX)), Reply::page(form(CODE_BOX))])
}

/// In its order, but not as the profile has it.
#[tokio::test]
async fn a_password_is_given_only_to_boxes_that_hide_it_in_a_form_that_is_posted_home() {
    for page in [
        form("<input name=new1><input type=password name=new2>"),
        form("<input type=password name=new1><input name=new2>"),
        form("<input type=password name=new1>"),
        form(&format!("{PASSWORD_BOXES}<input type=password name=old>")),
    ] {
        let script = opened();
        let reset = at(&script, page.clone()).await;
        assert_eq!(reason(&reset), "/reset/", "{page}");
    }
    let get = form(PASSWORD_BOXES).replace("method=post", "method=get");
    let dialog = form(PASSWORD_BOXES).replace("method=post", "method=dialog");
    let files =
        form(PASSWORD_BOXES).replace("method=post", "method=post enctype='multipart/form-data'");
    let by_button = form(&format!(
        "{PASSWORD_BOXES}<button formmethod=get>First</button>"
    ));
    for page in [get, dialog, files, by_button] {
        let script = opened();
        let mut reset = at(&script, page.clone()).await;
        assert_eq!(reset.step().id(), "new-password");
        reset.set_password(password()).await.unwrap();
        assert_eq!(reason(&reset), "/reset/", "{page}");
        assert_eq!(script.count(), 3, "nothing was sent");
    }
}

#[tokio::test]
async fn no_form_is_sent_to_another_origin() {
    for (action, host) in [
        ("https://evil.example/", "evil.example"),
        ("//evil.example/reset/", "evil.example"),
        (
            "https://reset.contoso.example:8443/reset/",
            "reset.contoso.example:8443",
        ),
        (
            "http://reset.contoso.example/reset/",
            "reset.contoso.example",
        ),
        ("https://me@reset.contoso.example/", "reset.contoso.example"),
        ("javascript:send()", ""),
        ("data:text/html,x", ""),
        ("\\\\evil.example", ""),
    ] {
        let script = opened();
        let mut reset = at(&script, form_to(action, PASSWORD_BOXES)).await;
        reset.set_password(password()).await.unwrap();
        assert_eq!(reset.step().id(), "use-browser", "{action}");
        assert_eq!(link_problem(&reset), host, "{action}");
        let told = script.seen();
        assert!(told.iter().all(|seen| !seen.body.contains(PASSWORD)));
    }
    let button = "<button formaction='https://evil.example/'>First</button>";
    let script = opened();
    let mut reset = at(&script, form(&format!("{PASSWORD_BOXES}{button}"))).await;
    reset.set_password(password()).await.unwrap();
    assert_eq!(link_problem(&reset), "evil.example");
    assert_eq!(script.count(), 3);
}

#[tokio::test]
async fn a_base_elsewhere_takes_nothing_there() {
    let page = form_to("next", USER_BOX).replace("<body>", "<base href='https://evil.example/'>");
    let script = Script::new([Reply::page(page)]);
    let reset = script.start(&profile()).await;
    assert_eq!(reset.step().id(), "use-browser");
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn redirects_elsewhere_are_not_followed() {
    for (location, host) in [
        ("https://evil.example/", Some("evil.example")),
        ("//evil.example/", Some("evil.example")),
        (
            "http://reset.contoso.example/",
            Some("reset.contoso.example"),
        ),
        ("javascript:alert(1)", None),
        ("/\\evil.example", None),
        ("", None),
    ] {
        let script = Script::new([Reply::redirect(location)]);
        let reset = script.start(&profile()).await;
        assert_eq!(reset.step().id(), "use-browser", "{location}");
        let found = match reset.cause().unwrap().fault() {
            Fault::LinkRefused { host, .. } | Fault::RedirectRefused { host, .. } => host,
            other => panic!("{other:?}"),
        };
        assert_eq!(found.as_deref(), host, "{location}");
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test]
async fn success_is_not_believed_before_a_password_was_given() {
    for replies in [
        vec![Reply::redirect("/reset/done/"), Reply::page(DONE)],
        vec![
            Reply::page(form(USER_BOX)),
            Reply::redirect("/reset/done/"),
            Reply::page(DONE),
        ],
    ] {
        let script = Script::new(replies);
        let reset = script.start(&profile()).await;
        assert_eq!(reason(&reset), "/reset/done/");
    }
    // And no account is said to be unlocked where that was not the goal.
    let mut unlocks = profile();
    unlocks["views"][4]["means"] = json!({ "end": { "outcome": "unlocked" } });
    let script = Script::new([Reply::redirect("/reset/done/"), Reply::page(DONE)]);
    let reset = script.start(&unlocks).await;
    assert_eq!(reason(&reset), "/reset/done/");
}

#[tokio::test]
async fn what_is_too_large_or_no_page_is_told() {
    for (reply, fault) in [
        (
            Reply::page(vec![b'a'; 10 << 20]),
            Fault::TooLarge {
                host: "reset.contoso.example".to_owned(),
                limit: 4 << 20,
            },
        ),
        (
            Reply::of("application/json", "{}"),
            Fault::UnexpectedContentType {
                status: 200,
                content_type: Some("application/json".into()),
            },
        ),
        (
            Reply::page(form(USER_BOX)).status(403),
            Fault::UnexpectedStatus {
                status: 403,
                content_type: Some("text/html; charset=utf-8".into()),
            },
        ),
        (
            Reply::page("").status(503).with("retry-after", "7"),
            Fault::ServiceUnavailable {
                status: 503,
                retry_after: Some(std::time::Duration::from_secs(7)),
            },
        ),
        (
            Reply::of("text/html; charset=utf-16", "<form>"),
            Fault::Unreadable { status: 200 },
        ),
    ] {
        let script = Script::new([reply]);
        let client = script.client(&profile(), Privacy::Hide);
        let error = client.start(user()).await.unwrap_err();
        assert_eq!(error.fault(), &fault);
    }
    let script = Script::new([Reply::page("").status(429).with("retry-after", "60")]);
    let reset = script.start(&profile()).await;
    let retry_after = Some(std::time::Duration::from_secs(60));
    assert_eq!(
        reset.step(),
        &Step::Finished(Outcome::Blocked { retry_after })
    );
}

/// The same step again, for no reason that the profile knows.
#[tokio::test]
async fn a_refusal_without_a_known_reason_is_told_in_the_words_of_the_page() {
    for (more, words) in [
        ("<p role=alert>Not <b>like</b> that.</p>", "Not like that."),
        ("<p>Not like that.</p>", "/reset/"),
        ("<p role=alert hidden>Not like that.</p>", "/reset/"),
    ] {
        let script = opened();
        let reset = at(&script, form(&format!("{more}{CODE_BOX}"))).await;
        let Some(Rejection::Other(server)) = reset.step().rejection() else {
            panic!("{:?}", reset.step())
        };
        assert_eq!(server.error.as_str(), words);
    }
    // What was only asked for again is not refused.
    let script = opened();
    let mut reset = script.start(&profile()).await;
    script.then(Reply::page(form(CODE_BOX)));
    reset.resend_code().await.unwrap();
    assert_eq!(reset.step().rejection(), None);
    assert_eq!(script.last().body, "token=t1&code=&again=1");
}

/// A user name that comes back without a word would be typed for ever.
#[tokio::test]
async fn a_user_name_is_typed_once() {
    let script = Script::new([Reply::page(form(USER_BOX)), Reply::page(form(USER_BOX))]);
    let reset = script.start(&profile()).await;
    assert_eq!(reason(&reset), "/reset/");
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn cookies_beyond_the_limits_and_for_others_are_not_kept() {
    let mut first = Reply::page(form(USER_BOX));
    for n in 0..99 {
        first = first.with("set-cookie", &format!("c{n}=1; path=/"));
    }
    let long = format!("long={}; path=/", "x".repeat(9000));
    first = first
        .with("set-cookie", &long)
        .with("set-cookie", "evil=1; domain=evil.example");
    let script = Script::new([first, Reply::page(form(CODE_BOX))]);
    script.start(&profile()).await;
    let last = script.last();
    let cookies = last.header("cookie").unwrap();
    assert!(cookies.split("; ").count() <= 64);
    assert!(!cookies.contains("long") && !cookies.contains("evil"));
}
