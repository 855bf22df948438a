//! Any bytes, as a partial answer: its records add up to all of it, and a page to which it is applied still sends nothing
//! anywhere but to its own origin.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::protocol::portal::{Applied, Delta, Page};
use url::Url;

const PAGE: &str = "https://reset.contoso.example/start/page";
const HTML: &[u8] = b"<title>t</title><form method=post><input type=hidden name=__EVENTTARGET id=t><div id=p>\
    <input name=user></div><table><tbody id=r></tbody></table></form>";

fuzz_target!(|body: &[u8]| {
    let Ok(delta) = Delta::parse(body) else {
        return;
    };
    let written: String = delta
        .records()
        .map(|record| {
            let length = record.content.encode_utf16().count();
            format!("{length}|{}|{}|{}|", record.kind.word(), record.id, record.content)
        })
        .collect();
    let again = Delta::parse(written.as_bytes()).unwrap();
    let parts = |delta: &Delta| -> Vec<(String, String, String)> {
        let owned = |text: &str| text.to_owned();
        delta
            .records()
            .map(|record| (owned(record.kind.word()), owned(record.id), owned(record.content)))
            .collect()
    };
    assert_eq!(parts(&delta), parts(&again));

    let url = Url::parse(PAGE).unwrap();
    let mut page = Page::parse(&url, None, HTML).unwrap();
    let before = sent(&page);
    match page.apply(&delta) {
        Ok(Applied::Updated) => {}
        Ok(Applied::Redirect(target)) => {
            assert_eq!(target.origin(), url.origin());
            assert_eq!(sent(&page), before);
        }
        Ok(_) | Err(_) => assert_eq!(sent(&page), before),
    }
    for form in page.forms() {
        if let Ok(request) = page.submission(form).request() {
            assert_eq!(request.url.origin(), url.origin());
            assert_eq!(request.url.scheme(), "https");
        }
    }
});

/// What the first form of a page sends.
fn sent(page: &Page) -> Option<Vec<u8>> {
    let form = page.forms().first()?;
    let request = page.submission(form).request().ok()?;
    Some(request.body.as_ref().to_vec())
}
