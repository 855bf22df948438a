//! Whether a profile can be followed at all.

use serde::Deserialize;

use super::mark::Region;
use super::view::{After, Any, Meaning, OneOrMore, START, View, When};
use super::{Profile, ProfileFault};

/// The most views, and the most entries of a list in one.
const COUNT: usize = 256;

/// The version alone, since what follows it in another version cannot be known.
pub(super) fn version(text: &str) -> Result<(), ProfileFault> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let read: Versioned = serde_json::from_str(text).map_err(|error| format(&error))?;
    match read.version {
        Profile::VERSION => Ok(()),
        found => Err(ProfileFault::Version { found }),
    }
}

pub(super) fn format(error: &serde_json::Error) -> ProfileFault {
    ProfileFault::Format(error.to_string())
}

pub(super) fn check(profile: &Profile) -> Result<(), ProfileFault> {
    let value = |key| Err(ProfileFault::Value { key });
    let rules = profile.password;
    if rules.min_length == 0 || rules.max_length < rules.min_length {
        return value("password");
    }
    if profile.views.len() > COUNT {
        return value("views");
    }
    for (index, view) in profile.views.iter().enumerate() {
        let before = profile.views.get(..index).unwrap_or_default();
        let is_taken = before.iter().any(|other| other.name == view.name);
        if is_taken || view.name.is_empty() || view.name == START {
            let name = view.name.clone();
            return Err(ProfileFault::Name { name });
        }
        marks(profile, view)?;
        order(profile, view)?;
        meaning(&view.means)?;
    }
    let may_come_first = |view: &View| match &view.after {
        After::These(names) => names.iter().any(|name| name == START),
        After::Any(_) => false,
    };
    match profile.views.iter().any(may_come_first) {
        true => Ok(()),
        false => Err(ProfileFault::NoStart),
    }
}

fn marks(profile: &Profile, view: &View) -> Result<(), ProfileFault> {
    let name = || view.name.clone();
    if view.when == When::default()
        || view.when.view == OneOrMore::More(Vec::new()) && is_bare(&view.when)
    {
        return Err(ProfileFault::NoMark { view: name() });
    }
    if !view.when.view.as_slice().is_empty() && profile.view_name.is_none() {
        return Err(ProfileFault::NoViewName { view: name() });
    }
    let lengths = [
        view.when.view.as_slice().len(),
        view.when.has.len(),
        view.when.lacks.len(),
        view.when.shows.len(),
        view.when.says.len(),
        view.when.fields.len(),
        view.refused.len(),
    ];
    match lengths.iter().all(|length| *length <= COUNT) {
        true => Ok(()),
        false => Err(ProfileFault::Value { key: "when" }),
    }
}

/// What is missing on every other page is no mark.
fn is_bare(when: &When) -> bool {
    let others = When {
        view: OneOrMore::default(),
        lacks: Vec::new(),
        ..when.clone()
    };
    others == When::default()
}

fn order(profile: &Profile, view: &View) -> Result<(), ProfileFault> {
    let names = match &view.after {
        After::Any(Any::Any) if view.means.takes_answer() => {
            let view = view.name.clone();
            return Err(ProfileFault::Order { view });
        }
        After::Any(Any::Any) => return Ok(()),
        After::These(names) => names,
    };
    let is_view = |name: &String| name == START || profile.views.iter().any(|v| v.name == *name);
    match names.iter().find(|name| !is_view(name)) {
        Some(name) => Err(ProfileFault::After {
            view: view.name.clone(),
            name: name.clone(),
        }),
        None => Ok(()),
    }
}

fn meaning(means: &Meaning) -> Result<(), ProfileFault> {
    let key = match means {
        Meaning::Identify(identify) => {
            let image = identify.picture.as_ref().map(|picture| &picture.image);
            (!matches!(image, None | Some(Region::Id(_)))).then_some("image")
        }
        Meaning::Methods(methods) => {
            let count = methods.options.len();
            (!(1..=COUNT).contains(&count)).then_some("options")
        }
        Meaning::Contact(contact) => (!(1..=COUNT).contains(&contact.send.len())).then_some("send"),
        Meaning::Code(code) => {
            let is_length = code.length.is_none_or(|length| (1..=64).contains(&length));
            (!is_length).then_some("length")
        }
        Meaning::Approval(approval) => {
            let is_time = approval.every.is_none_or(|every| (1..=30).contains(&every));
            (!is_time).then_some("every")
        }
        _ => None,
    };
    key.map_or(Ok(()), |key| Err(ProfileFault::Value { key }))
}

impl Meaning {
    /// Whether anything of the person goes to the page.
    fn takes_answer(&self) -> bool {
        !matches!(self, Self::Next(_) | Self::End(_) | Self::Browser)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn fault(profile: &Value) -> ProfileFault {
        Profile::from_json(&profile.to_string()).unwrap_err()
    }

    fn profile() -> Value {
        json!({
            "version": 1,
            "name": "test",
            "views": [
                {
                    "name": "who",
                    "when": { "has": ["login"] },
                    "after": ["start"],
                    "means": { "identify": { "user": "login" } },
                },
                {
                    "name": "elsewhere",
                    "when": { "path": "/other/" },
                    "after": "any",
                    "means": "browser",
                },
            ],
        })
    }

    fn changed(pointer: &str, value: Value) -> ProfileFault {
        let mut changed = profile();
        *changed.pointer_mut(pointer).unwrap() = value;
        fault(&changed)
    }

    #[test]
    fn a_profile_is_read_as_it_is_written() {
        let read = Profile::from_json(&profile().to_string()).unwrap();
        assert_eq!(read.name(), "test");
        assert_eq!(read.policy(), crate::protocol::PasswordPolicy::ENTRA);
        assert_eq!(read.views.len(), 2);
    }

    #[test]
    fn the_profile_of_entra_can_be_read() {
        let entra = Profile::from_json(super::super::ENTRA).unwrap();
        assert_eq!(entra.views.len(), Profile::entra().views.len());
        assert!(!entra.views.is_empty());
    }

    #[test]
    fn only_this_version_is_read() {
        assert_eq!(
            changed("/version", json!(2)),
            ProfileFault::Version { found: 2 }
        );
        assert!(matches!(
            changed("/version", json!("1")),
            ProfileFault::Format(_)
        ));
        let mut newer = profile();
        newer["version"] = json!(7);
        newer["unheard"] = json!({});
        assert_eq!(fault(&newer), ProfileFault::Version { found: 7 });
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        for (pointer, key) in [
            ("", "colour"),
            ("/views/0", "colour"),
            ("/views/0/when", "colour"),
            ("/views/0/means", "colour"),
            ("/views/0/means/identify", "colour"),
        ] {
            let mut odd = profile();
            odd.pointer_mut(pointer).unwrap()[key] = json!(1);
            assert!(matches!(fault(&odd), ProfileFault::Format(_)), "{pointer}");
        }
        for text in ["", "[]", "{}", "{\"version\":1}"] {
            let read = Profile::from_json(text);
            assert!(matches!(read, Err(ProfileFault::Format(_))), "{text}");
        }
        let large = " ".repeat(Profile::LIMIT + 1);
        assert_eq!(
            Profile::from_json(&large).unwrap_err(),
            ProfileFault::TooLarge
        );
    }

    #[test]
    fn names_are_names_of_one_view() {
        for name in ["elsewhere", "", "start"] {
            let found = changed("/views/0/name", json!(name));
            assert!(matches!(found, ProfileFault::Name { .. }), "{name}");
        }
        let found = changed("/views/0/after", json!(["start", "nowhere"]));
        let expected = ProfileFault::After {
            view: "who".to_owned(),
            name: "nowhere".to_owned(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn what_takes_an_answer_has_its_place() {
        let view = || "who".to_owned();
        let found = changed("/views/0/after", json!("any"));
        assert_eq!(found, ProfileFault::Order { view: view() });
        let found = changed("/views/0/after", json!(["elsewhere"]));
        assert_eq!(found, ProfileFault::NoStart);
        for nothing in [
            json!({}),
            json!({ "lacks": ["code"] }),
            json!({ "view": [] }),
        ] {
            let found = changed("/views/0/when", nothing);
            assert_eq!(found, ProfileFault::NoMark { view: view() });
        }
        let found = changed("/views/0/when", json!({ "view": "First" }));
        assert_eq!(found, ProfileFault::NoViewName { view: view() });
    }

    #[test]
    fn values_have_their_limits() {
        let means = |means: Value| changed("/views/0/means", means);
        let image = json!({ "image": ".captcha", "solution": "typed" });
        for (found, key) in [
            (
                means(json!({ "identify": { "user": "login", "picture": image } })),
                "image",
            ),
            (means(json!({ "methods": { "options": [] } })), "options"),
            (
                means(json!({ "contact": { "contact": "phone", "send": [], "back": "back" } })),
                "send",
            ),
            (
                means(json!({ "code": { "code": "code", "length": 0 } })),
                "length",
            ),
            (
                means(json!({ "approval": { "press": "next", "back": "back", "every": 0 } })),
                "every",
            ),
        ] {
            assert_eq!(found, ProfileFault::Value { key });
        }
        let mut short = profile();
        short["password"] = json!({ "min_length": 300 });
        assert_eq!(fault(&short), ProfileFault::Value { key: "password" });
    }
}
