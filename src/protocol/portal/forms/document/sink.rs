//! Where html5ever builds the tree.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute as Parsed, QualName, local_name, ns};

use super::attribute::Attribute;
use super::tree::{Content, NodeId, Tree};

/// A tree under construction.
pub(super) struct Sink {
    pub(super) tree: RefCell<Tree>,
    /// What the parser takes for the document.
    top: NodeId,
}

impl Sink {
    pub(super) fn new(tree: Tree, top: NodeId) -> Self {
        Self {
            tree: RefCell::new(tree),
            top,
        }
    }

    fn insert(&self, parent: NodeId, before: Option<NodeId>, child: NodeOrText<NodeId>) {
        let mut tree = self.tree.borrow_mut();
        match child {
            NodeOrText::AppendNode(NodeId::NOTHING) => {}
            NodeOrText::AppendNode(child) => tree.insert(parent, before, child),
            // Nothing in a style sheet is looked at.
            NodeOrText::AppendText(_) if tree.tag(parent) == Some(&local_name!("style")) => {}
            NodeOrText::AppendText(text) => tree.add_text(parent, before, &text),
        }
    }
}

fn known(attributes: &[Parsed]) -> impl Iterator<Item = (Attribute, &str)> {
    attributes.iter().filter_map(|attribute| {
        let is_plain = attribute.name.ns == ns!();
        let name = is_plain.then(|| Attribute::of(&attribute.name.local))?;
        Some((name?, &*attribute.value))
    })
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.top
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        Ref::map(self.tree.borrow(), |tree| tree.name(*target))
    }

    fn create_element(&self, name: QualName, attrs: Vec<Parsed>, flags: ElementFlags) -> NodeId {
        let mut tree = self.tree.borrow_mut();
        let id = tree.add_element(name, known(&attrs));
        if flags.template {
            let contents = tree.add(Content::Top);
            if let Some(element) = tree.element_mut(id) {
                element.contents = Some(contents);
            }
        }
        id
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        NodeId::NOTHING
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        NodeId::NOTHING
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        prev_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let parent = self.tree.borrow().parent(*element);
        match parent {
            Some(parent) => self.insert(parent, Some(*element), child),
            None => self.insert(*prev_element, None, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        let tree = self.tree.borrow();
        let contents = tree.element(*target).and_then(|element| element.contents);
        contents.unwrap_or(*target)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        let parent = self.tree.borrow().parent(*sibling);
        if let Some(parent) = parent {
            self.insert(parent, Some(*sibling), new_node);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Parsed>) {
        let mut tree = self.tree.borrow_mut();
        for (name, value) in known(&attrs) {
            if !tree.has(*target, name) {
                tree.set_attribute(*target, name, value);
            }
        }
    }

    fn associate_with_form(&self, target: &NodeId, form: &NodeId, _: (&NodeId, Option<&NodeId>)) {
        if let Some(element) = self.tree.borrow_mut().element_mut(*target) {
            element.form = Some(*form);
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.tree.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.tree.borrow_mut().move_children(*node, *new_parent);
    }

    fn allow_declarative_shadow_roots(&self, _: &NodeId) -> bool {
        false
    }
}
