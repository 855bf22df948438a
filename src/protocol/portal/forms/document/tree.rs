//! A page as a tree: all nodes in one list, all texts in one buffer.

use std::num::NonZeroU32;

use html5ever::{LocalName, QualName, local_name, ns};

use super::attribute::Attribute;
use super::pool::{Pool, Span};

/// A node of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::protocol::portal::forms) struct NodeId(NonZeroU32);

impl NodeId {
    /// The document itself.
    pub(in crate::protocol::portal::forms) const ROOT: Self = Self(NonZeroU32::MIN);
    /// What stands for every comment. It is never part of the tree.
    pub(super) const NOTHING: Self = Self(NonZeroU32::MIN.saturating_add(1));

    pub(super) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// What a node is.
pub(super) enum Content {
    /// The top of a document, of a fragment, or of what a `<template>` holds.
    Top,
    Text(Span),
    Element(Element),
    Nothing,
}

pub(super) struct Element {
    pub(super) name: QualName,
    first_attribute: u32,
    attributes: u16,
    /// The form that the parser has associated it with.
    pub(super) form: Option<NodeId>,
    /// What a `<template>` holds: a tree of its own.
    pub(super) contents: Option<NodeId>,
}

#[derive(Default)]
struct Links {
    parent: Option<NodeId>,
    first: Option<NodeId>,
    last: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
}

struct Node {
    links: Links,
    content: Content,
}

/// A page, or a part of it.
pub(in crate::protocol::portal::forms) struct Tree {
    nodes: Vec<Node>,
    attributes: Vec<(Attribute, Span)>,
    pool: Pool,
    /// The name of what is no element: the parser never asks for it.
    nameless: QualName,
}

/// Where a walk through the tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::protocol::portal::forms) enum Step {
    /// At a node, before what is below it.
    Enter(NodeId),
    /// Behind a node and all that is below it.
    Leave(NodeId),
}

impl Tree {
    /// A document without content, with room for texts. The lists grow where a page has many elements: one that is large
    /// by its view state has few, and room for more would be fetched from the system and given back with every page.
    pub(super) fn new(capacity: usize) -> Self {
        let mut tree = Self {
            nodes: Vec::with_capacity(capacity / 128),
            attributes: Vec::with_capacity(capacity / 128),
            pool: Pool::with_capacity(capacity),
            nameless: QualName::new(None, ns!(), local_name!("")),
        };
        tree.add(Content::Top);
        tree.add(Content::Nothing);
        tree
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn text_len(&self) -> usize {
        self.pool.len()
    }

    pub(super) fn add(&mut self, content: Content) -> NodeId {
        self.nodes.push(Node {
            links: Links::default(),
            content,
        });
        let count = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        NonZeroU32::new(count).map_or(NodeId::ROOT, NodeId)
    }

    /// Adds an element that stands nowhere yet.
    pub(super) fn add_element<'a>(
        &mut self,
        name: QualName,
        attributes: impl Iterator<Item = (Attribute, &'a str)>,
    ) -> NodeId {
        let first_attribute = u32::try_from(self.attributes.len()).unwrap_or(u32::MAX);
        let mut count = 0;
        for (name, value) in attributes {
            let value = self.pool.add(value);
            self.attributes.push((name, value));
            count += 1;
        }
        self.add(Content::Element(Element {
            name,
            first_attribute,
            attributes: count,
            form: None,
            contents: None,
        }))
    }

    /// Sets an attribute, also one that is there already. What it was stays in the buffer until the page is dropped.
    pub(in crate::protocol::portal::forms) fn set_attribute(
        &mut self,
        id: NodeId,
        name: Attribute,
        value: &str,
    ) {
        let value = self.pool.add(value);
        let Some(Content::Element(element)) =
            self.nodes.get_mut(id.index()).map(|n| &mut n.content)
        else {
            return;
        };
        let first = element.first_attribute as usize;
        let range = first..first + usize::from(element.attributes);
        let attributes = self.attributes.get_mut(range.clone()).unwrap_or_default();
        if let Some(known) = attributes.iter_mut().find(|(known, _)| *known == name) {
            known.1 = value;
            return;
        }
        element.first_attribute = u32::try_from(self.attributes.len()).unwrap_or(u32::MAX);
        element.attributes = element.attributes.saturating_add(1);
        self.attributes.extend_from_within(range);
        self.attributes.push((name, value));
    }

    /// Adds text at a place; neighbours stay apart unless they lie side by side in the buffer.
    pub(super) fn add_text(&mut self, parent: NodeId, before: Option<NodeId>, text: &str) {
        let neighbour = match before {
            Some(sibling) => self.previous(sibling),
            None => self.last_child(parent),
        };
        if let Some(neighbour) = neighbour
            && let Some(Content::Text(span)) = self.nodes.get(neighbour.index()).map(|n| &n.content)
            && let Some(longer) = self.pool.extend(*span, text)
        {
            if let Some(node) = self.nodes.get_mut(neighbour.index()) {
                node.content = Content::Text(longer);
            }
            return;
        }
        let node = self.add_text_node(text);
        self.insert(parent, before, node);
    }

    /// Adds a text that stands nowhere yet.
    pub(super) fn add_text_node(&mut self, text: &str) -> NodeId {
        let span = self.pool.add(text);
        self.add(Content::Text(span))
    }

    /// Puts a node, which may stand elsewhere, below `parent`: before a child, or behind all.
    pub(super) fn insert(&mut self, parent: NodeId, before: Option<NodeId>, id: NodeId) {
        self.detach(id);
        let previous = match before {
            Some(sibling) => self.previous(sibling),
            None => self.last_child(parent),
        };
        if let Some(links) = self.links_mut(id) {
            links.parent = Some(parent);
            links.previous = previous;
            links.next = before;
        }
        match previous.and_then(|previous| self.links_mut(previous)) {
            Some(previous) => previous.next = Some(id),
            None => {
                if let Some(parent) = self.links_mut(parent) {
                    parent.first = Some(id);
                }
            }
        }
        match before.and_then(|next| self.links_mut(next)) {
            Some(next) => next.previous = Some(id),
            None => {
                if let Some(parent) = self.links_mut(parent) {
                    parent.last = Some(id);
                }
            }
        }
    }

    /// Takes a node, with all that is below it, out of where it stands.
    pub(super) fn detach(&mut self, id: NodeId) {
        let Some(links) = self.links_mut(id) else {
            return;
        };
        let (parent, previous, next) = (
            links.parent.take(),
            links.previous.take(),
            links.next.take(),
        );
        match previous.and_then(|previous| self.links_mut(previous)) {
            Some(previous) => previous.next = next,
            None => {
                if let Some(parent) = parent.and_then(|parent| self.links_mut(parent)) {
                    parent.first = next;
                }
            }
        }
        match next.and_then(|next| self.links_mut(next)) {
            Some(next) => next.previous = previous,
            None => {
                if let Some(parent) = parent.and_then(|parent| self.links_mut(parent)) {
                    parent.last = previous;
                }
            }
        }
    }

    /// Takes everything out of a node.
    pub(super) fn clear(&mut self, id: NodeId) {
        while let Some(child) = self.first_child(id) {
            self.detach(child);
        }
    }

    /// Moves all that is below a node behind what is below another one.
    pub(super) fn move_children(&mut self, from: NodeId, to: NodeId) {
        while let Some(child) = self.first_child(from) {
            self.insert(to, None, child);
        }
    }

    fn links(&self, id: NodeId) -> Option<&Links> {
        self.nodes.get(id.index()).map(|node| &node.links)
    }

    fn links_mut(&mut self, id: NodeId) -> Option<&mut Links> {
        self.nodes.get_mut(id.index()).map(|node| &mut node.links)
    }

    pub(in crate::protocol::portal::forms) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.links(id)?.parent
    }

    pub(in crate::protocol::portal::forms) fn first_child(&self, id: NodeId) -> Option<NodeId> {
        self.links(id)?.first
    }

    pub(in crate::protocol::portal::forms) fn next(&self, id: NodeId) -> Option<NodeId> {
        self.links(id)?.next
    }

    fn last_child(&self, id: NodeId) -> Option<NodeId> {
        self.links(id)?.last
    }

    fn previous(&self, id: NodeId) -> Option<NodeId> {
        self.links(id)?.previous
    }

    /// The full name of an element.
    pub(super) fn name(&self, id: NodeId) -> &QualName {
        self.element(id)
            .map_or(&self.nameless, |element| &element.name)
    }

    /// What a node is.
    pub(super) fn content(&self, id: NodeId) -> Option<&Content> {
        self.nodes.get(id.index()).map(|node| &node.content)
    }

    /// The nodes above one, the nearest first.
    pub(in crate::protocol::portal::forms) fn above(
        &self,
        id: NodeId,
    ) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(id), |above| self.parent(*above))
    }

    pub(super) fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.nodes.get(id.index())?.content {
            Content::Element(element) => Some(element),
            _ => None,
        }
    }

    pub(super) fn element_mut(&mut self, id: NodeId) -> Option<&mut Element> {
        match &mut self.nodes.get_mut(id.index())?.content {
            Content::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The text of a text node.
    pub(in crate::protocol::portal::forms) fn text(&self, id: NodeId) -> Option<&str> {
        match self.nodes.get(id.index())?.content {
            Content::Text(span) => Some(self.pool.get(span)),
            _ => None,
        }
    }

    /// The name of an HTML element. Those of SVG and MathML have none, and never are a form's.
    pub(in crate::protocol::portal::forms) fn tag(&self, id: NodeId) -> Option<&LocalName> {
        let name = &self.element(id)?.name;
        (name.ns == ns!(html)).then_some(&name.local)
    }

    /// The form that the parser has associated an element with.
    pub(in crate::protocol::portal::forms) fn parsed_form(&self, id: NodeId) -> Option<NodeId> {
        self.element(id)?.form
    }

    fn spans(&self, id: NodeId) -> &[(Attribute, Span)] {
        let range = self.element(id).map(|element| {
            let first = element.first_attribute as usize;
            first..first + usize::from(element.attributes)
        });
        self.attributes
            .get(range.unwrap_or_default())
            .unwrap_or_default()
    }

    /// All attributes that are kept of an element.
    pub(super) fn attributes(&self, id: NodeId) -> impl Iterator<Item = (Attribute, &str)> {
        let spans = self.spans(id).iter();
        spans.map(|(name, value)| (*name, self.pool.get(*value)))
    }

    /// The value of an attribute, also of an empty one.
    pub(in crate::protocol::portal::forms) fn attribute(
        &self,
        id: NodeId,
        name: Attribute,
    ) -> Option<&str> {
        let mut spans = self.spans(id).iter();
        let (_, value) = spans.find(|(known, _)| *known == name)?;
        Some(self.pool.get(*value))
    }

    /// Whether an attribute is there.
    pub(in crate::protocol::portal::forms) fn has(&self, id: NodeId, name: Attribute) -> bool {
        self.attribute(id, name).is_some()
    }

    /// Walks through a node and all that is below it, in the order of the page.
    pub(in crate::protocol::portal::forms) fn walk(
        &self,
        top: NodeId,
    ) -> impl Iterator<Item = Step> + '_ {
        let mut at = Some(Step::Enter(top));
        std::iter::from_fn(move || {
            let now = at?;
            at = match now {
                Step::Enter(id) => Some(match self.first_child(id) {
                    Some(child) => Step::Enter(child),
                    None => Step::Leave(id),
                }),
                Step::Leave(id) if id == top => None,
                Step::Leave(id) => match self.next(id) {
                    Some(next) => Some(Step::Enter(next)),
                    None => self.parent(id).map(Step::Leave),
                },
            };
            Some(now)
        })
    }

    /// The nodes that [`walk`](Self::walk) enters.
    pub(in crate::protocol::portal::forms) fn below(
        &self,
        top: NodeId,
    ) -> impl Iterator<Item = NodeId> + '_ {
        self.walk(top).filter_map(|step| match step {
            Step::Enter(id) => Some(id),
            Step::Leave(_) => None,
        })
    }
}
