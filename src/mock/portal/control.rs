//! The controls that views are made of: labelled, and tied to their hints and errors.

use super::fields::{Button, CONTENT, GOAL, METHOD};
use super::html::{Element, element};
use super::language::{Language, Text};
use super::method::Way;
use super::policy::PortalPolicy;
use super::session::{Note, Session};

const NOTE: &str = "ContentPlaceholderMainContent_ErrorLabel";
const USER_ID_NOTE: &str = "ContentPlaceholderMainContent_UserIdErrorLabel";

/// Makes the controls of one page.
pub(super) struct Controls {
    language: Language,
    note: Option<Note>,
    note_id: &'static str,
    links: bool,
}

/// A box to type into.
pub(super) struct TextBox<'a> {
    name: &'static str,
    label: Text,
    value: &'a str,
    kind: &'static str,
    fills_with: &'static str,
    hint: Option<Text>,
    bare: bool,
}

impl<'a> TextBox<'a> {
    pub(super) fn new(name: &'static str, label: Text) -> Self {
        Self {
            name,
            label,
            value: "",
            kind: "text",
            fills_with: "off",
            hint: None,
            bare: false,
        }
    }

    pub(super) fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    pub(super) fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// What a browser may fill in.
    pub(super) fn fills_with(mut self, token: &'static str) -> Self {
        self.fills_with = token;
        self
    }

    pub(super) fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Its name has no prefix.
    pub(super) fn bare(mut self) -> Self {
        self.bare = true;
        self
    }
}

impl Controls {
    pub(super) fn of(session: &Session, policy: &PortalPolicy) -> Self {
        use super::session::Step::UserId;
        let first = matches!(session.step, UserId { .. });
        Self {
            language: session.language,
            note: session.note,
            note_id: if first { USER_ID_NOTE } else { NOTE },
            links: policy.link_buttons,
        }
    }

    pub(super) fn read(&self, words: Text) -> &'static str {
        words.read(self.language)
    }

    pub(super) fn words(&self, words: Text) -> Element {
        element("p").say(self.read(words))
    }

    /// Words that have an id, so that what they are about can be known in every language.
    pub(super) fn label(&self, name: &str, words: Text) -> Element {
        self.words(words)
            .with("id", &id_of(&format!("{CONTENT}{name}")))
    }

    /// Where something goes to, as much as is shown of it.
    pub(super) fn target(&self, words: Text, hint: &str) -> Element {
        let id = id_of(&format!("{CONTENT}TargetLabel"));
        let hint = element("strong").with("id", &id).say(hint);
        self.words(words).say(" ").hold(hint)
    }

    pub(super) fn words_with(&self, words: Text, value: &str) -> Element {
        let value = element("strong").say(value);
        self.words(words).say(" ").hold(value)
    }

    /// Where errors and news are told; empty if there are none.
    pub(super) fn note(&self) -> Element {
        let region = element("div").with("id", NOTE);
        match self.note {
            None => region,
            Some(Note::Error(words)) => region.with("role", "alert").say(self.read(words)),
            Some(Note::Notice(words)) => region.with("role", "status").say(self.read(words)),
        }
    }

    pub(super) fn group(&self, legend: Text) -> Element {
        element("fieldset").hold(element("legend").say(self.read(legend)))
    }

    pub(super) fn text_box(&self, text_box: &TextBox<'_>) -> Element {
        let name = if text_box.bare {
            text_box.name.to_owned()
        } else {
            format!("{CONTENT}{}", text_box.name)
        };
        let id = id_of(&name);
        let hint_id = format!("{id}_Hint");
        let mut described = Vec::new();
        let mut hint = Vec::new();
        if let Some(words) = text_box.hint {
            described.push(hint_id.as_str());
            hint.push(
                element("span")
                    .with("class", "hint")
                    .with("id", &hint_id)
                    .say(self.read(words)),
            );
        }
        let input = self
            .input(&name, &id, text_box.kind, &mut described)
            .with("autocomplete", text_box.fills_with)
            .with("value", text_box.value);
        element("div")
            .hold(label(&id, self.read(text_box.label)))
            .hold_all(hint)
            .hold(input)
    }

    /// A security question, in the words of whoever registered it.
    pub(super) fn question(&self, name: &str, question: &str) -> Element {
        let name = format!("{CONTENT}{name}");
        let id = id_of(&name);
        let input = self
            .input(&name, &id, "text", &mut Vec::new())
            .with("autocomplete", "off");
        element("div").hold(label(&id, question)).hold(input)
    }

    /// Buttons in a row. The first is the one that the Enter key presses.
    pub(super) fn buttons(&self, buttons: &[(Button, Text)]) -> Element {
        let buttons = buttons.iter().map(|(button, words)| {
            let name = format!("{CONTENT}{}", button.name());
            if self.links {
                let press = format!("javascript:__doPostBack('{name}','')");
                return element("a")
                    .with("id", &id_of(&name))
                    .with("class", "button")
                    .with("href", &press)
                    .say(self.read(*words));
            }
            element("button")
                .with("type", "submit")
                .with("name", &name)
                .with("id", &id_of(&name))
                .with("value", self.read(*words))
                .say(self.read(*words))
        });
        element("div").hold_all(buttons)
    }

    pub(super) fn goal(&self, value: &'static str, words: Text, hint: Text) -> Element {
        let id = id_of(&format!("{CONTENT}{value}"));
        let hint_id = format!("{id}_Hint");
        let hint = element("span")
            .with("class", "hint")
            .with("id", &hint_id)
            .say(self.read(hint));
        element("p")
            .hold(radio(GOAL, value, &id).with("aria-describedby", &hint_id))
            .hold(label(&id, self.read(words)))
            .hold(hint)
    }

    pub(super) fn method_row(&self, way: Way, available: bool) -> Element {
        let id = format!("MultigateAuthenticationControl_{}", way.radio());
        let cell = element("td")
            .hold(radio(METHOD, way.radio(), &id))
            .hold(label(&id, self.read(way.label())));
        let row = element("tr").hold(cell);
        if available {
            row
        } else {
            row.with("style", "display:none")
        }
    }

    fn input(&self, name: &str, id: &str, kind: &str, described: &mut Vec<&str>) -> Element {
        let wrong = matches!(self.note, Some(Note::Error(_)));
        if wrong {
            described.push(self.note_id);
        }
        let mut input = element("input")
            .with("type", kind)
            .with("name", name)
            .with("id", id);
        if wrong {
            input = input.with("aria-invalid", "true");
        }
        if !described.is_empty() {
            input = input.with("aria-describedby", &described.join(" "));
        }
        input
    }
}

fn radio(name: &str, value: &str, id: &str) -> Element {
    element("input")
        .with("type", "radio")
        .with("name", &format!("{CONTENT}{name}"))
        .with("id", id)
        .with("value", value)
}

fn label(of: &str, words: &str) -> Element {
    element("label").with("for", of).say(words)
}

/// As WebForms makes an id of a name.
fn id_of(name: &str) -> String {
    name.trim_start_matches("ctl00$").replace('$', "_")
}
