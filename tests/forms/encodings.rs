//! In which encoding pages come, and forms go.

use sspr::protocol::portal::{FormFault, Page, PageFault};
use url::Url;

use crate::window::{HERE, body, form, page};

fn parse(content_type: &str, body: &[u8]) -> Result<Page, PageFault> {
    Page::parse(&Url::parse(HERE).unwrap(), Some(content_type), body)
}

#[test]
fn only_html_is_a_page() {
    for content_type in ["text/html", "Text/HTML ; charset=UTF-8", "text/html;x"] {
        assert!(parse(content_type, b"<p>").is_ok(), "{content_type}");
    }
    for content_type in [
        "text/plain",
        "application/json",
        "application/xhtml+xml",
        "",
        "text/htmlx",
    ] {
        let essence = content_type.into();
        assert_eq!(
            parse(content_type, b"<p>").unwrap_err(),
            PageFault::NotHtml(essence)
        );
    }
}

#[test]
fn utf_8_is_read_and_what_is_none_of_it_is_marked() {
    let page = parse(
        "text/html; charset=utf-8",
        b"\xEF\xBB\xBF<form><input name=x value=\xE2\x82\xAC\xFF>",
    )
    .unwrap();
    assert_eq!(form(&page).controls()[0].value(), "€\u{FFFD}");
}

#[test]
fn another_encoding_is_read_where_it_does_not_matter() {
    let html = b"<meta charset=shift_jis><form method=post><input name=x value=1></form>";
    let page = parse("text/html", html).unwrap();
    let x = &form(&page).controls()[0];
    assert_eq!(
        body(&page.submission(form(&page)).request().unwrap()),
        "x=1"
    );
    let ascii = page.submission(form(&page)).fill(x, "plain").unwrap();
    assert_eq!(body(&ascii.request().unwrap()), "x=plain");
    let beyond = page.submission(form(&page)).fill(x, "パス").unwrap();
    assert_eq!(beyond.request().unwrap_err(), FormFault::Encoding);

    let fault = parse("text/html; charset=shift_jis", b"\x83p\x83X").unwrap_err();
    assert_eq!(fault, PageFault::Encoding(Some("shift_jis".into())));
    let fault = parse("text/html", b"\x83p\x83X").unwrap_err();
    assert_eq!(fault, PageFault::Encoding(None));
}

#[test]
fn a_form_may_ask_for_another_encoding_than_its_page() {
    for (accepted, is_taken) in [
        ("utf-8", true),
        ("UTF8 iso-8859-1", true),
        ("", true),
        ("iso-8859-1", false),
        ("iso-8859-1 utf-8", false),
    ] {
        let page = page(&format!(
            "<form method=post accept-charset='{accepted}'><input name=x value=é>"
        ));
        let request = page.submission(form(&page)).request();
        match is_taken {
            true => assert_eq!(body(&request.unwrap()), "x=%C3%A9"),
            false => assert_eq!(request.unwrap_err(), FormFault::Encoding, "{accepted}"),
        }
    }
    let named =
        page("<form method=post accept-charset=windows-1252><input type=hidden name=_charset_>");
    let request = named.submission(form(&named)).request().unwrap();
    assert_eq!(body(&request), "_charset_=windows-1252");
}
