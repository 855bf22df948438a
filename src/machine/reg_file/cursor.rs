//! A place in the text, and the steps that every line is made of.

use super::{MAX_VALUE, RegFileFault};

pub(super) struct Cursor<'t> {
    text: &'t str,
    rest: &'t str,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, rest: text }
    }

    /// The number of the line, from 1.
    pub(super) fn line(&self) -> usize {
        let read = self.text.len() - self.rest.len();
        1 + self
            .text
            .bytes()
            .take(read)
            .filter(|byte| *byte == b'\n')
            .count()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Goes past `character` if it is next.
    pub(super) fn take(&mut self, character: char) -> bool {
        self.take_text(character.encode_utf8(&mut [0; 4]))
    }

    /// Goes past `text` if it is next.
    pub(super) fn take_text(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Goes past all that follows and is `wanted`.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest.trim_start_matches(wanted);
        let (taken, rest) = self.rest.split_at(self.rest.len() - rest.len());
        self.rest = rest;
        taken
    }

    /// The line up to its end, which is not gone past.
    pub(super) fn rest_of_line(&mut self) -> &'t str {
        self.take_while(|character| character != '\n')
            .trim_end_matches('\r')
    }

    /// Goes past spaces and tabs.
    pub(super) fn skip_blanks(&mut self) {
        self.take_while(is_blank);
    }

    /// Goes past empty lines and comments, and the blanks that begin a line.
    pub(super) fn skip_blank_lines(&mut self) {
        loop {
            self.take_while(|character| is_blank(character) || matches!(character, '\r' | '\n'));
            if self.peek() != Some(';') {
                return;
            }
            self.rest_of_line();
        }
    }

    /// Goes to the end of the line, and tells whether nothing but a comment was before it.
    pub(super) fn end_of_line(&mut self) -> bool {
        let rest = self.rest_of_line().trim_start_matches(is_blank);
        rest.is_empty() || rest.starts_with(';')
    }

    /// Goes from a backslash at the end of a line to the first character of the next.
    pub(super) fn take_continuation(&mut self) -> bool {
        let next_line = self
            .rest
            .strip_prefix('\\')
            .map(|rest| rest.trim_start_matches(is_blank))
            .map(|rest| rest.strip_prefix('\r').unwrap_or(rest))
            .and_then(|rest| rest.strip_prefix('\n'));
        if let Some(rest) = next_line {
            self.rest = rest.trim_start_matches(is_blank);
        }
        next_line.is_some()
    }

    /// A text in quotes, of several lines if it holds line ends. Stays where it is if that fails.
    pub(super) fn quoted(&mut self) -> Result<String, RegFileFault> {
        let begin = self.rest;
        self.take('"');
        let mut text = String::new();
        let fault = loop {
            text.push_str(self.take_while(|character| !matches!(character, '"' | '\\')));
            if text.len() > MAX_VALUE {
                break RegFileFault::TooLarge;
            }
            if self.take('"') {
                return Ok(text);
            }
            self.take('\\');
            match self.peek() {
                Some(escaped @ ('"' | '\\')) => {
                    self.take(escaped);
                    text.push(escaped);
                }
                _ => break RegFileFault::Text,
            }
        };
        self.rest = begin;
        Err(fault)
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}
