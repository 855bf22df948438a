//! The forms of a page, from what was found on it.

use std::collections::HashMap;
use std::sync::Arc;

use html5ever::local_name;

use super::choice::choices;
use super::collect::{Found, FoundControl};
use super::control::{Control, ControlKind, Target};
use super::document::{Attribute, NodeId, Tree, is_utf_8};
use super::fault::PageLimit;
use super::form::{Enctype, Form, FormMethod};
use super::label::{Labels, find};
use super::link::Place;
use super::value::Value;

/// Builds every form with its controls.
///
/// # Errors
/// [`PageLimit::Controls`].
pub(super) fn forms(
    tree: &Arc<Tree>,
    found: &Found,
    place: &Place,
    other_encoding: Option<&str>,
) -> Result<Vec<Form>, PageLimit> {
    let mut forms: Vec<_> = found
        .forms
        .iter()
        .map(|form| {
            let node = form.node;
            let text = |name| tree.attribute(node, name);
            let encoding = encoding(text(Attribute::AcceptCharset), other_encoding);
            Form {
                node,
                id: owned(text(Attribute::Id)),
                name: owned(text(Attribute::Name)),
                method: FormMethod::of(text(Attribute::Method).unwrap_or_default()),
                enctype: Enctype::of(text(Attribute::Enctype).unwrap_or_default()),
                action: place.action(text(Attribute::Action)),
                controls: Vec::new(),
                is_visible: form.is_visible,
                encoding,
            }
        })
        .collect();
    let places: HashMap<_, _> = forms.iter().map(|form| form.node).zip(0..).collect();
    let mut labels = Labels::new(tree, found);
    let mut left = PageLimit::CONTROLS;
    for found_control in &found.controls {
        let owner = owner(tree, found, found_control);
        let place_of_form = owner.and_then(|form| places.get(&form).copied());
        let Some(form) = place_of_form.and_then(|at: usize| forms.get_mut(at)) else {
            continue;
        };
        let mut control = control(tree, found_control, place);
        control.index = form.controls.len();
        // What nobody sees is not labelled (HTML, section 4.10.2).
        if control.kind != ControlKind::Hidden {
            control.label = labels.of(control.node);
        }
        left = left
            .checked_sub(1 + control.choices.len())
            .ok_or(PageLimit::Controls)?;
        form.controls.push(control);
    }
    for form in &mut forms {
        leave_one_checked(&mut form.controls);
    }
    Ok(forms)
}

/// The form that a control belongs to (HTML, section 4.10.17.3).
fn owner(tree: &Tree, found: &Found, control: &FoundControl) -> Option<NodeId> {
    if control.post_back.is_some() && tree.tag(control.node) == Some(&local_name!("a")) {
        return control.form;
    }
    if let Some(id) = tree.attribute(control.node, Attribute::Form) {
        let form = find(tree, &found.ids, id)?;
        return (tree.tag(form) == Some(&local_name!("form"))).then_some(form);
    }
    tree.parsed_form(control.node).or(control.form)
}

/// The encoding of a form: the first of its own that is known here, which is UTF-8, or that of the page (section 4.10.21.5,
/// "picking an encoding for the form"). `None` is UTF-8.
fn encoding(accepted: Option<&str>, page: Option<&str>) -> Option<String> {
    let mut accepted = accepted.unwrap_or_default().split_ascii_whitespace();
    match accepted.next() {
        Some(first) => (!is_utf_8(first)).then(|| first.to_owned()),
        None => page.map(str::to_owned),
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn control(tree: &Arc<Tree>, found: &FoundControl, place: &Place) -> Control {
    let node = found.node;
    let text = |name| tree.attribute(node, name);
    let kind = kind(tree, found);
    let name = match &found.post_back {
        Some(post_back) => post_back.target(),
        None => text(Attribute::Name).unwrap_or_default(),
    };
    Control {
        node,
        index: 0,
        kind,
        name: name.to_owned(),
        id: owned(text(Attribute::Id)),
        value: Value::of_control(tree, node, kind),
        label: String::new(),
        placeholder: owned(text(Attribute::Placeholder)),
        autocomplete: text(Attribute::Autocomplete).map(str::to_ascii_lowercase),
        max_length: text(Attribute::Maxlength).and_then(non_negative),
        choices: match kind {
            ControlKind::Select | ControlKind::SelectMany => choices(tree, node, kind),
            _ => Vec::new(),
        },
        post_back: found.post_back.clone(),
        direction: direction(tree, node, kind),
        target: match kind {
            ControlKind::Submit | ControlKind::Image => target(tree, node, place),
            _ => Target::default(),
        },
        is_checked: tree.has(node, Attribute::Checked),
        is_disabled: found.is_disabled,
        is_read_only: tree.has(node, Attribute::Readonly),
        is_visible: found.is_visible && kind != ControlKind::Hidden,
        is_required: tree.has(node, Attribute::Required),
    }
}

fn kind(tree: &Tree, found: &FoundControl) -> ControlKind {
    if found.post_back.is_some() {
        return ControlKind::PostBack;
    }
    let node = found.node;
    let text = tree.attribute(node, Attribute::Type).unwrap_or_default();
    let is = |name: &str| text.eq_ignore_ascii_case(name);
    match tree.tag(node) {
        Some(&local_name!("select")) if tree.has(node, Attribute::Multiple) => {
            ControlKind::SelectMany
        }
        Some(&local_name!("select")) => ControlKind::Select,
        Some(&local_name!("textarea")) => ControlKind::TextArea,
        Some(&local_name!("button")) => match text {
            _ if is("button") => ControlKind::Button,
            _ if is("reset") => ControlKind::Reset,
            _ => ControlKind::Submit,
        },
        _ => match text {
            _ if is("hidden") => ControlKind::Hidden,
            _ if is("search") => ControlKind::Search,
            _ if is("tel") => ControlKind::Tel,
            _ if is("url") => ControlKind::Url,
            _ if is("email") => ControlKind::Email,
            _ if is("password") => ControlKind::Password,
            _ if is("checkbox") => ControlKind::Checkbox,
            _ if is("radio") => ControlKind::Radio,
            _ if is("file") => ControlKind::File,
            _ if is("submit") => ControlKind::Submit,
            _ if is("image") => ControlKind::Image,
            _ if is("reset") => ControlKind::Reset,
            _ if is("button") => ControlKind::Button,
            _ if OTHERS.iter().any(|name| is(name)) => ControlKind::Other,
            _ => ControlKind::Text,
        },
    }
}

/// The types of input that are numbers, times and colours.
const OTHERS: [&str; 8] = [
    "color",
    "date",
    "datetime-local",
    "month",
    "number",
    "range",
    "time",
    "week",
];

/// A number as HTML reads it (section 2.3.4.2).
fn non_negative(text: &str) -> Option<usize> {
    let text = text.trim_ascii_start();
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text
        .bytes()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

/// The entry that tells the direction of a text (section 4.10.19.2). What only the text itself would tell is left to right.
fn direction(tree: &Tree, node: NodeId, kind: ControlKind) -> Option<(String, &'static str)> {
    let is_text = kind.is_text() && kind != ControlKind::Other;
    if !is_text && !kind.sends() && kind != ControlKind::Hidden {
        return None;
    }
    let name = tree
        .attribute(node, Attribute::Dirname)
        .filter(|name| !name.is_empty())?;
    let mut at = Some(node);
    while let Some(id) = at {
        match tree.attribute(id, Attribute::Dir) {
            Some(dir) if dir.eq_ignore_ascii_case("rtl") => return Some((name.to_owned(), "rtl")),
            Some(dir) if dir.eq_ignore_ascii_case("ltr") => break,
            _ => at = tree.parent(id),
        }
    }
    Some((name.to_owned(), "ltr"))
}

fn target(tree: &Tree, node: NodeId, place: &Place) -> Target {
    let text = |name| tree.attribute(node, name);
    let action = text(Attribute::Formaction).filter(|action| !action.is_empty());
    Target {
        action: action.map(|action| place.action(Some(action))),
        method: text(Attribute::Formmethod).map(FormMethod::of),
        enctype: text(Attribute::Formenctype).map(Enctype::of),
    }
}

/// Of the radio buttons of a group, the last one that is checked stays so.
fn leave_one_checked(controls: &mut [Control]) {
    let mut groups = std::collections::HashSet::new();
    for control in controls.iter_mut().rev() {
        if control.kind != ControlKind::Radio || !control.is_checked || control.name.is_empty() {
            continue;
        }
        if !groups.insert(control.name.clone()) {
            control.is_checked = false;
        }
    }
}
