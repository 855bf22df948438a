//! Cookies go back to the page that set them, within limits, and nowhere else.

use sspr::Privacy;

use crate::desk::{finish, is_changed, opened};
use crate::script::{BEGIN, LOGIN, OPEN, POLL, Reply, Script, change_page, job, sign_in_page};

/// What each request of a whole change carried.
async fn carried(script: &Script) -> Vec<Option<String>> {
    let mut reset = opened(script, Privacy::Hide).await;
    finish(&mut reset).await.unwrap();
    assert!(is_changed(reset.step()));
    let cookie = |seen: crate::script::Seen| {
        let value = seen.headers.get("cookie")?;
        assert!(value.is_sensitive());
        Some(value.to_str().unwrap().to_owned())
    };
    script.seen().into_iter().map(cookie).collect()
}

#[tokio::test]
async fn every_answer_may_set_some() {
    let script = Script::new();
    let page = Reply::page(sign_in_page());
    script.order(
        OPEN,
        page.with("set-cookie", "a=1; path=/; secure; HttpOnly")
            .with("set-cookie", "b=1; path=/common"),
    );
    let page = Reply::page(change_page());
    script.order(
        LOGIN,
        page.with("set-cookie", "c=1; path=/; domain=.contoso.example"),
    );
    script.order(
        BEGIN,
        Reply::json(job(true)).with("set-cookie", "a=2; path=/"),
    );
    script.order(
        POLL,
        Reply::json(job(false)).with("set-cookie", "a=; path=/; max-age=0"),
    );
    let expected = [
        None,
        Some("a=1"),
        Some("b=1; a=1; c=1"),
        Some("b=1; a=2; c=1"),
        Some("b=1; c=1"),
    ];
    assert_eq!(
        carried(&script).await,
        expected.map(|text| text.map(str::to_owned))
    );
}

#[tokio::test]
async fn those_beyond_the_limits_and_of_other_domains_are_left() {
    let script = Script::new();
    let mut page = Reply::page(sign_in_page())
        .with("set-cookie", "evil=1; path=/; domain=evil.example")
        .with(
            "set-cookie",
            "sibling=1; path=/; domain=other.contoso.example",
        )
        .with("set-cookie", format!("long={}; path=/", "x".repeat(9000)))
        .with("set-cookie", "good=1; path=/");
    for n in 0..200 {
        page = page.with("set-cookie", format!("c{n}={}; path=/", "x".repeat(1000)));
    }
    script.order(OPEN, page);
    for cookies in carried(&script).await.into_iter().skip(1) {
        let cookies = cookies.unwrap();
        assert!(!cookies.contains("evil") && !cookies.contains("sibling"));
        assert!(!cookies.contains("long"));
        assert!(cookies.len() <= 12 * 1024, "{}", cookies.len());
    }
}

#[tokio::test]
async fn an_attempt_begins_without_any() {
    let script = Script::new();
    let page = Reply::page(sign_in_page()).with("set-cookie", "a=1; path=/");
    script.always(OPEN, page);
    let client = script.client(Privacy::Hide);
    for _ in 0..2 {
        client.start(crate::desk::user()).await.unwrap();
    }
    let seen = script.seen_at(OPEN);
    assert!(seen.iter().all(|seen| !seen.headers.contains_key("cookie")));
}
