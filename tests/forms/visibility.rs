//! What a person sees.

use crate::window::{control, form, page};

fn is_visible(html: &str) -> bool {
    control(&page(&format!("<form>{html}</form>")), "x").is_visible()
}

#[test]
fn what_nobody_sees_is_known() {
    for html in [
        "<input type=hidden name=x>",
        "<input name=x hidden>",
        "<input name=x hidden=until-found>",
        "<input name=x style='display:none'>",
        "<input name=x style='color:red; DISPLAY : NONE ;'>",
        "<input name=x style='display:none!important;display:block'>",
        "<input name=x style='display:block;display:none'>",
        "<input name=x style='visibility:hidden'>",
        "<input name=x style='visibility:collapse'>",
        "<input name=x style='/* ; */display:none'>",
        "<input name=x style='background:url(\"a;b\");display:none'>",
        "<input name=x style='content:\"\\\";\";display:none'>",
        "<div hidden><p><input name=x></p></div>",
        "<div style='display:none'><p style='display:block'><input name=x></p></div>",
        "<div style='visibility:hidden'><input name=x></div>",
        "<div style='visibility:visible'><div style='visibility:hidden'><input name=x></div></div>",
        "<dialog><input name=x></dialog>",
        "<label hidden>A <input name=x></label>",
    ] {
        assert!(!is_visible(html), "{html}");
    }
}

#[test]
fn everything_else_is_seen() {
    for html in [
        "<input name=x>",
        "<input name=x style='display:block'>",
        "<input name=x style='display:none;display:block'>",
        "<input name=x style='display:none;display:block!important'>",
        "<input name=x style='/*display:none*/'>",
        "<input name=x style='x:\"display:none\"'>",
        "<input name=x style='x:url(;display:none)'>",
        "<input name=x style='max-display:none'>",
        "<input name=x style='visibility:nonsense'>",
        "<input name=x style>",
        "<div style='visibility:hidden'><input name=x style='visibility:visible'></div>",
        "<dialog open><input name=x></dialog>",
        "<details><input name=x></details>",
        "<p hidden></p><input name=x>",
        "<input name=x aria-hidden=true>",
        "<input name=x class=hidden>",
    ] {
        assert!(is_visible(html), "{html}");
    }
}

#[test]
fn a_form_is_hidden_with_what_is_around_it() {
    let html = "<div style=display:none><form id=a><input name=x></form></div><form id=b></form>";
    let page = page(html);
    let visible: Vec<_> = page.forms().iter().map(|form| form.is_visible()).collect();
    assert_eq!(visible, [false, true]);
    assert!(!page.forms()[0].controls()[0].is_visible());
}

#[test]
fn what_is_hidden_is_sent_all_the_same() {
    let page = page("<form method=post><div hidden><input name=x value=1></div></form>");
    let request = page.submission(form(&page)).request().unwrap();
    assert_eq!(request.body.as_ref(), b"x=1");
}

#[test]
fn what_is_no_part_of_the_page_has_no_controls() {
    for html in [
        "<template><form><input name=x></form></template>",
        "<noscript><form><input name=x></form></noscript>",
        "<script>document.write('<form><input name=x></form>')</script>",
        "<!-- <form><input name=x></form> -->",
        "<style><form></style>",
        "<iframe><form></form></iframe>",
        "<textarea><form></form></textarea>",
        "<title><form></form></title>",
        "<xmp><form></form></xmp>",
        "<svg><title><form></form></title>",
    ] {
        let forms = page(html).forms().len();
        // What is HTML inside of SVG is a part of the page.
        assert_eq!(forms, usize::from(html.starts_with("<svg>")), "{html}");
    }
}

#[test]
fn elements_of_svg_and_mathml_are_no_controls() {
    let page = page(
        "<form><svg><input name=a><form name=b></form></svg><math><select name=c></math></form>",
    );
    let form = form(&page);
    // `<input>` does not leave SVG, and is none of HTML there.
    assert!(
        form.controls().iter().all(|control| control.name() == "c"),
        "{form:?}"
    );
}
