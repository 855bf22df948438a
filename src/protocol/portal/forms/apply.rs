//! A page, and a partial answer to what was sent from it.

use std::collections::HashMap;

use html5ever::local_name;

use super::delta::{Applied, Delta, RecordKind};
use super::document::{Attribute, NodeId, Tree};
use super::fault::DeltaFault;
use super::page::Page;
use super::post_back::TARGET_FIELD;
use crate::error::PeerText;

impl Page {
    /// Applies a partial answer as the script of ASP.NET does, but runs no script: panels get their new content, hidden
    /// fields their new values, the form its new address, the page its new title. Fields that are not there yet are added to
    /// the form of the script. Everything else in the answer is passed over.
    ///
    /// # Errors
    /// [`DeltaFault`]. The page is then as it was before.
    pub fn apply(&mut self, delta: &Delta) -> Result<Applied, DeltaFault> {
        for record in delta.records() {
            match record.kind {
                RecordKind::Error => {
                    return Ok(Applied::Error {
                        code: PeerText::new(record.id),
                        message: PeerText::new(record.content),
                    });
                }
                RecordKind::PageRedirect => {
                    let target = self.place.follow(record.content);
                    let target =
                        target.map_err(|(problem, host)| DeltaFault::Redirect { problem, host })?;
                    return Ok(Applied::Redirect(target));
                }
                _ => {}
            }
        }
        let mut next = Next::of(self);
        for record in delta.records() {
            if *record.kind == RecordKind::UpdatePanel {
                next.panel(record.id, record.content)?;
            }
        }
        // As in the script: what a panel says about a hidden field does not count.
        let mut title = None;
        for record in delta.records() {
            match record.kind {
                RecordKind::HiddenField => next.hidden_field(record.id, record.content)?,
                RecordKind::FormAction => {
                    let form = next.form.clone()?;
                    let action = Attribute::Action;
                    next.tree.set_attribute(form, action, record.content);
                }
                RecordKind::PageTitle => title = Some(record.content),
                _ => {}
            }
        }
        let mut page = Self::of(&self.place.page, next.tree, self.other_encoding.clone())?;
        page.title = match title {
            Some(title) => title.trim_ascii().to_owned(),
            None => std::mem::take(&mut self.title),
        };
        *self = page;
        Ok(Applied::Updated)
    }
}

/// The page as it will be.
struct Next {
    tree: Tree,
    ids: HashMap<String, NodeId>,
    /// The form of the script: the one that holds its fields, or else the first.
    form: Result<NodeId, DeltaFault>,
}

impl Next {
    fn of(page: &Page) -> Self {
        let (tree, places) = page.tree.compact();
        let forms = page.forms();
        let form = forms
            .iter()
            .find(|form| form.control(TARGET_FIELD).is_some())
            .or(forms.first())
            .and_then(|form| places.of(form.node));
        let mut next = Self {
            tree,
            ids: HashMap::new(),
            form: form.ok_or(DeltaFault::NoForm),
        };
        next.note(NodeId::ROOT);
        next
    }

    /// Notes the ids of an element and of all below it. The first element with an id counts.
    fn note(&mut self, top: NodeId) {
        for node in self.tree.below(top) {
            let id = self.tree.attribute(node, Attribute::Id);
            if let Some(id) = id.filter(|id| !id.is_empty()) {
                self.ids.entry(id.to_owned()).or_insert(node);
            }
        }
    }

    fn forget(&mut self, top: NodeId) {
        for node in self.tree.below(top).skip(1) {
            if let Some(id) = self.tree.attribute(node, Attribute::Id)
                && self.ids.get(id) == Some(&node)
            {
                self.ids.remove(id);
            }
        }
    }

    fn panel(&mut self, id: &str, content: &str) -> Result<(), DeltaFault> {
        let Some(panel) = self.ids.get(id).copied() else {
            return Err(DeltaFault::MissingPanel(PeerText::new(id)));
        };
        self.forget(panel);
        let tree = std::mem::take(&mut self.tree);
        self.tree = tree.with_content(panel, content)?;
        self.note(panel);
        Ok(())
    }

    fn hidden_field(&mut self, id: &str, value: &str) -> Result<(), DeltaFault> {
        let Some(field) = self.ids.get(id).copied() else {
            let form = self.form.clone()?;
            let field = self.tree.add_hidden_field(form, id, value);
            self.ids.insert(id.to_owned(), field);
            return Ok(());
        };
        let kind = self.tree.attribute(field, Attribute::Type);
        let is_hidden = kind.is_some_and(|kind| kind.eq_ignore_ascii_case("hidden"));
        if !is_hidden || self.tree.tag(field) != Some(&local_name!("input")) {
            return Err(DeltaFault::NotAField(PeerText::new(id)));
        }
        self.tree.set_attribute(field, Attribute::Value, value);
        Ok(())
    }
}
