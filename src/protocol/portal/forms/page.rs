//! What a page asks.

use std::fmt;
use std::sync::Arc;

use url::Url;

use super::collect::{self, Found};
use super::document::{self, Attribute, NodeId, TextLimit, Tree, text_of};
use super::element::{Element, Image, Link};
use super::fault::{PageFault, PageLimit};
use super::form::Form;
use super::label::find;
use super::link::Place;
use super::submission::Submission;
use crate::error::{LinkProblem, PeerText};

/// A page that a server has sent, as a browser reads it that runs no script.
///
/// What it holds (tokens, what was typed before) is wiped when it is dropped, but for copies that the HTML parser makes
/// for itself. Nothing of it is in its `Debug` form.
pub struct Page {
    pub(super) place: Place,
    /// The values of the forms are in it, too.
    pub(super) tree: Arc<Tree>,
    pub(super) other_encoding: Option<PeerText>,
    found: Found,
    pub(super) title: String,
    forms: Vec<Form>,
}

impl Page {
    /// Reads a page that came from `url` with this `Content-Type`. Without one it is taken for HTML.
    ///
    /// # Errors
    /// [`PageFault`]. What is wrong with the HTML itself never is: it is read as browsers read it (HTML, section 13.2).
    pub fn parse(url: &Url, content_type: Option<&str>, body: &[u8]) -> Result<Self, PageFault> {
        if let Some(content_type) = content_type {
            let essence = content_type.split(';').next().unwrap_or_default().trim();
            if !essence.eq_ignore_ascii_case("text/html") {
                return Err(PageFault::NotHtml(PeerText::new(essence)));
            }
        }
        let read = document::read(content_type, body)?;
        Ok(Self::of(url, read.tree, read.other_encoding)?)
    }

    /// A page from its tree.
    pub(super) fn of(
        url: &Url,
        tree: Tree,
        other_encoding: Option<PeerText>,
    ) -> Result<Self, PageLimit> {
        let tree = Arc::new(tree);
        let found = collect::collect(&tree)?;
        let mut page = url.clone();
        page.set_fragment(None);
        // What has a host can have a login, and only that.
        let _ = page.set_username("");
        let _ = page.set_password(None);
        let base = found.base.and_then(|base| {
            let href = tree.attribute(base, Attribute::Href)?;
            let url = page.join(href.trim_ascii()).ok()?;
            (!matches!(url.scheme(), "data" | "javascript")).then_some(url)
        });
        let place = Place {
            base: base.unwrap_or_else(|| page.clone()),
            page,
        };
        let title = found
            .title
            .map(|title| text_of(&tree, title, TextLimit::LABEL));
        let forms = super::form_list::forms(&tree, &found, &place, other_encoding.as_deref())?;
        Ok(Self {
            place,
            title: title.unwrap_or_default(),
            tree,
            other_encoding,
            found,
            forms,
        })
    }

    /// Where it came from, without a fragment and a login.
    pub fn url(&self) -> &Url {
        &self.place.page
    }

    /// Its title; empty if it has none.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its forms, in the order of the page. Forms inside of forms are none, as in browsers.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// Begins to fill in one of its forms.
    pub fn submission<'a>(&'a self, form: &'a Form) -> Submission<'a> {
        Submission::new(&self.place, form)
    }

    /// The value of the first hidden field of this name, in a form or outside; empty if it has none.
    pub fn hidden(&self, name: &str) -> Option<&str> {
        self.hidden_with(Attribute::Name, name)
    }

    /// The value of the first hidden field with this `id`, in a form or outside; empty if it has none.
    pub fn hidden_by_id(&self, id: &str) -> Option<&str> {
        self.hidden_with(Attribute::Id, id)
    }

    fn hidden_with(&self, by: Attribute, wanted: &str) -> Option<&str> {
        let tree = &self.tree;
        let is_meant = |node: &NodeId| {
            let kind = tree.attribute(*node, Attribute::Type);
            tree.attribute(*node, by) == Some(wanted)
                && kind.is_some_and(|kind| kind.eq_ignore_ascii_case("hidden"))
        };
        let node = tree.below(NodeId::ROOT).find(is_meant)?;
        Some(tree.attribute(node, Attribute::Value).unwrap_or_default())
    }

    /// The first element with this id.
    pub fn element(&self, id: &str) -> Option<Element<'_>> {
        find(&self.tree, &self.found.ids, id).map(|node| self.at(node))
    }

    /// What a person reads of the element with this id, or `None` if there is none or it is hidden: see
    /// [`Element::text`].
    pub fn text(&self, id: &str) -> Option<String> {
        let element = self.element(id)?;
        element.is_visible().then(|| element.text())
    }

    /// All elements of a class, in the order of the page.
    pub fn with_class<'a>(&'a self, class: &'a str) -> impl Iterator<Item = Element<'a>> {
        self.tree
            .below(NodeId::ROOT)
            .map(|node| self.at(node))
            .filter(move |element| element.has_class(class))
    }

    /// The regions that tell of something at once (`role=alert`, `aria-live=assertive`), where a person sees them and they
    /// say something.
    pub fn alerts(&self) -> impl Iterator<Item = Element<'_>> {
        let alerts = self.found.alerts.iter().map(|node| self.at(*node));
        alerts.filter(|alert| !alert.text().is_empty())
    }

    /// All pictures.
    pub fn images(&self) -> impl Iterator<Item = Image> {
        self.found.images.iter().map(|node| {
            let attribute = |name| self.tree.attribute(*node, name).map(str::to_owned);
            let source = self.tree.attribute(*node, Attribute::Src);
            let source = source.filter(|source| !source.trim_ascii().is_empty());
            let source = source.ok_or(LinkProblem::NotAUrl);
            Image {
                id: attribute(Attribute::Id),
                source: source.and_then(|source| {
                    let followed = self.place.follow(source);
                    followed.map_err(|(problem, _)| problem)
                }),
                alt: attribute(Attribute::Alt),
                is_visible: self.at(*node).is_visible(),
            }
        })
    }

    /// All links, with those that run a script.
    pub fn links(&self) -> impl Iterator<Item = Link> {
        self.found.links.iter().map(|node| {
            let href = self.tree.attribute(*node, Attribute::Href);
            Link {
                id: self.at(*node).id().map(str::to_owned),
                target: self.place.follow(href.unwrap_or_default()),
                text: text_of(&self.tree, *node, TextLimit::LABEL),
                is_visible: self.at(*node).is_visible(),
            }
        })
    }

    fn at(&self, node: NodeId) -> Element<'_> {
        Element {
            tree: &self.tree,
            node,
        }
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("path", &self.place.page.path())
            .field("forms", &self.forms)
            .finish_non_exhaustive()
    }
}
