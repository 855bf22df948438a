//! The description of the portal's pages that the mock hands out: it is complete, and it is right.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sspr::mock::Tenant;

use super::browser::Browser;
use super::document::{Document, Node};
use super::portal_views::{Manner, Seen, walk};

/// Both languages, both ways to post, both kinds of buttons.
const MANNERS: [Manner; 4] = [
    Manner {
        partial: false,
        language: "en-US",
        links: false,
    },
    Manner {
        partial: false,
        language: "ja-JP",
        links: false,
    },
    Manner {
        partial: true,
        language: "ja-JP",
        links: false,
    },
    Manner {
        partial: true,
        language: "en-US",
        links: true,
    },
];

struct Profile(Value);

impl Profile {
    fn handed_out() -> Self {
        let tenant = Tenant::start().unwrap();
        Self(serde_json::from_str(tenant.portal_profile()).unwrap())
    }

    fn views(&self) -> &[Value] {
        self.0["views"].as_array().unwrap()
    }

    /// The first view whose marks are all there.
    fn view(&self, page: &Document) -> &Value {
        let name = self.0["view_name"].as_str().unwrap();
        let shown = hidden(page, name);
        let fits = |view: &&Value| {
            let when = &view["when"];
            let named = match &when["view"] {
                Value::Array(names) => names.iter().any(|name| name.as_str() == shown),
                name => name.as_str() == shown,
            };
            named
                && words(&when["has"]).all(|control| has(page, control))
                && words(&when["lacks"]).all(|control| !has(page, control))
                && words(&when["shows"]).all(|region| !regions(page, region).is_empty())
        };
        let found = self.views().iter().find(fits);
        found.unwrap_or_else(|| panic!("{shown:?}: {}", page.text()))
    }
}

fn words(list: &Value) -> impl Iterator<Item = &str> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str)
}

fn text<'a>(view: &'a Value, key: &str) -> &'a str {
    view[key].as_str().unwrap()
}

fn hidden<'a>(page: &'a Document, name: &str) -> Option<&'a str> {
    let is_it =
        |node: &&Node| node.attribute("type") == Some("hidden") && named(node) == Some(name);
    page.nodes().find(is_it)?.attribute("value")
}

fn named(node: &Node) -> Option<&str> {
    node.attribute("name")
}

/// Whether a person can use the control.
fn has(page: &Document, control: &str) -> bool {
    let (name, value) = control.split_once('=').unwrap_or((control, ""));
    page.visible().any(|node| {
        let is_named = match (control.strip_prefix('#'), name.strip_suffix('*')) {
            (Some(id), _) => node.attribute("id") == Some(id),
            (_, Some(start)) => named(node).is_some_and(|name| name.starts_with(start)),
            _ => named(node) == Some(name),
        };
        is_named
            && node.attribute("type") != Some("hidden")
            && (value.is_empty() || node.attribute("value") == Some(value))
    })
}

fn regions(page: &Document, region: &str) -> Vec<String> {
    let wanted = |node: &&Node| match region.strip_prefix('#') {
        Some(id) => node.attribute("id") == Some(id),
        None => region == "alert" && node.attribute("role") == Some("alert"),
    };
    page.visible().filter(wanted).map(Node::text).collect()
}

/// What the page complains about, by the first rule that fits.
fn complaint<'a>(view: &'a Value, page: &Document) -> Option<&'a str> {
    let rules = view["refused"].as_array()?;
    let fits = |rule: &&Value| {
        let said = regions(page, rule["in"].as_str().unwrap());
        let listed: Vec<String> = words(&rule["words"]).map(str::to_lowercase).collect();
        said.iter().filter(|said| !said.is_empty()).any(|said| {
            let said = said.to_lowercase();
            listed.is_empty() || listed.iter().any(|word| said.contains(word))
        })
    };
    rules.iter().find(fits)?["means"].as_str()
}

/// Every control that the meaning of a view names.
fn controls(means: &Value) -> Vec<&str> {
    match means {
        Value::Object(keys) => keys
            .iter()
            .filter(|(key, _)| !["kind", "outcome", "code", "every"].contains(&key.as_str()))
            .flat_map(|(_, value)| controls(value))
            .collect(),
        Value::Array(list) => list.iter().flat_map(controls).collect(),
        Value::String(control) => vec![control],
        _ => Vec::new(),
    }
}

/// The pages that no visit leads to.
fn strays() -> Vec<Document> {
    let tenant = Tenant::start().unwrap();
    [false, true]
        .map(|expired| {
            let mut browser = Browser::open(&tenant, "/");
            if expired {
                tenant.expire_sessions();
            } else {
                browser.cookies.clear();
            }
            browser.press("ButtonNext");
            browser.page
        })
        .into()
}

#[test]
fn every_page_has_its_view_and_every_view_its_page() {
    let profile = Profile::handed_out();
    for manner in MANNERS {
        let mut met: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for visit in walk(manner) {
            let mut before = "start";
            for Seen { page, .. } in &visit {
                let view = profile.view(page);
                let name = text(view, "name");
                let mut after = words(&view["after"]);
                let in_order = view["after"] == "any"
                    || name == before
                    || after.any(|earlier| earlier == before);
                assert!(in_order, "{name} after {before}");
                let named = met.entry(name).or_default();
                named.extend(controls(&view["means"]).iter().filter(|c| has(page, c)));
                for field in words(&profile.0["needs"]) {
                    assert!(hidden(page, field).is_some_and(|value| !value.is_empty()));
                }
                before = name;
            }
        }
        for page in strays() {
            let view = profile.view(&page);
            assert_eq!(view["after"], "any");
            met.entry(text(view, "name")).or_default();
        }
        for view in profile.views() {
            let name = text(view, "name");
            let Some(used) = met.get(name) else {
                panic!("no page is {name}");
            };
            for control in controls(&view["means"]) {
                let is_word = control == "browser";
                assert!(is_word || used.contains(control), "{control} on {name}");
            }
        }
    }
}

#[test]
fn every_complaint_is_understood() {
    let profile = Profile::handed_out();
    let understood = MANNERS.map(|manner| {
        let mut found = BTreeSet::new();
        for Seen { page, .. } in walk(manner).iter().flatten() {
            let view = profile.view(page);
            if view["refused"].is_array() {
                let means = complaint(view, page);
                let silent = regions(page, "alert").iter().all(String::is_empty);
                assert_eq!(means.is_none(), silent, "{}", page.text());
                found.extend(means.map(|means| format!("{}: {means}", text(view, "name"))));
            }
        }
        found
    });
    let expected = [
        "app code: other",
        "app code: wrong-code",
        "goal: other",
        "mail code: other",
        "mail code: wrong-code",
        "methods: other",
        "new password: other",
        "new password: password-banned",
        "new password: password-contains-name",
        "new password: password-invalid",
        "new password: password-recently-used",
        "new password: password-too-long",
        "new password: password-too-short",
        "new password: password-too-weak",
        "notification: not-approved",
        "office phone: not-approved",
        "phone: not-approved",
        "phone: wrong-contact",
        "questions: wrong-answers",
        "text code: wrong-code",
        "user: unknown-account",
        "user: wrong-solution",
    ];
    for found in understood {
        assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_password_is_asked_for_after_a_proof_only() {
    let profile = Profile::handed_out();
    let mut asking = 0;
    for view in profile.views() {
        let Some(boxes) = view["means"].get("new-password") else {
            continue;
        };
        asking += 1;
        assert!(boxes["password"].is_string() && boxes["confirm"].is_string());
        for earlier in words(&view["after"]) {
            let mut views = profile.views().iter();
            let proof = views.find(|view| text(view, "name") == earlier).unwrap();
            let means = proof["means"].as_object().unwrap().keys().next().unwrap();
            assert!(["code", "approval", "questions"].contains(&means.as_str()));
        }
    }
    assert_eq!(asking, 1);
}

#[cfg(feature = "portal-forms")]
#[test]
fn the_client_takes_it() {
    let tenant = Tenant::start().unwrap();
    let profile = sspr::protocol::portal::Profile::from_json(tenant.portal_profile()).unwrap();
    assert_eq!(profile.name(), "mock-portal");
}
