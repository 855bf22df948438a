//! What stands behind the `=`.

use super::cursor::Cursor;
use super::{MAX_VALUE, RegFileFault};
use crate::machine::registry::{Value, kind};

/// Which of the two headers the text has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Version 5.00: text inside of `hex` data is UTF-16.
    Unicode,
    /// `REGEDIT4`: text inside of `hex` data is in the code page of the machine that wrote it.
    Ansi,
}

/// The data of a value, or `None` if it is to be deleted.
pub(super) fn read(
    cursor: &mut Cursor<'_>,
    dialect: Dialect,
) -> Result<Option<Value>, RegFileFault> {
    if cursor.peek() == Some('"') {
        return Ok(Some(Value::text(&cursor.quoted()?)));
    }
    if cursor.take('-') {
        return Ok(None);
    }
    let form = cursor.take_while(|character| character.is_ascii_alphanumeric());
    let kind = match form.to_ascii_lowercase().as_str() {
        "dword" => {
            colon(cursor)?;
            return number(cursor).map(Value::dword).map(Some);
        }
        "hex" if cursor.take('(') => {
            let kind = number(cursor)?;
            if !cursor.take(')') {
                return Err(RegFileFault::Data);
            }
            kind
        }
        "hex" => kind::BINARY,
        _ => return Err(RegFileFault::Data),
    };
    colon(cursor)?;
    let mut data = bytes(cursor)?;
    if dialect == Dialect::Ansi && matches!(kind, kind::SZ | kind::EXPAND_SZ | kind::MULTI_SZ) {
        data = widen(&data)?;
    }
    Ok(Some(Value { kind, data }))
}

fn colon(cursor: &mut Cursor<'_>) -> Result<(), RegFileFault> {
    if cursor.take(':') {
        Ok(())
    } else {
        Err(RegFileFault::Data)
    }
}

/// One to eight hexadecimal digits.
fn number(cursor: &mut Cursor<'_>) -> Result<u32, RegFileFault> {
    let digits = cursor.take_while(|character| character.is_ascii_hexdigit());
    if digits.len() > 8 {
        return Err(RegFileFault::Data);
    }
    u32::from_str_radix(digits, 16).map_err(|_| RegFileFault::Data)
}

/// Bytes of one or two digits with commas between them, over as many lines as it takes.
fn bytes(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, RegFileFault> {
    let mut data = Vec::new();
    loop {
        cursor.skip_blanks();
        if cursor.take_continuation() {
            continue;
        }
        let digits = cursor.take_while(|character| character.is_ascii_hexdigit());
        match digits.len() {
            // No data at all, or a comma behind the last byte.
            0 => return Ok(data),
            1 | 2 => data.push(u8::from_str_radix(digits, 16).map_err(|_| RegFileFault::Data)?),
            _ => return Err(RegFileFault::Data),
        }
        if data.len() > MAX_VALUE {
            return Err(RegFileFault::TooLarge);
        }
        cursor.skip_blanks();
        cursor.take_continuation();
        if !cursor.take(',') {
            return Ok(data);
        }
    }
}

/// ASCII is the same in every code page; nothing else is.
fn widen(text: &[u8]) -> Result<Vec<u8>, RegFileFault> {
    if text.is_ascii() {
        Ok(text.iter().flat_map(|byte| [*byte, 0]).collect())
    } else {
        Err(RegFileFault::CodePage)
    }
}
