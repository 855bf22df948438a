//! The script of ASP.NET WebForms, as far as it sends a form.

use sspr::protocol::portal::{ControlKind, FormFault, PostBack};

use crate::window::{body, control, form, header, page, sent_by};

/// As such pages are, with the state before the form's own controls.
const PAGE: &str = "<form method=post action='./'>
    <div class=aspNetHidden><input type=hidden name=__EVENTTARGET id=__EVENTTARGET value=''>
    <input type=hidden name=__EVENTARGUMENT id=__EVENTARGUMENT value=''>
    <input type=hidden name=__VIEWSTATE id=__VIEWSTATE value='/wEPDw=='></div>
    <input name='ctl00$Box' id=Box value=b>
    <a id=Next href='javascript:__doPostBack(&#39;ctl00$Next&#39;,&#39;&#39;)'><span>Next</span></a>
    <a id=Other href='javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions(&quot;ctl00$Other&quot;, &quot;7&quot;, true, &quot;&quot;, &quot;&quot;, false, true))'>Other</a>
    <input type=button id=Script name='ctl00$Script' value=Go onclick=\"javascript:__doPostBack('ctl00$Script','')\">
    <a href='javascript:__doPostBack()'>Broken</a> <a href=/away>Away</a> <a id=Off>Off</a>
    <input type=submit name='ctl00$Send' value=Send>
    </form>";

#[test]
fn links_that_send_the_form_are_controls() {
    let page = page(PAGE);
    let links: Vec<_> = form(&page)
        .controls()
        .iter()
        .filter(|control| control.kind() == ControlKind::PostBack)
        .map(|control| (control.id().unwrap(), control.name(), control.label()))
        .collect();
    assert_eq!(
        links,
        [
            ("Next", "ctl00$Next", "Next"),
            ("Other", "ctl00$Other", "Other"),
            ("Script", "ctl00$Script", "Go")
        ]
    );
    assert_eq!(
        control(&page, "ctl00$Other")
            .post_back()
            .map(PostBack::argument),
        Some("7")
    );
    assert!(control(&page, "ctl00$Send").post_back().is_none());
}

#[test]
fn a_link_fills_in_its_target() {
    let state = "__VIEWSTATE=%2FwEPDw%3D%3D&ctl00%24Box=b";
    assert_eq!(
        sent_by(PAGE, "ctl00$Next").unwrap(),
        format!("__EVENTTARGET=ctl00%24Next&__EVENTARGUMENT=&{state}")
    );
    assert_eq!(
        sent_by(PAGE, "ctl00$Other").unwrap(),
        format!("__EVENTTARGET=ctl00%24Other&__EVENTARGUMENT=7&{state}")
    );
    assert_eq!(
        sent_by(PAGE, "ctl00$Script").unwrap(),
        format!("__EVENTTARGET=ctl00%24Script&__EVENTARGUMENT=&{state}")
    );
    assert_eq!(
        sent_by(PAGE, "ctl00$Send").unwrap(),
        format!("__EVENTTARGET=&__EVENTARGUMENT=&{state}&ctl00%24Send=Send")
    );
}

#[test]
fn without_the_fields_of_the_script_it_does_nothing() {
    for field in ["__EVENTTARGET", "__EVENTARGUMENT"] {
        let html = PAGE.replace(&format!("name={field}"), "name=x");
        let missing = FormFault::MissingField(field.into());
        assert_eq!(sent_by(&html, "ctl00$Next").unwrap_err(), missing);
        // A button that needs no script still works.
        assert!(sent_by(&html, "ctl00$Send").is_ok());
    }
}

#[test]
fn a_page_without_its_view_state_is_sent_without_it() {
    let html = PAGE.replace("name=__VIEWSTATE", "");
    let sent = sent_by(&html, "ctl00$Next").unwrap();
    assert_eq!(
        sent,
        "__EVENTTARGET=ctl00%24Next&__EVENTARGUMENT=&ctl00%24Box=b"
    );
}

#[test]
fn a_partial_post_asks_for_a_panel() {
    let page = page(PAGE);
    let submission = page
        .submission(form(&page))
        .fill(control(&page, "ctl00$Box"), "adele")
        .unwrap();
    let submission = submission.press(control(&page, "ctl00$Next")).unwrap();
    let request = submission
        .partial("ctl00$Manager", "ctl00$Panel")
        .unwrap()
        .request()
        .unwrap();
    assert_eq!(request.method, http::Method::POST);
    assert_eq!(request.url.as_str(), "https://reset.contoso.example/start/");
    assert_eq!(
        body(&request),
        "ctl00%24Manager=ctl00%24Panel%7Cctl00%24Next&__EVENTTARGET=ctl00%24Next&__EVENTARGUMENT=\
         &__VIEWSTATE=%2FwEPDw%3D%3D&ctl00%24Box=adele&__ASYNCPOST=true"
    );
    for (name, value) in [
        (
            "content-type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        ),
        ("x-microsoftajax", "Delta=true"),
        ("x-requested-with", "XMLHttpRequest"),
        ("cache-control", "no-cache"),
        ("accept", "*/*"),
        ("origin", "https://reset.contoso.example"),
        ("referer", crate::window::HERE),
    ] {
        assert_eq!(header(&request, name), Some(value));
    }
    assert_eq!(request.headers.len(), 7);
}

#[test]
fn a_partial_post_by_a_button_sends_the_button() {
    let html = PAGE.replace(
        "<input type=submit",
        "<input type=hidden name=__ASYNCPOST><input type=hidden name=m><input type=submit",
    );
    let page = page(&html);
    let submission = page
        .submission(form(&page))
        .press(control(&page, "ctl00$Send"))
        .unwrap();
    let request = submission.partial("m", "p").unwrap().request().unwrap();
    assert_eq!(
        body(&request),
        "m=p%7Cctl00%24Send&__EVENTTARGET=&__EVENTARGUMENT=&__VIEWSTATE=%2FwEPDw%3D%3D&ctl00%24Box=b\
         &ctl00%24Send=Send&__ASYNCPOST=true"
    );
    let unpressed = page.submission(form(&page)).partial("m", "p").err();
    assert_eq!(
        unpressed,
        Some(FormFault::MissingField("__EVENTTARGET".into()))
    );
}

#[test]
fn a_link_outside_of_every_form_sends_none() {
    let page = page("<a href=\"javascript:__doPostBack('a','')\">A</a><form></form>");
    assert!(form(&page).controls().is_empty());
}
