//! Which control belongs to which form, on pages as they really are.

use crate::window::{form, names, page};

#[test]
fn two_forms_have_their_own_controls() {
    let page = page(
        "<form id=a name=first><input name=x></form><input name=lost><form id=b><input name=y></form>",
    );
    let [one, other] = page.forms() else { panic!() };
    assert_eq!(
        (one.id(), one.name(), names(one)),
        (Some("a"), Some("first"), vec!["x"])
    );
    assert_eq!(
        (other.id(), other.name(), names(other)),
        (Some("b"), None, vec!["y"])
    );
}

#[test]
fn a_form_in_a_form_is_none() {
    let page = page(
        "<form id=a action=/a><input name=x><form id=b action=/b><input name=y></form><input name=z></form>",
    );
    let form = form(&page);
    assert_eq!(form.id(), Some("a"));
    assert_eq!(form.action().unwrap().path(), "/a");
    // The first end tag ends the form.
    assert_eq!(names(form), ["x", "y"]);
}

#[test]
fn a_form_without_end_goes_on() {
    let unclosed =
        page("<div><form id=a><input name=x></div><p><input name=y><table><tr><td><input name=z>");
    assert_eq!(names(form(&unclosed)), ["x", "y", "z"]);
    let cut = page("<form id=a><input name=x><input name=y");
    assert_eq!(names(form(&cut)), ["x"]);
}

#[test]
fn a_form_in_a_table_keeps_its_controls() {
    let page = page(
        "<table><form id=a><tr><td><input name=x></td></tr><input type=hidden name=h><input name=y></form></table><input name=z>",
    );
    // The parser puts what does not belong into a table before it.
    assert_eq!(names(form(&page)), ["y", "x", "h"]);
}

#[test]
fn a_control_may_name_its_form() {
    let page = page(
        "<input name=before form=a><form id=a><input name=x><input name=gone form=nowhere><input name=moved form=b>\
         </form><form id=b><input name=back form=a><p id=p></p><input name=none form=p><input name=empty form></form>",
    );
    let [one, other] = page.forms() else { panic!() };
    assert_eq!(names(one), ["before", "x", "back"]);
    assert_eq!(names(other), ["moved"]);
}

#[test]
fn tags_that_overlap_are_mended_as_in_browsers() {
    let page =
        page("<form id=a><b><p><input name=x></b><input name=y></p></form><select><input name=z>");
    assert_eq!(names(form(&page)), ["x", "y"]);
}

#[test]
fn attributes_are_read_as_browsers_do() {
    let page = page(
        "<FORM ID=a ID=b ACTION='/p?a=1&amp;b=2&copy=3'><INPUT NAME=\"x\"VALUE='1' value=2/></FORM>",
    );
    let form = form(&page);
    assert_eq!(form.id(), Some("a"));
    assert_eq!(form.action().unwrap().query(), Some("a=1&b=2&copy=3"));
    assert_eq!(form.control("x").unwrap().value(), "1");
}

#[test]
fn pages_made_by_script_have_no_form() {
    let html = "<!DOCTYPE html><html><head><script>var $Config={\"urlPost\":\"/x\"};</script></head>\
        <body><div id=root></div><noscript><form><input name=x></form></noscript>\
        <script src=/app.js></script></body></html>";
    assert!(page(html).forms().is_empty());
}

#[test]
fn bytes_that_are_no_page_are_one_without_forms() {
    for html in [
        "",
        "\0",
        "<",
        "</",
        "<!",
        "<!--",
        "&",
        "&#",
        "<form",
        "<form ",
        "<form a='",
        "{\"a\":1}",
    ] {
        assert!(page(html).forms().is_empty(), "{html:?}");
    }
}
