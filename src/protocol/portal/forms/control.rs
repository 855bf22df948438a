//! The controls of a form.

use std::fmt;

use url::Url;

use super::document::NodeId;
use super::fault::FormFault;
use super::form::{Enctype, FormMethod};
use super::post_back::PostBack;
use super::value::Value;

/// What a control is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ControlKind {
    /// `<input type=hidden>`.
    Hidden,
    /// A box for text, also of a type that is not known.
    Text,
    /// A box for a search.
    Search,
    /// A box for a phone number.
    Tel,
    /// A box for an address on the web.
    Url,
    /// A box for an e-mail address.
    Email,
    /// A box for a password.
    Password,
    /// A box for a number, a date, a time, a colour.
    Other,
    /// A box to check.
    Checkbox,
    /// One of several choices, the others having the same name.
    Radio,
    /// A choice of files. It is sent as if none were chosen.
    File,
    /// A button that sends the form.
    Submit,
    /// A picture that sends the form.
    Image,
    /// A button that only resets the form.
    Reset,
    /// A button that does what a script says.
    Button,
    /// A box for several lines.
    TextArea,
    /// A list of which one is chosen.
    Select,
    /// A list of which several may be chosen.
    SelectMany,
    /// A link or a button that sends the form by the script of ASP.NET WebForms: see [`Control::post_back`].
    PostBack,
}

impl ControlKind {
    /// Whether a person types into it.
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Search
                | Self::Tel
                | Self::Url
                | Self::Email
                | Self::Password
                | Self::Other
                | Self::TextArea
        )
    }

    /// Whether pressing it sends the form.
    pub const fn sends(self) -> bool {
        matches!(self, Self::Submit | Self::Image | Self::PostBack)
    }
}

/// A control of a [`Form`](super::Form). Texts of controls that a person reads are as on the page, and not made safe to show.
pub struct Control {
    pub(super) node: NodeId,
    /// Its place among the controls of the form.
    pub(super) index: usize,
    pub(super) kind: ControlKind,
    pub(super) name: String,
    pub(super) id: Option<String>,
    pub(super) value: Value,
    pub(super) label: String,
    pub(super) placeholder: Option<String>,
    pub(super) autocomplete: Option<String>,
    pub(super) max_length: Option<usize>,
    pub(super) choices: Vec<Choice>,
    pub(super) post_back: Option<PostBack>,
    /// The name and the value of the entry that tells the direction of the text.
    pub(super) direction: Option<(String, &'static str)>,
    pub(super) target: Target,
    pub(super) is_checked: bool,
    pub(super) is_disabled: bool,
    pub(super) is_read_only: bool,
    pub(super) is_visible: bool,
    pub(super) is_required: bool,
}

/// What a button says about where the form goes.
#[derive(Default)]
pub(super) struct Target {
    pub(super) action: Option<Result<Url, FormFault>>,
    pub(super) method: Option<FormMethod>,
    pub(super) enctype: Option<Enctype>,
}

/// One choice of a list.
pub struct Choice {
    pub(super) value: Value,
    pub(super) text: String,
    pub(super) is_selected: bool,
    pub(super) is_disabled: bool,
}

impl Control {
    /// What it is.
    pub fn kind(&self) -> ControlKind {
        self.kind
    }

    /// Its name in what is sent; empty if it has none. That of a [`PostBack`](ControlKind::PostBack) is its target.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its `id`.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Its value on the page. Of a list, that of the first choice that is selected.
    pub fn value(&self) -> &str {
        match self.kind {
            ControlKind::Select | ControlKind::SelectMany => {
                let selected = self.choices.iter().find(|choice| choice.is_selected);
                selected.map_or("", Choice::value)
            }
            _ => &self.value,
        }
    }

    /// What a person reads of it: its labels, or what it says itself; blanks in a row are one, at most 1024 characters.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What stands in it as long as it is empty.
    pub fn placeholder(&self) -> Option<&str> {
        self.placeholder.as_deref()
    }

    /// What may be filled in by itself (`autocomplete`), in lower case: `username`, `one-time-code`, `new-password`.
    pub fn autocomplete(&self) -> Option<&str> {
        self.autocomplete.as_deref()
    }

    /// The most UTF-16 units that it takes.
    pub fn max_length(&self) -> Option<usize> {
        self.max_length
    }

    /// The choices of a list.
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// What the script of the page would send for it.
    pub fn post_back(&self) -> Option<&PostBack> {
        self.post_back.as_ref()
    }

    /// Whether a box is checked, or a radio button chosen.
    pub fn is_checked(&self) -> bool {
        self.is_checked
    }

    /// Whether it is disabled, itself or with the group in which it stands.
    pub fn is_disabled(&self) -> bool {
        self.is_disabled
    }

    /// Whether it cannot be changed.
    pub fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Whether a person sees it, as far as the attributes `hidden` and `style` say, here and above. Style sheets are not
    /// looked at.
    pub fn is_visible(&self) -> bool {
        self.is_visible
    }

    /// Whether it has to be filled in.
    pub fn is_required(&self) -> bool {
        self.is_required
    }
}

impl Choice {
    /// What is sent for it.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// What a person reads.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is chosen.
    pub fn is_selected(&self) -> bool {
        self.is_selected
    }

    /// Whether it cannot be chosen.
    pub fn is_disabled(&self) -> bool {
        self.is_disabled
    }
}

/// Without values: they may be tokens, or what a person typed.
impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .field("id", &self.id)
            .field("is_visible", &self.is_visible)
            .field("is_disabled", &self.is_disabled)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Choice")
            .field("is_selected", &self.is_selected)
            .finish_non_exhaustive()
    }
}
