//! What the requests are, what they do to the world, and what becomes of those whose answer is lost.

use sspr::{Code, Effect, Fault, Outcome, Privacy, Rejection, Reset, Sent, Step};

use crate::desk::{PASSWORD, is_changed, password, user};
use crate::script::{
    CODE_BOX, DONE, ORIGIN, PASSWORD_BOXES, Reply, Script, USER_BOX, form, form_to, profile,
};

/// Up to the code.
fn opened() -> Script {
    Script::new([
        Reply::page(form(USER_BOX)).with("set-cookie", "sid=1; path=/; secure"),
        Reply::page(form(CODE_BOX)),
    ])
}

async fn at_password(script: &Script) -> Reset {
    let mut reset = script.start(&profile()).await;
    script.then(Reply::page(form(PASSWORD_BOXES)));
    reset.enter_code(Code::new("123456")).await.unwrap();
    assert_eq!(reset.step().id(), "new-password");
    reset
}

fn is_unknown(reset: &Reset) -> bool {
    matches!(reset.step(), Step::Finished(Outcome::Unknown { .. }))
}

#[tokio::test]
async fn each_request_is_what_a_browser_sends() {
    let script = opened();
    let mut reset = at_password(&script).await;
    script.then(Reply::redirect("/reset/done/#top"));
    script.then(Reply::page(DONE));
    reset.set_password(password()).await.unwrap();
    assert!(is_changed(reset.step()));
    let seen = script.seen();
    let effects: Vec<_> = seen.iter().map(|seen| seen.effect).collect();
    let counts = Effect::Counts;
    assert_eq!(
        effects,
        [
            Effect::None,
            counts,
            counts,
            Effect::SetsPassword,
            Effect::None
        ]
    );
    let bodies: Vec<_> = seen.iter().map(|seen| seen.body.as_str()).collect();
    let new = format!("token=t1&new1={PASSWORD}&new2={PASSWORD}");
    assert_eq!(
        bodies,
        [
            "",
            "token=t1&user=adele%40contoso.com",
            "token=t1&code=123456",
            &new,
            ""
        ]
    );
    let page = format!("{ORIGIN}/reset/");
    for (index, seen) in seen.iter().enumerate() {
        let is_post = seen.method == http::Method::POST;
        assert_eq!(is_post, (1..4).contains(&index));
        assert_eq!(seen.header("cookie"), (index > 0).then_some("sid=1"));
        assert_eq!(seen.header("origin"), is_post.then_some(ORIGIN));
        let referer = (index > 0).then_some(page.as_str());
        assert_eq!(seen.header("referer"), referer);
        assert!(seen.header("client-request-id").is_some());
        assert!(seen.headers.get_all("referer").iter().count() <= 1);
    }
    assert_eq!(script.last().url.as_str(), format!("{ORIGIN}/reset/done/"));
}

#[tokio::test]
async fn a_lost_page_can_be_asked_for_again() {
    let script = Script::new([Reply::Lost(Sent::Maybe)]);
    let client = script.client(&profile(), Privacy::Hide);
    let error = client.start(user()).await.unwrap_err();
    assert!(matches!(error.fault(), Fault::Closed { .. }));
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn a_lost_code_leaves_the_step_and_is_not_sent_again_by_itself() {
    for sent in [Sent::Maybe, Sent::Nothing] {
        let script = opened();
        let mut reset = script.start(&profile()).await;
        script.then(Reply::Lost(sent));
        let error = reset.enter_code(Code::new("123456")).await.unwrap_err();
        assert_eq!(error.sent(), sent);
        assert_eq!(reset.step().id(), "enter-code");
        assert_eq!(script.count(), 3);
        script.then(Reply::page(form(PASSWORD_BOXES)));
        reset.enter_code(Code::new("123456")).await.unwrap();
        assert_eq!(reset.step().id(), "new-password");
    }
}

#[tokio::test]
async fn a_password_whose_answer_is_lost_is_not_known_to_be_set() {
    for replies in [
        vec![Reply::Lost(Sent::Maybe)],
        vec![Reply::page("").status(502)],
        vec![Reply::redirect("/reset/done/"), Reply::Lost(Sent::Nothing)],
        vec![Reply::redirect("/reset/done/"), Reply::page("").status(404)],
        vec![Reply::redirect("/reset/done/"), Reply::page("").status(429)],
        vec![Reply::redirect("/elsewhere/"), Reply::page(DONE)],
        vec![Reply::redirect("https://evil.example/")],
        vec![Reply::page("").status(307).with("location", "/reset/done/")],
        vec![Reply::page(DONE)],
        vec![Reply::page(form(CODE_BOX))],
        vec![Reply::of("application/pdf", "")],
        vec![
            Reply::page(form("<p id=please-wait>Wait<button name=go>")),
            Reply::Lost(Sent::Nothing),
        ],
    ] {
        let script = opened();
        let mut reset = at_password(&script).await;
        replies.iter().cloned().for_each(|reply| script.then(reply));
        reset.set_password(password()).await.unwrap();
        assert!(is_unknown(&reset), "{replies:?}: {:?}", reset.step());
        assert!(reset.cause().is_some(), "{replies:?}");
        assert_eq!(script.count(), 3 + replies.len(), "{replies:?}");
        let told = script.seen();
        let with = told.iter().filter(|seen| seen.body.contains(PASSWORD));
        assert_eq!(with.count(), 1);
    }
}

#[tokio::test]
async fn a_password_that_never_left_can_be_given_again() {
    for (reply, is_error) in [
        (Reply::Lost(Sent::Nothing), true),
        (Reply::page("").status(400), true),
        (
            Reply::page(form(
                "<ul class=errorlist><li>Too common.</ul><input type=password name=new1>\
                 <input type=password name=new2>",
            )),
            false,
        ),
    ] {
        let script = opened();
        let mut reset = at_password(&script).await;
        script.then(reply);
        let answered = reset.set_password(password()).await;
        assert_eq!(answered.is_err(), is_error);
        assert_eq!(reset.step().id(), "new-password");
        let banned = (!is_error).then_some(Rejection::PasswordBanned);
        assert_eq!(reset.step().rejection(), banned.as_ref());
        script.then(Reply::redirect("done/"));
        script.then(Reply::page(DONE));
        reset.set_password(password()).await.unwrap();
        assert!(is_changed(reset.step()));
    }
}

#[tokio::test]
async fn pages_that_only_lead_on_are_led_on_from_a_few_times() {
    let waiting = || {
        Reply::page(form(
            "<p id=please-wait>One moment.</p><button name=go value=1>Go</button>",
        ))
    };
    let script = Script::new([Reply::page(form(USER_BOX)), waiting(), waiting()]);
    script.then(Reply::page(form(CODE_BOX)));
    let reset = script.start(&profile()).await;
    assert_eq!(reset.step().id(), "enter-code");
    assert_eq!(script.last().body, "token=t1&go=1");

    let mut replies = vec![Reply::page(form(USER_BOX))];
    replies.extend(std::iter::repeat_with(waiting).take(8));
    let script = Script::new(replies);
    let reset = script.start(&profile()).await;
    assert_eq!(reset.step().id(), "use-browser");
    assert_eq!(script.count(), 9);
}

#[tokio::test]
async fn redirects_are_followed_at_home_and_five_times() {
    let to = |path: &str| Reply::redirect(path);
    let script = Script::new([
        to("/a"),
        to("/b").status(301),
        to("c").status(303),
        to("/d").status(307),
        to("?e").status(308),
        Reply::page(form_to("/post", USER_BOX)),
        Reply::page(form(CODE_BOX)),
    ]);
    let reset = script.start(&profile()).await;
    assert_eq!(reset.step().id(), "enter-code");
    let paths: Vec<_> = script
        .seen()
        .iter()
        .map(|seen| seen.url[url::Position::BeforePath..].to_owned())
        .collect();
    assert_eq!(paths, ["/reset/", "/a", "/b", "/c", "/d", "/d?e", "/post"]);

    let six = std::iter::repeat_with(|| to("/again")).take(6);
    let script = Script::new(six);
    let reset = script.start(&profile()).await;
    assert_eq!(reset.step().id(), "use-browser");
    let cause = reset.cause().unwrap().fault();
    assert!(matches!(cause, Fault::RedirectRefused { status: 302, .. }));
    assert_eq!(script.count(), 6);
}
