//! The value of a control or of a choice.

use std::ops::Deref;
use std::sync::Arc;

use super::control::ControlKind;
use super::document::{Attribute, NodeId, Tree};
use super::wiped::Wiped;

/// A value as it is sent. Most are what the page has written, so they stay in its texts, which the last owner wipes: a
/// view state of 50 KB would otherwise be there twice.
pub(super) enum Value {
    /// What the attribute `value` of an element says.
    Written(Arc<Tree>, NodeId),
    /// What no attribute says in this way.
    Own(Wiped),
}

impl Value {
    /// The value with which a control begins (HTML, section 4.10.5.1, "value sanitization algorithm").
    pub(super) fn of_control(tree: &Arc<Tree>, node: NodeId, kind: ControlKind) -> Self {
        let written = tree.attribute(node, Attribute::Value);
        match kind {
            ControlKind::TextArea => {
                let mut text = Wiped::default();
                for id in tree.below(node).skip(1) {
                    text.push_str(tree.text(id).unwrap_or_default());
                }
                Self::Own(text)
            }
            ControlKind::File | ControlKind::Select | ControlKind::SelectMany => {
                Self::Own(Wiped::default())
            }
            ControlKind::Checkbox | ControlKind::Radio if written.is_none() => {
                Self::Own(Wiped::from("on"))
            }
            kind if kind.is_text() && kind != ControlKind::Other => {
                let written = written.unwrap_or_default();
                match sanitized(written, kind) {
                    Some(text) => Self::Own(text),
                    None => Self::Written(Arc::clone(tree), node),
                }
            }
            _ => Self::Written(Arc::clone(tree), node),
        }
    }
}

/// The text of a line, if that is not what is written.
fn sanitized(written: &str, kind: ControlKind) -> Option<Wiped> {
    let trimmed = match kind {
        ControlKind::Email | ControlKind::Url => written.trim_ascii(),
        _ => written,
    };
    let is_line = memchr::memchr2(b'\r', b'\n', trimmed.as_bytes()).is_none();
    if is_line && trimmed.len() == written.len() {
        return None;
    }
    let mut text = Wiped::with_capacity(trimmed.len());
    for line in trimmed.split(['\r', '\n']) {
        text.push_str(line);
    }
    Some(text)
}

impl Deref for Value {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Written(tree, node) => {
                tree.attribute(*node, Attribute::Value).unwrap_or_default()
            }
            Self::Own(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ControlKind as Kind;
    use super::*;
    use crate::protocol::portal::forms::document;

    fn tree(html: &str) -> Arc<Tree> {
        Arc::new(document::read(None, html.as_bytes()).unwrap().tree)
    }

    /// The value of the first element that has a type.
    fn value(tree: &Arc<Tree>, kind: Kind) -> Value {
        let mut nodes = tree.below(NodeId::ROOT);
        let has_type = |node: &NodeId| tree.has(*node, Attribute::Type);
        Value::of_control(tree, nodes.find(has_type).unwrap(), kind)
    }

    #[test]
    fn a_value_is_copied_only_where_it_is_not_sent_as_it_is_written() {
        for (kind, html, expected, is_copy) in [
            (Kind::Hidden, "<p type=x value=' a\nb '>", " a\nb ", false),
            (Kind::Hidden, "<p type=x>", "", false),
            (Kind::Submit, "<p type=x value=' Go '>", " Go ", false),
            (Kind::Checkbox, "<p type=x value=''>", "", false),
            (Kind::Radio, "<p type=x>", "on", true),
            (Kind::Other, "<p type=x value='1\n'>", "1\n", false),
            (Kind::Text, "<p type=x value=' a '>", " a ", false),
            (Kind::Password, "<p type=x value='a\n\nb'>", "ab", true),
            (Kind::Email, "<p type=x value=a@b>", "a@b", false),
            (Kind::Email, "<p type=x value=' a@b\n'>", "a@b", true),
            (Kind::File, "<p type=x value=a>", "", true),
            (Kind::TextArea, "<p type=x value=a>b<b>c</b>", "bc", true),
        ] {
            let value = value(&tree(html), kind);
            assert_eq!(&*value, expected, "{html}");
            assert_eq!(matches!(value, Value::Own(_)), is_copy, "{html}");
        }
    }

    #[test]
    fn a_value_outlives_its_page_which_then_goes_with_it() {
        let tree = tree("<p type=hidden value=token>");
        let value = value(&tree, Kind::Hidden);
        let page = Arc::downgrade(&tree);
        drop(tree);
        assert_eq!(&*value, "token");
        drop(value);
        assert!(page.upgrade().is_none());
    }
}
