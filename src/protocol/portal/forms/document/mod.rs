//! A page as a tree.

mod attribute;
mod change;
mod encoding;
mod parser;
mod pool;
mod sink;
mod style;
mod tag_scan;
mod text;
mod tree;

pub(super) use self::attribute::Attribute;
pub(super) use self::encoding::is_utf_8;
pub(super) use self::style::{Shown, style_of};
pub(super) use self::text::{TextLimit, shortened, text_of};
pub(super) use self::tree::{NodeId, Step, Tree};

use super::fault::{PageFault, PageLimit};
use crate::error::PeerText;

/// What was read, and the encoding that the page names if it is not UTF-8.
pub(super) struct Read {
    pub(super) tree: Tree,
    pub(super) other_encoding: Option<PeerText>,
}

/// Reads a page.
pub(super) fn read(content_type: Option<&str>, body: &[u8]) -> Result<Read, PageFault> {
    if body.len() > PageLimit::BYTES {
        return Err(PageLimit::Bytes.into());
    }
    let decoded = encoding::decode(content_type, body).map_err(PageFault::Encoding)?;
    Ok(Read {
        tree: parser::parse(&decoded.text)?,
        other_encoding: decoded.other,
    })
}
