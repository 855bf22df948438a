//! The requests, with their headers.

use http::Method;
use sspr::Effect;
use sspr::protocol::portal::{FormFault, FormMethod, PageLimit};

use crate::window::{HERE, body, form, header, page};

const PAGES: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[test]
fn a_post_has_the_headers_of_a_browser() {
    let page = page("<form method=POST action=/next?x=1><input name=a value=1>");
    assert_eq!(form(&page).method(), FormMethod::Post);
    let request = page.submission(form(&page)).request().unwrap();
    assert_eq!(request.method, Method::POST);
    assert_eq!(
        request.url.as_str(),
        "https://reset.contoso.example/next?x=1"
    );
    assert_eq!(request.body.as_ref(), b"a=1");
    assert_eq!(request.effect, Effect::Counts);
    assert_eq!(request.response_limit, PageLimit::BYTES);
    assert_eq!(
        header(&request, "content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        header(&request, "origin"),
        Some("https://reset.contoso.example")
    );
    assert_eq!(header(&request, "referer"), Some(HERE));
    assert_eq!(header(&request, "accept"), Some(PAGES));
    assert_eq!(request.headers.len(), 4);
}

#[test]
fn a_get_carries_the_entries_in_its_address() {
    for method in [
        "",
        "method=get",
        "method=GET",
        "method=foo",
        "method=put",
        "method",
    ] {
        let page = page(&format!(
            "<form {method} action='/next?old=1#x'><input name=a value='b c'>"
        ));
        assert_eq!(form(&page).method(), FormMethod::Get);
        let request = page.submission(form(&page)).request().unwrap();
        assert_eq!(request.method, Method::GET, "{method}");
        assert_eq!(
            request.url.as_str(),
            "https://reset.contoso.example/next?a=b+c"
        );
        assert!(request.body.as_ref().is_empty());
        assert_eq!(request.effect, Effect::None);
        assert_eq!(header(&request, "referer"), Some(HERE));
        assert_eq!(header(&request, "accept"), Some(PAGES));
        assert_eq!(request.headers.len(), 2);
    }
}

#[test]
fn a_dialog_sends_nothing() {
    let page = page("<form method=dialog>");
    assert_eq!(form(&page).method(), FormMethod::Dialog);
    assert_eq!(
        page.submission(form(&page)).request().unwrap_err(),
        FormFault::Dialog
    );
}

#[test]
fn only_one_way_of_writing_is_spoken() {
    for (enctype, expected) in [
        ("application/x-www-form-urlencoded", None),
        ("nonsense", None),
        ("", None),
        ("Multipart/Form-Data", Some("multipart/form-data")),
        ("text/plain", Some("text/plain")),
    ] {
        let page = page(&format!(
            "<form method=post enctype='{enctype}'><input name=a>"
        ));
        let fault = page.submission(form(&page)).request().err();
        assert_eq!(
            fault,
            expected.map(|name| FormFault::Enctype(name.into())),
            "{enctype}"
        );
    }
    // A GET is always written the same way.
    let page = page("<form enctype=multipart/form-data><input name=a>");
    assert_eq!(body(&page.submission(form(&page)).request().unwrap()), "a=");
}

#[test]
fn a_referer_names_no_login() {
    let url = "https://user:pass@reset.contoso.example/";
    let page = crate::window::page_at(url, "<form method=post action=/next>");
    assert_eq!(page.url().as_str(), "https://reset.contoso.example/");
    let request = page.submission(form(&page)).request().unwrap();
    assert_eq!(
        header(&request, "referer"),
        Some("https://reset.contoso.example/")
    );
}
