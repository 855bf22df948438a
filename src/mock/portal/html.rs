//! Writing HTML so that nothing can be written unescaped.

use std::fmt;

/// Elements that have no content and no end tag.
const VOID: [&str; 4] = ["img", "input", "link", "meta"];

/// An element under construction.
#[derive(Clone, Debug)]
pub(super) struct Element {
    name: &'static str,
    attributes: String,
    content: String,
}

pub(super) fn element(name: &'static str) -> Element {
    Element {
        name,
        attributes: String::new(),
        content: String::new(),
    }
}

impl Element {
    pub(super) fn with(mut self, attribute: &'static str, value: &str) -> Self {
        self.attributes
            .push_str(&format!(" {attribute}=\"{}\"", escape(value)));
        self
    }

    pub(super) fn say(mut self, text: &str) -> Self {
        self.content.push_str(&escape(text));
        self
    }

    pub(super) fn hold(mut self, child: Element) -> Self {
        self.content.push_str(&child.to_string());
        self
    }

    pub(super) fn hold_all(self, children: impl IntoIterator<Item = Element>) -> Self {
        children.into_iter().fold(self, Self::hold)
    }

    /// Style or script. It is part of this program, so nothing from outside can get in here.
    pub(super) fn code(mut self, code: &'static str) -> Self {
        self.content.push_str(code);
        self
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            attributes,
            content,
        } = self;
        if VOID.contains(name) {
            return write!(f, "<{name}{attributes}>");
        }
        write!(f, "<{name}{attributes}>{content}</{name}>")
    }
}

/// Takes the meaning from every character that has one in text or in a quoted attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // HTML has no way to write these; browsers drop or replace them.
            c if c.is_control() && !c.is_ascii_whitespace() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        let written = element("p")
            .with("title", "\"><script>")
            .say("</p><b>'&\0")
            .to_string();
        assert_eq!(
            written,
            "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;/p&gt;&lt;b&gt;&#39;&amp;\u{fffd}</p>"
        );
    }

    #[test]
    fn void_elements_have_no_end() {
        let written = element("div").hold(element("input").with("id", "a"));
        assert_eq!(written.to_string(), "<div><input id=\"a\"></div>");
    }
}
