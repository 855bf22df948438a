//! The choices of a list.

use std::sync::Arc;

use html5ever::local_name;

use super::control::{Choice, ControlKind};
use super::document::{Attribute, NodeId, Step, TextLimit, Tree, text_of};
use super::value::Value;
use super::wiped::Wiped;

/// Reads the choices of a list, with what is chosen at first (HTML, section 4.10.7, "selectedness setting algorithm").
pub(super) fn choices(tree: &Arc<Tree>, list: NodeId, kind: ControlKind) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    let mut disabled_group = None;
    for step in tree.walk(list) {
        match step {
            Step::Leave(id) if disabled_group == Some(id) => disabled_group = None,
            Step::Leave(_) => {}
            Step::Enter(id) => match tree.tag(id) {
                Some(&local_name!("optgroup")) if tree.has(id, Attribute::Disabled) => {
                    disabled_group = disabled_group.or(Some(id));
                }
                Some(&local_name!("option")) => {
                    choices.push(choice(tree, id, disabled_group.is_some()));
                }
                _ => {}
            },
        }
    }
    if kind == ControlKind::Select {
        leave_one_selected(&mut choices, tree.attribute(list, Attribute::Size));
    }
    choices
}

fn choice(tree: &Arc<Tree>, id: NodeId, is_in_disabled_group: bool) -> Choice {
    let text = text_of(tree, id, TextLimit::LABEL);
    let value = match tree.has(id, Attribute::Value) {
        true => Value::Written(Arc::clone(tree), id),
        false => Value::Own(Wiped::from(own_text(tree, id))),
    };
    let label = tree
        .attribute(id, Attribute::Label)
        .filter(|label| !label.is_empty());
    Choice {
        value,
        text: label.map_or(text, str::to_owned),
        is_selected: tree.has(id, Attribute::Selected),
        is_disabled: is_in_disabled_group || tree.has(id, Attribute::Disabled),
    }
}

/// The whole text of a choice, with single blanks; what a script would run is no part of it.
fn own_text(tree: &Tree, id: NodeId) -> String {
    let mut text = String::new();
    for node in tree.below(id) {
        let is_script = |node| tree.tag(node) == Some(&local_name!("script"));
        if let Some(words) = tree.text(node)
            && !tree.parent(node).is_some_and(is_script)
        {
            text.push_str(words);
        }
    }
    let words: Vec<_> = text.split_ascii_whitespace().collect();
    words.join(" ")
}

/// Of a list of which one is chosen, the last choice that is marked; if none is and the list shows one line, the first
/// that may be chosen.
fn leave_one_selected(choices: &mut [Choice], size: Option<&str>) {
    let last = choices.iter().rposition(|choice| choice.is_selected);
    let is_one_line = size.is_none_or(|size| matches!(size.trim_ascii(), "" | "0" | "1"));
    let first = || choices.iter().position(|choice| !choice.is_disabled);
    let selected = match last {
        None if is_one_line => first(),
        last => last,
    };
    for (at, choice) in choices.iter_mut().enumerate() {
        choice.is_selected = Some(at) == selected;
    }
}
