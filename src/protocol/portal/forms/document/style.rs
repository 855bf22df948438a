//! Whether a person sees an element, as far as the page itself says so.

use html5ever::local_name;

use super::attribute::Attribute;
use super::tree::{NodeId, Tree};

/// What stands above an element says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::protocol::portal::forms) struct Shown {
    is_laid_out: bool,
    is_visible: bool,
}

impl Default for Shown {
    fn default() -> Self {
        Self {
            is_laid_out: true,
            is_visible: true,
        }
    }
}

impl Shown {
    pub(in crate::protocol::portal::forms) fn is_shown(self) -> bool {
        self.is_laid_out && self.is_visible
    }
}

/// What an element says about itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::protocol::portal::forms) struct Style {
    is_out: bool,
    visibility: Option<bool>,
}

impl Style {
    /// How an element is shown that has this style.
    pub(in crate::protocol::portal::forms) fn below(self, above: Shown) -> Shown {
        Shown {
            is_laid_out: above.is_laid_out && !self.is_out,
            is_visible: self.visibility.unwrap_or(above.is_visible),
        }
    }
}

/// What the attributes `hidden` and `style` say. Style sheets are not looked at.
pub(in crate::protocol::portal::forms) fn style_of(tree: &Tree, id: NodeId) -> Style {
    let mut style = Style::default();
    let is_closed = tree.tag(id) == Some(&local_name!("dialog")) && !tree.has(id, Attribute::Open);
    if is_closed || tree.has(id, Attribute::Hidden) {
        style.is_out = true;
    }
    let Some(text) = tree.attribute(id, Attribute::Style) else {
        return style;
    };
    let mut important = [false; 2];
    for (name, value, is_important) in declarations(text) {
        let which = match name {
            _ if name.eq_ignore_ascii_case("display") => 0,
            _ if name.eq_ignore_ascii_case("visibility") => 1,
            _ => continue,
        };
        let Some(seen) = important.get_mut(which) else {
            continue;
        };
        if *seen && !is_important {
            continue;
        }
        *seen |= is_important;
        if which == 0 {
            style.is_out = value.eq_ignore_ascii_case("none");
        } else {
            style.visibility = match value {
                _ if value.eq_ignore_ascii_case("hidden") => Some(false),
                _ if value.eq_ignore_ascii_case("collapse") => Some(false),
                _ if value.eq_ignore_ascii_case("visible") => Some(true),
                _ if value.eq_ignore_ascii_case("initial") => Some(true),
                _ => style.visibility,
            };
        }
    }
    style
}

/// Splits a style into its declarations (CSS Style Attributes): name, value, and whether it is important.
fn declarations(text: &str) -> impl Iterator<Item = (&str, &str, bool)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = end_of_declaration(rest);
        let declaration = rest.get(..end).unwrap_or_default();
        rest = rest.get(end + 1..).unwrap_or_default();
        Some(declaration)
    })
    .filter_map(|declaration| {
        let (name, value) = without_comment(declaration).split_once(':')?;
        let value = value.trim();
        let (value, is_important) = match value.rsplit_once('!') {
            Some((value, word)) if word.trim().eq_ignore_ascii_case("important") => {
                (value.trim(), true)
            }
            _ => (value, false),
        };
        Some((name.trim(), value, is_important))
    })
}

/// Where a `;` stands that is neither quoted nor in brackets nor in a comment.
fn end_of_declaration(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (quote, byte) {
            (_, b'\\') => at += 1,
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'/') if bytes.get(at + 1) == Some(&b'*') => {
                let inside = bytes.get(at + 2..).unwrap_or_default();
                match memchr::memmem::find(inside, b"*/") {
                    Some(end) => at += end + 3,
                    None => return bytes.len(),
                }
            }
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            (None, b';') if depth == 0 => return at,
            (None, _) => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Leaves out a comment before the name. Elsewhere none is expected.
fn without_comment(declaration: &str) -> &str {
    let mut rest = declaration.trim();
    while let Some(comment) = rest.strip_prefix("/*") {
        rest = comment.split_once("*/").map_or("", |(_, rest)| rest.trim());
    }
    rest
}
