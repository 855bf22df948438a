//! Elements of a page that are no controls.

use std::fmt;

use url::Url;

use super::document::{Attribute, NodeId, Shown, TextLimit, Tree, style_of, text_of};
use crate::error::{LinkProblem, PeerText};

/// An element of a page.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    pub(super) tree: &'a Tree,
    pub(super) node: NodeId,
}

impl<'a> Element<'a> {
    /// The name of its tag, in lower case; empty for SVG and MathML.
    pub fn tag(&self) -> &'a str {
        self.tree.tag(self.node).map_or("", |tag| tag)
    }

    /// Its `id`.
    pub fn id(&self) -> Option<&'a str> {
        self.tree.attribute(self.node, Attribute::Id)
    }

    /// Whether it has this class, in upper and lower case as written.
    pub fn has_class(&self, class: &str) -> bool {
        let classes = self.tree.attribute(self.node, Attribute::Class);
        classes.is_some_and(|classes| classes.split_ascii_whitespace().any(|known| known == class))
    }

    /// Whether a person sees it, as far as the attributes `hidden` and `style` say, here and above. Style sheets are not
    /// looked at.
    pub fn is_visible(&self) -> bool {
        let mut chain = Vec::new();
        let mut at = Some(self.node);
        while let Some(id) = at {
            chain.push(id);
            at = self.tree.parent(id);
        }
        let shown = chain.iter().rev().fold(Shown::default(), |above, id| {
            style_of(self.tree, *id).below(above)
        });
        shown.is_shown()
    }

    /// What a person reads of it: blanks in a row are one, what is hidden below it is left out, at most 16,384 characters.
    pub fn text(&self) -> String {
        text_of(self.tree, self.node, TextLimit::REGION)
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Element")
            .field("tag", &self.tag())
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

/// A picture.
#[derive(Debug)]
#[non_exhaustive]
pub struct Image {
    /// Its `id`.
    pub id: Option<String>,
    /// Where it is: on the page's own origin over HTTPS. Otherwise what is wrong with its address.
    pub source: Result<Url, LinkProblem>,
    /// What it says to those who do not see it.
    pub alt: Option<String>,
    /// Whether a person sees it: see [`Element::is_visible`].
    pub is_visible: bool,
}

/// A link.
#[derive(Debug)]
#[non_exhaustive]
pub struct Link {
    /// Its `id`.
    pub id: Option<String>,
    /// Where it leads: on the page's own origin over HTTPS. Otherwise what is wrong with its address, and the host.
    pub target: Result<Url, (LinkProblem, Option<PeerText>)>,
    /// What a person reads of it, at most 1024 characters.
    pub text: String,
    /// Whether a person sees it: see [`Element::is_visible`].
    pub is_visible: bool,
}
