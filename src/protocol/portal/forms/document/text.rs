//! What a person reads of an element.

use html5ever::{LocalName, local_name};

use super::attribute::Attribute;
use super::style::{Shown, style_of};
use super::tree::{NodeId, Step, Tree, is_silent};

/// How much of a text is collected.
#[derive(Debug, Clone, Copy)]
pub(in crate::protocol::portal) struct TextLimit {
    /// Characters.
    pub(in crate::protocol::portal) characters: usize,
    /// Nodes that are looked at.
    pub(in crate::protocol::portal) nodes: usize,
}

impl TextLimit {
    /// For a label: beyond that nobody reads it as one.
    pub(in crate::protocol::portal) const LABEL: Self = Self {
        characters: 1024,
        nodes: 2048,
    };
    /// For a region of a page.
    pub(in crate::protocol::portal) const REGION: Self = Self {
        characters: 16 * 1024,
        nodes: usize::MAX,
    };
}

/// The text of an element and of all that is below it, with the words of pictures; blanks and line ends in a row become one
/// blank, and parts that stand apart on the page are kept apart. What is hidden below it, and what a person types or
/// chooses, is left out.
pub(in crate::protocol::portal) fn text_of(tree: &Tree, top: NodeId, limit: TextLimit) -> String {
    let mut text = Words::new(limit.characters);
    let mut skipped = None;
    for step in tree.walk(top).take(limit.nodes) {
        match step {
            Step::Leave(id) => {
                if skipped == Some(id) {
                    skipped = None;
                }
                if tree.tag(id).is_some_and(stands_apart) {
                    text.part();
                }
            }
            Step::Enter(_) if skipped.is_some() => {}
            Step::Enter(id) => {
                if let Some(words) = tree.text(id) {
                    text.add(words);
                } else if let Some(tag) = tree.tag(id) {
                    if id != top && (is_silent(tag) || is_control(tag) || !is_shown(tree, id)) {
                        skipped = Some(id);
                    }
                    if stands_apart(tag) {
                        text.part();
                    }
                    if *tag == local_name!("img") && skipped.is_none() {
                        text.add(tree.attribute(id, Attribute::Alt).unwrap_or_default());
                    }
                }
            }
        }
        if text.is_full() {
            break;
        }
    }
    text.text
}

fn is_shown(tree: &Tree, id: NodeId) -> bool {
    style_of(tree, id).below(Shown::default()).is_shown()
}

fn is_control(tag: &LocalName) -> bool {
    matches!(
        *tag,
        local_name!("select") | local_name!("textarea") | local_name!("datalist")
    )
}

/// Whether an element begins a line of its own, or a cell.
fn stands_apart(tag: &LocalName) -> bool {
    !matches!(
        *tag,
        local_name!("a")
            | local_name!("abbr")
            | local_name!("b")
            | local_name!("bdi")
            | local_name!("bdo")
            | local_name!("cite")
            | local_name!("code")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("kbd")
            | local_name!("label")
            | local_name!("mark")
            | local_name!("q")
            | local_name!("rt")
            | local_name!("ruby")
            | local_name!("s")
            | local_name!("samp")
            | local_name!("small")
            | local_name!("span")
            | local_name!("strong")
            | local_name!("sub")
            | local_name!("sup")
            | local_name!("time")
            | local_name!("tt")
            | local_name!("u")
            | local_name!("var")
            | local_name!("wbr")
    )
}

/// Words with one blank between them.
struct Words {
    text: String,
    /// Characters that may still come.
    left: usize,
    is_apart: bool,
}

impl Words {
    fn new(characters: usize) -> Self {
        Self {
            text: String::new(),
            left: characters,
            is_apart: false,
        }
    }

    fn is_full(&self) -> bool {
        self.left == 0
    }

    fn part(&mut self) {
        self.is_apart = true;
    }

    fn add(&mut self, words: &str) {
        for c in words.chars() {
            if c.is_ascii_whitespace() {
                self.is_apart = true;
                continue;
            }
            if self.is_apart && !self.text.is_empty() {
                self.push(' ');
            }
            self.is_apart = false;
            self.push(c);
        }
    }

    fn push(&mut self, c: char) {
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            self.text.push(c);
        }
    }
}
