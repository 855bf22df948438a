//! Where forms go.

use sspr::LinkProblem;
use sspr::protocol::portal::{FormFault, Page};

use crate::window::{HERE, control, form, header, page, page_at};

fn goes_to(html: &str) -> Result<String, LinkProblem> {
    let page = page(html);
    match page.submission(form(&page)).request() {
        Ok(request) => Ok(request.url.into()),
        Err(FormFault::Action { problem, .. }) => Err(problem),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn an_address_is_relative_to_the_page() {
    for (action, expected) in [
        ("", "https://reset.contoso.example/start/page?step=1"),
        ("action", "https://reset.contoso.example/start/page?step=1"),
        (
            "action=''",
            "https://reset.contoso.example/start/page?step=1",
        ),
        (
            "action=' '",
            "https://reset.contoso.example/start/page?step=1",
        ),
        (
            "action=#",
            "https://reset.contoso.example/start/page?step=1",
        ),
        ("action=?x", "https://reset.contoso.example/start/page?x"),
        ("action=next", "https://reset.contoso.example/start/next"),
        (
            "action=' ../next#here '",
            "https://reset.contoso.example/next",
        ),
        ("action=./", "https://reset.contoso.example/start/"),
        ("action=/a?b=c", "https://reset.contoso.example/a?b=c"),
        (
            "action=//reset.contoso.example/a",
            "https://reset.contoso.example/a",
        ),
        (
            "action=https://RESET.contoso.example:443/a",
            "https://reset.contoso.example/a",
        ),
    ] {
        assert_eq!(
            goes_to(&format!("<form method=post {action}>")).as_deref(),
            Ok(expected),
            "{action}"
        );
    }
}

#[test]
fn nothing_is_sent_anywhere_else() {
    for (action, problem) in [
        ("javascript:alert(1)", LinkProblem::NotHttps),
        ("JavaScript:alert(1)", LinkProblem::NotHttps),
        ("data:text/html,x", LinkProblem::NotHttps),
        ("mailto:a@b.example", LinkProblem::NotHttps),
        ("file:///etc/passwd", LinkProblem::NotHttps),
        ("http://reset.contoso.example/", LinkProblem::NotHttps),
        ("https://evil.example/", LinkProblem::OtherOrigin),
        ("//evil.example/", LinkProblem::OtherOrigin),
        (
            "https://reset.contoso.example:8443/",
            LinkProblem::OtherOrigin,
        ),
        (
            "https://reset.contoso.example.evil.example/",
            LinkProblem::OtherOrigin,
        ),
        (
            "https://reset.contoso.example@evil.example/",
            LinkProblem::HasCredentials,
        ),
        (
            "https://user:pass@reset.contoso.example/",
            LinkProblem::HasCredentials,
        ),
        ("\\\\evil.example/", LinkProblem::NotAUrl),
        ("/\t/evil.example/", LinkProblem::NotAUrl),
        ("java\nscript:alert(1)", LinkProblem::NotAUrl),
        ("https://", LinkProblem::NotAUrl),
        ("https://[", LinkProblem::NotAUrl),
    ] {
        assert_eq!(
            goes_to(&format!("<form method=post action='{action}'>")),
            Err(problem),
            "{action}"
        );
    }
    let long = format!("<form method=post action='/{}'>", "a".repeat(5000));
    assert_eq!(goes_to(&long), Err(LinkProblem::NotAUrl));
}

#[test]
fn the_fault_names_the_host() {
    let page = page("<form action=https://evil.example:444/x>");
    let fault = page.submission(form(&page)).request().unwrap_err();
    let expected = FormFault::Action {
        problem: LinkProblem::OtherOrigin,
        host: Some("evil.example:444".into()),
    };
    assert_eq!(fault, expected);
    assert_eq!(form(&page).action(), Err(&expected));
    assert_eq!(fault.to_string(), "its address leads to another origin");
}

#[test]
fn a_button_may_lead_elsewhere() {
    let page = page(
        "<form method=post action=/form><button name=a formaction=/button></button>\
         <button name=b formaction=https://evil.example/></button><button name=c formaction=''></button>\
         <button name=d formmethod=GET></button><button name=e formmethod=dialog></button>\
         <button name=f formenctype=multipart/form-data></button></form>",
    );
    let form = form(&page);
    let by = |name| {
        page.submission(form)
            .press(control(&page, name))
            .unwrap()
            .request()
    };
    assert_eq!(by("a").unwrap().url.path(), "/button");
    assert!(matches!(
        by("b"),
        Err(FormFault::Action {
            problem: LinkProblem::OtherOrigin,
            ..
        })
    ));
    assert_eq!(by("c").unwrap().url.path(), "/form");
    assert_eq!(
        by("d").unwrap().url.as_str(),
        "https://reset.contoso.example/form?d="
    );
    assert_eq!(by("e").unwrap_err(), FormFault::Dialog);
    assert_eq!(
        by("f").unwrap_err(),
        FormFault::Enctype("multipart/form-data".into())
    );
    // The same form, sent without them.
    assert_eq!(page.submission(form).request().unwrap().url.path(), "/form");
}

#[test]
fn a_base_moves_what_is_relative() {
    for (base, action, expected) in [
        (
            "<base href=/deep/er/>",
            "next",
            Ok("https://reset.contoso.example/deep/er/next"),
        ),
        (
            "<base href=/deep/><base href=/other/>",
            "next",
            Ok("https://reset.contoso.example/deep/next"),
        ),
        (
            "<base target=x><base href=/deep/>",
            "next",
            Ok("https://reset.contoso.example/deep/next"),
        ),
        // To itself is to the page.
        (
            "<base href=/deep/>",
            "",
            Ok("https://reset.contoso.example/start/page?step=1"),
        ),
        (
            "<base href=data:text/html,x>",
            "next",
            Ok("https://reset.contoso.example/start/next"),
        ),
        (
            "<base href='javascript:x'>",
            "next",
            Ok("https://reset.contoso.example/start/next"),
        ),
        (
            "<base href='https://['>",
            "next",
            Ok("https://reset.contoso.example/start/next"),
        ),
        (
            "<base href=https://evil.example/>",
            "next",
            Err(LinkProblem::OtherOrigin),
        ),
        (
            "<base href=https://evil.example/>",
            "",
            Ok("https://reset.contoso.example/start/page?step=1"),
        ),
        (
            "<base href=http://reset.contoso.example/>",
            "next",
            Err(LinkProblem::NotHttps),
        ),
        (
            "<base href=https://a:b@reset.contoso.example/>",
            "next",
            Err(LinkProblem::HasCredentials),
        ),
        ("<base href=mailto:x>", "next", Err(LinkProblem::NotAUrl)),
    ] {
        let found = goes_to(&format!("{base}<form method=post action='{action}'>"));
        assert_eq!(
            found.as_deref().map_err(|problem| *problem),
            expected,
            "{base} {action}"
        );
    }
    // Also for pictures, and wherever it stands.
    let page = page("<img src=a.png><p><base href=https://evil.example/>");
    assert_eq!(
        page.images().next().unwrap().source,
        Err(LinkProblem::OtherOrigin)
    );
}

#[test]
fn a_page_that_did_not_come_over_https_sends_nothing() {
    let page = page_at("http://reset.contoso.example/", "<form method=post>");
    let fault = page.submission(form(&page)).request().unwrap_err();
    assert!(matches!(
        fault,
        FormFault::Action {
            problem: LinkProblem::NotHttps,
            ..
        }
    ));
}

#[test]
fn the_page_is_named_without_its_fragment() {
    let page = page_at(&format!("{HERE}#x"), "<form method=post>");
    assert_eq!(page.url().as_str(), HERE);
    let request = page.submission(form(&page)).request().unwrap();
    assert_eq!(header(&request, "referer"), Some(HERE));
    assert_eq!(request.url.as_str(), HERE);
}

#[test]
fn a_page_is_at_its_own_address_only() {
    let url = "https://reset.contoso.example/start".parse().unwrap();
    let page = Page::parse(&url, None, b"<form action=next>").unwrap();
    let request = page.submission(form(&page)).request().unwrap();
    assert_eq!(request.url.as_str(), "https://reset.contoso.example/next?");
}
