//! Partial answers, applied to the page they are for.

use sspr::LinkProblem;
use sspr::protocol::portal::{Applied, Delta, DeltaFault, Page, PageLimit};

use crate::delta::record;
use crate::window::{body, control, form, names, page};

const PAGE: &str = "<title>Before</title><form id=f method=post action=/before>\
    <input type=hidden name=__EVENTTARGET id=__EVENTTARGET><input type=hidden name=__VIEWSTATE id=__VIEWSTATE value=old>\
    <div id=Panel><p id=note role=alert></p><input name=user id=user></div><input name=behind></form><p id=after>x</p>";

fn apply(page: &mut Page, records: &[String]) -> Result<Applied, DeltaFault> {
    page.apply(&Delta::parse(records.concat().as_bytes()).unwrap())
}

fn sent(page: &Page) -> String {
    body(&page.submission(form(page)).request().unwrap())
}

#[test]
fn a_panel_gets_its_new_content() {
    let mut page = page(PAGE);
    let new = "<p id=note role=alert>Wrong name</p><label for=code>Code</label><input name=code id=code><div><button name=go>Go";
    let applied = apply(
        &mut page,
        &[
            record("#", "", "4"),
            record("updatePanel", "Panel", new),
            record("hiddenField", "__VIEWSTATE", "new"),
            record("hiddenField", "__EVENTVALIDATION", "added &amp; kept"),
            record("formAction", "", "/next?x=1"),
            record("pageTitle", "", "After &amp;"),
            record("scriptBlock", "ScriptContentNoTags", "alert(1)"),
            record("asyncPostBackTimeout", "", "90"),
            record("unheardOf", "x", "y"),
        ],
    );
    assert_eq!(applied, Ok(Applied::Updated));
    assert_eq!(
        names(form(&page)),
        [
            "__EVENTTARGET",
            "__VIEWSTATE",
            "code",
            "go",
            "behind",
            "__EVENTVALIDATION"
        ]
    );
    assert_eq!(control(&page, "code").label(), "Code");
    assert_eq!(page.alerts().next().unwrap().text(), "Wrong name");
    assert_eq!(page.title(), "After &amp;");
    assert!(page.element("user").is_none());
    assert_eq!(page.text("after").as_deref(), Some("x"));
    let request = page.submission(form(&page)).request().unwrap();
    assert_eq!(
        request.url.as_str(),
        "https://reset.contoso.example/next?x=1"
    );
    assert_eq!(
        body(&request),
        "__EVENTTARGET=&__VIEWSTATE=new&code=&behind=&__EVENTVALIDATION=added+%26amp%3B+kept"
    );
}

#[test]
fn one_answer_follows_another() {
    let mut page = page(PAGE);
    for round in 0..50 {
        let new = format!("<div id=Inner{round}><input name=n{round}></div>");
        let state = format!("state{round}");
        apply(
            &mut page,
            &[
                record("updatePanel", "Panel", &new),
                record("hiddenField", "__VIEWSTATE", &state),
            ],
        )
        .unwrap();
        assert_eq!(
            sent(&page),
            format!("__EVENTTARGET=&__VIEWSTATE={state}&n{round}=&behind=")
        );
        assert_eq!(page.title(), "Before");
    }
    assert!(page.element("Inner48").is_none() && page.element("Inner49").is_some());
}

#[test]
fn a_panel_in_a_panel_can_be_renewed_by_the_same_answer() {
    let mut page = page(PAGE);
    let outer = "<div id=Outer><div id=Inner>old</div></div>";
    apply(
        &mut page,
        &[
            record("updatePanel", "Panel", outer),
            record("updatePanel", "Inner", "<input name=new>"),
        ],
    )
    .unwrap();
    assert_eq!(sent(&page), "__EVENTTARGET=&__VIEWSTATE=old&new=&behind=");
    // What is gone cannot be renewed.
    let gone = apply(
        &mut page,
        &[
            record("updatePanel", "Panel", ""),
            record("updatePanel", "Inner", ""),
        ],
    );
    assert_eq!(gone, Err(DeltaFault::MissingPanel("Inner".into())));
}

#[test]
fn a_panel_in_a_table_is_read_as_part_of_it() {
    let mut page = page("<form method=post><table><tbody id=Rows></tbody></table></form>");
    apply(
        &mut page,
        &[record(
            "updatePanel",
            "Rows",
            "<tr><td><input name=a></td></tr>",
        )],
    )
    .unwrap();
    assert_eq!(sent(&page), "a=");
}

#[test]
fn a_form_in_a_panel_of_a_form_is_none() {
    let mut page = page(PAGE);
    apply(
        &mut page,
        &[record(
            "updatePanel",
            "Panel",
            "<form action=//evil.example/><input name=a></form><input name=b>",
        )],
    )
    .unwrap();
    let request = page.submission(form(&page)).request().unwrap();
    assert_eq!(request.url.path(), "/before");
    assert_eq!(
        body(&request),
        "__EVENTTARGET=&__VIEWSTATE=old&a=&b=&behind="
    );
}

#[test]
fn fields_outside_of_the_panels_count_more_than_those_inside() {
    let mut page = page(PAGE);
    apply(
        &mut page,
        &[
            record("hiddenField", "inner", "from the answer"),
            record(
                "updatePanel",
                "Panel",
                "<input type=hidden name=inner id=inner value=from-the-panel>",
            ),
        ],
    )
    .unwrap();
    assert_eq!(control(&page, "inner").value(), "from the answer");
}

#[test]
fn what_is_added_goes_into_the_form_of_the_script() {
    let mut page = page(
        "<form id=a method=post><input name=q></form><form id=b method=post><input type=hidden name=__EVENTTARGET></form>",
    );
    apply(
        &mut page,
        &[
            record("hiddenField", "x", "1"),
            record("formAction", "", "/b"),
        ],
    )
    .unwrap();
    let [one, other] = page.forms() else { panic!() };
    assert_eq!(
        (names(one), names(other)),
        (vec!["q"], vec!["__EVENTTARGET", "x"])
    );
    assert_eq!(one.action().unwrap().path(), "/start/page");
    assert_eq!(other.action().unwrap().path(), "/b");
}

#[test]
fn an_answer_that_does_not_fit_changes_nothing() {
    let before = "__EVENTTARGET=&__VIEWSTATE=old&user=&behind=";
    let good = [
        record("updatePanel", "Panel", "<input name=new>"),
        record("hiddenField", "__VIEWSTATE", "new"),
    ];
    for (bad, fault) in [
        (
            record("updatePanel", "Nowhere", ""),
            DeltaFault::MissingPanel("Nowhere".into()),
        ),
        (
            record("updatePanel", "", ""),
            DeltaFault::MissingPanel("".into()),
        ),
        (
            record("hiddenField", "after", "x"),
            DeltaFault::NotAField("after".into()),
        ),
        (
            record("updatePanel", "Panel", &"<div>".repeat(1000)),
            DeltaFault::Limit(PageLimit::Depth),
        ),
        (
            record("pageRedirect", "", "https://evil.example/x"),
            DeltaFault::Redirect {
                problem: LinkProblem::OtherOrigin,
                host: Some("evil.example".into()),
            },
        ),
        (
            record("pageRedirect", "", "javascript:alert(1)"),
            DeltaFault::Redirect {
                problem: LinkProblem::NotHttps,
                host: None,
            },
        ),
    ] {
        let mut page = page(PAGE);
        let records = [good.as_slice(), std::slice::from_ref(&bad)].concat();
        assert_eq!(apply(&mut page, &records), Err(fault), "{bad}");
        assert_eq!(sent(&page), before);
        assert_eq!(page.title(), "Before");
    }
    let mut none = crate::window::page("<div id=Panel>");
    let fault = apply(&mut none, &[record("hiddenField", "x", "1")]);
    assert_eq!(fault, Err(DeltaFault::NoForm));
}

#[test]
fn a_field_to_type_into_is_no_hidden_field() {
    let mut page = page(PAGE);
    let fault = apply(&mut page, &[record("hiddenField", "user", "someone")]);
    assert_eq!(fault, Err(DeltaFault::NotAField("user".into())));
}

#[test]
fn an_error_and_another_page_are_told() {
    let mut page = page(PAGE);
    let error = apply(
        &mut page,
        &[
            record("updatePanel", "Panel", ""),
            record("error", "500", "An unknown error \u{202E}occurred"),
        ],
    );
    assert_eq!(
        error,
        Ok(Applied::Error {
            code: "500".into(),
            message: "An unknown error occurred".into()
        })
    );
    let redirect = apply(
        &mut page,
        &[record("pageRedirect", "", "/Error.aspx?id=1#x")],
    );
    let target = "https://reset.contoso.example/Error.aspx?id=1"
        .parse()
        .unwrap();
    assert_eq!(redirect, Ok(Applied::Redirect(target)));
    assert_eq!(sent(&page), "__EVENTTARGET=&__VIEWSTATE=old&user=&behind=");
}

#[test]
fn an_address_of_another_origin_is_refused_when_it_is_used() {
    let mut page = page(PAGE);
    apply(
        &mut page,
        &[record("formAction", "", "https://evil.example/")],
    )
    .unwrap();
    assert!(page.submission(form(&page)).request().is_err());
}
