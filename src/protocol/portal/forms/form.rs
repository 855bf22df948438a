//! The forms of a page.

use std::fmt;

use url::Url;

use super::control::{Control, ControlKind};
use super::document::NodeId;
use super::fault::FormFault;
use crate::error::PeerText;

/// How a form is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum FormMethod {
    /// In the query of its address.
    #[default]
    Get,
    /// In a body.
    Post,
    /// Not at all.
    Dialog,
}

/// How what is sent is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Enctype {
    #[default]
    Urlencoded,
    /// In a way that is not spoken here.
    Other(PeerText),
}

impl FormMethod {
    pub(super) fn of(method: &str) -> Self {
        match method {
            _ if method.eq_ignore_ascii_case("post") => Self::Post,
            _ if method.eq_ignore_ascii_case("dialog") => Self::Dialog,
            _ => Self::Get,
        }
    }
}

impl Enctype {
    pub(super) fn of(enctype: &str) -> Self {
        let known = ["multipart/form-data", "text/plain"];
        match known
            .iter()
            .find(|known| known.eq_ignore_ascii_case(enctype))
        {
            Some(known) => Self::Other(PeerText::new(known)),
            None => Self::Urlencoded,
        }
    }
}

/// A form with its controls in the order of the page.
pub struct Form {
    pub(super) node: NodeId,
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) method: FormMethod,
    pub(super) enctype: Enctype,
    /// The encoding that it is written in, if that is not UTF-8. Then only ASCII is sent.
    pub(super) encoding: Option<String>,
    pub(super) action: Result<Url, FormFault>,
    pub(super) controls: Vec<Control>,
    pub(super) is_visible: bool,
}

impl Form {
    /// Its `id`.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Its `name`.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// How it is sent, if the button says nothing else.
    pub fn method(&self) -> FormMethod {
        self.method
    }

    /// Where it goes, if the button says nothing else: on the page's own origin over HTTPS, without a fragment.
    ///
    /// # Errors
    /// [`FormFault::Action`].
    pub fn action(&self) -> Result<&Url, &FormFault> {
        self.action.as_ref()
    }

    /// Whether a person sees it: see [`Control::is_visible`].
    pub fn is_visible(&self) -> bool {
        self.is_visible
    }

    /// Its controls, in the order of the page.
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// The first control of this name.
    pub fn control(&self, name: &str) -> Option<&Control> {
        let mut controls = self.controls.iter();
        controls.find(|control| control.name == name)
    }

    /// The control of this id.
    pub fn control_by_id(&self, id: &str) -> Option<&Control> {
        self.controls
            .iter()
            .find(|control| control.id() == Some(id))
    }

    /// All controls of this name: the choices of a group of radio buttons, for instance.
    pub fn named<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Control> {
        self.controls
            .iter()
            .filter(move |control| control.name == name)
    }

    /// The radio buttons of this name.
    pub fn radios<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Control> {
        self.named(name)
            .filter(|control| control.kind == ControlKind::Radio)
    }

    /// The button that the Enter key presses: the first that sends the form, without those of a script (HTML,
    /// section 4.10.21.2).
    pub fn default_button(&self) -> Option<&Control> {
        self.controls
            .iter()
            .find(|control| matches!(control.kind, ControlKind::Submit | ControlKind::Image))
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form")
            .field("id", &self.id)
            .field("method", &self.method)
            .field("controls", &self.controls)
            .finish_non_exhaustive()
    }
}
