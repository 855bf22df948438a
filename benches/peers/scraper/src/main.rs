//! The same pages read by the forms engine and by scraper.
//!
//! `scraper_peer ours|scraper PAGE CALLS` reads a page that often and prints how many facts it found each time, to be
//! counted by callgrind: the difference between two numbers of calls is free of the start.

mod pages;
mod theirs;

use std::env;
use std::hint::black_box;

use sspr::protocol::portal::Page;
use url::Url;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [who, name, calls] = &arguments[..] else {
        panic!("usage: scraper_peer ours|scraper PAGE CALLS");
    };
    let html = pages::page(name);
    let calls: usize = calls.parse().expect("a number of calls");
    let read = match who.as_str() {
        "ours" => ours,
        "scraper" => theirs::facts,
        _ => panic!("who is {who}?"),
    };
    let mut facts = 0;
    for _ in 0..calls {
        facts = black_box(read(black_box(&html)));
    }
    println!("{facts}");
}

/// What is counted: forms, controls with their choices, characters of labels and of alerts, pictures that can be fetched.
fn ours(html: &str) -> usize {
    let url = Url::parse("https://reset.contoso.example/start").expect("an address");
    let page = Page::parse(&url, Some("text/html; charset=utf-8"), html.as_bytes()).expect("a page");
    let mut facts = page.title().len();
    for form in page.forms() {
        facts += usize::from(form.action().is_ok());
        for control in form.controls() {
            facts += 1 + control.choices().len() + control.label().len() + control.name().len();
            facts += control.value().len();
            facts += usize::from(control.is_visible()) + usize::from(!control.is_disabled());
        }
    }
    facts += page.alerts().map(|alert| alert.text().len()).sum::<usize>();
    facts + page.images().filter(|image| image.source.is_ok()).count()
}
