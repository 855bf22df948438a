//! Reading HTML in bounded time and space.

use std::cell::Cell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{Tracer, TreeBuilder, TreeBuilderOpts};

use super::PageLimit;
use super::sink::Sink;
use super::tag_scan::TagScan;
use super::tree::{Content, NodeId, Tree};

/// After how many tags the open elements are counted.
const COUNTED_EVERY: u32 = 32;

/// The most bytes that are given to the tokenizer at once.
const PIECE: usize = 4096;

/// The most work: each tag costs as much as there are elements open, with the attributes where those are compared.
///
/// A page of the largest size has 100,000 tags at a depth of 30.
const WORK: u64 = 32 << 20;

/// Reads a whole page.
pub(super) fn parse(text: &str) -> Result<Tree, PageLimit> {
    let sink = Sink::new(Tree::new(text.len()), NodeId::ROOT);
    let builder = TreeBuilder::new(sink, options());
    run(builder, TokenizerOpts::default(), text)
}

/// Reads a part of a page as the new content of an element, which is as yet empty.
pub(super) fn parse_into(
    mut tree: Tree,
    element: NodeId,
    form: Option<NodeId>,
    text: &str,
) -> Result<Tree, PageLimit> {
    let top = tree.add(Content::Top);
    let builder = TreeBuilder::new_for_fragment(Sink::new(tree, top), element, form, options());
    let tokenizer = TokenizerOpts {
        initial_state: Some(builder.tokenizer_state_for_context_elem(true)),
        ..TokenizerOpts::default()
    };
    let mut tree = run(builder, tokenizer, text)?;
    if let Some(root) = tree.first_child(top) {
        tree.move_children(root, element);
    }
    Ok(tree)
}

/// As browsers read a page whose scripts they run: what `<noscript>` holds is no part of it.
fn options() -> TreeBuilderOpts {
    TreeBuilderOpts {
        scripting_enabled: true,
        ..TreeBuilderOpts::default()
    }
}

fn run(
    builder: TreeBuilder<NodeId, Sink>,
    options: TokenizerOpts,
    text: &str,
) -> Result<Tree, PageLimit> {
    let tokenizer = Tokenizer::new(Guard::new(builder), options);
    let input = BufferQueue::default();
    let whole = StrTendril::from(text);
    let mut scan = TagScan::default();
    let mut rest = 0;
    while let Some(piece) = next_piece(text, rest) {
        let (Ok(start), Ok(len)) = (u32::try_from(rest), u32::try_from(piece.len())) else {
            return Err(PageLimit::Bytes);
        };
        rest += piece.len();
        input.push_back(whole.subtendril(start, len));
        let before = tokenizer.sink.tokens.get();
        // A script or the name of an encoding interrupts it.
        while !input.is_empty() {
            let _ = tokenizer.feed(&input);
        }
        if let Some(limit) = tokenizer.sink.exceeded.get() {
            return Err(limit);
        }
        if tokenizer.sink.tokens.get() == before {
            scan.advance(piece);
            scan.check()?;
        } else {
            scan = TagScan::behind_token(piece);
        }
    }
    tokenizer.end();
    let Guard {
        builder, exceeded, ..
    } = tokenizer.sink;
    match exceeded.get() {
        Some(limit) => Err(limit),
        None => Ok(builder.sink.tree.into_inner()),
    }
}

/// What comes next, up to the `<` with which a tag may begin that is not over at once. So a tag that grows too long is
/// known from its beginning, and whatever ends in a piece leaves nothing unfinished but what its last character begins.
fn next_piece(text: &str, from: usize) -> Option<&str> {
    let rest = text.get(from..).filter(|rest| !rest.is_empty())?;
    let bytes = rest.as_bytes();
    let window = bytes.get(..bytes.len().min(PIECE)).unwrap_or_default();
    let mut ends = memchr::memchr_iter(b'<', window).map(|at| at + 1);
    let is_bare_behind = |end: &usize| is_bare(window.get(*end..).unwrap_or_default());
    let end = ends.find(|end| !is_bare_behind(end));
    let mut end = end.unwrap_or(window.len());
    while !rest.is_char_boundary(end) {
        end += 1;
    }
    rest.get(..end)
}

/// Whether what stands behind a `<` is all of a tag, without attributes. No quote can hide its end.
fn is_bare(behind: &[u8]) -> bool {
    let name = behind.strip_prefix(b"/").unwrap_or(behind);
    let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric());
    end.is_some_and(|end| end > 0 && name.get(end) == Some(&b'>'))
}

/// Stands before the builder of the tree and lets nothing through once a limit is reached.
struct Guard {
    builder: TreeBuilder<NodeId, Sink>,
    exceeded: Cell<Option<PageLimit>>,
    /// How many tokens have come.
    tokens: Cell<u64>,
    tags: Cell<u32>,
    /// How many elements were open when they were last counted.
    open: Cell<u64>,
    work: Cell<u64>,
}

impl Guard {
    fn new(builder: TreeBuilder<NodeId, Sink>) -> Self {
        Self {
            builder,
            exceeded: Cell::default(),
            tokens: Cell::default(),
            tags: Cell::default(),
            open: Cell::default(),
            work: Cell::default(),
        }
    }

    /// Takes the price of a tag.
    fn spend(&self, tag: &Tag) -> Result<(), PageLimit> {
        if tag.attrs.len() > PageLimit::ATTRIBUTES {
            return Err(PageLimit::Attributes);
        }
        let count = self.tags.get();
        self.tags.set(count.wrapping_add(1));
        if count.is_multiple_of(COUNTED_EVERY) {
            let open = Count::of(&self.builder);
            if open > PageLimit::DEPTH {
                return Err(PageLimit::Depth);
            }
            self.open.set(open as u64);
            let tree = self.builder.sink.tree.borrow();
            if tree.len() > PageLimit::NODES {
                return Err(PageLimit::Nodes);
            }
            if tree.text_len() > 2 * PageLimit::BYTES {
                return Err(PageLimit::Bytes);
            }
        }
        let compared = match tag.kind {
            TagKind::StartTag => tag.attrs.len() as u64,
            TagKind::EndTag => 0,
        };
        let price = (self.open.get() + u64::from(COUNTED_EVERY)) * (1 + compared);
        self.work.set(self.work.get() + price);
        if self.work.get() > WORK {
            return Err(PageLimit::Work);
        }
        Ok(())
    }
}

impl TokenSink for Guard {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        self.tokens.set(self.tokens.get() + 1);
        if let Token::TagToken(tag) = &token
            && let Err(limit) = self.spend(tag)
        {
            self.exceeded.set(Some(limit));
        }
        if self.exceeded.get().is_some() {
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        if self.exceeded.get().is_none() {
            self.builder.end();
        }
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Counts the elements that the builder holds on to.
#[derive(Default)]
struct Count(Cell<usize>);

impl Count {
    fn of(builder: &TreeBuilder<NodeId, Sink>) -> usize {
        let count = Self::default();
        builder.trace_handles(&count);
        count.0.get()
    }
}

impl Tracer for Count {
    type Handle = NodeId;

    fn trace_handle(&self, _: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What tags, and what only looks like them, are made of.
    const PARTS: [&str; 12] = [
        "<script>",
        "<title>",
        "<svg>",
        "<b x='",
        "</b>",
        "</script",
        "</title",
        "'>",
        "<!--",
        "<![CDATA[",
        "&lt",
        "<",
    ];
    const BEGINNINGS: [&str; 3] = ["<b", "</script", "</title"];

    fn names(count: usize) -> String {
        (0..count).map(|number| format!(" a{number}")).collect()
    }

    /// Whether a page has a tag with too many attributes, read at once: so it is known only from whole tags.
    fn has_long_tag(text: &str) -> bool {
        let sink = Sink::new(Tree::new(0), NodeId::ROOT);
        let guard = Guard::new(TreeBuilder::new(sink, options()));
        let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(text));
        while !input.is_empty() {
            let _ = tokenizer.feed(&input);
        }
        tokenizer.sink.exceeded.get() == Some(PageLimit::Attributes)
    }

    #[test]
    fn a_tag_that_never_ends_is_known_wherever_it_begins() {
        let many = names(PageLimit::ATTRIBUTES + 1);
        let endless = names(PageLimit::ATTRIBUTES + PIECE / 4);
        let pairs = PARTS.map(|first| PARTS.map(|second| [first, second].concat()));
        for before in pairs.as_flattened() {
            for beginning in BEGINNINGS {
                let whole = format!("{before}{beginning}{many}>");
                let expected = has_long_tag(&whole).then_some(PageLimit::Attributes);
                let found = parse(&format!("{before}{beginning}{endless}")).err();
                assert_eq!(found, expected, "{before}{beginning}");
            }
        }
    }
}
