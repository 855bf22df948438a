//! The text that `regedit` exports and imports (`.reg`), read into a [`RegistryMap`].
//!
//! Both headers (version 5.00 and `REGEDIT4`), text as UTF-16 with a byte order mark or as UTF-8 or ASCII, every type
//! of value, and deletions. What is not understood is an error: half a file would be another registry.

mod cursor;
mod data;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::registry::{Key, RegistryMap, Root};
use cursor::Cursor;
use data::Dialect;

/// The largest text that is read, in bytes.
pub const MAX_SIZE: usize = 16 << 20;
/// The longest text or data of a value, in bytes of UTF-8 or of the value.
pub const MAX_VALUE: usize = 1 << 20;
/// The longest path of a key, in bytes of UTF-8.
pub const MAX_PATH: usize = 1024;
/// The most keys, those above the named ones included.
pub const MAX_KEYS: usize = 1 << 16;

/// Where and why a text is no registry export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
#[non_exhaustive]
pub struct RegFileError {
    /// The line, counted from 1. For a value of several lines, one of them.
    pub line: usize,
    /// What is wrong there.
    pub fault: RegFileFault,
}

/// What is wrong with a registry export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegFileFault {
    /// One of the limits of this module is passed.
    #[error("too large")]
    TooLarge,
    /// The text is neither UTF-8, nor UTF-16 with a byte order mark.
    #[error("neither UTF-8 nor UTF-16 text")]
    Encoding,
    /// The first line is none of the two headers.
    #[error("no header of a registry export")]
    Header,
    /// A key is no root with a path below it, in brackets.
    #[error("malformed key")]
    Key,
    /// A value stands above the first key or below a deleted one.
    #[error("a value without a key")]
    NoKey,
    /// A value has no name in quotes and is not `@`, or no `=` follows.
    #[error("malformed name of a value")]
    Name,
    /// A text ends without a quote, or has an escape other than `\\` and `\"`.
    #[error("malformed text")]
    Text,
    /// The data are of no known form, or do not fit the form.
    #[error("malformed data")]
    Data,
    /// Text in an unknown code page, which `REGEDIT4` files cannot name.
    #[error("text in an unknown code page")]
    CodePage,
}

/// Reads a registry export. Keys of roots that [`Root`] does not have (`HKEY_CLASSES_ROOT`, `HKEY_CURRENT_CONFIG`) are
/// checked and left out. What the text does not mention does not exist in the map.
///
/// # Errors
/// [`RegFileError`] with the line of the first thing that is not understood.
pub fn parse(bytes: &[u8]) -> Result<RegistryMap, RegFileError> {
    let text = decode(bytes).map_err(|fault| RegFileError { line: 1, fault })?;
    let mut cursor = Cursor::new(&text);
    let mut map = RegistryMap::new();
    read(&mut cursor, &mut map).map_err(|fault| RegFileError {
        line: cursor.line(),
        fault,
    })?;
    Ok(map)
}

/// Where the values that follow go.
enum Place {
    /// Before the first key, and after a deleted one.
    Nowhere,
    /// A root that is not kept.
    LeftOut,
    Key(Key),
}

fn read(cursor: &mut Cursor<'_>, map: &mut RegistryMap) -> Result<(), RegFileFault> {
    let dialect = match cursor.rest_of_line().trim_end() {
        "Windows Registry Editor Version 5.00" => Dialect::Unicode,
        "REGEDIT4" => Dialect::Ansi,
        _ => return Err(RegFileFault::Header),
    };
    let mut place = Place::Nowhere;
    loop {
        cursor.skip_blank_lines();
        match cursor.peek() {
            None => return Ok(()),
            Some('[') => place = key_line(cursor, map)?,
            Some(_) => value_line(cursor, dialect, &place, map)?,
        }
        if !cursor.end_of_line() {
            return Err(RegFileFault::Data);
        }
    }
}

/// `[path]`, or `[-path]` for a key that is deleted with all below it. Names may hold brackets, so the last one ends
/// the path.
fn key_line(cursor: &mut Cursor<'_>, map: &mut RegistryMap) -> Result<Place, RegFileFault> {
    let line = cursor.rest_of_line();
    let (inside, after) = line
        .strip_prefix('[')
        .and_then(|rest| rest.rsplit_once(']'))
        .ok_or(RegFileFault::Key)?;
    if !after.trim().is_empty() {
        return Err(RegFileFault::Key);
    }
    let (delete, path) = match inside.strip_prefix('-') {
        Some(path) => (true, path),
        None => (false, inside),
    };
    if path.len() > MAX_PATH {
        return Err(RegFileFault::TooLarge);
    }
    let Some(key) = key(path)? else {
        return Ok(if delete {
            Place::Nowhere
        } else {
            Place::LeftOut
        });
    };
    if delete {
        map.remove_tree(&key);
        return Ok(Place::Nowhere);
    }
    map.create(&key);
    if map.key_count() > MAX_KEYS {
        return Err(RegFileFault::TooLarge);
    }
    Ok(Place::Key(key))
}

/// The key, unless it is of a root that is not kept.
fn key(path: &str) -> Result<Option<Key>, RegFileFault> {
    let (root, path) = path.split_once('\\').unwrap_or((path, ""));
    let root = match root.to_ascii_uppercase().as_str() {
        "HKEY_LOCAL_MACHINE" | "HKLM" => Some(Root::LocalMachine),
        "HKEY_CURRENT_USER" | "HKCU" => Some(Root::CurrentUser),
        "HKEY_USERS" | "HKU" => Some(Root::Users),
        "HKEY_CLASSES_ROOT" | "HKCR" | "HKEY_CURRENT_CONFIG" | "HKCC" => None,
        _ => return Err(RegFileFault::Key),
    };
    let path = path.strip_suffix('\\').unwrap_or(path);
    if !path.is_empty() && path.split('\\').any(str::is_empty) {
        return Err(RegFileFault::Key);
    }
    Ok(root.map(|root| Key::new(root, path.to_owned())))
}

/// `"name"=data` or `@=data`; the data `-` delete the value.
fn value_line(
    cursor: &mut Cursor<'_>,
    dialect: Dialect,
    place: &Place,
    map: &mut RegistryMap,
) -> Result<(), RegFileFault> {
    let name = match cursor.peek() {
        Some('"') => cursor.quoted()?,
        Some('@') => {
            cursor.take('@');
            String::new()
        }
        _ => return Err(RegFileFault::Name),
    };
    cursor.skip_blanks();
    if !cursor.take('=') {
        return Err(RegFileFault::Name);
    }
    cursor.skip_blanks();
    let value = data::read(cursor, dialect)?;
    match (place, value) {
        (Place::Nowhere, _) => return Err(RegFileFault::NoKey),
        (Place::LeftOut, _) => {}
        (Place::Key(key), Some(value)) => map.set(key, &name, value),
        (Place::Key(key), None) => map.remove(key, &name),
    }
    Ok(())
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, RegFileFault> {
    if bytes.len() > MAX_SIZE {
        return Err(RegFileFault::TooLarge);
    }
    if let Some(wide) = bytes.strip_prefix(b"\xFF\xFE") {
        let (units, []) = wide.as_chunks::<2>() else {
            return Err(RegFileFault::Encoding);
        };
        return char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit)))
            .collect::<Result<String, _>>()
            .map(Cow::Owned)
            .map_err(|_| RegFileFault::Encoding);
    }
    std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
        .map(Cow::Borrowed)
        .map_err(|_| RegFileFault::Encoding)
}
