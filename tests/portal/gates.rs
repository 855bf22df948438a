//! Two gates, and the picture before the first.

use serde_json::{Value, json};
use sspr::mock::PortalPolicy;
use sspr::{CaptchaSolution, Effect, Fault, Privacy, Rejection, Sent, Step};

use crate::desk::{MANNERS, finish, offered, prove, start, tenant, user};
use crate::script::{CODE_BOX, ORIGIN, Reply, Script, form, profile};

#[tokio::test]
async fn two_different_methods_are_passed() {
    for manner in MANNERS {
        for [first, second] in [
            ["email", "mobile-sms"],
            ["mobile-call", "app-code"],
            ["app-notification", "security-questions"],
            ["office-call", "email"],
        ] {
            let tenant = tenant(PortalPolicy::default().gates(2));
            let mut reset = start(&tenant, manner).await;
            prove(&tenant, &mut reset, first).await;
            assert!(!offered(&reset).iter().any(|id| id == first), "{first}");
            assert_eq!(reset.step().rejection(), None);
            prove(&tenant, &mut reset, second).await;
            finish(&tenant, &mut reset).await;
        }
    }
}

#[tokio::test]
async fn a_person_reads_the_picture() {
    for manner in MANNERS {
        let tenant = tenant(PortalPolicy::default().captcha());
        let mut reset = start(&tenant, manner).await;
        let first = picture(reset.step());
        reset.another_picture().await.unwrap();
        let second = picture(reset.step());
        assert_ne!(first, second);
        assert_eq!(reset.step().rejection(), None);
        for (typed, rejection) in [
            ("nothing like it", Rejection::WrongSolution),
            ("", Rejection::MissingAnswer),
        ] {
            let wrong = CaptchaSolution::new(typed);
            reset.solve_captcha(wrong).await.unwrap();
            assert_eq!(reset.step().rejection(), Some(&rejection), "{typed:?}");
        }
        let third = picture(reset.step());
        assert_ne!(
            second, third,
            "right or wrong, a picture is good for one answer"
        );
        let read = tenant.captcha_answer().unwrap();
        reset
            .solve_captcha(CaptchaSolution::new(read))
            .await
            .unwrap();
        prove(&tenant, &mut reset, "email").await;
        finish(&tenant, &mut reset).await;
    }
}

fn picture(step: &Step) -> Vec<u8> {
    match step {
        Step::Captcha {
            picture,
            description,
            can_ask_for_another: true,
            ..
        } => {
            assert_eq!(picture.media_type, "image/png");
            assert!(picture.bytes.starts_with(b"\x89PNG"));
            assert!(description.is_some());
            picture.bytes.clone()
        }
        other => panic!("{other:?}"),
    }
}

const PICTURE: &str =
    "<input name=user><img id=picture src=/picture?1 alt=''><input name=solution>";

fn with_picture() -> Value {
    let mut profile = profile();
    profile["views"][0]["means"]["identify"]["picture"] =
        json!({ "image": "#picture", "solution": "solution" });
    profile["views"][0]["refused"] =
        json!([{ "in": "alert", "words": ["picture"], "means": "wrong-solution" }]);
    profile
}

fn png() -> Reply {
    Reply::of("image/png", b"\x89PNG".as_slice())
}

#[tokio::test]
async fn the_picture_is_fetched_as_a_browser_fetches_it() {
    let page = Reply::page(form(PICTURE)).with("set-cookie", "sid=1; path=/");
    let script = Script::new([page, png()]);
    let mut reset = script.start(&with_picture()).await;
    let seen = script.last();
    assert_eq!(seen.url.as_str(), format!("{ORIGIN}/picture?1"));
    assert_eq!(seen.effect, Effect::None);
    assert_eq!(seen.header("cookie"), Some("sid=1"));
    assert_eq!(seen.header("referer"), Some(&*format!("{ORIGIN}/reset/")));
    let Step::Captcha {
        can_ask_for_another: false,
        description: None,
        ..
    } = reset.step()
    else {
        panic!("{:?}", reset.step())
    };
    script.then(Reply::page(form(CODE_BOX)));
    let read = CaptchaSolution::new(" Ab 3\u{3000}");
    reset.solve_captcha(read).await.unwrap();
    assert_eq!(reset.step().id(), "enter-code");
    let sent = "token=t1&user=adele%40contoso.com&solution=Ab+3";
    assert_eq!(script.last().body, sent);
}

#[tokio::test]
async fn what_is_no_picture_is_told() {
    for (reply, is_expected) in [
        (
            Reply::of("image/svg+xml", "<svg/>"),
            (|fault| matches!(fault, Fault::UnexpectedContentType { .. })) as fn(&Fault) -> bool,
        ),
        (Reply::of("image/png", ""), |fault| {
            matches!(fault, Fault::UnexpectedContentType { .. })
        }),
        (Reply::of("image/png", vec![0; 600 * 1024]), |fault| {
            matches!(fault, Fault::UnexpectedContentType { .. })
        }),
        (png().status(404), |fault| {
            matches!(fault, Fault::UnexpectedStatus { status: 404, .. })
        }),
        (Reply::redirect("/other.png"), |fault| {
            matches!(fault, Fault::RedirectRefused { .. })
        }),
        (Reply::Lost(Sent::Maybe), |fault| {
            matches!(fault, Fault::Closed { .. })
        }),
    ] {
        let script = Script::new([Reply::page(form(PICTURE)), reply.clone()]);
        let client = script.client(&with_picture(), Privacy::Hide);
        let error = client.start(user()).await.unwrap_err();
        assert!(is_expected(error.fault()), "{reply:?}: {error:?}");
    }
    // From elsewhere it is not fetched, and a box without its picture is not filled in.
    for page in [
        PICTURE.replace("/picture?1", "https://evil.example/picture"),
        PICTURE.replace("/picture?1", "data:image/png;base64,AAAA"),
        PICTURE.replace("id=picture", "id=other"),
    ] {
        let script = Script::new([Reply::page(form(&page))]);
        let reset = script.start(&with_picture()).await;
        assert_eq!(reset.step().id(), "use-browser", "{page}");
        assert_eq!(script.count(), 1);
    }
}

/// The answer was for the picture before: it is not sent for the one that the person has not seen.
#[tokio::test]
async fn a_lost_picture_is_fetched_again_before_anything_is_sent() {
    let script = Script::new([Reply::page(form(PICTURE)), png()]);
    let mut reset = script.start(&with_picture()).await;
    let other = PICTURE.replace("picture?1", "picture?2");
    let wrong = format!("<p role=alert>Not what the picture shows.</p>{other}");
    script.then(Reply::page(form(&wrong)));
    script.then(Reply::Lost(Sent::Nothing));
    let solution = || CaptchaSolution::new("abc");
    reset.solve_captcha(solution()).await.unwrap_err();
    assert_eq!(reset.step().id(), "captcha");
    script.then(png());
    reset.solve_captcha(solution()).await.unwrap();
    assert_eq!(reset.step().id(), "captcha");
    let last = script.last();
    assert_eq!(last.url.as_str(), format!("{ORIGIN}/picture?2"));
    script.then(Reply::page(form(CODE_BOX)));
    reset.solve_captcha(solution()).await.unwrap();
    assert_eq!(reset.step().id(), "enter-code");
}
