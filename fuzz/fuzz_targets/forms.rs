//! Any bytes, as a page: it is read in bounded time, and whatever is pressed, nothing is sent anywhere but to the page's own
//! origin over HTTPS.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::Request;
use sspr::protocol::portal::{ControlKind, Page};
use url::Url;

const PAGE: &str = "https://reset.contoso.example/start/page";

fuzz_target!(|body: &[u8]| {
    let url = Url::parse(PAGE).unwrap();
    let Ok(page) = Page::parse(&url, Some("text/html; charset=utf-8"), body) else {
        return;
    };
    let _ = page.title();
    page.alerts().for_each(|alert| assert!(alert.is_visible()));
    for image in page.images() {
        if let Ok(source) = image.source {
            assert_eq!(source.origin(), url.origin());
        }
    }
    for link in page.links() {
        if let Ok(target) = link.target {
            assert_eq!(target.origin(), url.origin());
        }
    }
    for form in page.forms() {
        check(page.submission(form).request().ok(), &url);
        for control in form.controls() {
            assert!(control.label().chars().count() <= 1024);
            let submission = page.submission(form);
            if control.kind().is_text() {
                if let Ok(filled) = submission.fill(control, "hush") {
                    check(filled.request().ok(), &url);
                }
            } else if control.kind() == ControlKind::Radio {
                let chosen = submission.check(control, true);
                check(chosen.ok().and_then(|chosen| chosen.request().ok()), &url);
            } else if let Ok(pressed) = submission.press(control) {
                check(pressed.request().ok(), &url);
                let partial = pressed.partial("manager", "panel");
                check(partial.ok().and_then(|partial| partial.request().ok()), &url);
            }
        }
    }
});

fn check(request: Option<Request>, url: &Url) {
    let Some(request) = request else { return };
    assert_eq!(request.url.origin(), url.origin());
    assert_eq!(request.url.scheme(), "https");
    assert!(request.url.username().is_empty() && request.url.password().is_none());
    assert!(request.url.fragment().is_none());
    let form = request.body.as_ref();
    assert!(form.is_ascii() && !form.contains(&b' ') && !form.contains(&b'\n'));
}
