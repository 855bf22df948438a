//! What a page shows, in the words of a profile.

use super::forms::{Control, ControlKind, Form, Page};
use super::profile::Profile;
use super::profile::mark::{self, Numbered, Region};
use super::profile::view::{After, Complaint, Refused, START, View, When};
use crate::error::PeerText;

/// The most elements of a region whose words are looked at.
const SPOKEN: usize = 64;

/// A control together with the form that it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Placed<'p> {
    pub(super) form: &'p Form,
    pub(super) control: &'p Control,
}

/// What a page was recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recognised {
    /// The view of this number, where it may come.
    As(usize),
    /// A view that may not come now.
    OutOfOrder,
    /// None.
    Unknown,
}

/// Recognises the view of a page that came after another view, or as the first.
pub(super) fn recognise(profile: &Profile, page: &Page, after: Option<usize>) -> Recognised {
    let name = view_name(profile, page);
    let mut found = Recognised::Unknown;
    for (index, view) in profile.views.iter().enumerate() {
        if !is_shown(&view.when, page, name) {
            continue;
        }
        if may_follow(profile, view, index, after) {
            return Recognised::As(index);
        }
        found = Recognised::OutOfOrder;
    }
    found
}

/// What the page calls its view; otherwise where it stands.
pub(super) fn raw_name(profile: &Profile, page: &Page) -> PeerText {
    match view_name(profile, page) {
        Some(name) => PeerText::new(name),
        None => PeerText::new(page.url().path()),
    }
}

fn view_name<'p>(profile: &Profile, page: &'p Page) -> Option<&'p str> {
    let value = match profile.view_name.as_ref()? {
        mark::Control::Id(id) => page.hidden_by_id(id),
        mark::Control::Name(name) | mark::Control::Value { name, .. } => page.hidden(name),
    };
    value.filter(|name| !name.trim().is_empty())
}

fn may_follow(profile: &Profile, view: &View, index: usize, after: Option<usize>) -> bool {
    let After::These(names) = &view.after else {
        return true;
    };
    let before = match after {
        Some(before) if before == index => return true,
        Some(before) => profile.views.get(before).map(|view| view.name.as_str()),
        None => Some(START),
    };
    names.iter().any(|name| Some(name.as_str()) == before)
}

fn is_shown(when: &When, page: &Page, name: Option<&str>) -> bool {
    let When {
        view,
        path,
        action,
        has,
        lacks,
        shows,
        says,
        fields,
    } = when;
    let names = view.as_slice();
    let is_named = names.is_empty() || names.iter().any(|known| Some(known.as_str()) == name);
    let is_sent_to = |form: &Form| {
        let action = action.as_ref().zip(form.action().ok());
        action.is_some_and(|(path, url)| path.fits(url.path()))
    };
    is_named
        && path
            .as_ref()
            .is_none_or(|path| path.fits(page.url().path()))
        && (action.is_none() || page.forms().iter().any(is_sent_to))
        && has.iter().all(|mark| find(page, mark).is_some())
        && lacks.iter().all(|mark| find(page, mark).is_none())
        && (fields.iter()).all(|(name, value)| page.hidden(name) == Some(value.as_str()))
        && shows.iter().all(|region| is_visible(page, region))
        && (says.iter()).all(|says| spoken(page, &says.region, &says.words).is_some())
}

/// The control, if a person can use it.
pub(super) fn find<'p>(page: &'p Page, mark: &mark::Control) -> Option<Placed<'p>> {
    page.forms().iter().find_map(|form| {
        let control = find_in(form, mark)?;
        Some(Placed { form, control })
    })
}

/// The control of this form, if a person can use it.
pub(super) fn find_in<'p>(form: &'p Form, mark: &mark::Control) -> Option<&'p Control> {
    let is_meant = |control: &&Control| match mark {
        mark::Control::Id(id) => control.id() == Some(id),
        mark::Control::Name(name) => control.name() == name,
        mark::Control::Value { name, value } => control.name() == name && control.value() == value,
    };
    let mut usable = form.controls().iter().filter(|control| is_usable(control));
    usable.find(is_meant)
}

/// The boxes whose names begin so, in the form of the first.
pub(super) fn numbered<'p>(
    page: &'p Page,
    mark: &Numbered,
) -> Option<(&'p Form, Vec<&'p Control>)> {
    page.forms().iter().find_map(|form| {
        let is_meant = |control: &&Control| {
            is_usable(control) && control.kind().is_text() && control.name().starts_with(&mark.0)
        };
        let controls: Vec<_> = form.controls().iter().filter(is_meant).collect();
        (!controls.is_empty()).then_some((form, controls))
    })
}

fn is_usable(control: &Control) -> bool {
    control.kind() != ControlKind::Hidden && control.is_visible() && !control.is_disabled()
}

fn is_visible(page: &Page, region: &Region) -> bool {
    match region {
        Region::Id(id) => page.element(id).is_some_and(|element| element.is_visible()),
        Region::Class(class) => page.with_class(class).any(|element| element.is_visible()),
        Region::Alert => page.alerts().next().is_some(),
    }
}

/// What a part of the page says, if it says one of these words, or anything where there are none.
fn spoken(page: &Page, region: &Region, words: &[String]) -> Option<String> {
    let says = |text: &String| {
        let small = text.to_lowercase();
        words.is_empty()
            || words
                .iter()
                .any(|word| small.contains(&word.to_lowercase()))
    };
    texts(page, region).into_iter().find(says)
}

/// What the parts of the page that a region names say, where they say something.
pub(super) fn texts(page: &Page, region: &Region) -> Vec<String> {
    let texts: Vec<String> = match region {
        Region::Id(id) => page.text(id).into_iter().collect(),
        Region::Class(class) => page
            .with_class(class)
            .filter(|element| element.is_visible())
            .take(SPOKEN)
            .map(|element| element.text())
            .collect(),
        Region::Alert => page
            .alerts()
            .take(SPOKEN)
            .map(|element| element.text())
            .collect(),
    };
    texts.into_iter().filter(|text| !text.is_empty()).collect()
}

/// The complaint of a page, with its words.
pub(super) fn complaint(page: &Page, rules: &[Refused]) -> Option<(Complaint, String)> {
    rules.iter().find_map(|rule| {
        let words = spoken(page, &rule.region, &rule.words)?;
        Some((rule.means, words))
    })
}

/// The masked contact in what a region says.
pub(super) fn hint(page: &Page, region: Option<&Region>) -> Option<PeerText> {
    let texts = texts(page, region?);
    texts.iter().find_map(|text| masked(text))
}

/// The masked word of a text, with the parts of a number that stand beside it.
fn masked(text: &str) -> Option<PeerText> {
    let is_mask = |c: char| matches!(c, '*' | '•' | '●');
    let belongs = |word: &&str| word.contains(is_mask) || !word.contains(char::is_alphabetic);
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|word| word.contains(is_mask))?;
    let (before, from) = words.split_at_checked(at)?;
    let before = before.iter().rev().take_while(|word| belongs(word));
    let count = before.count();
    let taken = words.iter().skip(at - count);
    let behind = from.iter().take_while(|word| belongs(word)).count();
    let taken: Vec<&str> = taken.take(count + behind).copied().collect();
    let shown = taken.join(" ");
    Some(PeerText::new(
        shown.trim_matches(|c| matches!(c, '.' | ',' | ':' | ';' | '。')),
    ))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn page(html: &str) -> Page {
        let url = Url::parse("https://portal.example/reset/MQ/code/").unwrap();
        Page::parse(&url, Some("text/html; charset=utf-8"), html.as_bytes()).unwrap()
    }

    fn read<T: serde::de::DeserializeOwned>(text: &str) -> T {
        serde_json::from_str(text).unwrap()
    }

    fn shows(when: &str, html: &str) -> bool {
        is_shown(&read(when), &page(html), Some("ViewCode"))
    }

    #[test]
    fn all_marks_have_to_be_there() {
        let html = "<form action='/send/'><input type=hidden name=step value=2><input name=code>\
            <input name=gone hidden><button name=go disabled>Go</button>\
            <ul class='a errorlist'><li>Wrong code</ul><p id=note style='display:none'>x</p></form>";
        for (when, expected) in [
            (r#"{"view": "ViewCode"}"#, true),
            (r#"{"view": ["Other", "ViewCode"]}"#, true),
            (r#"{"view": ["Other"]}"#, false),
            (r#"{"path": "/reset/*/code/"}"#, true),
            (r#"{"path": "/reset/*/"}"#, false),
            (r#"{"action": "/send/"}"#, true),
            (r#"{"action": "/other/"}"#, false),
            (r#"{"has": ["code"]}"#, true),
            (r#"{"has": ["code", "gone"]}"#, false),
            (r#"{"has": ["go"]}"#, false),
            (r#"{"has": ["step"]}"#, false),
            (r#"{"has": ["code"], "lacks": ["gone", "go"]}"#, true),
            (r#"{"lacks": ["code"]}"#, false),
            (r#"{"fields": {"step": "2"}}"#, true),
            (r#"{"fields": {"step": "3"}}"#, false),
            (r#"{"fields": {"code": ""}}"#, false),
            (r#"{"shows": [".errorlist"]}"#, true),
            (r##"{"shows": ["#note"]}"##, false),
            (r#"{"shows": ["alert"]}"#, false),
            (
                r#"{"says": [{"in": ".errorlist", "words": ["no", "WRONG"]}]}"#,
                true,
            ),
            (r#"{"says": [{"in": ".errorlist"}]}"#, true),
            (
                r#"{"says": [{"in": ".errorlist", "words": ["right"]}]}"#,
                false,
            ),
            (r##"{"says": [{"in": "#note"}]}"##, false),
            (
                r#"{"view": "ViewCode", "has": ["code"], "path": "/"}"#,
                false,
            ),
        ] {
            assert_eq!(shows(when, html), expected, "{when}");
        }
    }

    #[test]
    fn the_first_view_that_may_come_is_recognised() {
        let profile = Profile::from_json(
            r#"{"version": 1, "name": "t", "view_name": "view", "views": [
                {"name": "again", "when": {"has": ["user"]}, "after": ["code"],
                 "means": {"end": {"outcome": "blocked"}}},
                {"name": "who", "when": {"has": ["user"]}, "after": ["start"],
                 "means": {"identify": {"user": "user"}}},
                {"name": "code", "when": {"has": ["code"]}, "after": ["who"],
                 "means": {"code": {"code": "code"}}}
            ]}"#,
        )
        .unwrap();
        let user = page("<form><input name=user></form>");
        let code = page("<form><input name=code></form>");
        let as_ = |page, after| recognise(&profile, page, after);
        assert_eq!(as_(&user, None), Recognised::As(1));
        assert_eq!(as_(&user, Some(1)), Recognised::As(1));
        assert_eq!(as_(&user, Some(2)), Recognised::As(0));
        assert_eq!(as_(&code, Some(1)), Recognised::As(2));
        assert_eq!(as_(&code, None), Recognised::OutOfOrder);
        let other = page("<input type=hidden name=view value=ViewOdd>");
        assert_eq!(as_(&other, None), Recognised::Unknown);
        assert_eq!(raw_name(&profile, &other).as_str(), "ViewOdd");
        assert_eq!(raw_name(&profile, &user).as_str(), "/reset/MQ/code/");
    }

    #[test]
    fn complaints_are_told_in_order() {
        let html = "<p role=alert>Too short, and too common.</p>";
        let rules: Vec<Refused> = read(
            r#"[{"in": ".errorlist", "means": "wrong-code"},
                {"in": "alert", "words": ["common", "x"], "means": "password-banned"},
                {"in": "alert", "means": "other"}]"#,
        );
        let (found, words) = complaint(&page(html), &rules).unwrap();
        assert_eq!(found, Complaint::PasswordBanned);
        assert_eq!(words, "Too short, and too common.");
        assert!(complaint(&page("<p role=alert hidden>x</p>"), &rules).is_none());
    }

    #[test]
    fn a_hint_is_what_is_masked() {
        let found = |text| masked(text).map(|hint| hint.to_string());
        for (text, hint) in [
            (
                "A code goes to a***e@f***.example.",
                Some("a***e@f***.example"),
            ),
            ("Text +1 *** *** **00 now", Some("+1 *** *** **00")),
            ("番号: ********00", Some("********00")),
            ("●●●12", Some("●●●12")),
            ("No mask here", None),
            ("", None),
        ] {
            assert_eq!(found(text).as_deref(), hint, "{text}");
        }
    }
}
