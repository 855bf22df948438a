//! Filling in a form: only the controls that are named, and only where it is posted to the page's own origin.

use super::forms::{Control, ControlKind, Form, FormFault, Page};
use http::Method as HttpMethod;

use super::flow::PortalFlow;
use super::profile::mark;
use super::reading::{Placed, find, find_in};
use crate::exchange::Request;
use crate::protocol::Rejection;

/// Why nothing is sent.
pub(super) enum Unsent {
    /// The answer cannot be right.
    Rejected(Rejection),
    /// The form cannot be sent.
    Form(FormFault),
    /// The page lacks what belongs to the view, or wants more than the profile knows.
    Unknown,
    /// The view has no button for it.
    Misfit,
}

impl From<FormFault> for Unsent {
    fn from(fault: FormFault) -> Self {
        Self::Form(fault)
    }
}

pub(super) type Sends = Result<Request, Unsent>;

/// What goes into a form.
#[derive(Default)]
pub(super) struct Entry<'a> {
    pub(super) typed: Vec<(&'a Control, &'a str)>,
    pub(super) checked: Option<&'a Control>,
    pub(super) press: Option<&'a mark::Control>,
}

impl PortalFlow {
    pub(super) fn type_into(
        &self,
        mark: &mark::Control,
        text: &str,
        press: Option<&mark::Control>,
    ) -> Sends {
        let page = self.page()?;
        let placed = find(page, mark).ok_or(Unsent::Unknown)?;
        let entry = Entry {
            typed: vec![(placed.control, text)],
            press,
            ..Entry::default()
        };
        self.write(page, placed.form, &entry)
    }

    /// A radio button is chosen and the form sent; a button is pressed.
    pub(super) fn pick(
        &self,
        page: &Page,
        placed: Placed<'_>,
        mark: &mark::Control,
        press: Option<&mark::Control>,
    ) -> Sends {
        let entry = match placed.control.kind() {
            ControlKind::Radio => Entry {
                checked: Some(placed.control),
                press,
                ..Entry::default()
            },
            _ => Entry {
                press: Some(mark),
                ..Entry::default()
            },
        };
        self.write(page, placed.form, &entry)
    }

    pub(super) fn press(&self, mark: Option<&mark::Control>) -> Sends {
        let page = self.page()?;
        let mark = mark.ok_or(Unsent::Misfit)?;
        let placed = find(page, mark).ok_or(Unsent::Unknown)?;
        let press = Some(mark);
        let entry = Entry {
            press,
            ..Entry::default()
        };
        // Nothing is typed, so nothing can be missing.
        self.write_as_it_is(page, placed.form, &entry)
    }

    pub(super) fn page(&self) -> Result<&Page, Unsent> {
        self.page.as_ref().ok_or(Unsent::Unknown)
    }

    /// Writes a form in which everything is filled in that it wants.
    pub(super) fn write(&self, page: &Page, form: &Form, entry: &Entry<'_>) -> Sends {
        let is_left_open = |control: &Control| {
            let is_typed = || entry.typed.iter().any(|(c, _)| std::ptr::eq(*c, control));
            let is_open = match control.kind() {
                ControlKind::Checkbox => !control.is_checked(),
                kind => kind.is_text() && control.value().is_empty(),
            };
            control.is_required()
                && control.is_visible()
                && !control.is_disabled()
                && is_open
                && !is_typed()
        };
        match form.controls().iter().any(is_left_open) {
            true => Err(Unsent::Unknown),
            false => self.write_as_it_is(page, form, entry),
        }
    }

    fn write_as_it_is(&self, page: &Page, form: &Form, entry: &Entry<'_>) -> Sends {
        let profile = &self.settings.profile;
        let holds = |name: &String| {
            let hidden = form.control(name);
            hidden.is_some_and(|control| control.kind() == ControlKind::Hidden)
        };
        if !profile.needs.iter().all(holds) {
            return Err(Unsent::Unknown);
        }
        let mut submission = page.submission(form);
        for (control, text) in &entry.typed {
            submission = submission.fill(control, text)?;
        }
        if let Some(control) = entry.checked {
            submission = submission.check(control, true)?;
        }
        let button = match entry.press {
            Some(mark) => find_in(form, mark),
            None => form.default_button(),
        };
        submission = submission.press(button.ok_or(Unsent::Unknown)?)?;
        if let Some(partial) = &profile.partial
            && self.settings.posts_partially
        {
            submission = submission.partial(&partial.manager, &partial.panel)?;
        }
        let mut request = submission.request()?;
        // What is typed never stands in an address.
        if request.method != HttpMethod::POST {
            return Err(Unsent::Unknown);
        }
        self.requests.complete(&mut request, None);
        Ok(request)
    }
}
