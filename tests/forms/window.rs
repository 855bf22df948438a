//! Short ways to a page and to what is sent from it.

use sspr::Request;
use sspr::protocol::portal::{Control, Form, FormFault, Page};
use url::Url;

/// Where all pages of these tests come from.
pub(crate) const HERE: &str = "https://reset.contoso.example/start/page?step=1";

pub(crate) fn page(html: &str) -> Page {
    page_at(HERE, html)
}

pub(crate) fn page_at(url: &str, html: &str) -> Page {
    Page::parse(
        &Url::parse(url).unwrap(),
        Some("text/html; charset=utf-8"),
        html.as_bytes(),
    )
    .unwrap()
}

/// The only form of a page.
pub(crate) fn form(page: &Page) -> &Form {
    assert_eq!(page.forms().len(), 1);
    &page.forms()[0]
}

pub(crate) fn control<'a>(page: &'a Page, name: &str) -> &'a Control {
    let mut controls = page.forms().iter().filter_map(|form| form.control(name));
    controls
        .next()
        .unwrap_or_else(|| panic!("no control {name}"))
}

/// What the only form of a page sends, with nothing filled in and nothing pressed.
pub(crate) fn sent(html: &str) -> String {
    let page = page(html);
    body(&page.submission(form(&page)).request().unwrap())
}

/// What it sends when the control of a name is pressed.
pub(crate) fn sent_by(html: &str, name: &str) -> Result<String, FormFault> {
    let page = page(html);
    let form = form(&page);
    let button = form.control(name).unwrap();
    Ok(body(&page.submission(form).press(button)?.request()?))
}

/// The names of the controls of a form.
pub(crate) fn names(form: &Form) -> Vec<&str> {
    form.controls().iter().map(Control::name).collect()
}

pub(crate) fn body(request: &Request) -> String {
    match request.method.as_str() {
        "GET" => request.url.query().unwrap_or_default().to_owned(),
        _ => str::from_utf8(request.body.as_ref()).unwrap().to_owned(),
    }
}

pub(crate) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap())
}
