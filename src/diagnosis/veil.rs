//! Hides what is personal: names of people and of this computer.

use std::borrow::Cow;

/// Names that many computers share: they tell nothing, and stand in other words' places.
const COMMON: [&str; 12] = [
    "root",
    "user",
    "admin",
    "administrator",
    "system",
    "guest",
    "public",
    "default",
    "localhost",
    "service",
    "nobody",
    "login",
];

/// The environment variables in which systems tell who is signed in.
const PERSON: [&str; 3] = ["USER", "USERNAME", "LOGNAME"];

/// The environment variables in which systems tell what this computer is called.
const COMPUTER: [&str; 2] = ["COMPUTERNAME", "HOSTNAME"];

/// The folders whose children are named after people.
const HOMES: [&str; 3] = ["\\users\\", "/users/", "/home/"];

/// Lies over every text of a report.
#[derive(Debug, Clone)]
pub(super) struct Veil {
    is_lifted: bool,
    /// What is hidden, in small letters, and what stands in its place.
    words: Vec<(String, &'static str)>,
}

impl Veil {
    /// Hides the names of this computer and of who is signed in, and `others`.
    pub(super) fn over(others: &[String]) -> Self {
        let of = |variables: &[&str], mark| {
            let values = variables.iter().filter_map(|name| std::env::var(name).ok());
            values.map(|value| (value, mark)).collect::<Vec<_>>()
        };
        let system = std::fs::read_to_string("/proc/sys/kernel/hostname");
        let mut words = of(&PERSON, "<user>");
        words.extend(of(&COMPUTER, "<computer>"));
        words.extend(system.map(|name| (name.trim().to_owned(), "<computer>")));
        words.retain(|(word, _)| is_telling(word));
        words.extend(others.iter().map(|word| (word.clone(), "<hidden>")));
        words.retain(|(word, _)| !word.is_empty());
        words
            .iter_mut()
            .for_each(|(word, _)| word.make_ascii_lowercase());
        words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        Self {
            is_lifted: false,
            words,
        }
    }

    /// Hides nothing.
    pub(super) const fn lifted() -> Self {
        Self {
            is_lifted: true,
            words: Vec::new(),
        }
    }

    /// `text` as it may be shown.
    pub(super) fn text(&self, text: &str) -> String {
        if self.is_lifted {
            return text.to_owned();
        }
        let mut shown = Cow::Borrowed(text);
        for (word, mark) in &self.words {
            shown = Cow::Owned(without_word(&shown, word, mark));
        }
        let shown = without_homes(&shown);
        without_identities(&shown)
    }
}

fn is_telling(word: &str) -> bool {
    word.len() >= 3 && !COMMON.contains(&word.to_ascii_lowercase().as_str())
}

/// Replaces `word` wherever it stands as a whole, in whatever case.
fn without_word(text: &str, word: &str, mark: &str) -> String {
    let small = text.to_ascii_lowercase();
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let (mut shown, mut done) = (String::new(), 0);
    for (at, _) in small.match_indices(word) {
        let end = at + word.len();
        let is_whole =
            !is_part(text[..at].chars().next_back()) && !is_part(text[end..].chars().next());
        if is_whole && at >= done {
            shown += &text[done..at];
            shown += mark;
            done = end;
        }
    }
    shown + &text[done..]
}

/// Replaces the names of people's folders.
fn without_homes(text: &str) -> String {
    let small = text.to_ascii_lowercase();
    let mut cuts: Vec<_> = HOMES
        .iter()
        .flat_map(|home| small.match_indices(home))
        .map(|(at, home)| {
            let start = at + home.len();
            let length = text[start..].find(['\\', '/', '"', ';', ',']);
            (start, length.map_or(text.len(), |length| start + length))
        })
        .filter(|(start, end)| is_telling(&text[*start..*end]))
        .collect();
    cuts.sort_unstable();
    let (mut shown, mut done) = (String::new(), 0);
    for (start, end) in cuts.into_iter().filter(|(start, end)| start < end) {
        if start >= done {
            shown += &text[done..start];
            shown += "<user>";
            done = end;
        }
    }
    shown + &text[done..]
}

/// Replaces the part of an address before `@`, and the identifiers of accounts.
fn without_identities(text: &str) -> String {
    let is_name = |c: char| c.is_alphanumeric() || "._%+-'#!~^:@".contains(c);
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        shown += &match word.rsplit_once('@') {
            Some((name, place)) if !name.is_empty() => format!("<user>@{place}"),
            _ if is_account(word) => "<sid>".to_owned(),
            _ => word.to_owned(),
        };
        let mut others = after.chars();
        shown.extend(others.next());
        rest = others.as_str();
    }
    shown
}

/// Whether it is the identifier of an account of a domain, a computer or a directory, and no well-known one.
fn is_account(word: &str) -> bool {
    let small = word.to_ascii_lowercase();
    small.starts_with("s-1-5-21-") || small.starts_with("s-1-12-1-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil() -> Veil {
        Veil {
            is_lifted: false,
            words: vec![
                ("kiosk-17".into(), "<computer>"),
                ("adele".into(), "<user>"),
            ],
        }
    }

    #[test]
    fn names_are_hidden_wherever_they_stand_alone() {
        let veil = veil();
        for (text, shown) in [
            ("Adele, KIOSK-17!", "<user>, <computer>!"),
            (
                "http://kiosk-17.corp.example:80",
                "http://<computer>.corp.example:80",
            ),
            ("adelens, xadele, adele_1", "adelens, xadele, adele_1"),
            (r"C:\Users\Megan\NTUSER.DAT", r"C:\Users\<user>\NTUSER.DAT"),
            (
                r"C:\Users\Default\NTUSER.DAT",
                r"C:\Users\Default\NTUSER.DAT",
            ),
            ("/home/megan", "/home/<user>"),
            ("mail to megan@contoso.com", "mail to <user>@contoso.com"),
            ("http://megan:pw@proxy:80", "http://<user>@proxy:80"),
            (r"HKU\S-1-5-21-1-2-3-1001\Software", r"HKU\<sid>\Software"),
            (r"HKU\S-1-5-18\Software", r"HKU\S-1-5-18\Software"),
            ("日本語 é @ x", "日本語 é @ x"),
            ("", ""),
        ] {
            assert_eq!(veil.text(text), shown, "{text}");
        }
        assert_eq!(Veil::lifted().text("adele@x"), "adele@x");
    }

    #[test]
    fn what_the_caller_names_is_hidden_too() {
        let veil = Veil::over(&["+1 5550100".into(), String::new()]);
        assert_eq!(veil.text("call +1 5550100 now"), "call <hidden> now");
    }
}
