//! Text as Windows takes and gives it: UTF-16 up to a NUL.
#![allow(unsafe_code, reason = "text of the operating system")]

/// The text with a NUL at its end.
pub(super) fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// The most units that are read of a text of the system.
const LIMIT: usize = 1 << 15;

/// The text that begins at `text`. Empty if that is null.
///
/// # Safety
/// If `text` is not null, a text that ends with a NUL begins there.
pub(super) unsafe fn text_at(text: *const u16) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: nothing is read beyond the NUL, as the caller promises that there is one.
    let units = (0..LIMIT).map(|at| unsafe { *text.add(at) });
    char::decode_utf16(units.take_while(|unit| *unit != 0))
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
