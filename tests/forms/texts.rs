//! What a page says besides its forms.

use crate::window::page;

#[test]
fn the_text_of_an_element_is_what_a_person_reads() {
    let page = page(
        "<p id=a> A <b>masked</b>\n hint:<br>a***@contoso.com <span hidden>secret</span><script>no</script></p>\
         <ul id=b><li>one<li>two</ul><p id=c style='display:none'>c</p><p id=d></p>\
         <div hidden><p id=e>e</p></div><p id=f>x<img alt=picture src=a.png>y<textarea>no</textarea></p>",
    );
    assert_eq!(page.text("a").unwrap(), "A masked hint: a***@contoso.com");
    assert_eq!(page.text("b").unwrap(), "one two");
    assert_eq!(page.text("c"), None);
    assert_eq!(page.text("d").as_deref(), Some(""));
    assert_eq!(page.text("e"), None);
    assert_eq!(page.text("f").unwrap(), "x picture y");
    assert_eq!(page.text("nowhere"), None);
    // What is hidden can still be looked at.
    assert_eq!(page.element("c").unwrap().text(), "c");
    assert!(!page.element("e").unwrap().is_visible());
}

#[test]
fn the_title_is_there() {
    assert_eq!(
        page("<title> Reset\n your &amp; password </title>").title(),
        "Reset your & password"
    );
    assert_eq!(page("<p>none").title(), "");
    assert_eq!(
        page("<svg><title>no</title></svg><title>yes</title>").title(),
        "yes"
    );
}

#[test]
fn alerts_are_found_where_they_are_seen() {
    let page = page(
        "<p role=alert>Wrong code</p><p role=ALERT hidden>no</p><p role=alert></p><p role=status>no</p>\
         <div style=display:none><p role=alert>no</p></div><p aria-live=assertive>Too late</p><p aria-live=polite>no</p>",
    );
    let alerts: Vec<_> = page.alerts().map(|alert| alert.text()).collect();
    assert_eq!(alerts, ["Wrong code", "Too late"]);
}

#[test]
fn elements_are_found_by_class_and_id() {
    let page = page(
        "<p class='a errorlist'>x</p><ul id=i class=errorlist><li>y</ul><p class=errorlists>z</p><p id=i>w</p>",
    );
    let found: Vec<_> = page
        .with_class("errorlist")
        .map(|element| (element.tag(), element.text()))
        .collect();
    assert_eq!(found, [("p", "x".to_owned()), ("ul", "y".to_owned())]);
    let first = page.element("i").unwrap();
    assert_eq!((first.tag(), first.id()), ("ul", Some("i")));
    assert!(first.has_class("errorlist") && !first.has_class("Errorlist") && !first.has_class(""));
    assert!(page.element("").is_none());
}

#[test]
fn pictures_are_found_with_their_address() {
    let page = page(
        "<img id=captcha src='Captcha.ashx?id=1&amp;x=2' alt='Type what you see'><img src=data:image/png;base64,AA==>\
         <img hidden src=https://elsewhere.example/a.png><img>",
    );
    let images: Vec<_> = page.images().collect();
    assert_eq!(images.len(), 4);
    assert_eq!(images[0].id.as_deref(), Some("captcha"));
    assert_eq!(images[0].alt.as_deref(), Some("Type what you see"));
    assert_eq!(
        images[0].source.as_ref().unwrap().as_str(),
        "https://reset.contoso.example/start/Captcha.ashx?id=1&x=2"
    );
    assert!(images[0].is_visible && !images[2].is_visible);
    assert_eq!(images[1].source, Err(sspr::LinkProblem::NotHttps));
    assert_eq!(images[2].source, Err(sspr::LinkProblem::OtherOrigin));
    assert!(images[3].source.is_err());
}

#[test]
fn links_are_found_with_their_text() {
    let page = page(
        "<a id=l href='/again?x=1#top'>Start <b>again</b></a><a>none</a><a href='javascript:go()'>Go</a>",
    );
    let links: Vec<_> = page.links().collect();
    assert_eq!(links.len(), 2);
    assert_eq!(
        (links[0].id.as_deref(), links[0].text.as_str()),
        (Some("l"), "Start again")
    );
    assert_eq!(
        links[0].target.as_ref().unwrap().as_str(),
        "https://reset.contoso.example/again?x=1"
    );
    assert!(matches!(
        links[1].target,
        Err((sspr::LinkProblem::NotHttps, None))
    ));
}

#[test]
fn a_long_region_is_cut() {
    let page = page(&format!("<p id=a>{}</p>", "wörter ".repeat(10_000)));
    let length = page.text("a").unwrap().chars().count();
    assert!((16_000..=16_384).contains(&length), "{length}");
}
