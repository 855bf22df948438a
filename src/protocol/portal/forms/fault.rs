//! What can be wrong with a page, a form and a delta.

use serde::Serialize;

use crate::error::{LinkProblem, PeerText};

/// A limit of what a page may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PageLimit {
    /// More than [`PageLimit::BYTES`] bytes.
    #[error("more than 4 MiB")]
    Bytes,
    /// More than [`PageLimit::DEPTH`] elements inside each other; those that format text count twice.
    #[error("elements too deep inside each other")]
    Depth,
    /// More than [`PageLimit::NODES`] elements and texts.
    #[error("too many elements")]
    Nodes,
    /// A tag with more than [`PageLimit::ATTRIBUTES`] attributes.
    #[error("a tag with too many attributes")]
    Attributes,
    /// More than [`PageLimit::CONTROLS`] controls and options.
    #[error("too many controls")]
    Controls,
    /// It is made so that reading it would take too long.
    #[error("too much work to read")]
    Work,
}

impl PageLimit {
    /// The most bytes of a page, and of a partial answer.
    pub const BYTES: usize = 4 << 20;
    /// The most elements inside each other.
    pub const DEPTH: usize = 512;
    /// The most elements and texts.
    pub const NODES: usize = 200_000;
    /// The most attributes of a tag.
    pub const ATTRIBUTES: usize = 1024;
    /// The most controls of all forms together, each choice of a list included.
    pub const CONTROLS: usize = 10_000;
}

/// Why a page cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PageFault {
    /// The answer is no HTML.
    #[error("no HTML: {0:?}")]
    NotHtml(PeerText),
    /// It is written in an encoding that is not read. `None` if it names none and is not UTF-8.
    #[error("an encoding that is not read: {0:?}")]
    Encoding(Option<PeerText>),
    /// It is larger, or more, than is read.
    #[error("beyond the limits of a page: {0}")]
    Limit(#[from] PageLimit),
}

/// Why a form is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FormFault {
    /// The address that it goes to is not on the page's origin over HTTPS, or is none.
    #[error("its address {problem}")]
    Action {
        /// What is wrong with it.
        problem: LinkProblem,
        /// The host of the address, if it has one.
        host: Option<PeerText>,
    },
    /// It is sent in another way than `application/x-www-form-urlencoded`.
    #[error("sent as {0}")]
    Enctype(PeerText),
    /// Its method is `dialog`: nothing is sent.
    #[error("nothing is sent by it")]
    Dialog,
    /// What was entered cannot be written in the encoding that the page asks for.
    #[error("its encoding cannot hold what was entered")]
    Encoding,
    /// A control of another form, or of a page that is no longer there.
    #[error("a control of another form")]
    OtherForm,
    /// A control that takes no such answer: a text for a button, a choice that is not offered.
    #[error("the control {0:?} takes no such answer")]
    Kind(PeerText),
    /// A control that cannot be used now: disabled or read-only.
    #[error("the control {0:?} cannot be used")]
    Disabled(PeerText),
    /// More characters than the control takes (`maxlength`).
    #[error("too long for the control {0:?}")]
    TooLong(PeerText),
    /// A line end in a control of one line.
    #[error("a line end in the control {0:?}")]
    LineEnd(PeerText),
    /// The page lacks a field that its script would fill in.
    #[error("no field {0:?}")]
    MissingField(PeerText),
}

/// Why a partial answer is not applied. The page stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DeltaFault {
    /// It is not UTF-8.
    #[error("not UTF-8")]
    Encoding,
    /// It is empty.
    #[error("empty")]
    Empty,
    /// More than [`PageLimit::BYTES`] bytes or [`Delta::RECORDS`](super::Delta::RECORDS) records.
    #[error("too large")]
    TooLarge,
    /// At this byte, a record has no length that can be read.
    #[error("no length at byte {0}")]
    Length(usize),
    /// At this byte, a record ends before its content begins.
    #[error("cut off at byte {0}")]
    CutOff(usize),
    /// The content of the record at this byte ends outside the answer, or in the middle of a character.
    #[error("wrong length at byte {0}")]
    WrongLength(usize),
    /// The content of the record at this byte is not followed by `|`.
    #[error("no end at byte {0}")]
    Delimiter(usize),
    /// The page has no panel of this name.
    #[error("no panel {0:?}")]
    MissingPanel(PeerText),
    /// A hidden field whose id belongs to something else on the page.
    #[error("{0:?} is no hidden field")]
    NotAField(PeerText),
    /// The page has no form.
    #[error("no form")]
    NoForm,
    /// With it, the page would be beyond a limit.
    #[error("beyond the limits of a page: {0}")]
    Limit(#[from] PageLimit),
    /// It leads to an address that is not followed.
    #[error("its address {problem}")]
    Redirect {
        /// What is wrong with it.
        problem: LinkProblem,
        /// The host of the address, if it has one.
        host: Option<PeerText>,
    },
}
