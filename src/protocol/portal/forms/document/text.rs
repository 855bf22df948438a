//! What a person reads of an element.

use html5ever::{LocalName, local_name};

use super::attribute::Attribute;
use super::style::{Shown, style_of};
use super::tree::{NodeId, Step, Tree};

/// How much of a text is collected.
#[derive(Debug, Clone, Copy)]
pub(in crate::protocol::portal::forms) struct TextLimit {
    /// Characters.
    pub(in crate::protocol::portal::forms) characters: usize,
    /// Nodes that are looked at.
    pub(in crate::protocol::portal::forms) nodes: usize,
}

impl TextLimit {
    /// For a label: beyond that nobody reads it as one.
    pub(in crate::protocol::portal::forms) const LABEL: Self = Self {
        characters: 1024,
        nodes: 2048,
    };
    /// For a region of a page.
    pub(in crate::protocol::portal::forms) const REGION: Self = Self {
        characters: 16 * 1024,
        nodes: usize::MAX,
    };
}

/// The text of an element and of all that is below it, with the words of pictures; blanks and line ends in a row become one
/// blank, and parts that stand apart on the page are kept apart. What is hidden below it, and what a person types or
/// chooses, is left out.
pub(in crate::protocol::portal::forms) fn text_of(
    tree: &Tree,
    top: NodeId,
    limit: TextLimit,
) -> String {
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

/// Whether the content of an element is never shown as text of the page.
fn is_silent(tag: &LocalName) -> bool {
    matches!(
        *tag,
        local_name!("script")
            | local_name!("style")
            | local_name!("template")
            | local_name!("noscript")
            | local_name!("noframes")
            | local_name!("noembed")
            | local_name!("iframe")
            | local_name!("head")
            | local_name!("title")
    )
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

/// A text as a person reads it, up to a limit.
pub(in crate::protocol::portal::forms) fn shortened(text: &str, limit: TextLimit) -> String {
    let mut words = Words::new(limit.characters);
    words.add(text);
    words.text
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
        let mut rest = words;
        loop {
            let word = rest.trim_ascii_start();
            self.is_apart |= word.len() < rest.len();
            if word.is_empty() {
                return;
            }
            let is_blank = |byte: u8| byte.is_ascii_whitespace();
            let end = word.bytes().position(is_blank).unwrap_or(word.len());
            let (word, behind) = word.split_at(end);
            if self.is_apart && !self.text.is_empty() {
                self.push(" ");
            }
            self.is_apart = false;
            self.push(word);
            rest = behind;
        }
    }

    fn push(&mut self, word: &str) {
        // No text has more characters than bytes.
        if word.len() <= self.left {
            self.left -= word.chars().count();
            self.text.push_str(word);
            return;
        }
        for c in word.chars().take(self.left) {
            self.left -= 1;
            self.text.push(c);
        }
    }
}
