//! What a browser would send.

use std::collections::HashMap;
use std::fmt;

use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ORIGIN, REFERER};
use http::{HeaderValue, Method};
use url::Url;

use super::control::{Choice, Control, ControlKind};
use super::entries::{Entry, write};
use super::fault::{FormFault, PageLimit};
use super::form::{Enctype, Form, FormMethod};
use super::link::Place;
use super::post_back::{ARGUMENT_FIELD, PostBack, TARGET_FIELD};
use crate::error::PeerText;
use crate::exchange::{Body, Effect, Request};

/// What browsers say that they take.
const PAGES: HeaderValue =
    HeaderValue::from_static("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

/// A form that is being filled in: begun by [`Page::submission`](super::Page::submission), ended by
/// [`request`](Self::request).
///
/// The page and the form stay as they are, and what is filled in stays where it is: nothing is copied but into the body of
/// the request, which is wiped. What no call changes goes out as the page has it.
///
/// ```
/// # use sspr::protocol::portal::Page;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let url = "https://reset.contoso.example/".parse()?;
/// let html = b"<form method=post><input type=radio name=way value=mail><input type=radio name=way value=text>";
/// let page = Page::parse(&url, None, html)?;
/// let form = page.forms().first().ok_or("no form")?;
/// let text = form.radios("way").find(|radio| radio.value() == "text").ok_or("no choice")?;
/// assert_eq!(page.submission(form).check(text, true)?.request()?.body.as_ref(), b"way=text");
/// # Ok(()) }
/// ```
pub struct Submission<'a> {
    place: &'a Place,
    form: &'a Form,
    /// By the place of the control.
    values: HashMap<usize, &'a str>,
    checked: HashMap<usize, bool>,
    chosen: HashMap<(usize, usize), bool>,
    button: Option<&'a Control>,
    partial: Option<Partial<'a>>,
}

/// The parts of a partial post.
struct Partial<'a> {
    manager: &'a str,
    /// The panel and the control, as they are written.
    value: String,
}

impl<'a> Submission<'a> {
    pub(super) fn new(place: &'a Place, form: &'a Form) -> Self {
        Self {
            place,
            form,
            values: HashMap::new(),
            checked: HashMap::new(),
            chosen: HashMap::new(),
            button: None,
            partial: None,
        }
    }

    /// Types a text into a box.
    ///
    /// # Errors
    /// [`FormFault::OtherForm`], [`FormFault::Kind`] if it is no box for text, [`FormFault::Disabled`] also if it is
    /// read-only, [`FormFault::TooLong`], and [`FormFault::LineEnd`] where only one line is taken.
    pub fn fill(mut self, control: &Control, text: &'a str) -> Result<Self, FormFault> {
        let index = self.own(control)?;
        if !control.kind.is_text() {
            return Err(FormFault::Kind(name(control)));
        }
        if control.is_disabled || control.is_read_only {
            return Err(FormFault::Disabled(name(control)));
        }
        if control.kind != ControlKind::TextArea && text.contains(['\r', '\n']) {
            return Err(FormFault::LineEnd(name(control)));
        }
        let length = || text.encode_utf16().count();
        if control.max_length.is_some_and(|most| length() > most) {
            return Err(FormFault::TooLong(name(control)));
        }
        self.values.insert(index, text);
        Ok(self)
    }

    /// Checks a box or takes the mark away, or chooses one of several radio buttons, which takes it from the others.
    ///
    /// # Errors
    /// [`FormFault::OtherForm`], [`FormFault::Kind`] also for a radio button whose mark is to be taken away,
    /// [`FormFault::Disabled`].
    pub fn check(mut self, control: &Control, is_checked: bool) -> Result<Self, FormFault> {
        let index = self.own(control)?;
        match control.kind {
            ControlKind::Checkbox => {}
            ControlKind::Radio if is_checked => {}
            _ => return Err(FormFault::Kind(name(control))),
        }
        if control.is_disabled {
            return Err(FormFault::Disabled(name(control)));
        }
        if control.kind == ControlKind::Radio && !control.name.is_empty() {
            for other in self.form.radios(&control.name) {
                self.checked.insert(other.index, false);
            }
        }
        self.checked.insert(index, is_checked);
        Ok(self)
    }

    /// Chooses from a list, by the value. In a list of several, what was chosen before stays chosen.
    ///
    /// # Errors
    /// [`FormFault::OtherForm`], [`FormFault::Kind`] also for a value that is not offered, [`FormFault::Disabled`] also if
    /// the choice is.
    pub fn choose(mut self, control: &Control, value: &str) -> Result<Self, FormFault> {
        let index = self.own(control)?;
        let mut choices = control.choices.iter().enumerate();
        let (at, choice) = choices
            .find(|(_, choice)| choice.value() == value)
            .ok_or_else(|| FormFault::Kind(name(control)))?;
        if control.is_disabled || choice.is_disabled {
            return Err(FormFault::Disabled(name(control)));
        }
        if control.kind == ControlKind::Select {
            for other in 0..control.choices.len() {
                self.chosen.insert((index, other), false);
            }
        }
        self.chosen.insert((index, at), true);
        Ok(self)
    }

    /// Presses a button or a link that sends the form. Without one, the form is sent as a script does it, with no button's
    /// entry.
    ///
    /// # Errors
    /// [`FormFault::OtherForm`], [`FormFault::Kind`] if it does not send the form, [`FormFault::Disabled`].
    pub fn press(mut self, control: &'a Control) -> Result<Self, FormFault> {
        self.own(control)?;
        if !control.kind.sends() {
            return Err(FormFault::Kind(name(control)));
        }
        if control.is_disabled {
            return Err(FormFault::Disabled(name(control)));
        }
        self.button = Some(control);
        Ok(self)
    }

    /// Sends the form as the script of ASP.NET does it that asks for a part of the page: `manager` is the name of the page's
    /// script manager, `panel` that of the panel to be renewed. The answer is a [`Delta`](super::Delta), or a whole page.
    ///
    /// Call it after [`press`](Self::press), which says what asks.
    ///
    /// # Errors
    /// [`FormFault::MissingField`] if nothing was pressed.
    pub fn partial(mut self, manager: &'a str, panel: &str) -> Result<Self, FormFault> {
        let button = self.button.map(Control::name).unwrap_or_default();
        if button.is_empty() {
            return Err(FormFault::MissingField(PeerText::new(TARGET_FIELD)));
        }
        self.partial = Some(Partial {
            manager,
            value: [panel, "|", button].concat(),
        });
        Ok(self)
    }

    /// The request, with the headers that a browser sends for it (`strict-origin-when-cross-origin`), without cookies.
    ///
    /// Its effect is [`Effect::None`] for GET and [`Effect::Counts`] otherwise: whoever knows what the form means sets it.
    ///
    /// # Errors
    /// [`FormFault`].
    pub fn request(&self) -> Result<Request, FormFault> {
        let target = self.button.map(|button| &button.target);
        let method = target.and_then(|target| target.method);
        let enctype = target.and_then(|target| target.enctype.as_ref());
        let action = target.and_then(|target| target.action.as_ref());
        let mut method = method.unwrap_or(self.form.method);
        if self.partial.is_some() {
            method = FormMethod::Post;
        }
        let url = action.unwrap_or(&self.form.action).clone()?;
        let entries = self.entries()?;
        let is_ascii = |entry: &Entry<'_>| entry.name.is_ascii() && entry.value.is_ascii();
        if self.form.encoding.is_some() && !entries.iter().all(is_ascii) {
            return Err(FormFault::Encoding);
        }
        match method {
            FormMethod::Dialog => Err(FormFault::Dialog),
            FormMethod::Get => Ok(self.get(url, &entries)),
            FormMethod::Post => match enctype.unwrap_or(&self.form.enctype) {
                Enctype::Other(name) if self.partial.is_none() => {
                    Err(FormFault::Enctype(name.clone()))
                }
                _ => Ok(self.post(url, &entries)),
            },
        }
    }

    fn get(&self, mut url: Url, entries: &[Entry<'_>]) -> Request {
        url.set_query(Some(&write(entries)));
        let mut request = Request::new(Method::GET, url);
        request.headers.insert(ACCEPT, PAGES);
        self.name_page(&mut request);
        request
    }

    fn post(&self, url: Url, entries: &[Entry<'_>]) -> Request {
        let mut request = Request::new(Method::POST, url);
        request.effect = Effect::Counts;
        let mut text = write(entries);
        request.body = Body::new(std::mem::take(&mut *text).into_bytes());
        let headers = &mut request.headers;
        if self.partial.is_some() {
            let form = "application/x-www-form-urlencoded; charset=UTF-8";
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(form));
            headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            let delta = HeaderValue::from_static("Delta=true");
            headers.insert("x-microsoftajax", delta);
            let by_script = HeaderValue::from_static("XMLHttpRequest");
            headers.insert("x-requested-with", by_script);
        } else {
            let form = "application/x-www-form-urlencoded";
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(form));
            headers.insert(ACCEPT, PAGES);
        }
        let origin = self.place.page.origin().ascii_serialization();
        let origin = HeaderValue::from_str(&origin);
        headers.extend(origin.ok().map(|origin| (ORIGIN, origin)));
        self.name_page(&mut request);
        request
    }

    fn name_page(&self, request: &mut Request) {
        request.response_limit = PageLimit::BYTES;
        if let Ok(page) = HeaderValue::from_str(self.place.page.as_str()) {
            request.headers.insert(REFERER, page);
        }
    }

    /// The place of a control, if it is one of this form.
    fn own(&self, control: &Control) -> Result<usize, FormFault> {
        let own = self.form.controls.get(control.index);
        match own.is_some_and(|own| std::ptr::eq(own, control)) {
            true => Ok(control.index),
            false => Err(FormFault::OtherForm),
        }
    }

    /// HTML, section 4.10.21.4, "constructing the entry list".
    fn entries(&self) -> Result<Vec<Entry<'_>>, FormFault> {
        let post_back = self.button.and_then(Control::post_back);
        if post_back.is_some() {
            for field in [TARGET_FIELD, ARGUMENT_FIELD] {
                if self.form.control(field).is_none() {
                    return Err(FormFault::MissingField(PeerText::new(field)));
                }
            }
        }
        let mut entries = Vec::with_capacity(self.form.controls.len() + 2);
        if let Some(partial) = &self.partial {
            entries.push(Entry::new(partial.manager, &partial.value));
        }
        for control in &self.form.controls {
            if control.is_disabled || self.is_replaced(control) {
                continue;
            }
            self.enter(control, post_back, &mut entries);
        }
        if self.partial.is_some() {
            entries.push(Entry::new("__ASYNCPOST", "true"));
        }
        Ok(entries)
    }

    /// Whether a field is there that a partial post writes itself.
    fn is_replaced(&self, control: &Control) -> bool {
        let replaced = |partial: &Partial<'_>| {
            [partial.manager, "__ASYNCPOST"].contains(&control.name.as_str())
        };
        self.partial.as_ref().is_some_and(replaced)
    }

    fn enter<'b>(
        &'b self,
        control: &'b Control,
        post_back: Option<&'b PostBack>,
        entries: &mut Vec<Entry<'b>>,
    ) {
        let name = control.name.as_str();
        let is_pressed = self
            .button
            .is_some_and(|button| std::ptr::eq(button, control));
        match control.kind {
            ControlKind::Reset | ControlKind::Button | ControlKind::PostBack => return,
            ControlKind::Submit | ControlKind::Image if !is_pressed => return,
            ControlKind::Image => {
                let axes = if name.is_empty() {
                    ["x", "y"]
                } else {
                    [".x", ".y"]
                };
                entries.extend(axes.map(|axis| Entry {
                    name,
                    axis,
                    value: "0",
                }));
                return;
            }
            ControlKind::Checkbox | ControlKind::Radio if !self.is_checked(control) => return,
            _ if name.is_empty() => return,
            ControlKind::Select | ControlKind::SelectMany => {
                let choices = control.choices.iter().enumerate();
                let chosen = choices.filter(|(at, choice)| self.is_chosen(control, *at, choice));
                entries.extend(chosen.map(|(_, choice)| Entry::new(name, choice.value())));
                return;
            }
            _ => {}
        }
        let value = match (post_back, name) {
            (Some(post_back), TARGET_FIELD) => &post_back.target,
            (Some(post_back), ARGUMENT_FIELD) => &post_back.argument,
            (_, "_charset_") if control.kind == ControlKind::Hidden => {
                self.form.encoding.as_deref().unwrap_or("UTF-8")
            }
            _ => match self.values.get(&control.index) {
                Some(value) => value,
                None => &*control.value,
            },
        };
        entries.push(Entry::new(name, value));
        if let Some((name, direction)) = &control.direction {
            entries.push(Entry::new(name, direction));
        }
    }

    fn is_checked(&self, control: &Control) -> bool {
        let checked = self.checked.get(&control.index);
        checked.copied().unwrap_or(control.is_checked)
    }

    fn is_chosen(&self, control: &Control, at: usize, choice: &Choice) -> bool {
        let chosen = self.chosen.get(&(control.index, at)).copied();
        chosen.unwrap_or(choice.is_selected) && !choice.is_disabled
    }
}

fn name(control: &Control) -> PeerText {
    PeerText::new(&control.name)
}

/// Without what was filled in.
impl fmt::Debug for Submission<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission")
            .field("form", &self.form.id)
            .field("button", &self.button)
            .finish_non_exhaustive()
    }
}
