//! Any list of exceptions and any host, in every dialect: refused entries except nothing, and a trailing dot makes no
//! difference.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sspr::proxy::{BypassDialect, BypassList, Target};

fuzz_target!(|input: (&str, &str, u16)| {
    let (list, host, port) = input;
    let Ok(target) = Target::new("https", host, Some(port)) else {
        return;
    };
    let dotted = Target::new("https", &format!("{}.", target.host()), Some(port));
    for dialect in [
        BypassDialect::WinInet,
        BypassDialect::Curl,
        BypassDialect::Go,
        BypassDialect::Gnome,
        BypassDialect::MacOs,
    ] {
        let read = BypassList::parse(dialect, list);
        let matches = read.matches(&target);
        if target.ip().is_none() {
            assert_eq!(
                dotted.as_ref().map(|dotted| read.matches(dotted)),
                Ok(matches)
            );
        }
        let refused = read.refused().iter().map(|refused| refused.entry.as_str());
        let only_refused = BypassList::from_entries(dialect, refused);
        if only_refused.refused().len() == read.refused().len() {
            let nothing = BypassList::from_entries(dialect, []);
            assert_eq!(only_refused.matches(&target), nothing.matches(&target));
        }
    }
});
