//! Pages that are made to cost much, or more than is read.

use std::time::Duration;

use sspr::protocol::portal::{Page, PageFault, PageLimit};
use url::Url;

use crate::window::{HERE, body, control, form, page};

fn parse(html: &str) -> Result<Page, PageFault> {
    Page::parse(
        &Url::parse(HERE).unwrap(),
        Some("text/html"),
        html.as_bytes(),
    )
}

fn limit(html: &str) -> Option<PageLimit> {
    match parse(html) {
        Ok(_) => None,
        Err(PageFault::Limit(limit)) => Some(limit),
        Err(other) => panic!("{other:?}"),
    }
}

/// The time of this thread on a processor, so that other work does not count.
fn time(work: impl FnOnce()) -> Duration {
    let now = || {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        let nanoseconds = stat.split_ascii_whitespace().next()?.parse().ok()?;
        Some(Duration::from_nanos(nanoseconds))
    };
    let begun = std::time::Instant::now();
    let before = now();
    work();
    match (before, now()) {
        (Some(before), Some(after)) => after - before,
        _ => begun.elapsed(),
    }
}

#[test]
fn a_page_of_10_megabytes_is_refused() {
    let html = "<p>x</p>".repeat(10 << 17);
    assert!(html.len() >= 10_000_000);
    assert_eq!(limit(&html), Some(PageLimit::Bytes));
    let at_the_limit = format!("<form><input name=a>{}", " ".repeat(PageLimit::BYTES - 20));
    assert_eq!(at_the_limit.len(), PageLimit::BYTES);
    assert_eq!(form(&parse(&at_the_limit).unwrap()).controls().len(), 1);
    assert_eq!(limit(&format!("{at_the_limit} ")), Some(PageLimit::Bytes));
}

#[test]
fn elements_too_deep_are_refused() {
    for tag in [
        "div",
        "b",
        "form",
        "table",
        "table><tr><td",
        "a href=x",
        "label",
        "svg",
        "fieldset",
        "template",
        "ul><li",
        "span",
    ] {
        let deep = format!("<{tag}>").repeat(100_000);
        let found = limit(&deep);
        let is_flat = ["form", "table", "a href=x"].contains(&tag);
        assert_eq!(found, (!is_flat).then_some(PageLimit::Depth), "{tag}");
    }
    let inside = |depth: usize| format!("<form>{}<input name=a>", "<div>".repeat(depth));
    assert_eq!(form(&parse(&inside(400)).unwrap()).controls().len(), 1);
    assert_eq!(limit(&inside(600)), Some(PageLimit::Depth));
}

#[test]
fn too_many_elements_are_refused() {
    assert_eq!(
        limit(&"<br>".repeat(PageLimit::NODES + 100)),
        Some(PageLimit::Nodes)
    );
    assert_eq!(limit(&"<br>".repeat(100_000)), None);
    let many = format!("<form>{}", "<input>".repeat(PageLimit::CONTROLS));
    assert_eq!(
        form(&parse(&many).unwrap()).controls().len(),
        PageLimit::CONTROLS
    );
    assert_eq!(limit(&format!("{many}<input>")), Some(PageLimit::Controls));
    let options = format!("<form><select>{}", "<option>".repeat(PageLimit::CONTROLS));
    assert_eq!(limit(&options), Some(PageLimit::Controls));
}

#[test]
fn too_many_attributes_are_refused() {
    let names = |count: usize| {
        (0..count)
            .map(|number| format!(" a{number}"))
            .collect::<String>()
    };
    let tag = |count| format!("<form><input name=x{}>", names(count - 1));
    assert_eq!(
        form(&parse(&tag(PageLimit::ATTRIBUTES)).unwrap())
            .controls()
            .len(),
        1
    );
    assert_eq!(
        limit(&tag(PageLimit::ATTRIBUTES + 1)),
        Some(PageLimit::Attributes)
    );
    let many = names(500_000);
    // A tag that never ends would cost the square of its length.
    for open in [
        "<a",
        "</a",
        "<script></script",
        "<title>&lt<b></title",
        "&x<b",
        "<svg><![CDATA[ ]]><b",
        "<script><b x='</script",
        "<script><</script",
        "<script></scri</script",
        "<script><!--<script></script x='</script",
        "<title>&lt<b x='</title",
        "<textarea></textareas x='</textarea",
    ] {
        let html = format!("{open}{many}");
        let mut found = None;
        let spent = time(|| found = limit(&html));
        assert_eq!(found, Some(PageLimit::Attributes), "{open}");
        assert!(spent < Duration::from_secs(2), "{open}: {spent:?}");
    }
}

#[test]
fn what_only_looks_like_a_tag_may_be_long() {
    let words = "a b ".repeat(100_000);
    for html in [
        format!("<!-- <b {words} -->"),
        format!("<script>if (a <b {words}) x();</script>"),
        format!("<style><b {words}</style>"),
        format!("<p title='<b {words}'>"),
        format!("&lt<p title='<b><i {words}'>"),
        format!("<script>if (a <b x='</b> {words}</script>"),
        format!("<p title=\"{words}\">"),
        format!("<textarea><b {words}</textarea>"),
        format!("<p>{words}</p>"),
        format!("< b {words}"),
    ] {
        let html = format!("{html}<form><input name=x></form>");
        assert_eq!(page(&html).forms().len(), 1, "{}", &html[..20]);
    }
}

#[test]
fn a_value_of_a_megabyte_goes_out_as_it_came() {
    let state = "/wEPDwUKMTY3+==".repeat(70_000);
    for quote in ["'", "\"", ""] {
        let html =
            format!("<form method=post><input type=hidden name=s value={quote}{state}{quote}>");
        let page = page(&html);
        assert_eq!(control(&page, "s").value(), state);
        let sent = body(&page.submission(form(&page)).request().unwrap());
        let written = state
            .replace('/', "%2F")
            .replace('+', "%2B")
            .replace('=', "%3D");
        assert!(sent == format!("s={written}"));
    }
}

/// A name, and a page of about that length.
type Kind = (&'static str, fn(usize) -> String);

/// In seconds: nothing shorter is measured by systems that count by their clock's ticks.
const TICK: f64 = 0.01;

/// Twice the page must not cost much more than twice the time.
#[test]
fn no_page_costs_the_square_of_its_length() {
    let kinds: [Kind; 14] = [
        ("formatting across paragraphs", |n| {
            let open: String = (0..200).map(|number| format!("<b id=b{number}>")).collect();
            format!("<p>{open}{}", "</p><p>x".repeat(n / 8))
        }),
        ("different formatting", |n| {
            (0..n / 12)
                .map(|number| format!("<i id={number}></i>"))
                .collect()
        }),
        ("misnested", |n| "<b><p></b><i></p></i>".repeat(n / 21)),
        ("text before a table", |n| {
            format!("<table>{}", "a<tr>".repeat(n / 5))
        }),
        ("tables in cells", |n| {
            "<table><tr><td>x</table>".repeat(n / 24)
        }),
        ("body attributes", |n| {
            (0..n / 20)
                .map(|number| format!("<body a{number}=x>"))
                .collect()
        }),
        ("labels around", |n| {
            format!(
                "<form>{}",
                "<label><input></label>".repeat((n / 22).min(9000))
            )
        }),
        ("labels by id", |n| {
            let controls = (n / 40).min(9000);
            (0..controls)
                .map(|number| format!("<label for=i{number}>x</label><input id=i{number}>"))
                .collect()
        }),
        ("labelled by everything", |n| {
            let controls = "<input aria-labelledby='a a a a a a a a'>".repeat((n / 80).min(4000));
            format!(
                "<form>{controls}<div id=a>{}</div>",
                "x<i></i>".repeat(n / 16)
            )
        }),
        ("same ids", |n| "<p id=a></p>".repeat(n / 12)),
        ("comments", |n| "<!---->".repeat(n / 7)),
        ("character references", |n| {
            "&amp;&notit;&#x41;".repeat(n / 18)
        }),
        ("style", |n| {
            format!("<p style='{}'>", "display:none;/*".repeat(n / 15))
        }),
        ("legends", |n| {
            format!("<fieldset disabled>{}", "<legend></legend>".repeat(n / 17))
        }),
    ];
    for (name, kind) in kinds {
        let cost = |length: usize| {
            let html = kind(length);
            let run = || time(|| drop(parse(&html)));
            (0..2).map(|_| run()).min().unwrap_or_default()
        };
        let (small, large) = (cost(25_000), cost(200_000));
        let growth = large.as_secs_f64() / small.as_secs_f64().max(TICK);
        assert!(growth < 20.0, "{name}: {small:?}, {large:?}");
        assert!(large < Duration::from_secs(20), "{name}: {large:?}");
    }
}
