//! The code that went out: where it went, and what the person may type for it.

use super::method::MethodKind;
use super::rejection::Rejection;
use crate::error::PeerText;
use crate::secret::Code;

/// No code is longer.
const CODE_LIMIT: usize = 64;

/// Where the code went, as far as it may be told.
#[derive(Debug, Default)]
pub(super) struct SentCode {
    pub(super) kind: Option<MethodKind>,
    pub(super) hint: Option<PeerText>,
    pub(super) length: Option<u8>,
}

/// Refuses what cannot be a code, before anything is sent.
pub(super) fn check(code: &Code) -> Result<(), Rejection> {
    let text = code.expose_secret();
    let is_readable = !text.is_empty()
        && text.len() <= CODE_LIMIT
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_readable {
        Ok(())
    } else {
        Err(Rejection::UnreadableCode)
    }
}
