//! An error as a page of its own, for a web view that could not open the one it wanted.

use std::fmt::Write as _;

use super::Messages;
use crate::error::Error;
use crate::message::Message;

/// The words of the page around the message itself.
pub(super) struct Label(&'static str);

impl Label {
    const TITLE: Self = Self("page-title");
    const STAGE: Self = Self("page-stage");
    const CAUSE: Self = Self("page-cause");
    const REMEDY: Self = Self("page-remedy");
    const CORRELATION: Self = Self("page-correlation");

    #[cfg(test)]
    pub(super) const MESSAGE_IDS: &'static [&'static str] = &[
        Self::TITLE.0,
        Self::STAGE.0,
        Self::CAUSE.0,
        Self::REMEDY.0,
        Self::CORRELATION.0,
    ];
}

impl Message for Label {
    fn message_id(&self) -> &'static str {
        self.0
    }
}

/// It loads nothing, so whatever a text holds it can neither ask nor tell anyone anything.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Readable in both colour schemes and at any size of text.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}\
h1{font-size:1.5rem}dt{font-weight:600;margin-top:1rem}dd{margin:0;overflow-wrap:anywhere}";

impl Messages {
    /// A whole HTML page about `error`: where, what, what helps and who can do it, and the identifiers for the help desk.
    ///
    /// It stands alone (no script, nothing to load) and whatever was put into the texts is escaped, so it may be shown by
    /// a web view that can reach nothing.
    pub fn page(&self, error: &Error) -> String {
        let title = escaped(&self.text(&Label::TITLE));
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{title}</title><style>{STYLE}</style></head>\n\
             <body><main role=\"alert\"><h1>{title}</h1><dl>\n",
            escaped(&self.language()),
        );
        let (remedy, correlation) = (error.remedy(), error.correlation());
        let helps = format!("{} {}", self.text(&remedy), self.text(&remedy.who()));
        let mut entries = vec![
            (Label::CAUSE, "cause", self.text(error)),
            (Label::REMEDY, "remedy", helps),
            (Label::STAGE, "stage", self.text(&error.stage())),
        ];
        let ids = [
            correlation.client.as_deref(),
            correlation.server.as_deref(),
            Some(error.message_id()),
        ];
        let ids: Vec<_> = ids.into_iter().flatten().collect();
        entries.push((Label::CORRELATION, "correlation", ids.join(" ")));
        for (label, id, text) in entries {
            let (label, text) = (escaped(&self.text(&label)), escaped(&text));
            // Writing to a string cannot fail.
            let _ = writeln!(page, "<dt>{label}</dt><dd id=\"{id}\">{text}</dd>");
        }
        page.push_str("</dl></main></body></html>\n");
        page
    }
}

/// The text as content of an element or of a quoted attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Correlation, GatewayFault};

    fn error(host: &str) -> Error {
        let correlation = Correlation {
            client: Some("7b0f".into()),
            server: None,
        };
        Error::from(GatewayFault::HostNotAllowed { host: host.into() })
            .with_correlation(correlation)
    }

    #[test]
    fn where_what_who_and_for_whom_are_told_in_the_language() {
        for (language, texts) in [
            (
                "en",
                ["Settings", "idp.example", "An administrator", "7b0f"],
            ),
            ("ja", ["設定", "idp.example", "管理者", "7b0f"]),
        ] {
            let page = Messages::for_language(language).page(&error("idp.example"));
            assert!(page.contains(&format!("<html lang=\"{language}\">")));
            for text in texts {
                assert!(page.contains(text), "{text} in {page}");
            }
        }
    }

    #[test]
    fn what_a_stranger_chose_is_text_and_nothing_else() {
        let page = Messages::for_language("en").page(&error("\"'><script src=//evil>&"));
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&quot;&#39;&gt;&lt;script src=//evil&gt;&amp;"));
    }

    #[test]
    fn nothing_is_loaded() {
        let page = Messages::for_language("en").page(&error("a"));
        for word in ["src=", "href=", "url(", "@import", "<script"] {
            assert!(!page.contains(word), "{word}");
        }
    }
}
