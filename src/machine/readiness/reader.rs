//! Typed reading of the registry: what cannot be read becomes a finding and is never a guess.

use super::finding::{Basis, Certainty, Effect, Finding, Matter, Place};
use crate::error::{PeerText, StoreProblem};
use crate::machine::registry::{Key, RegistryError, RegistryView, Root, Value, ValueError, kind};

/// The most entries of a list that are looked at.
pub(super) const MAX_ENTRIES: usize = 1024;

/// What reading gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reading<T> {
    /// The value does not exist.
    Absent,
    /// The value.
    Is(T),
    /// It cannot be told, and a finding says why.
    Unknown,
}

/// A view, and the findings so far.
pub(super) struct Reader<'a> {
    pub(super) view: &'a dyn RegistryView,
    pub(super) findings: Vec<Finding>,
}

/// What a rule is about: whom it concerns, and where it comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) effect: Effect,
    pub(super) basis: Basis,
}

impl Rule {
    pub(super) const fn new(effect: Effect, basis: Basis) -> Self {
        Self { effect, basis }
    }
}

impl Reader<'_> {
    /// A `REG_DWORD`.
    pub(super) fn dword(&mut self, rule: Rule, key: &Key, name: &str) -> Reading<u32> {
        self.read(rule, key, name, kind::DWORD, Value::as_dword)
    }

    /// A `REG_SZ` or `REG_EXPAND_SZ`, trimmed.
    pub(super) fn text(&mut self, rule: Rule, key: &Key, name: &str) -> Reading<String> {
        let text = |value: &Value| value.as_text().map(|text| text.trim().to_owned());
        self.read(rule, key, name, kind::SZ, text)
    }

    fn read<T>(
        &mut self,
        rule: Rule,
        key: &Key,
        name: &str,
        expected: u32,
        convert: impl Fn(&Value) -> Result<T, ValueError>,
    ) -> Reading<T> {
        let (problem, found) = match self.view.value(key, name) {
            Ok(None) => return Reading::Absent,
            Err(error) => (error.into(), PeerText::default()),
            Ok(Some(value)) => match convert(&value) {
                Ok(content) => return Reading::Is(content),
                Err(error) => (problem_of(error, expected), shown(&value)),
            },
        };
        let place = at(key, name);
        self.unreadable(rule, place, problem, found);
        Reading::Unknown
    }

    /// The names of the keys below `key`, at most [`MAX_ENTRIES`] of them.
    pub(super) fn subkeys(&mut self, rule: Rule, key: &Key) -> Reading<Vec<String>> {
        match self.view.subkeys(key) {
            Ok(None) => Reading::Absent,
            Ok(Some(mut names)) => {
                if names.len() > MAX_ENTRIES {
                    let found = format!("{} keys", names.len());
                    let limit = MAX_ENTRIES;
                    let matter = Matter::TooManyEntries { limit };
                    self.add(rule, Certainty::Undetermined, matter, at_key(key), &found);
                    names.truncate(MAX_ENTRIES);
                }
                Reading::Is(names)
            }
            Err(error) => {
                let problem = StoreProblem::from(error);
                self.unreadable(rule, at_key(key), problem, PeerText::default());
                Reading::Unknown
            }
        }
    }

    /// Takes down what was found.
    pub(super) fn add(
        &mut self,
        rule: Rule,
        certainty: Certainty,
        matter: Matter,
        place: Place,
        found: &str,
    ) {
        self.findings.push(Finding {
            matter,
            place,
            found: PeerText::new(found),
            certainty,
            effect: rule.effect,
            basis: rule.basis,
        });
    }

    fn unreadable(&mut self, rule: Rule, place: Place, problem: StoreProblem, found: PeerText) {
        self.findings.push(Finding {
            matter: Matter::Unreadable { problem },
            place,
            found,
            certainty: Certainty::Undetermined,
            effect: rule.effect,
            basis: rule.basis,
        });
    }
}

/// A key below `HKEY_LOCAL_MACHINE`.
pub(super) const fn machine(path: &'static str) -> Key {
    Key {
        root: Root::LocalMachine,
        path: std::borrow::Cow::Borrowed(path),
    }
}

pub(super) fn at(key: &Key, name: &str) -> Place {
    Place::new(&key.to_string(), Some(name))
}

pub(super) fn at_key(key: &Key) -> Place {
    Place::new(&key.to_string(), None)
}

fn problem_of(error: ValueError, expected: u32) -> StoreProblem {
    match error {
        ValueError::WrongType(got) => StoreProblem::WrongType { expected, got },
        ValueError::WrongSize(size) => StoreProblem::WrongSize { size },
        ValueError::NotText => StoreProblem::NotText,
    }
}

/// A value of any type, for a person.
fn shown(value: &Value) -> PeerText {
    let size = value.data.len();
    let text = match value.kind {
        kind::SZ | kind::EXPAND_SZ => match value.as_text() {
            Ok(text) => format!("text \"{text}\""),
            Err(_) => format!("{size} bytes of text"),
        },
        kind::DWORD => match value.as_dword() {
            Ok(number) => number.to_string(),
            Err(_) => format!("a number of {size} bytes"),
        },
        kind::QWORD => match value.data.as_slice().try_into() {
            Ok(bytes) => format!("64-bit number {}", u64::from_le_bytes(bytes)),
            Err(_) => format!("a 64-bit number of {size} bytes"),
        },
        kind => format!("{size} bytes of type {kind}"),
    };
    PeerText::new(&text)
}

/// What a text that may be missing says, where no finding is wanted: it only explains others.
pub(super) fn quiet_text(view: &dyn RegistryView, key: &Key, name: &str) -> Option<String> {
    let value: Result<Option<Value>, RegistryError> = view.value(key, name);
    value.ok()??.as_text().ok()
}
