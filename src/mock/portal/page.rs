//! The frame around every view.

use super::super::http::Response;
use super::super::random;
use super::fields::{
    CAPTCHA_MODE, CONTENT, EVENT_TARGET, EVENT_VALIDATION, PAGE_CHECK, VIEW_NAME, VIEW_STATE,
};
use super::html::{Element, element};
use super::language::{Language, Text};
use super::place::Place;
use super::session::Session;
use super::text;
use super::view::View;

const STYLE: &str = "body{font:16px/1.5 sans-serif;color:#1b1b1b;background:#fff;max-width:40em;margin:2em auto;\
padding:0 1em}label,legend{font-weight:600}input[type=text],input[type=tel],input[type=password]{display:block;\
width:100%;box-sizing:border-box;padding:.4em;font:inherit;border:1px solid #555}button{font:inherit;padding:.4em 1em;\
margin:1em .5em 0 0}[role=alert]{color:#a4262c;display:block}.hint{display:block;color:#444}fieldset{border:0;padding:0}";

/// Presses Next after a while, as a person would who waits for a call or an approval.
const WAIT: &str = "setTimeout(function(){var form=document.getElementById('aspnetForm');\
form.elements.namedItem('__EVENTTARGET').value='ctl00$ContentPlaceholderMainContent$ButtonNext';form.submit()},5000)";

/// Why a request belongs to no visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stray {
    NoCookie,
    Expired,
    Forged,
}

/// The page of a visit.
pub(super) fn write(session: &Session, view: &View, place: &Place) -> Response {
    let language = session.language;
    let panel = element("div")
        .with("id", "ContentPlaceholderMainContent_UpdatePanelMain")
        .hold(element("h2").say(view.heading.read(language)))
        .hold_all(view.content.iter().cloned());
    let form = element("form")
        .with("id", "aspnetForm")
        .with("method", "post")
        .with("action", &place.action)
        .hold_all(hidden_fields(session, view.name))
        .hold(panel);
    let realm = place.realm.as_deref();
    let domain = realm.or_else(|| session.name().rsplit_once('@').map(|(_, domain)| domain));
    let script = view.waits.then_some(WAIT);
    html(200, language, domain.unwrap_or_default(), form, script)
}

/// A page for nobody in particular.
pub(super) fn write_stray(why: Stray, language: Language, place: &Place) -> Response {
    let (status, name, heading, hint) = match why {
        Stray::NoCookie => (
            200,
            "ViewCookiesNotEnabled",
            text::COOKIES,
            text::COOKIES_HINT,
        ),
        Stray::Expired => (200, "ViewSessionExpired", text::EXPIRED, text::EXPIRED_HINT),
        Stray::Forged => (403, "ViewError", text::FORGED, text::EXPIRED_HINT),
    };
    let name = hidden(&format!("{CONTENT}{VIEW_NAME}"), name);
    let content = element("div")
        .hold(name)
        .hold(element("h2").say(heading.read(language)))
        .hold(element("p").with("role", "alert").say(hint.read(language)))
        .hold(link(&place.action, text::START_AGAIN, language));
    let realm = place.realm.as_deref().unwrap_or_default();
    html(status, language, realm, content, None)
}

pub(super) fn link(to: &str, words: Text, language: Language) -> Element {
    let link = element("a").with("href", to).say(words.read(language));
    element("p").hold(link)
}

/// In the order in which a WebForms page has them.
fn hidden_fields(session: &Session, view: &str) -> Vec<Element> {
    let control = |name: &str| format!("{CONTENT}{name}");
    let domain = session.name().rsplit_once('@').map(|(_, domain)| domain);
    [
        (EVENT_TARGET.to_owned(), ""),
        ("__EVENTARGUMENT".to_owned(), ""),
        ("__LASTFOCUS".to_owned(), ""),
        (VIEW_STATE.to_owned(), session.view_state.as_str()),
        ("__VIEWSTATEGENERATOR".to_owned(), "4D0C4E01"),
        ("__VIEWSTATEENCRYPTED".to_owned(), ""),
        (EVENT_VALIDATION.to_owned(), &session.event_validation),
        ("ctl00$CorrelationID".to_owned(), &session.correlation),
        ("ctl00$OrgIdUserName".to_owned(), session.name()),
        (
            "ctl00$OrgIdTenantDomain".to_owned(),
            domain.unwrap_or_default(),
        ),
        ("ctl00$NameCoexistenceAccount".to_owned(), ""),
        (control(PAGE_CHECK), &session.page),
        (control(VIEW_NAME), view),
        (control(CAPTCHA_MODE), "Image"),
    ]
    .iter()
    .map(|(name, value)| hidden(name, value))
    .collect()
}

fn hidden(name: &str, value: &str) -> Element {
    element("input")
        .with("type", "hidden")
        .with("name", name)
        .with("id", &name.trim_start_matches("ctl00$").replace('$', "_"))
        .with("value", value)
}

fn html(
    status: u16,
    language: Language,
    brand: &str,
    content: Element,
    script: Option<&'static str>,
) -> Response {
    let nonce = random::guid();
    let head = element("head")
        .hold(element("meta").with("charset", "utf-8"))
        .hold(
            element("meta")
                .with("name", "viewport")
                .with("content", "width=device-width, initial-scale=1"),
        )
        // So that no browser asks for an icon.
        .hold(element("link").with("rel", "icon").with("href", "data:,"))
        .hold(element("title").say(text::TITLE.read(language)))
        .hold(element("style").code(STYLE));
    let main = element("main")
        .hold(element("h1").say(text::TITLE.read(language)))
        .hold(content);
    let mut body = element("body");
    if !brand.is_empty() {
        body = body.hold(element("header").hold(element("p").say(brand)));
    }
    body = body.hold(main);
    if let Some(script) = script {
        body = body.hold(element("script").with("nonce", &nonce).code(script));
    }
    let page = element("html")
        .with("lang", language.tag())
        .hold(head)
        .hold(body);
    let page = format!("<!DOCTYPE html>\n{page}\n").into_bytes();
    let mut response = Response::new(status, "text/html; charset=utf-8", page);
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; img-src 'self' data:; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    response.set_header("Content-Security-Policy", &policy);
    response.set_header("Content-Language", language.tag());
    response.set_header("Referrer-Policy", "same-origin");
    response.set_header("X-Content-Type-Options", "nosniff");
    response
}
