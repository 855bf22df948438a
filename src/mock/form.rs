//! The parameters of a request.

use super::refusal::Refusal;
use super::traffic::Request;

/// A body of type `application/x-www-form-urlencoded`.
#[derive(Debug)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn read(request: &Request) -> Self {
        Self(request.form())
    }

    /// The value of a parameter that has to be there exactly once and not empty.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.optional(name)?.ok_or_else(|| Refusal::missing(name))
    }

    /// The value of a parameter that may be missing, but not be there twice (*invented*).
    pub(super) fn optional(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self
            .0
            .iter()
            .filter(|(present, _)| present == name)
            .map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (None | Some(""), None) => Ok(None),
            (Some(value), None) => Ok(Some(value)),
            _ => {
                let text = format!("{name} parameter is given more than once.");
                Err(Refusal::new("invalid_request", 90_100, &text))
            }
        }
    }

    /// The document says `capability` and once separates by commas; the shipped clients say `capabilities`.
    pub(super) fn capabilities(&self) -> Vec<String> {
        let named = self
            .0
            .iter()
            .filter(|(name, _)| name == "capabilities" || name == "capability");
        let words = named.flat_map(|(_, list)| list.split([' ', ',']));
        words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }
}
