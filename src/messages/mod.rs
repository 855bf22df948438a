//! What a person reads: every step, rejection, outcome, fault, remedy and stage, in plain words.
//!
//! The texts are [Fluent](https://projectfluent.org) resources, English and Japanese. An embedding program adds a
//! language, or its own wording, with [`Messages::with_texts`].
//!
//! ```
//! use sspr::messages::Messages;
//! use sspr::{Error, Fault};
//!
//! let error = Error::new(Fault::NoNetwork);
//! let messages = Messages::for_language("en-GB");
//! assert_eq!(messages.text(&error), "This computer is not connected to a network.");
//! assert_eq!(messages.text(&error.remedy()), "Connect the computer to a network, then try again.");
//! ```

mod page;

use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::message::Message;

const ENGLISH: &str = include_str!("en.ftl");
const JAPANESE: &str = include_str!("ja.ftl");

/// The texts of one language.
pub struct Messages {
    language: LanguageIdentifier,
    bundle: FluentBundle<FluentResource>,
}

/// Why texts could not be taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextsError {
    /// The language is not a BCP 47 tag such as `de` or `pt-BR`.
    #[error("not a language tag")]
    Language,
    /// The texts are not a Fluent resource.
    #[error("not a Fluent resource: {0}")]
    Syntax(String),
}

impl Messages {
    /// The languages that come with this crate.
    pub const LANGUAGES: &'static [&'static str] = &["en", "ja"];

    /// The texts for `language`, a BCP 47 tag: Japanese if it is Japanese, English for anything else.
    pub fn for_language(language: &str) -> Self {
        let language: LanguageIdentifier = language.parse().unwrap_or_default();
        let tag = if is_japanese(&language) { "ja" } else { "en" };
        let language = tag.parse().unwrap_or_default();
        Self {
            bundle: bundle(&language, None),
            language,
        }
    }

    /// The texts of a language that this crate does not bring, or other words for one that it does. What `texts` (a
    /// Fluent resource) leaves out is as [`for_language`](Self::for_language) has it.
    ///
    /// # Errors
    /// [`TextsError`] if the tag or the resource cannot be read.
    pub fn with_texts(language: &str, texts: &str) -> Result<Self, TextsError> {
        let language: LanguageIdentifier = language.parse().map_err(|_| TextsError::Language)?;
        if let Err((_, errors)) = FluentResource::try_new(texts.to_owned()) {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            return Err(TextsError::Syntax(first));
        }
        Ok(Self {
            bundle: bundle(&language, Some(texts)),
            language,
        })
    }

    /// The language of the texts.
    pub fn language(&self) -> String {
        self.language.to_string()
    }

    /// The text of `message`, with what it mentions. Where no language has one, its identifier.
    pub fn text(&self, message: &(impl Message + ?Sized)) -> String {
        let id = message.message_id();
        let Some(pattern) = self.bundle.get_message(id).and_then(|found| found.value()) else {
            return id.to_owned();
        };
        let mut args = FluentArgs::new();
        for (name, value) in message.message_args() {
            args.set(name, value);
        }
        let mut errors = Vec::new();
        self.bundle
            .format_pattern(pattern, Some(&args), &mut errors)
            .into_owned()
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages")
            .field("language", &self.language())
            .finish_non_exhaustive()
    }
}

fn is_japanese(language: &LanguageIdentifier) -> bool {
    language.language.as_str() == "ja"
}

fn bundle(language: &LanguageIdentifier, texts: Option<&str>) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language.clone()]);
    // What is put in holds no marks of direction, and a console shows the isolating ones as boxes.
    bundle.set_use_isolating(false);
    let japanese = is_japanese(language).then_some(JAPANESE);
    for text in [Some(ENGLISH), japanese, texts].into_iter().flatten() {
        let resource = match FluentResource::try_new(text.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests;
