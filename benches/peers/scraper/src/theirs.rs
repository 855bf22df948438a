//! The same facts by scraper, written as its users write it: selectors once, labels from a map.

use std::collections::HashMap;
use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};
use url::Url;

struct Selectors {
    title: Selector,
    base: Selector,
    form: Selector,
    control: Selector,
    option: Selector,
    label: Selector,
    alert: Selector,
    image: Selector,
}

static SELECTORS: LazyLock<Selectors> = LazyLock::new(|| {
    let selector = |text: &str| Selector::parse(text).expect("a selector");
    Selectors {
        title: selector("title"),
        base: selector("base[href]"),
        form: selector("form"),
        control: selector("input, button, select, textarea"),
        option: selector("option"),
        label: selector("label"),
        alert: selector("[role=alert], [aria-live=assertive]"),
        image: selector("img[src]"),
    }
});

pub fn facts(html: &str) -> usize {
    let selectors = &*SELECTORS;
    let url = Url::parse("https://reset.contoso.example/start").expect("an address");
    let page = Html::parse_document(html);
    let mut facts = page.select(&selectors.title).next().map_or(0, |title| words(title).len());
    let base = page.select(&selectors.base).next();
    let base = base.and_then(|base| url.join(base.attr("href")?).ok()).unwrap_or(url.clone());
    let leads_here = |address: &str| base.join(address).is_ok_and(|to| to.origin() == url.origin());
    let labels: HashMap<&str, String> = page
        .select(&selectors.label)
        .filter_map(|label| Some((label.attr("for")?, words(label))))
        .collect();
    for form in page.select(&selectors.form) {
        facts += usize::from(leads_here(form.attr("action").unwrap_or_default()));
        for control in form.select(&selectors.control) {
            let name = control.attr("name").unwrap_or_default().to_owned();
            let mut value = control.attr("value").unwrap_or_default().to_owned();
            let mut choices = Vec::new();
            if control.value().name() == "select" {
                for option in control.select(&selectors.option) {
                    let choice = option.attr("value").map_or_else(|| words(option), str::to_owned);
                    choices.push((choice, words(option)));
                }
                value = choices.first().map(|(value, _)| value.clone()).unwrap_or_default();
            }
            let label = control.attr("id").and_then(|id| labels.get(id)).cloned();
            let label = label.unwrap_or_else(|| own_words(control));
            facts += 1 + choices.len() + label.len() + name.len() + value.len();
            facts += usize::from(is_visible(control)) + usize::from(control.attr("disabled").is_none());
        }
    }
    for alert in page.select(&selectors.alert).filter(|alert| is_visible(*alert)) {
        facts += words(alert).len();
    }
    let images = page.select(&selectors.image);
    facts + images.filter(|image| leads_here(image.attr("src").unwrap_or_default())).count()
}

fn own_words(control: ElementRef<'_>) -> String {
    match (control.value().name(), control.attr("type")) {
        ("button", _) => words(control),
        ("input", Some("submit" | "button")) => control.attr("value").unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn words(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_visible(element: ElementRef<'_>) -> bool {
    let hides = |element: ElementRef<'_>| {
        let style = element.attr("style").unwrap_or_default();
        element.attr("hidden").is_some()
            || (!style.is_empty() && style.replace(' ', "").contains("display:none"))
    };
    element.attr("type") != Some("hidden")
        && !hides(element)
        && !element.ancestors().filter_map(ElementRef::wrap).any(hides)
}
