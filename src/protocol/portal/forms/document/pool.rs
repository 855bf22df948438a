//! The texts of a page, in one buffer that is wiped.

use crate::protocol::portal::forms::wiped::Wiped;

/// A part of a [`Pool`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    len: u32,
}

/// Keeps every text and attribute value of a page side by side: pages hold tokens, and what a person typed comes back in
/// them. Nothing that leaves the buffer stays behind unwiped, also when it grows.
#[derive(Default)]
pub(super) struct Pool(Wiped);

impl Pool {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self(Wiped::with_capacity(capacity))
    }

    /// How many bytes are kept.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes a text over. What no longer fits into 32 bits is left out; the limits of a page are far below.
    pub(super) fn add(&mut self, text: &str) -> Span {
        let (Ok(start), Ok(len)) = (u32::try_from(self.0.len()), u32::try_from(text.len())) else {
            return Span::default();
        };
        if text.is_empty() || start.checked_add(len).is_none() {
            return Span::default();
        }
        self.0.push_str(text);
        Span { start, len }
    }

    /// Adds to the end of a text, if it is the last one.
    pub(super) fn extend(&mut self, span: Span, text: &str) -> Option<Span> {
        let end = span.start as usize + span.len as usize;
        if span.len == 0 || end != self.0.len() {
            return None;
        }
        let added = self.add(text);
        Some(Span {
            start: span.start,
            len: span.len + added.len,
        })
    }

    pub(super) fn get(&self, span: Span) -> &str {
        let start = span.start as usize;
        self.0
            .get(start..start + span.len as usize)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_went_in() {
        let mut pool = Pool::default();
        let texts = ["a", "", "日本", "𝒳𝒴", "b"];
        let spans: Vec<_> = texts.iter().map(|text| pool.add(text)).collect();
        for (text, span) in texts.iter().zip(spans) {
            assert_eq!(pool.get(span), *text);
        }
    }

    #[test]
    fn only_the_last_text_grows() {
        let mut pool = Pool::with_capacity(1);
        let first = pool.add("first");
        let grown = pool.extend(first, " and more").unwrap();
        assert_eq!(pool.get(grown), "first and more");
        pool.add("second");
        assert_eq!(pool.extend(grown, "!"), None);
        assert_eq!(pool.get(grown), "first and more");
        assert_eq!(pool.extend(Span::default(), "!"), None);
    }
}
