//! The partial answers of ASP.NET WebForms.

use std::fmt;

use super::fault::{DeltaFault, PageLimit};
use super::wiped::Wiped;

/// A partial answer, as ASP.NET AJAX gives it to a post that asks for one: records `length|type|id|content|`, where the
/// length counts the UTF-16 units of the content.
pub struct Delta {
    text: Wiped,
    records: Vec<Span>,
}

struct Span {
    kind: RecordKind,
    id: (usize, usize),
    content: (usize, usize),
}

/// One record of a [`Delta`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Record<'a> {
    /// What it is.
    pub kind: &'a RecordKind,
    /// Which element it is about; for some kinds empty.
    pub id: &'a str,
    /// What it says.
    pub content: &'a str,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a [`Record`] is, by its word.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum RecordKind {
            $($(#[$doc])* $name,)*
            /// A word that is not known.
            Unknown(String),
        }

        impl RecordKind {
            fn of(word: &str) -> Self {
                match word {
                    $($text => Self::$name,)*
                    word => Self::Unknown(word.to_owned()),
                }
            }

            /// The word itself.
            pub fn word(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Unknown(word) => word,
                }
            }
        }
    };
}

kinds! {
    /// The version of the format, before all others.
    Version = "#",
    /// The new content of a panel.
    UpdatePanel = "updatePanel",
    /// The new value of a hidden field.
    HiddenField = "hiddenField",
    /// Values for a script.
    ArrayDeclaration = "arrayDeclaration",
    /// A script.
    ScriptBlock = "scriptBlock",
    /// A script that runs at once.
    ScriptStartupBlock = "scriptStartupBlock",
    /// Values of elements, for a script.
    Expando = "expando",
    /// A script that runs before the form is sent.
    OnSubmit = "onSubmit",
    /// Which controls ask for a part of the page.
    AsyncPostBackControlIds = "asyncPostBackControlIDs",
    /// Which controls ask for a whole page.
    PostBackControlIds = "postBackControlIDs",
    /// Which panels the page has.
    UpdatePanelIds = "updatePanelIDs",
    /// How long the script waits for an answer, in seconds.
    AsyncPostBackTimeout = "asyncPostBackTimeout",
    /// Which panels are inside of others.
    ChildUpdatePanelIds = "childUpdatePanelIDs",
    /// Which panels are renewed.
    PanelsToRefreshIds = "panelsToRefreshIDs",
    /// Where the form goes from now on.
    FormAction = "formAction",
    /// Data for a control's script.
    DataItem = "dataItem",
    /// Data for a control's script, as JSON.
    DataItemJson = "dataItemJson",
    /// A script that runs when a panel goes.
    ScriptDispose = "scriptDispose",
    /// The page that comes next.
    PageRedirect = "pageRedirect",
    /// The server could not answer.
    Error = "error",
    /// The new title of the page.
    PageTitle = "pageTitle",
    /// Which control gets the focus.
    Focus = "focus",
}

/// What became of a page to which a [`Delta`] was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Applied {
    /// It is the page as it is now.
    Updated,
    /// The server leads to another page, on the same origin. This one stays as it was.
    Redirect(url::Url),
    /// The server could not answer. The page stays as it was.
    Error {
        /// The server's code, usually an HTTP status.
        code: crate::error::PeerText,
        /// The server's words.
        message: crate::error::PeerText,
    },
}

impl Delta {
    /// The most records.
    pub const RECORDS: usize = 4096;

    /// The longest word and the longest id.
    const HEAD: usize = 1024;

    /// Reads the body of an answer. A byte order mark before it is passed over.
    ///
    /// # Errors
    /// [`DeltaFault`], where bytes are counted from 0 in what was given, without the mark.
    pub fn parse(body: &[u8]) -> Result<Self, DeltaFault> {
        if body.len() > PageLimit::BYTES {
            return Err(DeltaFault::TooLarge);
        }
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let text = str::from_utf8(body).map_err(|_| DeltaFault::Encoding)?;
        if text.is_empty() {
            return Err(DeltaFault::Empty);
        }
        let mut records = Vec::new();
        let mut at = 0;
        while at < text.len() {
            if records.len() == Self::RECORDS {
                return Err(DeltaFault::TooLarge);
            }
            let (record, behind) = record(text, at)?;
            records.push(record);
            at = behind;
        }
        Ok(Self {
            text: Wiped::from(text),
            records,
        })
    }

    /// Its records, in the order of the answer.
    pub fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.records.iter().map(|record| Record {
            kind: &record.kind,
            id: self.part(record.id),
            content: self.part(record.content),
        })
    }

    /// The content of the first record of a kind about an element.
    pub fn content(&self, kind: &RecordKind, id: &str) -> Option<&str> {
        self.records()
            .find(|record| record.kind == kind && record.id == id)
            .map(|record| record.content)
    }

    fn part(&self, (start, end): (usize, usize)) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }
}

/// Reads the record that begins at a byte, and says where the next one begins.
fn record(text: &str, begin: usize) -> Result<(Span, usize), DeltaFault> {
    let rest = text.get(begin..).unwrap_or_default();
    let end = rest.bytes().take(10).position(|byte| byte == b'|');
    let digits = end.and_then(|end| rest.get(..end));
    let digits = digits.ok_or(DeltaFault::Length(begin))?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let length: usize = match is_number {
        true => digits.parse().map_err(|_| DeltaFault::Length(begin))?,
        false => return Err(DeltaFault::Length(begin)),
    };
    let kind = head(text, begin, begin + digits.len() + 1)?;
    let id = head(text, begin, kind.1 + 1)?;
    let start = id.1 + 1;
    let content = text.get(start..).unwrap_or_default();
    let bytes = prefix(content, length).ok_or(DeltaFault::WrongLength(begin))?;
    let end = start + bytes;
    if text.as_bytes().get(end) != Some(&b'|') {
        return Err(DeltaFault::Delimiter(begin));
    }
    let word = text.get(kind.0..kind.1).unwrap_or_default();
    let span = Span {
        kind: RecordKind::of(word),
        id,
        content: (start, end),
    };
    Ok((span, end + 1))
}

/// The part up to the next delimiter.
fn head(text: &str, begin: usize, start: usize) -> Result<(usize, usize), DeltaFault> {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let rest = rest.get(..rest.len().min(Delta::HEAD)).unwrap_or_default();
    let len = memchr::memchr(b'|', rest).ok_or(DeltaFault::CutOff(begin))?;
    Ok((start, start + len))
}

/// How many bytes the first `units` UTF-16 units of a text are; `None` if there are not as many, or if they end between
/// the two halves of a character.
fn prefix(text: &str, units: usize) -> Option<usize> {
    // Most is ASCII, where all three counts are the same.
    let plain = text.as_bytes().get(..units)?;
    if plain.is_ascii() {
        return Some(units);
    }
    let mut left = units;
    for (at, c) in text.char_indices() {
        if left == 0 {
            return Some(at);
        }
        left = left.checked_sub(c.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}

/// Without content: it may hold tokens.
impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}|{}|{} bytes",
            self.kind.word(),
            self.id,
            self.content.len()
        )
    }
}

impl fmt::Debug for Delta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.records()).finish()
    }
}
