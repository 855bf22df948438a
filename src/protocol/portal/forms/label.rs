//! What a person reads of a control.

use std::collections::HashMap;

use html5ever::local_name;

use super::collect::Found;
use super::document::{Attribute, NodeId, TextLimit, Tree, shortened, text_of};

/// The most elements that `aria-labelledby` may name.
const NAMED: usize = 16;

/// Finds labels; each text is read once, however many controls it names.
pub(super) struct Labels<'a> {
    tree: &'a Tree,
    found: &'a Found,
    /// Which control each label is for, sorted by control, then in the order of the page.
    labels: Vec<(NodeId, NodeId)>,
    texts: HashMap<NodeId, String>,
}

impl<'a> Labels<'a> {
    pub(super) fn new(tree: &'a Tree, found: &'a Found) -> Self {
        let mut labels = found.labels_around.clone();
        for label in &found.labels_for {
            let id = tree.attribute(*label, Attribute::For).unwrap_or_default();
            if let Some(control) = find(tree, &found.ids, id) {
                labels.push((control, *label));
            }
        }
        labels.sort();
        Self {
            tree,
            found,
            labels,
            texts: HashMap::new(),
        }
    }

    /// The name of a control: what it names itself, its labels, or its own words (as in "Accessible Name and Description
    /// Computation", without its last resorts).
    pub(super) fn of(&mut self, control: NodeId) -> String {
        let named = self.named(control);
        if !named.is_empty() {
            return named;
        }
        if let Some(label) = self.tree.attribute(control, Attribute::AriaLabel) {
            let label = shortened(label, TextLimit::LABEL);
            if !label.is_empty() {
                return label;
            }
        }
        let first = self.labels.partition_point(|(of, _)| *of < control);
        let labels = self.labels.get(first..).unwrap_or_default();
        let labels: Vec<_> = labels
            .iter()
            .take_while(|(of, _)| *of == control)
            .take(NAMED)
            .map(|(_, label)| *label)
            .collect();
        let label = self.joined(&labels);
        match label.is_empty() {
            true => self.own(control),
            false => label,
        }
    }

    fn named(&mut self, control: NodeId) -> String {
        let ids = self.tree.attribute(control, Attribute::AriaLabelledby);
        let ids = ids.unwrap_or_default().split_ascii_whitespace().take(NAMED);
        let nodes: Vec<_> = ids
            .filter_map(|id| find(self.tree, &self.found.ids, id))
            .collect();
        self.joined(&nodes)
    }

    fn joined(&mut self, nodes: &[NodeId]) -> String {
        let tree = self.tree;
        let texts = &mut self.texts;
        let mut of = |node: &NodeId| {
            let read = || text_of(tree, *node, TextLimit::LABEL);
            texts.entry(*node).or_insert_with(read).clone()
        };
        if let [node] = nodes {
            return of(node);
        }
        let mut text = String::new();
        for node in nodes {
            let words = of(node);
            if !text.is_empty() && !words.is_empty() {
                text.push(' ');
            }
            text.push_str(&words);
        }
        shortened(&text, TextLimit::LABEL)
    }

    /// What a button says itself.
    fn own(&self, control: NodeId) -> String {
        let tree = self.tree;
        match tree.tag(control) {
            Some(&(local_name!("button") | local_name!("a"))) => {
                text_of(tree, control, TextLimit::LABEL)
            }
            Some(&local_name!("input")) => {
                let kind = tree.attribute(control, Attribute::Type).unwrap_or_default();
                let is = |name: &str| kind.eq_ignore_ascii_case(name);
                let said = match kind {
                    _ if is("image") => tree.attribute(control, Attribute::Alt),
                    _ if is("submit") || is("button") || is("reset") => {
                        tree.attribute(control, Attribute::Value)
                    }
                    _ => None,
                };
                shortened(said.unwrap_or_default(), TextLimit::LABEL)
            }
            _ => String::new(),
        }
    }
}

/// The first element with an id.
pub(super) fn find(tree: &Tree, ids: &[NodeId], id: &str) -> Option<NodeId> {
    let first = ids.partition_point(|node| tree.attribute(*node, Attribute::Id) < Some(id));
    let node = ids.get(first)?;
    (tree.attribute(*node, Attribute::Id) == Some(id)).then_some(*node)
}
