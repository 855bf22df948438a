//! The frame around every view.

use super::super::http::Response;
use super::super::random;
use super::fields::{
    CAPTCHA_MODE, CONTENT, EVENT_TARGET, EVENT_VALIDATION, PAGE_CHECK, VIEW_NAME, VIEW_STATE,
};
use super::html::{Element, element};
use super::language::{Language, Text};
use super::ordered::{Ordered, PortalFault};
use super::place::Place;
use super::session::Session;
use super::text;
use super::view::View;

const STYLE: &str = "body{font:16px/1.5 sans-serif;color:#1b1b1b;background:#fff;max-width:40em;margin:2em auto;\
padding:0 1em}label,legend{font-weight:600}input[type=text],input[type=tel],input[type=password]{display:block;\
width:100%;box-sizing:border-box;padding:.4em;font:inherit;border:1px solid #555}button{font:inherit;padding:.4em 1em;\
margin:1em .5em 0 0}a.button{display:inline-block;\
border:1px solid #555;padding:.4em 1em;margin:1em .5em 0 0}[role=alert]{color:#a4262c;display:block}.hint{display:block;color:#444}fieldset{border:0;padding:0}";

/// Presses Next after a while, as a person would who waits for a call or an approval.
const WAIT: &str = "setTimeout(function(){var form=document.getElementById('aspnetForm');\
form.elements.namedItem('__EVENTTARGET').value='ctl00$ContentPlaceholderMainContent$ButtonNext';form.submit()},5000)";

/// Presses a link that is a button. No link is followed to its script: the policy of the page would not let it run.
const PRESS: &str = "addEventListener('click',function(event){\
var link=event.target.closest('a.button');if(!link)return;event.preventDefault();\
var form=document.getElementById('aspnetForm');\
form.elements.namedItem('__EVENTTARGET').value=link.getAttribute('href').split(\"'\")[1];form.submit()})";

/// Writes the page that nobody sees without script.
const APPLICATION: &str = "document.getElementById('Application').textContent=document.title";

/// Why a request belongs to no visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stray {
    NoCookie,
    Expired,
    Forged,
}

/// The panel that views are in. Seen in what is posted, without a prefix in ids as those of the controls.
pub(super) const PANEL_ID: &str = "ContentPlaceholderMainContent_UpdatePanelMain";

/// A page before it is written: as a whole, or what has changed of it.
#[derive(Debug)]
pub(super) struct Page {
    status: u16,
    language: Language,
    brand: String,
    /// Whether there is anything to post.
    has_form: bool,
    pub(super) hidden: Vec<Hidden>,
    content: Vec<Element>,
    pub(super) action: String,
    pub(super) script: Option<&'static str>,
    /// Whether buttons are links.
    links: bool,
}

/// A hidden field.
#[derive(Debug)]
pub(super) struct Hidden {
    pub(super) name: String,
    pub(super) value: String,
}

impl Page {
    /// The page of a visit.
    pub(super) fn of(session: &Session, view: &View, place: &Place, ordered: &Ordered) -> Self {
        let realm = place.realm.as_deref();
        let domain = realm.or_else(|| session.name().rsplit_once('@').map(|(_, domain)| domain));
        let mut hidden = hidden_fields(session, ordered.view().unwrap_or(view.name));
        hidden.retain(|field| !ordered.leaves_out(&field.name));
        let heading = element("h2").say(view.heading.read(session.language));
        let page = Self {
            status: 200,
            language: session.language,
            brand: domain.unwrap_or_default().to_owned(),
            has_form: true,
            hidden,
            content: std::iter::once(heading)
                .chain(view.content.iter().cloned())
                .collect(),
            action: ordered.action().unwrap_or(&place.action).to_owned(),
            script: view.waits.then_some(WAIT),
            links: view.links,
        };
        if ordered.has(&PortalFault::ScriptOnly) {
            page.by_script()
        } else {
            page
        }
    }

    /// A page for nobody in particular.
    pub(super) fn stray(why: Stray, language: Language, place: &Place) -> Self {
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
        let alert = element("p").with("role", "alert").say(hint.read(language));
        Self {
            status,
            language,
            brand: place.realm.clone().unwrap_or_default(),
            has_form: false,
            hidden: vec![Hidden::new(format!("{CONTENT}{VIEW_NAME}"), name)],
            content: vec![
                element("h2").say(heading.read(language)),
                alert,
                link(&place.action, text::START_AGAIN, language),
            ],
            action: place.action.clone(),
            script: None,
            links: false,
        }
    }

    /// The same with nothing on it but what a script would write.
    fn by_script(self) -> Self {
        let hint = element("p").say(text::NEEDS_SCRIPT.read(self.language));
        Self {
            has_form: false,
            hidden: Vec::new(),
            content: vec![
                element("div").with("id", "Application"),
                element("noscript").hold(hint),
            ],
            script: Some(APPLICATION),
            links: false,
            ..self
        }
    }

    pub(super) fn title(&self) -> &'static str {
        text::TITLE.read(self.language)
    }

    /// The content of the panel.
    pub(super) fn panel(&self) -> String {
        self.content.iter().map(Element::to_string).collect()
    }

    pub(super) fn respond(self) -> Response {
        let fields = self.hidden.iter().map(Hidden::element);
        let press = self.links.then_some(PRESS);
        let scripts: Vec<_> = press.into_iter().chain(self.script).collect();
        let content = if self.has_form {
            let panel = element("div")
                .with("id", PANEL_ID)
                .hold_all(self.content.iter().cloned());
            element("form")
                .with("id", "aspnetForm")
                .with("method", "post")
                .with("action", &self.action)
                .hold_all(fields)
                .hold(panel)
        } else {
            element("div")
                .hold_all(fields)
                .hold_all(self.content.iter().cloned())
        };
        html(self.status, self.language, &self.brand, content, &scripts)
    }
}

impl Hidden {
    fn new(name: String, value: &str) -> Self {
        let value = value.to_owned();
        Self { name, value }
    }

    /// The id of its element.
    pub(super) fn id(&self) -> String {
        self.name.trim_start_matches("ctl00$").replace('$', "_")
    }

    fn element(&self) -> Element {
        element("input")
            .with("type", "hidden")
            .with("name", &self.name)
            .with("id", &self.id())
            .with("value", &self.value)
    }
}

pub(super) fn link(to: &str, words: Text, language: Language) -> Element {
    let link = element("a").with("href", to).say(words.read(language));
    element("p").hold(link)
}

/// In the order in which a WebForms page has them.
fn hidden_fields(session: &Session, view: &str) -> Vec<Hidden> {
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
    .map(|(name, value)| Hidden::new(name, value))
    .into()
}

fn html(
    status: u16,
    language: Language,
    brand: &str,
    content: Element,
    scripts: &[&'static str],
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
    for script in scripts {
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
