//! Changing a page that was read before.

use html5ever::{QualName, local_name, ns};

use super::attribute::Attribute;
use super::parser;
use super::tree::{Content, NodeId, Tree};
use crate::protocol::portal::forms::fault::PageLimit;

/// Where the nodes of a page are after [`Tree::compact`].
pub(in crate::protocol::portal::forms) struct Places(Vec<Option<NodeId>>);

impl Places {
    /// The new place of a node, if it is still part of the page.
    pub(in crate::protocol::portal::forms) fn of(&self, node: NodeId) -> Option<NodeId> {
        self.0.get(node.index()).copied().flatten()
    }
}

/// An empty page.
impl Default for Tree {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Tree {
    /// The same page without what is no longer part of it.
    pub(in crate::protocol::portal::forms) fn compact(&self) -> (Self, Places) {
        let mut compact = Self::new(self.text_len());
        let mut places = vec![None; self.len()];
        // The walk is in the order of the page, so what is above has its place already.
        for id in self.below(NodeId::ROOT).skip(1) {
            let copy = match self.content(id) {
                Some(Content::Text(_)) => compact.add_text_node(self.text(id).unwrap_or_default()),
                Some(Content::Element(element)) => {
                    compact.add_element(element.name.clone(), self.attributes(id))
                }
                _ => continue,
            };
            if let Some(place) = places.get_mut(id.index()) {
                *place = Some(copy);
            }
            let above = self
                .parent(id)
                .and_then(|above| *places.get(above.index())?);
            compact.insert(above.unwrap_or(NodeId::ROOT), None, copy);
        }
        let places = Places(places);
        for old in self.below(NodeId::ROOT) {
            let form = self.parsed_form(old).and_then(|form| places.of(form));
            if let Some(element) = places.of(old).and_then(|new| compact.element_mut(new)) {
                element.form = form;
            }
        }
        (compact, places)
    }

    /// The page with new content for one of its elements.
    ///
    /// # Errors
    /// [`PageLimit`].
    pub(in crate::protocol::portal::forms) fn with_content(
        mut self,
        element: NodeId,
        html: &str,
    ) -> Result<Self, PageLimit> {
        self.clear(element);
        let is_form = |id: &NodeId| self.tag(*id) == Some(&local_name!("form"));
        let form = self.above(element).find(is_form);
        parser::parse_into(self, element, form, html)
    }

    /// Adds a hidden field behind everything in a form, with an id that is its name.
    pub(in crate::protocol::portal::forms) fn add_hidden_field(
        &mut self,
        form: NodeId,
        name: &str,
        value: &str,
    ) -> NodeId {
        let tag = QualName::new(None, ns!(html), local_name!("input"));
        let attributes = [
            (Attribute::Type, "hidden"),
            (Attribute::Name, name),
            (Attribute::Id, name),
            (Attribute::Value, value),
        ];
        let field = self.add_element(tag, attributes.into_iter());
        if let Some(element) = self.element_mut(field) {
            element.form = Some(form);
        }
        self.insert(form, None, field);
        field
    }
}
