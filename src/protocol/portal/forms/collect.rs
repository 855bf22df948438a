//! One walk through a page, and what it finds.

use html5ever::{LocalName, local_name};

use super::document::{Attribute, NodeId, Shown, Step, Tree, style_of};
use super::fault::PageLimit;
use super::post_back::PostBack;

/// What a walk through a page has found, in the order of the page.
#[derive(Default)]
pub(super) struct Found {
    pub(super) title: Option<NodeId>,
    pub(super) base: Option<NodeId>,
    /// Elements with an id, sorted by it; of several with the same one, the first on the page comes first.
    pub(super) ids: Vec<NodeId>,
    pub(super) forms: Vec<FoundForm>,
    pub(super) controls: Vec<FoundControl>,
    /// Labels that name what they are for.
    pub(super) labels_for: Vec<NodeId>,
    /// Labels around a control: which control, and the label.
    pub(super) labels_around: Vec<(NodeId, NodeId)>,
    /// Regions that tell of errors at once, as far as a person sees them.
    pub(super) alerts: Vec<NodeId>,
    pub(super) images: Vec<NodeId>,
    pub(super) links: Vec<NodeId>,
}

pub(super) struct FoundForm {
    pub(super) node: NodeId,
    pub(super) is_visible: bool,
}

pub(super) struct FoundControl {
    pub(super) node: NodeId,
    /// The form around it.
    pub(super) form: Option<NodeId>,
    pub(super) post_back: Option<PostBack>,
    pub(super) is_visible: bool,
    pub(super) is_disabled: bool,
}

/// What stands around the place where the walk is.
#[derive(Clone, Copy, Default)]
struct Around {
    shown: Shown,
    form: Option<NodeId>,
    /// The place of the label in the list of those around the walk.
    label: Option<usize>,
    /// The `<fieldset>` whose first `<legend>` is not disabled with it, and whether what is around it is.
    fieldset: Option<(NodeId, bool)>,
    is_disabled: bool,
    is_in_datalist: bool,
}

struct Walk<'a> {
    tree: &'a Tree,
    found: Found,
    around: Around,
    /// What was around each element that is open.
    outer: Vec<Around>,
    /// The labels that have been entered, with the control that each is around.
    labels: Vec<(NodeId, Option<NodeId>)>,
}

/// Looks at every element once.
///
/// # Errors
/// [`PageLimit::Controls`].
pub(super) fn collect(tree: &Tree) -> Result<Found, PageLimit> {
    let mut walk = Walk {
        tree,
        found: Found::default(),
        around: Around::default(),
        outer: Vec::new(),
        labels: Vec::new(),
    };
    for step in tree.walk(NodeId::ROOT) {
        match step {
            Step::Enter(id) => {
                if let Some(tag) = tree.tag(id) {
                    walk.outer.push(walk.around);
                    walk.enter(id, tag);
                    if walk.found.controls.len() > PageLimit::CONTROLS {
                        return Err(PageLimit::Controls);
                    }
                }
            }
            Step::Leave(id) => {
                if tree.tag(id).is_some() {
                    walk.around = walk.outer.pop().unwrap_or_default();
                }
            }
        }
    }
    let mut found = walk.found;
    let around = walk.labels.into_iter();
    found.labels_around = around
        .filter_map(|(label, control)| Some((control?, label)))
        .collect();
    found
        .ids
        .sort_by_cached_key(|id| tree.attribute(*id, Attribute::Id));
    Ok(found)
}

impl Walk<'_> {
    fn enter(&mut self, id: NodeId, tag: &LocalName) {
        let tree = self.tree;
        let around = &mut self.around;
        around.shown = style_of(tree, id).below(around.shown);
        let is_visible = around.shown.is_shown();
        let found = &mut self.found;
        if tree
            .attribute(id, Attribute::Id)
            .is_some_and(|id| !id.is_empty())
        {
            found.ids.push(id);
        }
        if is_visible && is_alert(tree, id) {
            found.alerts.push(id);
        }
        match *tag {
            local_name!("title") if found.title.is_none() => found.title = Some(id),
            local_name!("base") if found.base.is_none() && tree.has(id, Attribute::Href) => {
                found.base = Some(id);
            }
            local_name!("form") => {
                found.forms.push(FoundForm {
                    node: id,
                    is_visible,
                });
                around.form = Some(id);
            }
            local_name!("fieldset") => {
                around.fieldset = Some((id, around.is_disabled));
                around.is_disabled |= tree.has(id, Attribute::Disabled);
            }
            local_name!("legend") => {
                if let Some((fieldset, outside)) = around.fieldset
                    && tree.parent(id) == Some(fieldset)
                    && self.is_first_legend(fieldset, id)
                {
                    self.around.is_disabled = outside;
                }
            }
            local_name!("datalist") => around.is_in_datalist = true,
            local_name!("label") if tree.has(id, Attribute::For) => found.labels_for.push(id),
            local_name!("label") => {
                around.label = Some(self.labels.len());
                self.labels.push((id, None));
            }
            local_name!("img") => found.images.push(id),
            local_name!("a") => {
                if let Some(href) = tree.attribute(id, Attribute::Href) {
                    found.links.push(id);
                    let post_back = PostBack::parse(href).or_else(|| self.scripted(id));
                    if post_back.is_some() {
                        self.control(id, post_back);
                    }
                }
            }
            local_name!("input") => {
                let kind = tree.attribute(id, Attribute::Type).unwrap_or_default();
                if !kind.eq_ignore_ascii_case("hidden") {
                    self.labelled(id);
                }
                let post_back = kind
                    .eq_ignore_ascii_case("button")
                    .then(|| self.scripted(id))
                    .flatten();
                self.control(id, post_back);
            }
            local_name!("button") => {
                self.labelled(id);
                let kind = tree.attribute(id, Attribute::Type).unwrap_or_default();
                let post_back = kind
                    .eq_ignore_ascii_case("button")
                    .then(|| self.scripted(id))
                    .flatten();
                self.control(id, post_back);
            }
            local_name!("select") | local_name!("textarea") => {
                self.labelled(id);
                self.control(id, None);
            }
            _ => {}
        }
    }

    fn scripted(&self, id: NodeId) -> Option<PostBack> {
        PostBack::parse(self.tree.attribute(id, Attribute::Onclick)?)
    }

    fn is_first_legend(&self, fieldset: NodeId, legend: NodeId) -> bool {
        let mut child = self.tree.first_child(fieldset);
        while let Some(id) = child {
            if self.tree.tag(id) == Some(&local_name!("legend")) {
                return id == legend;
            }
            child = self.tree.next(id);
        }
        false
    }

    /// A label is for the first control in it.
    fn labelled(&mut self, control: NodeId) {
        let label = self.around.label.and_then(|at| self.labels.get_mut(at));
        if let Some((_, of @ None)) = label {
            *of = Some(control);
        }
    }

    fn control(&mut self, node: NodeId, post_back: Option<PostBack>) {
        if self.around.is_in_datalist {
            return;
        }
        self.found.controls.push(FoundControl {
            node,
            form: self.around.form,
            post_back,
            is_visible: self.around.shown.is_shown(),
            is_disabled: self.around.is_disabled || self.tree.has(node, Attribute::Disabled),
        });
    }
}

/// Whether what is in an element is told to the person at once (WAI-ARIA, `alert` and assertive live regions).
fn is_alert(tree: &Tree, id: NodeId) -> bool {
    let has = |name, word: &str| {
        tree.attribute(id, name)
            .is_some_and(|value| value.trim_ascii().eq_ignore_ascii_case(word))
    };
    has(Attribute::Role, "alert") || has(Attribute::AriaLive, "assertive")
}
